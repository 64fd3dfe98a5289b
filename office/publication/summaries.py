"""Summaries for publication: read from what applicants file, or attached by the desk.

What was filed as plain text or as a Word document, in a package or by the desk, is read; other forms, and
what cannot be read, leave a gap that `umn publish` names, and that a person fills with `umn summary`.
Keeping is not publishing: what is public is decided in register/public.py.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.errors import InputRefused
from office.settings import Settings
from procedures.registry import translated
from register import summaries
from register.summaries import LONGEST, KeptSummary, Summary, legible

if TYPE_CHECKING:
    from office.intake.package import Package

_MOST_BYTES = 4_000_000
"""Of a text, or of the text part of a Word document, unpacked."""

_BROKEN = (zipfile.BadZipFile, zlib.error, LookupError, ValueError, EOFError, RuntimeError, OSError)
"""How a file that is no Word document, or a damaged one, shows itself."""

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FORMULA = "{http://schemas.openxmlformats.org/officeDocument/2006/math}oMath"
_SECOND_FORM = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_UNREAD = (_SECOND_FORM, f"{_WORD}moveFrom", f"{_WORD}del")
"""What says a second time what stands elsewhere, or what was taken out."""

_SIGNS = {
    f"{_WORD}p": "\n\n",
    f"{_WORD}br": "\n",
    f"{_WORD}cr": "\n",
    f"{_WORD}tab": " ",
    f"{_WORD}noBreakHyphen": "\u2011",
}
"""What stands for white space or a sign in the text of a Word document."""


def keep_filed(settings: Settings, package: Package, path: Path, number: str, by: str) -> None:
    """Keeps what a package says for publication: its summaries, and its indication.

    Interpretation: the indication of a form is in the language of the applicant. A completion, and a
    modification that repeats the indication of its programme, say nothing of the language of that one.

    Idempotent: by content.
    """
    from office.intake.package import files_of

    own = package.applicant.language.value
    indication = translated(package.procedure, package.subject.parts)
    repeated = package.kind is None or _repeats(settings, package)
    found = {} if repeated else {own: Summary(own, indication=indication)}
    for language, name, text in _filed(files_of(path, settings), package.procedure):
        found[language] = Summary(
            language, text, indication if language == own and not repeated else "", name
        )
    now = datetime.now(UTC)
    summaries.keep(settings.register_url, number, found.values(), translates=indication, by=by, at=now)


def keep_documents(settings: Settings, number: str, documents: Iterable[Path], by: str) -> None:
    """Keeps the summaries among documents that the desk files with an act, as those of a package are kept.

    Idempotent: by content. Raises: NotReachable.
    """
    from datetime import date

    from register.case import case

    state = case(settings.register_url, number, date.min).state
    found = [
        Summary(language, text, "", name) for language, name, text in _filed(_of(documents), state.procedure)
    ]
    summaries.keep(
        settings.register_url,
        state.number,
        found,
        translates=state.translated,
        by=by,
        at=datetime.now(UTC),
    )


def attach(
    settings: Settings, number: str, language: str, file: Path | None, indication: str, by: str
) -> list[KeptSummary]:
    """Keeps a summary, an indication or both in a language, for a dossier or programme. Returns: all of them.

    Raises: InputRefused when there is nothing to keep, or a file that cannot be read as text; NotFound.
    """
    from datetime import date

    from procedures.registry import names_a_person
    from register.case import case
    from register.database import migrate

    migrate(settings.register_url)
    now = case(settings.register_url, number, date.min).state
    text = _read(file) if file else ""
    if not legible(text) and not legible(indication):
        raise InputRefused(
            "summary.nothing-to-keep",
            possible=(f"summary {number} FILE --lang {language}",),
        )
    if names_a_person(text) or names_a_person(indication):
        raise InputRefused("summary.national-number")
    decided = " ".join(legible(now.translated).split())
    own = summaries.language_of_indication(settings.register_url, now.number, now.procedure, now.translated)
    if language == own and legible(indication) and " ".join(legible(indication).split()) != decided:
        raise InputRefused(
            "summary.indication-decided", number=now.number, language=own.upper(), decided=decided
        )
    summary = Summary(language, text, indication)
    summaries.keep(
        settings.register_url,
        now.number,
        [summary],
        translates=now.translated,
        by=by,
        at=datetime.now(UTC),
    )
    return summaries.of(settings.register_url, now.number)


def _repeats(settings: Settings, package: Package) -> bool:
    """Whether a package under a programme repeats the indication that this has."""
    from datetime import date

    from models.errors import NotFound
    from register.case import case

    if package.programme is None:
        return False
    try:
        found = case(settings.register_url, package.programme, date.min).state
    except NotFound:
        return False
    said = translated(package.procedure, package.subject.parts)
    return " ".join(found.translated.split()) == " ".join(said.split())


def _filed(files: Iterable[tuple[str, Iterable[bytes]]], procedure: str) -> list[tuple[str, str, str]]:
    """Language, name and text of every summary among files that can be read."""
    from office.intake.completeness import language_of_summary
    from procedures.registry import names_a_person

    found = []
    for name, pieces in files:
        language = language_of_summary(name, procedure)
        if language is None or not name.lower().endswith((".txt", ".docx")):
            continue
        try:
            text = legible(_text(name, b"".join(pieces)))
        except InputRefused:
            continue
        if text and len(text) <= LONGEST and not names_a_person(text):
            found.append((language, name, text))
    return found


def _of(documents: Iterable[Path]) -> Iterator[tuple[str, Iterable[bytes]]]:
    """Files and those in folders, by their names, which may say what they are."""
    from office.intake.completeness import in_their_places

    for name, file in in_their_places(documents):
        yield name, [file.read_bytes()]


def _read(file: Path) -> str:
    try:
        with file.open("rb") as opened:
            return _text(file.name, opened.read(_MOST_BYTES + 1))
    except OSError as error:
        raise InputRefused("file.unreadable", path=file, why=error.strerror) from error


def _text(name: str, content: bytes) -> str:
    """The text of a document. Raises: InputRefused when it is none."""
    if len(content) > _MOST_BYTES:
        raise InputRefused("summary.too-large", name=name, most=_MOST_BYTES // 1000000)
    if name.lower().endswith(".docx"):
        return _of_word(name, content)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        raise InputRefused("summary.neither", name=name) from wrong


def _of_word(name: str, content: bytes) -> str:
    """The paragraphs of a Word document in their order, those in cells of its tables among them."""
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import ParseError, fromstring

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package, package.open("word/document.xml") as part:
            inside = part.read(_MOST_BYTES + 1)
        if len(inside) > _MOST_BYTES:
            raise InputRefused("summary.grows", name=name)
        document: Any = fromstring(inside)
    except (*_BROKEN, ParseError, DefusedXmlException) as wrong:
        raise InputRefused("summary.no-word-document", name=name, why=str(wrong)) from wrong
    for within in list(document.iter()):
        for part_of in [each for each in within if each.tag in _UNREAD or _is_hidden(each)]:
            within.remove(part_of)
    said = []
    for each in document.iter():
        if each.tag in (f"{_WORD}sym", _FORMULA):
            raise InputRefused("summary.formula", name=name)
        said.append((each.text or "") if each.tag == f"{_WORD}t" else _SIGNS.get(each.tag, ""))
    return "".join(said).strip()


def _is_hidden(part: Any) -> bool:
    """Whether a run of text is hidden: nobody who looked at the document saw it."""
    hidden = part.find(f"{_WORD}rPr/{_WORD}vanish") if part.tag == f"{_WORD}r" else None
    return hidden is not None and hidden.get(f"{_WORD}val") not in ("0", "false", "off")
