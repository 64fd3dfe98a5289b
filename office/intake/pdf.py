"""Looks into a PDF: for what starts something, carries files or asks for a password."""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Iterator

from models.reasons import Reason
from office.intake.archive import CHUNK, SMALL
from office.intake.wary import Found, other


class Pdf:
    """A PDF that starts nothing, carries no files and asks for no password.

    Names are looked for everywhere, also in compressed streams of objects, and however they are spelt.
    What is written so that looking takes for ever is refused: every step is bounded by the window.
    """

    _WINDOW = 2048
    _MOST = 1000
    """Bytes that a window shares with the one before; names in one window that mean work."""

    _LATEST = 1024
    _NOTHING = b"\0\t\n\f\r \xef\xbb\xbf"
    """Bytes within which a PDF begins, as readers allow it; before it stands nothing that could be seen."""

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
        self._head = b""
        self._inflating: list[_Inflating] = []

    def feed(self, piece: bytes) -> None:
        """Looks at the next piece."""
        if not self._begun:
            self._head += piece[: self._LATEST]
            begins = self._head.lstrip(self._NOTHING)
            if b"%PDF-".startswith(begins) and len(self._head) < self._LATEST:
                self._before += piece
                return
            if not begins.startswith(b"%PDF-"):
                raise other("package.not-pdf")
            self._begun = True
        for stream in self._inflating:
            self._inflated(stream, piece)
        window = self._before + piece
        self._look(window, len(self._before))
        self._inflating = [stream for stream in self._inflating if not stream.ended]
        self._before = window[-self._WINDOW :]

    def end(self) -> None:
        """There are no more pieces."""
        if not self._begun:
            raise other("package.not-pdf")
        if b"%%EOF" not in self._before[-1024:]:
            raise other("package.not-a-whole-pdf")

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
            raise Found(Reason.ACTIVE_CONTENT, "package.carries-files")
        if name == b"/Encrypt" and self._SECRET.match(window, ends):
            raise Found(Reason.ENCRYPTED, "package.protected")
        if name in self._ACTIONS:
            before = self._REMARK.sub(b" ", window[max(0, begins - 200) : begins]).rstrip(self._BLANK)
            if before.endswith((b"/S", b"/Subtype", b"obj", b"<<")):
                raise Found(Reason.ACTIVE_CONTENT, "package.acts-when-opened")

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
                raise Found(Reason.RATIO, "package.grows-when-opened")
            self._look(stream.before + piece)
            stream.before = piece[-self._WINDOW :]

    def _odd(self) -> Found:
        return Found(Reason.ACTIVE_CONTENT, "package.hides")


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
