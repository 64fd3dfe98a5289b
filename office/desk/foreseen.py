"""What an act will do, before it does it: as `--dry-run` shows it, and as a person is asked at a terminal.

It is read off the entry that the case itself would write (office/desk/rehearsing.py).
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from activities.addressing import LanguageOpen
from models.acts import Act
from models.due import what
from models.entry import Entry, LetterBatch
from models.errors import ActRefused, InputRefused, NotFound, NotReachable, UnknownClause
from models.messages import Message, act_name, named_word, word, worded
from models.parties import Channel
from office.desk.rehearsing import Stage
from office.letters.contestable import starts_no_day
from office.letters.preview import letter_desk
from office.settings import Settings
from office.showing import cited, say
from register.case import Case, case
from workflows.rehearsal import Rehearsed


async def foreseen(settings: Settings, number: str, act: Act, now: datetime) -> dict[str, Any]:
    """What an act would enter, whom it would tell, and what is open under its case now.

    Raises: ActRefused as the case itself refuses the act; NotFound; InputRefused; NotReachable.
    """
    stage = Stage(settings, now)
    rehearsed = await stage.rehearse(number, act)
    told = [_entered(stage, one) for one in await stage.follows(rehearsed)]
    receipt = rehearsed.entry.receipt
    undated = starts_no_day(settings, receipt, type(act)) if receipt else ""
    return {
        "command": act.command,
        **_entered(stage, rehearsed),
        "told": told,
        "open": _open(stage, case(settings.register_url, number, date.max)),
        "warnings": [undated] if undated else [],
    }


async def agreed(settings: Settings, number: str, act: Act, now: datetime) -> None:
    """Asks whoever sits at the terminal, once it is shown what the act would do.

    An act that would be refused is not asked about: the case itself says why. Raises: InputRefused for
    another answer than yes.
    """
    try:
        shown = lines(await foreseen(settings, number, act, now))
    except (ActRefused, InputRefused, NotFound):
        return
    except NotReachable as unknown:
        shown = iter([unknown.said.in_words()])
    for line in shown:
        say(line, file=sys.stderr)
    ask(act.command, number)


def ask(command: str, number: str) -> None:
    """Asks whoever sits at the terminal. Raises: InputRefused for another answer than yes."""
    print(worded("rehearsal.asks", command=command), end=" ", file=sys.stderr, flush=True)
    answer = sys.stdin.readline().strip().casefold()
    if answer not in worded("rehearsal.yes").split():
        raise InputRefused("rehearsal.not-agreed", command=command, number=number)


def _entered(stage: Stage, rehearsed: Rehearsed) -> dict[str, Any]:
    """What one case would enter, against where it stands now."""
    entry, standing = rehearsed.entry, rehearsed.entry.standing
    found = case(stage.settings.register_url, entry.number, date.max)
    last = rehearsed.before[-1] if rehearsed.before else None
    before = _clocks(last) if last else {clock["ref"]: clock for clock in found.entries[-1].clocks}
    law_before = last.standing.law if last else found.entries[-1].law
    return {
        "number": entry.number,
        "entry": entry.sequence,
        "act": entry.act,
        "on": entry.happened_on,
        "was": last.standing.phase.value if last else found.state.phase,
        "phase": standing.phase.value,
        "ended": standing.ended,
        "first": [{"entry": one.sequence, "act": one.act, "on": one.happened_on} for one in rehearsed.before],
        "days": [*_days(stage, before, law_before, _clocks(entry), standing.law)],
        "letters": [*_letters(stage.settings, entry)],
        "invoice": entry.demand
        and {"cents": entry.demand.cents, "due_on": entry.demand.due_on, "to": entry.demand.addressee.name},
        "credited": entry.credit and {"cents": entry.credit.cents, "reason": entry.credit.reason},
        "begins": [{"number": one.number, "procedure": one.procedure} for one in rehearsed.begins],
        "possible": list(standing.possible),
    }


def _clocks(entry: Entry) -> dict[str, dict[str, Any]]:
    return {
        clock.ref: clock.model_dump(mode="json", exclude_defaults=True) for clock in entry.standing.clocks
    }


def _days(
    stage: Stage,
    before: dict[str, dict[str, Any]],
    law_before: str,
    after: dict[str, dict[str, Any]],
    law_after: str,
) -> Iterator[dict[str, Any]]:
    """The days that begin, move or end. None where a limit stands still."""
    for ref in dict.fromkeys((*before, *after)):
        was, becomes = before.get(ref), after.get(ref)
        if was and becomes and was["due_on"] == becomes["due_on"]:
            continue
        change = "moves" if was and becomes else "begins" if becomes else "ends"
        clock, law = (becomes, law_after) if becomes else (was, law_before)
        assert clock is not None
        yield {
            "ref": ref,
            "change": change,
            "by": clock["desk"],
            "was": was and was["due_on"],
            "due_on": becomes and becomes["due_on"],
            "article": _article(stage, clock, law),
        }


def _article(stage: Stage, open_clock: dict[str, Any], law: str) -> str:
    """The article behind a day; none where a person fixed it."""
    clock = open_clock.get("clock") or {}
    if not (clause := clock.get("clause", "")):
        return ""
    try:
        held = stage.law(clock.get("law") or law)
        return cited(held.article_of(clause), held.procedure)
    except UnknownClause:
        return ""


def _letters(settings: Settings, entry: Entry) -> Iterator[dict[str, Any]]:
    """Each letter, and where it would go if it were made now."""
    if not entry.letters:
        return
    pages, addressing = letter_desk(settings, entry.standing.procedure)
    batch = LetterBatch.of(entry, entry.invoice, None)
    for letter in batch.letters:
        told: dict[str, Any] = {"letter": letter.kind.value, "role": letter.role.value}
        said = [addressing.head(batch, letter), batch.subject.parts, letter.facts]
        try:
            to = addressing.recipient(batch, letter)
        except LanguageOpen as unsaid:
            where: dict[str, Any] = {"language": None, "waits": unsaid.said.in_words()}
        else:
            where = {
                "language": to.language.value,
                "to": list(to.lines),
                "addresses": list(to.addresses),
                "channel": to.channel.value,
                "at_desk": to.redirected,
            }
        signs = {"unprintable": pages.unprintable(said), "other_scripts": pages.other_scripts(said)}
        yield {**told, **where, **{kind: [*map(str, found)] for kind, found in signs.items()}}


def _open(stage: Stage, found: Case) -> dict[str, Any]:
    """What is open under a case as it stands: dossiers, conditions, questions and invoices."""
    last = found.entries[-1]
    asked = stage.law(last.law).questions.values()
    owed = ((one, one.cents - one.credited_cents - one.paid_cents) for one in found.invoices)
    return {
        "dossiers": [{"number": one.number, "phase": one.phase} for one in found.dossiers if not one.ended],
        "conditions": list(found.state.conditions),
        "questions": [
            {"ref": clock["ref"], "due_on": clock["due_on"]} for clock in last.clocks if clock["ref"] in asked
        ],
        "invoices": [{"invoice": one.invoice, "cents": cents} for one, cents in owed if cents > 0],
    }


# In words.


def of_dry_run(told: dict[str, Any]) -> Iterator[str]:
    """What an act would do, and that nothing was done."""
    yield from lines(told)
    yield worded("rehearsal.nothing-done")


def lines(told: dict[str, Any]) -> Iterator[str]:
    """What an act would do, line by line."""
    yield worded("rehearsal.head", **told, to=_phases(told))
    if told["first"]:
        yield worded("rehearsal.first", acts=[act_name(one["act"]) for one in told["first"]])
    yield from _what_changes(told)
    for other in told["told"]:
        yield worded("rehearsal.told", number=other["number"], act=act_name(other["act"]), to=_phases(other))
        yield from (f"  {line}" for line in _what_changes(other))
    if still := [*_still_open(told["open"])]:
        yield worded("rehearsal.open", still=still)
    if told["possible"]:
        yield worded("rehearsal.possible", commands=told["possible"])
    else:
        yield worded("rehearsal.nothing-possible")
    yield from told["warnings"]


def _phases(told: dict[str, Any]) -> Message:
    if told["was"] == told["phase"]:
        return Message("rehearsal.stays", phase=named_word(told["phase"]))
    return Message("rehearsal.turns", was=named_word(told["was"]), phase=named_word(told["phase"]))


def _what_changes(told: dict[str, Any]) -> Iterator[str]:
    for day in told["days"]:
        yield _day(day)
    for letter in told["letters"]:
        yield _letter(letter)
        if letter["unprintable"]:
            yield worded("rehearsal.unprintable", letter=letter["letter"], signs=letter["unprintable"])
        if letter["other_scripts"]:
            yield worded("rehearsal.other-scripts", letter=letter["letter"], signs=letter["other_scripts"])
    if asked := told["invoice"]:
        yield worded("rehearsal.invoice", **asked)
    if credited := told["credited"]:
        yield worded("rehearsal.credited", **credited)
    for begun in told["begins"]:
        yield worded("rehearsal.begins", number=begun["number"], procedure=begun["procedure"])


def _day(day: dict[str, Any]) -> str:
    still = Message("rehearsal.standing-still")
    said = {"what": what(day["ref"]), "by": word(day["by"])}
    said |= {"was": day["was"] or still, "due_on": day["due_on"] or still}
    article = Message("rehearsal.article", article=day["article"]) if day["article"] else ""
    match day["change"]:
        case "begins":
            return worded("rehearsal.day-begins", **said, article=article)
        case "moves":
            return worded("rehearsal.day-moves", **said, article=article)
        case _ if day["was"]:
            return worded("rehearsal.day-ends", **said, article=article)
        case _:
            return worded("rehearsal.still-ends", **said, article=article)


def _letter(letter: dict[str, Any]) -> str:
    said = {"letter": letter["letter"], "role": named_word(letter["role"]), "language": letter["language"]}
    if letter["language"] is None:
        return worded("rehearsal.letter-waits", **said, why=letter["waits"])
    if letter["at_desk"]:
        return worded("rehearsal.letter-at-desk", **said)
    if letter["channel"] != Channel.EMAIL:
        return worded(
            "rehearsal.letter-by", **said, to=letter["to"][0], channel=named_word(letter["channel"])
        )
    return worded("rehearsal.letter", **said, to=letter["to"][0], addresses=letter["addresses"])


def _still_open(under: dict[str, Any]) -> Iterator[Message]:
    for dossier in under["dossiers"]:
        yield Message("rehearsal.open-dossier", number=dossier["number"], phase=named_word(dossier["phase"]))
    for condition in under["conditions"]:
        yield Message("rehearsal.open-condition", **condition)
    for asked in under["questions"]:
        due_on = asked["due_on"] or Message("rehearsal.standing-still")
        yield Message("rehearsal.open-question", what=what(asked["ref"]), due_on=due_on)
    for invoice in under["invoices"]:
        yield Message("rehearsal.open-invoice", **invoice)
