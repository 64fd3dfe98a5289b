"""What each letter was made from, so that it can be shown again as it went; never changed."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "made_letter",
        sa.Column("number", sa.String(80), nullable=False),
        sa.Column("entry", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(500), nullable=False),
        sa.Column("redirected", sa.Boolean(), nullable=False),
        sa.Column("made_from", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("number", "entry", "name"),
    )
    said = "what a letter was made from is never changed"
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"""CREATE FUNCTION made_letter_stands() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION '{said}'; END $$"""
        )
        op.execute(
            """CREATE TRIGGER made_letter_stands BEFORE UPDATE OR DELETE ON made_letter
            FOR EACH ROW EXECUTE FUNCTION made_letter_stands()"""
        )
        op.execute(
            """CREATE TRIGGER made_letter_is_kept BEFORE TRUNCATE ON made_letter
            FOR EACH STATEMENT EXECUTE FUNCTION made_letter_stands()"""
        )
        return
    for name, event in (("stands", "UPDATE"), ("is_kept", "DELETE")):
        op.execute(
            f"""CREATE TRIGGER made_letter_{name} BEFORE {event} ON made_letter
            BEGIN SELECT RAISE(ABORT, '{said}'); END"""
        )
