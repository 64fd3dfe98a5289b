"""What a complete package holds, by procedure and by what is filed; what is missing is said, not refused.

A person reads the findings and decides whether the dossier is declared incomplete. Documents are
recognised by their names: `annex-iv-fr.pdf`, `Annex_IV summary FR.docx` and the like.
Law: agency's list of annexes (III to X); domain notes, section 5.
Interpretation: "under the same conditions as the initial request" asks a modification for its new
protocol and its summary, not for every unchanged document again. Open.
Not coded: whether the protocol follows the template of 27 June 2023; only its reader can tell.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from office.package_forms import Code, SubmissionType

PROTOCOL: dict[Code, tuple[str, str]] = {
    "CUP": ("iii", "the protocol of a compassionate use programme"),
    "MNP": ("vi", "the protocol of a medical need programme"),
}
DECLARATION: dict[Code, tuple[str, str]] = {
    "CUP": ("vii", "the physician's declaration of a compassionate use programme"),
    "MNP": ("viii", "the physician's declaration of a medical need programme"),
}
LANGUAGES = {"en": "English", "fr": "French", "nl": "Dutch"}
DOCUMENT_FOLDERS = ("02_", "03_", "04_", "05_", "06_", "07_", "08_")


def findings(submission_type: SubmissionType, procedure: Code, sizes: dict[str, int]) -> tuple[str, ...]:
    """English sentences, in the order of the folders; none means complete.

    `sizes` holds the files of the package with their bytes; a file without content does not count.
    """
    filed = [name for name, size in sizes.items() if size and name.startswith(DOCUMENT_FOLDERS)]
    empty = [f"The file {name} is empty." for name, size in sizes.items() if not size]
    match submission_type:
        case SubmissionType.APPLICATION:
            missing = [
                *_template(PROTOCOL, procedure, filed),
                *_summary(filed),
                *_folder("04_product-dossier", "The product dossier", filed),
                *_folder("05_informed-consent", "The model of the informed consent", filed),
                *_annex("v", "the labelling", filed),
                *_template(DECLARATION, procedure, filed),
            ]
        case SubmissionType.MODIFICATION:
            missing = [*_template(PROTOCOL, procedure, filed), *_summary(filed)]
        case SubmissionType.RE_EVALUATION:
            missing = [*_annex("x", "the form of the re-evaluation", filed)]
        case SubmissionType.SAFETY_REPORT:
            reports = [name for name in filed if "safetyreport" in re.sub(r"[^a-z]", "", _stem(name))]
            missing = [] if reports else ["The safety report is missing (a file named safety-report…)."]
        case SubmissionType.COMPLETION | SubmissionType.ANSWERS:
            missing = [] if filed else ["The package brings no document (folders 02 to 08)."]
    return (*missing, *empty)


def _template(templates: dict[Code, tuple[str, str]], procedure: Code, filed: list[str]) -> Iterator[str]:
    numeral, what = templates[procedure]
    if _annexes(numeral, filed):
        return
    other = next(n for code, (n, _) in templates.items() if code != procedure)
    wrong = (
        f"; Annex {other.upper()} is there, which is for the other procedure"
        if _annexes(other, filed)
        else ""
    )
    yield f"Annex {numeral.upper()} ({what}) is missing{wrong}."


def _summary(filed: list[str]) -> Iterator[str]:
    summaries = _annexes("iv", filed)
    missing = [name for code, name in LANGUAGES.items() if not any(code in words for words in summaries)]
    if missing:
        yield f"Annex IV (the summary for publication) is missing in {' and '.join(missing)}."


def _annex(numeral: str, what: str, filed: list[str]) -> Iterator[str]:
    if not _annexes(numeral, filed):
        yield f"Annex {numeral.upper()} ({what}) is missing."


def _folder(folder: str, what: str, filed: list[str]) -> Iterator[str]:
    if not any(name.startswith(f"{folder}/") for name in filed):
        yield f"{what} is missing (folder {folder})."


def _annexes(numeral: str, filed: Iterable[str]) -> list[list[str]]:
    """The words that follow the numeral in the names of that annex's files."""
    found = []
    for name in filed:
        words = re.findall(r"[a-z0-9]+", _stem(name))
        for at, word in enumerate(words):
            if word in ("annex", "annexe", "bijlage") and words[at + 1 : at + 2] == [numeral]:
                found.append(words[at + 2 :])
            elif word in (f"annex{numeral}", f"annexe{numeral}", f"bijlage{numeral}"):
                found.append(words[at + 1 :])
    return found


def _stem(name: str) -> str:
    return name.rsplit("/", 1)[-1].rsplit(".", 1)[0].lower()
