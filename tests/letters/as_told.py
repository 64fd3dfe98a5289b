"""Letters as cases tell them: the real phases of a procedure write the facts, its own wording the words."""

from __future__ import annotations

from datetime import date
from typing import Any

from activities.citing import with_words
from activities.letter_pages import stated
from activities.wording import wording_of
from models.dossier import Dossier
from models.entry import Letter, LetterBatch, LetterKind
from models.parties import Language, Party, Role
from models.phases import Kind, Stage
from models.subjects import Subject
from procedures.books import applicable_law
from workflows.case import Case, Happened
from workflows.under_examination import DossierUnderExamination

HOLDER = Party(id="1", name="Exemplar Pharma")


class Examined(DossierUnderExamination):
    """A dossier under examination, on a day that the test names."""

    day = date(2027, 3, 1)

    @property
    def today(self) -> date:
        return self.day

    def hears(self, act: type[Any], **said: Any) -> Any:
        """An act of today is checked and in hand."""
        made = act(by="Ann", request_id=f"request-{self.docket.entries:03d}", **said)
        made.check(self.filed, self.today)
        self.happened = Happened(act.__name__, "Ann", made.on or self.today, made)
        self.docket.entries += 1
        return made


def examined(code: str, kind: Kind, on: date = Examined.day, **said: Any) -> Examined:
    """A dossier of a procedure that was filed on a day."""
    known: dict[str, Any] = {
        "number": f"{code}-{on.year}-001",
        "opened_on": on,
        "stage": Stage.ADMISSIBILITY,
        "subject": Subject(kind="product", parts={"product": "Exemplaris"}),
        "law": applicable_law(code, kind, on),
        "applicant": HOLDER,
        "invoice_addressee": HOLDER,
    }
    case = Examined(Dossier(kind=kind, procedure=code, taken_in_by="Ann", **known | said))
    case.day = on
    case.happens("Received")
    return case


def letters(case: Case, kind: LetterKind, role: Role = Role.APPLICANT) -> list[Letter]:
    """The letters of a kind that the entry in hand tells somebody."""
    assert case.happened is not None
    return [one for one in case.happened.letters if (one.kind, one.role) == (kind, role)]


def text(case: Case, letter: Letter, language: Language = Language.EN) -> str:
    """Title and words of a letter, one line each."""
    carried, law = case.carried, case.law
    batch = LetterBatch(
        number=carried.number,
        entry=1,
        on=case.today,
        procedure=carried.procedure,
        applicant=carried.applicant,
        subject=carried.subject,
        article=law.article,
        letters=(letter,),
    )
    (spoken,) = with_words(batch, lambda digest: law if digest == law.digest else None).letters
    wording = wording_of(carried.procedure)
    values = {
        "number": batch.number,
        "procedure": wording.words(language)["procedures"][batch.procedure],
        "subject": batch.subject,
        "applicant": HOLDER.name,
        "on": batch.on,
        "by_article": wording.by_article(batch.article, language),
        "account": "",
        "role": letter.role.value,
        "facts": stated(batch.procedure, spoken.kind, spoken.facts),
    }
    written = wording.write(letter.kind.value, language, values)
    parts = (line for part in written.parts for line in (part["text"], *part["items"]))
    return "\n".join(filter(None, (written.title, *parts)))
