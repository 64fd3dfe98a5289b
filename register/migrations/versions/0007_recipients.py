"""Recipients of a case: who its letters go to where that differs from what was filed; never changed."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "recipient",
        sa.Column("number", sa.String(80), nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("addresses", sa.String(2000), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("by", sa.String(120), nullable=False),
        sa.Column("recorded_at", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("number", "role", "version"),
    )
    said = "a recipient is never changed: a newer one follows it"
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"""CREATE FUNCTION recipient_stands() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION '{said}'; END $$"""
        )
        op.execute(
            """CREATE TRIGGER recipient_stands BEFORE UPDATE OR DELETE ON recipient
            FOR EACH ROW EXECUTE FUNCTION recipient_stands()"""
        )
        op.execute(
            """CREATE TRIGGER recipient_is_kept BEFORE TRUNCATE ON recipient
            FOR EACH STATEMENT EXECUTE FUNCTION recipient_stands()"""
        )
        return
    for name, event in (("stands", "UPDATE"), ("is_kept", "DELETE")):
        op.execute(
            f"""CREATE TRIGGER recipient_{name} BEFORE {event} ON recipient
            BEGIN SELECT RAISE(ABORT, '{said}'); END"""
        )
