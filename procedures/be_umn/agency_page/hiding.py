"""What a saved page hides by the names of its elements: in its own style sheets, or by names known for it.

Only plain rules are understood, of one class or one id. Of a rule that asks for more, such as what stands
around an element, and of a well-known name without a rule, it cannot be told whether an element is seen.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

HIDES = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|(?:opacity|font-size)\s*:\s*0(?![.\d]*[1-9])",
    re.IGNORECASE,
)
"""What hides an element, in a style of its own or in a rule."""

KNOWN = frozenset((".d-none", ".element-invisible", ".hidden", ".invisible", ".sr-only", ".visually-hidden"))
"""Classes by which the usual style sheets hide; a saved page need not hold the sheet."""

_PLAIN = re.compile(r"[a-z]*([.#][\w-]+)", re.IGNORECASE)
_PRINTED = re.compile(r"@media\s+print\b", re.IGNORECASE)
_LAST = re.compile(r"([.#][\w-]+)$")


class Hiding(NamedTuple):
    """Names, with the sign of a class or id before them, of elements that are hidden, and that may be."""

    surely: frozenset[str]
    perhaps: frozenset[str]


def hiding(text: str) -> Hiding:
    """What the style sheets within a page hide."""
    surely, perhaps = set(), set(KNOWN)
    for part in re.split(r"<style\b", text, flags=re.IGNORECASE)[1:]:
        sheet = re.split(r"</style", part, maxsplit=1, flags=re.IGNORECASE)[0].partition(">")[2]
        for selector, only_sometimes in _selectors(sheet):
            plain = _PLAIN.fullmatch(selector)
            if plain and not only_sometimes:
                surely.add(plain[1])
            elif last := _LAST.search(selector):
                perhaps.add(last[1])
    return Hiding(frozenset(surely), frozenset(perhaps - surely))


def _selectors(sheet: str) -> Iterator[tuple[str, bool]]:
    """Each selector of a rule that hides on a screen, and whether it holds only sometimes (@media)."""
    around: list[str] = []
    for piece in sheet.split("}"):
        *outer, selectors, declared = piece.split("{") if "{" in piece else ("", "")
        around += outer
        if HIDES.search(declared) and not any(map(_PRINTED.search, around)):
            for selector in selectors.rpartition("*/")[2].split(","):
                yield selector.strip(), bool(around)
        if "{" not in piece and around:
            around.pop()
