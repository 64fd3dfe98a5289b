"""`umn letter`: a letter before it leaves; nothing is sent, kept or entered."""

from __future__ import annotations

import io
import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from pypdf import PdfReader

import starter
from activities.documents import Documents
from activities.register import RegisterEntries
from models.clock import Clock
from models.entry import Entry, Letter, LetterBatch, LetterKind, OpenClock, Standing
from models.parties import Contact, Language
from office.settings import Settings
from procedures.be_umn.words import Kind, Phase, Role
from procedures.books import applicable_law
from register import laws, letters, outbox
from register.database import migrate, transaction
from register.documents import DocumentStore
from register.parties import keep
from tests.letters.letter_desk import makes
from tests.letters.sample_letters import FACTS, PRODUCT

NUMBER = "CUP-2026-014"
LAW = applicable_law("CUP", Kind.APPLICATION, date(2026, 3, 2))
CONTACT = Contact(
    name="Voorbeeld Pharma NV", language=Language.NL, email="pharma@example.org", private_undertaking=False
)


class Office:
    """An officer at the command line, and a register with one dossier that questions were sent in."""

    def __init__(self, settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
        self.settings = settings
        self._capsys = capsys

    def asks(self, *words: str) -> tuple[int, str]:
        code = starter.run(["letter", *words])
        said = self._capsys.readouterr()
        return code, said.out + said.err

    def told(self, *words: str) -> dict[str, Any]:
        code, said = self.asks(*words, "-o", "json")
        assert code == 0, said
        return json.loads(said)

    def everything(self) -> bytes:
        files = (path for path in sorted(self.settings.var.rglob("*")) if path.is_file())
        return b"".join(path.read_bytes() for path in files if not path.name.endswith(("-shm", "-wal")))


@pytest.fixture
def office(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Office:
    settings = Settings(var=tmp_path / "var")
    settings.var.mkdir()
    monkeypatch.setenv("UMN_VAR", str(settings.var))
    url = settings.register_url
    migrate(url)
    applicant = keep(url, CONTACT)
    questions = FACTS[LetterKind.QUESTIONS]["questions"]
    clock = Clock(clause="answers", limit=LAW.limit("answers"), started_on=date(2026, 3, 20))
    standing = Standing(
        kind="application",
        procedure="CUP",
        applicant=applicant,
        subject=PRODUCT.subject,
        phase=Phase.OPINION,
        possible=(),
        due_on=date(2026, 3, 30),
        clocks=(OpenClock(ref="answers", desk=Role.APPLICANT, due_on=date(2026, 3, 30), clock=clock),),
        law=LAW.digest,
    )
    entry = Entry(
        number=NUMBER,
        sequence=1,
        recorded_at=datetime(2026, 3, 20, 9, tzinfo=UTC),
        happened_on=date(2026, 3, 20),
        act="QuestionsRaised",
        by="A",
        facts={"body": "commission", "questions": questions, "days": 10},
        standing=standing,
    )
    laws.keep(url, LAW)
    RegisterEntries(url).enter(entry)
    facts = {"body": "commission", "questions": questions, "days": 10, "due_on": "2026-03-30"}
    sent = LetterBatch(
        number=NUMBER,
        entry=1,
        on=date(2026, 3, 20),
        procedure="CUP",
        applicant=applicant,
        subject=PRODUCT.subject,
        letters=(Letter(kind=LetterKind.QUESTIONS, role=Role.APPLICANT, facts=facts),),
    )
    addresses = {role: f"{role.value}@agency.invalid" for role in Role.words()}
    documents = Documents(url, DocumentStore(settings.documents), "Agency", "umn@agency.invalid", addresses)
    makes(documents, url, sent)
    return Office(settings, capsys)


DECIDED = (
    *("--fact", "outcome=refused", "--fact", "grounds=It is not needed.\n\nIt is not safe."),
    *("--fact", "decided_on=2026-05-20", "--fact", "effective_on=2026-06-01"),
    *("--fact", "decided_by=Ann", "--fact", "capacity=minister"),
)


def test_a_fact_that_holds_one_text_is_not_given_twice(office: Office) -> None:
    words = ("preview", NUMBER, "decision", "--lang", "en", *DECIDED, "--fact", "grounds=Another.")
    code, said = office.asks(*words)
    assert (code, "--fact grounds is given twice" in said) == (2, True)


def test_a_letter_that_was_made_is_shown_again_with_the_facts_of_its_entry(office: Office) -> None:
    told = office.told("preview", NUMBER, "questions", "--lang", "fr")
    assert told["from_entry"] == 1
    assert "1. How is the dose adapted in renal failure?" in told["words"]
    assert any("30\u00a0mars\u00a02026" in words for words in told["words"])


def test_a_letter_that_waits_for_a_person_is_shown_as_its_entry_told_it(office: Office) -> None:
    grounds = "It is needed 日."
    told = FACTS[LetterKind.DECISION] | {"outcome": "refused", "grounds": grounds}
    held = Letter(kind=LetterKind.DECISION, role=Role.APPLICANT, facts=told)
    (asked,) = letters.told(office.settings.register_url, NUMBER, 1)
    with transaction(office.settings.register_url) as session:
        outbox.put(session, asked.model_copy(update={"entry": 2, "letters": (held,)}))
    told = office.told("preview", NUMBER, "decision", "--lang", "fr")
    assert (told["from_entry"], told["as_it_was_made"], told["document"]) == (2, False, None)
    assert any(grounds in words for words in told["words"])
    assert any(sign.startswith("日 (U+65E5)") for sign in told["unprintable"])


def test_a_preview_sends_nothing_and_enters_nothing(office: Office, tmp_path: Path) -> None:
    before = office.everything()
    code, said = office.asks("preview", NUMBER, "decision", "--lang", "nl", *DECIDED)
    assert (code, "Nothing was sent or entered." in said) == (0, True)
    assert "Ontwerp" in said
    assert office.asks(
        "draft", NUMBER, "decision", "--lang", "de", *DECIDED, "--out", str(tmp_path / "d.docx")
    )
    assert office.everything() == before


def test_a_draft_is_a_document_whose_grounds_can_be_amended(office: Office, tmp_path: Path) -> None:
    out = tmp_path / "decision.docx"
    code, said = office.asks("draft", NUMBER, "decision", "--lang", "de", *DECIDED, "--out", str(out))
    assert code == 0, said
    document = Document(io.BytesIO(out.read_bytes()))
    numbered = [p.text for p in document.paragraphs if p.style.name == "List Number"]
    assert numbered == ["It is not needed.", "It is not safe."]
    words = [paragraph.text for paragraph in document.paragraphs]
    assert {"Gründe", "Rechtsbehelfe", "ENTWURF"} <= set(words)


@pytest.mark.parametrize("ending", ["pdf", "html", "png", "docx"])
def test_a_preview_is_written_in_the_form_that_its_name_asks(
    office: Office, tmp_path: Path, ending: str
) -> None:
    out = tmp_path / f"decision.{ending}"
    code, said = office.asks("preview", NUMBER, "decision", "--lang", "fr", *DECIDED, "--out", str(out))
    assert code == 0, said
    begins = {"pdf": b"%PDF", "html": b"<!DOCTYPE", "png": b"\x89PNG", "docx": b"PK"}
    assert out.read_bytes().lstrip().startswith(begins[ending])
    if ending == "pdf":
        assert any("Projet" in page.extract_text() for page in PdfReader(out).pages)


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        (("preview", NUMBER, "petition", "--lang", "nl"), "The letters are: acknowledgement"),
        (("preview", "CUP-2026-015", "decision", "--lang", "nl"), NUMBER),
        (("preview", NUMBER, "decision", "--lang", "nl"), "one of minister, administrator-general, staff"),
        (("preview", NUMBER, "decision", "--lang", "nl", *DECIDED[8:]), "outcome is missing"),
        (("preview", NUMBER, "decision", "--lang", "nl", "--fact", "grounds"), "name=value"),
        (("preview", NUMBER, "decision", "--lang", "nl", *DECIDED, "--fact", "colour=red"), "colour"),
        (
            ("preview", NUMBER, "decision", "--lang", "nl", *DECIDED, "--fact", "decided_on=today"),
            "decided_on",
        ),
        (("preview", NUMBER, "conflict", "--lang", "de"), "not written to in German"),
        (("preview", NUMBER, "invoice", "--lang", "nl"), "has no invoice"),
        (("preview", NUMBER, "decision", "--lang", "nl", *DECIDED, "--out", "d.odt"), ".pdf, .html, .docx"),
        (("draft", NUMBER, "decision", "--lang", "nl", *DECIDED, "--out", "d.pdf"), "does not end in .docx"),
        (
            ("preview", NUMBER, "decision", "--lang", "nl", *DECIDED, "--out", "no/such/d.pdf"),
            "cannot be written",
        ),
    ],
)
def test_what_cannot_be_written_is_refused_with_what_is_possible(
    office: Office, words: tuple[str, ...], answer: str
) -> None:
    code, said = office.asks(*words)
    assert code != 0
    assert answer in said.replace("\n", " ")
    assert "Traceback" not in said
