"""Packages, documents and forms as they came in from outside: what is taken in, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from models.errors import PackageRefused
from models.reasons import Reason
from office.intake.contents import Contents
from office.intake.filled_forms import check
from office.intake.package import read_package
from office.settings import Settings

CASES = Path(__file__).resolve().parents[3] / "shared" / "cases"

pytestmark = pytest.mark.skipif(not CASES.is_dir(), reason="the cases lie beside the project")


@pytest.mark.parametrize(
    ("case", "left_by"),
    [
        ("zip-hidden-files/04-DS_Store.zip", "macos"),
        ("zip-hidden-files/05-__MACOSX.zip", "macos"),
        ("zip-hidden-files/06-Thumbs.db.zip", "windows"),
        ("zip-hidden-files/07-desktop.ini.zip", "windows"),
        ("zip-hidden-files/08-office-lock.zip", "office"),
        ("zip-accents/42-infozip-utf8.zip", None),
    ],
)
def test_a_package_is_taken_in_without_what_a_system_left_in_it(case: str, left_by: str | None) -> None:
    package = read_package(CASES / case)
    assert [f.part for f in package.findings if f.check == "P-14"] == ([left_by] if left_by else [])
    assert not any("DS_Store" in f.name or "MACOSX" in f.name or "~$" in f.name for f in package.files)


@pytest.mark.parametrize(
    ("case", "reason", "advice"),
    [
        ("zip-hidden-files/09-comment.zip", "junk-after", "zip it without one"),
        ("zip-accents/14-accents-cp437.zip", "name-not-utf8", "use plain letters"),
    ],
)
def test_what_has_two_readings_is_refused_with_what_to_do(case: str, reason: str, advice: str) -> None:
    with pytest.raises(PackageRefused) as refused:
        read_package(CASES / case)
    assert refused.value.code == reason
    assert advice in refused.value.message


@pytest.mark.parametrize(
    ("case", "calls"),
    [
        ("02-hyperlink.docx", False),
        ("03-attached-template.docx", False),
        ("40-remote-template.docx", True),
        ("41-smb-template.docx", True),
        ("42-remote-ole.docx", True),
        ("43-frame.docx", True),
        ("46-smb-image.docx", True),
        ("54-ddeauto.docx", True),
    ],
)
def test_a_document_that_calls_something_is_refused_by_what_it_calls(case: str, calls: bool) -> None:
    look = Contents(Settings()).look(case)
    look.feed((CASES / "docx-remote-template" / case).read_bytes())
    problem = look.problem()
    assert (problem is not None and problem.reason is Reason.ACTIVE_CONTENT) is calls


def test_questions_that_an_answer_closes_are_not_asked() -> None:
    about, problems = check(CASES / "form-asks-closed-questions" / "01-base.xlsx")
    assert problems == []
    (asked,) = about["unanswered"]
    assert asked.endswith("(application.centralised_scope)")


@pytest.mark.parametrize("case", ["03-spaces-case", "06-date-fr", "16-et", "17-newlines", "29-en-yes"])
def test_answers_are_read_as_people_type_them(case: str) -> None:
    about, problems = check(CASES / "form-messages" / f"{case}.xlsx")
    assert (about["language"], problems) == ("fr", [])


def test_an_address_of_a_domain_with_accents_is_taken_as_mail_is_sent_to_it() -> None:
    _, problems = check(CASES / "address-taken-but-not-written-to" / "41-email-idn.xlsx")
    assert problems == []
