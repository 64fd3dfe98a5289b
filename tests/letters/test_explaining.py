"""Every date explains itself: the words of each step, in every language, and the note in letters."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from activities.documents import TEMPLATES
from activities.explaining import Explaining
from activities.wording import wording_of
from jurisdictions.be.arrivals import RULES
from jurisdictions.be.calendars import belgium, holiday_names
from jurisdictions.be.remedies import REMEDIES
from models.clock import Calendar, Clock, ClosingDay, Extension, Limit, Rules, StepKind, Stop, Unit
from models.entry import LetterKind
from models.law.clause import Instrument
from models.law.degree import Degree
from models.parties import Language
from procedures.be_umn.law.conditions import CONDITIONS
from procedures.be_umn.law.contributions import CONTRIBUTIONS
from procedures.be_umn.law.time_limits import TIME_LIMITS
from procedures.books import applicable_law
from tests.letters.letter_desk import LetterDesk
from tests.letters.sample_letters import batch, letter, party

WORDING = wording_of("CUP")
ARTICLE = "Royal Decree of 14 December 2006 (numac 2006023298), art. 106 and 108"
BRIDGING = ClosingDay(day=date(2026, 5, 15), reason="bridging day", by="A", entered_on=date(2026, 1, 5))
CALENDAR = belgium(2026, (BRIDGING,))
TODAY = date(2026, 3, 2)
DAY = timedelta(days=1)


def limit(amount: int, unit: Unit) -> Limit:
    return Limit(amount=amount, unit=unit)


def told(clock: Clock, language: Language = Language.EN, calendar: Calendar = CALENDAR) -> list[str]:
    return Explaining.of(WORDING, language, calendar).sentences(clock.reckon(calendar, TODAY))


def shortly(clock: Clock, language: Language = Language.EN) -> list[str]:
    return Explaining.of(WORDING, language, CALENDAR).short(clock.reckon(CALENDAR, TODAY), ARTICLE)


QUESTIONED = Clock(
    limit=limit(14, Unit.CALENDAR_DAYS),
    rules=Rules.EU_1182_71,
    started_on=date(2026, 4, 30),
    stops=[Stop(first=date(2026, 5, 3), last=date(2026, 5, 10), reason="questions")],
)
WORKING = Clock(limit=limit(10, Unit.WORKING_DAYS), started_on=date(2026, 5, 4))


def test_a_limit_with_a_stop_is_told_step_by_step() -> None:
    assert told(QUESTIONED) == [
        "The limit of 14 calendar days starts on 30 April 2026; that day itself is not counted.",
        "The limit did not run from 3 May 2026 to 10 May 2026 (8 days): questions.",
        "The last day counted is 22 May 2026 (Regulation (EEC, Euratom) No 1182/71, art. 3).",
        "The last day of the limit is 22 May 2026.",
    ]


def test_a_reason_of_the_procedure_is_translated_and_one_of_a_person_is_not() -> None:
    assert told(QUESTIONED, Language.NL)[1].endswith("(8 dagen): vragen.")
    own = QUESTIONED.model_copy(update={"extensions": [Extension(amount=1, reason="no {day} left")]})
    assert told(own, Language.FR)[2] == "Le délai est prolongé de 1 jour calendrier : no {day} left.".replace(
        " :", "\u00a0:"
    )


@pytest.mark.parametrize(
    ("language", "holiday", "closing"),
    [
        (Language.EN, "14 May 2026 (Ascension Day)", "15 May 2026 (closing day of the agency: bridging day)"),
        (
            Language.NL,
            "14 mei 2026 (Onze-Lieve-Heer-Hemelvaart)",
            "15 mei 2026 (sluitingsdag van het agentschap",
        ),
        (Language.FR, "14 mai 2026 (Ascension)", "15 mai 2026 (jour de fermeture de l’agence"),
    ],
)
def test_a_day_off_that_mattered_is_told_by_its_name(language: Language, holiday: str, closing: str) -> None:
    said = told(WORKING, language)[1]
    assert holiday in said
    assert closing in said


def test_an_end_that_moved_says_from_which_day_to_which_and_by_which_rule() -> None:
    christmas = Clock(limit=limit(14, Unit.CALENDAR_DAYS), started_on=date(2026, 12, 11))
    assert told(christmas)[2] == (
        "The end falls on Friday 25 December 2026 (Christmas Day); it moves to Monday 28 December 2026, "
        "the next working day (Judicial Code, art. 52 to 54)."
    )


@pytest.mark.parametrize(
    ("language", "hours", "first", "last"),
    [
        (Language.NL, "48 uur", "in het eerste uur", "in het laatste uur"),
        (Language.FR, "48 heures", "dans la première heure", "dans la dernière heure"),
        (Language.EN, "48 hours", "in the first hour", "in the last hour"),
        (Language.DE, "48 Stunden", "in der ersten Stunde", "in der letzten Stunde"),
    ],
)
def test_hours_are_told_from_the_first_and_from_the_last_hour_of_the_day(
    language: Language, hours: str, first: str, last: str
) -> None:
    in_hours = Clock(
        limit=limit(48, Unit.HOURS), rules=Rules.EU_1182_71, started_on=date(2026, 3, 6)
    )  # a Friday
    both = in_hours.readings(CALENDAR)
    began = [told(reading, language)[0] for reading in both]
    assert [(hours in one, first in one, last in one) for one in began] == [
        (True, True, False),
        (True, False, True),
    ]
    assert all(hours in shortly(reading, language)[0] for reading in both)
    assert [reading.due_on(CALENDAR) for reading in both] == [date(2026, 3, 8), date(2026, 3, 10)]


def test_days_off_after_the_end_are_told_too() -> None:
    easter = Clock(limit=limit(2, Unit.CALENDAR_DAYS), started_on=date(2026, 4, 2))
    assert told(easter)[2].endswith("Not a working day either: 6 April 2026 (Easter Monday).")


def test_plurals_are_those_of_the_language() -> None:
    counted = [WORDING.amount("calendar_days", n, lang) for lang in Language for n in (0, 1, 2)]
    assert counted == [
        *("0 kalenderdagen", "1 kalenderdag", "2 kalenderdagen"),
        *("0 jour calendrier", "1 jour calendrier", "2 jours calendrier"),
        *("0 calendar days", "1 calendar day", "2 calendar days"),
        *(
            "0 Kalendertagen",
            "1 Kalendertag",
            "2 Kalendertagen",
        ),  # after a preposition, as all their sentences
    ]


# Words for everything.


@pytest.mark.parametrize("language", Language)
def test_every_step_unit_and_rule_set_has_words(language: Language) -> None:
    words = WORDING.words(language)
    assert set(words["steps"]) == {kind.value for kind in StepKind}
    assert set(words["rules"]) == {rules.value for rules in Rules}
    assert set(words["units"]) == {f"{unit}_{n}" for unit in (*Unit, "days") for n in ("one", "other")}


@pytest.mark.parametrize("language", Language)
def test_every_instrument_and_every_condition_that_we_ship_has_words(language: Language) -> None:
    values = [v for clause in (*TIME_LIMITS, *CONTRIBUTIONS, *CONDITIONS) for v in clause.values]
    instruments = {v.source.instrument.name for v in values if isinstance(v.source.instrument, Instrument)}
    assert instruments <= set(WORDING.words(language)["instruments"])
    texts = {v.value for v in values if isinstance(v.value, str)}
    texts |= {said for v in values if v.second for said in (v.says, v.second.says)}
    ours = {value.reading for value in values if value.reading}
    ours |= {value.reading for rule in RULES for value in rule.values}
    ours |= {value.reading for remedy in REMEDIES for value in remedy.values}
    shipped = set(WORDING.words(Language.EN)["texts"].values())
    assert texts <= shipped <= texts | ours
    assert (language is Language.EN) == all(WORDING.text(text, language) == text for text in texts)


def test_what_the_agency_wrote_itself_stays_as_it_wrote_it() -> None:
    assert WORDING.source("Circular 12 and annex", Language.NL) == "Circular 12 and annex"
    assert WORDING.text("only with a second opinion", Language.FR) == "only with a second opinion"


def test_an_article_is_told_in_the_language_of_the_reader() -> None:
    assert WORDING.source(ARTICLE, Language.NL) == (
        "koninklijk besluit van 14 december 2006, numac 2006023298, art. 106 en 108"
    )


@pytest.mark.parametrize("language", Language)
def test_every_clock_that_the_procedure_opens_has_words(language: Language) -> None:
    """The `ref` of an open clock is a clause, or a day with a number."""
    workflows = TEMPLATES.parent / "workflows"
    code = "".join(file.read_text() for file in sorted(workflows.rglob("*.py")))
    refs = re.findall(r'\bref=f?"([^"]+)"', code)
    assert len(refs) > 4
    for ref in refs:
        named = WORDING.clock(re.sub(r"\{.*?\}", "7", ref), language)
        assert ("7" in named) == ("{" in ref)


def test_a_clock_without_words_is_an_error() -> None:
    with pytest.raises(LookupError, match="nonsense"):
        WORDING.clock("nonsense-7", Language.EN)
    with pytest.raises(LookupError, match=r"of CUP .* in nl for 'nonsense' in \[steps\]"):
        WORDING.words_for("steps", "nonsense", Language.NL)


@pytest.mark.parametrize("language", [Language.NL, Language.FR])
def test_no_explanation_is_left_in_english(language: Language) -> None:
    for table in ("steps", "short", "rules", "refs", "texts", "explain"):
        english, other = (WORDING.words(lang)[table] for lang in (Language.EN, language))
        same = {key for key in english if english[key] == other[key]}
        assert same <= {"condition-", "condition", "due"}, table  # the same word, or no word at all


@pytest.mark.parametrize("table", ["steps", "short", "parts", "refs", "explain"])
def test_the_languages_of_a_sentence_use_the_same_values(table: str) -> None:
    used = [
        {key: set(re.findall(r"\{(\w+)\}", words)) for key, words in WORDING.words(lang)[table].items()}
        for lang in Language
    ]
    assert used[0] == used[1] == used[2]


# Any clock.


@cache
def calendar_of(closed: frozenset[date]) -> Calendar:
    days = (ClosingDay(day=day, reason="bridging day", by="A", entered_on=day) for day in sorted(closed))
    return belgium(2026, tuple(days))


days = st.dates(date(2026, 1, 1), date(2026, 12, 31))


@st.composite
def clocks(draw: st.DrawFn) -> tuple[Clock, Calendar]:
    stops = []
    for first in draw(st.lists(days, max_size=3)):
        asked = draw(st.sampled_from([None, first - DAY]))
        last = draw(st.none() | st.integers(-1, 30).map(lambda n, first=first: first + DAY * n))
        stops.append(
            Stop(first=first, last=last, asked_on=asked, reason=draw(st.sampled_from(["", "questions"])))
        )
    extensions = [
        Extension(amount=amount, effective_on=draw(st.none() | days))
        for amount in draw(st.lists(st.integers(1, 20), max_size=2))
    ]
    clock = Clock(
        limit=limit(draw(st.integers(0, 24)), draw(st.sampled_from(Unit))),
        rules=draw(st.sampled_from(Rules)),
        started_on=draw(days),
        stops=stops,
        extensions=extensions,
        cap=draw(st.none() | st.integers(0, 20)),
    )
    if clock.limit.unit is Unit.YEARS:
        clock.limit = limit(clock.limit.amount % 4, Unit.YEARS)
        clock.extensions = []
    return clock, calendar_of(frozenset(draw(st.sets(days, max_size=2))))


def said_days(sentence: str, language: Language) -> list[date]:
    """The dates of a sentence, in their order."""
    months = [WORDING.long_date(date(2026, m, 2), language).split()[1] for m in range(1, 13)]
    found = re.findall(rf"(\d+)(?:er)? ({'|'.join(months)}) (\d{{4}})", sentence)
    return [date(int(year), months.index(month) + 1, int(day)) for day, month, year in found]


def said_numbers(sentence: str) -> list[str]:
    """The numbers of a sentence, without the years of dates and what is in holidays' names."""
    return sorted(re.findall(r"\d+", sentence))


@settings(deadline=None)
@given(clocks())
def test_any_clock_is_told_whole_and_alike_in_every_language(case: tuple[Clock, Calendar]) -> None:
    clock, calendar = case
    reckoning = clock.reckon(calendar, TODAY)
    tellings = {lang: told(clock, lang, calendar) for lang in Language}
    for lang, sentences in tellings.items():
        assert len(sentences) == len(reckoning.steps)
        for sentence in sentences:
            assert re.fullmatch(r"\S.*\.", sentence)
            assert not re.search(r"[{}]|  |\bNone\b|\.\.", sentence)
        if reckoning.due_on:
            assert WORDING.long_date(reckoning.due_on, lang) in sentences[-1]
    for english, dutch, french in zip(*(tellings[lang] for lang in ("en", "nl", "fr")), strict=True):
        # a stop begins and ends, an end moves: each language tells the same days in the same order
        assert (
            said_days(english, Language.EN) == said_days(dutch, Language.NL) == said_days(french, Language.FR)
        )
        assert said_numbers(english) == said_numbers(dutch) == said_numbers(french.replace("1er", "1"))


@settings(deadline=None)
@given(clocks())
def test_a_letter_tells_any_clock_in_five_sentences_and_ends_with_its_day(
    case: tuple[Clock, Calendar],
) -> None:
    clock, calendar = case
    reckoning = clock.reckon(calendar, TODAY)
    for language in Language:
        said = Explaining.of(WORDING, language, calendar).short(reckoning, ARTICLE)
        assert len(said) <= 5
        assert not re.search(r"[{}]|  |\bNone\b", " ".join(said))
        if reckoning.due_on:
            assert WORDING.long_date(reckoning.due_on, language) in said[-1]


# In letters.


def reckoned(clause: str, clock: Clock) -> dict[str, object]:
    return {
        "clause": clause,
        "article": ARTICLE,
        "reckoning": clock.reckon(CALENDAR, TODAY).model_dump(mode="json", exclude_defaults=True),
        "off": {c.day.isoformat(): c.reason for c in CALENDAR.closing_days},
    }


def notes_of(desk: LetterDesk, language: Language, *reckonings: dict[str, object]) -> list[dict[str, object]]:
    asked = letter(LetterKind.DATE_MOVED, reckonings=list(reckonings))
    asked = asked.model_copy(update={"unconfirmed": {"decision": Degree.ASSUMED}})
    laid_out, _ = desk.documents.layout(batch(asked, applicant=desk.applicant(language)), asked)
    return laid_out.get("translation", laid_out)["notes"][:2]


@pytest.mark.parametrize(
    ("language", "title"),
    [
        (Language.EN, "How this date was counted"),
        (Language.NL, "Hoe deze datum werd berekend"),
        (Language.FR, "Comment cette date a été calculée"),
    ],
)
def test_a_letter_says_how_its_date_was_counted_before_it_says_what_is_unconfirmed(
    desk: LetterDesk, language: Language, title: str
) -> None:
    counted, unconfirmed = notes_of(desk, language, reckoned("decision", QUESTIONED))
    assert counted["title"] == title
    told = Explaining.of(desk.documents.pages.wording_of("CUP"), language, CALENDAR)
    assert counted["text"] == " ".join(told.short(QUESTIONED.reckon(CALENDAR, TODAY), ARTICLE))
    assert unconfirmed["items"]


def test_a_letter_with_several_dates_names_the_clause_of_each(desk: LetterDesk) -> None:
    counted, _ = notes_of(
        desk, Language.EN, reckoned("decision", QUESTIONED), reckoned("ethics-opinion", WORKING)
    )
    assert counted["title"] == "How these dates were counted"
    assert [name for name, _ in counted["parts"]] == [
        "time to decide",
        "time for the opinion of the ethics committee",
    ]


def test_the_explanation_is_printed(desk: LetterDesk) -> None:
    from tests.letters.letter_desk import text_of

    asked = letter(
        LetterKind.DATE_MOVED,
        reckonings=[reckoned("decision", QUESTIONED), reckoned("answers", WORKING)],
    )
    (name,) = desk.makes(batch(asked, applicant=desk.applicant(Language.EN)))
    text = text_of(desk.pdf(name))
    assert (
        "It did not run from 3 May 2026 to 10 May 2026 (8 days in all). Its last day is 22 May 2026." in text
    )
    assert "14 May 2026 (Ascension Day) and 15 May 2026 (closing day of the agency: bridging day)" in text


def test_a_letter_without_a_counted_date_has_no_such_note(desk: LetterDesk) -> None:
    asked = letter(LetterKind.DATE_MOVED)
    laid_out, _ = desk.documents.layout(batch(asked, applicant=party()), asked)
    assert "How" not in " ".join(note["title"] for note in laid_out["notes"])


def test_every_public_holiday_of_a_law_has_a_name_in_every_language() -> None:
    calendar = applicable_law("CUP", None, date(2026, 11, 20)).calendar
    for language in Language:
        for holiday in calendar.holidays:
            assert holiday_names(holiday.year, language.value)[holiday]


# Warnings and conflicts.


def warning(language: Language, role: str, **changed: object) -> str:
    from tests.letters.test_wording import values

    said = values(LetterKind.LIMIT_WARNING, language, **changed)
    text = WORDING.write(LetterKind.LIMIT_WARNING.value, language, {**said, "role": role})
    return "\n".join([text.title, *(part["text"] for part in text.parts)])


@pytest.mark.parametrize("language", Language)
def test_a_warning_says_what_silence_will_bring_and_only_the_last_one_that_it_brings_nothing(
    language: Language,
) -> None:
    for role in ("applicant", "desk", "ethics_committee", "commission"):
        for silence, more in (("flag", 1), ("granted", 0)):
            last, other = (
                warning(language, role, last=is_last, silence=silence) for is_last in (True, False)
            )
            assert len(last.splitlines()) == len(other.splitlines()) + more
            assert last.splitlines()[0] != other.splitlines()[0]


@pytest.mark.parametrize("language", Language)
def test_a_warning_to_a_desk_is_shorter_than_one_to_an_applicant(language: Language) -> None:
    assert len(warning(language, "desk")) < len(warning(language, "applicant"))


@pytest.mark.parametrize(
    ("left", "said"),
    [(0, "no working day is left"), (1, "leaves 1 working day."), (2, "leaves 2 working days.")],
)
def test_a_warning_counts_what_is_left_in_working_days(left: int, said: str) -> None:
    assert said in warning(Language.EN, "applicant", working_days_left=left)
