"""What a complete package holds: one row per document, by procedure, kind, annex, language and date.

Law: the agency's list of annexes (II to X) and the layout by folders (domain notes, sections 5 and 6).
Interpretation: "under the same conditions as the initial request" asks a modification for its new
protocol and its summary, not for every unchanged document again. Open. None of this was verified by a
person.
Not coded: a declaration or a label in a certain language; which ones are asked was not found.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from models.law.procedures.shape import Kind

_SINCE = date(2014, 7, 1)
_PAGE = "agency's page, list of annexes"
_ASSUMED = "assumed from the layout of a package; not verified"
_BOTH = ("CUP", "MNP")


@dataclass(frozen=True)
class Asked:
    """A document that a package of some kinds has to bring.

    It is recognised by its `annex` in the name of a file, or, without one, by its `folder` or by
    `words` in the name. `check` is the finding when it is not there, `languages` those in which each has
    to be there, `other_annex` the annex of the other procedure, which does not count.
    """

    check: str
    document: str
    folder: str
    kinds: tuple[Kind, ...]
    source: str
    procedures: tuple[str, ...] = _BOTH
    annex: str = ""
    other_annex: str = ""
    wrong_check: str = ""
    languages: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    from_on: date = _SINCE
    until_on: date | None = None


@dataclass(frozen=True)
class Template:
    """A version of an annex: filed after `since`, a document on an older version is warned of."""

    annex: str
    since: date
    source: str


_NEW = (Kind.APPLICATION, Kind.MODIFICATION)

MATRIX: tuple[Asked, ...] = (
    Asked(
        "C-02",
        "protocol-cup",
        "02_protocol",
        _NEW,
        _PAGE,
        procedures=("CUP",),
        annex="iii",
        other_annex="vi",
        wrong_check="P-05",
    ),
    Asked(
        "C-02",
        "protocol-mnp",
        "02_protocol",
        _NEW,
        _PAGE,
        procedures=("MNP",),
        annex="vi",
        other_annex="iii",
        wrong_check="P-05",
    ),
    Asked("P-07", "summary", "03_summary-publication", _NEW, _PAGE, annex="iv", languages=("en", "fr", "nl")),
    Asked(
        "C-04",
        "product-dossier",
        "04_product-dossier",
        (Kind.APPLICATION,),
        _ASSUMED,
        words=("brochure", "smpc", "impd"),
    ),
    Asked(
        "C-05",
        "informed-consent",
        "05_informed-consent",
        (Kind.APPLICATION,),
        "RD 14 December 2006, art. 106 § 1, text before 2014",
        words=("consent", "consentement", "toestemming"),
    ),
    Asked("C-06", "labelling", "06_labelling", (Kind.APPLICATION,), _PAGE, annex="v"),
    Asked(
        "C-07",
        "declaration-cup",
        "07_physician-declaration",
        (Kind.APPLICATION,),
        _PAGE,
        procedures=("CUP",),
        annex="vii",
        other_annex="viii",
        wrong_check="P-08",
    ),
    Asked(
        "C-07",
        "declaration-mnp",
        "07_physician-declaration",
        (Kind.APPLICATION,),
        _PAGE,
        procedures=("MNP",),
        annex="viii",
        other_annex="vii",
        wrong_check="P-08",
    ),
    Asked("C-08", "re-evaluation-form", "08_other", (Kind.RE_EVALUATION,), _PAGE, annex="x"),
    Asked(
        "C-08",
        "safety-report",
        "08_other",
        (Kind.SAFETY_REPORT,),
        _ASSUMED,
        words=("safetyreport",),
    ),
)

TEMPLATES: tuple[Template, ...] = (
    Template("iii", date(2023, 6, 27), "agency's page: new version of 27 June 2023"),
    Template("vi", date(2023, 6, 27), "agency's page: new version of 27 June 2023"),
)


def asked(procedure: str, kind: Kind, on: date) -> tuple[Asked, ...]:
    """The documents that a package of that procedure and kind, received on a day, has to bring."""
    return tuple(
        row
        for row in MATRIX
        if procedure in row.procedures
        and kind in row.kinds
        and row.from_on <= on
        and (row.until_on is None or on <= row.until_on)
    )


def template_on(annex: str, on: date) -> Template | None:
    """The version of an annex that applies to what is filed on a day; none when only one is known."""
    known = [template for template in TEMPLATES if template.annex == annex and template.since < on]
    return max(known, key=lambda template: template.since, default=None)
