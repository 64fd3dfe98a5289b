"""The pages of a letter: what it states, in words of its language, as the layouts take it.

One letter, laid out once, becomes a PDF, an HTML page and pictures of its pages (and a draft, by
activities/drafting.py). Nothing here sends or keeps anything.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from activities.explaining import Explaining
from activities.invoice_pages import INVOICED, Creditor, Debtor, InvoicePages
from activities.typesetting import Typesetting
from activities.wording import TEMPLATES, Text, Wording, plain, region
from models.entry import Letter, LetterBatch, LetterKind
from models.letters import TO_OFFICES, Counted, Stated, stated
from models.parties import TO_PARTIES, Language

_MEANT_FOR_OFFICES = (*TO_OFFICES, LetterKind.LIMIT_WARNING, LetterKind.DATE_MOVED)


@dataclass(frozen=True)
class Recipient:
    """Who receives a letter, in which language, at which addresses. `redirected`: to the desk instead."""

    lines: tuple[str, ...]
    language: Language
    addresses: tuple[str, ...]
    redirected: bool = False


class LetterPages:
    """Lays letters out for one agency. `contact` and the address of `creditor` stand in the letterhead."""

    def __init__(
        self, agency_name: str, contact: str, templates: Path = TEMPLATES, creditor: Creditor | None = None
    ) -> None:
        self._contact = plain(contact)
        # its invoices name the agency in full; its letters by the name that is set for them
        creditor = creditor or Creditor(agency_name)
        self._account = plain(creditor.account)
        self._letterhead = replace(creditor, name=agency_name)
        self.wording = Wording(templates, dates_together=True)
        self._invoice_pages = InvoicePages(self.wording, creditor)
        self._typesetting = Typesetting(templates)

    def layout(
        self, batch: LetterBatch, letter: Letter, to: Recipient, debtor: Debtor, draft: bool = False
    ) -> dict[str, Any]:
        """A letter as the layouts take it: words only, on one line each. A draft says that it is one.

        Raises: ValidationError for facts that are not those of this kind of letter.
        """
        facts = stated(letter.kind, letter.facts)
        values = self._values(batch, letter, facts, to.language)
        text = self.wording.write(letter.kind.value, to.language, values)
        laid_out = self._laid_out(batch, letter, facts, to, text)
        if draft:
            notes = self.wording.words(to.language)["notes"]
            laid_out["draft"] = notes["draft"]
            laid_out["notes"].insert(0, _note(notes, "draft"))
        if letter.kind in INVOICED:
            laid_out |= self._invoice_pages.page(batch, letter, debtor, to.language)
            if attached := self.attached(batch, letter, debtor, to.language):
                laid_out["attached"] = [laid_out["labels"]["attached"].format(name=attached[0])]
        return laid_out

    def attached(
        self, batch: LetterBatch, letter: Letter, debtor: Debtor, language: Language
    ) -> tuple[str, bytes] | None:
        """The name and content of the file that a letter carries within it, if it does."""
        if letter.kind not in INVOICED:
            return None
        return self._invoice_pages.attached(batch, letter, debtor, language)

    def pdf(self, laid_out: dict[str, Any], on: date, attached: tuple[str, bytes] | None = None) -> bytes:
        """A letter that is laid out, as PDF dated on its day."""
        return self._typesetting.pdf(laid_out, on, attached)

    def pictures(self, laid_out: dict[str, Any], ppi: float = 100) -> list[bytes]:
        """The pages of a letter that is laid out, as PNG pictures."""
        return self._typesetting.pages(laid_out, ppi)

    def html(self, laid_out: dict[str, Any]) -> str:
        """The words of a letter that is laid out, as an HTML page."""
        return self.wording.html(laid_out)

    def _values(
        self, batch: LetterBatch, letter: Letter, facts: Stated, language: Language
    ) -> dict[str, Any]:
        values: dict[str, Any] = {
            "number": batch.number,
            "procedure": self.wording.words(language)["procedures"][batch.procedure],
            "product": batch.product,
            "applicant": batch.applicant.name if batch.applicant else "",
            "on": batch.on,
            "by_article": self.wording.by_article(batch.article, language),
            "account": self._account,
            "role": letter.role.value,
            "facts": facts,
        }
        if batch.invoice:
            values["invoice"] = batch.invoice
        if batch.credit_note:
            values["credit_note"] = batch.credit_note
        return values

    def _laid_out(
        self, batch: LetterBatch, letter: Letter, facts: Stated, recipient: Recipient, text: Text
    ) -> dict[str, Any]:
        language = recipient.language
        words = self.wording.words(language)
        labels, notes = words["labels"], words["notes"]
        letterhead = self._letterhead.spoken(language)
        about = [
            (labels["procedure"], words["procedures"][batch.procedure]),
            (labels["product"], batch.product.trade_name),
            (labels["substance"], batch.product.active_substance),
            (labels["indication"], batch.product.indication),
        ]
        if batch.applicant:
            about.append((labels["applicant"], batch.applicant.name))
        if batch.article:
            article = self.wording.article(batch.article, language)
            about.append((labels["basis"], f"{article} {labels['decree']}"))
        marked = []
        if recipient.redirected:
            marked.append(_note(notes, "redirected"))
        if letter.role not in TO_PARTIES and letter.kind not in _MEANT_FOR_OFFICES:
            marked.append(_note(notes, "copy"))
        if facts.assumed:
            marked.append(_note(notes, "assumed"))
        if facts.reckonings:
            marked.append(self._counted(facts.reckonings, language))
        if letter.unverified:
            names = [self.wording.clause(clause, language) for clause in letter.unverified]
            marked.append(_note(notes, "unverified", names))
        return {
            "language": language.value,
            "region": region(language),
            "year": batch.on.year,
            "month": batch.on.month,
            "day": batch.on.day,
            "agency": letterhead.name,
            "address": list(letterhead.lines),
            "contact": self._contact,
            "number": plain(batch.number),
            "trade_name": plain(batch.product.trade_name),
            "labels": labels,
            "recipient": list(recipient.lines),
            "references": [
                [labels["reference"], plain(batch.number)],
                [labels["entry"], str(batch.entry)],
                [labels["date"], self.wording.long_date(batch.on, language)],
            ],
            "about": [[label, plain(value)] for label, value in about],
            "title": text.title,
            "draft": "",
            "salutation": words["salutations"][letter.role.value],
            "parts": list(text.parts),
            "notes": marked,
            "illegible": _note(notes, "illegible"),
            "closing": labels["closing"],
            "signature": [letterhead.name, labels["desk"]],
        }

    def _counted(self, counted: tuple[Counted, ...], language: Language) -> dict[str, Any]:
        """The note that says how the dates of a letter came about; several have the clause before each."""
        told = []
        for one in counted:
            explaining = Explaining(self.wording, language, one.off)
            sentences = explaining.short(one.reckoning, one.article)
            told.append([plain(self.wording.clock(one.clause, language)), " ".join(sentences)])
        notes = self.wording.words(language)["notes"]
        if len(told) == 1:
            return {"title": notes["counted"], "text": told[0][1], "items": []}
        return {"title": notes["counted_several"], "text": "", "items": [], "parts": told}


def _note(notes: dict[str, str], note: str, items: list[str] | None = None) -> dict[str, Any]:
    return {"title": notes[note], "text": notes[f"{note}_text"], "items": items or []}
