"""The files of an e-submission package, in whatever shape it came, as names, sizes and streams.

Names are paths inside the package, with `/`, in Unicode: data, and never paths on a disk. A name or a
kind of file that could reach outside the package, or that two systems could read differently, refuses
the package. Nothing is repaired: what was filed is what the applicant signed. Only what systems leave
beside it (office/intake/leftovers.py) is left out, and told.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import stat
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from models.errors import InputRefused
from models.forms import FORM, SPREADSHEET
from models.messages import Message
from models.reasons import Problem, Reason, refusal
from office.intake.archive import CHUNK, entries_of, pieces_of
from office.intake.extensions import no_package, wrong_extension
from office.intake.leftovers import ASIDE, ORIGINS, left_by, plain_name
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
    """An open package: its files in order of their names, with sizes in bytes.

    `left_out` names what systems left in it, by who leaves it.
    """

    sizes: dict[str, int]
    _pieces: dict[str, Callable[[], Iterator[bytes]]]
    left_out: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def chunks(self, name: str) -> Iterator[bytes]:
        """The content of one file in pieces. Raises: PackageRefused when it cannot be read as announced."""
        if name not in self.sizes:
            raise InputRefused("package.no-such-file", name=name)
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


ALONE = {".json": FORM, ".xlsx": SPREADSHEET}
"""A form that comes without a package, by its ending, and what it is called then."""


@contextmanager
def opened(path: Path, settings: Settings = SHIPPED) -> Iterator[PackageFiles]:
    """Opens a package: a folder, a zip, a delivery file with the archive beside it, or a form alone.

    Raises: InputRefused when there is nothing to open; PackageRefused with all problems of the archive,
    the kinds and the names of its files.
    """
    if name := ALONE.get(path.suffix.lower() if path.is_file() else ""):
        form = path.resolve()
        size = _regular(form).st_size
        yield PackageFiles({name: size}, {name: lambda: _plain(form, name, size)})
        return
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
            if delivery is None and (says := no_package(file.read(CHUNK), archive.name)):
                raise refusal([Problem(Reason.NOT_AN_ARCHIVE, says)])
            entries, problems = entries_of(
                file,
                archive.name,
                settings.package_most_files,
                settings.package_most_bytes,
                settings.package_ratio,
            )
            found += [_Found(e.name, e.size, lambda e=e: pieces_of(file, e)) for e in entries]  # type: ignore[misc]
        filed = [file for file in found if left_by(file.name) is None]
        left = [file.name for file in found if left_by(file.name)]
        problems += _wrong_names(filed, settings.package_depth)
        names = (plain_name(name).removeprefix(ASIDE) for name in left)
        problems += filter(None, (wrong_name(name, settings.package_depth) for name in names))
        if problems:
            raise refusal(_together(problems))
        files = sorted((file for file in filed if not file.name.endswith("/")), key=lambda file: file.name)
        told = sorted(name for name in left if not name.endswith("/"))
        left_out = {origin: tuple(name for name in told if left_by(name) == origin) for origin in ORIGINS}
        yield PackageFiles(
            {file.name: file.size for file in files}, {file.name: file.pieces for file in files}, left_out
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
            found = ((entry.name, entry.is_dir(follow_symlinks=False)) for entry in listed)
            top = {name: folder for name, folder in found if not left_by(f"{name}/" if folder else name)}
        archives = [name for name in top if name.lower().endswith(".zip")]
        if any(top.values()) or not archives:
            return None, None
        return _beside(path, [name for name in top if name.lower().endswith(".xml")], archives, list(top))
    try:
        os.stat(path)
    except (OSError, ValueError) as absent:
        why = absent.strerror if isinstance(absent, OSError) else Message("package.no-file-name")
        raise InputRefused("package.not-there", path=path, why=why) from absent
    if path.suffix.lower() != ".xml":
        return None, path.resolve()  # whoever submits may name it by a link
    with _readable(path.parent), os.scandir(path.parent) as listed:
        beside = [e.name for e in listed if e.name.lower().endswith(".zip") and not left_by(e.name)]
    named = [name for name in beside if Path(name).stem == path.stem]
    return _beside(path.parent, [path.name], named or beside, [path.name])


def _beside(folder: Path, deliveries: list[str], archives: list[str], top: list[str]) -> tuple[Path, Path]:
    problems = []
    if len(archives) != 1:
        reason = Reason.SEVERAL_ARCHIVES if archives else Reason.ARCHIVE_MISSING
        says = Message("package.archive-beside", n=len(archives), folder=folder)
        problems.append(Problem(reason, says))
    if len(deliveries) != 1:
        reason = Reason.SEVERAL_DELIVERY_FILES if deliveries else Reason.DELIVERY_FILE_MISSING
        says = Message("package.delivery-beside", n=len(deliveries))
        problems.append(Problem(reason, says))
    if more := sorted({*top} - {*deliveries} - {*archives}):
        problems.append(Problem(Reason.LAYOUT, Message("package.more-beside", more=more[0])))
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
            yield Problem(Reason.DUPLICATE_NAME, Message("package.same-name", name=name))
        else:
            # Folders count as well: two that differ in case are one folder on many systems.
            paths = [(name[: slash.start()], True) for slash in re.finditer("/", name)]
            for path, folder in [*paths, (name, is_folder)]:
                known, was_folder = plain.setdefault(_plainly(path), (path, folder))
                if known != path or was_folder != folder:
                    yield _clash(path, known)
                    break
        listed.add(file.name)


def _together(problems: list[Problem]) -> list[Problem]:
    """The same, with one sentence for all names that are divided by backslashes: one program did it."""
    divided = [problem for problem in problems if problem.reason == Reason.BACKSLASH]
    if len(divided) < 2:
        return problems
    says = Message("package.names-with-backslashes", n=len(divided), name=divided[0].says.facts["name"])
    others = [problem for problem in problems if problem.reason != Reason.BACKSLASH]
    return [Problem(Reason.BACKSLASH, says), *others]


def _clash(path: str, known: str) -> Problem:
    if known == path:
        return Problem(Reason.FILE_AND_FOLDER, Message("package.file-and-folder", name=path))
    by_case = known.casefold() == path.casefold()
    reason = Reason.SAME_NAME_BY_CASE if by_case else Reason.SAME_NAME_BY_UNICODE
    return Problem(reason, Message("package.same-name-elsewhere", name=path, other=known))


def _plainly(path: str) -> str:
    """What systems that do not tell case or forms of Unicode apart make of a name."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", path).casefold())


def wrong_name(name: str, depth: int = SHIPPED.package_depth) -> Problem | None:
    """What is wrong with one name, or nothing. The first that counts is told."""
    return next((Problem(reason, says) for reason, says in _wrongs(name, depth)), None)


def wrong_part(part: str) -> bool:
    """Whether one part of a name is reserved on some system."""
    return _RESERVED.fullmatch(part) is not None


def _wrongs(name: str, depth: int) -> Iterator[tuple[Reason, Message]]:
    parts = re.split(r"[/\\]", name)
    if any("\ud800" <= sign <= "\udfff" for sign in name):
        yield Reason.NAME_NOT_UTF8, Message("package.name-not-utf8", name=name)
    if "\0" in name:
        yield Reason.NUL_IN_NAME, Message("package.name-holds-zero", name=name)
    if any(unicodedata.category(sign) == "Cc" for sign in name):
        yield Reason.CONTROL_CHARACTER, Message("package.name-holds-control", name=name)
    if not _TURNS.isdisjoint(name):
        yield Reason.DIRECTION_OVERRIDE, Message("package.name-turns", name=name)
    if any(unicodedata.category(sign) in ("Cf", "Cn", "Co", "Zl", "Zp") for sign in name):
        yield Reason.INVISIBLE_CHARACTER, Message("package.name-holds-unseen", name=name)
    if name.startswith(("//", "\\\\")):
        yield Reason.NETWORK_NAME, Message("package.name-in-a-network", name=name)
    if name.startswith(("/", "\\")):
        yield Reason.ABSOLUTE_NAME, Message("package.name-absolute", name=name)
    if _DRIVE.match(name):
        yield Reason.DRIVE_NAME, Message("package.name-on-a-drive", name=name)
    if ".." in parts:
        yield Reason.PATH_TRAVERSAL, Message("package.name-leads-out", name=name)
    if "\\" in name:
        yield Reason.BACKSLASH, Message("package.name-with-backslash", name=name)
    if not {"", "."}.isdisjoint(parts):
        yield Reason.ODD_PATH, Message("package.name-names-nothing", name=name)
    if any(wrong_part(part) for part in parts):
        yield Reason.RESERVED_NAME, Message("package.name-of-a-device", name=name)
    if any(sign in name for sign in '<>:"|?*'):
        yield Reason.RESERVED_CHARACTER, Message("package.name-reserved", name=name)
    if any(part != part.strip() or part.endswith(".") for part in parts):
        yield Reason.TRAILING_DOT_OR_SPACE, Message("package.name-blank-at-an-end", name=name)
    if len(name) > LONGEST_NAME or any(len(part.encode()) > LONGEST_PART for part in parts):
        yield (
            Reason.NAME_TOO_LONG,
            Message("package.name-too-long", name=name, n=len(name), most=LONGEST_NAME),
        )
    if len(parts) > depth:
        yield Reason.DEPTH, Message("package.too-deep", name=name, n=len(parts) - 1, most=depth - 1)


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
                    says = Message("package.folder-too-many-files", most=most)
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
        says = Message("package.symbolic-link", name=name)
        yield Problem(Reason.SYMBOLIC_LINK, says)
    elif not stat.S_ISREG(told.st_mode):
        yield Problem(Reason.DEVICE, Message("package.not-plain", name=name))
    elif told.st_nlink > 1:
        says = Message("package.hard-link", name=name)
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
        says = Message("package.unreadable", name=name, why=broken.strerror)
        raise refusal([Problem(Reason.UNREADABLE, says)]) from broken
    if read != size:
        raise refusal([Problem(Reason.UNREADABLE, Message("package.changed-meanwhile", name=name))])


def _open(path: Path) -> IO[bytes]:
    # The file may have been exchanged for a link or a pipe since it was looked at.
    try:
        file = os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb")
    except OSError as broken:
        reason = Reason.SYMBOLIC_LINK if broken.errno == errno.ELOOP else Reason.UNREADABLE
        says = Message("package.cannot-be-opened", name=path.name, why=broken.strerror)
        raise refusal([Problem(reason, says)]) from broken
    if stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        return file
    file.close()
    raise refusal([Problem(Reason.DEVICE, Message("package.not-plain", name=path.name))])


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
        says = Message("package.folder-unreadable", name=folder.name, why=unreadable.strerror)
        raise refusal([Problem(Reason.UNREADABLE, says)]) from unreadable


def _too_large(title: str, settings: Settings) -> Message:
    most = settings.package_most_bytes // 1_000_000
    return Message("package.too-large", name=title, most=most)
