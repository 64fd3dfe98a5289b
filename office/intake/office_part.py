"""Looks into one part of an Office document: what it calls from elsewhere, and what it starts.

What a document calls stands in its relationships, whatever its parts are named; what it starts, in its
fields, formulas and actions. A link that a reader follows is no call, and neither is a template on the
disk of whoever wrote the document: what a firm writes has one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import unquote
from xml.parsers import expat

from models.reasons import Reason
from office.intake.wary import Found

MACROS = {"vbaproject", "wordvbadata", "xlmacrosheet", "xlintlmacrosheet", "control", "activexcontrolbinary"}
CALLS = {
    "oleobject",
    "frame",
    "subdocument",
    "externallink",
    "externallinkpath",
    "extensibility",
    "attachedtoolbars",
}
DATA = {"connections", "querytable", "mailmergesource", "mailmergeheadersource"}
CHUNK = "afchunk"
"""Relationships by the last word of their type, as they are spelt in small letters."""

_BEFORE_XML = b"\xef\xbb\xbf\xff\xfe \t\r\n"
_OF_ALL = (
    b"fldchar",
    b"fldsimple",
    b"instrtext",
    b"ppaction",
    b"relationship",
    b"macroenabled",
    b"<!",
    b"&#",
)
_OF_FORMULAS = (b"|", b"dde", b"rtd", b"call", b"register", b"webservice", b"image", b"stockhistory")
"""What a part says that has to be read: what this file looks for, and how it could be spelt otherwise."""

_OTHERWISE = re.compile(rb"encoding\s*=\s*[\"'](?!utf-8|utf-16|us-ascii|iso-8859-1)")
_LONGEST = max(map(len, _OF_ALL + _OF_FORMULAS))

_MOST = 2_000
"""Characters of a field or formula that are looked at, from its beginning."""

_DRIVE = re.compile(r"[a-z]:", re.IGNORECASE)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]+:", re.IGNORECASE)
_QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")
_STARTS = re.compile(
    r"[\w.']\|[\w.']+!|\b(?:dde|rtd|call|register(?:\.id)?|webservice|image|stockhistory)\s*\(", re.IGNORECASE
)
"""A formula without its quoted parts: program|topic!item, and functions that run or fetch something."""

_FETCHES = re.compile(
    r"\s*(?:link|includetext|include|database|rd)\b.*?(?:\b(?:https?|ftp)\s*:|[\"\s]\\\\\\\\)",
    re.IGNORECASE | re.DOTALL,
)
"""A field that takes a text in from another machine."""

_FORMULAS = frozenset(("f", "formula", "formula1", "formula2", "definedName"))


class Glance:
    """A quick look at a part, before it is read: most hold nothing for which they have to be."""

    def __init__(self, reads_all: bool, formulas: bool) -> None:
        self._words = _OF_ALL + _OF_FORMULAS if formulas else _OF_ALL
        self.is_xml = False
        self.wants_reading = reads_all
        self._before: bytes | None = None

    def feed(self, piece: bytes) -> None:
        """Looks at the next piece; in UTF-16 every other byte is a zero."""
        plain = piece.replace(b"\0", b"").lower()
        if self._before is None:
            self.is_xml = plain[:200].lstrip(_BEFORE_XML).startswith(b"<")
            self.wants_reading |= not self.is_xml or bool(_OTHERWISE.search(plain[:200]))
            self._before = b""
        if not self.wants_reading:
            window = self._before + plain
            self.wants_reading = any(word in window for word in self._words)
            self._before = window[-_LONGEST:]


class OfficePart:
    """One part that is XML; `strict` where the kind of the document says that it must be."""

    def __init__(self, name: str, strict: bool, formulas: bool) -> None:
        self._name = name
        self._strict = strict
        self._watched = _FORMULAS if formulas else frozenset[str]()
        self._formula: list[str] | None = None
        self._fields: list[list[str] | None] = []
        self._over = False
        self._parser = parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._declares
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._stop
        parser.CharacterDataHandler = self._text

    def feed(self, piece: bytes, last: bool = False) -> None:
        """Looks at the next piece. Raises: Found."""
        if self._over:
            return
        try:
            self._parser.Parse(piece, last)
        except (expat.ExpatError, LookupError, ValueError) as wrong:
            if self._strict:
                raise Found(
                    Reason.NOT_XML, "package.part-damaged", part=self._name, why=str(wrong)
                ) from wrong
            self._over = True  # old drawings are written so, and pictures

    def _declares(self, *_: object) -> None:
        if self._strict or self._name.lower().endswith(".vml"):
            raise Found(Reason.XML_DTD, "package.declares-inside")
        self._over = True  # a picture

    def _start(self, element: str, attributes: dict[str, str]) -> None:
        called = element.rpartition(":")[2]
        if any("macroenabled" in value.lower() for value in attributes.values()):
            raise Found(Reason.MACRO, "package.holds-macros")
        if called == "Relationship":
            _relationship(attributes)
        elif called == "fldChar":
            self._mark(_said(attributes, "fldCharType"))
        elif called == "fldSimple":
            self._within()
            _field(_said(attributes, "instr"))
        elif called in self._watched:
            self._formula = []
        elif any("ppaction:" in value.lower() for value in attributes.values()):
            _action(attributes)

    def _stop(self, element: str) -> None:
        if self._formula is not None and element.rpartition(":")[2] in self._watched:
            _formula("".join(self._formula))
            self._formula = None

    def _text(self, text: str) -> None:
        if self._formula is not None:
            self._formula.append(text[:_MOST])
        elif self._fields and (told := self._fields[-1]) is not None and len(told) < _MOST:
            told.append(text[:_MOST])  # one instruction is often written in several runs
            _starts("".join(told))

    def _mark(self, mark: str) -> None:
        """A field begins, its instruction is over and what it showed last follows, or it ends."""
        if mark == "begin":
            self._within()
            self._fields.append([])
        elif self._fields:
            told = self._fields[-1]
            _field("".join(told or ()))
            self._fields[-1] = None
            if mark == "end":
                self._fields.pop()

    def _within(self) -> None:
        """A field inside another one's instruction may say anything but what the other one does."""
        if self._fields and (told := self._fields[-1]) is not None and not "".join(told).strip():
            raise Found(Reason.ACTIVE_CONTENT, "package.starts-something")


def _said(attributes: Mapping[str, str], name: str) -> str:
    return next((value for key, value in attributes.items() if key.rpartition(":")[2] == name), "")


def _relationship(attributes: Mapping[str, str]) -> None:
    kind = _said(attributes, "Type").strip().rpartition("/")[2].lower()
    target = _said(attributes, "Target").strip()
    if kind == CHUNK:
        raise Found(Reason.ACTIVE_CONTENT, "package.holds-chunk")
    if kind in MACROS:
        raise Found(Reason.MACRO, "package.holds-macros")
    if kind in DATA:
        raise Found(Reason.ACTIVE_CONTENT, "package.fetches-data")
    outside = _said(attributes, "TargetMode").strip().lower() == "external"
    if kind in CALLS and not outside:
        raise Found(Reason.ACTIVE_CONTENT, "package.calls-files")
    if not outside or kind == "hyperlink" or (kind == "attachedtemplate" and is_local(target)):
        return
    key = "package.calls-template" if kind == "attachedtemplate" else "package.calls-outside"
    raise Found(Reason.ACTIVE_CONTENT, key, target=target[:100])


def is_local(target: str) -> bool:
    """Whether a target lies on the disk of whoever opens the document, and not on another machine."""
    plain = unquote(unquote(target)).strip().replace("\\", "/")
    if _DRIVE.match(plain):
        return True
    scheme = _SCHEME.match(plain)
    if scheme is None:
        return not plain.startswith("//")
    if scheme[0].lower() != "file:":
        return False
    path = plain[scheme.end() :]
    if path.lower().startswith("//localhost/"):
        return True
    slashes = len(path) - len(path.lstrip("/"))
    return slashes in (0, 1, 3) or (slashes == 2 and bool(_DRIVE.match(path[2:])))


def _action(attributes: Mapping[str, str]) -> None:
    action = _said(attributes, "action").strip().lower()
    if action.startswith(("ppaction://program", "ppaction://macro")):
        raise Found(Reason.ACTIVE_CONTENT, "package.starts-something")


def _starts(instruction: str) -> None:
    if instruction.lstrip(' \t\r\n\xa0"').upper().startswith("DDE"):
        raise Found(Reason.ACTIVE_CONTENT, "package.starts-something")


def _field(instruction: str) -> None:
    _starts(instruction)
    if _FETCHES.match(instruction[:_MOST]):
        raise Found(Reason.ACTIVE_CONTENT, "package.starts-something")


def _formula(formula: str) -> None:
    if _STARTS.search(_QUOTED.sub("''", formula)):
        raise Found(Reason.ACTIVE_CONTENT, "package.starts-something")
