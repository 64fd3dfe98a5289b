"""The published site, as files: what it holds, that it is whole, and that nothing typed gets out of hand."""

from __future__ import annotations

import csv
import json
import re
import threading
import tomllib
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from defusedxml.ElementTree import fromstring

from models.decision import Content
from models.errors import InputRefused
from models.law.choices import HOLD_BACK, held_back
from office.intake.authority_page import read_text
from office.publication.showing import PublishingShowing
from procedures.be_umn.agency_page.reading import page_language, read_page
from procedures.be_umn.law.conditions import PUBLICATION_GAP
from procedures.be_umn.law.conditions import PUBLICATION_GAP as GAP
from procedures.be_umn.public import REGISTER
from procedures.be_umn.words import Phase
from register import database, summaries
from register.public import LANGUAGES
from register.publications import newest
from register.publishing import difference, publish
from register.site import TEMPLATES, Frame
from register.summaries import Summary
from tests.site.conftest import AGENCY, FIRST, NOW, PROGRAMMES, TODAY, enters

PAGES = ("index.html", "changes.html", "programmes/CUP-2026-001.html", "programmes/CUP-2026-003.html")
LATER = NOW + timedelta(days=1, hours=1)
ATOM = "{http://www.w3.org/2005/Atom}"


class Links(HTMLParser):
    """The addresses a page refers to, its tags, and its text."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.tags: list[str] = []
        self.text = ""
        self.feed(path.read_text())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        assert not [name for name, _ in attrs if name.startswith("on") or name == "style"]
        self.found |= {value or "" for name, value in attrs if name in ("href", "src")}

    def handle_data(self, data: str) -> None:
        self.text += data


def every(site: Path) -> dict[str, bytes]:
    return {str(p.relative_to(site)): p.read_bytes() for p in sorted(site.rglob("*")) if p.is_file()}


def test_of_programmes_that_lack_a_language_as_before_only_their_number_is_told(copied, tmp_path, capsys):
    publish(copied, tmp_path / "site", AGENCY, NOW, hold_back=False)
    said = [Summary("de", indication="Erwachsene")]
    summaries.keep(copied, "MNP-2026-001", said, translates="huiduitslag die niet bestaat", by="Ann", at=NOW)
    told = publish(copied, tmp_path / "site", AGENCY, LATER, hold_back=False)
    PublishingShowing("table").published([told])
    lines = [line for line in capsys.readouterr().out.splitlines() if "gap" in line]
    assert lines[0].startswith("published with a gap: MNP-2026-001 lacks indication (fr)")
    assert lines[1:] == ["published with a gap, as before: 5 more; `umn publish --gaps` names them"]
    PublishingShowing("table").published([told], gaps=True)
    named = [line.split()[4] for line in capsys.readouterr().out.splitlines() if "gap" in line]
    assert sorted(named) == sorted(number for number, *_ in PROGRAMMES)


def test_the_same_register_gives_the_same_bytes(copied, site, tmp_path):
    publish(copied, tmp_path / "again", AGENCY, NOW, hold_back=False)
    assert every(tmp_path / "again" / "current") == every(site)


def test_every_language_has_the_same_pages(site):
    named = [{str(p.relative_to(site / t)) for p in (site / t).rglob("*.*")} for t in LANGUAGES]
    assert named == [named[0]] * len(LANGUAGES)
    assert {f"programmes/{number}.html" for number, *_ in PROGRAMMES} < named[0]


def test_every_link_leads_to_a_file_of_the_site(site):
    pages = list(site.rglob("*.html"))
    assert len(pages) == 2 + len(LANGUAGES) * (2 + len(PROGRAMMES))
    for page in pages:
        for link in Links(page).found - {"tel:+3220000009"}:
            assert not re.match(r"[a-z]+:|//", link), f"{page}: {link}"
            base = site if link.startswith("/") else page.parent
            name = unquote(link.partition("#")[0].lstrip("/"))
            assert link.startswith("#") or (base / name).is_file(), f"{page}: {link}"


def test_each_row_says_what_kind_of_programme_it_is_and_each_page_whom_to_ask(site):
    lists = (site / "en" / "index.html").read_text()
    rows = dict(re.findall(r'<tr data-number="([^"]+)"><th scope="row" data-kind="([^"]+)">', lists))
    kinds = {"CUP": "Compassionate use programme", "MNP": "Medical need programme"}
    assert rows == {number: kinds[number[:3]] for number, *_ in PROGRAMMES}
    for number, told in (("CUP-2026-001", 1), ("MNP-2026-002", 0)):  # nobody is treated in one that is closed
        page = Links(site / "fr" / "programmes" / f"{number}.html")
        assert page.text.count("Le médecin qui souhaite traiter un patient") == told
        assert "The agency, +32 2 000 00 09" in page.text
        assert "tel:+3220000009" in page.found
    told = json.loads((site / "register.json").read_text())["programmes"]
    assert {one["number"]: one["procedure"] for one in told} == {n: n[:3] for n, *_ in PROGRAMMES}


def test_no_page_holds_a_script_or_a_style_of_its_own(site):
    for page in site.rglob("*.html"):
        text = page.read_text()
        assert "default-src 'none'" in text
        assert not re.search(r"<style|<script(?! src=\"\.\./lists\.js\" defer></script>)", text), page


def test_what_a_person_typed_is_shown_and_never_markup(site):
    for language in LANGUAGES:
        page = Links(site / language / "programmes" / "CUP-2026-003.html")
        assert "script" not in page.tags
        assert '<script>alert(1)</script> & "quoted" {{ 7*7 }} \'' in page.text
        assert "\u202e" not in page.text
        fromstring((site / language / "changes.atom").read_bytes())


def test_no_cell_of_the_spreadsheet_begins_a_formula(site):
    rows = list(csv.reader((site / "register.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert len(rows) == 1 + len(PROGRAMMES)
    cells = [cell for row in rows for cell in row]
    assert [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))] == []
    assert any(cell.startswith("'=1+1") for cell in cells)


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "|", "%", "\uff1d", "\uff0b", "\uff0d", "\uff20"])
def test_a_name_that_begins_as_a_formula_is_text_in_the_spreadsheet(tmp_path, sign):
    url = f"sqlite:///{tmp_path / 'register.db'}"
    database.migrate(url)
    enters(url, "CUP-2026-001", 1, Phase.AUTHORISED, f"{sign}1", "een", "ziekte", day=1)
    publish(url, tmp_path / "site", AGENCY, NOW, hold_back=False)
    assert f",'{sign}1," in (tmp_path / "site" / "current" / "register.csv").read_text(encoding="utf-8-sig")
    database.engine(url).dispose()


def test_the_data_is_as_its_schema_says(site):
    from jsonschema import Draft202012Validator

    schema = json.loads((site / "register.schema.json").read_text())
    Draft202012Validator.check_schema(schema)
    document = json.loads((site / "register.json").read_text())
    Draft202012Validator(schema).validate(document)
    assert [p["number"] for p in document["programmes"] if p["gaps"] == ["de"]] == ["CUP-2026-001"]


def test_the_feed_tells_every_change_since_the_publication_before_once(site):
    for language in LANGUAGES:
        feed = fromstring((site / language / "changes.atom").read_bytes())
        entries = feed.findall(f"{ATOM}entry")
        updated = [entry.findtext(f"{ATOM}updated") for entry in entries]
        assert len({entry.findtext(f"{ATOM}id") for entry in entries}) == len(entries) == len(PROGRAMMES)
        assert feed.findtext(f"{ATOM}updated") == updated[0] == "2026-11-22T08:00:00.000+00:00"


@pytest.mark.parametrize("language", ["nl", "fr", "en"])
def test_our_page_is_read_as_the_agencys_page_is(site, language):
    text = read_text(site / language / "index.html")
    assert page_language(text) == language
    read = {row.trade_name: (row.public_list, row.last_update) for row in read_page(text, TODAY)}
    assert len(read) == len(PROGRAMMES)
    assert read["Proefix"][0] == "suspended"
    assert read["Sluitium"][0] == "closed"


def test_what_a_decision_states_reads_as_a_sentence_in_each_language(copied, tmp_path):
    number, *product, _ = PROGRAMMES[0]
    content = Content(until_on=date(2029, 6, 1), elements={}, protocol="version 1.0")
    enters(copied, number, 2, Phase.AUTHORISED, *product, day=20, content=content)
    publish(copied, tmp_path / "site", AGENCY, NOW, hold_back=False)
    for language, until, by_protocol in (
        ("en", "until and including 1 June 2029", "as in the protocol that was filed (version 1.0)"),
        ("nl", "tot en met 1 juni 2029", "zoals in het ingediende protocol (version 1.0)"),
        ("fr", "jusqu’au 1er juin 2029 inclus", "comme dans le protocole introduit (version 1.0)"),
        ("de", "bis einschließlich 1. Juni 2029", "wie im eingereichten Protokoll (version 1.0)"),
    ):
        page = tmp_path / "site" / "current" / language / "programmes" / f"{number}.html"
        text = re.sub(r"\s+", " ", Links(page).text)
        assert until in text
        assert by_protocol in text


def test_a_gap_is_marked_in_the_language_of_the_page(site):
    zomaar = "programmes/CUP-2026-002.html"
    assert "Non disponible en français ; affiché en néerlandais." in Links(site / "fr" / zomaar).text
    assert "Nicht auf Deutsch verfügbar; gezeigt auf Niederländisch." in Links(site / "de" / zomaar).text
    assert "beschikbaar" not in Links(site / "nl" / zomaar).text
    assert '<dd lang="nl">kinderen' in (site / "fr" / zomaar).read_text()


def test_a_reader_is_shown_the_same_language_instead_for_indication_and_summary_and_told(site):
    """German is nowhere; every page, the changes and the feed show English, and say no more than that."""
    page = (site / "de" / "programmes" / "CUP-2026-001.html").read_text()
    told = "Nicht auf Deutsch verfügbar; gezeigt auf Englisch."
    assert page.count(told) == 2
    assert '<dd lang="en">adults' in page
    assert '<div class="prose" lang="en">' in page
    for name in ("index.html", "changes.html"):
        _, line = (site / "de" / name).read_text().split("voorbeeldinib")
        assert 'lang="en">adults' in line
        assert told in line
    feed = fromstring((site / "de" / "changes.atom").read_bytes())
    (entry,) = [e for e in feed.findall(f"{ATOM}entry") if "Voorbeeldra" in e.findtext(f"{ATOM}title")]
    assert entry.find(f"{ATOM}summary").get("{http://www.w3.org/XML/1998/namespace}lang") == "en"


def test_a_text_of_which_nobody_stated_the_language_is_said_to_be_one(tmp_path):
    url = f"sqlite:///{tmp_path / 'register.db'}"
    database.migrate(url)
    enters(url, "CUP-2026-001", 1, Phase.AUTHORISED, "Een", "een", "ziekte", day=1)
    publish(url, tmp_path / "site", AGENCY, NOW, hold_back=False)
    page = (tmp_path / "site" / "current" / "en" / "programmes" / "CUP-2026-001.html").read_text()
    assert '<dd lang="">ziekte <small class="gap" lang="en">The language of this text is not known.' in page
    database.engine(url).dispose()


def test_what_lacks_a_language_is_not_published_where_the_clause_holds_it_back(copied, tmp_path):
    publish(copied, tmp_path / "site", AGENCY, NOW, hold_back=False)
    told = publish(copied, tmp_path / "site", AGENCY, LATER, hold_back=True)
    assert told.programmes == 1
    assert set(told.gone) == set(told.held_back) == {number for number, *_ in PROGRAMMES[1:]}
    current = tmp_path / "site" / "current"
    assert "Zomaar" not in (current / "register.json").read_text() + (current / "nl/index.html").read_text()


def test_a_programme_that_is_no_longer_published_keeps_its_address_and_says_so(copied, tmp_path):
    publish(copied, tmp_path / "site", AGENCY, NOW, hold_back=False)
    publish(copied, tmp_path / "site", AGENCY, LATER, hold_back=True)
    current = tmp_path / "site" / "current"
    page = Links(current / "en" / "programmes" / "CUP-2026-002.html")
    assert "This programme is not published at present." in page.text
    assert "Samenvatting" not in page.text
    assert "kinderen" not in page.text
    feed = (current / "en" / "changes.atom").read_text()
    assert "No longer published: Zomaar (zomarab)" in feed


def test_the_changes_say_what_was_added_moved_and_changed_since_the_publication_before(copied, tmp_path):
    publish(copied, tmp_path / "site", AGENCY, NOW, hold_back=False)
    _, name, substance, indication, _ = PROGRAMMES[1]
    said = [Summary("fr", "Résumé.", "enfants"), Summary("de", "Text.")]
    summaries.keep(copied, "CUP-2026-002", said, translates=indication, by="Ann", at=NOW)
    enters(copied, "CUP-2026-002", 2, Phase.SUSPENDED, name, substance, indication, day=20)
    enters(copied, "MNP-2026-001", 3, Phase.SUSPENDED, "Anders", *PROGRAMMES[3][2:4], day=21)
    publish(copied, tmp_path / "site", AGENCY, LATER, hold_back=False)
    text = " ".join(Links(tmp_path / "site" / "current" / "en" / "changes.html").text.split())
    assert "23 November 2026, 10:00 Since the publication of 22 November 2026, 09:00:" in text
    assert "22 November 2026, 09:00 Since the publication of 20 November 2026, 03:00:" in text
    assert "Suspended Zomaar zomarab from “Authorised” to “Suspended”" in text
    assert "Changed: indication (French), summary (French, German) enfants" in text
    assert "Updated Anders testamab Changed: commercial name, last update huid" in text
    assert "Closed Sluitium closurestat from “Authorised” to “Closed”" in text
    assert "First publication of the lists: 2 programmes." in text


def test_a_line_of_the_changes_is_never_rewritten_by_what_comes_later(copied, tmp_path):
    publish(copied, tmp_path / "site", AGENCY, NOW, hold_back=False)
    enters(copied, "MNP-2026-002", 3, Phase.CLOSED, "Newname", "closurestat", "een andere ziekte", day=21)
    publish(copied, tmp_path / "site", AGENCY, LATER, hold_back=False)
    text = Links(tmp_path / "site" / "current" / "en" / "changes.html").text
    assert re.search(r"Closed\s+Sluitium", text)
    assert re.search(r"Updated\s+Newname", text)


def test_publishing_the_same_again_keeps_no_publication_and_writes_nothing(copied, tmp_path):
    for folder in ("one", "two"):
        publish(copied, tmp_path / folder, AGENCY, NOW, hold_back=False)
    again = publish(copied, tmp_path / "one", AGENCY, LATER, hold_back=False)
    assert (again.published, again.lines, again.files) == (False, (), 0)
    assert [one.number for one in newest(copied, REGISTER, 100)] == [2, 1]
    assert every(tmp_path / "one" / "current") == every(tmp_path / "two" / "current")


def test_a_publication_that_was_kept_and_not_written_is_written_by_the_next(copied, tmp_path, monkeypatch):
    with monkeypatch.context() as machine:
        machine.setattr("register.publishing._written", lambda *_: 1 / 0)  # the machine dies between the two
        with pytest.raises(ZeroDivisionError):
            publish(copied, tmp_path / "site", AGENCY, NOW, hold_back=False)
    told = publish(copied, tmp_path / "site", AGENCY, LATER, hold_back=False)
    assert (told.published, told.lines) == (True, ())
    publish(copied, tmp_path / "other", AGENCY, LATER, hold_back=False)
    feed = (tmp_path / "site" / "current" / "nl" / "changes.atom").read_text()
    assert f"{NOW:%Y-%m-%dT%H:%M}" in feed
    assert f"{LATER:%Y-%m-%dT%H:%M}" not in feed


def test_two_publications_at_once_keep_one(copied, tmp_path):
    with ThreadPoolExecutor(4) as threads:
        told = list(
            threads.map(lambda n: publish(copied, tmp_path / f"{n}", AGENCY, NOW, hold_back=False), range(4))
        )
    assert sum(bool(one.lines) for one in told) == 1
    assert [one.number for one in newest(copied, REGISTER, 100)] == [2, 1]


def test_where_it_stands_is_said_where_a_link_must_be_absolute(copied, site, tmp_path):
    url = "https://register.example/umn/"
    publish(copied, tmp_path, Frame(REGISTER, "The agency", url), NOW, hold_back=False)
    feed = fromstring((tmp_path / "current" / "fr" / "changes.atom").read_bytes())
    assert {link.get("href").partition("fr/")[0] for link in feed.iter(f"{ATOM}link")} == {url}
    schema = json.loads((tmp_path / "current" / "register.schema.json").read_text())
    assert schema.pop("$id") == f"{url}register.schema.json"
    assert schema == json.loads((site / "register.schema.json").read_text())
    assert f'href="{url}nl/index.html"' in (tmp_path / "current" / "404.html").read_text()


def test_entries_of_two_languages_are_two_entries(site):
    ids = [
        i.text
        for t in LANGUAGES
        for i in fromstring((site / t / "changes.atom").read_bytes()).iter(f"{ATOM}id")
    ]
    assert len(set(ids)) == len(ids)


def test_a_new_layout_is_told_apart_from_a_change_of_the_register(copied, tmp_path):
    publish(copied, tmp_path / "site", AGENCY, NOW, hold_back=False)
    told = difference(copied, tmp_path / "site", AGENCY, LATER, hold_back=False)
    assert not told.rewritten
    told = difference(copied, tmp_path / "site", Frame(REGISTER, "Another name"), LATER, hold_back=False)
    assert (told.rewritten, told.differs) == (True, False)


def test_a_summary_keeps_its_lists_and_headings_and_nothing_else_is_read_into_it(copied, tmp_path):
    text = (
        "Wie kan\n\ndeelnemen aan\nhet programma:\n- volwassenen\n  met <b>koorts</b>\n- kinderen\n\n"
        "3. eerst\n4. dan\n\nEinde zonder punt"
    )
    said = [Summary("nl", text)]
    summaries.keep(copied, "CUP-2026-002", said, translates=PROGRAMMES[1][3], by="Ann", at=NOW)
    publish(copied, tmp_path / "site", AGENCY, NOW, hold_back=False)
    page = (tmp_path / "site" / "current" / "nl" / "programmes" / "CUP-2026-002.html").read_text()
    prose = "".join(page.partition('<div class="prose">')[2].partition("</div>")[0].split("\n"))
    assert prose == (
        "<h3>Wie kan</h3><p>deelnemen aan het programma:</p>"
        "<ul><li>volwassenen met &lt;b&gt;koorts&lt;/b&gt;</li><li>kinderen</li></ul>"
        '<ol start="3"><li>eerst</li><li>dan</li></ol><p>Einde zonder punt</p>'
    )


def test_the_clause_says_one_of_two_things_or_is_refused():
    from dataclasses import replace

    from models.errors import NoRuleInForce

    def with_text(text: str):
        return replace(GAP, values=(replace(PUBLICATION_GAP.values[0], value=text),))

    assert not held_back(GAP, TODAY)
    assert held_back(with_text(HOLD_BACK), TODAY)
    with pytest.raises(NoRuleInForce, match="neither"):
        held_back(with_text("perhaps"), TODAY)


def test_what_stands_already_is_left_as_it_is(copied, tmp_path):
    first = publish(copied, tmp_path, AGENCY, NOW, hold_back=False)
    link = (tmp_path / "current").lstat().st_ino
    again = publish(copied, tmp_path, AGENCY, NOW, hold_back=False)
    assert (first.published, again.published, again.differs) == (True, False, False)
    assert (tmp_path / "current").lstat().st_ino == link


def test_a_difference_is_told_and_nothing_is_written(copied, tmp_path):
    told = difference(copied, tmp_path / "new", AGENCY, NOW, hold_back=False)
    assert len(told.added) == len(PROGRAMMES) - len(FIRST)
    assert told.moved == ("MNP-2026-002",)
    assert [one.number for one in newest(copied, REGISTER, 100)] == [1]
    assert not (tmp_path / "new").exists()


def test_a_folder_that_holds_something_else_is_refused_and_untouched(copied, tmp_path):
    (tmp_path / "thesis.odt").write_text("mine")
    with pytest.raises(InputRefused, match=r"thesis\.odt"):
        publish(copied, tmp_path, AGENCY, NOW, hold_back=False)
    assert [path.name for path in tmp_path.iterdir() if path.name != ".lock"] == ["thesis.odt"]


def test_a_publication_that_breaks_off_leaves_what_stood(copied, tmp_path, monkeypatch):
    publish(copied, tmp_path, AGENCY, NOW, hold_back=False)
    before = every(tmp_path / "current")
    monkeypatch.setattr("register.publishing.os.sync", lambda: 1 / 0)  # the machine dies before the rename
    with pytest.raises(ZeroDivisionError):
        publish(copied, tmp_path, Frame(REGISTER, "Another name"), NOW, hold_back=False)
    assert every(tmp_path / "current") == before


def test_a_half_removed_version_never_becomes_the_one_that_is_served(copied, tmp_path, monkeypatch):
    names = iter(["One", "Two", "Three", "One"])

    def publishes() -> Any:
        return publish(copied, tmp_path, Frame(REGISTER, next(names)), NOW, hold_back=False)

    publishes()
    whole = every(tmp_path / "current")

    def dies(path: Path, **_: Any) -> None:
        """The machine dies while an old version is removed: some of its files are gone."""
        if some := list(path.rglob("*.html"))[:3]:
            for page in some:
                page.unlink()
            raise KeyboardInterrupt

    with monkeypatch.context() as machine:
        publishes()
        machine.setattr("register.publishing.shutil.rmtree", dies)
        with pytest.raises(KeyboardInterrupt):
            publishes()
    assert (tmp_path / "current").resolve().is_dir()
    publishes()
    assert every(tmp_path / "current") == whole
    assert list(tmp_path.glob(".new-*")) == []


def test_a_version_that_stands_but_is_not_served_is_not_trusted(copied, tmp_path):
    publish(copied, tmp_path, Frame(REGISTER, "One"), NOW, hold_back=False)
    whole = every(tmp_path / "current")
    publish(copied, tmp_path, Frame(REGISTER, "Two"), NOW, hold_back=False)
    (old,) = [p for p in (tmp_path / "versions").iterdir() if p != (tmp_path / "current").resolve()]
    (old / "register.json").unlink()
    publish(copied, tmp_path, Frame(REGISTER, "One"), NOW, hold_back=False)
    assert every(tmp_path / "current") == whole


def test_a_reader_never_sees_half_of_a_publication(tmp_path):
    """While lists move back and forth, each reading finds one version, whole."""
    url = f"sqlite:///{tmp_path / 'register.db'}"
    database.migrate(url)
    enters(url, "CUP-2026-001", 1, Phase.AUTHORISED, "Een", "een", "ziekte", day=1)
    folder = tmp_path / "site"
    publish(url, folder, AGENCY, NOW, hold_back=False)
    done, broken = threading.Event(), []

    def reads() -> None:
        while not done.is_set():
            version = (folder / "current").resolve()
            words = [(version / t / "programmes" / "CUP-2026-001.html").read_text() for t in LANGUAGES]
            moves = {text.count("<li><time") for text in words}
            if len(moves) != 1 or not (version / "nl" / "changes.atom").read_text().endswith("</feed>\n"):
                broken.append(moves)

    reader = threading.Thread(target=reads)
    reader.start()
    try:
        for sequence in range(2, 5):
            phase = (Phase.SUSPENDED, Phase.AUTHORISED)[sequence % 2]
            enters(url, "CUP-2026-001", sequence, phase, "Een", "een", "ziekte", day=sequence)
            told = publish(url, folder, AGENCY, NOW, hold_back=False)
            assert told.published
            assert told.moved == ("CUP-2026-001",)
    finally:
        done.set()
        reader.join()
    assert broken == []
    assert len(list((folder / "versions").iterdir())) == 2
    database.engine(url).dispose()


def test_every_language_has_every_word():
    words = [tomllib.loads((TEMPLATES / f"words.{t}.toml").read_text()) for t in LANGUAGES]
    named = [{table: set(some) for table, some in one.items()} for one in words]
    assert named == [named[0]] * len(LANGUAGES)


def test_an_empty_register_is_published_as_three_empty_lists(tmp_path):
    url = f"sqlite:///{tmp_path / 'register.db'}"
    database.migrate(url)
    publish(url, tmp_path / "site", AGENCY, NOW, hold_back=False)
    text = (tmp_path / "site" / "current" / "nl" / "index.html").read_text()
    assert text.count("Er staat geen programma op deze lijst.") == 3
    assert read_page(text, TODAY) == []
    database.engine(url).dispose()
