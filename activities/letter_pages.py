"""The pages of a letter: what it states, in words of its language, as the layouts take it.

One letter, laid out once, becomes a PDF, an HTML page and pictures of its pages (and a draft, by
activities/drafting.py). Nothing here sends or keeps anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, partial
from pathlib import Path
from typing import Any

from activities.explaining import Explaining
from activities.invoice_pages import INVOICED, Creditor, Debtor, InvoicePages
from activities.letter_text import Text, plain
from activities.signing import Signatures
from activities.typesetting import Typesetting, told_signs
from activities.wording import TEMPLATES, Wording, region, wording_of
from models.entry import Letter, LetterBatch, LetterKind
from models.letters import Counted, Stated
from models.messages import Message
from models.parties import TO_PARTIES, Channel, Language, Spoken
from procedures.registry import offices, procedure

_TO_WHOEVER_ACTS = (LetterKind.LIMIT_WARNING, LetterKind.LIMIT_PASSED, LetterKind.DATE_MOVED)


@dataclass(frozen=True)
class Recipient:
    """Who receives a letter, in which language, at which addresses. `redirected`: to the desk instead.

    By another channel than e-mail there are no addresses: a person sends it, to the lines of its head. A
    `translation` in a language that counts for nothing is enclosed.
    """

    lines: tuple[str, ...]
    language: Language
    addresses: tuple[str, ...]
    redirected: bool = False
    channel: Channel = Channel.EMAIL
    translation: Language | None = None


class LetterPages:
    """Lays letters out for one agency. `contact` and the address of `creditor` stand in the letterhead.

    `wording_of` words the letters of a procedure.
    """

    def __init__(
        self,
        agency_name: Spoken,
        contact: str,
        templates: Path = TEMPLATES,
        creditor: Creditor | None = None,
        signatures: Signatures | None = None,
    ) -> None:
        self._contact = plain(contact)
        # its invoices name the agency in full; its letters by the name that is set for them
        creditor = creditor or Creditor(agency_name)
        self._account = plain(creditor.account)
        self._telephone = plain(creditor.telephone)
        self._letterhead = replace(creditor, name=agency_name)
        self._creditor = creditor
        self.wording_of = cache(partial(wording_of, templates=templates, dates_together=True))
        self._page = Wording(templates)
        self._typesetting = Typesetting(templates)
        self._signatures = signatures or Signatures(None)

    def layout(
        self, batch: LetterBatch, letter: Letter, to: Recipient, debtor: Debtor, draft: bool = False
    ) -> dict[str, Any]:
        """A letter as the layouts take it: words on one line each, and the translation that is enclosed.

        A draft says that it is one, and so does a text to a person in a language that counts for nothing.

        Raises: ValidationError for facts that are not those of this kind of letter.
        """
        facts = stated(batch.procedure, letter.kind, letter.facts)
        wording = self.wording_of(batch.procedure)
        values = self._values(batch, letter, facts, to.language)
        text = wording.write(letter.kind.value, to.language, values)
        laid_out = self._laid_out(batch, letter, facts, to, text)
        signed = getattr(facts, "signatory", None)
        if signed and self._signatures.has(signed.person):
            laid_out["signed_by"] = signed.person
            laid_out["signature"].append(wording.words(to.language)["labels"]["signed"])
        if draft:
            notes = wording.words(to.language)["notes"]
            laid_out["draft"] = notes["draft"]
            laid_out["notes"].insert(0, _note(notes, "draft"))
        counts = to.language in procedure(batch.procedure).jurisdiction.languages.official
        if not counts and letter.role not in offices(batch.procedure):
            laid_out["lead"] = _note(wording.words(to.language)["notes"], "translation")
        if letter.corrects:
            note = _note(wording.words(to.language)["notes"], "corrects")
            note["text"] = note["text"].format(on=wording.long_date(letter.corrects, to.language))
            _of_another(laid_out, note)
        if batch.replaces:
            _of_another(laid_out, self._replaces(batch, to.language))
        if to.translation:
            laid_out["notes"].append(_note(wording.words(to.language)["notes"], "enclosed"))
            enclosed = replace(to, language=to.translation, translation=None)
            laid_out["translation"] = self.layout(batch, letter, enclosed, debtor)
        if letter.kind in INVOICED:
            laid_out |= InvoicePages(wording, self._creditor).page(batch, letter, debtor, to.language)
            if attached := self.attached(batch, letter, debtor, to.language):
                laid_out["attached"] = [laid_out["labels"]["attached"].format(name=attached[0])]
        return laid_out

    def attached(
        self, batch: LetterBatch, letter: Letter, debtor: Debtor, language: Language
    ) -> tuple[str, bytes] | None:
        """The name and content of the file that a letter carries within it, if it does."""
        if letter.kind not in INVOICED:
            return None
        invoice_pages = InvoicePages(self.wording_of(batch.procedure), self._creditor)
        return invoice_pages.attached(batch, letter, debtor, language)

    def pdf(
        self,
        laid_out: dict[str, Any],
        on: date,
        attached: tuple[str, bytes] | None = None,
        spelt_out: bool = True,
    ) -> bytes:
        """A letter that is laid out, as PDF dated on its day, with the signature that it says it has.

        Raises: CannotBePrinted (typesetting); CannotBeSigned (signing).
        """
        pdf = self._typesetting.pdf(laid_out, on, attached, spelt_out)
        person = laid_out["signed_by"]
        return self._signatures.signed(pdf, person) if person and not laid_out["draft"] else pdf

    def unprintable(self, said: Any) -> list[Message]:
        """The signs in words that the fonts of letters do not have, each with number and first place."""
        return told_signs(self._typesetting.unprintable(said))

    def other_scripts(self, said: Any) -> list[Message]:
        """The first sign of each script but Latin, Greek and Cyrillic, likewise."""
        return told_signs(self._typesetting.other_scripts(said))

    def pictures(self, laid_out: dict[str, Any], ppi: float = 100) -> list[bytes]:
        """The pages of a letter that is laid out, as PNG pictures."""
        return self._typesetting.pages(laid_out, ppi)

    def html(self, laid_out: dict[str, Any]) -> str:
        """The words of a letter that is laid out, as an HTML page."""
        return self._page.html(laid_out)

    def _replaces(self, batch: LetterBatch, language: Language) -> dict[str, Any]:
        """The note that a letter takes the place of another one, with its day, and by which article."""
        wording = self.wording_of(batch.procedure)
        article = wording.source(procedure(batch.procedure).jurisdiction.languages.replaced, language)
        note = _note(wording.words(language)["notes"], "replaces")
        return {**note, "text": note["text"].format(article=article)}

    def _values(
        self, batch: LetterBatch, letter: Letter, facts: Stated, language: Language
    ) -> dict[str, Any]:
        wording = self.wording_of(batch.procedure)
        values: dict[str, Any] = {
            "number": batch.number,
            "procedure": wording.words(language)["procedures"][batch.procedure],
            "subject": batch.subject,
            "applicant": batch.applicant.name if batch.applicant else "",
            "on": batch.on,
            "by_article": wording.by_article(batch.article, language),
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
        language, wording = recipient.language, self.wording_of(batch.procedure)
        words = wording.words(language)
        labels, notes = words["labels"], words["notes"]
        letterhead = self._letterhead.spoken(language)
        about = [
            (labels["procedure"], words["procedures"][batch.procedure]),
            *((labels[part], said) for part, said in batch.subject.parts.items()),
        ]
        if batch.applicant:
            about.append((labels["applicant"], batch.applicant.name))
        if batch.article:
            about.append((labels["basis"], wording.basis(batch.article, language)))
        marked = []
        if recipient.redirected:
            marked.append(_note(notes, "redirected"))
        meant = facts.to_offices or letter.kind in _TO_WHOEVER_ACTS
        if letter.role in offices(batch.procedure) and not meant:
            marked.append(_note(notes, "copy"))
        if facts.reckonings:
            marked.append(_counted(facts.reckonings, wording, language))
        if letter.unconfirmed:
            names = [
                wording.clause(clause, language)
                + f"{labels['colon']} {wording.words_for('degrees', degree, language)}"
                for clause, degree in letter.unconfirmed.items()
            ]
            marked.append(_note(notes, "unconfirmed", names))
        return {
            "language": language.value,
            "region": region(language),
            "year": batch.on.year,
            "month": batch.on.month,
            "day": batch.on.day,
            "agency": letterhead.name,
            "address": list(letterhead.lines),
            "contact": self._contact,
            "telephone": f"{labels['telephone']} {self._telephone}" if self._telephone else "",
            "number": plain(batch.number),
            "named": plain(batch.subject.title),
            "labels": labels,
            "recipient": list(recipient.lines),
            "references": [
                [labels["reference"], plain(batch.number)],
                *(
                    [[labels["yours"], plain(batch.yours)]]
                    if batch.yours and letter.role in TO_PARTIES
                    else []
                ),
                [labels["entry"], str(batch.entry)],
                [labels["date"], wording.long_date(batch.on, language)],
            ],
            "about": [[label, plain(value)] for label, value in about],
            "title": text.title,
            "draft": "",
            "lead": None,
            "salutation": words["salutations"][letter.role.value],
            "parts": list(text.parts),
            "notes": marked,
            "illegible": _note(notes, "illegible"),
            "closing": labels["closing"],
            "signature": _signature(facts, wording, language) or [letterhead.name, labels["desk"]],
            "signed_by": "",
        }


def stated(procedure: str, kind: LetterKind, facts: Mapping[str, Any]) -> Stated:
    """The facts of a letter of a procedure.

    Raises: LookupError for a letter that the procedure does not have; ValidationError for a fact that is
    missing, unknown, or not what it should be.
    """
    from procedures.registry import letters

    known = letters(procedure)
    if kind not in known:
        raise LookupError(Message("letter.not-of-procedure", procedure=procedure, letter=kind.value))
    return known[kind].model_validate(dict(facts), extra="forbid")


def _of_another(laid_out: dict[str, Any], note: dict[str, Any]) -> None:
    """What a letter is to another one stands in its title and above the text; a translation is said first."""
    laid_out["title"] = f"{note['title']}{laid_out['labels']['colon']} {laid_out['title']}"
    if laid_out["lead"] is None:
        laid_out["lead"] = note
    else:
        laid_out["notes"].insert(0, note)


def _counted(counted: tuple[Counted, ...], wording: Wording, language: Language) -> dict[str, Any]:
    """The note that says how the dates of a letter came about; several have the clause before each."""
    told = []
    for one in counted:
        sentences = Explaining(wording, language, one.off).short(one.reckoning, one.article)
        told.append([plain(wording.clock(one.clause, language)), " ".join(sentences)])
    notes = wording.words(language)["notes"]
    if len(told) == 1:
        return {"title": notes["counted"], "text": told[0][1], "items": []}
    return {"title": notes["counted_several"], "text": "", "items": [], "parts": told}


def _signature(facts: Stated, wording: Wording, language: Language) -> list[str]:
    """Who signs an act of the authority: the person and the capacity; nobody signs another letter."""
    signed = getattr(facts, "signatory", None)
    if not signed:
        return []
    capacity = wording.words_for("capacities", signed.capacity.value, language)
    return [plain(signed.person), capacity[:1].upper() + capacity[1:]]


def _note(notes: dict[str, str], note: str, items: list[str] | None = None) -> dict[str, Any]:
    return {"title": notes[note], "text": notes[f"{note}_text"], "items": items or []}
