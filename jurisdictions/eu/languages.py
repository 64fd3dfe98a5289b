"""The language of letters and acts of an institution or agency of the Union.

Law: Regulation No 1 determining the languages to be used by the European Economic Community, which was not
read for this: that whoever writes in an official language is answered in it is what is known of it. Of the
official languages those are held here that letters are written in.
"""

from __future__ import annotations

from models.languages import Correspondent, Languages, Tongue
from models.messages import Message
from models.parties import Language

_REGULATION = "Regulation No 1 determining the languages to be used (CELEX 31958R0001)"
_USED = f"{_REGULATION}, art. 2"

OFFICIAL = (Language.EN, Language.NL, Language.FR, Language.DE)


def letter(known: Correspondent) -> Tongue:
    """A letter is in the language that its addressee used."""
    if known.language not in OFFICIAL:
        return Tongue(None, Message("tongue.none-used", official=OFFICIAL), _USED)
    return Tongue(known.language, Message("tongue.used"), _USED)


def act(known: Correspondent) -> Tongue:
    """An act is in the language that is asked for; nothing asked: as a letter."""
    if known.acts_language in OFFICIAL:
        return Tongue(known.acts_language, Message("tongue.asked"), _USED)
    return letter(known)


LANGUAGES = Languages(official=OFFICIAL, letter=letter, act=act, replaced=f"{_REGULATION}, art. 2")
