"""What a person should see at once in a case. Light: a list of ten thousand cases uses it."""

from __future__ import annotations

from models.due import named
from models.messages import coded, decoded

FACTS = {
    "asked-on-last-day": ("last_day",),
    "cancellation-requested": ("on",),
    "change-proposed": (),
    "contribution-unfixed": (),
    "count-beyond": ("counted", "count", "allowed", "until"),
    "day-in-doubt": ("day",),
    "decision-recorded-late": ("decided_on", "silent_until"),
    "fact-withdrawn": ("fact",),
    "exists-by-law": ("clause", "since"),
    "end-proposed": ("fact",),
    "invoice-overdue": ("invoice",),
    "kept-valid": ("dossier", "until_on"),
    "letter-came-back": ("letter", "entry"),
    "limit-passed": ("clause", "due_on"),
    "opinion-recorded-late": ("body", "given_on", "silent_until"),
    "opinion-sent-back": ("body", "on"),
    "renewal-at-once": ("until_on",),
    "services-suspended": ("on",),
    "effect-to-come": ("effective_on",),
    "elements-undetermined": (),
    "elements-untranslated": ("language",),
    "successor-awaited": ("since",),
    "suspension-to-come": ("effective_on",),
}
"""The engine's flags, and what the facts of each are, in their order; their words are under [flag]."""

OWED = ("of",)
"""The fact of a flag of what a procedure has its programmes owe: which one of its kind."""


def flag(code: str, *facts: object) -> str:
    """A flag with its facts, the same in every language: so it travels and stands in the register."""
    assert len(facts) == len(FACTS.get(code, OWED))
    return coded(code, *facts)


def said(flag: str) -> str:
    """A flag in words, with what is due under a clause by its name."""
    told = decoded(flag, "flag", FACTS.get(flag.partition(":")[0], OWED))
    if "clause" in told.facts:
        told.facts["clause"] = named(told.facts["clause"])
    return told.in_words()
