"""What is in the files of a package: whether each is what its name says, and nothing that acts by itself.

Every file is looked at once, in pieces, while it is read for its hash.
Not coded: a search for viruses, and what a PDF or an image may do to one faulty reader.
"""

from __future__ import annotations

import re
import tempfile
import zlib
from collections.abc import Callable, Iterator
from typing import Protocol
from xml.parsers import expat

from models.errors import PackageRefused
from models.reasons import Problem, Reason
from office.archive import CHUNK, SMALL, entries_of, is_end_of_archive, pieces_of
from office.settings import Settings

MOST_XML = 4_000_000
MOST_DEEP = 64
"""Bytes of all XML files of a package, and elements within each other; forms and reports have far less."""

_IN_MEMORY = 4 << 20
_PARTS = 10
"""Parts that Office documents have, for each file that a package may have."""

_END_OF_ARCHIVE = 22 + 0xFFFF

_PROGRAMS = (
    "app application bat bin chm class cmd com cpl dll dylib elf exe gadget hta inf ins isp jar js jse lnk "
    "mjs msc msi msix msp mst pif pl ps1 psm1 py pyc pyw rb reg scr sct sh shs so sys url vb vbe vbs wasm ws "
    "wsc wsf wsh xll"
)
_MACROS = "docm dotm xlsm xltm xlam xlsb pptm potm ppsm ppam"
_ARCHIVES = (
    "7z ace ar arj bz2 cab cpio deb dmg gz img iso lha lz lz4 lzh lzma rar rpm tar tbz tgz txz vhd wim xz z "
    "zip zipx zst"
)
PROGRAMS, MACROS, ARCHIVES = (frozenset(known.split()) for known in (_PROGRAMS, _MACROS, _ARCHIVES))
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
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_IMAGES = {
    "png": (b"\x89PNG\r\n\x1a\n",),
    "jpg": (b"\xff\xd8\xff",),
    "jpeg": (b"\xff\xd8\xff",),
    "tif": (b"II*\0", b"MM\0*"),
    "tiff": (b"II*\0", b"MM\0*"),
}
_TEXTS = frozenset({"txt", "csv", "json"})
_OFFICE = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml"}
ACCEPTED = frozenset({"pdf", "xml", *_TEXTS, *_IMAGES, *_OFFICE})
"""The extensions that a file of a package may have."""

# Tabulator, new lines and form feed are text; so is a byte-order mark, taken off before.
_NO_TEXT = bytes(sign for sign in range(32) if sign not in b"\t\n\r\f") + b"\x7f"


def extension_of(name: str) -> str:
    """The part behind the last full stop, in small letters; nothing when there is none."""
    stem, dot, extension = name.rsplit("/", 1)[-1].rpartition(".")
    return extension.lower() if dot and stem else ""


def wrong_extension(name: str) -> Problem | None:
    """What is wrong with a file by its extension alone."""
    extension = extension_of(name)
    if extension in ACCEPTED:
        return None
    if extension in PROGRAMS:
        return Problem(Reason.EXECUTABLE, f"{name!r} is a program; a package holds documents only.")
    if extension in MACROS:
        return Problem(Reason.MACRO, f"{name!r} can hold macros; save it as docx, xlsx or PDF.")
    if extension in ARCHIVES:
        return Problem(
            Reason.NESTED_ARCHIVE, f"{name!r} is an archive; put its files themselves into the package."
        )
    accepted = ", ".join(sorted(ACCEPTED))
    return Problem(
        Reason.EXTENSION, f"{name!r} is of no kind that is accepted; save it as one of: {accepted}."
    )


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

    def _wary(self, name: str) -> _Wary:
        extension = extension_of(name)
        if extension == "pdf":
            return _Pdf(name, self._unpack, self._settings.package_ratio)
        if extension == "xml":
            return _Xml(name, self._read_xml)
        if extension in _IMAGES:
            return _Image(name, _IMAGES[extension])
        if extension in _OFFICE:
            return _Office(name, extension, self._settings, self._unpack, self._parts)
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


class _Wary(Protocol):
    """Looks at a file of one kind. Both raise `_Found` with what is wrong."""

    def feed(self, piece: bytes) -> None: ...

    def end(self) -> None: ...


class _Found(Exception):
    """Something is wrong; what, and in which words."""

    def __init__(self, reason: Reason, says: str) -> None:
        super().__init__(says)
        self.reason = reason


class Look:
    """A look at one file: fed with its pieces, asked at the end."""

    def __init__(self, wary: _Wary, name: str) -> None:
        self._wary = wary
        self._name = name
        self._size = 0
        self._tail = b""
        self._found: _Found | None = None

    def feed(self, piece: bytes) -> None:
        """Looks at the next piece."""
        first, self._size = not self._size, self._size + len(piece)
        try:
            if first:
                self._begins(piece)
            self._tail = (self._tail + piece)[-_END_OF_ARCHIVE:] if len(piece) < _END_OF_ARCHIVE else piece
            if self._found is None:
                self._wary.feed(piece)
        except _Found as found:
            self._found = self._found or found

    def problem(self) -> Problem | None:
        """What is wrong with the file, now that it was read; an empty file is a matter of completeness."""
        if not self._size:
            return None
        try:
            if self._found is None:
                if not isinstance(self._wary, _Office) and is_end_of_archive(self._tail[-_END_OF_ARCHIVE:]):
                    raise _Found(Reason.NESTED_ARCHIVE, "ends in an archive; file the document alone")
                self._wary.end()
        except _Found as found:
            self._found = found
        return Problem(self._found.reason, f"{self._name!r} {self._found}.") if self._found else None

    def _begins(self, piece: bytes) -> None:
        if _PROGRAM.match(piece):
            raise _Found(Reason.EXECUTABLE, "is a program; a package holds documents only")
        if not isinstance(self._wary, _Office) and _ARCHIVE.match(piece):
            raise _Found(Reason.NESTED_ARCHIVE, "is an archive; put its files themselves into the package")


def _other(what: str) -> _Found:
    return _Found(Reason.CONTENT_AGAINST_EXTENSION, f"is no {what} inside; name it after what it is")


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
            raise _other("text")

    def end(self) -> None:
        if self._left:
            raise _other("text")


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
            raise _other("image of that kind")


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
            says = (
                f"makes the XML of the package more than {MOST_XML // 1_000_000} MB; file large tables as csv"
            )
            raise _Found(Reason.XML_SIZE, says)
        self._parse(piece, False)

    def end(self) -> None:
        self._parse(b"", True)

    def _parse(self, piece: bytes, last: bool) -> None:
        try:
            self._parser.Parse(piece, last)
        except (expat.ExpatError, LookupError, ValueError) as wrong:
            raise _Found(Reason.NOT_XML, f"is not XML ({wrong})") from wrong

    def _entity(self, *_: object) -> None:
        raise _Found(Reason.XML_ENTITY, "declares entities; write what they stand for in their place")

    def _dtd(self) -> None:
        raise _Found(Reason.XML_DTD, "declares a document type; take the line <!DOCTYPE …> out")

    def _instruction(self, target: str, _: str) -> None:
        if target == "xml-stylesheet":
            raise _Found(Reason.XML_INCLUSION, "refers to a style sheet; take that line out")

    def _start(self, element: str, _: object) -> None:
        self._deep += 1
        if self._deep > MOST_DEEP:
            says = f"has elements more than {MOST_DEEP} deep within each other; no form has"
            raise _Found(Reason.XML_DEPTH, says)
        if element.startswith("http://www.w3.org/2001/XInclude "):
            raise _Found(Reason.XML_INCLUSION, "includes another file; put its content in place")

    def _stop(self, _: str) -> None:
        self._deep -= 1


class _Pdf:
    """A PDF that starts nothing, carries no files and asks for no password.

    Names are looked for everywhere, also in compressed streams of objects, and however they are spelt.
    What is written so that looking takes for ever is refused: every step is bounded by the window.
    """

    _WINDOW = 2048
    _MOST = 1000
    """Bytes that a window shares with the one before; names in one window that mean work."""

    _AT_ONCE = 4
    _PER_STREAM = 1000
    """Bytes that following one stream counts for, however little is in it."""

    _ACTIONS = (b"/JavaScript", b"/Launch", b"/ImportData", b"/Rendition", b"/RichMedia")
    _WORDS = (*(action[1:] for action in _ACTIONS), b"EmbeddedFile", b"Encrypt", b"ObjStm")
    _NAMES = re.compile(
        rb"/(?:JavaScript|Launch|ImportData|Rendition|RichMedia|EmbeddedFiles?|Encrypt|ObjStm)(?![A-Za-z0-9])"
    )
    _SPELT = re.compile(rb"#([46][1-9A-Fa-f]|[57][0-9Aa])")
    _REMARK = re.compile(rb"%[^\r\n]*[\r\n]")
    _BLANK = b"\0\t\n\f\r "
    _SECRET = re.compile(
        rb"[\0\t\n\f\r ]{0,99}(?:<<|[0-9]{1,9}[\0\t\n\f\r ]{1,99}[0-9]{1,9}[\0\t\n\f\r ]{1,99}R)"
    )
    _STREAM = re.compile(rb"stream\r?\n")

    def __init__(self, name: str, room: Callable[[int], bool], ratio: int) -> None:
        self._room = room
        self._ratio = ratio
        self._before = b""
        self._begun = False
        self._inflating: list[_Inflating] = []

    def feed(self, piece: bytes) -> None:
        if not self._begun and not piece.startswith(b"%PDF-"):
            raise _other("PDF")
        self._begun = True
        for stream in self._inflating:
            self._inflated(stream, piece)
        window = self._before + piece
        self._look(window, len(self._before))
        self._inflating = [stream for stream in self._inflating if not stream.ended]
        self._before = window[-self._WINDOW :]

    def end(self) -> None:
        if b"%%EOF" not in self._before[-1024:]:
            raise _other("whole PDF")

    def _look(self, window: bytes, known: int | None = None) -> None:
        """Looks for names in a window; streams are followed in the file itself, where `known` is told."""
        spelt = self._plainly(window)
        if self._says_nothing(spelt):
            return
        for count, found in enumerate(self._NAMES.finditer(spelt)):
            if count > self._MOST:
                raise self._odd()
            self._name(found[0], spelt, found.start(), found.end())
        if known is not None:
            for count, found in enumerate(self._NAMES.finditer(window)):
                if count > self._MOST:
                    raise self._odd()
                if found[0] == b"/ObjStm":
                    self._follow(window, found.start(), known)

    def _says_nothing(self, window: bytes) -> bool:
        """Whether none of the words is there, by the quicker of two ways."""
        if window.count(b"/") * 20 > len(window):
            return not any(word in window for word in self._WORDS)
        return self._NAMES.search(window) is None

    def _plainly(self, window: bytes) -> bytes:
        """The same with letters that were spelt as numbers written out: /J#61vaScript is /JavaScript."""
        if window.count(b"#") * 20 > len(window) + 20 * self._MOST:
            raise self._odd()
        if self._SPELT.search(window) is None:
            return window
        plain, count = self._SPELT.subn(lambda spelt: bytes([int(spelt[1], 16)]), window, self._MOST)
        if count == self._MOST:
            raise self._odd()
        return plain

    def _name(self, name: bytes, window: bytes, begins: int, ends: int) -> None:
        if name.startswith(b"/EmbeddedFile"):
            raise _Found(Reason.ACTIVE_CONTENT, "carries other files; file them beside it")
        if name == b"/Encrypt" and self._SECRET.match(window, ends):
            raise _Found(Reason.ENCRYPTED, "is protected by a password or by rights; save it without")
        if name in self._ACTIONS:
            before = self._REMARK.sub(b" ", window[max(0, begins - 200) : begins]).rstrip(self._BLANK)
            if before.endswith((b"/S", b"/Subtype", b"obj", b"<<")):
                says = "starts something when it is opened; print it to a plain PDF"
                raise _Found(Reason.ACTIVE_CONTENT, says)

    def _follow(self, window: bytes, begins: int, known: int) -> None:
        """Follows a compressed stream of objects, once: in the window in which its data begins."""
        stream = self._STREAM.search(window, begins, begins + self._WINDOW // 2)
        if stream is None or stream.end() <= known:
            return
        told = window[max(0, begins - self._WINDOW // 2) : stream.start()]
        filters = re.findall(rb"/(\w+Decode)", told[told.rfind(b"obj") + 1 :])
        if not filters:
            return  # plain: what it says was looked at
        if filters != [b"FlateDecode"] or len(self._inflating) == self._AT_ONCE:
            raise self._odd()
        if not self._room(self._PER_STREAM):
            raise self._odd()
        inflating = _Inflating()
        self._inflated(inflating, memoryview(window)[stream.end() :])
        if not inflating.ended:
            self._inflating.append(inflating)

    def _inflated(self, stream: _Inflating, packed: bytes | memoryview) -> None:
        for piece in stream.feed(packed):
            grown = stream.gave > SMALL and stream.gave > self._ratio * stream.took
            if grown or not self._room(len(piece)):
                raise _Found(Reason.RATIO, "grows to more than a package may hold when it is opened")
            self._look(stream.before + piece)
            stream.before = piece[-self._WINDOW :]

    def _odd(self) -> _Found:
        return _Found(Reason.ACTIVE_CONTENT, "hides what is in it in an odd way; print it to a plain PDF")


class _Inflating:
    """A compressed stream inside a PDF that is being followed."""

    def __init__(self) -> None:
        self._unpack = zlib.decompressobj()
        self.before = b""
        self.took = self.gave = 0
        self.ended = False

    def feed(self, packed: bytes | memoryview) -> Iterator[bytes]:
        self.took += len(packed)
        try:
            while not self.ended:
                piece = self._unpack.decompress(packed, CHUNK)
                self.gave += len(piece)
                packed, self.ended = self._unpack.unconsumed_tail, self._unpack.eof
                yield piece
                if not piece or not packed:
                    return
        except zlib.error:
            self.ended = True  # no stream of that kind, or a damaged one: nothing can read it


class _Office:
    """An Office document is a zip with the parts of its kind, without macros and without things that act."""

    _MACRO = re.compile(r"vba|macrosheets?/|activex", re.IGNORECASE)
    _ACTS = re.compile(
        r"oleobject|(?:^|/)embeddings/.*\.(?:bin|ole)$|externallinks?/|customui", re.IGNORECASE
    )
    _DECLARES = tuple(
        word.encode(coding)
        for word in ("<!DOCTYPE", "<!ENTITY")
        for coding in ("utf-8", "utf-16-le", "utf-16-be")
    )

    def __init__(
        self,
        name: str,
        extension: str,
        settings: Settings,
        room: Callable[[int], bool],
        parts: Callable[[int], int],
    ) -> None:
        self._parts_left = parts
        self._extension = extension
        self._settings = settings
        self._room = room
        self._file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115
        self._begun = False

    def feed(self, piece: bytes) -> None:
        if not self._begun:
            self._begun = True
            if not piece.startswith((b"PK\3\4", _OLE)):
                raise _other(f"{self._extension} document")
        self._file.write(piece)

    def end(self) -> None:
        with self._file as file:
            file.seek(0)
            if file.read(8) == _OLE:
                self._old(file.read(1 << 20))
            try:
                self._parts(file)
            except PackageRefused as refused:
                says = refused.message.partition("\n")[2].replace("\n", " ")
                raise _Found(
                    Reason(refused.code), f"is refused for what is in it: {says.rstrip('.')}"
                ) from refused

    def _old(self, beginning: bytes) -> None:
        if "EncryptedPackage".encode("utf-16-le") in beginning:
            raise _Found(Reason.ENCRYPTED, "is protected by a password; save it without")
        raise _other(f"{self._extension} document")

    def _parts(self, file: tempfile.SpooledTemporaryFile[bytes]) -> None:
        settings = self._settings
        entries, problems = entries_of(
            file,
            "the document",
            self._parts_left(0),
            settings.package_most_bytes,
            settings.package_ratio,
        )
        self._parts_left(len(entries))
        names = [entry.name for entry in entries]
        if problems:
            first = min(problems, key=lambda problem: list(Reason).index(problem.reason))
            raise _Found(first.reason, f"is refused for what is in it: {first.says.rstrip('.')}")
        if any(self._MACRO.search(name) for name in names):
            raise _Found(Reason.MACRO, "holds macros; save it without them")
        if any(self._ACTS.search(name) for name in names):
            raise _Found(Reason.ACTIVE_CONTENT, "carries or calls other files; file them beside it")
        if len({name.casefold() for name in names}) != len(names):
            raise _Found(Reason.DUPLICATE_NAME, "holds a part twice; save it anew")
        if "[Content_Types].xml" not in names or _OFFICE[self._extension] not in names:
            raise _other(f"{self._extension} document")
        for entry in entries:
            if extension_of(entry.name) in ARCHIVES | PROGRAMS - {"bin"}:
                raise _Found(Reason.ACTIVE_CONTENT, "carries or calls other files; file them beside it")
            if not entry.name.endswith((".xml", ".rels", ".vml")):
                continue
            if not self._room(entry.size):
                raise _Found(Reason.RATIO, "grows to more than a package may hold when it is opened")
            before = b""
            for piece in pieces_of(file, entry):
                window = before + piece
                if b"macroEnabled" in window:
                    raise _Found(Reason.MACRO, "holds macros; save it without them")
                if any(word in window for word in self._DECLARES):
                    raise _Found(Reason.XML_DTD, "declares a document type or entities inside; save it anew")
                before = window[-32:]
