"""The page of the law says what is coded where, or why not, and the code cites nothing that it lacks."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from models.law.clause import Clause, Instrument
from procedures.books import shipped

PROJECT = Path(__file__).resolve().parents[2]
PAGE = (PROJECT / "docs" / "law-coverage.md").read_text(encoding="utf-8")
DECREE = "2006023298"
SUBPARAGRAPHS = {
    "106": (3, 1, 2, 7, 10, 7, 3, 4, 4, 1, 4, 4, 1),
    "107": (4, 1),
    "108": (3, 1, 2, 7, 9, 6, 3, 2, 1),
    "109": (3, 1, 3, 3),
    "263/1": (1, 1),
}
"""How many subparagraphs each paragraph of the decree has."""

NUMBER = re.compile(
    r"(§ |(?:sub)?(?:al|par)\. |art\. |annex )?(\d+(?:quater|bis)?(?:/\d+)?|VII)(°)?", re.IGNORECASE
)


def cited(text: str) -> list[tuple[str, str]]:
    """The articles that a text names, each with its paragraph where it names one: `art. 5, § 2 and 3`."""
    found: list[tuple[str, str]] = []
    kind = "art. "
    for prefix, number, in_a_list in NUMBER.findall(text):
        if in_a_list:
            continue
        continues = number.isdecimal() and int(number) <= 13
        kind = prefix.lower() or (kind if continues else "art. ")
        if kind == "§ ":
            article = found[-1][0]
            found = [one for one in found if one != (article, "")] + [(article, number)]
        elif kind not in ("al. ", "par. ", "subpar. "):
            found.append((number, ""))
    return found


DECREE_ARTICLES = {*SUBPARAGRAPHS, "107/1"}


@dataclass(frozen=True)
class Row:
    """What the page says of one piece of a text."""

    numac: str
    text: str
    says: str
    coded: str

    @property
    def files(self) -> list[str]:
        return re.findall(r"\]\(\.\./([^)]+)\)", self.coded)

    @property
    def cites(self) -> tuple[str, str]:
        return cited(self.text)[0]


def rows() -> Iterator[Row]:
    for section in re.split(r"^## ", PAGE, flags=re.MULTILINE)[1:]:
        (numac,) = re.findall(r"\(numac (\w+)\)", section.partition("\n")[0])
        for line in section.splitlines():
            if re.match(r"\| (art\.|annex) ", line):
                text, says, coded = (cell.strip() for cell in line.strip("| ").split(" | "))
                yield Row(numac, text, says, coded)


ROWS = list(rows())
CLAUSES = shipped().books["be_umn"].clauses


def covers(row: Row, numac: str, cite: tuple[str, str]) -> bool:
    article, paragraph = row.cites
    return row.numac == numac and article == cite[0] and (paragraph == cite[1] or "" in (paragraph, cite[1]))


def test_every_subparagraph_of_the_decree_has_its_row_and_no_other_has() -> None:
    wanted = {f"art. 107/1 al. {n}" for n in (1, 2, 3)} | {"art. 3", "art. 263"}
    for article, paragraphs in SUBPARAGRAPHS.items():
        for paragraph, alone in enumerate(paragraphs, start=1):
            parts = [""] if alone == 1 else [f" al. {n}" for n in range(1, alone + 1)]
            wanted |= {f"art. {article} § {paragraph}{part}" for part in parts}
    told = [row.text for row in ROWS if row.numac == DECREE]
    assert sorted(told) == sorted(wanted)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.numac} {row.text}")
def test_every_row_names_files_that_are_there_or_why_none_codes_it(row: Row) -> None:
    assert row.says
    assert row.files or row.coded.startswith("Not coded: ")
    assert not [file for file in row.files if not (PROJECT / file).is_file()]


def test_every_article_that_a_clause_cites_has_its_row() -> None:
    for clause in CLAUSES:
        for value in clause.values:
            assert isinstance(value.source.instrument, Instrument)
            for cite in cited(value.source.article):
                numac = value.source.instrument.number
                assert any(covers(row, numac, cite) for row in ROWS), (clause.id, value.source)


def laws_of(file: Path) -> str:
    """What a file says after `Law:`, to the end of that sentence or paragraph."""
    said = re.findall(r"^ *Law: (.*?)(?:\n\s*\n|\"\"\")", file.read_text(encoding="utf-8"), re.M | re.S)
    return " ".join(" ".join(said).split())


def clauses_in(file: str) -> list[Clause]:
    """The clauses that a module of law makes."""
    held = vars(importlib.import_module(file.removesuffix(".py").replace("/", ".")))
    return [one for one in held.values() if isinstance(one, Clause)]


OF_CLAUSES = sorted(
    {f for row in ROWS for f in row.files if re.match(r"(procedures/\w+/law|jurisdictions)/", f)}
)


@pytest.mark.parametrize("file", [file for file in OF_CLAUSES if file.endswith(".py") and clauses_in(file)])
def test_a_row_names_a_file_of_law_only_where_it_cites_that_article(file: str) -> None:
    cites = {
        (value.source.instrument.number, *cite)
        for clause in clauses_in(file)
        for value in clause.values
        if isinstance(value.source.instrument, Instrument)
        for cite in cited(value.source.article)
    }
    said = {article for article, _ in cited(laws_of(PROJECT / file))}
    for row in (row for row in ROWS if file in row.files and row.cites[0] not in said):
        assert any(covers(row, numac, (article, part)) for numac, article, part in cites), (file, row.text)


CODE = sorted(
    file
    for folder in ("models", "workflows", "activities", "office", "register", "procedures", "jurisdictions")
    for file in (PROJECT / folder).rglob("*.py")
)


def test_every_article_of_a_law_line_has_a_row_that_names_the_file() -> None:
    for file in CODE:
        name = str(file.relative_to(PROJECT))
        for article in {article for article, _ in cited(laws_of(file))} & DECREE_ARTICLES:
            of_it = [row for row in ROWS if row.numac == DECREE and row.cites[0] == article]
            coded = [row for row in of_it if row.files]
            assert not coded or any(name in row.files for row in coded), (name, article)


def test_every_file_that_a_row_names_says_which_law_it_follows() -> None:
    named = {file for row in ROWS for file in row.files if file.endswith(".py")} - {*OF_CLAUSES}
    assert sorted(name for name in named if not laws_of(PROJECT / name)) == []
