"""Refunds: which money that left the account gives which payment back, and what a share of a movement is."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

SAID = "a refund is never changed"


def upgrade() -> None:
    op.add_column("movement_share", sa.Column("kind", sa.String(20), nullable=False, server_default=""))
    op.create_table(
        "refund",
        sa.Column("movement", sa.String(24), nullable=False),
        sa.Column("of", sa.String(24), nullable=False),
        sa.Column("cents", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(120), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("movement", "of"),
    )
    op.create_index("ix_refund_of", "refund", ["of"], unique=False)
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"""CREATE FUNCTION refund_stands() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION '{SAID}'; END $$"""
        )
        op.execute(
            """CREATE TRIGGER refund_stands BEFORE UPDATE OR DELETE ON refund
            FOR EACH ROW EXECUTE FUNCTION refund_stands()"""
        )
        op.execute(
            """CREATE TRIGGER refund_is_kept BEFORE TRUNCATE ON refund
            FOR EACH STATEMENT EXECUTE FUNCTION refund_stands()"""
        )
        return
    for name, event in (("stands", "UPDATE"), ("is_kept", "DELETE")):
        op.execute(
            f"""CREATE TRIGGER refund_{name} BEFORE {event} ON refund
            BEGIN SELECT RAISE(ABORT, '{SAID}'); END"""
        )
