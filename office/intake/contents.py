"""What is in the files of a package: whether each is what its name says, and nothing that acts by itself.

Every file is looked at once, in pieces, while it is read for its hash.
Not coded: a search for viruses, and what a PDF or an image may do to one faulty reader.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from xml.parsers import expat

from models.reasons import Problem, Reason
from office.intake.archive import is_end_of_archive
from office.intake.extensions import IMAGES, OFFICE, extension_of
from office.intake.office_document import OfficeDocument
from office.intake.pdf import Pdf
from office.intake.wary import Found, Wary, other
from office.settings import Settings

MOST_XML = 4_000_000
MOST_DEEP = 64
"""Bytes of all XML files of a package, and elements within each other; forms and reports have far less."""

_PARTS = 10
"""Parts that Office documents have, for each file that a package may have."""

_END_OF_ARCHIVE = 22 + 0xFFFF

_PROGRAM = re.compile(
    rb"MZ[^\0]{0,62}\0|\x7fELF|[\xfe\xcf\xce]\xfa\xed\xfe|\xfe\xed\xfa[\xce\xcf]|\xca\xfe\xba[\xbe\xbf]|\0asm"
    rb"|(?:\xef\xbb\xbf)?#!\s*/",
    re.DOTALL,
)
_ARCHIVE = re.compile(
    rb"PK[\1\3\5\7]|Rar!\x1a\x07|7z\xbc\xaf\x27\x1c|\x1f\x8b\x08|BZh[1-9]1AY|\xfd7zXZ\0|\x28\xb5\x2f\xfd"
    rb"|MSCF\0|.{257}ustar|..-lh[0-9]-",
    re.DOTALL,
)
# Tabulator, new lines and form feed are text; so is a byte-order mark, taken off before.
_NO_TEXT = bytes(sign for sign in range(32) if sign not in b"\t\n\r\f") + b"\x7f"


class Contents:
    """The contents of one package, file after file."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._xml_left = MOST_XML
        self._unpacked_left = settings.package_most_bytes
        self._parts_left = _PARTS * settings.package_most_files

    def look(self, name: str) -> Look:
        """Begins to look at one file."""
        return Look(self._wary(name), name)

    def _wary(self, name: str) -> Wary:
        extension = extension_of(name)
        if extension == "pdf":
            return Pdf(name, self._unpack, self._settings.package_ratio)
        if extension == "xml":
            return _Xml(name, self._read_xml)
        if extension in IMAGES:
            return _Image(name, IMAGES[extension])
        if extension in OFFICE:
            return OfficeDocument(name, extension, self._settings, self._unpack, self._parts)
        return _Text(name)

    def _read_xml(self, size: int) -> bool:
        self._xml_left -= size
        return self._xml_left >= 0

    def _unpack(self, size: int) -> bool:
        self._unpacked_left -= size
        return self._unpacked_left >= 0

    def _parts(self, count: int) -> int:
        self._parts_left -= count
        return self._parts_left


class Look:
    """A look at one file: fed with its pieces, asked at the end."""

    def __init__(self, wary: Wary, name: str) -> None:
        self._wary = wary
        self._name = name
        self._size = 0
        self._tail = b""
        self._found: Found | None = None

    def feed(self, piece: bytes) -> None:
        """Looks at the next piece."""
        first, self._size = not self._size, self._size + len(piece)
        try:
            if first:
                self._begins(piece)
            self._tail = (self._tail + piece)[-_END_OF_ARCHIVE:] if len(piece) < _END_OF_ARCHIVE else piece
            if self._found is None:
                self._wary.feed(piece)
        except Found as found:
            self._found = self._found or found

    def problem(self) -> Problem | None:
        """What is wrong with the file, now that it was read; an empty file is a matter of completeness."""
        if not self._size:
            return None
        try:
            if self._found is None:
                if not isinstance(self._wary, OfficeDocument) and is_end_of_archive(
                    self._tail[-_END_OF_ARCHIVE:]
                ):
                    raise Found(Reason.NESTED_ARCHIVE, "package.ends-in-an-archive")
                self._wary.end()
        except Found as found:
            self._found = found
        return self._found.of(self._name) if self._found else None

    def _begins(self, piece: bytes) -> None:
        if _PROGRAM.match(piece):
            raise Found(Reason.EXECUTABLE, "package.program")
        if not isinstance(self._wary, OfficeDocument) and _ARCHIVE.match(piece):
            raise Found(Reason.NESTED_ARCHIVE, "package.archive-inside")


class _Text:
    """Text has no control characters. In UTF-16 it must say so."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._wide: str | None = None
        self._first = True
        self._left = b""

    def feed(self, piece: bytes) -> None:
        if self._first:
            self._first = False
            self._wide = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}.get(piece[:2])
        if self._wide:
            piece = self._left + piece
            whole = len(piece) // 2 * 2
            piece, self._left = piece[:whole].decode(self._wide, "replace").encode(), piece[whole:]
        if len(piece.translate(None, _NO_TEXT)) != len(piece):
            raise other("package.not-text")

    def end(self) -> None:
        if self._left:
            raise other("package.not-text")


class _Image:
    """An image begins with the sign of its kind."""

    def __init__(self, name: str, signs: tuple[bytes, ...]) -> None:
        self._name = name
        self._signs = signs
        self._head = b""

    def feed(self, piece: bytes) -> None:
        if len(self._head) < 8:
            self._head = (self._head + piece)[:8]

    def end(self) -> None:
        if not self._head.startswith(self._signs):
            raise other("package.not-that-image")


class _Xml:
    """XML that declares nothing, includes nothing, and is neither deep nor large."""

    def __init__(self, name: str, room: Callable[[int], bool]) -> None:
        self._room = room
        self._deep = 0
        self._parser = parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
        parser.EntityDeclHandler = self._entity
        parser.EndDoctypeDeclHandler = self._dtd
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._stop
        parser.ProcessingInstructionHandler = self._instruction

    def feed(self, piece: bytes) -> None:
        if not self._room(len(piece)):
            raise Found(Reason.XML_SIZE, "package.xml-too-large", most=MOST_XML // 1000000)
        self._parse(piece, False)

    def end(self) -> None:
        self._parse(b"", True)

    def _parse(self, piece: bytes, last: bool) -> None:
        try:
            self._parser.Parse(piece, last)
        except (expat.ExpatError, LookupError, ValueError) as wrong:
            raise Found(Reason.NOT_XML, "package.not-xml", why=str(wrong)) from wrong

    def _entity(self, *_: object) -> None:
        raise Found(Reason.XML_ENTITY, "package.xml-entities")

    def _dtd(self) -> None:
        raise Found(Reason.XML_DTD, "package.xml-document-type")

    def _instruction(self, target: str, _: str) -> None:
        if target == "xml-stylesheet":
            raise Found(Reason.XML_INCLUSION, "package.xml-style-sheet")

    def _start(self, element: str, _: object) -> None:
        self._deep += 1
        if self._deep > MOST_DEEP:
            raise Found(Reason.XML_DEPTH, "package.xml-too-deep", most=MOST_DEEP)
        if element.startswith("http://www.w3.org/2001/XInclude "):
            raise Found(Reason.XML_INCLUSION, "package.xml-inclusion")

    def _stop(self, _: str) -> None:
        self._deep -= 1
