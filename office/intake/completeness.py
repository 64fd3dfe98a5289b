"""What a package lacks of what its procedure and kind ask; it is said, not refused.

A person reads the findings and decides whether the dossier is declared incomplete. The documents that
are asked are data of the procedure (`documents.py` in its folder); they are recognised by their names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import Path
from types import MappingProxyType

from models.completeness import Asked, asked
from models.findings import Finding, Severity
from models.forms import FOR_A_DOSSIER, Form
from models.phases import Kind
from models.reasons import masked
from office.intake.leftovers import plain_name
from office.intake.package_forms import CoverLetter, Delivery
from procedures.registry import Intake, intake, intakes

NOTHING_ANSWERED: Mapping[str, object] = MappingProxyType({})

_MOST_EMPTY = 20
"""Empty files that are named each; a dossier carries its findings, and has to stay small."""


def document_findings(
    submission_type: str,
    procedure: str,
    on: date,
    sizes: dict[str, int],
    answers: Mapping[str, object] = NOTHING_ANSWERED,
) -> tuple[Finding, ...]:
    """What is missing among the documents, in the order of the folders; nothing means complete.

    `sizes` holds the files of the package with their bytes; a file without content does not count. What the
    `answers` of the form ask for is missing only where they were given.
    """
    known = intake(procedure)
    filed = [name for name, size in sizes.items() if size and name.startswith(_numbers(known))]
    if submission_type in FOR_A_DOSSIER:
        missing = [] if filed else [Finding(check="C-08", severity=Severity.ASK, what="no-document")]
    else:
        rows = asked(known.asked, procedure, Kind(submission_type), on)
        rows = tuple(row for row in rows if not row.answer or answers.get(row.answer) is row.says)
        missing = [finding for row in rows for finding in _missing(known, row, filed)]
    without = [name[:200] for name, size in sizes.items() if not size]
    empty = [
        Finding(check="C-00", severity=Severity.ASK, what="empty-file", part=name, params={"file": name})
        for name in without[:_MOST_EMPTY]
    ]
    if len(without) > _MOST_EMPTY:
        more = {"number": str(len(without) - _MOST_EMPTY)}
        empty.append(
            Finding(check="C-00", severity=Severity.ASK, what="empty-more", part="more", params=more)
        )
    unasked = [
        Finding(check=row.check, severity=Severity.INFO, what=row.what, params={"file": names[0][:200]})
        for row in known.unasked
        if (names := [name for name in sizes if any(word in _letters(name) for word in row.words)])
    ]
    return (*missing, *empty, *unasked)


def form_findings(
    delivery: Delivery | None, cover: CoverLetter | None, form: Form, on: date, names: Iterable[str]
) -> tuple[Finding, ...]:
    """What delivery, cover letter and form leave to be asked or looked at."""
    return (
        *(_of_delivery(delivery, cover) if delivery and cover else ()),
        *_of_section(form, list(names)),
        *form.findings(on),
    )


def left_out_findings(left_out: Mapping[str, tuple[str, ...]]) -> Iterator[Finding]:
    """What systems left in the package, and is no part of it: one finding for each that leaves such files."""
    for origin, names in left_out.items():
        if not names:
            continue
        params = {
            "number": str(len(names)),
            "files": tuple(masked(plain_name(name))[-100:] for name in names[:3]),
        }
        yield Finding(
            check="P-14", severity=Severity.INFO, what=f"left-by-{origin}", part=origin, params=params
        )


def _of_delivery(delivery: Delivery, cover: CoverLetter) -> Iterator[Finding]:
    if len(delivery.activities) > 1:
        activities = tuple(activity[:100] for activity in delivery.activities[:20])
        yield Finding(
            check="P-02",
            severity=Severity.WARN,
            what="several-activities",
            params={"activities": activities},
        )
    if cover.cesp_number is None:
        yield Finding(
            check="P-04", severity=Severity.WARN, what="cesp-number", params={"number": delivery.number}
        )


def _of_section(form: Form, names: list[str]) -> Iterator[Finding]:
    """What a section leaves unanswered; a form that is a document of its own is read by a person."""
    known = intake(form.procedure)
    for section in known.sections:
        if section.kind != form.submission_type:
            continue
        params: dict[str, str | tuple[str, ...]] = {"numeral": section.numeral.upper()}
        if section.of(form) is None:
            read = bool(_numbered(known, section.numeral, names))
            what, severity = ("form-to-read", Severity.WARN) if read else ("form-empty", Severity.ASK)
            yield Finding(check="C-01", severity=severity, what=what, params=params)
        elif missing := section.unanswered(form):
            params["fields"] = tuple(f"{section.name}.{field}" for field in missing)
            yield Finding(check="C-01", severity=Severity.ASK, what="form-unanswered", params=params)


def _missing(known: Intake, row: Asked, filed: list[str]) -> Iterator[Finding]:
    """What is not there of a document that is asked."""
    params = {"document": row.document}
    if row.languages:
        there = _numbered(known, row.numeral, filed)
        for language in row.languages:
            if not any(language in words for words in there):
                yield Finding(
                    check=row.check,
                    severity=Severity.REJECT,
                    what="language-missing",
                    part=language,
                    params={**params, "language": language},
                )
    elif row.numeral and not _numbered(known, row.numeral, filed):
        if row.other_numeral and _numbered(known, row.other_numeral, filed):
            params["other"] = row.other_numeral.upper()
            yield Finding(
                check=row.wrong_check, severity=Severity.REJECT, what="other-template", params=params
            )
        else:
            yield Finding(check=row.check, severity=Severity.ASK, what="document-missing", params=params)
    elif not row.numeral and not any(_is(known, row, name) for name in filed):
        yield Finding(
            check=row.check, severity=row.severity, what="document-missing", part=row.part, params=params
        )


def _is(known: Intake, row: Asked, name: str) -> bool:
    """Whether a file is the document, by its folder (but for the last, where all sorts lie) or its words."""
    in_folder = row.folder != known.folders[-1] and name.startswith(f"{row.folder}/")
    return in_folder or any(word in _letters(_base(name)) for word in row.words)


def _numbered(known: Intake, numeral: str, filed: Iterable[str]) -> list[list[str]]:
    """The words that follow the numeral in the names of the files of that document."""
    found = []
    for name in filed:
        words = re.findall(r"[a-z0-9]+", _base(name).rsplit(".", 1)[0].lower())
        for at, word in enumerate(words):
            if word in known.before_numeral and words[at + 1 : at + 2] == [numeral]:
                found.append(words[at + 2 :])
            elif word in {f"{before}{numeral}" for before in known.before_numeral}:
                found.append(words[at + 1 :])
    return found


def in_their_places(paths: Iterable[Path]) -> Iterator[tuple[str, Path]]:
    """Files, and all files in folders, each with its name: below a folder with the folders in which it lies.

    The folder that is given belongs to the name where it is one of a package.
    """
    of_packages = {folder for each in intakes() for folder in each.folders}
    for path in paths:
        if not path.is_dir():
            yield path.name, path
            continue
        given = path.resolve()
        top = given.parent if given.name in of_packages else given
        for file in sorted(found for found in given.rglob("*") if found.is_file()):
            yield file.relative_to(top).as_posix(), file


def language_of_summary(name: str, procedure: str) -> str | None:
    """The language of a document that is published, as its name says; nothing for others, or for two."""
    known = intake(procedure)
    if known.summary is None:
        return None
    words = [word for found in _numbered(known, known.summary.numeral, [name]) for word in found]
    said = [language for language in known.summary.languages if language in words]
    return said[0] if len(said) == 1 else None


def _numbers(known: Intake) -> tuple[str, ...]:
    """How the names begin of what lies in a folder of the documents, which is known by its number."""
    return tuple("".join(folder.partition("_")[:2]) for folder in known.folders)


def _base(name: str) -> str:
    return name.rsplit("/", 1)[-1]


def _letters(name: str) -> str:
    return re.sub(r"[^a-z]", "", name.lower())
