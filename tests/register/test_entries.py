"""Entries: written once, in their order, and never against one another."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import psycopg
import pytest

from activities.register import RegisterEntries, digest
from models.dossier import FiledDocument
from models.entry import Entry
from models.errors import NotFound, Overtaken, RegisterConflict
from procedures.be_umn.words import Phase
from register import case, views
from register.addresses import file_of, for_psycopg, is_sqlite
from register.carried import carried
from register.reading import document, questions

TODAY = date(2026, 3, 2)
NUMBER = "CUP-2026-001"
PAPER = FiledDocument(name="protocol.pdf", sha256="a" * 64, size=1200)


def test_an_entry_written_twice_is_one(database_url: str, entry, demand) -> None:
    register = RegisterEntries(database_url)
    first = register.enter(entry(demand=demand, documents=(PAPER,)))
    later = datetime(2031, 1, 1, tzinfo=UTC)
    assert register.enter(entry(demand=demand, documents=(PAPER,), recorded_at=later)) == first
    held = case.case(database_url, NUMBER, TODAY)
    assert [len(held.entries), len(held.invoices), len(held.documents)] == [1, 1, 1]
    assert held.entries[0].recorded_at == "2026-03-02T09:30:00.000+00:00"


def test_an_older_entry_again_changes_nothing_and_gets_its_first_answer(
    database_url: str, entry, demand
) -> None:
    register = RegisterEntries(database_url)
    first = register.enter(entry(demand=demand))
    paid = first.invoice.model_copy(update={"paid_on": date(2026, 3, 9), "reminders": 1})
    register.enter(entry(sequence=2, act="InvoicePaid", phase=Phase.OPINION, invoice=paid))
    before = case.case(database_url, NUMBER, TODAY)
    assert register.enter(entry(demand=demand)) == first
    assert case.case(database_url, NUMBER, TODAY) == before
    assert before.state.phase == "opinion"
    assert (before.invoices[0].paid_on, before.invoices[0].reminders) == (date(2026, 3, 9), 1)


def test_a_different_entry_under_a_taken_sequence_is_refused_and_the_first_stays(
    database_url: str, entry
) -> None:
    register = RegisterEntries(database_url)
    register.enter(entry())
    for other in (entry(act="Withdrawn"), entry(phase=Phase.OPINION), entry(facts={"cesp": "1"})):
        with pytest.raises(RegisterConflict, match="The first one stays"):
            register.enter(other)
    held = case.case(database_url, NUMBER, TODAY)
    assert [line.act for line in held.entries] == ["Filed"]
    assert held.state.phase == "admissibility"


def test_an_act_that_is_done_again_after_temporal_was_set_back_is_the_one_that_stands(
    database_url: str, entry, demand
) -> None:
    register = RegisterEntries(database_url)

    def act(request_id: str, **other: Any) -> Entry:
        return entry(demand=demand, facts={"grounds": "Seen."}).model_copy(
            update={"request_id": request_id, **other}
        )

    first = register.enter(act("request-1", envelope={"signature": "one"}))
    for _ in range(2):
        again = register.enter(act("request-2", envelope={"signature": "two"}))
        assert again == first.model_copy(update={"goes_on": True})  # what the register has is what is known
    with questions(database_url) as ask:
        stands = ask("SELECT e.envelope, r.request_id, r.envelope FROM entry e, repetition r")
    assert [(document(one), request, document(two)) for one, request, two in stands] == [
        ({"signature": "one"}, "request-2", {"signature": "two"})
    ]
    held = case.case(database_url, NUMBER, TODAY)
    assert [line.request_id for line in held.entries] == ["request-1"]
    assert len(held.invoices) == 1
    for other in ({"by": "Bert"}, {"happened_on": date(2026, 3, 3)}, {"facts": {"grounds": "Other."}}):
        with pytest.raises(RegisterConflict, match="The first one stays"):
            register.enter(act("request-3", **other))


def test_no_entry_stands_before_the_one_it_follows(database_url: str, entry) -> None:
    register = RegisterEntries(database_url)
    with pytest.raises(RegisterConflict, match="Entry 1 comes first"):
        register.enter(entry(sequence=2))
    register.enter(entry())
    with pytest.raises(RegisterConflict, match="Entry 2 comes first"):
        register.enter(entry(sequence=3))
    assert len(case.case(database_url, NUMBER, TODAY).entries) == 1


def test_what_a_case_carries_is_kept_until_it_ends(database_url: str, entry) -> None:
    register = RegisterEntries(database_url)
    kept = "SELECT entry FROM carried"
    register.enter(entry().model_copy(update={"carried": {"stage": "received"}}))
    with questions(database_url) as ask:
        assert list(ask(kept)) == [(1,)]
    ended = entry(sequence=2, act="Withdrawn", phase=Phase.WITHDRAWN, ended=True)
    register.enter(ended.model_copy(update={"carried": {"stage": "ended"}}))
    with questions(database_url) as ask:
        assert list(ask(kept)) == []
    with pytest.raises(NotFound, match="no open case"):
        carried(database_url, NUMBER)


def test_the_state_is_that_of_the_newest_entry_and_opened_on_that_of_the_first(
    database_url: str, entry
) -> None:
    register = RegisterEntries(database_url)
    register.enter(entry())
    register.enter(
        entry(sequence=2, happened_on=date(2026, 5, 1), kind="programme", phase=Phase.AUTHORISED, due_on=None)
    )
    state = case.case(database_url, NUMBER, TODAY).state
    assert (state.entry, state.kind, state.phase, state.due_on) == (2, "programme", "authorised", None)
    assert state.opened_on == date(2026, 3, 2)


def test_an_entry_stands_whole_or_not_at_all(database_url: str, entry, demand) -> None:
    register = RegisterEntries(database_url)
    unknown = register.enter(entry(demand=demand)).invoice.model_copy(update={"invoice": "2026-09999"})
    with pytest.raises(RegisterConflict, match="2026-09999"):
        register.enter(entry(sequence=2, act="InvoicePaid", invoice=unknown, phase=Phase.OPINION))
    with pytest.raises(RegisterConflict, match="two documents of one name"):
        register.enter(entry("CUP-2026-002", demand=demand, documents=(PAPER, PAPER)))
    held = case.case(database_url, NUMBER, TODAY)
    assert (held.state.entry, held.state.phase, len(held.entries)) == (1, "admissibility", 1)
    assert [state.number for state in views.cases(database_url, today=TODAY)] == [NUMBER]
    # the invoice number that was not used is the next one's
    second = register.enter(entry("CUP-2026-003", demand=demand)).invoice
    assert second.invoice == "2026-00002"


def test_attempts_that_overlap_write_one_entry_and_one_invoice(database_url: str, entry, demand) -> None:
    register = RegisterEntries(database_url)
    for sequence in (1, 2):
        asked = demand if sequence == 1 else None
        attempts = [entry(sequence=sequence, demand=asked) for _ in range(8)]
        with ThreadPoolExecutor(8) as threads:
            answers = list(threads.map(register.enter, attempts))
        assert all(answer == answers[0] for answer in answers)
    held = case.case(database_url, NUMBER, TODAY)
    assert [line.sequence for line in held.entries] == [1, 2]
    assert len(held.invoices) == 1


def test_of_two_different_entries_at_once_one_stands_and_the_other_is_refused(
    database_url: str, entry
) -> None:
    register = RegisterEntries(database_url)

    def attempt(act: str) -> str:
        try:
            register.enter(entry(act=act))
        except RegisterConflict:
            return "refused"
        return act

    with ThreadPoolExecutor(2) as threads:
        answers = list(threads.map(attempt, ["Filed", "Withdrawn"]))
    assert answers.count("refused") == 1
    stands = case.case(database_url, NUMBER, TODAY).entries[0].act
    assert stands in answers


def test_facts_come_back_as_they_were_written(database_url: str, entry) -> None:
    grounds = 'Élargi à l’enfant — 100 % "sic"'
    facts = {"grounds": grounds, "conditions": [{"number": 1, "due_on": date(2026, 6, 1)}]}
    RegisterEntries(database_url).enter(entry(facts=facts))
    held = case.case(database_url, NUMBER, TODAY).entries[0]
    assert held.facts == {**facts, "conditions": [{"number": 1, "due_on": "2026-06-01"}]}
    assert held.possible == ("declare-admissible", "declare-incomplete")


def test_what_an_entry_says_does_not_hang_on_when_or_how_it_travelled(entry) -> None:
    here = entry(facts={"b": 1, "a": date(2026, 1, 1)})
    travelled = Entry.model_validate_json(here.model_dump_json())
    turned = entry(
        facts={"a": "2026-01-01", "b": 1},
        recorded_at=datetime(2040, 1, 1, tzinfo=timezone(timedelta(hours=2))),
    )
    assert digest(here) == digest(travelled) == digest(turned)
    assert digest(here) != digest(entry(facts={"a": "2026-01-02", "b": 1}))


def test_what_no_person_did_stands_as_it_was_first_heard(database_url: str, entry) -> None:
    """A worker that died over it hears it again, perhaps on the next day."""
    register = RegisterEntries(database_url)
    first = entry(act="LimitWarned", facts={"clauses": ["decision"]}, happened_on=date(2026, 5, 1))
    later = {"happened_on": date(2026, 5, 2)}
    register.enter(first)
    register.enter(first.model_copy(update=later))
    assert case.case(database_url, NUMBER, TODAY).entries[0].happened_on == first.happened_on
    with pytest.raises(RegisterConflict):
        register.enter(first.model_copy(update=later | {"facts": {"clauses": ["opinion"]}}))


def test_an_act_whose_task_was_lost_before_midnight_stands_on_its_day_and_the_case_goes_on_from_it(
    database_url: str, entry
) -> None:
    register = RegisterEntries(database_url)
    acted = entry(facts={"grounds": "a"}, happened_on=date(2026, 5, 1))
    acted = acted.model_copy(update={"request_id": "one-of-ann"})
    later = {"happened_on": date(2026, 5, 2)}
    assert not register.enter(acted).goes_on
    assert not register.enter(acted).goes_on
    assert register.enter(acted.model_copy(update=later)).goes_on
    assert case.case(database_url, NUMBER, TODAY).entries[0].happened_on == acted.happened_on
    for other in ({"by": "Bob"}, {"facts": {"grounds": "b"}}, {"request_id": "one-of-bob"}):
        with pytest.raises(Overtaken):
            register.enter(acted.model_copy(update=later | other))


def test_an_entry_waits_while_another_process_holds_the_register(database_url: str, entry) -> None:
    if is_sqlite(database_url):
        holder = sqlite3.connect(file_of(database_url), isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
    else:
        holder = psycopg.connect(for_psycopg(database_url))
        holder.execute("LOCK TABLE entry IN EXCLUSIVE MODE")
    with ThreadPoolExecutor(1) as threads:
        waiting = threads.submit(RegisterEntries(database_url).enter, entry())
        with pytest.raises(TimeoutError):
            waiting.result(timeout=0.2)
        holder.rollback()
        waiting.result(timeout=20)
    holder.close()
    assert case.case(database_url, NUMBER, TODAY).state.entry == 1
