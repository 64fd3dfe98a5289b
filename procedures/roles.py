"""Which role may do what, where a procedure does not say otherwise: commands of acts, and of the office.

A person has one role or several. An auditor looks and does nothing.
"""

from __future__ import annotations

from models.people import Roles, StaffRole

ROLES: Roles = {
    StaffRole.INTAKE: (
        *("submit", "receive-completion", "receive-answers", "receive-formal-notice"),
        *("announce-application", "link-application", "withdraw", "summary", "recipients set"),
        *("notices again", "notices replace", "notices posted", "notices bounced", "notices delivered"),
    ),
    StaffRole.ASSESSOR: (
        *("judge", "declare-incomplete", "declare-admissible", "give-opinion", "raise-questions"),
        *("receive-completion", "receive-answers", "receive-formal-notice", "announce-application"),
        *("link-application", "withdraw", "translate", "marketing-application", "record-fact"),
        *("meet-condition", "confirm-programme", "decline-proposal", "drop-day", "summary"),
    ),
    StaffRole.FINANCE: (
        *("fix-contribution", "book-payment", "receive-payment", "reverse-payment", "refund-surplus"),
        *("credit-invoice", "record-objection", "hear-objection", "record-court", "record-interruption"),
        *("payments import", "payments assign", "payments split", "payments refund", "payments return"),
        *("payments same", "payments different"),
    ),
    StaffRole.DECIDER: (
        *("declare-admissible", "declare-inadmissible", "correct-admissibility", "choose-reading"),
        *("establish", "decide", "determine", "evaluate", "authorise-provisionally", "decide-successor"),
        *("suspend", "lift-suspension", "close-to-new-patients", "close", "decline-proposal", "drop-day"),
        *("decide-objection", "suspend-services", "dismiss-cancellation"),
    ),
    StaffRole.PUBLISHER: ("publish", "record-publication", "translate", "summary"),
    StaffRole.AUDITOR: (),
    StaffRole.ADMINISTRATOR: (
        *("people add", "people end", "people key", "people delegate", "people revoke"),
        *("law confirm", "law apply", "calendar add", "import-register", "dismiss-cancellation"),
        *("restore", "release", "reopen"),
    ),
}
