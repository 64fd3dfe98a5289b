"""What a package lacks of what its procedure and kind ask; it is said, not refused.

A person reads the findings and decides whether the dossier is declared incomplete. The documents that
are asked are data (models/completeness.py); they are recognised by their names: `annex-iv-fr.pdf`,
`Annex_IV summary FR.docx` and the like.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date

from models.completeness import Asked, asked, template_on
from models.eligibility import Route, route
from models.findings import Finding, Severity
from models.law.procedures.shape import Kind
from office.annexes import unanswered
from office.package_forms import FOR_A_DOSSIER, CoverLetter, Delivery, Form, SubmissionType

DOCUMENT_FOLDERS = ("02_", "03_", "04_", "05_", "06_", "07_", "08_")
_MOST_EMPTY = 20
"""Empty files that are named each; a dossier carries its findings, and has to stay small."""

PROOF_OF_PAYMENT = re.compile(r"proofofpayment|betal(ings)?bewijs|bewijsvanbetaling|preuvedepaiement")


def document_findings(
    submission_type: SubmissionType, procedure: str, on: date, sizes: dict[str, int]
) -> tuple[Finding, ...]:
    """What is missing among the documents, in the order of the folders; nothing means complete.

    `sizes` holds the files of the package with their bytes; a file without content does not count.
    """
    filed = [name for name, size in sizes.items() if size and name.startswith(DOCUMENT_FOLDERS)]
    if submission_type in FOR_A_DOSSIER:
        missing = [] if filed else [Finding(check="C-08", severity=Severity.ASK, what="no-document")]
    else:
        rows = asked(procedure, Kind(submission_type.value), on)
        missing = [finding for row in rows for finding in _missing(row, filed)]
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
    payments = [name for name in sizes if PROOF_OF_PAYMENT.search(_letters(name))]
    paid = [
        Finding(check="P-11", severity=Severity.INFO, what="payment-not-asked", params={"file": name[:200]})
        for name in payments[:1]
    ]
    return (*missing, *empty, *paid)


def form_findings(
    delivery: Delivery, cover: CoverLetter, form: Form, on: date, names: Iterable[str]
) -> tuple[Finding, ...]:
    """What delivery, cover letter and form leave to be asked or looked at."""
    return (
        *_of_delivery(delivery, cover),
        *_of_template(form, on),
        *_of_section(form, list(names)),
        *_of_route(form),
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


def _of_template(form: Form, on: date) -> Iterator[Finding]:
    """Whether the protocol is on the template of the day; the form says which version it follows."""
    if form.submission_type not in (SubmissionType.APPLICATION, SubmissionType.MODIFICATION):
        return
    annex = "iii" if form.procedure == "CUP" else "vi"
    template = template_on(annex, on)
    if template is None:
        return
    params = {"annex": annex.upper(), "since": template.since.isoformat()}
    if form.protocol_template is None:
        yield Finding(check="P-06", severity=Severity.INFO, what="template-not-said", params=params)
    elif form.protocol_template < template.since:
        params["followed"] = form.protocol_template.isoformat()
        yield Finding(check="P-06", severity=Severity.WARN, what="older-template", params=params)


def _of_section(form: Form, names: list[str]) -> Iterator[Finding]:
    """What Annex II or X leaves unanswered; a form that is a document of its own is read by a person."""
    match form.submission_type:
        case SubmissionType.APPLICATION:
            name, annex, section = "application", "ii", form.application
        case SubmissionType.RE_EVALUATION:
            name, annex, section = "re_evaluation", "x", form.re_evaluation
        case _:
            return
    params: dict[str, str | tuple[str, ...]] = {"annex": annex.upper()}
    if section is None:
        read = bool(_annexes(annex, names))
        what, severity = ("form-to-read", Severity.WARN) if read else ("form-empty", Severity.ASK)
        yield Finding(check="C-01", severity=severity, what=what, params=params)
    elif missing := unanswered(section, form.procedure):
        params["fields"] = tuple(f"{name}.{field}" for field in missing)
        yield Finding(check="C-01", severity=Severity.ASK, what="form-unanswered", params=params)


def _of_route(form: Form) -> Iterator[Finding]:
    """The other procedure, where the answers lead there: proposed, never changed."""
    if form.application is None:
        return
    proposed = route(form.application.answers)
    if proposed is not None and proposed.value != form.procedure:
        what = "no-route" if proposed in (Route.NEITHER, Route.ORDINARY) else "other-route"
        params = {"procedure": form.procedure, "proposed": proposed.value}
        yield Finding(check="R-01", severity=Severity.ASK, what=what, params=params)


def _missing(row: Asked, filed: list[str]) -> Iterator[Finding]:
    """What is not there of a document that is asked."""
    params = {"document": row.document}
    if row.languages:
        there = _annexes(row.annex, filed)
        for language in row.languages:
            if not any(language in words for words in there):
                yield Finding(
                    check=row.check,
                    severity=Severity.REJECT,
                    what="language-missing",
                    part=language,
                    params={**params, "language": language},
                )
    elif row.annex and not _annexes(row.annex, filed):
        if row.other_annex and _annexes(row.other_annex, filed):
            params["other"] = row.other_annex.upper()
            yield Finding(
                check=row.wrong_check, severity=Severity.REJECT, what="other-template", params=params
            )
        else:
            yield Finding(check=row.check, severity=Severity.ASK, what="document-missing", params=params)
    elif not row.annex and not any(_is(row, name) for name in filed):
        yield Finding(check=row.check, severity=Severity.ASK, what="document-missing", params=params)


def _is(row: Asked, name: str) -> bool:
    """Whether a file is the document, by its folder (but for folder 08, where all sorts lie) or its words."""
    in_folder = not row.folder.startswith("08_") and name.startswith(f"{row.folder}/")
    return in_folder or any(word in _letters(_base(name)) for word in row.words)


def _annexes(numeral: str, filed: Iterable[str]) -> list[list[str]]:
    """The words that follow the numeral in the names of that annex's files."""
    found = []
    for name in filed:
        words = re.findall(r"[a-z0-9]+", _base(name).rsplit(".", 1)[0].lower())
        for at, word in enumerate(words):
            if word in ("annex", "annexe", "bijlage") and words[at + 1 : at + 2] == [numeral]:
                found.append(words[at + 2 :])
            elif word in (f"annex{numeral}", f"annexe{numeral}", f"bijlage{numeral}"):
                found.append(words[at + 1 :])
    return found


def language_of(name: str, annex: str, languages: Iterable[str]) -> str | None:
    """The language that a file of that annex says it is in; nothing for another file, or for two."""
    words = [word for found in _annexes(annex, [name]) for word in found]
    said = [language for language in languages if language in words]
    return said[0] if len(said) == 1 else None


def _base(name: str) -> str:
    return name.rsplit("/", 1)[-1]


def _letters(name: str) -> str:
    return re.sub(r"[^a-z]", "", name.lower())
