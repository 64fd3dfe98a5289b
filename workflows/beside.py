"""Limits that no phase waits for: they begin, end and pass beside whatever phase the case rests in.

Law: each such limit is a clause that says by which acts it begins and by what it ends
(`models/law/beside.py`): a letter that has left, or an act. Whoever has to act is warned of it as of any
other. What is to be done at once is counted from the day of the entry: before it nobody here knew of it.
Silence: a flag. The passing is entered and told to the desk; the limit stays listed until what it asks for
was done.
"""

from __future__ import annotations

from datetime import date

from models.clock import Clock
from models.entry import LetterKind
from models.flags import flag
from models.law.beside import Beside
from models.phases import Phase
from models.receipts import Left
from workflows.case import Case


def running(case: Case) -> dict[str, Beside]:
    """The limits beside the phases that run, by their clause, each with what ends it."""
    return {
        clause: beside
        for clause in case.clocks
        if clause in case.law.clauses and (beside := case.law.clauses[clause].beside)
    }


def wakes_on(case: Case) -> date | None:
    """The next day on which one of them has passed, and nobody was told yet."""
    return min(filter(None, map(case.wakes_on, running(case))), default=None)


def only_tells(case: Case, on: date) -> bool:
    """Whether nothing ends by itself or exists from the day on which they pass: somebody is told."""
    passing = [clause for clause in running(case) if case.wakes_on(clause) == on]
    return case.only_tells(on, passing) and not any(running(case)[clause].lapses for clause in passing)


def take_act(case: Case) -> None:
    """What has just happened ends limits, and begins others from its day."""
    happened = case.happened
    if happened is None:
        return
    for clause, beside in running(case).items():
        while happened.act in beside.until and clause in case.clocks:
            if beside.each and happened.on < case.clocks[clause].started_on:
                break
            end(case, clause, happened.on)
    for clause, applied in case.law.clauses.items():
        if applied.beside and happened.act in applied.beside.since and clause not in case.clocks:
            for sent in (sent for sent in applied.beside.sent if sent.written):
                case.tell(LetterKind(sent.letters[0]), sent.role, (clause,), on=happened.on)
            case.start(clause, case.today if case.law.limit(clause).at_once else happened.on)


def ask(case: Case, clause: str, since: date) -> None:
    """A limit runs from a day. Where it runs already the earlier day stands, and the later one waits."""
    asked = [case.clocks[clause], *case.carries.waiting.get(clause, ())] if clause in case.clocks else []
    if any(clock.started_on == since for clock in asked):
        return
    if not asked or since < case.clocks[clause].started_on:
        case.start(clause, since)
    else:
        asked.append(case.law.clock(clause, since))
    _wait(case, clause, asked)


def begin_anew(case: Case, clause: str, since: date) -> None:
    """A limit that runs turns out to run from another day; letters that left count as they did."""
    if clause in case.clocks:
        began = case.carries.began[clause]
        case.start(clause, since)
        case.carries.began[clause] = began


def _wait(case: Case, clause: str, asked: list[Clock]) -> None:
    """Keeps what was asked for later than what runs, the earliest first."""
    since = case.clocks[clause].started_on
    later = sorted((one for one in asked if one.started_on > since), key=lambda one: one.started_on)
    case.carries.waiting.pop(clause, None)
    case.carries.waiting |= {clause: later} if later else {}


def take_letter(case: Case) -> bool:
    """A letter has left. Returns: whether a limit that is listed ends with it, on the day of the last one."""
    ended = False
    for clause, beside in running(case).items():
        left = [_left(case, clause, sent.letters, sent.role.value) for sent in beside.sent]
        days = [letter.on for letter in left if letter]
        if days and len(days) == len(left):
            ended |= case.listed(clause)
            end(case, clause, max(days))
    return ended


def _left(case: Case, clause: str, letters: tuple[str, ...], role: str) -> Left | None:
    """The first such letter to a role that left since a limit began."""
    since = case.carries.began[clause]
    told = (letter for letter in case.docket.left if letter.letter in letters and letter.entry >= since)
    return next((one for one in told if f"/{one.entry}/{one.letter}/{role}/" in f"{one.notice}/"), None)


def end(case: Case, clause: str, on: date) -> None:
    """What a limit asks for was done on a day; it is told whether in time. What waited for it runs now."""
    clock: Clock = case.clocks[clause]
    due_on, late = clock.due_on(case.law.calendar), on >= case.passes_on(clause)
    case.carries.end(clause)
    assert case.happened is not None
    before = case.happened.facts.get("done", [])
    case.note(done=[*before, {"clause": clause, "due_on": due_on, "on": on, "late": late}])
    if later := case.carries.waiting.pop(clause, []):
        case.count(clause, later[0])
        _wait(case, clause, later)


def passes(case: Case, phase: Phase) -> bool:
    """The earliest of those that have passed is entered, flagged, and told to the desk.

    What comes after it begins with its last day. Returns: whether it lapsed, and is over, with what it came
    after.
    """
    days = {day: clause for clause in reversed(running(case)) if (day := case.wakes_on(clause))}
    clause = days[min(days)]
    beside = running(case)[clause]
    case.beside_passed(phase, clause)
    case.start_after(clause)
    for over in (clause, beside.after):
        if beside.lapses and over in case.clocks:
            case.carries.end(over)
    return beside.lapses


def flags(case: Case) -> tuple[str, ...]:
    """What a person should see at once: such a limit has passed, and what it asks for was not done."""
    passed = case.carries.passed
    return tuple(flag("limit-passed", clause, passed[clause]) for clause in running(case) if clause in passed)
