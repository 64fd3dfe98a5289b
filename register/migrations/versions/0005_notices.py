"""Notices: since when they stand where they stand, why, who settled a doubt, and what they replace."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

ADDED = {"since": 40, "reason": 400, "settled_by": 120, "replaces": 200}


def upgrade() -> None:
    op.add_column("notice", sa.Column("html", sa.String(), nullable=False, server_default=""))
    for name, length in ADDED.items():
        op.add_column("notice", sa.Column(name, sa.String(length), nullable=False, server_default=""))
    op.execute("UPDATE notice SET since = sent_at WHERE sent_at IS NOT NULL")
    for name in ("state", "replaces"):
        op.create_index(f"ix_notice_{name}", "notice", [name], unique=False)


def downgrade() -> None:
    for name in ("state", "replaces"):
        op.drop_index(f"ix_notice_{name}", table_name="notice")
    for name in ("html", *ADDED):
        op.drop_column("notice", name)
