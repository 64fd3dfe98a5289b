"""Clocks beside every entry, and the law that each entry rests on, kept once by its hash.

Entries of earlier releases have no clocks and no law; what they said stays as it is.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("entry", "current_state"):
        # added in place: making the table anew would drop the triggers that guard the entries
        op.add_column(
            table, sa.Column("clocks", sa.JSON(), nullable=False, server_default=sa.text("'[]'"))
        )
        op.add_column(table, sa.Column("law", sa.String(64), nullable=False, server_default=""))
    op.create_table(
        "law",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("digest"),
    )
    _keep_laws()


def _keep_laws() -> None:
    """What was told is reckoned again from them: like entries they are never changed."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            """CREATE TRIGGER law_stands BEFORE UPDATE OR DELETE OR TRUNCATE ON law
            FOR EACH STATEMENT EXECUTE FUNCTION entry_stands()"""
        )
        return
    for change in ("UPDATE", "DELETE"):
        op.execute(
            f"""CREATE TRIGGER law_stands_{change.lower()} BEFORE {change} ON law
            BEGIN SELECT RAISE(ABORT, 'a law that entries rest on is never changed'); END"""
        )
