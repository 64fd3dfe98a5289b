"""`umn show --print`: the whole file of a case as one PDF, for a meeting."""

from __future__ import annotations

from datetime import date

from models.parties import Language
from office.desk.documents import places_of
from office.desk.indexing import Filed, printed
from office.letters.preview import letter_desk
from office.settings import Settings
from register.case import case
from register.views import laws


def whole_file(
    settings: Settings, number: str, language: Language, on: date
) -> tuple[tuple[str, ...], bytes]:
    """What is in it, and its pages: a dossier alone, a programme with all that was filed under it.

    Raises: NotFound for a number that is none; NotReachable when the register does not answer.
    """
    url = settings.register_url
    found = case(url, number, on)
    held = [found, *(case(url, one.number, on) for one in found.dossiers)]
    files = [
        Filed(
            case=one,
            laws=laws(url, {line.law for line in one.entries}),
            places=places_of(one.documents),
            runs={},
            seals=(),
        )
        for one in held
    ]
    pages, _ = letter_desk(settings, found.state.procedure)
    wording = pages.wording_of(found.state.procedure)
    laid_out = printed(files, wording, language, on)
    return tuple(one.state.number for one in held), pages.pdf(laid_out, on)
