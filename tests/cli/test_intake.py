from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.cli.desk import IMPORT, SAMPLES, Desk

pytestmark = pytest.mark.server


def test_the_same_package_twice_is_the_same_dossier(desk: Desk, tmp_path: Path) -> None:
    package = desk.package(tmp_path)
    first = desk.does("submit", str(package))
    again = desk.does("submit", str(package))
    assert again["number"] == first["number"]
    assert again["entry"] == first["entry"] == 1
    assert [finding for finding in first["findings"] if "French" in finding] == first["findings"]


def test_a_package_and_its_zip_are_the_same_delivery(desk: Desk, tmp_path: Path) -> None:
    package = desk.package(tmp_path)
    zipped = shutil.make_archive(str(tmp_path / "zipped"), "zip", package)
    assert desk.does("submit", zipped)["number"] == desk.does("submit", str(package))["number"]


def test_another_content_under_a_used_delivery_number_is_refused(desk: Desk, tmp_path: Path) -> None:
    package = desk.package(tmp_path)
    number = desk.does("submit", str(package))["number"]
    entries = desk.sees(number)["entries"]
    (package / "02_protocol" / "annex-iii-protocol.txt").write_text("another protocol\n")

    answer = desk.asks("submit", str(package), "-o", "json").ended(2)

    assert number in answer.document["message"]
    assert desk.sees(number)["entries"] == entries


def test_another_completion_under_a_used_delivery_number_is_refused(desk: Desk, tmp_path: Path) -> None:
    number = desk.submits(tmp_path)
    desk.does("declare-incomplete", number, "--missing", "Annex IV in French")
    completion = desk.package(tmp_path, "cup-completion", dossier=number)
    first = desk.does("submit", str(completion))
    assert desk.does("submit", str(completion)) == first
    next((completion / "03_summary-publication").glob("*")).write_text("another summary\n")
    answer = desk.asks("submit", str(completion), "-o", "json")
    assert answer.code in (2, 3)
    assert "used for another" in answer.document["message"]
    assert desk.sees(number)["entry"] == 3


def test_a_completion_that_is_not_awaited_is_refused(desk: Desk, tmp_path: Path) -> None:
    number = desk.submits(tmp_path)
    completion = desk.package(tmp_path, "cup-completion", dossier=number)
    assert desk.asks("submit", str(completion), "-o", "json").ended(3).document["error"] == "UntimelyAct"
    lost = desk.package(tmp_path, "cup-completion", dossier="CUP-1999-001")
    desk.asks("submit", str(lost), "-o", "json").ended(4)


def test_a_package_received_tomorrow_is_refused(desk: Desk, tmp_path: Path) -> None:
    answer = desk.asks("submit", str(desk.package(tmp_path, days_ago=-2)), "-o", "json").ended(2)
    assert "today is" in answer.document["message"]


def test_what_is_no_package_is_refused_with_every_reason(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "one.jpg").write_bytes(b"x")
    (tmp_path / "broken.zip").write_bytes(b"no zip at all")
    folder, broken = desk.types_all(
        ("submit", str(tmp_path), "-o", "json"), ("submit", str(tmp_path / "broken.zip"), "-o", "json")
    )
    assert "photos" in folder.ended(2).document["message"]
    assert broken.ended(2).document["message"]


def test_the_page_taken_over_twice_changes_nothing_the_second_time(desk: Desk) -> None:
    first = desk.does(*IMPORT)
    assert first["new"] == first["programmes"]
    before = desk.does("list", "--kind", "programme", "--procedure", "UMN")
    second = desk.does(*IMPORT)
    assert second == {"programmes": first["programmes"], "new": []}
    after = desk.does("list", "--kind", "programme", "--procedure", "UMN")
    assert [(s["number"], s["trade_name"], s["authorised_on"]) for s in after] == [
        (s["number"], s["trade_name"], s["authorised_on"]) for s in before
    ]
    assert [state["number"] for state in after] == sorted(first["programmes"])
    assert all(state["assumed"] and state["re_evaluation_on"] for state in after)


def test_a_page_with_an_impossible_day_takes_nothing_over(desk: Desk, tmp_path: Path) -> None:
    text = (SAMPLES / "agency-page-nl.txt").read_text("utf-8")
    assert "18/01/2022" in text
    page = tmp_path / "page.txt"
    page.write_text(text.replace("18/01/2022", "30/02/2024", 1))
    before = desk.does("list")

    answer = desk.asks("import-register", str(page), *IMPORT[2:], "-o", "json").ended(2)

    assert "Line " in answer.document["message"]
    assert "30/02/2024" in answer.document["message"]
    assert desk.does("list") == before


def test_lists_are_filtered_and_overdue_comes_first(desk: Desk, tmp_path: Path) -> None:
    number = desk.submits(tmp_path)
    found = desk.does("list", "--kind", "application", "--phase", "admissibility", "--applicant", "EXEMPLAR")
    assert number in [state["number"] for state in found]
    assert number not in [state["number"] for state in desk.does("list", "--kind", "programme")]
    assert number in [state["number"] for state in desk.does("due", "30")]
    table = desk.asks("list", "--phase", "admissibility").ended(0)
    assert number in table.out
    assert table.err == ""
