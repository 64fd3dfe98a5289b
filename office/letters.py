"""A letter as it went, or as it would go: nothing is sent, kept or entered.

A letter that was made is laid out from what it was made from, in any language; one that was not is put
together (office/letters_to_come.py), and a fact that is then missing is asked for, and never guessed.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from activities.addressing import Addressing
from activities.drafting import docx
from activities.invoice_pages import Creditor
from activities.letter_pages import LetterPages, Recipient
from activities.wording import words_of
from models.entry import LetterKind
from models.errors import InputRefused, NotReachable
from models.letters import STATES, TO_OFFICES
from models.parties import TO_PARTIES, Language, Role, enterprise_number, mail_addresses
from office.letters_to_come import put_together
from office.settings import Settings
from register.letters import MadeLetter, made
from register.views import case


def foreseen(
    settings: Settings,
    number: str,
    kind: str,
    lang: str,
    said: list[str],
    out: Path | None,
    today: date,
    *,
    role: str | None = None,
    entry: int | None = None,
    document: str | None = None,
) -> dict[str, Any]:
    """The letter in words, and written to a file if one is named.

    Of several that were made the newest to a party is meant, unless role, entry or document say another.
    With a fact it is a new letter.

    Raises: InputRefused for a letter, language, role or fact that cannot be, saying what is possible.
    """
    which, language, to = _which(kind), Language(lang), _to(role)
    if language is Language.DE and which in TO_OFFICES:
        raise InputRefused(
            f"The letter {kind} goes to committees and desk, which are not written to in German.",
            ("nl", "fr", "en"),
        )
    found = case(settings.register_url, number, today)
    number = found.state.number
    were_made = [one for one in made(settings.register_url, number) if one.kind is which]
    chosen = _chosen(number, which, were_made, to, entry, document)
    if said and chosen and chosen.made_from:
        if entry or document:
            raise InputRefused(
                f"{chosen} is shown as it was made. Leave --fact out; or leave --entry and --document out to "
                "write a new one."
            )
        chosen = None
    pages, addressing = letter_desk(settings)
    if chosen and chosen.made_from:
        batch, redirected = chosen.made_from, bool(chosen.redirected)
    else:
        to_come = put_together(settings.register_url, found, which, to, _given(which, said), chosen, today)
        batch = to_come.batch
        redirected = to_come.known and addressing.recipient(batch, batch.letters[0]).redirected
    letter = batch.letters[0]
    recipient = Recipient(addressing.lines(batch, letter, language, redirected), language, (), redirected)
    # one that went says no untruth: its words stay as they were, and what is shown of it is a copy
    went = bool(chosen)
    try:
        laid_out = pages.layout(batch, letter, recipient, addressing.debtor(batch, letter), draft=not went)
    except ValidationError as wrong:
        raise _asked_for(which, wrong, were_made) from wrong
    except LookupError as wrong:
        raise InputRefused(f"The letter {kind} cannot be written: {wrong.args[0]}") from wrong
    laid_out["draft"] = pages.wording.words(language)["notes"]["went" if went else "draft"]
    if out is not None:
        _write(out, pages, laid_out, batch.on)
    return {
        "number": number,
        "letter": kind,
        "language": lang,
        "role": letter.role.value,
        "recipient": list(recipient.lines),
        "title": laid_out["title"],
        "words": words_of(laid_out),
        "facts": letter.model_dump(mode="json")["facts"],
        "unverified": list(letter.unverified),
        "article": batch.article,
        "from_entry": chosen.entry if chosen else None,
        "document": chosen.document if chosen else None,
        "as_it_was_made": bool(chosen and chosen.made_from),
        "made": [str(one) for one in were_made],
        "file": str(out) if out else None,
    }


def lines(told: dict[str, Any]) -> Iterator[str]:
    """The letter for people."""
    yield "\n".join(told["recipient"]) + "\n"
    for words in told["words"]:
        yield f"{words}\n"
    others = [one for one in told["made"] if not one.startswith(f"{told['document']} ")]
    if told["as_it_was_made"]:
        yield f"As it was made: {told['document']} of entry {told['from_entry']}, to {told['role']}."
    elif told["document"]:
        yield (
            f"{told['document']} was made by an earlier release, which did not keep what it was made from: "
            f"this is put together from entry {told['from_entry']} and may differ from what went. "
            f"`umn documents {told['number']} --extract FOLDER` has the letter itself."
        )
    else:
        yield "A new letter, never made: what is not told is as the case stands, and its own days are today."
    if others:
        yield f"Also made: {', '.join(others)}; choose with --role, --entry or --document."
    if told["file"]:
        yield f"Written to {told['file']}."
    yield "Nothing was sent or entered."


def letter_desk(settings: Settings) -> tuple[LetterPages, Addressing]:
    """What lays letters out and addresses them, as the worker does; a draft carries no file within it."""
    addresses = {role: mail_addresses(written) for role, written in addresses_of(settings).items()}
    creditor = replace(creditor_of(settings), ubl=False)
    pages = LetterPages(settings.agency_name, addresses[Role.DESK][0], creditor=creditor)
    language = Language(settings.office_language)
    return pages, Addressing(settings.register_url, pages.wording, addresses, language)


def addresses_of(settings: Settings) -> dict[Role, str]:
    """The addresses that are set for all cases, by role. Raises: InputRefused naming the one that is none."""
    addresses = {
        Role.DESK: settings.desk_address,
        Role.ETHICS_COMMITTEE: settings.ethics_committee_address,
        Role.COMMISSION: settings.commission_address,
        Role.PHYSICIANS: settings.physicians_address,
    }
    for role, written in addresses.items():
        try:
            if not mail_addresses(written) and role is not Role.PHYSICIANS:  # the desk forwards
                raise ValueError("it names no address")
        except ValueError as wrong:
            raise InputRefused(
                f"UMN_{role.name}_ADDRESS is {written!r}: {wrong}. Write one, or several with commas between."
            ) from None
    return addresses


def creditor_of(settings: Settings) -> Creditor:
    """The agency as its invoices name it. Raises: InputRefused naming the setting that cannot stand."""
    account, number = _account(settings), _enterprise_number(settings)
    for setting, given in (("AGENCY_ACCOUNT", account), ("AGENCY_ENTERPRISE_NUMBER", number)):
        if settings.invoice_ubl and not given:
            raise InputRefused(
                f"UMN_INVOICE_UBL asks for UBL, and UMN_{setting} is empty: an electronic invoice names its "
                "creditor by enterprise number and account. Set both, or leave UMN_INVOICE_UBL out."
            )
    return Creditor(settings.agency_name, settings.agency_address, number, account, settings.invoice_ubl)


def _enterprise_number(settings: Settings) -> str:
    """The agency's enterprise number, checked. Raises: InputRefused when it is none of Belgium."""
    written = settings.agency_enterprise_number
    try:
        if not written or enterprise_number(written).is_belgian:
            return written
        wrong = "is no Belgian enterprise number"
    except ValueError as said:
        wrong = str(said)
    raise InputRefused(f"UMN_AGENCY_ENTERPRISE_NUMBER is {written!r}: it {wrong}.")


def _account(settings: Settings) -> str:
    """The agency's account in groups of four. Raises: InputRefused when it is no IBAN."""
    from stdnum import iban
    from stdnum.exceptions import ValidationError

    try:
        return str(iban.format(iban.validate(settings.agency_account))) if settings.agency_account else ""
    except ValidationError:
        raise InputRefused(f"UMN_AGENCY_ACCOUNT is {settings.agency_account!r}, which is no IBAN.") from None


def _which(kind: str) -> LetterKind:
    if kind not in list(LetterKind):
        known = tuple(known.value for known in LetterKind)
        raise InputRefused(f"There is no letter {kind!r}. The letters are: {', '.join(known)}.", known)
    return LetterKind(kind)


def _to(role: str | None) -> Role | None:
    known = {one.value: one for one in Role}
    if role and role.replace("-", "_") not in known:
        raise InputRefused(f"There is no role {role!r}. The roles are: {', '.join(known)}.", tuple(known))
    return known[role.replace("-", "_")] if role else None


def _chosen(
    number: str,
    kind: LetterKind,
    were_made: list[MadeLetter],
    role: Role | None,
    entry: int | None,
    document: str | None,
) -> MadeLetter | None:
    """The letter that is meant; none when none was made yet, or none to that role.

    Raises: InputRefused naming those there are, when none is of that entry or document.
    """
    asked = [one for one in were_made if role in (None, one.role)]
    asked = [one for one in asked if entry in (None, one.entry) and document in (None, one.document)]
    if asked:
        return ([one for one in asked if one.role in TO_PARTIES] or asked)[-1]
    if entry is None and document is None:
        return None
    there = ", ".join(map(str, were_made)) or "none"
    raise InputRefused(
        f"{number} has no such letter {kind.value}; made were: {there}.",
        tuple(one.document for one in were_made),
    )


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


def _asked_for(kind: LetterKind, wrong: ValidationError, were_made: list[MadeLetter]) -> InputRefused:
    """What the letter states and does not get, in words of the command line."""
    said = []
    for error in wrong.errors():
        name = ".".join(map(str, error["loc"]))
        said.append(f"{name} is missing" if error["type"] == "missing" else f"{name}: {error['msg']}")
    states = ", ".join(name for name in STATES[kind].model_fields if name not in ("reckonings", "assumed"))
    there = f" Made were: {', '.join(map(str, were_made))}." if were_made else ""
    return InputRefused(
        f"The letter {kind.value} cannot be written: {'; '.join(said)}. It states {states or 'nothing'}; "
        f"give each with --fact name=value.{there}",
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
