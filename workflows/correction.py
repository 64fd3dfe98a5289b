"""A slip of the pen in an entry is put right: the case goes on with what is right, and tells it.

The entry stays as it was written, and so do its letters: those that repeated the slip are told once more,
each marked as the correction of the letter of that day.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from models.acts import EVERY_ACT, Corrected, IndividualAct
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
    stands = await effects.correctable(number, act.entry)
    if stands is None or (why := refused(act, stands, number)):
        return why if stands else refused(act, None, number)
    case.note(**act.model_dump(mode="json", include={"entry", "fact", "was", "right", "reason", "corrects"}))
    if act.fact == DAY:
        return _of_another_day(case, act, stands)
    if act.fact in SIGNATORY:
        return _taken_by_another(case, act, stands)
    _goes_on_with(case, act.fact, act.was, act.right)
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
    if not since or not max(since) <= on <= case.today:
        return ImproperAct("correction.no-such-day", **told, since=max(since, default=was), today=case.today)
    were = {clause: case.last_day(clause) for clause in case.clocks}
    if completes:
        stops[-1].last, stops[-1].ended_recorded_on = on, case.today
    else:
        asked[-1].answered_on = on
    tell_moved(case, were)
    return None


def _taken_by_another(case: Case, act: Corrected, stands: Correctable) -> ActRefused | None:
    """Another person took the act than was entered, or in another capacity, which has its own article."""
    law, kind = case.law, next(one for one in EVERY_ACT if one.__name__ == stands.act)
    admits = issubclass(kind, IndividualAct) and kind.admits
    new = {**stands.signatory, SIGNATORY[act.fact]: act.right}
    by_capacity = {one.capacity.value: one for one in law.competent(admits)}
    told: dict[str, Any] = {"command": kind.command, "number": case.carried.number}
    if (competence := by_capacity.get(new["capacity"])) is None:
        return ImproperAct("act.no-such-capacity", **told, capacity=new["capacity"], known=[*by_capacity])
    if competence.designated != bool(new.get("designation")):
        key = "act.needs-designation" if competence.designated else "act.has-no-designation"
        return ImproperAct(key, **told, capacity=new["capacity"])
    new["clause"] = competence.clause
    case.note(signatory=new)
    _goes_on_with(case, "signatory", stands.signatory, new)
    said = {name: part for name, part in new.items() if name != "clause"}
    _tells_again(case, stands, "signatory", None, said | {"article": cites(law.digest, competence.clause)})
    return None


def _goes_on_with(case: Case, name: str, was: Any, right: Any) -> None:
    """Wherever the case holds what was wrong, under that name, it holds what is right from now on."""
    carried = case.carried
    held = carried.written("docket", "law")
    new = _replaced(held, name, was, right)
    read = type(carried).model_validate({**new, "docket": carried.docket, "law": carried.law})
    for part in new:
        if new[part] != held[part]:
            setattr(carried, part, getattr(read, part))


def _replaced(held: Any, name: str, was: Any, right: Any) -> Any:
    if isinstance(held, dict):
        return {
            key: right if (key, part) == (name, was) else _replaced(part, name, was, right)
            for key, part in held.items()
        }
    return [_replaced(part, name, was, right) for part in held] if isinstance(held, list) else held


def _tells_again(case: Case, stands: Correctable, name: str, was: Any, right: Any) -> None:
    """The letters that repeated it are told once more; no limit starts anew by one."""
    assert case.happened is not None
    for letter in stands.letters:
        if name in letter.facts and was in (None, letter.facts[name]):
            facts = {**letter.facts, name: right}
            case.happened.letters.append(letter.model_copy(update={"facts": facts}))
