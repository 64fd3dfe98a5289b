"""In which language somebody is written to: what is known of them, and what the law makes of it.

Which rule holds, a jurisdiction says. Letters and acts have rules of their own; where the rules leave the
language open, nothing is guessed: a person chooses, and says why.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from models.messages import Message
from models.parties import Language


@dataclass(frozen=True, slots=True)
class Correspondent:
    """Whom an authority writes to, as far as the language depends on it. What is not known is None or empty.

    `private_undertaking` tells a company from anybody else, hospitals, universities and public bodies
    included. Country (two letters), postal code and commune are those of the seat. `language` is the one
    that it used, `acts_language` the one that it asks for acts.
    """

    private_undertaking: bool | None = None
    country: str = ""
    postal_code: str = ""
    commune: str = ""
    language: Language | None = None
    acts_language: Language | None = None


@dataclass(frozen=True, slots=True)
class Tongue:
    """The language of a letter or an act, why, and by which article. None: a person chooses."""

    language: Language | None
    why: Message
    article: str


@dataclass(frozen=True)
class Languages:
    """The languages in which an authority of a jurisdiction writes, and the rules that choose between them.

    A text in another language counts for nothing: it is only ever enclosed, as a translation. `replaced` is
    the article by which a letter in a wrong language is replaced with the day of the one that it replaces.
    """

    official: tuple[Language, ...]
    letter: Callable[[Correspondent], Tongue]
    act: Callable[[Correspondent], Tongue]
    replaced: str

    def spoken(
        self, known: Correspondent, act: bool, chosen: Language | None = None, why: str = ""
    ) -> Tongue:
        """The language of a letter or an act. What a person chose counts where the rules leave it open."""
        ruled = (self.act if act else self.letter)(known)
        if ruled.language or chosen not in self.official:
            return ruled
        return Tongue(chosen, Message("tongue.chosen", open=ruled.why, why=why), ruled.article)

    def translation(self, known: Correspondent) -> Language | None:
        """The language in which a translation is enclosed: one used or asked for, and not official."""
        spoken = (known.language, known.acts_language)
        return next((one for one in spoken if one and one not in self.official), None)
