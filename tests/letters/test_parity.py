"""Every language of a letter says the same: dates, amounts, references, numbers and articles."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any, NamedTuple

import pytest
from babel import Locale
from sample_letters import batch, languages_of, specimens

from activities.invoice_pages import Creditor, Debtor
from activities.letter_pages import LetterPages, Recipient
from activities.wording import words_of
from models.entry import Letter
from models.parties import Language

SPECIMENS = dict(specimens())
MONTHS = {
    language: {name: number for number, name in Locale(language.value).months["format"]["wide"].items()}
    for language in Language
}
ARTICLE = re.compile(r"\b(?:artikel|article|art\.) ?(\d[\w/]*)", re.IGNORECASE)
REFERENCE = re.compile(r"[A-Z]{2,4}-\d[\w-]*|[+]{3}[\d/]+[+]{3}|E-\d\d|BE\d\d(?: \d{4})+")
AMOUNT = re.compile(r"€ ?([\d., ]*\d)|(\d[\d., ]*) ?€")


class Said(NamedTuple):
    """What can be compared across languages in the words of a letter."""

    dates: Counter[str]
    amounts: Counter[int]
    references: Counter[str]
    articles: Counter[str]
    numbers: Counter[str]


@pytest.fixture(scope="module")
def pages() -> LetterPages:
    creditor = Creditor("Test Agency", "Test Street 1; 1000 Brussels", "0123.456.749", "BE71 0961 2345 6769")
    return LetterPages("Test Agency", "desk@agency.invalid", creditor=creditor)


def said(words: list[str], language: Language) -> Said:
    text = re.sub("[\u00a0\u202f]", " ", "\n".join(words))
    dates, amounts, taken = Counter[str](), Counter[int](), Counter[str]()

    def date_found(found: re.Match[str]) -> str:
        dates[f"{found[3]}-{MONTHS[language][found[2]]:02d}-{int(found[1]):02d}"] += 1
        return "|"

    def amount_found(found: re.Match[str]) -> str:
        amounts[int(re.sub(r"\D", "", found[1] or found[2]))] += 1
        return "|"

    def reference_found(found: re.Match[str]) -> str:
        taken[found[0]] += 1
        return "|"

    months = "|".join(MONTHS[language])
    text = re.sub(rf"\b(\d\d?)(?:er|\.)? ({months}) (\d{{4}})\b", date_found, text)
    text = AMOUNT.sub(amount_found, text)
    text = REFERENCE.sub(reference_found, text)
    return Said(dates, amounts, taken, Counter(ARTICLE.findall(text)), Counter(re.findall(r"\d+", text)))


def leaves(value: Any) -> list[Any]:
    match value:
        case dict():
            return [leaf for item in value.values() for leaf in leaves(item)]
        case list():
            return [leaf for item in value for leaf in leaves(item)]
        case _:
            return [value]


def laid_out(pages: LetterPages, letter: Letter, language: Language) -> list[str]:
    to = Recipient(("Voorbeeld Pharma NV",), language, "pharma@example.org")
    made = pages.layout(batch(letter, applicant=None), letter, to, Debtor("Voorbeeld Pharma NV"))
    return [*words_of(made), *(value for _, value in [*made["references"], *made["about"]])]


@pytest.mark.parametrize("name", SPECIMENS)
def test_every_language_of_a_letter_says_the_same(pages: LetterPages, name: str) -> None:
    letter = SPECIMENS[name]
    told = {
        language: said(laid_out(pages, letter, language), language) for language in languages_of(letter.kind)
    }
    english = told[Language.EN]
    assert english.dates
    assert all(found == english for found in told.values()), {lang: f for lang, f in told.items()}
    facts = leaves({fact: value for fact, value in letter.facts.items() if fact != "reckonings"})
    days = {fact for fact in facts if isinstance(fact, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", fact)}
    assert days <= english.dates.keys()
    numbers = {str(fact) for fact in facts if isinstance(fact, int) and not isinstance(fact, bool)}
    assert numbers <= english.numbers.keys()


@pytest.mark.parametrize("name", ["decision", "incomplete", "questions", "closure"])
def test_what_a_person_wrote_stands_in_every_language_as_it_was_written(
    pages: LetterPages, name: str
) -> None:
    letter = SPECIMENS[name]
    words = ("grounds", "continuity_plan", "missing", "questions", "text")
    facts = leaves({fact: value for fact, value in letter.facts.items() if fact in words})
    for language in languages_of(letter.kind):
        written = "\n".join(laid_out(pages, letter, language))
        for fact in facts:
            assert all(paragraph in written for paragraph in fact.split("\n\n"))


def test_a_difference_between_languages_is_found() -> None:
    words = {
        Language.EN: ["By 1 June 2026 €18,960.32 is due under article 14/15 for CUP-2026-014."],
        Language.DE: [
            "Bis 1. Juni 2026 sind 18.960,32\u00a0€ gemäß Artikel 14/15 für CUP-2026-014 zu zahlen."
        ],
        Language.FR: ["Le 1er juin 2026, 18\u202f960,32\u00a0€ sont dus (article 14/15) pour CUP-2026-014."],
    }
    found = {language: said(lines, language) for language, lines in words.items()}
    assert found[Language.EN] == found[Language.DE] == found[Language.FR]
    for wrong in ("2. Juni 2026", "18.960,33", "14/16", "CUP-2026-015"):
        right = {"2. Juni 2026": "1. Juni 2026", "18.960,33": "18.960,32", "14/16": "14/15"}
        changed = words[Language.DE][0].replace(right.get(wrong, "CUP-2026-014"), wrong)
        assert said([changed], Language.DE) != found[Language.EN]
