"""The public register from the command line: taken over, published, read again, compared; and at night."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from office.connection import connect
from office.intake.authority_page import read_text
from office.publication.showing import _from_difference
from office.service.launching import wait_for
from procedures.be_umn.agency_page.reading import read_page
from tests.cli.desk import IMPORT, Desk, civil_today, eventually, office
from tests.page.test_agency_page import PAGE

ROW = "<tr data-number="


@pytest.fixture(scope="module")
def publisher(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """An operator of an office that publishes, and that took the agency's page over."""
    var = tmp_path_factory.mktemp("publisher") / "var"
    with office(var, publish_to=var / "site") as desk:
        words = ("import-register", str(PAGE)) if PAGE.exists() else IMPORT
        desk.does(*words)
        yield desk


def rows(page: Path) -> list[tuple[str, str, str, date, str]]:
    return sorted(
        (r.trade_name, r.active_substance, r.indication, r.last_update, r.public_list.value)
        for r in read_page(read_text(page), civil_today())
    )


@pytest.mark.skipif(not PAGE.exists(), reason=f"{PAGE.name} is not in ../shared/data")
@pytest.mark.parametrize("language", ["nl", "fr", "en"])
def test_the_forty_two_rows_of_the_agencys_page_come_back_as_they_went_in(publisher, tmp_path, language):
    publisher.does("publish", str(tmp_path / "site"))
    again = rows(tmp_path / "site" / "umn" / "current" / language / "index.html")
    assert again == rows(PAGE)
    assert len(again) == 42


def test_our_own_page_compared_with_our_register_differs_in_nothing(publisher, tmp_path):
    publisher.does("publish", str(tmp_path / "site"))
    page = str(tmp_path / "site" / "umn" / "current" / "nl" / "index.html")
    told = publisher.does("import-register", "--compare", page)
    assert told["differences"] == []
    assert told["same"] == told["rows"] == told["programmes"]


def test_a_later_capture_tells_what_was_added_moved_changed_and_is_missing(publisher, tmp_path):
    publisher.does("publish", str(tmp_path / "site"))
    text = (tmp_path / "site" / "umn" / "current" / "nl" / "index.html").read_text()
    missing, moved, changed = [line for line in text.splitlines(True) if line.startswith(ROW)][:3]
    added = re.sub(r"(<a [^>]*>)[^<]*", r"\1Nieuwnaam", changed).replace("<td>", "<td>ander-", 1)
    text = (
        text.replace(missing, "")
        .replace(moved, "")
        .replace(changed, changed.replace("<td>", "<td>nieuw-", 1))
    )
    head, tail = text.rsplit("<tbody>\n", 1)
    (tmp_path / "later.html").write_text(f"{head}<tbody>\n{moved}{added}{tail}")
    told = publisher.does("import-register", "--compare", str(tmp_path / "later.html"))
    assert [(one["what"], one["part"]) for one in told["differences"]] == [
        ("added", "public-list"),
        ("missing", "public-list"),
        ("moved", "public-list"),
        ("changed", "active substance"),
    ]
    spoken = publisher.asks("import-register", "--compare", str(tmp_path / "later.html")).ended(0)
    assert "look stale" in spoken.out


def test_a_renamed_product_is_one_that_changed(publisher, tmp_path):
    publisher.does("publish", str(tmp_path / "site"))
    text = (tmp_path / "site" / "umn" / "current" / "nl" / "index.html").read_text()
    line = next(one for one in text.splitlines() if ROW in one)
    renamed = re.sub(r"(<a [^>]*>)[^<]*", r"\1Nieuwnaam", line)
    (tmp_path / "later.html").write_text(text.replace(line, renamed))
    told = publisher.does("import-register", "--compare", str(tmp_path / "later.html"))
    assert [(one["what"], one["part"], one["page"]) for one in told["differences"]] == [
        ("changed", "trade name", "Nieuwnaam")
    ]


def test_what_looks_stale_does_so_on_the_day_that_the_page_names(publisher, tmp_path):
    publisher.does("publish", str(tmp_path / "site"))
    text = (tmp_path / "site" / "umn" / "current" / "nl" / "index.html").read_text()
    page = re.sub(r"(Laatste update op <time[^>]*>)[^<]*", r"\g<1>01/06/2024", text)
    (tmp_path / "later.html").write_text(page)
    told = publisher.does("import-register", "--compare", str(tmp_path / "later.html"))
    assert told["stale_before"] == "2022-06-01"


def test_texts_that_differ_are_shown_from_the_first_word_that_does():
    said = "behandeling van volwassen patiënten met een ziekte"
    assert _from_difference(said, said.replace("met", "zonder")) == (
        "… patiënten met een ziekte",
        "… patiënten zonder een ziekte",
    )
    assert _from_difference("een", "twee") == ("een", "twee")
    assert _from_difference(said, f"{said} en meer") == ("… ziekte", "… ziekte en meer")


def test_a_difference_is_told_before_anything_is_written(publisher, tmp_path):
    number = publisher.does("list", "--kind", "programme")[1]["number"]
    publisher.does("publish", str(tmp_path / "first"))
    publisher.does("summary", number, "--indication", "enfants", "--lang", "fr")
    (told,) = publisher.does("publish", str(tmp_path / "site"), "--diff", "--register", "umn")
    assert told["differs"]
    (line,) = told["lines"]
    assert (line["what"], line["number"], line["parts"]) == ("changed", number, {"indication": ["fr"]})
    assert not (tmp_path / "site").exists()
    spoken = publisher.asks("publish", str(tmp_path / "site"), "--diff").ended(0)
    assert "nothing was written" in spoken.out
    assert re.search(f"^changed {number} .+: indication \\(fr\\)$", spoken.out, re.MULTILINE)
    all_gaps = publisher.asks("publish", str(tmp_path / "site"), "--diff", "--gaps").ended(0)
    for numbers in (told["gaps"], told["held_back"]):
        assert all(gap in all_gaps.out for gap in numbers)
    publisher.does("publish", str(tmp_path / "first"))
    (again,) = publisher.does("publish", str(tmp_path / "first"), "--diff", "--register", "umn")
    assert not again["differs"]
    (told,) = publisher.does("publish", str(tmp_path / "site"), "--diff", "--register", "umn")
    assert (told["differs"], told["rewritten"]) == (False, True)


def test_a_publication_that_fails_is_named_by_status_until_one_succeeds(publisher):
    folder = publisher.settings.var / "site" / "umn"
    publisher.does("publish")
    assert publisher.does("status")["publication"]["published_at"]
    (folder / "thesis.odt").write_text("mine")
    for _ in range(2):
        publisher.asks("publish").ended(2)
    told = publisher.asks("status", "-o", "json").ended(5).document
    (problem,) = (each["sentence"] for each in told["problems"] if each["kind"] == "publication")
    assert problem.startswith("The public register was last published at 2")
    assert "it could not be published since" in problem
    assert "thesis.odt" in problem
    (folder / "thesis.odt").unlink()
    publisher.does("publish")
    assert publisher.does("status")["problems"] == []


def test_a_summary_of_the_desk_fills_a_gap(publisher, tmp_path):
    number = next(case["number"] for case in publisher.does("list", "--kind", "programme"))
    (tmp_path / "samenvatting.txt").write_text("Wie kan deelnemen?\n\nVolwassenen.")
    said = ("--lang", "nl")
    publisher.does("summary", number, str(tmp_path / "samenvatting.txt"), *said)
    assert [one["language"] for one in publisher.does("summary", number)] == ["nl"]
    (told,) = publisher.does("publish", str(tmp_path / "site"), "--register", "umn")
    assert told["gaps"][number] == ["fr", "de"]
    page = tmp_path / "site" / "umn" / "current" / "nl" / "programmes" / f"{number}.html"
    assert "<p>Volwassenen.</p>" in page.read_text()


def test_what_points_to_a_patient_is_never_kept_for_publication(publisher, tmp_path):
    number = publisher.does("list", "--kind", "programme")[0]["number"]
    (tmp_path / "text.txt").write_text("De patiënt 85.07.30-033.28 kreeg het.")
    refused = publisher.asks("summary", number, str(tmp_path / "text.txt"), "--lang", "nl")
    assert "points to a patient" in refused.ended(2).err


def test_without_a_folder_it_says_how_to_name_one(publisher):
    refused = publisher.types("publish", UMN_PUBLISH_TO="").ended(2)
    assert "publish FOLDER" in refused.err


def test_one_register_is_published_by_its_name_and_none_by_another(publisher, tmp_path):
    (told,) = publisher.does("publish", str(tmp_path / "site"), "--register", "umn")
    assert (told["register"], told["folder"]) == ("umn", str(tmp_path / "site" / "umn"))
    refused = publisher.asks("publish", str(tmp_path / "other"), "--register", "cma").ended(2)
    assert "There is no public register cma" in refused.err
    assert "publish --register umn" in refused.err
    assert not (tmp_path / "other").exists()


def test_it_is_published_every_night(publisher):
    """The schedule is there since `umn up`; the night is brought forward."""

    async def tonight() -> str:
        client = await connect(publisher.settings)
        schedule = client.get_schedule_handle("umn-desk-publication")
        spec = (await schedule.describe()).schedule.spec
        await schedule.trigger()
        return spec.time_zone_name or ""

    assert wait_for(tonight()) == "Europe/Brussels"
    data = publisher.settings.var / "site" / "umn" / "current" / "register.json"
    eventually(data.exists)
    assert len(json.loads(data.read_text())["programmes"]) == len(
        publisher.does("list", "--kind", "programme")
    )


def test_a_person_confirms_what_the_page_does_not_say_of_a_programme(publisher):
    number = next(
        case["number"]
        for case in publisher.does("list", "--kind", "programme", "--phase", "authorised")
        if case["assumed"]
    )
    since = civil_today().replace(day=1)
    said = (
        "--procedure",
        "CUP",
        "--holder",
        "Exemplar Pharma",
        "--in-force-on",
        str(since),
        "--marketing-application",
        "none",
    )
    assert "confirm-programme" not in publisher.does("confirm-programme", number, *said)["possible"]
    shown = publisher.asks("show", number).ended(0).out
    assert "Exemplar Pharma" in shown
    assert f"authorised on {since}\nnext review: " in shown  # and no longer assumed
