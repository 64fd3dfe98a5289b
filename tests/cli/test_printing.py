"""The whole file of a case as one PDF, for a meeting."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from pdfua import validate
from pypdf import PdfReader

from activities.register import RegisterEntries
from tests.cli.desk import Desk
from tests.cli.test_due import TODAY, entry, opinion

SAYS = {
    "en": ("File of CUP-2026-001", "Where it stands", "opinion"),
    "nl": ("Bestand van CUP-2026-001", "Stand van de zaak", "advies"),
    "fr": ("Fichier de CUP-2026-001", "Où en est l’affaire", "avis"),
    "de": ("Datei zu CUP-2026-001", "Stand des Vorgangs", "Gutachten"),
}


@pytest.mark.parametrize("language", SAYS)
def test_it_says_where_the_case_stands_how_its_dates_were_counted_and_all_entries(
    nowhere: Desk, register: RegisterEntries, tmp_path: Path, language: str
) -> None:
    stopped = opinion(TODAY - timedelta(days=20), (TODAY - timedelta(days=9), TODAY - timedelta(days=2)))
    register.enter(entry("CUP-2026-001", stopped))
    into = tmp_path / "meeting.pdf"
    told = nowhere.does("show", "--print", "cup-2026-1", "--out", str(into), "--lang", language)
    assert told == {"file": str(into), "cases": ["CUP-2026-001"]}
    text = " ".join(page.extract_text() for page in PdfReader(into).pages)
    assert [said for said in (*SAYS[language], "Élan Pharma", "Novamab") if said not in text] == []
    assert stopped.clock is not None
    assert str(stopped.due_on.year if stopped.due_on else "") in text
    assert "manifest.json" not in text
    assert list(validate(str(into)).findings) == []


def test_where_and_in_which_language_is_said_of_a_print_only(
    nowhere: Desk, register: RegisterEntries, tmp_path: Path
) -> None:
    register.enter(entry("CUP-2026-001"))
    refused = nowhere.asks("show", "CUP-2026-001", "--out", str(tmp_path / "x.pdf")).ended(2)
    assert "umn show CUP-2026-001 --print" in refused.err
    nowhere.asks("show", "--print", "CUP-2026-009", "--out", str(tmp_path / "x.pdf")).ended(4)
    assert not (tmp_path / "x.pdf").exists()
