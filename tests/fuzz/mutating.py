"""Turns what people really send into what they might send: changed a little, so that reading goes deep.

All by the chance that is handed in: the same chance makes the same bytes again.
"""

from __future__ import annotations

import io
import json
import re
import struct
import zipfile
import zlib
from contextlib import suppress
from random import Random
from typing import Any

MOST = 300_000
"""Bytes of a case: larger ones only cost time."""

_ODD = [
    *(b"", b"\0", b"\xff", b"\xef\xbb\xbf", b"\x1a", b"\r", b"\n\n", b"\t", b" ", b"\x81", b"\xc3\x89"),
    *(b"0", b"-1", b"9" * 30, b"1e999", b"NaN", b"Infinity", b"0.001", b"1_000", b"+5", b"\xd9\xa1\xd9\xa2"),
    *(
        b"2026-11-27T23:30:00Z",
        b"2026-02-30",
        b"0001-01-01",
        b"9999-12-31T24:00:00",
        b"31.12.2026",
        b"000000",
    ),
    *(b"true", b"null", b"oui", b"BE49999000000171", b"+++260/0000/01180+++", b"EUR", b"&#8238;", b"&amp;"),
    *(b"\xe2\x80\xae", b"\xed\xa0\x80", b"\xf0\x9f\x92\x8a", b"a" * 5000, b"<![CDATA[x]]>", b"<b>", b"]]>"),
]
_ELEMENT = re.compile(rb"<([A-Za-z0-9:]+)(?: [^<>]*)?>[^<>]*</\1>")
_TEXT = re.compile(rb">([^<>]+)<")
_TAG = re.compile(rb"</?[^<>]+>")


def bytes_of(chance: Random, content: bytes, others: list[bytes]) -> bytes:
    """Some bytes changed, taken out, doubled, moved, or taken from another one."""
    for _ in range(chance.choice((1, 1, 2, 5))):
        first, last = sorted(chance.randrange(len(content) + 1) for _ in "ab")
        last = min(last, first + chance.choice((1, 4, 60, 2000)))
        other = chance.choice(others)
        start = chance.randrange(len(other) + 1)
        content = chance.choice(
            (
                content[:first] + content[last:],
                content[:first] + chance.choice(_ODD) + content[last:],
                content[:first] + content[first:last] * chance.choice((2, 3, 50)) + content[last:],
                content[:first] + chance.randbytes(last - first) + content[last:],
                content[:first] + other[start : start + (last - first)] + content[last:],
                content[:last],
                content[last:] + content[:last],
            )
        )[:MOST]
    return content


def marked_up(chance: Random, content: bytes, others: list[bytes]) -> bytes:
    """XML or HTML of which texts, tags or whole elements are others, fewer or more."""
    for _ in range(chance.choice((1, 1, 2, 6))):
        sought = chance.choice((_TEXT, _TEXT, _ELEMENT, _TAG))
        found = [*sought.finditer(content)]
        if not found:
            return bytes_of(chance, content, others)
        at = chance.choice(found)
        first, last = at.span(1) if sought is _TEXT else at.span()
        there = content[first:last]
        elsewhere = [*sought.finditer(chance.choice(others))]
        other = chance.choice(elsewhere) if elsewhere else at
        now = chance.choice(
            (
                b"",
                chance.choice(_ODD),
                there * chance.choice((2, 3, 200)),
                other[1] if sought is _TEXT else other[0],
                there[: len(there) // 2],
            )
        )
        content = (content[:first] + now + content[last:])[:MOST]
    return content


def records(chance: Random, content: bytes, others: list[bytes]) -> bytes:
    """CODA of which fields or records are others; mostly it adds up again afterwards."""
    lines = content.decode("windows-1252", "replace").split("\r\n")
    strange = [line for other in others for line in other.decode("windows-1252", "replace").split("\r\n")]
    for _ in range(chance.choice((1, 1, 2, 5))):
        at = chance.randrange(len(lines))
        line = lines[at]
        first = chance.randrange(128)
        last = first + chance.choice((1, 3, 6, 16, 40))
        told = chance.choice((*_ODD, b"0" * 16, b" " * 40, b"1")).decode("windows-1252", "replace")
        whole = chance.choice((True, False, False, False))
        if whole:
            lines[at : at + 1] = chance.choice(
                ([], [line, line], [chance.choice(strange)], [line, chance.choice(strange)])
            )
        else:
            lines[at] = f"{line[:first]}{told[: last - first]:<{last - first}}{line[last:]}"[:128]
        if not lines:
            return b""
    if chance.random() < 0.7:
        with suppress(ValueError):
            lines = _adding_up(lines)
    return "\r\n".join(lines).encode("windows-1252", "replace")[:MOST]


def _adding_up(lines: list[str]) -> list[str]:
    opening = credit = debit = count = 0
    done = []
    for line in lines:
        kind = line[:1]
        count = 0 if kind == "0" else count + (kind in "1238" and kind != "")
        if kind == "1":
            opening, credit, debit = int(line[43:58]) * (-1 if line[42] == "1" else 1), 0, 0
        elif line[:2] == "21" and line[53:54] in ("0", "1", "2", "3"):
            amount = int(line[32:47])
            credit, debit = (credit, debit + amount) if line[31] == "1" else (credit + amount, debit)
        elif kind == "8":
            closing = opening + credit - debit
            line = f"{line[:41]}{int(closing < 0)}{abs(closing):015d}{line[57:]}"
        elif kind == "9":
            line = f"{line[:16]}{count:06d}{debit:015d}{credit:015d}{line[52:]}"
        done.append(line)
    return done


def tree(chance: Random, content: bytes, others: list[bytes]) -> bytes:
    """JSON of which values or keys are others, fewer or more."""
    try:
        said = json.loads(content)
    except ValueError:
        return bytes_of(chance, content, others)
    for _ in range(chance.choice((1, 1, 2, 6))):
        inside: Any = said
        while isinstance(inside, dict | list) and inside:
            keys = list(inside) if isinstance(inside, dict) else range(len(inside))
            key = chance.choice(keys)
            if not isinstance(inside[key], dict | list) or not inside[key] or chance.random() < 0.3:
                _other_value(chance, inside, key)
                break
            inside = inside[key]
    return json.dumps(said, ensure_ascii=chance.random() < 0.5).encode("utf-8", "surrogatepass")[:MOST]


def _other_value(chance: Random, inside: Any, key: Any) -> None:
    odd = chance.choice(_ODD).decode("utf-8", "replace")
    choice = chance.randrange(5)
    if choice == 0:
        del inside[key]
    elif choice == 1 and isinstance(inside, dict):
        inside[odd] = inside.pop(key)
    elif choice == 2:
        inside[key] = [inside[key]] * chance.choice((0, 1, 300))
    else:
        values = (
            None,
            True,
            0,
            -1,
            1.5,
            10**400,
            float("nan"),
            "\ud800",
            "\0",
            odd,
            {},
            {"a": {}},
            [[]],
            [None],
        )
        inside[key] = chance.choice(values)


def packed(chance: Random, content: bytes, others: list[bytes]) -> bytes:
    """A zip of which a part, a name or an entry of its index is another one."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            files = [(one.filename, archive.read(one)) for one in archive.infolist() if one.file_size < MOST]
    except (zipfile.BadZipFile, zlib.error, struct.error, RuntimeError, ValueError, EOFError, OSError):
        return bytes_of(chance, content, others)
    if not files or chance.random() < 0.2:
        return bytes_of(chance, content, others)
    for _ in range(chance.choice((1, 1, 2))):
        at = chance.randrange(len(files))
        name, inside = files[at]
        inside_others = [inside for _, inside in files]
        ways = {
            "json": tree,
            "xml": marked_up,
            "rels": marked_up,
            "xlsx": packed,
            "docx": packed,
            "zip": packed,
        }
        way = ways.get(name.rpartition(".")[2], bytes_of)
        choice = chance.randrange(8)
        if choice == 0:
            del files[at]
        elif choice == 1:
            odd = chance.choice(_ODD[1:]).decode("utf-8", "replace")[:40].replace("\0", "0")
            files[at] = (
                chance.choice((name + odd, odd + name, odd, name.upper(), f"x/{name}", name + "/")),
                inside,
            )
        elif choice == 2:
            files.append(
                (chance.choice(("__MACOSX/._a", "a/.DS_Store", "~$a.docx", name, "08_other/a.pdf")), inside)
            )
        else:
            files[at] = (name, way(chance, inside, inside_others))
        if not files:
            break
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", chance.choice((zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED))) as archive:
        for name, inside in files:
            with suppress(ValueError, UnicodeEncodeError):
                archive.writestr(name or "a", inside)
    made = into.getvalue()
    return bytes_of(chance, made, others) if chance.random() < 0.1 else made
