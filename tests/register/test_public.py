"""What leaves the house: the projection, on both databases."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import JSON, BigInteger, Boolean, Date, Integer
from sqlmodel import SQLModel

from activities.register import RegisterEntries
from models.decision import Content
from models.dossier import FiledDocument
from models.law.degree import Degree
from models.subjects import Subject
from procedures.be_umn.public import REGISTER
from procedures.be_umn.words import Phase, PublicList
from register import publications, summaries
from register.database import transaction
from register.numbers import allot
from register.public import Said, public_register, shown
from register.publishing import publish
from register.site import Frame
from register.summaries import Summary
from tests.register.conftest import PARTY

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
NUMBER = "CUP-2026-001"
SECRET = "GEHEIM"
SHOWN = ("entry", "current_state", "summary", "document", "publication", "published")
"""Tables of which something is public; the last two hold what was published."""
INDICATION = "A rare anaemia."

on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
"""For what asks nothing of the database that the other tests do not ask of both."""


@pytest.fixture
def enters(database_url, entry):
    """Writes the next entry of a case, as a programme where nothing else is said."""
    desk, last = RegisterEntries(database_url), dict[str, int]()

    def enter(number: str = NUMBER, act: str = "Decided", **said: Any) -> None:
        last[number] = last.get(number, 0) + 1
        programme = {
            "kind": "programme",
            "phase": Phase.AUTHORISED,
            "public_list": PublicList.AUTHORISED,
            "last_update_on": date(2026, 3, 4),
            "authorised_on": date(2026, 3, 4),
        }
        desk.enter(entry(number, last[number], act=act, **(programme | said)))

    return enter


def published(url: str, on: date = TODAY, hold_back: bool = False) -> Any:
    return public_register(url, REGISTER, on, hold_back=hold_back)


@on_sqlite
def test_a_dossier_that_is_examined_is_not_public(database_url, enters):
    enters("CUP-2026-002", kind="application", phase=Phase.OPINION, public_list=None, last_update_on=None)
    assert published(database_url).programmes == ()


def test_the_public_history_is_the_movements_between_the_lists(database_url, enters):
    enters(kind="application", phase=Phase.DECISION, public_list=None, act="OpinionGiven")
    enters(happened_on=date(2026, 3, 4))
    enters(act="ConditionMet", happened_on=date(2026, 4, 1))
    suspended = {"phase": Phase.SUSPENDED, "public_list": PublicList.SUSPENDED}
    enters(act="SuspensionImposed", happened_on=date(2026, 5, 1), **suspended)
    enters(act="SuspensionLifted", happened_on=date(2026, 6, 1), phase=Phase.CLOSED_TO_NEW_PATIENTS)
    enters(act="Closed", happened_on=date(2026, 7, 1), phase=Phase.CLOSED, public_list=PublicList.CLOSED)
    (programme,) = published(database_url).programmes
    assert [(event.what, event.on.month) for event in programme.history] == [
        ("added", 3),
        ("suspended", 5),
        ("authorised", 6),
        ("closed", 7),
    ]


def test_a_modification_is_in_the_history_from_the_day_it_takes_effect(database_url, enters):
    def told(effective_on: str, **more: Any) -> dict[str, Any]:
        return {"kind": "modification", "outcome": "authorised", "effective_on": effective_on, **more}

    def recorded(day: int) -> dict[str, Any]:
        return {"recorded_at": datetime(2026, 4, day, 8, tzinfo=UTC), "happened_on": date(2026, 4, day)}

    enters(**recorded(1))
    enters(act="DossierEnded", facts=told("2026-04-02"), **recorded(2))
    enters(act="DossierEnded", facts=told("2026-04-20"), **recorded(3))
    enters(act="DossierEnded", facts=told("2026-04-04", without_object=True), **recorded(4))
    enters(act="DossierEnded", facts={**told("2026-04-05"), "outcome": "refused"}, **recorded(5))
    before = [
        (event.what, event.on.day) for (p,) in [published(database_url).programmes] for event in p.history
    ]
    assert before == [("added", 1), ("updated", 2)]
    enters(act="ConditionMet", **recorded(19))
    enters(act="DecisionTookEffect", **recorded(20))
    enters(act="ConditionMet", **recorded(21))
    (programme,) = published(database_url).programmes
    history = [(event.what, event.on.day, event.recorded_on.day) for event in programme.history]
    assert history == [("added", 1, 1), ("updated", 2, 2), ("updated", 20, 20)]


@on_sqlite
def test_a_public_history_goes_by_its_days(database_url, enters):
    enters(happened_on=date(2026, 3, 4))
    suspended = {"phase": Phase.SUSPENDED, "public_list": PublicList.SUSPENDED}
    enters(act="SuspensionImposed", happened_on=date(2026, 5, 9), **suspended)
    enters(act="SuspensionLifted", happened_on=date(2026, 5, 2))  # entered later than it happened
    (programme,) = published(database_url).programmes
    assert [(event.what, event.on.day) for event in programme.history] == [
        ("added", 4),
        ("authorised", 2),
        ("suspended", 9),
    ]


@on_sqlite
@pytest.mark.parametrize("later", [True, False])
def test_a_last_update_that_is_not_public_itself_is_an_update_in_the_history(database_url, enters, later):
    enters(happened_on=date(2026, 3, 4))
    closed = {"phase": Phase.CLOSED_TO_NEW_PATIENTS, "last_update_on": date(2026, 6, 1)}
    enters(act="ClosedToNewPatients", happened_on=date(2026, 6, 1), **closed)
    history = [("added", 3), ("updated", 6)]
    if later:
        enters(
            act="DossierEnded", happened_on=date(2026, 8, 3), **closed | {"last_update_on": date(2026, 8, 1)}
        )
        history.append(("updated", 8))
    (programme,) = published(database_url).programmes
    assert [(event.what, event.on.month) for event in programme.history] == history
    assert programme.history[-1].on == programme.last_update_on


@on_sqlite
def test_a_programme_that_came_into_force_on_a_later_day_was_not_updated_on_it(database_url, enters):
    later = date(2026, 4, 1)
    enters(happened_on=date(2026, 3, 4), in_force_on=later, last_update_on=later)
    (programme,) = published(database_url).programmes
    assert [event.what for event in programme.history] == ["added"]


@on_sqlite
def test_an_assumed_day_of_authorisation_is_never_told(database_url, enters):
    enters(act="Imported", assumed=True, happened_on=date(2026, 3, 4), procedure="UMN")
    (programme,) = published(database_url).programmes
    assert programme.authorised_on is None
    assert [event.what for event in programme.history] == ["taken-over"]


@on_sqlite
def test_a_summary_is_public_once_there_is_a_programme(database_url, enters):
    keeps(database_url, NUMBER, Summary("nl", "Samenvatting.", "Een zeldzame bloedarmoede."))
    enters(kind="application", phase=Phase.DECISION, public_list=None)
    assert published(database_url).programmes == ()
    enters()
    (programme,) = published(database_url).programmes
    assert programme.summary("nl").text == "Samenvatting."
    assert programme.said("indication", "nl").text == "Een zeldzame bloedarmoede."
    assert programme.gaps == ("fr", "de")


def test_the_text_of_a_modification_is_public_from_the_day_it_takes_effect(database_url, enters):
    keeps(database_url, NUMBER, Summary("nl", "Oud."))
    enters()
    under = f"{NUMBER}/modification-2026"
    keeps(database_url, under, Summary("nl", "Nieuw."))
    said = {"kind": "modification", "parent": NUMBER, "public_list": None}
    enters(under, act="DossierReceived", phase=Phase.OPINION, **said)
    assert [p.summary("nl").text for p in published(database_url).programmes] == ["Oud."]
    enters(under, phase=Phase.GRANTED, facts={"effective_on": "2026-12-01"}, **said)
    for on, text in ((date(2026, 11, 30), "Oud."), (date(2026, 12, 1), "Nieuw.")):
        assert [p.summary("nl").text for p in published(database_url, on).programmes] == [text]


@on_sqlite
def test_the_text_of_a_modification_is_shown_before_one_that_the_desk_added_meanwhile(database_url, enters):
    """The desk mended the text that was shown then; the modification changes it from its day."""
    under = f"{NUMBER}/modification-2026"
    keeps(database_url, NUMBER, Summary("nl", "Oud."), on=date(2026, 3, 1))
    keeps(database_url, under, Summary("nl", "Nieuw."), on=date(2026, 4, 1))
    keeps(database_url, NUMBER, Summary("nl", "Hersteld."), on=date(2026, 5, 1))
    enters()
    said = {"kind": "modification", "parent": NUMBER, "public_list": None}
    enters(under, phase=Phase.GRANTED, facts={"effective_on": "2026-06-01"}, **said)
    seen = [
        [p.summary("nl").text for p in published(database_url, date(2026, month, 2)).programmes]
        for month in (4, 5, 6)
    ]
    assert seen == [["Oud."], ["Hersteld."], ["Nieuw."]]
    keeps(database_url, NUMBER, Summary("nl", "", "Vertaald."), on=date(2026, 7, 1))
    assert [p.summary("nl").text for p in published(database_url).programmes] == ["Nieuw."]


@on_sqlite
def test_the_indication_that_was_decided_is_the_only_one_in_its_language(database_url, enters):
    keeps(database_url, NUMBER, Summary("en", indication=INDICATION), on=date(2026, 3, 1))
    keeps(database_url, NUMBER, Summary("en", indication="Another."), on=date(2026, 3, 2))
    keeps(database_url, NUMBER, Summary("nl", indication="Bloedarmoede."), on=date(2026, 3, 3))
    enters()
    (programme,) = published(database_url).programmes
    assert programme.texts == (("Bloedarmoede.", "nl"), (INDICATION, "en"))


@on_sqlite
def test_a_programme_of_the_page_speaks_the_language_of_the_page(database_url, enters):
    allot(database_url, "page", "UMN page in fr", "fr", "page-{serial}")
    keeps(database_url, NUMBER, Summary("fr", indication="Une autre."))
    enters(act="Imported", procedure="UMN")
    (programme,) = published(database_url).programmes
    assert programme.texts == ((INDICATION, "fr"),)


@on_sqlite
def test_where_the_language_of_an_indication_is_not_known_there_is_one_text_per_language(
    database_url, enters
):
    keeps(database_url, NUMBER, Summary("nl", indication="Een."), on=date(2026, 3, 1))
    keeps(database_url, NUMBER, Summary("nl", indication="Twee."), on=date(2026, 3, 2))
    enters()
    (programme,) = published(database_url).programmes
    assert programme.texts == (("Twee.", "nl"), (INDICATION, ""))


@on_sqlite
def test_what_is_shown_instead_has_one_order_for_every_text(database_url, enters):
    every = {"nl": "nl", "fr": "fr", "en": "en", "de": "de"}
    for language, first in {"nl": "en", "fr": "en", "en": "fr", "de": "en"}.items():
        others = tuple(Said(text, spoken) for spoken, text in every.items() if spoken != language)
        assert shown(others, language).language == first
        assert shown((*others, Said("", "")), language).language == first


@on_sqlite
def test_a_translation_of_an_indication_that_was_modified_is_no_longer_shown(database_url, enters):
    keeps(database_url, NUMBER, Summary("fr", "Résumé.", "Une autre indication."), translates="An older one.")
    enters()
    (programme,) = published(database_url).programmes
    assert [said.text for said in programme.texts] == [INDICATION]


@on_sqlite
def test_what_lacks_a_language_is_held_back_where_the_clause_says_so(database_url, enters):
    enters()
    assert not published(database_url).held_back
    register = published(database_url, hold_back=True)
    assert register.programmes == ()
    assert [(p.number, p.gaps) for p in register.held_back] == [(NUMBER, ("nl", "fr", "de"))]
    keeps(database_url, NUMBER, *(Summary(t, "Text.", f"Indication {t}.") for t in ("nl", "fr", "en")))
    assert [p.number for p in published(database_url, hold_back=True).programmes] == [NUMBER]


@on_sqlite
def test_what_a_decision_states_in_words_is_asked_for_in_each_language(database_url, enters):
    keeps(database_url, NUMBER, *(Summary(t, "Text.", f"Indication {t}.") for t in ("nl", "fr", "de")))
    stated = {"nl": {"distribution": "Door de apotheek."}, "fr": {"distribution": "Par la pharmacie."}}
    for words, lacks in (
        ({}, {}),
        (stated, {"de": ("elements",)}),
        ({"nl": stated["nl"]}, {"fr": ("elements",), "de": ("elements",)}),
    ):
        enters(content=Content(elements=words, protocol="version 2"))
        (programme,) = published(database_url).programmes
        assert programme.lacks == lacks
    said = {one.element: (one.words, one.protocol) for one in programme.content}
    assert said["distribution"] == ((Said("Door de apotheek.", "nl"),), "")
    assert said["unused-medicine"] == ((), "version 2")


@on_sqlite
def test_a_summary_that_is_kept_already_is_not_kept_twice(database_url):
    assert keeps(database_url, NUMBER, Summary("nl", "Tekst.")) == 1
    assert keeps(database_url, NUMBER, Summary("nl", "Tekst.")) == 0
    assert keeps(database_url, NUMBER, Summary("nl", "", "Indicatie.")) == 1
    (kept,) = summaries.of(database_url, NUMBER)
    assert (kept.version, kept.text, kept.indication) == (2, "Tekst.", "Indicatie.")


def test_a_summary_is_never_changed(database_url):
    from sqlalchemy import text
    from sqlalchemy.exc import DatabaseError

    keeps(database_url, NUMBER, Summary("nl", "Tekst."))
    for change in ("UPDATE summary SET text = 'x'", "DELETE FROM summary"):
        with pytest.raises(DatabaseError, match="never changed"), transaction(database_url) as session:
            session.execute(text(change))


def test_a_publication_is_kept_when_something_public_changed_and_only_then(database_url, enters):
    def keeps_publication(day: int, hold_back: bool = False) -> list[tuple[str, dict[str, Any]]]:
        at = datetime(2026, 11, day, 2, tzinfo=UTC)
        _, lines = publications.keep(database_url, REGISTER, TODAY, at, hold_back=hold_back)
        return [(line.what, line.parts) for line in lines]

    enters()
    keeps(database_url, NUMBER, Summary("nl", "Samenvatting."))
    assert keeps_publication(1) == [("added", {})]
    enters(act="ConditionMet")
    assert keeps_publication(2) == []
    keeps(database_url, NUMBER, Summary("nl", "Hersteld."))
    assert keeps_publication(3) == [("changed", {"summary": ("nl",)})]
    suspended = {"phase": Phase.SUSPENDED, "public_list": PublicList.SUSPENDED}
    enters(act="SuspensionImposed", happened_on=date(2026, 5, 1), **suspended)
    assert keeps_publication(4) == [("moved", {"past": ()})]
    assert keeps_publication(5, hold_back=True) == [("held-back", {})]
    assert [line.number for line in publications.no_longer_shown(database_url, REGISTER)] == [NUMBER]
    assert keeps_publication(6) == [("added", {})]
    kept = publications.newest(database_url, REGISTER, 100)
    assert [(one.number, len(one.lines)) for one in kept] == [(5, 1), (4, 1), (3, 1), (2, 1), (1, 0)]
    assert [one.number for one in publications.newest(database_url, REGISTER, 2)] == [5, 4]


def test_a_publication_is_never_changed(database_url, enters):
    from sqlalchemy import text
    from sqlalchemy.exc import DatabaseError

    enters()
    publications.keep(database_url, REGISTER, TODAY, NOW, hold_back=False)
    for table in ("publication", "published"):
        for change in (f"UPDATE {table} SET number = '7'", f"DELETE FROM {table}"):
            with pytest.raises(DatabaseError, match="never changed"), transaction(database_url) as session:
                session.execute(text(change))


def test_no_secret_of_the_register_reaches_what_is_published(database_url, enters, tmp_path):
    """Every text column of every table holds a secret, but for those that are public."""
    party = PARTY.model_copy(update={"name": f"{SECRET} Pharma", "id": SECRET})
    secrets = {
        "applicant": party,
        "flags": (SECRET,),
        "unconfirmed": {SECRET: Degree.ASSUMED},
        "possible": (SECRET,),
        "facts": {"grounds": SECRET, "text": SECRET, "kind": SECRET, "outcome": SECRET},
    }
    enters(act="DossierReceived", kind="application", phase=Phase.DECISION, public_list=None, **secrets)
    filed = FiledDocument(name=f"{SECRET}.pdf", sha256="0" * 64, size=1)
    enters(act="Decided", documents=(filed,), **secrets)
    enters(act="DossierEnded", **secrets)
    keeps(database_url, NUMBER, Summary("nl", "Openbaar.", "", f"{SECRET}.txt"), by=SECRET)
    refused = {"kind": "application", "phase": Phase.REFUSED, "public_list": None}
    enters("CUP-2026-009", **secrets, **refused)
    keeps(database_url, "CUP-2026-009", Summary("nl", SECRET, SECRET), by=SECRET)
    with transaction(database_url) as session:
        for table in SQLModel.metadata.sorted_tables:
            if table.name not in {*SHOWN, "unsealed", "seal"}:  # the database fills these by itself
                session.execute(table.insert(), {c.name: secret_for(c) for c in table.columns})
    publish(database_url, tmp_path / "site", Frame(REGISTER, "Agency"), NOW, hold_back=False)
    pages = {path: path.read_bytes() for path in files(tmp_path / "site" / "current")}
    assert any(b"Openbaar." in content for content in pages.values())
    assert [str(path) for path, content in pages.items() if SECRET.encode() in content + bytes(path)] == []


def test_a_case_of_another_procedure_never_appears_on_this_page(database_url, enters, tmp_path):
    enters()
    keeps(database_url, NUMBER, Summary("nl", "Openbaar."))
    other = Subject(kind="centre", parts={"name": f"{SECRET} centre", "place": SECRET})
    enters("CMA-2026-001", procedure="CMA", subject=other)
    keeps(database_url, "CMA-2026-001", Summary("nl", f"{SECRET}."))
    enters("CMA-2026-001/modification-2026", procedure="CMA", subject=other, kind="modification")
    assert [programme.number for programme in published(database_url).programmes] == [NUMBER]
    told = publish(database_url, tmp_path / "site", Frame(REGISTER, "Agency"), NOW, hold_back=False)
    assert told.programmes == 1
    pages = {path: path.read_bytes() for path in files(tmp_path / "site" / "current")}
    assert any(b"Openbaar." in content for content in pages.values())
    assert [path for path, content in pages.items() if SECRET.encode() in content or b"CMA-" in content] == []


def secret_for(column: Any) -> Any:
    match column.type:
        case Boolean():
            return False
        case Integer() | BigInteger():
            return 7
        case Date():
            return TODAY
        case JSON():
            return [SECRET]
        case kind:
            return SECRET[: kind.length] if kind.length else SECRET


def keeps(
    url: str,
    number: str,
    *said: Summary,
    translates: str = INDICATION,
    by: str = "Ann",
    on: date = date(2026, 3, 1),
) -> int:
    at = datetime(on.year, on.month, on.day, 8, 0, tzinfo=UTC)
    return summaries.keep(url, number, said, translates=translates, by=by, at=at)


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())
