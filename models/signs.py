"""What a text is: words that a person can read, and of which every sign is seen by whoever reads them.

One rule for every act, name, option and file name. What nobody sees is refused, because it makes two
texts of one look, turns the direction of writing, or steers a screen; what is seen stands, whatever it
means elsewhere: brackets, tags and formulas are signs like others, and are shown as themselves.

Kept light: a list that answers at once reads it too. The types of pydantic stand in models/texts.py.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from models.errors import Malformed
from models.messages import Message

THE_PROCEDURE = "the procedure"
THE_MAIL_SERVER = "the mail server"
THE_POSTMAN = "the postman"
THE_WORKER = "the worker"

OURS = (THE_PROCEDURE, THE_MAIL_SERVER, THE_POSTMAN, THE_WORKER, "umn")
"""Who is said to have acted where no person did, and what our processes are called. No person is."""

_UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
"""Control and format signs, halves of signs, signs of nobody or of one company, odd ends of lines."""

_BLANK = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0") | {chr(0x180B + n) for n in range(5)}
"""Letters and marks of which nothing is seen."""

_HOLDS_BLANK = re.compile(f"[{''.join(sorted(_BLANK))}]").search

_JOINS = "\u200c\u200d"
"""Between two signs that are seen they shape them, in Persian or in an emoji; elsewhere they hide."""

_MAY_BREAK = "\u00ad"
"""Where a word may be divided; it comes along from whoever copies out of a typeset page."""


def flaw(written: str, *, lines: bool = False) -> Message | None:
    """What keeps words from being a text; nothing when nothing does.

    Args:
        written: the words.
        lines: whether they may have lines and tabs, as grounds have, and hyphens for the end of a line.
    """
    for place, sign in _unseen(written, lines):
        called = unicodedata.name(sign, "CONTROL" if unicodedata.category(sign) == "Cc" else "NO SIGN")
        return Message("text.unseen-sign", code=ord(sign), called=called, place=place + 1)
    if not any(_is_seen(sign) for sign in written):
        return Message("text.says-nothing")
    return None


def text(written: str) -> str:
    """Words as a person wrote them, lines and all; blanks around them are left out. Raises: Malformed."""
    plain = written.replace("\r\n", "\n").strip()
    if wrong := flaw(plain, lines=True):
        raise Malformed(wrong.key, **wrong.facts)
    return plain


def remark(written: str) -> str:
    """Words as `text`, or none at all. Raises: Malformed."""
    return text(written) if written else ""


def line(written: str) -> str:
    """Words on one line, with one plain blank wherever blanks of any kind stand. Raises: Malformed."""
    if wrong := flaw(written):
        raise Malformed(wrong.key, **wrong.facts)
    return " ".join(unicodedata.normalize("NFC", written).split())


def name(written: str) -> str:
    """The name of a person who acts; never one that the machine has for itself. Raises: Malformed."""
    plain = line(written)
    if not any(sign.isalpha() for sign in plain):
        raise Malformed("text.no-name", name=plain)
    if _sound(plain) in map(_sound, OURS):
        raise Malformed("text.our-name", name=plain)
    return plain


def visible(written: str) -> str:
    """A text of which every sign is seen: others are spelt by their number. Lines stay lines."""
    kept = dict(_unseen(written, lines=True))
    if not kept:
        return written
    return "".join(_spelt(sign) if place in kept else sign for place, sign in enumerate(written))


def _unseen(written: str, lines: bool) -> Iterator[tuple[int, str]]:
    """The signs that nobody sees, with their places."""
    told = written.replace("\n", "").replace("\t", "") if lines else written
    if told.isprintable() and (told.isascii() or not _HOLDS_BLANK(told)):
        return
    for place, sign in enumerate(written):
        if sign not in _BLANK and unicodedata.category(sign) not in _UNSEEN:
            continue
        if lines and sign in "\n\t":
            continue
        around = written[place - 1 : place] + written[place + 1 : place + 2]
        shapes = sign in _JOINS or (lines and sign == _MAY_BREAK)
        if shapes and len(around) == 2 and all(map(_is_shaped, around)):
            continue
        yield place, sign


def _is_shaped(sign: str) -> bool:
    return unicodedata.category(sign)[0] in "LMS" and sign not in _BLANK


def _is_seen(sign: str) -> bool:
    return unicodedata.category(sign)[0] in "LNPS" and sign not in _BLANK


def _spelt(sign: str) -> str:
    return sign.encode("unicode_escape").decode("ascii")


def _sound(named: str) -> str:
    """A name as it is heard: without case, blanks, signs and article."""
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", named).casefold())
    return "".join(sign for sign in plain if sign.isalnum()).removeprefix("the")
