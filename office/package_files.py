"""The files of an e-submission package, in whatever shape it came, as names, sizes and streams.

Names are paths inside the package, with `/`, in Unicode: data, and never paths on a disk. A name or a
kind of file that could reach outside the package, or that two systems could read differently, refuses
the package. Nothing is repaired: what was filed is what the applicant signed.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import stat
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from models.errors import InputRefused
from models.reasons import Problem, Reason, refusal
from office.archive import CHUNK, entries_of, pieces_of
from office.contents import wrong_extension
from office.settings import Settings

LONGEST_NAME = 200
LONGEST_PART = 240
"""Characters of a name, and bytes of each part: what every file system can hold."""

SHIPPED = Settings()
"""The limits of a package as they are shipped."""

_DRIVE = re.compile(r"[A-Za-z]:")
_RESERVED = re.compile(
    r"(?:con|prn|aux|nul|clock\$|conin\$|conout\$|(?:com|lpt)[0-9¹²³])[ ]*(?:\..*)?", re.IGNORECASE
)
_TURNS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass(frozen=True)
class PackageFiles:
    """An open package: its files in order of their names, with sizes in bytes."""

    sizes: dict[str, int]
    _pieces: dict[str, Callable[[], Iterator[bytes]]]

    def chunks(self, name: str) -> Iterator[bytes]:
        """The content of one file in pieces. Raises: PackageRefused when it cannot be read as announced."""
        if name not in self.sizes:
            raise InputRefused(f"The package has no file {name!r}.")
        return self._pieces[name]()

    def content(self, name: str) -> bytes:
        """The content of one file. Raises: PackageRefused when it cannot be read as announced."""
        return b"".join(self.chunks(name))


@dataclass(frozen=True)
class _Found:
    """A file or folder (its name ends with /) as it was found, before anyone trusts it."""

    name: str
    size: int
    pieces: Callable[[], Iterator[bytes]]


@contextmanager
def opened(path: Path, settings: Settings = SHIPPED) -> Iterator[PackageFiles]:
    """Opens a package: a folder, a zip, or a delivery file with the archive beside it.

    Raises: InputRefused when there is nothing to open; PackageRefused with all problems of the archive,
    the kinds and the names of its files.
    """
    with ExitStack() as open_files:
        delivery, archive = _shape(path)
        found: list[_Found] = []
        problems: list[Problem] = []
        if delivery is not None:
            size = _regular(delivery).st_size
            found.append(_Found(delivery.name, size, lambda: _plain(delivery, delivery.name, size)))
        if archive is None:
            walked, problems = _walk(path, settings)
            found += walked
        else:
            file = open_files.enter_context(_open(archive))
            entries, problems = entries_of(
                file,
                archive.name,
                settings.package_most_files,
                settings.package_most_bytes,
                settings.package_ratio,
            )
            found += [_Found(e.name, e.size, lambda e=e: pieces_of(file, e)) for e in entries]  # type: ignore[misc]
        problems += _wrong_names(found, settings.package_depth)
        if problems:
            raise refusal(problems)
        files = sorted((file for file in found if not file.name.endswith("/")), key=lambda file: file.name)
        yield PackageFiles(
            {file.name: file.size for file in files}, {file.name: file.pieces for file in files}
        )


def archive_of(path: Path) -> Path | None:
    """The one file that a package came in, if it is one; never raises."""
    try:
        return _shape(path)[1]
    except (InputRefused, OSError):
        return path if path.is_file() and path.suffix.lower() != ".xml" else None


def hash_of(archive: Path, settings: Settings = SHIPPED) -> str | None:
    """The SHA-256 of an archive; nothing when it is larger than a package may be, or cannot be read."""
    hashed, size = hashlib.sha256(), 0
    try:
        with _open(archive) as file:
            while size <= settings.package_most_bytes and (chunk := file.read(CHUNK)):
                hashed.update(chunk)
                size += len(chunk)
    except (OSError, InputRefused):
        return None
    return hashed.hexdigest() if size <= settings.package_most_bytes else None


def _shape(path: Path) -> tuple[Path | None, Path | None]:
    """The delivery file that lies beside its archive, if it does, and the archive, if there is one."""
    if path.is_dir():
        with _readable(path), os.scandir(path) as listed:
            top = {entry.name: entry.is_dir(follow_symlinks=False) for entry in listed}
        archives = [name for name in top if name.lower().endswith(".zip")]
        if any(top.values()) or not archives:
            return None, None
        return _beside(path, [name for name in top if name.lower().endswith(".xml")], archives, list(top))
    try:
        os.stat(path)
    except (OSError, ValueError) as absent:
        why = absent.strerror if isinstance(absent, OSError) else "this is no name of a file"
        raise InputRefused(f"There is no package at {path}: {why}.") from absent
    if path.suffix.lower() != ".xml":
        return None, path.resolve()  # whoever submits may name it by a link
    with _readable(path.parent), os.scandir(path.parent) as listed:
        beside = [entry.name for entry in listed if entry.name.lower().endswith(".zip")]
    named = [name for name in beside if Path(name).stem == path.stem]
    return _beside(path.parent, [path.name], named or beside, [path.name])


def _beside(folder: Path, deliveries: list[str], archives: list[str], top: list[str]) -> tuple[Path, Path]:
    problems = []
    if len(archives) != 1:
        reason = Reason.SEVERAL_ARCHIVES if archives else Reason.ARCHIVE_MISSING
        says = f"Beside the delivery file lies its archive, one zip; there are {len(archives)} in {folder}."
        problems.append(Problem(reason, says))
    if len(deliveries) != 1:
        reason = Reason.SEVERAL_DELIVERY_FILES if deliveries else Reason.DELIVERY_FILE_MISSING
        says = f"One delivery file <delivery number>.xml must lie beside it; there are {len(deliveries)}."
        problems.append(Problem(reason, says))
    if more := sorted({*top} - {*deliveries} - {*archives}):
        problems.append(Problem(Reason.LAYOUT, f"Beside delivery file and archive lies more: {more[0]!r}."))
    if problems:
        raise refusal(problems)
    return folder / deliveries[0], folder / archives[0]


def _wrong_names(found: Iterable[_Found], depth: int) -> Iterator[Problem]:
    """What is wrong with names, each by itself and one against the others."""
    listed: set[str] = set()  # a folder ends with /
    plain: dict[str, tuple[str, bool]] = {}
    for file in found:
        is_folder = file.name.endswith("/")
        name = file.name.removesuffix("/")
        wrong = wrong_name(name, depth) or (None if is_folder else wrong_extension(name))
        if wrong is not None:
            yield wrong
        elif file.name in listed:
            yield Problem(Reason.DUPLICATE_NAME, f"{name!r} has the same name as another file; rename one.")
        else:
            # Folders count as well: two that differ in case are one folder on many systems.
            paths = [(name[: slash.start()], True) for slash in re.finditer("/", name)]
            for path, folder in [*paths, (name, is_folder)]:
                known, was_folder = plain.setdefault(_plainly(path), (path, folder))
                if known != path or was_folder != folder:
                    yield _clash(path, known)
                    break
        listed.add(file.name)


def _clash(path: str, known: str) -> Problem:
    if known == path:
        return Problem(Reason.FILE_AND_FOLDER, f"{path!r} is a file and a folder at once; rename one.")
    by_case = known.casefold() == path.casefold()
    reason = Reason.SAME_NAME_BY_CASE if by_case else Reason.SAME_NAME_BY_UNICODE
    return Problem(reason, f"{path!r} has the same name as {known!r} on many systems; rename one.")


def _plainly(path: str) -> str:
    """What systems that do not tell case or forms of Unicode apart make of a name."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", path).casefold())


def wrong_name(name: str, depth: int = SHIPPED.package_depth) -> Problem | None:
    """What is wrong with one name, or nothing. The first that counts is told."""
    for reason, says in _wrongs(name, depth):
        return Problem(reason, f"{name!r} {says}.")
    return None


def wrong_part(part: str) -> bool:
    """Whether one part of a name is reserved on some system."""
    return _RESERVED.fullmatch(part) is not None


def _wrongs(name: str, depth: int) -> Iterator[tuple[Reason, str]]:
    parts = re.split(r"[/\\]", name)
    unseen = "holds characters that cannot be seen"
    if any("\ud800" <= sign <= "\udfff" for sign in name):
        yield Reason.NAME_NOT_UTF8, "has a name that is not UTF-8; use plain letters"
    if "\0" in name:
        yield Reason.NUL_IN_NAME, f"{unseen} (a zero); type the name anew"
    if any(unicodedata.category(sign) == "Cc" for sign in name):
        yield Reason.CONTROL_CHARACTER, f"{unseen} (control characters); type the name anew"
    if not _TURNS.isdisjoint(name):
        yield Reason.DIRECTION_OVERRIDE, f"{unseen} and turn the direction of writing; type the name anew"
    if any(unicodedata.category(sign) in ("Cf", "Cn", "Co", "Zl", "Zp") for sign in name):
        yield Reason.INVISIBLE_CHARACTER, f"{unseen}; type the name anew"
    if name.startswith(("//", "\\\\")):
        yield Reason.NETWORK_NAME, "is an absolute name in a network; names begin at the top of the package"
    if name.startswith(("/", "\\")):
        yield Reason.ABSOLUTE_NAME, "is an absolute name; names begin at the top of the package"
    if _DRIVE.match(name):
        yield Reason.DRIVE_NAME, "is an absolute name on a drive; names begin at the top of the package"
    if ".." in parts:
        yield Reason.PATH_TRAVERSAL, "leads out of the package; names stay inside it"
    if "\\" in name:
        yield Reason.BACKSLASH, "holds a backslash; folders are separated by /"
    if not {"", "."}.isdisjoint(parts):
        yield Reason.ODD_PATH, "leads out of the package or names nothing; zip it anew"
    if any(wrong_part(part) for part in parts):
        yield Reason.RESERVED_NAME, "is the name of a device on Windows; rename it"
    if any(sign in name for sign in '<>:"|?*'):
        yield Reason.RESERVED_CHARACTER, 'holds one of < > : " | ? *, which Windows cannot write; rename it'
    if any(part != part.strip() or part.endswith(".") for part in parts):
        yield Reason.TRAILING_DOT_OR_SPACE, "begins or ends with a space, or ends with a full stop; rename it"
    if len(name) > LONGEST_NAME or any(len(part.encode()) > LONGEST_PART for part in parts):
        yield Reason.NAME_TOO_LONG, f"has {len(name)} characters; {LONGEST_NAME} are possible"
    if len(parts) > depth:
        yield Reason.DEPTH, f"lies in {len(parts) - 1} folders; {depth - 1} are possible"


def _walk(top: Path, settings: Settings) -> tuple[list[_Found], list[Problem]]:
    """Every file and folder below a folder, and what is wrong with their kinds."""
    found: list[_Found] = []
    problems: list[Problem] = []
    total = 0
    waiting = [""]
    while waiting:
        folder = waiting.pop()
        with _readable(top / folder), os.scandir(top / folder) as entries:
            for entry in entries:
                name, told = f"{folder}{entry.name}", entry.stat(follow_symlinks=False)
                if len(found) >= settings.package_most_files:
                    most = settings.package_most_files
                    says = f"It has more than {most} files and folders; divide the delivery."
                    raise refusal([Problem(Reason.FILE_COUNT, says)])
                if stat.S_ISDIR(told.st_mode):
                    found.append(_Found(f"{name}/", 0, lambda: iter(())))
                    # deeper than is possible: refused by its name, and not walked for ever
                    if name.count("/") < settings.package_depth:
                        waiting.append(f"{name}/")
                    continue
                problems += _wrong_kind(name, told)
                total += told.st_size
                found.append(_Found(name, told.st_size, _reader(top / name, name, told.st_size)))
    if total > settings.package_most_bytes:
        problems.append(Problem(Reason.TOTAL_SIZE, _too_large(top.name, settings)))
    return found, problems


def _wrong_kind(name: str, told: os.stat_result) -> Iterator[Problem]:
    if stat.S_ISLNK(told.st_mode):
        says = f"{name!r} is a symbolic link; put the file itself in its place."
        yield Problem(Reason.SYMBOLIC_LINK, says)
    elif not stat.S_ISREG(told.st_mode):
        yield Problem(Reason.DEVICE, f"{name!r} is not a plain file.")
    elif told.st_nlink > 1:
        says = f"{name!r} is a hard link: it also stands elsewhere and can change there; copy the file."
        yield Problem(Reason.HARD_LINK, says)


def _reader(path: Path, name: str, size: int) -> Callable[[], Iterator[bytes]]:
    return lambda: _plain(path, name, size)


def _plain(path: Path, name: str, size: int) -> Iterator[bytes]:
    read = 0
    try:
        with _open(path) as file:
            while chunk := file.read(CHUNK):
                read += len(chunk)
                if read > size:
                    break
                yield chunk
    except OSError as broken:
        says = f"{name!r} cannot be read ({broken.strerror}); file it again."
        raise refusal([Problem(Reason.UNREADABLE, says)]) from broken
    if read != size:
        raise refusal([Problem(Reason.UNREADABLE, f"{name!r} changed while it was read; file it again.")])


def _open(path: Path) -> IO[bytes]:
    # The file may have been exchanged for a link or a pipe since it was looked at.
    try:
        file = os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb")
    except OSError as broken:
        reason = Reason.SYMBOLIC_LINK if broken.errno == errno.ELOOP else Reason.UNREADABLE
        says = f"{path.name!r} cannot be read ({broken.strerror}); put the file itself in its place."
        raise refusal([Problem(reason, says)]) from broken
    if stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        return file
    file.close()
    raise refusal([Problem(Reason.DEVICE, f"{path.name!r} is not a plain file.")])


def _regular(path: Path) -> os.stat_result:
    told = os.stat(path, follow_symlinks=False)
    if problems := list(_wrong_kind(path.name, told)):
        raise refusal(problems)
    return told


@contextmanager
def _readable(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as unreadable:
        says = f"{folder.name!r} cannot be read ({unreadable.strerror})."
        raise refusal([Problem(Reason.UNREADABLE, says)]) from unreadable


def _too_large(title: str, settings: Settings) -> str:
    most = settings.package_most_bytes // 1_000_000
    return f"{title} is larger than {most} MB, which a package may have; divide the delivery."
