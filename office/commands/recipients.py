"""`umn recipients`: to whom the letters of a case go and in which language, and a person's word on both."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from cyclopts import App

from models.errors import InputRefused, Malformed
from models.messages import word
from office.commands import Form, Number, by_whom, today, word_of
from office.settings import Settings

if TYPE_CHECKING:
    from models.parties import Role
    from register.case import Case
    from register.recipients import Said

recipients = App(name="recipients", group_commands="Commands")

Tongue = Literal["nl", "fr", "de", "en"]


@recipients.default
def recipients_of(number: Number, /, *, output: Form = "table") -> None:
    """Shows to whom the letters of a case go, by role, in which language, and where the newest ones went.

    Args:
        number: number of the dossier or programme.
        output: table for people, json for programs.
    """
    from register.case import case

    settings = Settings.read()
    _show(settings.register_url, case(settings.register_url, number, today()), output)


@recipients.command(name="set")
def recipients_set(
    number: Number,
    role: str,
    /,
    *,
    to: str = "",
    channel: Literal[
        "email", "post", "registered", "registered_with_acknowledgement", "ebox", "peppol", "by_hand"
    ]
    | None = None,
    used: Tongue | None = None,
    asks: Tongue | None = None,
    undertaking: bool | None = None,
    country: str | None = None,
    postal_code: str | None = None,
    commune: str | None = None,
    lang: Tongue | None = None,
    acts: Tongue | None = None,
    why: str = "",
    output: Form = "table",
) -> None:
    """Has the letters of a case in one role go elsewhere, otherwise or in another language from now on.

    Those that were made stay as they are. By another channel than e-mail a person posts them: `umn notices`.
    The language follows from what is known of the addressee; a person chooses where the law leaves it open.

    Args:
        number: number of the dossier or programme; dossiers filed under a programme follow it.
        role: in which role they are written to.
        to: the address, or several with commas between them; may be left out with another word.
        channel: by which channel they go; as before when left out.
        used: the language that the addressee uses; English is none of letters, but a translation is enclosed.
        asks: the language that the addressee asks for its acts.
        undertaking: whether the addressee is a private undertaking; hospitals and universities are none.
        country: country of its seat, as two letters.
        postal_code: postal code of its seat.
        commune: commune of its seat.
        lang: the language of letters, chosen where the law leaves it open; that of a desk or body.
        acts: the language of acts, chosen where the law leaves it open; that of letters when left out.
        why: the reason of a choice.
        output: table for people, json for programs.
    """
    by = by_whom("recipients set")
    from models.parties import Channel, Language, Role, mail_addresses
    from procedures.registry import roles
    from register.case import case
    from register.database import migrate
    from register.recipients import Said, keep, of

    settings, which = Settings.read(), Role(word_of("role", role, roles()))
    url = settings.register_url
    try:
        addresses = mail_addresses(to)
    except Malformed as wrong:
        raise InputRefused("recipient.not-understood", why=wrong.said) from None
    said = Said(
        addresses,
        letters_in=Language(lang) if lang else None,
        acts_in=Language(acts) if acts else None,
        why=why.strip(),
        private_undertaking=undertaking,
        country=country.upper() if country else country,
        postal_code=postal_code,
        commune=commune,
        language=Language(used) if used else None,
        acts_language=Language(asks) if asks else None,
    )
    if not addresses and (channel == "email" or (channel is None and said == Said(why=said.why))):
        raise InputRefused("recipient.no-address", role=word(which))
    migrate(url)
    found = case(url, number, today())
    before = of(url, found.state.number).get(which)
    as_before = before.channel if before and not addresses else Channel.EMAIL
    said = replace(said, channel=Channel(channel) if channel else as_before)
    _hold(url, found, which, said.over(before) if before else said, said)
    keep(url, found.state.number, which, said, by)
    _show(url, found, output)


def _hold(url: str, found: Case, role: Role, after: Said, said: Said) -> None:
    """Holds what is said against the law of languages. Raises: InputRefused; nothing was changed."""
    from models.parties import OFFICE_LANGUAGES, TO_PARTIES
    from office.letters.languages import addressed
    from procedures.registry import offices, procedure

    official = procedure(found.state.procedure).jurisdiction.languages.official
    if role in offices(found.state.procedure):
        if said.letters_in and said.letters_in not in OFFICE_LANGUAGES:
            raise InputRefused("recipient.not-in-german", possible=OFFICE_LANGUAGES)
        if said.acts_in or said.language or said.acts_language:
            raise InputRefused("recipient.language-of-office")
        return
    for language in filter(None, (said.letters_in, said.acts_in)):
        if language not in official:
            raise InputRefused("recipient.no-choice", language=language, official=official)
        if not said.why:
            raise InputRefused("recipient.no-reason")
    one = addressed(url, found, role, after)
    if role not in TO_PARTIES and after.addresses and one.letters.language is None:
        raise InputRefused("recipient.no-language")
    for chosen, ruled in ((said.letters_in, one.letters), (said.acts_in, one.acts)):
        if chosen and ruled.language is not chosen:
            raise InputRefused(
                "recipient.language-ruled", language=ruled.language, article=ruled.article, why=ruled.why
            )


def _show(url: str, found: Case, output: Form) -> None:
    from office.letters.languages import addressees
    from office.letters.showing import NoticesShowing
    from register.recipients import of, reached

    number = found.state.number
    NoticesShowing(output).recipients(number, of(url, number), reached(url, number), addressees(url, found))
