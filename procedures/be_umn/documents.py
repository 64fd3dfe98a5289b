"""What a complete package holds: one row per document, by procedure, kind, numeral, language and date.

Law: Royal Decree of 14 December 2006, art. 106 § 6 and 108 § 6, third to fifth subparagraphs, for the dossier
of an application for a marketing authorisation, or what stands in its place; else the agency's list of
annexes (II to X) and the layout by folders. That such a dossier is known by the name of a file is practice.
Interpretation: "under the same conditions as the initial request" asks a modification for its new
protocol and its summary, not for every unchanged document again. Open. None of this was confirmed by a
person.
Not coded: a declaration or a label in a certain language; which ones are asked was not found.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import partial

from models.completeness import Asked, Unasked
from models.findings import Severity
from procedures.be_umn.words import Kind

FOLDERS = (
    "02_protocol",
    "03_summary-publication",
    "04_product-dossier",
    "05_informed-consent",
    "06_labelling",
    "07_physician-declaration",
    "08_other",
)
"""The folders of the documents of a package; all sorts lie in the last one."""

ANNEX = ("annex", "annexe", "bijlage")
"""What stands before the numeral of an annex in the name of a file."""

_SINCE = date(2014, 7, 1)
_PAGE = "agency's page, list of annexes"


@dataclass(frozen=True)
class Template:
    """A version of an annex: filed after `since`, a document on an older version is warned of."""

    annex: str
    since: date
    source: str


_NEW = (Kind.APPLICATION, Kind.MODIFICATION)

_asked = partial(Asked, from_on=_SINCE)

SUMMARY = _asked(
    "P-07", "summary", "03_summary-publication", _NEW, _PAGE, numeral="iv", languages=("en", "fr", "nl")
)

MATRIX: tuple[Asked, ...] = (
    _asked(
        "C-02",
        "protocol-cup",
        "02_protocol",
        _NEW,
        _PAGE,
        procedures=("CUP",),
        numeral="iii",
        other_numeral="vi",
        wrong_check="P-05",
    ),
    _asked(
        "C-02",
        "protocol-mnp",
        "02_protocol",
        _NEW,
        _PAGE,
        procedures=("MNP",),
        numeral="vi",
        other_numeral="iii",
        wrong_check="P-05",
    ),
    SUMMARY,
    _asked(
        "C-04",
        "product-dossier",
        "04_product-dossier",
        (Kind.APPLICATION,),
        "RD 14 December 2006, art. 106 § 6 and 108 § 6, fourth subparagraph: the available results",
        words=("brochure", "smpc", "impd"),
    ),
    _asked(
        "C-04",
        "article-6-dossier",
        "",
        (Kind.APPLICATION,),
        "RD 14 December 2006, art. 106 § 6, third subparagraph",
        procedures=("CUP",),
        words=("articledossier", "dossierarticle", "artikeldossier", "dossierartikel"),
        answer="application_submitted",
        severity=Severity.REJECT,  # the decree asks it on pain of inadmissibility
    ),
    _asked(
        "C-04",
        "pre-submission-dossier",
        "",
        (Kind.APPLICATION,),
        "RD 14 December 2006, art. 106 § 6, fourth and fifth subparagraph",
        procedures=("CUP",),
        words=("presubmission", "justification", "verantwoording"),
        answer="application_submitted",
        says=False,
    ),
    _asked(
        "C-04",
        "dossier-of-the-indication",
        "",
        (Kind.APPLICATION,),
        "RD 14 December 2006, art. 108 § 6, third subparagraph",
        procedures=("MNP",),
        words=("dossieroftheindication", "dossierdelindication", "dossiervandeindicatie"),
        answer="indication_under_review",
    ),
    _asked(
        "C-05",
        "informed-consent",
        "05_informed-consent",
        (Kind.APPLICATION,),
        "RD 14 December 2006, art. 106 § 6 with § 1, second subparagraph, 6)",
        words=("consent", "consentement", "toestemming"),
    ),
    _asked("C-06", "labelling", "06_labelling", (Kind.APPLICATION,), _PAGE, numeral="v"),
    _asked(
        "C-07",
        "declaration-cup",
        "07_physician-declaration",
        (Kind.APPLICATION,),
        _PAGE,
        procedures=("CUP",),
        numeral="vii",
        other_numeral="viii",
        wrong_check="P-08",
    ),
    _asked(
        "C-07",
        "declaration-mnp",
        "07_physician-declaration",
        (Kind.APPLICATION,),
        _PAGE,
        procedures=("MNP",),
        numeral="viii",
        other_numeral="vii",
        wrong_check="P-08",
    ),
    _asked("C-08", "annex-x", "08_other", (Kind.LIST,), _PAGE, numeral="x"),
    _asked(
        "C-08",
        "list-of-reactions",
        "08_other",
        (Kind.LIST,),
        "RD 14 December 2006, art. 106 § 5 and 108 § 5",
        words=("reactions", "effetsindesirables", "bijwerkingen", "nebenwirkungen"),
    ),
)

PROOF_OF_PAYMENT = Unasked(
    "P-11",
    "payment-not-asked",
    ("proofofpayment", "betalingsbewijs", "betalbewijs", "bewijsvanbetaling", "preuvedepaiement"),
)
"""No condition of admissibility since 5 April 2018: the agency sends an invoice."""

TEMPLATES: tuple[Template, ...] = (
    Template("iii", date(2023, 6, 27), "agency's page: new version of 27 June 2023"),
    Template("vi", date(2023, 6, 27), "agency's page: new version of 27 June 2023"),
)


def template_on(annex: str, on: date) -> Template | None:
    """The version of an annex that applies to what is filed on a day; none when only one is known."""
    known = [template for template in TEMPLATES if template.annex == annex and template.since < on]
    return max(known, key=lambda template: template.since, default=None)
