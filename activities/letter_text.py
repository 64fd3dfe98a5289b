"""The text of a letter: its title and parts, as a template writes them and as mail carries them.

What a person wrote is only ever a value: it is put on one line, so that it can begin neither a line
nor a list nor a title.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypedDict

from models.messages import Message

_ITEMS = {"- ": "list", "1. ": "numbers", "> ": "quote"}
_ITEM = re.compile("|".join(map(re.escape, _ITEMS)))
_BLANK_LINE = re.compile(r"\r?\n[ \t]*\r?\n")
_LINE_BREAKS = re.compile(r"[ \t\n\r\x0b\x0c\x1c-\x1f\x85\u2028\u2029]+")


class Part(TypedDict):
    """A paragraph or heading (`text`), or a list, numbers or a quote (`items`); `kind` tells which."""

    kind: str
    text: str
    items: list[str]


@dataclass(frozen=True)
class Text:
    """A letter in words: its title, and its parts in order."""

    title: str
    parts: tuple[Part, ...]


def plain(value: object) -> str:
    """The value on one line, without control characters and invisible format characters.

    Raises: ValueError for None, which no letter should have to spell.
    """
    if value is None:
        raise ValueError(Message("letter.value-missing"))
    text = str(value)
    if "  " not in text and text.replace("\u00a0", "").isprintable():  # as almost every text is
        return text
    text = _LINE_BREAKS.sub(" ", text)
    return "".join(c for c in text if unicodedata.category(c) not in ("Cc", "Cf", "Cs"))


def grounds(written: str) -> list[str]:
    """The paragraphs that a person wrote: each of the grounds has its number, those of a plan stand alone."""
    return [ground.strip() for ground in _BLANK_LINE.split(written) if plain(ground).strip()]


def parse(rendered: str) -> Text:
    """Reads `# `, `## `, `- `, `1. ` and `> ` at the start of a line: marks that only a template can make."""
    title, parts, open_paragraph = "", list[Part](), False
    for line in (raw.strip(" ") for raw in rendered.split("\n")):
        if not line:
            open_paragraph = False
        elif not title:
            if not line.startswith("# "):
                raise ValueError(Message("letter.no-title", line=line))
            title = line[2:]
        elif line.startswith("## "):
            parts.append(Part(kind="heading", text=line[3:], items=[]))
            open_paragraph = False
        elif mark := _ITEM.match(line):
            kind = _ITEMS[mark[0]]
            if not parts or parts[-1]["kind"] != kind:
                parts.append(Part(kind=kind, text="", items=[]))
            parts[-1]["items"].append(line[mark.end() :])
            open_paragraph = False
        elif open_paragraph:
            parts[-1]["text"] += f" {line}"
        else:
            parts.append(Part(kind="paragraph", text=line, items=[]))
            open_paragraph = True
    return Text(title, tuple(parts))


def structured(communication: str) -> str:
    """A structured communication as it is printed, +++ddd/dddd/ddddd+++."""
    communication = str(communication)
    digits = re.sub(r"\D", "", communication)
    return f"+++{digits[:3]}/{digits[3:7]}/{digits[7:]}+++" if len(digits) == 12 else communication


def words_of(letter: Mapping[str, Any]) -> list[str]:
    """The words of a letter as it is laid out, one paragraph or item each, for mail in plain text."""
    lead, colon = letter["lead"], letter["labels"]["colon"]
    lines = [*((lead["title"], lead["text"]) if lead else ()), letter["title"], letter["salutation"]]
    if letter.get("layout") == "invoice":
        rows = [*letter["figures"], (letter["line"], letter["amount"])]
        if paid := letter["pay"]:
            rows += [*paid["rows"], (letter["invoice"]["communication"], paid["communication"])]
        lines += [f"{label}{colon} {value}" for label, value in rows]
    for part in letter["parts"]:
        match part["kind"]:
            case "quote":
                lines += part["items"]
            case "list":
                lines += [f"- {item}" for item in part["items"]]
            case "numbers":
                lines += [f"{n}. {item}" for n, item in enumerate(part["items"], start=1)]
            case _:
                lines.append(part["text"])
    reached = filter(None, (*letter["address"], letter["telephone"], letter["contact"]))
    lines += [letter["closing"], *letter["signature"], " · ".join(reached)]
    for note in letter["notes"]:
        lines += [note["title"], note["text"]]
        lines += [f"{clause}{colon} {said}" for clause, said in note.get("parts", ())]
        lines += [f"- {item}" for item in note["items"]]
    if enclosed := letter.get("translation"):
        lines += ["* * *", *words_of(enclosed)]
    return list(filter(None, lines))
