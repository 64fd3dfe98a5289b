"""The first form of the register.

Entries are never changed nor removed: the database itself refuses it. A later migration that makes
the table anew, as SQLite does to alter one, must put the triggers back.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "allotted_number",
        sa.Column("number", sa.String(80), nullable=False),
        sa.Column("series", sa.String(60), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("claim", sa.String(200), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("number"),
        sa.UniqueConstraint("claim"),
        sa.UniqueConstraint("series", "serial", name="number_once_in_its_series"),
    )
    op.create_table(
        "current_state",
        sa.Column("number", sa.String(80), nullable=False),
        sa.Column("entry", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("procedure", sa.String(20), nullable=False),
        sa.Column("programme", sa.String(80), nullable=True),
        sa.Column("applicant", sa.String(300), nullable=False),
        sa.Column("trade_name", sa.String(300), nullable=False),
        sa.Column("active_substance", sa.String(300), nullable=False),
        sa.Column("indication", sa.String(), nullable=False),
        sa.Column("phase", sa.String(40), nullable=False),
        sa.Column("awaits", sa.JSON(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("overdue", sa.Boolean(), nullable=False),
        sa.Column("ended", sa.Boolean(), nullable=False),
        sa.Column("flags", sa.JSON(), nullable=False),
        sa.Column("unverified", sa.JSON(), nullable=False),
        sa.Column("public_list", sa.String(20), nullable=True),
        sa.Column("last_update_on", sa.Date(), nullable=True),
        sa.Column("authorised_on", sa.Date(), nullable=True),
        sa.Column("re_evaluation_on", sa.Date(), nullable=True),
        sa.Column("assumed", sa.Boolean(), nullable=False),
        sa.Column("conditions", sa.JSON(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_index("ix_current_state_due_on", "current_state", ["due_on"], unique=False)
    op.create_index("ix_current_state_programme", "current_state", ["programme"], unique=False)
    op.create_table(
        "document",
        sa.Column("number", sa.String(80), nullable=False),
        sa.Column("entry", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(500), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("letter", sa.String(40), nullable=True),
        sa.Column("language", sa.String(2), nullable=True),
        sa.PrimaryKeyConstraint("number", "entry", "name"),
    )
    op.create_table(
        "entry",
        sa.Column("number", sa.String(80), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.String(40), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("act", sa.String(60), nullable=False),
        sa.Column("by", sa.String(120), nullable=False),
        sa.Column("request_id", sa.String(80), nullable=True),
        sa.Column("phase", sa.String(40), nullable=False),
        sa.Column("awaits", sa.JSON(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("overdue", sa.Boolean(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("unverified", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("number", "sequence"),
    )
    op.create_table(
        "invoice",
        sa.Column("invoice", sa.String(20), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("serial", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(80), nullable=False),
        sa.Column("cents", sa.Integer(), nullable=False),
        sa.Column("communication", sa.String(20), nullable=False),
        sa.Column("addressee", sa.String(80), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("paid_on", sa.Date(), nullable=True),
        sa.Column("reminders", sa.Integer(), nullable=False),
        sa.Column("collected_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("invoice"),
        sa.UniqueConstraint("communication"),
        sa.UniqueConstraint("number"),
        sa.UniqueConstraint("year", "serial", name="invoice_without_gaps"),
    )
    op.create_table(
        "notice",
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("number", sa.String(80), nullable=False),
        sa.Column("entry", sa.Integer(), nullable=False),
        sa.Column("letter", sa.String(40), nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("recipient", sa.String(254), nullable=False),
        sa.Column("message_id", sa.String(200), nullable=False),
        sa.Column("subject", sa.String(300), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("document", sa.String(200), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("sent_at", sa.String(40), nullable=True),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index("ix_notice_number", "notice", ["number"], unique=False)
    op.create_table(
        "party",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("address", sa.String(400), nullable=False),
        sa.Column("enterprise_number", sa.String(20), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    _keep_entries()


def downgrade() -> None:
    op.drop_table("party")
    op.drop_index("ix_notice_number", table_name="notice")
    op.drop_table("notice")
    op.drop_table("invoice")
    op.drop_table("entry")
    op.drop_table("document")
    op.drop_index("ix_current_state_programme", table_name="current_state")
    op.drop_index("ix_current_state_due_on", table_name="current_state")
    op.drop_table("current_state")
    op.drop_table("allotted_number")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION entry_stands()")


def _keep_entries() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            """CREATE FUNCTION entry_stands() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION 'an entry of the register is never changed'; END $$"""
        )
        op.execute(
            """CREATE TRIGGER entry_stands BEFORE UPDATE OR DELETE OR TRUNCATE ON entry
            FOR EACH STATEMENT EXECUTE FUNCTION entry_stands()"""
        )
        return
    for change in ("UPDATE", "DELETE"):
        op.execute(
            f"""CREATE TRIGGER entry_stands_{change.lower()} BEFORE {change} ON entry
            BEGIN SELECT RAISE(ABORT, 'an entry of the register is never changed'); END"""
        )
