"""The first form of the register.

What was entered, issued or told is never changed nor removed: the database itself refuses it. A later
migration that makes such a table anew, as SQLite does to alter one, must put its triggers back.
"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

NEVER_CHANGED = {
    "entry": "an entry of the register is never changed",
    "repetition": "that an act came once more is never changed",
    "law": "a law that entries rest on is never changed",
    "history": "the history of a run that has ended is never changed",
    "letter": "what a letter is made from is never changed",
    "recipient": "a recipient is never changed: a newer one follows it",
    "summary": "a summary for publication is never changed: a newer one follows it",
    "publication": "a publication is never changed: a newer one follows it",
    "published": "a publication is never changed: a newer one follows it",
    "invoice": "an invoice is never changed after it was issued",
    "credit_note": "a credit note is never changed after it was issued",
    "statement": "a statement that was taken in is never changed",
    "balance": "a statement that was taken in is never changed",
    "telling": "a statement that was taken in is never changed",
    "refund": "a refund is never changed",
    "movement_decision": "what a person decided on a movement is never changed",
    "office_key": "a key of the office stays one: a newer one follows it",
    "people": "what was said of a person is never changed: something newer follows it",
    "preparation": "what a person prepared is never changed: another one signs or declines it",
    "office_act": "what somebody did in the office is never changed",
    "preparation_answer": "what became of a preparation is never changed",
    "restored": "that the register was restored, and when, is never changed",
    "skipped": "numbers that a restore leaves out stay left out",
    "left_before": "a message that left before a restore has left",
    "allotted_number": "a number that was given stays given",
    "refused_package": "that a package was refused, and why, is never changed",
    "document": "a document that was filed is never changed: its case is told of another one",
    "party": "a party is never changed: another address is another party",
    "notice": "what a letter said, and to whom, is never changed",
    "movement": "what a statement told of a movement is never changed",
    "movement_share": "what an invoice took of a movement is never changed: it is booked or refused",
    "seal": "a seal is never changed",
    "head": "a head is never changed",
    "anchor": "that a head was written elsewhere is never changed",
}
"""By table, what the database says when it refuses a change."""

ISSUED = "invoice, year, serial, number, cents, communication, addressee, issued_on, due_on"
"""What an invoice says. Its other columns tell how far it is paid, reminded of and collected."""

TOLD = "key, number, entry, position, letter, role, ordinal, awaited, made_from, says, why"
"""What an entry says of a letter. Its other columns tell what became of it."""

RESTORED = "restore, copied_at, restored_at, by, skip"
"""What a restore was. Its other columns tell who let go on what leaves us."""

SENT = """key, "of", number, entry, letter, role, recipient, message_id, subject, body, document, sha256, html,
replaces"""
"""What a notice says, and to whom. Its other columns tell how it went."""

MOVED = """id, file, place, told, entry, account, statement, sequence, reference, booked_on, cents, currency,
structured, communication, reversal, reverses, payer, payer_account"""
"""What a statement told of a movement. Its other columns tell what became of it."""

TAKEN = "movement, part, number, invoice, cents, reverses, request_id, by, kind"
"""What an invoice took of a movement. Its state tells whether it stands."""

CHANGES = {
    "invoice": f"UPDATE OF {ISSUED}",
    "letter": f"UPDATE OF {TOLD}",
    "restored": f"UPDATE OF {RESTORED}",
    "notice": f"UPDATE OF {SENT}",
    "movement": f"UPDATE OF {MOVED}",
    "movement_share": f"UPDATE OF {TAKEN}",
}
"""Tables of which other columns change."""

OF_CASES = (
    *("allotted_number", "entry", "carried", "current_state", "history", "document", "recipient", "letter"),
    *("notice", "summary", "invoice", "credit_note", "movement_share", "repetition"),
)
"""Tables whose rows are sealed with their case; those of the other tables with their table."""

APART = ("alembic_version", "unsealed", "seal", "reconciliation")
"""Tables that are not sealed: they hold no fact, or are the seals."""


def upgrade() -> None:
    _cases()
    _letters()
    _publication()
    _money()
    _restores()
    _seals()
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            """CREATE FUNCTION never_changed() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE EXCEPTION '%', TG_ARGV[0]; END $$"""
        )
    for table, said in NEVER_CHANGED.items():
        _keep(table, CHANGES.get(table, "UPDATE"), said)
    _noted()


def _keep(table: str, change: str, said: str) -> None:
    """The database refuses the change, and the removal, of what stands in the table."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(
            f"""CREATE TRIGGER {table}_stands BEFORE {change} OR DELETE OR TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION never_changed('{said}')"""
        )
        return
    for name, event in (("stands", change), ("is_kept", "DELETE")):
        op.execute(
            f"""CREATE TRIGGER {table}_{name} BEFORE {event} ON {table}
            BEGIN SELECT RAISE(ABORT, '{said}'); END"""
        )


def _cases() -> None:
    """Cases: numbers, packages that were refused, entries with their law, and where each case stands."""
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
        "document_store",
        sa.Column("one", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("id", sa.String(36), nullable=False),
        sa.PrimaryKeyConstraint("one"),
    )
    op.create_table(
        "reconciliation",
        sa.Column("one", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("began_at", sa.String(40), nullable=False),
        sa.Column("ended_at", sa.String(40), nullable=False),
        sa.Column("deep", sa.Boolean(), nullable=False),
        sa.Column("looked", sa.JSON(), nullable=False),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.Column("many", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("one"),
    )
    op.create_table(
        "office_key",
        sa.Column("change", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("since", sa.String(40), nullable=False),
        sa.Column("by", sa.String(120), nullable=False),
        sa.PrimaryKeyConstraint("change"),
    )
    op.create_table(
        "people",
        sa.Column("event", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("person", sa.String(120), nullable=False),
        sa.Column("recorded_at", sa.String(40), nullable=False),
        sa.Column("by", sa.String(120), nullable=False),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("event"),
    )
    op.create_table(
        "preparation",
        sa.Column("preparation", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("number", sa.String(80), nullable=False),
        sa.Column("command", sa.String(60), nullable=False),
        sa.Column("request_id", sa.String(80), nullable=False),
        sa.Column("by", sa.String(120), nullable=False),
        sa.Column("prepared_at", sa.String(40), nullable=False),
        sa.Column("act", sa.JSON(), nullable=False),
        sa.Column("envelope", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("preparation"),
        sa.UniqueConstraint("request_id"),
    )
    op.create_index("ix_preparation_number", "preparation", ["number"])
    op.create_table(
        "office_act",
        sa.Column("request_id", sa.String(80), nullable=False),
        sa.Column("command", sa.String(60), nullable=False),
        sa.Column("number", sa.String(80), nullable=False),
        sa.Column("by", sa.String(120), nullable=False),
        sa.Column("signed_at", sa.String(40), nullable=False),
        sa.Column("envelope", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("request_id"),
    )
    op.create_index("ix_office_act_number", "office_act", ["number"])
    op.create_table(
        "preparation_answer",
        sa.Column("preparation", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("answer", sa.String(20), nullable=False),
        sa.Column("by", sa.String(120), nullable=False),
        sa.Column("answered_at", sa.String(40), nullable=False),
        sa.Column("why", sa.String(400), nullable=False),
        sa.PrimaryKeyConstraint("preparation"),
    )
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
        "law",
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("digest"),
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
        sa.Column("possible", sa.JSON(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("overdue", sa.Boolean(), nullable=False),
        sa.Column("ended", sa.Boolean(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("unconfirmed", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("clocks", sa.JSON(), nullable=False),
        sa.Column("law", sa.String(64), nullable=False),
        sa.Column("receipt", sa.JSON(), nullable=True),
        sa.Column("envelope", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("number", "sequence"),
    )
    op.create_table(
        "repetition",
        sa.Column("number", sa.String(80), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("repetition", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.String(40), nullable=False),
        sa.Column("request_id", sa.String(80), nullable=False),
        sa.Column("envelope", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("number", "sequence", "repetition"),
    )
    op.create_table(
        "carried",
        sa.Column("number", sa.String(80), nullable=False),
        sa.Column("entry", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("law", sa.String(64), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_table(
        "current_state",
        sa.Column("number", sa.String(80), nullable=False),
        sa.Column("entry", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("procedure", sa.String(20), nullable=False),
        sa.Column("parent", sa.String(80), nullable=True),
        sa.Column("officer", sa.String(200), nullable=False),
        sa.Column("holder", sa.String(300), nullable=False),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("subject", sa.JSON(), nullable=False),
        sa.Column("phase", sa.String(40), nullable=False),
        sa.Column("possible", sa.JSON(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("overdue", sa.Boolean(), nullable=False),
        sa.Column("ended", sa.Boolean(), nullable=False),
        sa.Column("flags", sa.JSON(), nullable=False),
        sa.Column("unconfirmed", sa.JSON(), nullable=False),
        sa.Column("public_list", sa.String(20), nullable=True),
        sa.Column("last_update_on", sa.Date(), nullable=True),
        sa.Column("authorised_on", sa.Date(), nullable=True),
        sa.Column("in_force_on", sa.Date(), nullable=True),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("assumed", sa.Boolean(), nullable=False),
        sa.Column("conditions", sa.JSON(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.String(40), nullable=False),
        sa.Column("clocks", sa.JSON(), nullable=False),
        sa.Column("law", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("number"),
    )
    op.create_index("ix_current_state_due_on", "current_state", ["due_on"])
    op.create_index("ix_current_state_parent", "current_state", ["parent"])
    op.create_table(
        "history",
        sa.Column("run", sa.String(40), nullable=False),
        sa.Column("number", sa.String(80), nullable=False),
        sa.Column("workflow", sa.String(100), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("began_at", sa.String(40), nullable=False),
        sa.Column("ended_at", sa.String(40), nullable=False),
        sa.Column("how", sa.String(40), nullable=False),
        sa.Column("events", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("run"),
    )
    op.create_index("ix_history_number", "history", ["number"])
    op.create_index("ix_history_ended_at", "history", ["ended_at"])
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


def _letters() -> None:
    """Letters: whom they reach, what they were made from, and how each of them went."""
    op.create_table(
        "party",
        sa.Column("id", sa.String(40), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("address", sa.String(400), nullable=False),
        sa.Column("private_undertaking", sa.Boolean(), nullable=True),
        sa.Column("country", sa.String(2), nullable=False),
        sa.Column("postal_code", sa.String(12), nullable=False),
        sa.Column("commune", sa.String(100), nullable=False),
        sa.Column("acts_language", sa.String(2), nullable=True),
        sa.Column("enterprise_number", sa.String(20), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "recipient",
        sa.Column("number", sa.String(80), nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("addresses", sa.String(2000), nullable=False),
        sa.Column("channel", sa.String(40), nullable=False),
        sa.Column("letters_in", sa.String(2), nullable=True),
        sa.Column("acts_in", sa.String(2), nullable=True),
        sa.Column("why", sa.String(400), nullable=False),
        sa.Column("private_undertaking", sa.Boolean(), nullable=True),
        sa.Column("country", sa.String(2), nullable=True),
        sa.Column("postal_code", sa.String(12), nullable=True),
        sa.Column("commune", sa.String(100), nullable=True),
        sa.Column("language", sa.String(2), nullable=True),
        sa.Column("acts_language", sa.String(2), nullable=True),
        sa.Column("by", sa.String(120), nullable=False),
        sa.Column("recorded_at", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("number", "role", "version"),
    )
    op.create_table(
        "letter",
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("number", sa.String(80), nullable=False),
        sa.Column("entry", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("letter", sa.String(40), nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("awaited", sa.Boolean(), nullable=False),
        sa.Column("made_from", sa.JSON(), nullable=False),
        sa.Column("says", sa.String(64), nullable=False),
        sa.Column("state", sa.String(20), nullable=False),
        sa.Column("since", sa.String(40), nullable=False),
        sa.Column("reason", sa.String(400), nullable=False),
        sa.Column("document", sa.String(500), nullable=False),
        sa.Column("redirected", sa.Boolean(), nullable=False),
        sa.Column("by", sa.String(120), nullable=False),
        sa.Column("why", sa.String(400), nullable=False),
        sa.Column("looked_at_by", sa.String(120), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index("ix_letter_number", "letter", ["number"])
    op.create_index("ix_letter_state", "letter", ["state"])
    op.create_table(
        "notice",
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("of", sa.String(200), nullable=False),
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
        sa.Column("html", sa.String(), nullable=False),
        sa.Column("since", sa.String(40), nullable=False),
        sa.Column("reason", sa.String(400), nullable=False),
        sa.Column("settled_by", sa.String(120), nullable=False),
        sa.Column("replaces", sa.String(200), nullable=False),
        sa.Column("channel", sa.String(40), nullable=False),
        sa.Column("left_on", sa.Date(), nullable=True),
        sa.Column("presented_on", sa.Date(), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("proof", sa.String(400), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt", sa.String(40), nullable=False),
        sa.Column("tells", sa.String(20), nullable=False),
        sa.Column("returned", sa.Boolean(), nullable=False),
        sa.Column("redirected", sa.String(60), nullable=False),
        sa.PrimaryKeyConstraint("key"),
    )
    op.create_index("ix_notice_number", "notice", ["number"])
    op.create_index("ix_notice_of", "notice", ["of"])
    op.create_index("ix_notice_replaces", "notice", ["replaces"])
    op.create_index("ix_notice_state", "notice", ["state"])
    op.create_index("ix_notice_tells", "notice", ["tells"])


def _publication() -> None:
    """The public register: texts by language, and what each publication changed."""
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
    op.create_table(
        "publication",
        sa.Column("public_register", sa.String(40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("published_at", sa.String(40), nullable=False),
        sa.Column("programmes", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("public_register", "number"),
    )
    op.create_table(
        "published",
        sa.Column("number", sa.String(80), nullable=False),
        sa.Column("public_register", sa.String(40), nullable=False),
        sa.Column("publication", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(20), nullable=False),
        sa.Column("was", sa.String(20), nullable=False),
        sa.Column("public_list", sa.String(20), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.Column("title", sa.String(300), nullable=False),
        sa.Column("subject", sa.JSON(), nullable=False),
        sa.Column("texts", sa.JSON(), nullable=False),
        sa.Column("summaries", sa.JSON(), nullable=False),
        sa.Column("last_update_on", sa.Date(), nullable=False),
        sa.Column("past", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("number", "public_register", "publication"),
    )
    op.create_index("ix_published_publication", "published", ["publication"])


def _money() -> None:
    """Money: invoices and credit notes, movements of the account, and what became of each."""
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
        sa.Column("paid_cents", sa.Integer(), nullable=False),
        sa.Column("credited_cents", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("invoice"),
        sa.UniqueConstraint("communication"),
        sa.UniqueConstraint("number"),
        sa.UniqueConstraint("year", "serial", name="invoice_without_gaps"),
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
        sa.UniqueConstraint("number", "entry", name="credit_note_once_per_entry"),
        sa.UniqueConstraint("year", "serial", name="credit_note_without_gaps"),
    )
    op.create_index("ix_credit_note_invoice", "credit_note", ["invoice"])
    op.create_table(
        "statement",
        sa.Column("file", sa.String(64), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("form", sa.String(20), nullable=False),
        sa.Column("by", sa.String(120), nullable=False),
        sa.Column("imported_on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("file"),
    )
    op.create_table(
        "balance",
        sa.Column("file", sa.String(64), nullable=False),
        sa.Column("told", sa.Integer(), nullable=False),
        sa.Column("account", sa.String(34), nullable=False),
        sa.Column("currency", sa.String(3), nullable=False),
        sa.Column("number", sa.String(60), nullable=False),
        sa.Column("opening", sa.BigInteger(), nullable=False),
        sa.Column("closing", sa.BigInteger(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=False),
        sa.Column("spans", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("file", "told"),
    )
    op.create_index("ix_balance_account", "balance", ["account"])
    op.create_table(
        "movement",
        sa.Column("id", sa.String(24), nullable=False),
        sa.Column("file", sa.String(64), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("told", sa.Integer(), nullable=False),
        sa.Column("entry", sa.Integer(), nullable=False),
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
        sa.Column("candidates", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_movement_account", "movement", ["account", "booked_on"])
    op.create_index("ix_movement_file", "movement", ["file"])
    op.create_index("ix_movement_reference", "movement", ["reference"])
    op.create_index("ix_movement_state", "movement", ["state"])
    op.create_table(
        "telling",
        sa.Column("file", sa.String(64), nullable=False),
        sa.Column("told", sa.Integer(), nullable=False),
        sa.Column("entry", sa.Integer(), nullable=False),
        sa.Column("movement", sa.String(24), nullable=False),
        sa.PrimaryKeyConstraint("file", "told", "entry", "movement"),
    )
    op.create_index("ix_telling_movement", "telling", ["movement"])
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
        sa.Column("kind", sa.String(20), nullable=False),
        sa.PrimaryKeyConstraint("movement", "part"),
        sa.UniqueConstraint("request_id"),
    )
    op.create_index("ix_movement_share_invoice", "movement_share", ["invoice"])
    op.create_index("ix_movement_share_number", "movement_share", ["number"])
    op.create_table(
        "refund",
        sa.Column("movement", sa.String(24), nullable=False),
        sa.Column("of", sa.String(24), nullable=False),
        sa.Column("cents", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(120), nullable=False),
        sa.Column("on", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("movement", "of"),
    )
    op.create_index("ix_refund_of", "refund", ["of"])
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


def _restores() -> None:
    """Restores from a backup: what waits for a person, which numbers are left out, what had left before."""
    op.create_table(
        "restored",
        sa.Column("restore", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("copied_at", sa.String(40), nullable=False),
        sa.Column("restored_at", sa.String(40), nullable=False),
        sa.Column("by", sa.String(120), nullable=False),
        sa.Column("skip", sa.Integer(), nullable=False),
        sa.Column("released_at", sa.String(40), nullable=False),
        sa.Column("released_by", sa.String(120), nullable=False),
        sa.PrimaryKeyConstraint("restore"),
    )
    op.create_table(
        "skipped",
        sa.Column("series", sa.String(80), nullable=False),
        sa.Column("restore", sa.Integer(), nullable=False),
        sa.Column("after", sa.Integer(), nullable=False),
        sa.Column("until", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("series", "restore"),
    )
    op.create_table(
        "left_before",
        sa.Column("message_id", sa.String(200), nullable=False),
        sa.Column("restore", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.String(40), nullable=False),
        sa.Column("proof", sa.String(400), nullable=False),
        sa.PrimaryKeyConstraint("message_id"),
    )


def _seals() -> None:
    """Seals: what each transaction wrote, and what waits for its seal."""
    op.create_table(
        "unsealed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("work", sa.String(40), nullable=False),
        sa.Column("stream", sa.String(80), nullable=False),
        sa.Column("of", sa.String(40), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("was", sa.String(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "seal",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("stream", sa.String(80), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("at", sa.String(40), nullable=False),
        sa.Column("covers", sa.JSON(), nullable=False),
        sa.Column("chain", sa.String(64), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("stream", "sequence", name="seal_without_gaps"),
    )
    op.create_table(
        "head",
        sa.Column("head", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("at", sa.String(40), nullable=False),
        sa.Column("occasion", sa.String(120), nullable=False),
        sa.Column("until", sa.Integer(), nullable=False),
        sa.Column("heads", sa.JSON(), nullable=False),
        sa.Column("chain", sa.String(64), nullable=False),
        sa.Column("key", sa.String(120), nullable=False),
        sa.Column("signature", sa.String(120), nullable=False),
        sa.PrimaryKeyConstraint("head"),
        sa.UniqueConstraint("occasion"),
    )
    op.create_table(
        "anchor",
        sa.Column("head", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("place", sa.String(400), nullable=False),
        sa.Column("at", sa.String(40), nullable=False),
        sa.PrimaryKeyConstraint("head", "place"),
    )


def _noted() -> None:
    """The database notes every row that is written, whoever writes it, and what changed in place."""
    found = sa.inspect(op.get_bind())
    for table in found.get_table_names():
        if table in APART:
            continue
        key = found.get_pk_constraint(table)["constrained_columns"]
        stays = {name.strip(' "\n') for name in CHANGES.get(table, "").partition(" OF ")[2].split(",")}
        columns = {column["name"]: column["type"] for column in found.get_columns(table)}
        moves = sorted(columns.keys() - stays) if table in CHANGES else []
        stream = "{row}.number" if table in OF_CASES else f"'{table}'"
        _note(table, key, {name: columns[name] for name in moves}, stream)


def _note(table: str, key: list[str], moves: dict[str, sa.types.TypeEngine[object]], stream: str) -> None:
    postgresql = op.get_bind().dialect.name == "postgresql"
    array = "json_build_array" if postgresql else "json_array"
    was = ", ".join(_as_it_is_sealed(name, kind, postgresql) for name, kind in moves.items())

    def noted(row: str, before: str) -> str:
        work = "txid_current()::text" if postgresql else "''"
        keys = ", ".join(f'{row}."{name}"' for name in key)
        text = "::text" if postgresql else ""
        return (
            "INSERT INTO unsealed (work, stream, \"of\", key, was) "
            f"VALUES ({work}, {stream.format(row=row)}, '{table}', {array}({keys}){text}, {before});"
        )

    held = f"{array}({was})" + ("::text" if postgresql else "") if moves else "NULL"
    if postgresql:
        op.execute(
            f"""CREATE FUNCTION note_{table}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
            IF TG_OP = 'INSERT' THEN {noted("NEW", "NULL")} ELSE {noted("OLD", held)} END IF;
            RETURN NULL; END $$"""
        )
        op.execute(
            f"""CREATE TRIGGER {table}_noted AFTER INSERT OR UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION note_{table}()"""
        )
        return
    for event, row, before in (("INSERT", "NEW", "NULL"), ("UPDATE", "OLD", held), ("DELETE", "OLD", held)):
        op.execute(
            f"CREATE TRIGGER {table}_{event.lower()}_noted AFTER {event} ON {table} "
            f"BEGIN {noted(row, before)} END"
        )


def _as_it_is_sealed(name: str, kind: sa.types.TypeEngine[object], postgresql: bool) -> str:
    """As SQLite keeps it, on both databases: days and JSON as text, truth as 0 and 1."""
    cast = ""
    if postgresql and isinstance(kind, sa.Boolean):
        cast = "::int"
    elif postgresql and isinstance(kind, sa.JSON | sa.Date):
        cast = "::text"
    return f'OLD."{name}"{cast}'
