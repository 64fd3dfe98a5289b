"""A lawyer asks twelve questions about one dossier, as it was lived; `umn explain` and `umn show` answer.

It arrives on Monday 23 February 2032. The committee is silent, the commission puts questions on its last day,
and the Minister decides on the last day to decide.
"""

from __future__ import annotations

import asyncio
from datetime import date

import pytest

import starter
from models.acts import Decided, DeclaredAdmissible, OpinionGiven, ProvisionallyAuthorised, QuestionsRaised
from models.parties import Channel
from office.letters.notices import posted

pytestmark = pytest.mark.server

LAST_OF_COMMISSION, LAST_TO_DECIDE = date(2032, 4, 27), date(2032, 5, 20)
POSTED, PRESENTED, IN_FORCE = date(2032, 5, 21), date(2032, 5, 24), date(2032, 6, 1)

QUESTIONS = {
    "until when could the agency say that the file is incomplete": (
        "explain",
        ("check a dossier: 2 March 2032", "art. 106 § 8", "within 6 working days"),
    ),
    "what was the last day of the ethics committee": (
        "explain",
        ("ethics committee: 27 April 2032", "art. 106 § 11", "a reasoned opinion within 40 working days"),
    ),
    "what did its silence mean, and since when": (
        "explain",
        ("If it is silent", "from 28 April 2032 it counts by law as a favourable opinion"),
    ),
    "how far did its questions carry the commission": (
        "explain",
        (
            "the Commission: 7 May 2032",
            "last day 10 May 2032",
            "art. 106 § 12",
            "did not run from 28 April 2032 to 7 May 2032",
        ),
    ),
    "did they move the decision, and what if nobody had decided": (
        "explain",
        ("time to decide: 20 May 2032", "art. 106 § 13", "Nothing suspends", "from 21 May 2032"),
    ),
    "who decided": (
        "show",
        ("taken by Ann, minister (Royal Decree of 14 December 2006", "art. 106 § 1 and 108 § 1"),
    ),
    "until when can the decision be contested": (
        "explain",
        (
            "annulment proceedings before the Council of State: 23 July 2032",
            "art. 4",
            "90 calendar days more",
        ),
    ),
    "since when is the programme in force, and who brought it into force": (
        "show",
        ("in force since: 2032-06-01", "authorised on 2032-05-20", "taken by Ann, minister"),
    ),
    "until when is it to be published": (
        "explain",
        ("publish a decision on a programme, or its end: 8 June 2032", "art. 106 § 2"),
    ),
    "until when does the agency evaluate it first": (
        "explain",
        ("1 March 2033", "31 March 2033", "art. 106 § 5", "our reading"),
    ),
    "until when is the list of reactions filed": (
        "explain",
        (
            "31 December 2032",
            "falls due on 1 January 2033",
            "art. 106 § 5",
            "2 months before the end of the time to evaluate",
        ),
    ),
    "until when is it valid": (
        "explain",
        ("the last day on which the programme is valid: 31 May 2037", "fixed by a decision"),
    ),
}


async def test_twelve_questions_of_a_lawyer_about_one_dossier_are_answered(office, monkeypatch, capsys):
    monkeypatch.setenv("UMN_VAR", str(office.settings.var))

    async def answers(command: str) -> str:
        capsys.readouterr()
        assert await asyncio.to_thread(starter.run, [command, number]) == 0
        return " ".join(capsys.readouterr().out.split())

    await office.waits_until(date(2032, 2, 23))
    number = await office.submits()
    await office.waits_until(date(2032, 3, 1))
    await office.performs(number, DeclaredAdmissible)
    await office.waits_until(LAST_OF_COMMISSION)
    asked = {"body": "commission", "questions": ("Which dose?",), "days": 10}
    await office.performs(number, QuestionsRaised, **asked)
    await office.waits_until(date(2032, 5, 7))
    await office.performs(number, OpinionGiven, body="commission", view="favourable")
    await office.waits_until(LAST_TO_DECIDE)
    states = {"until_on": date(2037, 5, 31), "protocol": "version 2"}
    await office.performs(number, Decided, outcome="authorised", grounds="g", **states)
    await office.waits_until(PRESENTED)
    # by e-mail alone no day is known from which it can be contested: a task, until it went registered
    _, told = (await answers("show")).split("letters notify acts by e-mail: no day is known", 1)
    listed = told.partition("They are ")[2].split("; ")
    assert [one.partition(" (NOTICE: ")[0] for one in listed[:2]] == [
        "admissible of entry 4 to the applicant",
        "decision of entry 19 to the applicant",
    ]
    assert "no last day is known" in await answers("explain")
    (key,) = (n.key for n in office.shows(number).notices if (n.letter, n.role) == ("decision", "applicant"))
    registered = Channel.REGISTERED_WITH_ACKNOWLEDGEMENT
    await posted(office.settings, key, "Ann", registered, POSTED, office.today, PRESENTED)
    await office.waits_until(IN_FORCE)
    await office.performs(number, ProvisionallyAuthorised, requested_by="importer", grounds="g")

    said = {command: await answers(command) for command in ("show", "explain")}
    lacking = {
        question: [words for words in asked if words not in said[command]]
        for question, (command, asked) in QUESTIONS.items()
    }
    assert {question: words for question, words in lacking.items() if words} == {}, said
    assert "letter decision of entry" not in said["show"]
