"""Acts that were notified, and from which day each can be contested: as the channel of its letter gives it.

Law: the clauses of the remedies of the law of the entry, from notification; what that is by each channel, its
rules of arrival. Where a channel starts no known day the period may never end: that is said when the act is
performed, and stays with the case until the letter went by one that does, or its receipt is known.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from models.acts import Act, IndividualAct
from models.clock import Clock, SecondReading
from models.entry import LetterKind
from models.law.applicable import Law
from models.messages import Message, named_word, worded
from models.parties import TO_PARTIES, Channel, Role
from procedures.registry import letters, procedure

if TYPE_CHECKING:
    from models.receipts import Receipt
    from office.settings import Settings
    from register.case import Case, Line
    from register.notices import Notice


class Contestable(NamedTuple):
    """A letter that notified an act to a party. Without a clock no day of its notification is known."""

    notice: Notice
    line: Line
    clause: str
    clock: Clock | None


def contestable(case: Case, laws: Mapping[str, dict[str, Any]]) -> Iterator[Contestable]:
    """The acts of a case that were notified, each with the period of its remedy. `laws` are by their hash."""
    lines = {line.sequence: line for line in case.entries}
    for notice in case.notices:
        line = lines[notice.entry]
        if notice.state != "sent" or notice.left_on is None or notice.role not in TO_PARTIES:
            continue
        if not _notifies(case.state.procedure, notice.letter, "signatory" in line.facts):
            continue
        law = Law.model_validate(laws[line.law])
        ends = line.facts.get("outcome")
        if not law.remedies or any(not one.contestable for one in law.outcomes if one.outcome == ends):
            continue
        channel = Channel(notice.channel)
        start = law.start(channel, notice.left_on, notice.presented_on, notice.received_on)
        clock = law.clock(law.remedies[0], start.on) if start.proven else None
        if clock and start.later_on:
            clock.second = SecondReading(started_on=start.later_on)
        yield Contestable(notice, line, law.remedies[0], clock)


def undated(case: Case, laws: Mapping[str, dict[str, Any]]) -> Iterator[str]:
    """The acts of a case of which no day of notification is known, by channel, and what a person can do."""
    by_channel: dict[str, list[Contestable]] = {}
    for one in contestable(case, laws):
        if one.clock is None:
            by_channel.setdefault(one.notice.channel, []).append(one)
    key = "notice.undated" if some_channel_starts_a_day(case.state.procedure) else "notice.undated-unproven"
    for channel, found in by_channel.items():
        facts = [
            {"letter": notice.letter, "entry": line.sequence, "role": named_word(notice.role)}
            for notice, line, _, _ in found
        ]
        keys = [one.notice.key for one in found]
        yield worded(
            key,
            n=len(found),
            channel=named_word(channel),
            letters=[Message("notice.undated-letter", **said) for said in facts],
            notice=keys[0],
            listed=[
                Message("notice.undated-notice", **said, notice=key)
                for said, key in zip(facts, keys, strict=True)
            ],
        )


def starts_no_day(settings: Settings, receipt: Receipt, act: type[Act]) -> str:
    """What is to be said of an act that was performed and goes by a channel without a day, or nothing."""
    from register import recipients

    told = (kind for kind in receipt.letters if _notifies(receipt.procedure, kind, signed=True))
    if not issubclass(act, IndividualAct) or not any(told):
        return ""
    said = recipients.of(settings.register_url, receipt.number).get(Role.APPLICANT)
    channel = said.channel if said else Channel.EMAIL
    rules = {rule.channel: rule.counts for rule in procedure(receipt.procedure).jurisdiction.arrivals}
    if rules.get(channel, "proven") != "proven":
        return ""
    key = "receipt.undated" if some_channel_starts_a_day(receipt.procedure) else "receipt.undated-unproven"
    return worded(key, channel=named_word(channel.value), number=receipt.number)


def some_channel_starts_a_day(code: str) -> bool:
    """Whether some channel starts a day without proof of the receipt, by the law of a procedure."""
    return any(rule.counts != "proven" for rule in procedure(code).jurisdiction.arrivals)


def _notifies(code: str, letter: str, signed: bool) -> bool:
    """Whether a letter notifies an act; of a kind that may do so or not, the one whose act was signed."""
    field = letters(code)[LetterKind(letter)].model_fields.get("remedies")
    return field is not None and (field.is_required() or signed)
