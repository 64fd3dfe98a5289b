from __future__ import annotations

import shutil
import time
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from tests.cli.desk import IMPORT, SAMPLES, Desk
from tests.intake.hostile import Piece, with_one

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
    summary = next((completion / "03_summary-publication").glob("*"))
    summary.write_text(f"a summary that only {number} has\n")
    assert desk.asks("submit", str(completion), "-o", "json").ended(3).document["error"] == "UntimelyAct"
    unwanted = sha256(summary.read_bytes()).hexdigest()
    assert [file for file in desk.settings.documents.rglob("*") if file.name == unwanted] == []
    lost = desk.package(tmp_path, "cup-completion", dossier="CUP-1999-001")
    desk.asks("submit", str(lost), "-o", "json").ended(4)


def test_a_package_received_tomorrow_is_refused(desk: Desk, tmp_path: Path) -> None:
    answer = desk.asks("submit", str(desk.package(tmp_path, days_ago=-2)), "-o", "json").ended(2)
    assert "today is" in answer.document["message"]


def test_what_is_no_package_is_refused_with_every_reason(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "here" / "photos").mkdir(parents=True)
    (tmp_path / "here" / "photos" / "one.jpg").write_bytes(b"x")
    (tmp_path / "broken.zip").write_bytes(b"no zip at all")
    folder, broken = desk.types_all(
        ("submit", str(tmp_path / "here"), "-o", "json"),
        ("submit", str(tmp_path / "broken.zip"), "-o", "json"),
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
    assert [(s["number"], s["title"], s["authorised_on"]) for s in after] == [
        (s["number"], s["title"], s["authorised_on"]) for s in before
    ]
    assert [state["number"] for state in after] == sorted(first["programmes"])
    assert all(state["assumed"] and not state["review_on"] for state in after)


def at_rest(desk: Desk) -> list[dict[str, Any]]:
    """The list once it stands still: programmes just taken over still enter what fell due long ago."""
    seen: list[Any] = [desk.does("list")]
    while len(seen) < 4 or any(listed != seen[-1] for listed in seen[-4:]):
        assert len(seen) < 100
        time.sleep(0.5)
        seen.append(desk.does("list"))
    return list(seen[-1])


def test_a_page_with_an_impossible_day_takes_nothing_over(desk: Desk, tmp_path: Path) -> None:
    text = (SAMPLES / "agency-page-nl.txt").read_text("utf-8")
    assert "18/01/2022" in text
    page = tmp_path / "page.txt"
    page.write_text(text.replace("18/01/2022", "30/02/2024", 1))
    before = at_rest(desk)

    answer = desk.asks("import-register", str(page), *IMPORT[2:], "-o", "json").ended(2)

    assert "Line " in answer.document["message"]
    assert "30/02/2024" in answer.document["message"]
    assert desk.does("list") == before


def test_lists_are_filtered_and_overdue_comes_first(desk: Desk, tmp_path: Path) -> None:
    number = desk.submits(tmp_path)
    found = desk.does("list", "--kind", "application", "--phase", "admissibility", "--holder", "EXEMPLAR")
    assert number in [state["number"] for state in found]
    assert number not in [state["number"] for state in desk.does("list", "--kind", "programme")]
    assert number in [state["number"] for state in desk.does("due", "30")]
    table = desk.asks("list", "--phase", "admissibility").ended(0)
    assert number in table.out
    assert table.err == ""


def test_where_the_forms_disagree_a_person_chooses_the_reading(desk: Desk, tmp_path: Path) -> None:
    package = desk.package(tmp_path, "mnp-application")
    cover = package / "00_cover-letter" / "cover-letter.json"
    cover.write_text(cover.read_text("utf-8").replace('"application"', '"answers"'), encoding="utf-8")
    refused = desk.asks("submit", str(package), "-o", "json").ended(2).document
    assert refused["code"] == "P-12"
    assert [command.rpartition(" ")[2] for command in refused["possible"]] == ["application", "answers"]
    assert "To the applicant (nl): De formulieren noemen verschillende zaken." in refused["message"]

    filed = desk.does("submit", str(package), "--kind", "application")
    (finding,) = filed["findings"]
    assert finding.startswith("P-12-type (warn): ")
    assert desk.does("submit", str(package), "--kind", "application")["number"] == filed["number"]


def test_a_package_taken_in_is_not_read_another_way_afterwards(desk: Desk, tmp_path: Path) -> None:
    package = desk.package(tmp_path, "mnp-application")
    form = next(package.rglob("form.json"))
    form.write_text(form.read_text("utf-8").replace('"MNP"', '"CUP"', 1), encoding="utf-8")
    filed = desk.does("submit", str(package), "--procedure", "MNP")
    entries = desk.sees(filed["number"])["entries"]

    refused = desk.asks("submit", str(package), "--procedure", "CUP", "-o", "json").ended(2).document

    assert f"taken in as {filed['number']}" in refused["message"]
    assert desk.sees(filed["number"])["entries"] == entries
    assert desk.does("submit", str(package), "--procedure", "MNP") == filed


def test_a_declaration_of_incompleteness_starts_from_the_findings(desk: Desk, tmp_path: Path) -> None:
    number = desk.submits(tmp_path)
    desk.asks("declare-incomplete", number, "--strike", "P-07-fr: by post", "-o", "json").ended(2)
    desk.does("declare-incomplete", number)
    (finding,) = desk.sees(number)["entries"][-1]["facts"]["findings"]
    assert (finding["check"], finding["part"]) == ("P-07", "fr")

    completion = desk.package(tmp_path, "cup-completion", dossier=number)
    desk.does("submit", str(completion))
    nothing = desk.asks("declare-incomplete", number, "-o", "json").ended(2)
    assert "left to ask" in nothing.document["message"]
    assert "finding P-07" not in desk.asks("show", number).out


def test_a_rule_is_judged_and_shown(desk: Desk, tmp_path: Path) -> None:
    number = desk.submits(tmp_path)
    assert "E-01 to be judged" in desk.asks("show", number).out
    desk.does("judge", number, "--rule", "E-01", "--verdict", "pass", "--grounds", "It is life-threatening.")
    assert "judged by Case officer A: It is life-threatening." in desk.asks("show", number).out


def test_a_hostile_package_leaves_nothing_and_a_good_one_goes_through(desk: Desk, tmp_path: Path) -> None:
    def held() -> tuple[int, int, int]:
        store = sum(1 for file in (desk.settings.documents).rglob("*") if file.is_file())
        return store, len(desk.does("list")), len(desk.does("refused-packages"))

    before = held()
    unseen = tmp_path / "bad\x1b[2J.zip"
    unseen.write_bytes(with_one(Piece("../evil.txt", b"evil")))
    told = desk.asks("submit", str(unseen), "-o", "json").ended(2).document
    assert told["error"] == "InputRefused"
    assert "U+001B" in told["message"]
    assert "\x1b" not in told["message"]
    assert held() == before

    bad = unseen.rename(tmp_path / "bad.zip")
    answer = desk.asks("submit", str(bad), "-o", "json").ended(2)
    assert (answer.document["error"], answer.document["code"]) == ("PackageRefused", "path-traversal")
    assert held() == (before[0], before[1], before[2] + 1)
    fact = desk.does("refused-packages")[0]
    assert (fact["code"], fact["by"], fact["sha256"]) == (
        "path-traversal",
        desk.by,
        sha256(bad.read_bytes()).hexdigest(),
    )
    assert fact["name"] == "bad.zip"
    assert "path-traversal" in desk.asks("refused-packages").ended(0).out

    number = desk.submits(tmp_path)
    assert desk.sees(number)["entry"] == 1
    desk.asks("submit", str(bad)).ended(2)
    assert held()[1:] == (before[1] + 1, before[2] + 2)


def test_platform_and_agency_each_have_their_instant_of_receipt(desk: Desk, tmp_path: Path) -> None:
    began = datetime.now(UTC)
    facts = desk.sees(desk.submits(tmp_path, days_ago=3))["entries"][0]["facts"]
    delivered, taken_in = (datetime.fromisoformat(facts[name]) for name in ("delivered_at", "taken_in_at"))
    assert delivered.date() == (began - timedelta(days=3)).date()
    assert began <= taken_in <= datetime.now(UTC)


def test_a_delivery_file_beside_its_archive_is_the_same_dossier_as_the_folder(
    desk: Desk, tmp_path: Path
) -> None:
    package = desk.package(tmp_path)
    delivery = next(package.glob("*.xml"))
    beside = tmp_path / "beside"
    beside.mkdir()
    shutil.copytree(package, tmp_path / "rest", ignore=shutil.ignore_patterns("*.xml"))
    shutil.make_archive(str(beside / "documents of the firm"), "zip", tmp_path / "rest")
    shutil.copy(delivery, beside)
    number = desk.does("submit", str(beside / delivery.name))["number"]
    assert desk.does("submit", str(beside))["number"] == number
    assert desk.does("submit", str(package))["number"] == number


def test_another_content_under_a_used_delivery_number_has_its_code(desk: Desk, tmp_path: Path) -> None:
    package = desk.package(tmp_path)
    desk.does("submit", str(package))
    (package / "02_protocol" / "annex-iii-protocol.txt").write_text("another protocol\n")
    answer = desk.asks("submit", str(package), "-o", "json").ended(2)
    assert answer.document["code"] == "delivery-number-used"


def test_documents_are_listed_written_out_and_verified(desk: Desk, tmp_path: Path) -> None:
    package = desk.package(tmp_path)
    number = desk.does("submit", str(package))["number"]
    listed = desk.does("documents", number)
    filed = {d["name"]: d["sha256"] for d in listed if not d["letter"]}
    files = {f.relative_to(package).as_posix(): f for f in package.rglob("*") if f.is_file()}
    assert filed == {name: sha256(file.read_bytes()).hexdigest() for name, file in files.items()}
    assert number not in desk.asks("documents", number).ended(0).err

    out = tmp_path / "out"
    told = desk.does("documents", number, "--extract", str(out))
    assert set(told["documents"].values()) >= filed.keys()
    for name, file in files.items():
        assert (out / "entry-1" / name).read_bytes() == file.read_bytes()
    again = desk.asks("documents", number, "--extract", str(out), "-o", "json").ended(2)
    assert "not an empty folder" in again.document["message"]

    assert desk.asks("documents", "--verify").ended(0).out.endswith("The store is whole.\n")
    kept = desk.settings.documents / filed["02_protocol/annex-iii-protocol.txt"][:2]
    lost = kept / filed["02_protocol/annex-iii-protocol.txt"]
    sound = lost.read_bytes()
    lost.write_bytes(sound + b"!")
    assert desk.asks("documents", "--verify", "-o", "json").ended(5).document["changed"] == [lost.name]
    desk.asks("documents", number, "--extract", str(tmp_path / "more")).ended(5)
    assert not (tmp_path / "more").exists()
    lost.unlink()
    verified = desk.asks("documents", "--verify", "-o", "json").ended(5).document
    assert verified["whole"] is False
    assert {missing["sha256"] for missing in verified["missing"]} == {lost.name}
    desk.asks("documents", number, "--extract", str(tmp_path / "more")).ended(4)
    lost.write_bytes(sound)
    assert desk.does("documents", "--verify")["whole"] is True


@pytest.mark.parametrize(
    "words", [(), ("CUP-2026-001", "--verify"), ("--verify", "--extract", "x"), ("--extract", "x")]
)
def test_documents_says_how_it_is_asked(desk: Desk, words: tuple[str, ...]) -> None:
    answer = desk.asks("documents", *words, "-o", "json").ended(2)
    assert "documents --verify" in answer.document["possible"]
