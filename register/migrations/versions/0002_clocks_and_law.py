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


def downgrade() -> None:
    raise NotImplementedError("The register is never taken back to an earlier form.")
