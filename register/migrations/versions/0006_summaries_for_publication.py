"""Summaries for publication: the text that the public register shows, by language; never changed."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "summary",
        sa.Column("number", sa.String(80), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("indication", sa.String(), nullable=False),
        sa.Column("translates", sa.String(), nullable=False),
        sa.Column("document", sa.String(500), nullable=False),
        sa.Column("by", sa.String(120), nullable=False),
        sa.Column("recorded_at", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("number", "language", "version"),
    )
    said = "a summary for publication is never changed: a newer one follows it"
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"""CREATE FUNCTION summary_stands() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION '{said}'; END $$"""
        )
        op.execute(
            """CREATE TRIGGER summary_stands BEFORE UPDATE OR DELETE ON summary
            FOR EACH ROW EXECUTE FUNCTION summary_stands()"""
        )
        op.execute(
            """CREATE TRIGGER summary_is_kept BEFORE TRUNCATE ON summary
            FOR EACH STATEMENT EXECUTE FUNCTION summary_stands()"""
        )
        return
    for name, event in (("stands", "UPDATE"), ("is_kept", "DELETE")):
        op.execute(
            f"""CREATE TRIGGER summary_{name} BEFORE {event} ON summary
            BEGIN SELECT RAISE(ABORT, '{said}'); END"""
        )
