"""What a comparison asks of the register, on SQLite and PostgreSQL alike, and how the last one is kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from activities.register import RegisterEntries, digest
from models.entry import Entry
from register import histories, reconciliations
from register.database import change, transaction
from register.reconciliations import Reconciliation
from tests.register.test_notices import KEY, NUMBER, kept

NOW = datetime(2026, 11, 29, 4, 0, tzinfo=UTC)


def test_one_comparison_is_kept_and_the_next_takes_its_place(database_url: str) -> None:
    assert reconciliations.last(database_url) is None
    finding = {"kind": "behind", "number": NUMBER, "since": None, "sentence": "…", "possible": []}
    made = Reconciliation(NOW.isoformat(), NOW.isoformat(), True, {"cases": 3}, (finding,), 21)
    reconciliations.keep(database_url, made)
    assert reconciliations.last(database_url) == made
    reconciliations.keep(database_url, replace(made, findings=(), many=0, deep=False))
    assert reconciliations.last(database_url) == replace(made, findings=(), many=0, deep=False)
    with transaction(database_url) as session:
        reconciliations.forget(session)  # as a restore does
    assert reconciliations.last(database_url) is None


def test_lines_are_told_as_histories_tell_them_and_gaps_among_them_are_found(
    database_url: str, entry: Callable[..., Entry]
) -> None:
    assert reconciliations.since(database_url) is None
    register = RegisterEntries(database_url)
    first, second = entry(), entry(sequence=2, act="DeclaredIncomplete", facts={"missing": ["Annex IV"]})
    answers = [register.enter(first), register.enter(second)]
    number = first.number
    assert [answer.stands for answer in answers] == [digest(first)[:12], digest(second)[:12]]
    assert reconciliations.last_digests(database_url) == {number: digest(second)}
    assert reconciliations.since(database_url) == first.recorded_at
    assert reconciliations.moved_since(database_url, "2026-01-01T00:00:00+00:00") == {number}
    assert reconciliations.moved_since(database_url, "2099-01-01T00:00:00+00:00") == set()
    assert reconciliations.gaps(database_url) == {}
    assert reconciliations.states_unlike(database_url) == []
    line = reconciliations.lines(database_url, number)[2]
    assert (line.act, line.facts) == ("DeclaredIncomplete", {"missing": ["Annex IV"]})
    assert (line.by, line.happened_on) == (second.by, second.happened_on)
    assert reconciliations.counted(database_url)["entries"] == 2
    with transaction(database_url) as session:
        change(session, "UPDATE current_state SET entry = 3 WHERE number = ?", [number])
    assert reconciliations.gaps(database_url) == {number: (3, 2, 2)}
    with transaction(database_url) as session:
        change(session, "UPDATE current_state SET entry = 2, phase = 'closed' WHERE number = ?", [number])
    assert reconciliations.states_unlike(database_url) == [(number, 2)]


def test_a_case_that_was_not_told_of_its_letter_is_found_after_an_hour(database_url: str) -> None:
    kept(database_url, f"{KEY}/1", tells="left", since="2026-11-29T02:59:59+00:00")
    kept(database_url, f"{KEY}/2", tells="left", since="2026-11-29T03:00:01+00:00")
    kept(database_url, f"{KEY}/3", tells="left", since="2026-11-01T00:00:00+00:00", state="not_told")
    late = reconciliations.letters_not_told(database_url, NOW.replace(hour=3))
    assert [key for key, _, _ in late] == [f"{KEY}/1"]


def test_an_ended_case_of_which_no_history_is_kept_is_found(
    database_url: str, entry: Callable[..., Entry]
) -> None:
    ended = entry()
    standing = ended.standing.model_copy(update={"ended": True, "possible": ()})
    RegisterEntries(database_url).enter(ended.model_copy(update={"standing": standing}))
    later = ended.recorded_at.replace(year=ended.recorded_at.year + 1)
    assert [number for number, _ in histories.none_of(database_url, later)] == [ended.number]
    assert histories.none_of(database_url, ended.recorded_at) == []
    assert histories.every(database_url) == []
