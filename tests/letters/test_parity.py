"""Every language of a letter says the same, in the same order, in every way in which it can read.

Compared are the parts, their items and sentences, and in each of them the dates, amounts, references and
numbers in their order. What only words can say is in branches.py.
"""

from __future__ import annotations

import re
import string
import tomllib
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from babel import Locale

from activities.invoice_pages import Creditor, Debtor
from activities.letter_pages import LetterPages, Recipient
from activities.letter_text import words_of
from activities.wording import TEMPLATES
from models.entry import Letter
from models.parties import Language
from procedures.be_umn.letters import LetterKind
from procedures.be_umn.words import Kind, Outcome
from procedures.registry import offices, places_of_letters
from tests.letters.branches import (
    ELSEWHERE,
    ORDER,
    OUTCOMES,
    SAYS,
    TITLES,
    UNITS_THAT_DO_NOT_CHANGE,
    Branch,
    branches,
    choices,
    decided,
    made,
)
from tests.letters.sample_letters import LETTERS, batch, languages_of, specimen_batch, specimens

SPECIMENS = {name: Branch(name, letter) for name, letter in specimens()}
BRANCHES = SPECIMENS | {branch.name: branch for branch in branches()}
TABLES = sorted(
    file
    for place in (TEMPLATES, *places_of_letters("CUP"))
    for file in place.rglob("*en.toml")
    if not file.name.startswith("messages")
)
PLACES_OF_ACTS = [
    (TEMPLATES / "messages.en.toml", TEMPLATES),
    *(
        (place.parent / "messages.en.toml", place)
        for place in places_of_letters("CUP")
        if (place / "acts.nl.toml").exists()
    ),
]
MONTHS = {
    language: {name: number for number, name in Locale(language.value).months["format"]["wide"].items()}
    for language in Language
}
REFERENCE = r"[A-Z]{2,4}-\d[\w-]*|[+]{3}[\d/]+[+]{3}|E-\d\d|BE\d\d(?: \d{4})+"
AMOUNT = r"€ ?[\d., ]*\d|\d[\d., ]* ?€"
ABBREVIATION = re.compile(r"\b(?:art|nr|MwSt)\.", re.IGNORECASE)


class Said(NamedTuple):
    """What can be compared across languages in one paragraph, item, title or line."""

    sentences: int
    told: tuple[str, ...]


@pytest.fixture(scope="module")
def pages() -> LetterPages:
    creditor = Creditor("Test Agency", "Test Street 1; 1000 Brussels", "0123.456.749", "BE71 0961 2345 6769")
    return LetterPages("Test Agency", "desk@agency.invalid", creditor=creditor)


def said(text: str, language: Language) -> Said:
    text = re.sub("[\u00a0\u202f]", " ", text)
    date = rf"\b(?P<day>\d\d?)(?:er|\.)? (?P<month>{'|'.join(MONTHS[language])}) (?P<year>\d{{4}})\b"
    told = []

    def found(match: re.Match[str]) -> str:
        if match["month"]:
            told.append(f"{match['year']}-{MONTHS[language][match['month']]:02d}-{int(match['day']):02d}")
        elif match["amount"]:
            told.append(f"{re.sub(r'[^0-9]', '', match['amount'])} cents")
        else:
            told.append(match[0])
        return "|"

    text = re.sub(r"\b1er\b", "1", text)  # French writes the first of a month as an ordinal
    text = re.sub(rf"{date}|(?P<amount>{AMOUNT})|{REFERENCE}|\d[\w/°]*", found, text)
    ends = re.findall(r"[.?!](?=[\s»”“)]|$)", ABBREVIATION.sub("", text))
    return Said(len(ends), tuple(told))


def laid_out(pages: LetterPages, branch: Branch, language: Language) -> dict[str, Any]:
    to = Recipient(("Voorbeeld Pharma NV",), language, ("pharma@example.org",))
    asked = batch(branch.letter, applicant=None, article=branch.article)
    return pages.layout(asked, branch.letter, to, Debtor("Voorbeeld Pharma NV"))


def shape(made: dict[str, Any], language: Language) -> list[tuple[str, list[Said]]]:
    """The letter part by part: what it is, and what each paragraph or item of it says."""
    parts = [("title", [made["title"]])]
    parts += [(p["kind"], p["items"] if p["items"] else [p["text"]]) for p in made["parts"]]
    for note in made["notes"]:
        parts.append(("note", [note["text"], *note["items"]]))
        parts += [("counted", list(told)) for told in note.get("parts", ())]
    parts += [("line", list(pair)) for pair in [*made["references"], *made["about"]]]
    if made.get("layout") == "invoice":
        parts += [("figure", list(pair)) for pair in made["figures"]]
        parts.append(("source", [made["source"], made["line"], made["amount"], made["still_owed"]]))
    return [(kind, [said(text, language) for text in texts]) for kind, texts in parts]


def written(pages: LetterPages, branch: Branch, language: Language) -> str:
    return re.sub("[\u00a0\u202f]", " ", "\n".join(words_of(laid_out(pages, branch, language))))


def leaves(value: Any) -> list[Any]:
    match value:
        case dict():
            return [leaf for item in value.values() for leaf in leaves(item)]
        case list():
            return [leaf for item in value for leaf in leaves(item)]
        case _:
            return [value]


@pytest.mark.parametrize("name", BRANCHES)
def test_every_language_says_the_same_in_the_same_order(pages: LetterPages, name: str) -> None:
    branch = BRANCHES[name]
    english = shape(laid_out(pages, branch, Language.EN), Language.EN)
    for language in languages_of(branch.letter.kind):
        assert shape(laid_out(pages, branch, language), language) == english, language


@pytest.mark.parametrize("name", SPECIMENS)
def test_a_letter_tells_every_date_and_number_of_its_facts(pages: LetterPages, name: str) -> None:
    branch = SPECIMENS[name]
    parts = shape(laid_out(pages, branch, Language.EN), Language.EN)
    told = {one for _, texts in parts for text in texts for one in text.told}
    untold = {"reckonings"} | ({"effect_on"} if branch.letter.facts.get("silence") == "flag" else set())
    facts = leaves({fact: value for fact, value in branch.letter.facts.items() if fact not in untold})
    days = {fact for fact in facts if isinstance(fact, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", fact)}
    numbers = {str(fact) for fact in facts if isinstance(fact, int) and not isinstance(fact, bool)}
    cents = {int(one.split()[0]) for one in told if one.endswith(" cents")}
    assert days | {number for number in numbers if int(number) not in cents} <= told


@pytest.mark.parametrize("name", ["decision", "incomplete", "questions", "closure"])
def test_what_a_person_wrote_stands_in_every_language_as_it_was_written(
    pages: LetterPages, name: str
) -> None:
    branch = SPECIMENS[name]
    words = ("grounds", "continuity_plan", "missing", "questions", "text")
    facts = leaves({fact: value for fact, value in branch.letter.facts.items() if fact in words})
    for language in languages_of(branch.letter.kind):
        text = written(pages, branch, language)
        for fact in facts:
            assert all(paragraph in text for paragraph in fact.split("\n\n"))


# What only words can say.


def test_every_choice_of_a_letter_has_its_words_in_the_table() -> None:
    found = {
        (kind.value, fact): {value for value in choices(field.annotation)}
        for kind, states in LETTERS.items()
        for fact, field in states.model_fields.items()
        if choices(field.annotation)
    }
    assert found.keys() == (SAYS.keys() | ELSEWHERE.keys()) - {
        ("limit-warning", "working_days_left"),
        ("date-moved", "clause"),
    }
    for choice, values in found.items():
        assert choice in ELSEWHERE or values == set(SAYS[choice])


def letter_of(kind: LetterKind, fact: str, value: Any) -> Letter:
    match kind, fact:
        case LetterKind.DECISION, "outcome":
            outcome = Outcome(value)
            return decided(
                next((k for k in Kind.words() if outcome in _outcomes(k)), Kind.APPLICATION), outcome
            )
        case LetterKind.DECISION, "kind":
            return decided(Kind(value), _outcomes(Kind(value))[0])
        case LetterKind.DATE_MOVED, "clause":
            return made(kind, clause=value, received_on="2026-04-24")
        case _:
            return made(kind, **{fact: value})


def _outcomes(kind: Kind) -> tuple[Outcome, ...]:
    return OUTCOMES[kind]


@pytest.mark.parametrize(("kind", "fact"), SAYS, ids=["-".join(choice) for choice in SAYS])
def test_each_choice_is_said_in_its_own_words_and_in_no_others(
    pages: LetterPages, kind: str, fact: str
) -> None:
    table = SAYS[kind, fact]
    for value in table:
        branch = Branch("", letter_of(LetterKind(kind), fact, value))
        for language in languages_of(branch.letter.kind):
            text, at = written(pages, branch, language), ORDER.index(language)
            for other, patterns in table.items():
                if patterns:
                    there = re.search(patterns[at], text, re.MULTILINE) is not None
                    assert there == (other == value), (language, value, patterns[at], text)


@pytest.mark.parametrize("kind", [Kind.APPLICATION, Kind.MODIFICATION])
@pytest.mark.parametrize("outcome", ["authorised", "authorised_with_conditions", "refused"])
def test_a_modification_is_decided_in_the_same_words_as_an_application(
    pages: LetterPages, kind: Kind, outcome: str
) -> None:
    for language in Language:
        text = written(pages, Branch("", decided(kind, Outcome(outcome))), language)
        assert re.search(SAYS["decision", "outcome"][outcome][ORDER.index(language)], text)


def test_what_attests_that_silence_refuses_speaks_of_no_grant(pages: LetterPages) -> None:
    for language in Language:
        text = written(pages, BRANCHES["decision-tacit-application-refused"], language)
        assert not re.search("grant|toegestaan|accord|stattgegeben", text), text


@pytest.mark.parametrize("outcome", Outcome.words())
def test_the_title_of_a_decision_tells_its_outcome(pages: LetterPages, outcome: Outcome) -> None:
    branch = Branch("", letter_of(LetterKind.DECISION, "outcome", outcome.value))
    for language, ending in zip(ORDER, TITLES[outcome.value], strict=True):
        assert re.search(rf" ?: {ending}$", laid_out(pages, branch, language)["title"].replace("\u00a0", " "))


# The tables of words.


@pytest.mark.parametrize("file", TABLES, ids=lambda file: f"{file.parent.parent.name}-{file.name}")
def test_the_tables_of_all_languages_hold_the_same_dates_numbers_and_places(file: Path) -> None:
    read = {
        language: tomllib.loads(
            file.with_name(file.name.replace("en.toml", f"{language.value}.toml")).read_text()
        )
        for language in Language
    }
    for table, english in read[Language.EN].items():
        for key, words in english.items():
            for language in Language:
                other = read[language][table][key]
                assert _places(other) == _places(words), (language, table, key)
                bare, english_bare = _without_places(other), _without_places(words)
                assert said(bare, language).told == said(english_bare, Language.EN).told, (table, key, other)


@pytest.mark.parametrize("place", PLACES_OF_ACTS, ids=lambda place: place[1].parent.name)
def test_what_was_done_has_a_name_in_every_language(place: tuple[Path, Path]) -> None:
    english, folder = place
    named = tomllib.loads(english.read_text())["act-name"]
    for language in set(Language) - {Language.EN}:
        words = tomllib.loads((folder / f"acts.{language.value}.toml").read_text())["acts"]
        assert list(words) == list(named), language
        assert all(words.values()), language


def _places(words: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(words) if name}


def _without_places(words: str) -> str:
    return re.sub(r"\{\w+\}", "…", words.replace("1er ", "1 "))


@pytest.mark.parametrize("language", Language)
def test_one_of_a_unit_is_written_otherwise_than_several(language: Language, pages: LetterPages) -> None:
    units = pages.wording_of("CUP").words(language)["units"]
    for unit in {key.rpartition("_")[0] for key in units}:
        one, other = units[f"{unit}_one"], units[f"{unit}_other"]
        assert one.startswith("{n} ")
        assert other.startswith("{n} ")
        assert (one == other) == ((language.value, unit) in UNITS_THAT_DO_NOT_CHANGE), (unit, one, other)


@pytest.mark.parametrize(
    ("word", "spoken"),
    {
        "ethics_committee": ("ethics committee", "ethisch comité", "comité d’éthique", "Ethik-Ausschuss"),
        "commission": ("the Commission", "de Commissie", "la Commission", "die Kommission"),
        "agency": ("the agency", "het agentschap", "l’agence", "die Agentur"),
        "applicant": ("the applicant", "de aanvrager", "le demandeur", "der Antragsteller"),
        "list": ("serious adverse", "ernstige bijw", "indésirables graves", "schwerwiegenden Nebenw"),
        "modification": ("modification", "wijziging", "modification", "Änderung"),
        "application": ("^application$", "^aanvraag$", "^demande$", "^Antrag$"),
    }.items(),
)
def test_who_and_what_is_called_by_its_name(pages: LetterPages, word: str, spoken: tuple[str, ...]) -> None:
    for language, pattern in zip(ORDER, spoken, strict=True):
        assert re.search(pattern, pages.wording_of("CUP").words(language)["words"][word])


def test_a_difference_between_languages_is_found() -> None:
    words = {
        Language.EN: "By 1 June 2026 €18,960.32 is due under article 14/15 for CUP-2026-014. Pay it.",
        Language.DE: "Bis 1. Juni 2026 sind 18.960,32\u00a0€ (Art. 14/15) für CUP-2026-014 fällig. Zahlt!",
        Language.FR: "Le 1er juin 2026 18\u202f960,32\u00a0€ dus (art. 14/15) pour CUP-2026-014. Payez!",
    }
    english = said(words[Language.EN], Language.EN)
    assert english == Said(2, ("2026-06-01", "1896032 cents", "14/15", "CUP-2026-014"))
    assert all(said(text, language) == english for language, text in words.items())
    for right, wrong in {
        "1. Juni 2026": "2. Juni 2026",
        "18.960,32": "18.960,33",
        "14/15": "14/16",
        "CUP-2026-014": "CUP-2026-015",
        " Zahlt!": "",
    }.items():
        assert said(words[Language.DE].replace(right, wrong), Language.DE) != english
    swapped = (
        words[Language.FR].replace("CUP-2026-014", "@").replace("14/15", "CUP-2026-014").replace("@", "14/15")
    )
    assert said(swapped, Language.FR) != english


# The specimens.


@pytest.mark.parametrize("name", SPECIMENS)
def test_a_specimen_leaves_on_a_day_that_fits_what_it_tells(name: str) -> None:
    """What happened lies behind its day, what is asked before it; a missed day lies behind it too."""
    letter = SPECIMENS[name].letter
    on = specimen_batch(name, letter).on.isoformat()
    happened = {"received_on", "decided_on", "withdrawn_on", "missed_on", "silence_on", "admissible_on"}
    passed = {
        LetterKind.LIMIT_PASSED,
        LetterKind.CONDITION_OVERDUE,
        LetterKind.REQUESTED_REPORT_OVERDUE,
        LetterKind.LIST_OVERDUE,
        LetterKind.EVALUATION_MISSED,
        LetterKind.CHANGE_PROPOSED,
    }
    for fact, day in letter.facts.items():
        if fact in happened and day:
            assert day <= on
        elif fact in ("due_on", "late_on") and day:
            assert (day < on) == (letter.kind in passed)
        elif fact == "effective_on":
            assert day >= on
    to_an_office = letter.role in offices("CUP")
    only_to_offices = LETTERS[letter.kind].to_offices
    assert to_an_office == (only_to_offices or letter.kind == LetterKind.LIMIT_PASSED)
