"""A letter before it leaves: put together from the register and from what an officer says.

What the register knows comes from the entry with which a letter of that kind was last made; a letter
that was never made takes its number, medicine and kind of dossier only, and its own days are today. A fact
that is then still missing is asked for, and never guessed. Nothing is sent, kept or entered.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from activities.drafting import docx
from activities.invoice_pages import INVOICED, Creditor, Debtor
from activities.letter_pages import LetterPages, Recipient
from activities.wording import words_of
from models.dossier import CreditNote, Invoice
from models.eligibility import Verdict
from models.entry import Letter, LetterBatch, LetterKind
from models.errors import InputRefused, NotReachable
from models.law.procedures.shape import Kind
from models.letters import STATES, TO_OFFICES
from models.parties import Language, Party, Product, Role, mail_addresses
from office.examining import checklist, standing_findings
from office.settings import Settings
from register.reading import questions
from register.views import Case, Line, case, laws

DUE_BY = {
    LetterKind.ACKNOWLEDGEMENT: "admissibility",
    LetterKind.INCOMPLETE: "completion",
    LetterKind.ADMISSIBLE: "decision",
    LetterKind.QUESTIONS: "answers",
    LetterKind.CLOCK_RESTARTED: "decision",
}
"""The clock whose last day a letter tells, where its entry does not."""

OF_THE_ENTRY = ("on", "decided_on", "effective_on", "admissible_on", "answered_on", "withdrawn_on")
"""Days that are the entry's own, when it says no other."""


def foreseen(
    settings: Settings, number: str, kind: str, lang: str, said: list[str], out: Path | None, today: date
) -> dict[str, Any]:
    """The letter in words, and written to a file if one is named.

    Raises: InputRefused for a letter, language or fact that cannot be, saying what is possible.
    """
    if kind not in list(LetterKind):
        known = tuple(known.value for known in LetterKind)
        raise InputRefused(f"There is no letter {kind!r}. The letters are: {', '.join(known)}.", known)
    which, language = LetterKind(kind), Language(lang)
    if language is Language.DE and which in TO_OFFICES:
        raise InputRefused(
            f"The letter {kind} goes to committees and desk, which are not written to in German.",
            ("nl", "fr", "en"),
        )
    found = case(settings.register_url, number, today)
    made_with = _made_with(found, which)
    last = made_with or found.entries[-1]
    law = laws(settings.register_url, [last.law]).get(last.law, {})
    facts = _told(found, which, made_with, law, today) | _given(which, said)
    letter = Letter(kind=which, role=_role(which), facts=facts)
    asked = _batch(settings, found, letter, made_with, law.get("article", ""), language, today)
    to = Recipient((asked.applicant.name if asked.applicant else number,), language, ())
    pages = _pages(settings)
    try:
        laid_out = pages.layout(asked, letter, to, Debtor(to.lines[0]), draft=True)
    except ValidationError as wrong:
        raise _asked_for(which, wrong) from wrong
    except LookupError as wrong:
        raise InputRefused(f"The letter {kind} cannot be written: {wrong.args[0]}") from wrong
    if out is not None:
        _write(out, pages, laid_out, asked.on)
    return {
        "number": number,
        "letter": kind,
        "language": lang,
        "title": laid_out["title"],
        "words": words_of(laid_out),
        "facts": letter.model_dump(mode="json")["facts"],
        "from_entry": made_with.sequence if made_with else None,
        "file": str(out) if out else None,
    }


def lines(told: dict[str, Any]) -> Iterator[str]:
    """The letter for people."""
    for words in told["words"]:
        yield f"{words}\n"
    entry = told["from_entry"]
    yield (
        f"Facts of entry {entry}."
        if entry
        else "No letter of this kind was made yet: its own days are today."
    )
    if told["file"]:
        yield f"Written to {told['file']}."
    yield "Nothing was sent or entered."


def _made_with(found: Case, kind: LetterKind) -> Line | None:
    """The entry with which a letter of that kind was last made."""
    made = [document.entry for document in found.documents if document.letter == kind.value]
    return next((line for line in found.entries if made and line.sequence == max(made)), None)


def _told(
    found: Case, kind: LetterKind, entry: Line | None, law: dict[str, Any], today: date
) -> dict[str, Any]:
    """The facts that the register knows, of those that the letter states."""
    asks = [] if entry else [finding for finding in standing_findings(found) if finding.mendable]
    known: dict[str, Any] = {name: entry.happened_on if entry else today for name in OF_THE_ENTRY}
    # an application goes on as its programme, under its number
    application = found.state.kind == "programme" and found.entries[0].act == "Received"
    known |= {
        "kind": Kind.APPLICATION if application else found.state.kind,
        "received_on": found.state.opened_on,
        "public_list": found.state.public_list,
        "assumed": found.state.assumed,
        "bodies": law.get("opinions"),
        "fee_due": bool(found.invoices),
        "rules": [line for line in checklist(found) if line["verdict"] != Verdict.OPEN],
        "findings": [finding.model_dump(mode="json", exclude_defaults=True) for finding in asks],
    }
    if kind is LetterKind.RE_EVALUATION_DUE and (due_on := found.state.re_evaluation_on):
        known |= {"year": due_on.year, "due_on": due_on}
    if entry:
        ends = {clock["ref"]: clock["due_on"] for clock in entry.clocks}
        known |= {"due_on": ends.get(DUE_BY.get(kind, "")) or known.get("due_on"), **entry.facts}
    states = STATES[kind].model_fields
    return {name: value for name, value in known.items() if name in states and value is not None}


def _given(kind: LetterKind, said: list[str]) -> dict[str, Any]:
    """The facts that an officer gives; one that may be several is repeated, or written as JSON."""
    import json

    given: dict[str, Any] = {}
    for each in said:
        name, equals, value = each.partition("=")
        if not equals or not name:
            raise InputRefused(f"--fact {each!r} is not of the form name=value.")
        field = STATES[kind].model_fields.get(name)
        several = field is not None and str(field.annotation).startswith("tuple")
        if several and value.lstrip().startswith("["):
            try:
                given[name] = json.loads(value)
            except ValueError as wrong:
                raise InputRefused(f"--fact {name} is no JSON list: {wrong}.") from wrong
        elif several:
            given.setdefault(name, []).append(value)
        else:
            given[name] = value
    return given


def _role(kind: LetterKind) -> Role:
    if kind in TO_OFFICES:
        return Role.ETHICS_COMMITTEE if kind is LetterKind.OPINION_REQUEST else Role.DESK
    return Role.INVOICE_ADDRESSEE if kind in (*INVOICED, LetterKind.INVOICE_REMINDER) else Role.APPLICANT


def _batch(
    settings: Settings,
    found: Case,
    letter: Letter,
    entry: Line | None,
    article: str,
    language: Language,
    today: date,
) -> LetterBatch:
    state = found.state
    name = state.applicant.strip()
    invoices = [Invoice.model_validate(_of(Invoice, asdict(issued))) for issued in found.invoices]
    note = (
        _credit_note(settings.register_url, state.number) if letter.kind is LetterKind.CREDIT_NOTE else None
    )
    if letter.kind in (*INVOICED, LetterKind.INVOICE_REMINDER) and not invoices:
        raise InputRefused(f"{state.number} has no invoice yet.")
    if letter.kind is LetterKind.CREDIT_NOTE and note is None:
        raise InputRefused(f"{state.number} has no credit note.")
    return LetterBatch(
        number=state.number,
        entry=entry.sequence if entry else state.entry + 1,
        on=entry.happened_on if entry else today,
        procedure=state.procedure,
        applicant=Party(id="", name=name, language=language) if name else None,
        product=Product(
            trade_name=state.trade_name,
            active_substance=state.active_substance,
            indication=state.indication,
        ),
        article=article,
        invoice=invoices[-1] if invoices else None,
        credit_note=note,
        letters=(letter,),
    )


def _of(model: type[Invoice], row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name in model.model_fields}


def _credit_note(url: str, number: str) -> CreditNote | None:
    columns = ("credit_note", "invoice", "cents", "reason", "issued_on")
    with questions(url) as ask:
        rows = ask(
            f"SELECT {', '.join(columns)} FROM credit_note WHERE number = ? ORDER BY entry DESC", [number]
        )
    return CreditNote.model_validate(dict(zip(columns, rows[0], strict=True))) if rows else None


def _pages(settings: Settings) -> LetterPages:
    creditor = Creditor(
        settings.agency_name,
        settings.agency_address,
        settings.agency_enterprise_number,
        settings.agency_account,
    )
    return LetterPages(settings.agency_name, mail_addresses(settings.desk_address)[0], creditor=creditor)


def _asked_for(kind: LetterKind, wrong: ValidationError) -> InputRefused:
    """What the letter states and does not get, in words of the command line."""
    said = []
    for error in wrong.errors():
        name = ".".join(map(str, error["loc"]))
        said.append(f"{name} is missing" if error["type"] == "missing" else f"{name}: {error['msg']}")
    states = ", ".join(name for name in STATES[kind].model_fields if name not in ("reckonings", "assumed"))
    return InputRefused(
        f"The letter {kind.value} cannot be written: {'; '.join(said)}. It states {states or 'nothing'}; "
        "give each with --fact name=value.",
    )


def _write(out: Path, pages: LetterPages, laid_out: dict[str, Any], on: date) -> None:
    match out.suffix.lower():
        case ".pdf":
            content = pages.pdf(laid_out, on)
        case ".html":
            content = pages.html(laid_out).encode()
        case ".docx":
            content = docx(laid_out)
        case ".png":
            content = pages.pictures(laid_out)[0]
        case other:
            raise InputRefused(f"A letter is written as .pdf, .html, .docx or .png, and not as {other!r}.")
    try:
        handle, part = tempfile.mkstemp(dir=out.parent, prefix=f".{out.name}.")
        with open(handle, "wb") as file:
            file.write(content)
        os.chmod(part, 0o644)
        os.replace(part, out)
    except OSError as error:
        raise NotReachable(f"{out} cannot be written: {error.strerror}.") from error
