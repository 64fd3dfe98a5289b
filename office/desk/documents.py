"""Writes the documents of a case out for people, and verifies that the store holds what the register says."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from models.errors import InputRefused, NotFound, OutsideWorldFailed
from office.modes import for_others
from office.settings import Settings
from register.case import KeptDocument
from register.documents import Documents, DocumentStore
from register.views import FiledName, filed_names

_LONGEST_PART = 120


@dataclass(frozen=True, slots=True)
class Verified:
    """What the store holds, and what is wrong with it. `filed`: how many the register knows.

    `changed` are hashes of documents whose content is another one, `missing` names of the register
    without a document, `strange` files of the store that are none.
    """

    documents: int
    bytes: int
    filed: int
    changed: tuple[str, ...]
    missing: tuple[FiledName, ...]
    strange: tuple[str, ...]

    @property
    def whole(self) -> bool:
        """Every document is what was kept, and every name has its document."""
        return not self.changed and not self.missing


def extract(settings: Settings, documents: Sequence[KeptDocument], into: Path) -> dict[str, str]:
    """Writes documents into a new or empty folder: all of them, or none.

    Returns: the name that each was filed under, by where it is now, such as `entry-1/02_protocol/a.pdf`.
    Raises: InputRefused when something is there already; NotFound or OutsideWorldFailed when a document
    is missing or was changed on the disk; NotReachable.
    """
    if into.is_symlink() or (into.exists() and (not into.is_dir() or any(into.iterdir()))):
        raise InputRefused("document.folder-not-empty", folder=into)
    if not into.absolute().parent.is_dir():
        raise InputRefused("document.no-folder", folder=into.absolute().parent)
    store: Documents = DocumentStore(settings.documents)
    places = places_of(documents)
    draft = Path(tempfile.mkdtemp(dir=into.absolute().parent, prefix=".umn-extract-"))
    try:
        with for_others() as left_out:
            for place, document in places.items():
                target = draft / place
                target.parent.mkdir(parents=True, exist_ok=True)
                with target.open("xb") as file:
                    for piece in store.pieces(document.sha256):
                        file.write(piece)
        draft.chmod(0o777 & ~left_out)
        os.replace(draft, into)  # an empty folder gives way
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return {place: document.name for place, document in places.items()}


def verify(settings: Settings, tell: Callable[[int, int], None]) -> Verified:
    """Compares every document of the store with its hash, and every name of the register with the store.

    Raises: NotReachable when register or store cannot be read.
    """
    store = DocumentStore(settings.documents)
    names = filed_names(settings.register_url)
    kept = list(store.kept())
    changed, size = [], 0
    for done, sha256 in enumerate(kept, start=1):
        try:
            size += sum(map(len, store.pieces(sha256)))
        except (NotFound, OutsideWorldFailed):
            changed.append(sha256)
        tell(done, len(kept))
    known = set(kept)
    return Verified(
        documents=len(kept),
        bytes=size,
        filed=len(known & {name.sha256 for name in names}),
        changed=tuple(changed),
        missing=tuple(name for name in names if name.sha256 not in known),
        strange=tuple(str(path.relative_to(store.folder)) for path in store.strange()),
    )


def places_of(documents: Sequence[KeptDocument]) -> dict[str, KeptDocument]:
    """A path below the folder for each document; two that would be one file on some system get a number."""
    places: dict[str, KeptDocument] = {}
    taken: set[str] = set()
    for document in documents:
        parts = [_harmless(part) for part in document.name.replace("\\", "/").split("/")]
        parts = [part for part in parts if part] or ["document"]
        place = "/".join([f"entry-{document.entry}", *parts])
        stem, dot, extension = place.rpartition(".") if "." in parts[-1] else (place, "", "")
        again = 2
        while place.casefold() in taken:
            place, again = f"{stem}-{again}{dot}{extension}", again + 1
        taken |= {place.casefold()}
        places[place] = document
    return places


def _harmless(part: str) -> str:
    """One part of a name, without what a file system could read as anything but a name."""
    from office.intake.package_files import wrong_part

    part = "".join(sign if sign.isprintable() and sign not in '<>:"|?*' else "_" for sign in part)
    part = part.strip(" ").rstrip(". ")
    while len(part.encode()) > _LONGEST_PART:
        part = part[1:]
    if part and wrong_part(part):
        part = f"_{part}"
    return part
