"""`umn recipients`: to whom the letters of a case go, and a person's word that they go elsewhere."""

from __future__ import annotations

from typing import Literal

from cyclopts import App

from models.errors import InputRefused
from office.commands import By, Form, Number, today
from office.settings import Settings

recipients = App(name="recipients", group_commands="Commands")

Roles = Literal["applicant", "invoice_addressee", "ethics_committee", "commission", "physicians", "desk"]


@recipients.default
def recipients_of(number: Number, /, *, output: Form = "table") -> None:
    """Shows to whom the letters of a case go, by role, and where the newest ones went.

    Args:
        number: number of the dossier or programme.
        output: table for people, json for programs.
    """
    from office.notices_showing import NoticesShowing
    from register.recipients import of, reached
    from register.views import case

    settings = Settings.read()
    found = case(settings.register_url, number, today()).state.number
    named, went = of(settings.register_url, found), reached(settings.register_url, found)
    NoticesShowing(output).recipients(found, named, went)


@recipients.command(name="set")
def recipients_set(
    number: Number,
    role: Roles,
    /,
    *,
    to: str,
    lang: Literal["nl", "fr", "en", "de"] | None = None,
    by: By,
    output: Form = "table",
) -> None:
    """Has the letters of a case in one role go elsewhere from now on; those that were made stay as they are.

    Args:
        number: number of the dossier or programme; dossiers filed under a programme follow it.
        role: in which role they are written to.
        to: the address, or several with commas between them.
        lang: the language they are written to in; as before when left out.
        by: who says so.
        output: table for people, json for programs.
    """
    from models.parties import OFFICE_LANGUAGES, TO_PARTIES, Language, Role, mail_addresses
    from office.notices_showing import NoticesShowing
    from register.database import migrate
    from register.recipients import keep, of, reached
    from register.views import case

    settings, which = Settings.read(), Role(role)
    url = settings.register_url
    try:
        addresses = mail_addresses(to)
    except ValueError as wrong:
        raise InputRefused(f"--to: {wrong}. Nothing was changed.") from None
    if not addresses:
        raise InputRefused(f"--to names no address, and letters to the {role} must go somewhere.")
    if lang and which not in TO_PARTIES and lang not in OFFICE_LANGUAGES:
        raise InputRefused("Committees, physicians and desk are not written to in German.", OFFICE_LANGUAGES)
    migrate(url)
    found = case(url, number, today()).state.number
    keep(url, found, which, addresses, Language(lang) if lang else None, by)
    NoticesShowing(output).recipients(found, of(url, found), reached(url, found))
