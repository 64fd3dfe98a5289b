"""A slip of the pen in an entry is put right: the case goes on with what is right, and tells it.

The entry stays as it was written, and so do its letters: those that repeated the slip are told once more,
each marked as the correction of the letter of that day.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from models.acts import EVERY_ACT, CompletionReceived, Corrected
from models.clock import Clock
from models.correction import DAY, SIGNATORY, Correctable, refused
from models.dossier import Dossier
from models.errors import ActRefused, ImproperAct
from models.law.applicable import cites
from workflows import effects
from workflows.case import Case
from workflows.revision import tell_moved


async def correct(case: Case, act: Corrected) -> ActRefused | None:
    """Puts it right. Returns: why that cannot be; nothing is done then."""
    number = case.carried.number
    stands = await effects.correctable(number, act.entry, case.docket.entries)
    if stands is None or (why := refused(act, stands, number)):
        return why if stands else refused(act, None, number)
    case.note(**act.model_dump(mode="json", include={"entry", "fact", "was", "right", "reason", "corrects"}))
    if act.fact == DAY:
        return _of_another_day(case, act, stands)
    if act.fact in SIGNATORY:
        return _taken_by_another(case, act, stands)
    if why := _goes_on_with(case, act, stands, act.fact, act.was, act.right):
        return why
    _tells_again(case, stands, act.fact, act.was, act.right)
    return None


def _of_another_day(case: Case, act: Corrected, stands: Correctable) -> ActRefused | None:
    """What came on another day counts from that one: what had stopped the check of a dossier, or answers."""
    filed, was = case.carried, date.fromisoformat(act.was)
    told: dict[str, Any] = {"entry": act.entry, "number": case.carried.number, "right": act.right}
    try:
        on = date.fromisoformat(act.right)
    except ValueError:
        return ImproperAct("correction.no-day", **told)
    if not isinstance(filed, Dossier):
        return ImproperAct("correction.no-more-counted", **told)
    check = case.clocks.get("admissibility") or filed.checked
    completes = stands.act == "CompletionReceived"
    stops = [stop for stop in check.stops if stop.last == was] if check and completes else []
    asked = [one for one in filed.inquiries if one.answered_on == was] if not completes else []
    since = [stop.asked_on or stop.first for stop in stops] + [inquiry.asked_on for inquiry in asked]
    until = min(_before(filed, stands, check, was) | {case.today})
    if not since or not max(since) <= on <= until:
        return ImproperAct("correction.no-such-day", **told, since=max(since, default=was), until=until)
    were = {clause: case.last_day(clause) for clause in case.clocks}
    if completes:
        stops[-1].last, stops[-1].ended_recorded_on = on, case.today
    else:
        asked[-1].answered_on = on
    tell_moved(case, were)
    return None


def _before(filed: Dossier, stands: Correctable, check: Clock | None, was: date) -> set[date]:
    """The days after which it cannot have come, as the case shows: what followed it was not there before it.

    What came in its time is not turned by this into what came too late: what that means, no correction does.
    """
    decided = filed.decision and filed.decision.decided_on
    asked = [stop.asked_on or stop.first for stop in check.stops] if check else []
    asked += [inquiry.asked_on for inquiry in filed.inquiries]
    followed = {decided, *(day for day in asked if day > was)}
    if stands.act == CompletionReceived.__name__:
        followed.add(filed.admissible_on)
    if stands.until and was <= stands.until:
        followed.add(stands.until)
    return {day for day in followed if day}


def _taken_by_another(case: Case, act: Corrected, stands: Correctable) -> ActRefused | None:
    """Another person took the act than was entered, or in another capacity, which has its own article.

    By the law that its entry rests on: who may take such an act today may not have then.
    """
    kind = next(one for one in EVERY_ACT if one.__name__ == stands.act)
    new = {**stands.signatory, SIGNATORY[act.fact]: act.right}
    by_capacity = {one.capacity.value: one for one in stands.competent}
    told: dict[str, Any] = {"command": kind.command, "number": case.carried.number}
    if (competence := by_capacity.get(new["capacity"])) is None:
        return ImproperAct("act.no-such-capacity", **told, capacity=new["capacity"], known=[*by_capacity])
    if competence.designated != bool(new.get("designation")):
        key = "act.needs-designation" if competence.designated else "act.has-no-designation"
        return ImproperAct(key, **told, capacity=new["capacity"])
    new["clause"] = competence.clause
    if why := _goes_on_with(case, act, stands, "signatory", stands.signatory, new):
        return why
    case.note(signatory=new)
    said = {name: part for name, part in new.items() if name != "clause"}
    _tells_again(case, stands, "signatory", None, said | {"article": cites(stands.law, competence.clause)})
    return None


def _goes_on_with(
    case: Case, act: Corrected, stands: Correctable, name: str, was: Any, right: Any
) -> ActRefused | None:
    """Where the case holds that act, under that name, it holds what is right from now on.

    Returns: why that cannot be, where it holds several acts of that day that say the same.
    """
    carried, places = case.carried, list[dict[str, Any]]()
    held, new = carried.written("docket", "law"), carried.written("docket", "law")
    _find(new, name, was, stands.on.isoformat(), places)
    if len(places) > 1:
        told: dict[str, Any] = {"entry": act.entry, "number": carried.number, "fact": act.fact}
        return ImproperAct("correction.several", **told, on=stands.on, n=len(places))
    for place in places:
        place[name] = right
    read = type(carried).model_validate({**new, "docket": carried.docket, "law": carried.law})
    for part in new:
        if new[part] != held[part]:
            setattr(carried, part, getattr(read, part))
    return None


TAKEN_ON = ("decided_on", "imposed_on", "given_on")
"""How the case calls the day of an act of which it holds the words, or who took it."""


def _find(held: Any, name: str, was: Any, on: str, places: list[dict[str, Any]]) -> None:
    """The records of acts of a day in which that stands under a name."""
    if isinstance(held, dict):
        if held.get(name) == was and on in (held.get(day) for day in TAKEN_ON):
            places.append(held)
        held = [*held.values()]
    for part in held if isinstance(held, list) else ():
        _find(part, name, was, on, places)


def _tells_again(case: Case, stands: Correctable, name: str, was: Any, right: Any) -> None:
    """The letters that repeated it are told once more; no limit starts anew by one."""
    assert case.happened is not None
    for letter in stands.letters:
        if name in letter.facts and was in (None, letter.facts[name]):
            facts = {**letter.facts, name: right}
            case.happened.letters.append(letter.model_copy(update={"facts": facts}))
