"""A letter as it went, or as it would go: nothing is sent, kept or entered.

A letter that was made, or waits to be made, is laid out from what it is made from, in any language; another
is put together (office/letters/to_come.py), and a fact that is then missing is asked for, and never guessed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from activities.addressing import Addressing, LanguageOpen
from activities.drafting import docx
from activities.letter_pages import LetterPages, Recipient
from activities.letter_text import words_of
from activities.signing import Signatures
from models.entry import LetterKind
from models.errors import InputRefused, NotReachable
from models.letters import Stated
from models.messages import Message, worded
from models.parties import TO_PARTIES, Language, Role, mail_addresses
from office.letters.offices import offices
from office.letters.to_come import put_together
from office.modes import whole
from office.settings import Settings
from procedures.registry import letters, roles
from procedures.registry import procedure as procedure_of
from register.case import case
from register.letters import MadeLetter, made, waiting


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
    found, language = case(settings.register_url, number, today), Language(lang)
    number, procedure = found.state.number, found.state.procedure
    which, to = _which(procedure, kind), _to(procedure, role)
    states = letters(procedure)[which]
    if language is Language.DE and states.to_offices:
        raise InputRefused(
            "letter.not-in-german",
            letter=kind,
            possible=("nl", "fr", "en"),
        )
    were_made = [one for one in made(settings.register_url, number) if one.kind == which]
    chosen = _chosen(number, which, were_made, to, entry, document)
    if said and chosen:
        if entry or document:
            raise InputRefused("letter.shown-as-made", letter=str(chosen))
        chosen = None
    waits = None if said or entry or document else _waits(settings.register_url, number, which, to, chosen)
    pages, addressing = letter_desk(settings, found.state.procedure)
    if chosen and not waits:
        batch, redirected = chosen.made_from, chosen.redirected
    else:
        chosen = None
        if waits:
            batch, known = waits.made_from, True
        else:
            to_come = put_together(settings.register_url, found, which, to, _given(states, said), today)
            batch, known = to_come.batch, to_come.known
        try:
            redirected = known and addressing.recipient(batch, batch.letters[0]).redirected
        except LanguageOpen:  # it would wait for a person to choose, and then reach its addressee
            redirected = False
    letter = batch.letters[0]
    recipient = Recipient(addressing.lines(batch, letter, language, redirected), language, (), redirected)
    # one that went says no untruth: its words stay as they were, and what is shown of it is a copy
    debtor, draft = addressing.debtor(batch, letter), chosen is None
    try:
        laid_out = pages.layout(batch, letter, recipient, debtor, draft=draft)
    except ValidationError as wrong:
        raise _asked_for(which, states, wrong, were_made) from wrong
    except LookupError as wrong:
        raise InputRefused("letter.cannot-be-written", letter=kind, why=wrong.args[0]) from wrong
    notes = pages.wording_of(batch.procedure).words(language)["notes"]
    laid_out["draft"] = notes["draft" if draft else "went"]
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
        "unprintable": [str(sign) for sign in pages.unprintable(laid_out)],
        "other_scripts": [str(sign) for sign in pages.other_scripts(laid_out)],
        "facts": letter.model_dump(mode="json")["facts"],
        "unconfirmed": dict(letter.unconfirmed),
        "article": batch.article,
        "from_entry": shown.entry if (shown := waits or chosen) else None,
        "document": chosen.document if chosen else None,
        "as_it_was_made": chosen is not None,
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
        yield worded(
            "letter.as-it-was-made", document=told["document"], entry=told["from_entry"], role=told["role"]
        )
    else:
        yield worded("letter.new")
    if told["unprintable"]:
        yield worded("letter.shows-unprintable", signs=told["unprintable"])
    if told["other_scripts"]:
        yield worded("letter.shows-other-scripts", signs=told["other_scripts"])
    if others:
        yield worded("letter.also-made", others=others)
    if told["file"]:
        yield worded("letter.written-to", file=told["file"])
    yield worded("letter.nothing-sent")


def letter_desk(settings: Settings, procedure: str) -> tuple[LetterPages, Addressing]:
    """What lays letters out and addresses them, as the postman does; a draft carries no file within it.

    Raises: UnknownClause for a procedure that this process does not hold.
    """
    procedure_of(procedure)
    office = offices(settings)[procedure]
    creditor = replace(office.creditor, ubl=False)
    signatures = Signatures(settings.signatures)
    pages = LetterPages(creditor.name, office.desk, creditor=creditor, signatures=signatures)
    addresses = {role: mail_addresses(written) for role, written in office.addresses.items()}
    return pages, Addressing(settings.register_url, pages.wording_of, addresses, office.language)


def _which(procedure: str, kind: str) -> LetterKind:
    known = tuple(known.value for known in letters(procedure))
    if kind not in known:
        raise InputRefused("letter.unknown", letter=kind, known=known, possible=known)
    return LetterKind(kind)


def _to(procedure: str, role: str | None) -> Role | None:
    known = {one.value: one for one in roles(procedure)}
    if role and role.replace("-", "_") not in known:
        raise InputRefused("letter.unknown-role", role=role, known=list(known), possible=tuple(known))
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
    raise InputRefused(
        "letter.not-made",
        number=number,
        letter=kind.value,
        made=were_made,
        possible=tuple(one.document for one in were_made),
    )


def _waits(
    url: str, number: str, kind: LetterKind, role: Role | None, made_before: MadeLetter | None
) -> MadeLetter | None:
    """The newest letter of its kind that is told and not made yet, where none was made since."""
    last = made_before.entry if made_before else 0
    asked = [one for one in waiting(url, number) if one.kind == kind and role in (None, one.role)]
    asked = [one for one in asked if one.entry >= last]
    return ([one for one in asked if one.role in TO_PARTIES] or asked or [None])[-1]


def _given(states: type[Stated], said: list[str]) -> dict[str, Any]:
    """The facts that an officer gives; one that may be several is repeated, or written as JSON."""
    import json

    given: dict[str, Any] = {}
    for each in said:
        name, equals, value = each.partition("=")
        if not equals or not name:
            raise InputRefused("letter.no-fact", fact=each)
        field = states.model_fields.get(name)
        several = field is not None and str(field.annotation).startswith("tuple")
        if several and value.lstrip().startswith("["):
            try:
                given[name] = json.loads(value)
            except ValueError as wrong:
                raise InputRefused("letter.no-list", fact=name, why=str(wrong)) from wrong
        elif several:
            given.setdefault(name, []).append(value)
        elif name in given:
            raise InputRefused("letter.fact-twice", fact=name)
        else:
            given[name] = value
    return given


def _asked_for(
    kind: LetterKind, states: type[Stated], wrong: ValidationError, were_made: list[MadeLetter]
) -> InputRefused:
    """What the letter states and does not get, in words of the command line."""
    said = [
        Message("letter.fact-missing", fact=name)
        if error["type"] == "missing"
        else Message("letter.fact-wrong", fact=name, why=Message.of_input(error))
        for error in wrong.errors()
        for name in [".".join(map(str, error["loc"]))]
    ]
    facts = [name for name in states.model_fields if name != "reckonings"]
    key = "letter.asks-and-were-made" if were_made else "letter.asks"
    return InputRefused(key, letter=kind.value, said=said, states=facts, made=were_made)


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
            raise InputRefused("letter.no-such-format", ending=other)
    try:
        with whole(out) as file:
            file.write(content)
    except OSError as error:
        raise NotReachable("letter.not-written", file=out, why=error.strerror) from error
