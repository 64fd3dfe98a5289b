"""Looks into an Office document: a zip with the parts of its kind, and nothing in it that acts."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable

from models.errors import PackageRefused
from models.messages import Message
from models.reasons import Reason
from office.intake.archive import ArchiveEntry, entries_of, pieces_of
from office.intake.extensions import ARCHIVES, OFFICE, PROGRAMS, extension_of
from office.intake.office_part import Glance, OfficePart
from office.intake.wary import Found, other
from office.settings import Settings

_IN_MEMORY = 4 << 20
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class OfficeDocument:
    """A zip with the parts of its kind, without macros, without what acts or is called from outside."""

    _MACRO = re.compile(r"vba|macrosheets?/|activex", re.IGNORECASE)
    _ACTS = re.compile(
        r"oleobject|(?:^|/)embeddings/.*\.(?:bin|ole)$|externallinks?/|customui", re.IGNORECASE
    )
    _GLANCE = 1000
    _MOST_WITHIN = 3
    """Bytes that a glance at a part counts for; documents within each other."""

    def __init__(
        self,
        name: str,
        extension: str,
        settings: Settings,
        room: Callable[[int], bool],
        parts: Callable[[int], int],
        within: int = 0,
    ) -> None:
        self._within = within
        self._parts_left = parts
        self._extension = extension
        self._settings = settings
        self._room = room
        stem, _, kind = OFFICE[extension].rpartition(".")
        self._main = re.compile(rf"{stem}\d*\.{kind}")  # some services count their main parts
        self._file = tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115
        self._begun = False

    def feed(self, piece: bytes) -> None:
        """Looks at the next piece."""
        if not self._begun:
            self._begun = True
            if not piece.startswith((b"PK\3\4", _OLE)):
                raise other("package.not-that-document", extension=self._extension)
        self._file.write(piece)

    def end(self) -> None:
        """There are no more pieces."""
        with self._file as file:
            file.seek(0)
            if file.read(8) == _OLE:
                self._old(file.read(1 << 20))
            try:
                self._parts(file)
            except PackageRefused as refused:
                raise Found(
                    Reason(refused.code), "package.refused-inside", why=refused.said.facts["told"]
                ) from refused

    def _old(self, beginning: bytes) -> None:
        if "EncryptedPackage".encode("utf-16-le") in beginning:
            raise Found(Reason.ENCRYPTED, "package.password")
        raise other("package.not-that-document", extension=self._extension)

    def _parts(self, file: tempfile.SpooledTemporaryFile[bytes]) -> None:
        settings = self._settings
        entries, problems = entries_of(
            file,
            Message("package.the-document"),
            self._parts_left(0),
            settings.package_most_bytes,
            settings.package_ratio,
        )
        self._parts_left(len(entries))
        names = [entry.name for entry in entries]
        if problems:
            first = min(problems, key=lambda problem: list(Reason).index(problem.reason))
            raise Found(first.reason, "package.refused-inside", why=[first.says])
        if any(self._MACRO.search(name) for name in names):
            raise Found(Reason.MACRO, "package.holds-macros")
        if any(self._ACTS.search(name) for name in names):
            raise Found(Reason.ACTIVE_CONTENT, "package.calls-files")
        if len({name.casefold() for name in names}) != len(names):
            raise Found(Reason.DUPLICATE_NAME, "package.part-twice")
        if "[Content_Types].xml" not in names or not any(map(self._main.fullmatch, names)):
            raise other("package.not-that-document", extension=self._extension)
        for entry in entries:
            if extension_of(entry.name) in ARCHIVES | PROGRAMS - {"bin"}:
                raise Found(Reason.ACTIVE_CONTENT, "package.calls-files")
            self._part(file, entry)

    def _part(self, file: tempfile.SpooledTemporaryFile[bytes], entry: ArchiveEntry) -> None:
        """Looks at a part that is XML, whatever it is named; a picture is glanced at."""
        name = entry.name.lower()
        if extension_of(name) in OFFICE:
            return self._document(file, entry, extension_of(name))
        strict = name.endswith((".xml", ".rels"))
        named = strict or name.endswith(".vml")
        formulas = self._extension == "xlsx"
        glance = Glance(name.endswith(".rels"), formulas)
        if not self._room(entry.size if named else min(entry.size, self._GLANCE)):
            raise Found(Reason.RATIO, "package.grows-when-opened")
        for piece in pieces_of(file, entry):
            glance.feed(piece)
            if not named and not glance.is_xml:
                return None
        if not glance.wants_reading:
            return None
        if not named and not self._room(entry.size):
            raise Found(Reason.RATIO, "package.grows-when-opened")
        part = OfficePart(entry.name, strict, formulas)
        for piece in pieces_of(file, entry):
            part.feed(piece)
        return part.feed(b"", last=True)

    def _document(
        self, file: tempfile.SpooledTemporaryFile[bytes], entry: ArchiveEntry, extension: str
    ) -> None:
        """Looks into a document inside this one, as the figures of a chart are; it is no better than this."""
        if self._within == self._MOST_WITHIN or not self._room(entry.size):
            raise Found(Reason.RATIO, "package.grows-when-opened")
        inner = OfficeDocument(
            entry.name, extension, self._settings, self._room, self._parts_left, self._within + 1
        )
        for piece in pieces_of(file, entry):
            inner.feed(piece)
        inner.end()
