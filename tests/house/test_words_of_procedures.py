"""No word of one procedure stands in the engine: the folder of the procedure says it, or its jurisdiction."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from procedures import registry

ROOT = Path(__file__).resolve().parents[2]

OF_PROCEDURES = tuple(f"procedures/{name}/" for name in registry.shipped())
OF_JURISDICTIONS = tuple(
    f"{path.parent.relative_to(ROOT)}/" for path in (ROOT / "jurisdictions").glob("*/__init__.py")
)
MAY_SAY_THEM = (*OF_PROCEDURES, *OF_JURISDICTIONS, "samples/", "tests/", "benchmarks/")

WORDS = re.compile(
    r"\b(CUP|MNP|compassionate|medical.need|annex(?:es)?|art\. 10[6-9]|ethics|committee|commission"
    r"|physicians?|safety.report|re.evaluation|numac|royal decree|FAMHP|Belgi(?:an|um)|Brussels"
    r"|bijlage|commissie|ethisch|koninklijk besluit|Brussel|Belgi(?:ë|sche?)|heronderzoek|veiligheidsrapport"
    r"|annexe|éthique|arrêté royal|Bruxelles|belge|réévaluation|rapport de sécurité"
    r"|Ethikkommission|Königlicher Erlass|Brüssel|belgisch|Neubewertung|Sicherheitsbericht)(?![a-z])",
    re.IGNORECASE,
)

JUSTIFIED = {
    "models/clock.py": ({"belgian", "brussels"}, "rules of counting are named by the law that they are of"),
    "models/due.py": ({"brussels"}, "the civil day of all that runs here; a second time zone brings its own"),
    "models/programme.py": ({"brussels"}, "the same"),
    "models/receipts.py": ({"brussels"}, "the same"),
    "workflows/case.py": ({"brussels"}, "the same"),
    "workflows/proceeding.py": ({"brussels"}, "the same"),
    "office/commands/__init__.py": ({"brussels"}, "the same"),
    "models/law/clause.py": ({"belgian", "numac"}, "a number of the official journal, as sources are cited"),
    "activities/ubl.py": ({"belgian"}, "the Belgian profile of an electronic invoice"),
    "activities/invoice_pages.py": ({"belgian"}, "numbers of the Crossroads Bank for Enterprises"),
    "models/parties.py": ({"belgian"}, "the same: without letters of a country a number is read as one"),
    "office/letters/offices.py": ({"belgian"}, "the same"),
    "office/money/coda.py": ({"belgian"}, "CODA is the form of Belgian banks"),
    "office/desk/counting.py": ({"belgian"}, "the rule of counting that is tried first"),
    "templates/messages.en.toml": ({"belgian"}, "what is said where a number of an enterprise is none"),
    "templates/messages.fr.toml": ({"belgian", "belge"}, "the same, and the key that says it"),
    "templates/notice/fr.txt.j2": ({"annexe"}, "what is attached to a mail"),
    "templates/notice/nl.txt.j2": ({"bijlage"}, "the same"),
    "templates/messages.de.toml": ({"belgian", "belgische"}, "as in English; and the name of the key"),
    "templates/messages.nl.toml": ({"belgian", "belgisch"}, "the same"),
    "pyproject.toml": ({"compassionate", "medical need", "medical-need"}, "what is shipped"),
}
"""Files of the engine that say such a word, and why."""


def engine() -> list[str]:
    asked = ["git", "ls-files", "*.py", "*.toml", "*.j2", "*.typ"]
    held = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split()
    return [file for file in held if not file.startswith(MAY_SAY_THEM) and (ROOT / file).exists()]


def test_the_engine_says_no_word_of_one_procedure() -> None:
    texts = {file: (ROOT / file).read_text() for file in engine()}
    said = {file: {found[0].lower() for found in WORDS.finditer(text)} for file, text in texts.items()}
    known = {file: words for file, (words, _) in JUSTIFIED.items()}
    assert {file: words for file, words in said.items() if words} == known


@pytest.mark.parametrize(
    "word", ["CUP-2026-001", "Annex IV", "van de commissie", "un comité d'éthique", "BELGIUM"]
)
def test_a_word_of_one_procedure_is_found_wherever_it_stands(word: str) -> None:
    assert WORDS.search(word)
