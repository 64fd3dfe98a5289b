"""The language of letters and acts of a central service of the Belgian federal state.

Law: coordinated acts on the use of languages of 18 July 1966 (numac 1966071850), art. 41, 42 and 58, read in
a copy and confirmed by nobody. That the agency is a central service, that a company is established where its
seat is, and that an act for which nothing was asked follows the letters, are our readings.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from models.languages import Correspondent, Languages, Tongue
from models.messages import Message
from models.parties import Language

_ACTS = "Coordinated Acts on the use of languages of 18 July 1966 (numac 1966071850)"
_USED, _REGION, _ASKED = f"{_ACTS}, art. 41 § 1", f"{_ACTS}, art. 41 § 2", f"{_ACTS}, art. 42"

OFFICIAL = (Language.NL, Language.FR, Language.DE)

COMMUNES = Path(__file__).with_name("communes.toml")
"""The regions and the communes with a special regime: dated data with its source."""


class Place(NamedTuple):
    """What the law says of the commune of a seat. `region` is the language in which a company is answered.

    None in Brussels-Capital and under a special regime; `assumed` where it was found by its postal code.
    """

    article: str
    region: Language | None
    assumed: bool


def letter(known: Correspondent) -> Tongue:
    """A letter is in the language that its addressee used.

    A private undertaking with its seat in the Dutch or French region, in a commune without a special regime,
    is answered in the language of that region, whatever it used. In the German region every commune has a
    special regime, and Brussels-Capital is in neither region: there too it is the language used.
    """
    used = known.language if known.language in OFFICIAL else None
    if known.private_undertaking is False or known.country not in ("", "BE"):
        return _used(used)
    place = place_of(known.postal_code, known.commune) if known.country else None
    if place is None:
        return Tongue(None, Message("tongue.seat-unknown"), _REGION)
    if place.region is None:
        return _used(used)
    if known.private_undertaking or place.region is used:
        return Tongue(place.region, _of_region(place), _REGION)
    return Tongue(None, Message("tongue.kind-unknown", region=place.region), _REGION)


def act(known: Correspondent) -> Tongue:
    """An act is in the one of the three languages that is asked for; nothing asked: as a letter.

    Where the region asks for another one the two rules collide, and a person chooses.
    """
    as_letter = letter(known)
    asked = known.acts_language if known.acts_language in OFFICIAL else None
    if asked is None or as_letter.why.key in ("tongue.seat-unknown", "tongue.kind-unknown"):
        return as_letter
    if as_letter.article == _REGION and as_letter.language is not asked:
        why = Message("tongue.collide", asked=asked, region=as_letter.language)
        return Tongue(None, why, _ASKED)
    return Tongue(asked, Message("tongue.asked"), _ASKED)


def _used(used: Language | None) -> Tongue:
    if used is None:
        return Tongue(None, Message("tongue.none-used", official=OFFICIAL), _USED)
    return Tongue(used, Message("tongue.used"), _USED)


def _of_region(place: Place) -> Message:
    key = "tongue.region-assumed" if place.assumed else "tongue.region"
    return Message(key, article=place.article)


def place_of(postal_code: str, commune: str) -> Place | None:
    """The place of a seat in Belgium by its commune and postal code; None where they do not tell it.

    A postal code that is not one of the commune that is named tells nothing.
    """
    compact = re.sub("^(B|BE)-", "", postal_code.strip().upper())
    code = int(compact) if re.fullmatch("[1-9][0-9]{3}", compact) else 0
    if compact and not code:
        return None
    known = _communes()
    bilingual = (known["capital"], *known["special"])
    named = next((one for one in bilingual if _plain(commune) in map(_plain, one["names"])), None)
    coded = next((one for one in bilingual if code in _codes(one)), None)
    if named and code and coded is not named:
        return None
    if found := named or coded:
        return Place(found["article"], None, assumed=named is None)
    region = next((one for one in known["region"] if code in _codes(one)), None)
    return Place(region["article"], Language(region["language"]), assumed=True) if region else None


@cache
def _communes() -> dict[str, Any]:
    return tomllib.loads(COMMUNES.read_text("utf-8"))


def _codes(one: dict[str, Any]) -> range | list[int]:
    """Those of a commune one by one, those of a region from the first to the last."""
    codes: list[int] = one.get("codes", [])
    return codes or range(one["from_to"][0], one["from_to"][1] + 1)


def _plain(name: str) -> str:
    """A name as it is compared: without accents, capitals, hyphens and points."""
    bare = unicodedata.normalize("NFKD", name).casefold()
    return re.sub("[^a-z0-9]+", "", bare)


LANGUAGES = Languages(official=OFFICIAL, letter=letter, act=act, replaced=f"{_ACTS}, art. 58")
