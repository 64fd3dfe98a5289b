"""Letters as PDF: PDF/A-2a and PDF/UA-1 (an invoice PDF/A-3a), the same bytes for the same facts.

typst reads the words as data and never as markup; it uses the fonts of its own package only.
"""

from __future__ import annotations

import json
import re
import threading
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import Any

from models.errors import ProcedureError
from models.messages import Message

LATIN = "\u024f"
"""Up to this sign the fonts have all that is seen."""

READ = ("LATIN", "GREEK", "CYRILLIC", "MODIFIER")
"""Scripts of letters, as Unicode names them: the type has them, and whoever made it has read them in it."""

_ARCHIVE = ["a-2a", "ua-1"]
STANDARDS = {"letter": _ARCHIVE, "index": _ARCHIVE, "invoice": ["a-3a", "ua-1"], "glyph": _ARCHIVE}
"""By layout. PDF/A-3 is the one that may carry another file within it."""


_OF_A_SCRIPT = re.compile(r"(?:.* )?(?:LETTER|SYLLABLE|IDEOGRAPH|CHARACTER)\b|UNIFIED IDEOGRAPH")


class CannotBePrinted(ProcedureError):
    """A letter holds signs that its fonts do not have, or a script that nobody has read in them.

    A person looks before it leaves, with the numbers of the former.
    """


class Typesetting:
    """Sets letters with the layout of one folder. One compiler per thread: it keeps what it has read."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._own = threading.local()
        self._can_print = lru_cache(maxsize=4096)(self._try_to_print)

    def unprintable(self, said: Any) -> dict[str, str]:
        """The signs in words that our fonts do not have, each with the words around its first place."""
        return _first_places(said, lambda sign: not self._can_print(sign))

    def other_scripts(self, said: Any) -> dict[str, str]:
        """The first sign of each script but Latin, Greek and Cyrillic, with the words around it.

        Our fonts have some of them, in a type that is not that of letters; of others nothing is told here.
        """
        found = _first_places(said, lambda sign: bool(_script(sign)) and self._can_print(sign))
        return {sign: words for sign, words in found.items() if _is_first(sign, found)}

    def pdf(
        self,
        letter: dict[str, Any],
        on: date,
        attached: tuple[str, bytes] | None = None,
        spelt_out: bool = True,
    ) -> bytes:
        """The letter as PDF, dated at the beginning of its day in UTC; `attached` is an XML file within it.

        A character that our fonts do not have is spelt out by its Unicode number, and the letter says so.

        Raises: CannotBePrinted for such a letter that may not be `spelt_out`, and for one in other scripts;
        typst.TypstError when the layout itself is wrong.
        """
        import typst

        if not spelt_out and (others := self.other_scripts(letter)) and not self.unprintable(letter):
            raise CannotBePrinted("letter.other-scripts", signs=told_signs(others))
        try:
            return self._compile(letter, on, attached)
        except typst.TypstError:
            rare = {c for c in _characters(letter) if not c.isascii() and not self._can_print(c)}
            if not rare:
                raise
            if not spelt_out:
                raise CannotBePrinted(
                    "letter.unprintable", signs=told_signs(self.unprintable(letter))
                ) from None
            table = str.maketrans({c: f"[U+{ord(c):04X}]" for c in rare})
            in_numbers = _translated(letter, table)
            in_numbers["notes"] = [*in_numbers["notes"], letter["illegible"]]
            return self._compile(in_numbers, on, attached)

    def pages(self, letter: dict[str, Any], ppi: float = 100) -> list[bytes]:
        """The pages as PNG pictures, to be looked at."""
        made = self._compiler(_layout(letter)).compile(
            format="png", ppi=ppi, sys_inputs={"letter": json.dumps(letter)}, timestamp=0
        )
        return made if isinstance(made, list) else [made]

    def _compile(self, letter: dict[str, Any], on: date, attached: tuple[str, bytes] | None) -> bytes:
        midnight = datetime(on.year, on.month, on.day, tzinfo=UTC)
        name, content = attached or ("", b"")
        made: bytes = self._compiler(_layout(letter)).compile(
            format="pdf",
            sys_inputs={"letter": json.dumps(letter), "file": name, "content": content.decode()},
            pdf_standards=STANDARDS[_layout(letter)],
            timestamp=int(midnight.timestamp()),
        )
        return made

    def _compiler(self, layout: str) -> Any:
        import typst

        found = getattr(self._own, layout, None)
        if found is None:
            found = typst.Compiler(self._folder / f"{layout}.typ", ignore_system_fonts=True)
            setattr(self._own, layout, found)
        return found

    def _try_to_print(self, character: str) -> bool:
        import typst

        try:
            self._compiler("glyph").compile(
                format="pdf", sys_inputs={"glyph": character}, pdf_standards=STANDARDS["glyph"], timestamp=0
            )
        except typst.TypstError:
            return False
        return True


def told_signs(unprintable: dict[str, str]) -> list[Message]:
    """Signs that cannot be printed, as people find them: with number and place."""
    return [
        Message("letter.unprintable-sign", sign=sign, code=ord(sign), words=around)
        for sign, around in unprintable.items()
    ]


def _first_places(said: Any, is_meant: Callable[[str], bool]) -> dict[str, str]:
    """Each sign that is meant, with the words around its first place."""
    found: dict[str, str] = {}
    for words in _strings(said):
        for place, sign in enumerate(words):
            if sign > LATIN and sign not in found and is_meant(sign):
                found[sign] = words[max(0, place - 20) : place + 20]
    return found


@lru_cache(maxsize=4096)
def _script(sign: str) -> str:
    """The script of a letter of one that nobody has read in our type; of any other sign nothing."""
    script, _, rest = unicodedata.name(sign, "").partition(" ")
    return (
        script
        if unicodedata.category(sign)[0] == "L" and _OF_A_SCRIPT.match(rest) and script not in READ
        else ""
    )


def _is_first(sign: str, found: Iterable[str]) -> bool:
    return next(one for one in found if _script(one) == _script(sign)) == sign


def _layout(letter: dict[str, Any]) -> str:
    return str(letter.get("layout", "letter"))


def _characters(value: Any) -> set[str]:
    return set().union(*map(set, _strings(value)))


def _strings(value: Any) -> Iterator[str]:
    match value:
        case str():
            yield value
        case dict():
            yield from chain.from_iterable(map(_strings, value.values()))
        case list():
            yield from chain.from_iterable(map(_strings, value))


def _translated(value: Any, table: dict[int, str]) -> Any:
    match value:
        case str():
            return value.translate(table)
        case dict():
            return {k: _translated(v, table) for k, v in value.items()}
        case list():
            return [_translated(v, table) for v in value]
        case _:
            return value
