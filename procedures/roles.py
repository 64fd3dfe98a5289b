"""Which role may do what, and what takes two people, where a procedure does not say otherwise.

Commands of acts, and of the office. A person has one role or several. An auditor looks and does nothing.
"""

from __future__ import annotations

from models.people import ByTwo, Roles, StaffRole

_EVERYBODY = ("note-on-file", "assign")
"""What has no effect may be done by everybody who enters something."""

ROLES: Roles = {
    StaffRole.INTAKE: (
        *_EVERYBODY,
        *("submit", "receive-completion", "receive-answers", "receive-formal-notice"),
        *("contest-opinion", "receive-grounds"),
        *("announce-application", "link-application", "withdraw", "summary", "recipients set"),
        *("notices again", "notices replace", "notices posted", "notices bounced", "notices delivered"),
    ),
    StaffRole.ASSESSOR: (
        *_EVERYBODY,
        *("judge", "declare-incomplete", "declare-admissible", "give-opinion", "raise-questions"),
        *("receive-completion", "receive-answers", "receive-formal-notice", "announce-application"),
        *("contest-opinion", "receive-grounds", "send-back-opinion"),
        *("link-application", "withdraw", "translate", "marketing-application", "record-fact"),
        "record-count",
        *("meet-condition", "confirm-programme", "decline-proposal", "drop-day", "summary"),
        "request-report",
    ),
    StaffRole.FINANCE: (
        *_EVERYBODY,
        *("fix-contribution", "book-payment", "receive-payment", "reverse-payment", "refund-surplus"),
        *("credit-invoice", "record-objection", "hear-objection", "record-court", "record-interruption"),
        *("payments import", "payments assign", "payments split", "payments refund", "payments return"),
        *("payments same", "payments different"),
    ),
    StaffRole.DECIDER: (
        *_EVERYBODY,
        *("declare-admissible", "declare-inadmissible", "correct-admissibility", "choose-reading"),
        *("establish", "decide", "determine", "evaluate", "authorise-provisionally", "decide-successor"),
        *("suspend", "lift-suspension", "close-to-new-patients", "close", "decline-proposal", "drop-day"),
        *("decide-objection", "suspend-services", "dismiss-cancellation", "correct", "request-report"),
    ),
    StaffRole.PUBLISHER: (*_EVERYBODY, "publish", "record-publication", "translate", "summary"),
    StaffRole.AUDITOR: (),
    StaffRole.ADMINISTRATOR: (
        *("people add", "people end", "people key", "people delegate", "people revoke"),
        *("law confirm", "law apply", "calendar add", "import-register", "dismiss-cancellation"),
        *("restore", "release", "reopen"),
    ),
}

BY_TWO: ByTwo = {
    **dict.fromkeys(
        (
            *("decide", "evaluate", "decide-successor", "decide-objection", "suspend", "lift-suspension"),
            *("close-to-new-patients", "close", "declare-inadmissible", "authorise-provisionally"),
            *("determine", "correct-admissibility"),
        ),
        (StaffRole.ASSESSOR,),
    ),
    **dict.fromkeys(("credit-invoice", "payments refund", "payments return", "law confirm"), ()),
    "correct": (StaffRole.INTAKE, StaffRole.ASSESSOR, StaffRole.FINANCE),
}
"""What one person prepares and another one signs: decisions, suspension, closure, money that is given back,
and the word that a value is that of the law."""
