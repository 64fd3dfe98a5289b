"""Intake and money: credit notes, and invoices that never change after they were issued.

Only how far an invoice is paid, reminded of or collected is noted beside it, in columns of its own.
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

ISSUED = "invoice, year, serial, number, cents, communication, addressee, issued_on, due_on"
"""What an invoice says: never changed. The other columns tell how far it is paid."""


def upgrade() -> None:
    op.create_table(
        "refused_package",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("refused_at", sa.String(40), nullable=False),
        sa.Column("by", sa.String(120), nullable=False),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=True),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("message", sa.String(4000), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "credit_note",
        sa.Column("credit_note", sa.String(20), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("invoice", sa.String(20), nullable=False),
        sa.Column("number", sa.String(80), nullable=False),
        sa.Column("entry", sa.Integer(), nullable=False),
        sa.Column("cents", sa.Integer(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("credit_note"),
        sa.UniqueConstraint("year", "serial", name="credit_note_without_gaps"),
        sa.UniqueConstraint("number", "entry", name="credit_note_once_per_entry"),
    )
    op.create_index("ix_credit_note_invoice", "credit_note", ["invoice"], unique=False)
    _keep("invoice", f"UPDATE OF {ISSUED}", "an invoice is never changed after it was issued")
    _keep("credit_note", "UPDATE", "a credit note is never changed after it was issued")
    _payments()


def _payments() -> None:
    """Bank statements, their movements, what invoices took of them, and what persons decided."""
    for column in ("paid_cents", "credited_cents"):
        op.add_column("invoice", sa.Column(column, sa.Integer(), nullable=False, server_default="0"))
    op.execute("UPDATE invoice SET paid_cents = cents WHERE paid_on IS NOT NULL")
    op.create_table(
        "statement",
        sa.Column("file", sa.String(64), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("form", sa.String(20), nullable=False),
        sa.Column("statements", sa.JSON(), nullable=False),
        sa.Column("by", sa.String(120), nullable=False),
        sa.Column("imported_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("file"),
    )
    op.create_table(
        "movement",
        sa.Column("id", sa.String(24), nullable=False),
        sa.Column("file", sa.String(64), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("account", sa.String(34), nullable=False),
        sa.Column("statement", sa.String(60), nullable=False),
        sa.Column("sequence", sa.String(40), nullable=False),
        sa.Column("reference", sa.String(60), nullable=False),
        sa.Column("booked_on", sa.Date(), nullable=False),
        sa.Column("cents", sa.BigInteger(), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("structured", sa.String(20), nullable=False),
        sa.Column("communication", sa.String(300), nullable=False),
        sa.Column("reversal", sa.Boolean(), nullable=False),
        sa.Column("reverses", sa.String(60), nullable=False),
        sa.Column("payer", sa.String(40), nullable=False),
        sa.Column("payer_account", sa.String(40), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("reason", sa.String(40), nullable=False),
        sa.Column("note", sa.String(400), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    for column in ("file", "reference", "state"):
        op.create_index(f"ix_movement_{column}", "movement", [column], unique=False)
    op.create_table(
        "movement_share",
        sa.Column("movement", sa.String(24), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(80), nullable=False),
        sa.Column("invoice", sa.String(20), nullable=False),
        sa.Column("cents", sa.Integer(), nullable=False),
        sa.Column("reverses", sa.String(24), nullable=False),
        sa.Column("request_id", sa.String(80), nullable=False),
        sa.Column("by", sa.String(120), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.PrimaryKeyConstraint("movement", "part"),
        sa.UniqueConstraint("request_id"),
    )
    op.create_index("ix_movement_share_number", "movement_share", ["number"], unique=False)
    op.create_index("ix_movement_share_invoice", "movement_share", ["invoice"], unique=False)
    op.create_table(
        "movement_decision",
        sa.Column("movement", sa.String(24), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("decision", sa.String(20), nullable=False),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.Column("by", sa.String(120), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("movement", "sequence"),
    )
    _keep("statement", "UPDATE", "a statement that was taken in is never changed")
    _keep("movement_decision", "UPDATE", "what a person decided on a movement is never changed")


def _keep(table: str, change: str, said: str) -> None:
    """The database itself refuses the change, and the removal, of what was issued."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"""CREATE FUNCTION {table}_stands() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION '{said}'; END $$"""
        )
        op.execute(
            f"""CREATE TRIGGER {table}_stands BEFORE {change} OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION {table}_stands()"""
        )
        op.execute(
            f"""CREATE TRIGGER {table}_is_kept BEFORE TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION {table}_stands()"""
        )
        return
    for name, event in (("stands", change), ("is_kept", "DELETE")):
        op.execute(
            f"""CREATE TRIGGER {table}_{name} BEFORE {event} ON {table}
            BEGIN SELECT RAISE(ABORT, '{said}'); END"""
        )
