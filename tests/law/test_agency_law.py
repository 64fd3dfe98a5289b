"""The agency's own file of law: what its lawyers confirm applies from its day, and nothing is lost."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from activities.law import YearAsked
from models.clock import ClosingDay, Limit, Rules, Unit
from models.errors import InputRefused, NoRuleInForce, RulesOverlap, UnknownClause
from models.law.applicable import Law
from models.law.clause import Clause, Gap, InForce, Transition, hours, weeks
from models.law.degree import Degree
from models.law.silence import SilencePolicy
from office.commands import law as commands
from office.law.agency import add_closing_day, closing_day, confirm, read
from office.law.problems import ProblemKind, problems
from office.law.tables import EURO, TEXT, at, typed, written
from office.settings import Settings
from procedures.be_umn.words import Kind
from procedures.books import applicable_law, governs, shipped
from register.database import migrate
from register.views import laws
from tests.toy import taken_in
from worker import activities_of

TODAY = date(2026, 11, 22)
PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "law.toml"


def confirms(path: Path, clause: str = "decision", **said: Any) -> tuple[Clause, Clause, InForce]:
    """A lawyer confirms a value; what is not said is a time to decide of 50 working days from 2026."""
    keys = {
        "value": 50,
        "unit": "working_days",
        "source": "Royal Decree of 14 December 2006, art. 106 § 4 (numac 2006023298)",
        "from_on": date(2026, 1, 1),
        "by": "Lawyer A",
        "text": "Official Journal of 12 June 2014",
        "confirmed_on": TODAY,
    }
    return confirm(path, clause, **{**keys, **said})


def in_force(path: Path, clause: str, day: date) -> InForce:
    return read(path).clause(clause).on(day)


def days(amount: int, unit: Unit = Unit.WORKING_DAYS) -> Limit:
    return Limit(amount=amount, unit=unit)


# What is confirmed applies.


def test_without_a_file_the_law_is_as_shipped(path: Path) -> None:
    assert read(path) == shipped()


def test_a_confirmed_value_applies_from_its_day_and_the_shipped_one_before_it(path: Path) -> None:
    confirms(path)
    assert in_force(path, "decision", date(2025, 12, 31)).value == days(55)
    found = in_force(path, "decision", date(2026, 1, 1))
    assert (found.value, found.confirmed_by, found.confirmed_on) == (days(50), "Lawyer A", TODAY)
    assert "2006023298" in str(found.source)


def test_the_shipped_value_confirmed_from_its_own_day_is_confirmed_on_every_day(path: Path) -> None:
    held = shipped().clause("decision").values[0]
    confirms(path, value=40, from_on=held.from_on)
    clause = read(path).clause("decision")
    assert [(v.value, v.from_on, v.degree) for v in clause.values] == [
        (days(40), held.from_on, Degree.CONFIRMED)
    ]


def test_rules_and_warnings_that_are_not_given_are_those_shipped_for_that_day(path: Path) -> None:
    confirms(path)
    held = shipped().clause("decision").on(date(2026, 1, 1))
    found = in_force(path, "decision", TODAY)
    assert (found.rules, found.warnings) == (held.rules, held.warnings)
    confirms(
        path, from_on=date(2027, 1, 1), rules="eu-1182-71", warnings=["5 working_days", "1 calendar_day"]
    )
    found = in_force(path, "decision", date(2027, 1, 1))
    assert found.rules is Rules.EU_1182_71
    assert found.warnings == (days(5), days(1, Unit.CALENDAR_DAYS))


def test_a_later_value_ends_the_earlier_one_which_does_not_come_back(path: Path) -> None:
    confirms(path)
    confirms(path, value=60, from_on=date(2027, 1, 1), until_on=date(2027, 12, 31))
    clause = read(path).clause("decision")
    assert clause.on(date(2026, 12, 31)).value == days(50)
    assert clause.on(date(2027, 12, 31)).value == days(60)
    with pytest.raises(NoRuleInForce, match="no value was entered after 2027-12-31"):
        clause.on(date(2028, 1, 1))
    confirms(path, value=70, from_on=date(2028, 1, 1))
    assert in_force(path, "decision", date(2028, 1, 1)).value == days(70)


def test_a_value_before_the_first_shipped_one_leaves_a_gap_that_is_named(path: Path) -> None:
    confirms(path, from_on=date(2010, 1, 1), until_on=date(2012, 12, 31))
    clause = read(path).clause("decision")
    assert clause.on(date(2011, 1, 1)).value == days(50)
    assert clause.on(date(2014, 7, 1)).value == days(55)
    with pytest.raises(NoRuleInForce, match="no value was entered after 2012-12-31"):
        clause.on(date(2013, 1, 1))


def test_an_announced_value_does_not_apply(path: Path) -> None:
    confirms(path, announced=True)
    assert in_force(path, "decision", TODAY).value == days(55)
    confirms(path)
    assert in_force(path, "decision", TODAY).value == days(50)


def test_a_contribution_fills_the_gap_of_its_year_only(path: Path) -> None:
    year = {"from_on": date(2026, 1, 1), "until_on": date(2026, 12, 31)}
    confirms(path, "contribution-cup-application", value="19284.61", unit="euro", **year)
    law = applicable_law("CUP", Kind.APPLICATION, TODAY, read(path))
    assert law.contribution is not None
    assert law.contribution.cents == 1_928_461
    assert law.contribution.degree is Degree.CONFIRMED
    assert applicable_law("CUP", Kind.APPLICATION, date(2027, 1, 1), read(path)).contribution is None


def test_a_ladder_and_words_are_confirmed_as_typed(path: Path) -> None:
    ladder = typed("60,30,0", "calendar_days")
    confirms(path, "evaluation-reminders", value=ladder, unit="calendar_days")
    confirms(path, "power-to-decide", value="the Minister", unit="text")
    steps = tuple(days(amount, Unit.CALENDAR_DAYS) for amount in (60, 30, 0))
    assert in_force(path, "evaluation-reminders", TODAY).value == steps
    assert in_force(path, "power-to-decide", TODAY).value == "the Minister"


def test_a_value_already_entered_by_the_agency_is_not_rewritten(path: Path) -> None:
    confirms(path)
    before = path.read_bytes()
    with pytest.raises(RulesOverlap, match="entered by Lawyer A"):
        confirms(path, value=45)
    assert path.read_bytes() == before


def test_a_programme_gets_the_law_of_its_year_from_the_file_as_it_stands_then(tmp_path: Path) -> None:
    office = Settings(var=tmp_path)
    migrate(office.register_url)
    of_year = next(a for a in activities_of(office) if getattr(a, "__name__", "") == "of_year")
    asked = YearAsked(procedure="CUP", on=TODAY)
    before = of_year(asked)
    confirms(office.law, "payment", value=45, unit="calendar_days")
    after = of_year(asked)
    assert (before.limit("payment").amount, after.limit("payment").amount) == (30, 45)
    assert before.digest != after.digest
    kept = laws(office.register_url, [before.digest, after.digest])  # whole, before a programme carries it
    assert [Law(**kept[law.digest]).brief() for law in (before, after)] == [before, after]


CLAUSES = ["decision", "contribution-cup-application", "alternative-treatment"]
DAYS = st.dates(date(2009, 1, 1), date(2040, 12, 31))
SAID = st.tuples(DAYS, st.none() | st.integers(0, 2000), st.booleans(), st.integers(1, 999))


@settings(max_examples=40, deadline=None)
@given(clause=st.sampled_from(CLAUSES), said=st.lists(SAID, min_size=1, max_size=6))
def test_whatever_is_confirmed_each_day_has_one_value_or_a_named_gap(clause: str, said: list[Any]) -> None:
    shape = {"decision": (int, "working_days"), "contribution-cup-application": (str, EURO)}
    kind, unit = shape.get(clause, (lambda amount: f"condition {amount}", TEXT))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "law.toml"
        for from_on, length, announced, amount in said:
            before, content = read(path).clause(clause), path.read_bytes() if path.exists() else b""
            until = None if length is None else from_on + timedelta(length)
            told = {"value": kind(amount), "unit": unit, "from_on": from_on, "until_on": until}
            try:
                _, after, _ = confirms(path, clause, **told, announced=announced)
            except RulesOverlap:
                assert (path.read_bytes() if path.exists() else b"") == content
                continue
            assert path.read_bytes().startswith(content)
            assert {*read(path).clause(clause).values} == {*after.values}
            every_day_has_one(after)
            for day in turning_days(before, after):
                if day < from_on or announced:
                    assert what_applies(after, day) == what_applies(before, day), day


def parts_of(clause: Clause) -> list[InForce | Gap]:
    return [*(value for value in clause.values if not value.announced), *clause.gaps]


def turning_days(*clauses: Clause) -> set[date]:
    """Every day on which something begins or ends, and the days around it."""
    ends = [end for c in clauses for part in parts_of(c) for end in (part.from_on, part.until_on) if end]
    return {end + timedelta(n) for end in ends for n in (-1, 0, 1)}


def every_day_has_one(clause: Clause) -> None:
    parts = parts_of(clause)
    first = min(part.from_on for part in parts)
    for day in (*turning_days(clause), date(2120, 12, 31)):
        there = [p for p in parts if p.from_on <= day and (p.until_on is None or day <= p.until_on)]
        assert len(there) == (day >= first), day
        assert all(gap.remark for gap in there if isinstance(gap, Gap))


def what_applies(clause: Clause, day: date) -> Any:
    found = at(clause, day)
    return found.value if isinstance(found, InForce) else found and found.remark


# What cannot stand is refused, and named.


def file(**keys: Any) -> str:
    """A file with one value; a key that is None is left out."""
    whole = {
        "clause": '"decision"',
        "value": "50",
        "unit": '"working_days"',
        "source": '"a decree"',
        "from": "2026-01-01",
        "by": '"Lawyer A"',
        "text": '"Official Journal of 12 June 2014"',
        "confirmed_on": "2026-11-22",
        **{key.rstrip("_"): value for key, value in keys.items()},
    }
    return "[[value]]\n" + "".join(f"{key} = {value}\n" for key, value in whole.items() if value is not None)


LADDER, EUROS = '"evaluation-reminders"', '"contribution-cup-application"'
WRONG: list[tuple[dict[str, Any], str]] = [
    ({"unit": None}, "unit is missing"),
    ({"unit": '"days"'}, "unit is 'days'"),
    ({"unit": '"euro"'}, "unit is 'euro'"),
    (
        {"clause": '"decisoin"'},
        "clause is not known: No clause is called 'decisoin'. The nearest are decision",
    ),
    ({"clause": None}, "clause is missing"),
    ({"source": None}, "source is missing"),
    ({"source": '"  "'}, "source is empty"),
    ({"by": None}, "by is missing"),
    ({"by": '"The procedure"'}, "a person has another name"),
    ({"source": '"art. \\u202e601"'}, "source holds a sign that nobody sees: U+202E"),
    ({"by": '"a\\u0007b"'}, "by holds a sign that nobody sees: U+0007"),
    ({"confirmed_on": None}, "confirmed_on is missing"),
    ({"text": None}, "text is missing"),
    ({"from_": '"2026-01-01"'}, "from is '2026-01-01'; a day is written"),
    ({"from_": "2026-01-01T10:00:00"}, "from is"),
    ({"from_": "0001-01-01"}, "from is 0001-01-01"),
    ({"until": "9999-12-31"}, "until is 9999-12-31"),
    ({"until": "2025-12-31"}, "until is 2025-12-31, before the first day 2026-01-01"),
    ({"value": None}, "value is missing"),
    ({"value": "-1"}, "value is -1"),
    ({"value": "1.5"}, "value is 1.5"),
    ({"value": "true"}, "value is True"),
    ({"value": "[50, 60]"}, "value is [50, 60]; it has one"),
    ({"clause": LADDER, "unit": '"calendar_days"', "value": "[30, 60]"}, "its steps stand in their order"),
    ({"clause": LADDER, "unit": '"calendar_days"', "value": "[]"}, "its steps stand in their order"),
    ({"clause": EUROS, "unit": '"euro"', "value": "18960.32"}, 'an amount in euro is written "18960.32"'),
    ({"clause": EUROS, "unit": '"euro"', "value": '"18960.325"'}, "an amount in euro"),
    ({"clause": EUROS, "unit": '"euro"', "value": '"Infinity"'}, "an amount in euro"),
    ({"clause": EUROS, "unit": '"euro"', "value": '"1.00"', "rules": '"plain"'}, "rules does not fit"),
    ({"clause": EUROS}, "unit is 'working_days'"),
    ({"clause": '"be_umn/power-to-close"', "unit": '"text"'}, "value is 50; it must be text"),
    ({"rules": '"roman"'}, "rules is 'roman'; it is one of eu-1182-71"),
    ({"transition": '"all"'}, "transition is 'all'"),
    ({"warnings": '["10"]'}, "warnings cannot be read: The limit '10' has no unit"),
    ({"warnings": '["1 month"]'}, "a warning is counted back in days"),
    ({"announced": '"yes"'}, "announced is neither true nor false"),
    ({"coffee": "1"}, "coffee is not known here"),
]


@pytest.mark.parametrize(("keys", "said"), WRONG, ids=lambda part: part if isinstance(part, str) else "")
def test_what_cannot_stand_in_the_file_is_named_with_table_and_key(
    path: Path, keys: dict[str, Any], said: str
) -> None:
    path.write_text(file(**keys))
    with pytest.raises(InputRefused) as refused:
        read(path)
    assert str(path) in refused.value.message
    assert "[[value]] 1" in refused.value.message
    assert said in refused.value.message


def test_everything_that_is_wrong_is_told_at_once(path: Path) -> None:
    path.write_text(file(unit=None) + file(by=None) + "[[closing_day]]\nday = 2026-12-24\n[other]\n")
    with pytest.raises(InputRefused) as refused:
        read(path)
    for said in ("1 (decision): unit", "2 (decision): by", "[[closing_day]] 1: reason", "[other]"):
        assert said in refused.value.message


@pytest.mark.parametrize(
    "content", [b"[[value", b"\xff\xfe", b"value = 3\n", b"value = [1]\n", b"day = 2026-02-30\n", b"\x00"]
)
def test_a_file_that_is_no_law_is_refused_by_its_name(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(InputRefused, match=r"law\.toml"):
        read(path)
    with pytest.raises(InputRefused, match=r"law\.toml"):
        confirms(path)
    assert path.read_bytes() == content


def test_values_that_overlap_in_the_file_are_refused(path: Path) -> None:
    path.write_text(file(until="2026-12-31") + file(value="60", from_="2026-06-01"))
    with pytest.raises(RulesOverlap, match=r"law.toml, \[\[value\]\] 2 \(decision\)"):
        read(path)


def test_the_order_of_the_lines_does_not_matter_the_days_do(path: Path) -> None:
    path.write_text(file(value="60", from_="2027-01-01") + file())
    assert in_force(path, "decision", date(2026, 12, 31)).value == days(50)
    assert in_force(path, "decision", date(2027, 1, 1)).value == days(60)


def test_a_refused_confirmation_names_the_option_and_makes_no_file(path: Path) -> None:
    with pytest.raises(InputRefused, match="--unit is 'euro'"):
        confirms(path, unit="euro")
    with pytest.raises(InputRefused, match="--value"):
        confirms(path, value=typed("90,60", "working_days"))
    with pytest.raises(InputRefused, match="write a whole number"):
        typed("thirty", "working_days")
    with pytest.raises(UnknownClause, match="The nearest are decision"):
        confirms(path, "decisions")
    assert not path.exists()


def test_a_clause_whose_words_are_a_choice_is_refused_any_other(path: Path) -> None:
    clause = "publication-gap"
    first, second = shipped().clause(clause).choices
    with pytest.raises(InputRefused, match=f"{clause} says {first} or {second}"):
        confirms(path, clause, value="holdback please", unit="text")
    assert not path.exists()
    confirms(path, clause, value=second, unit="text")
    assert in_force(path, clause, TODAY).value == second


def test_what_the_command_offers_is_what_a_value_can_have() -> None:
    hints = commands.law_confirm.__annotations__
    offered = {name: eval(str(hints[name]), vars(commands)) for name in ("unit", "rules", "transition")}
    assert set(get_args(get_args(offered["unit"])[0])) == {*Unit, EURO, TEXT}
    assert set(get_args(get_args(offered["rules"])[0])) == set(Rules)
    assert set(get_args(get_args(offered["transition"])[0])) == set(Transition)


@pytest.mark.parametrize("clause", shipped().clauses, ids=lambda clause: clause.id)
def test_every_shipped_value_is_confirmed_by_typing_it_as_it_is_shown(tmp_path: Path, clause: Clause) -> None:
    shipped = clause.values[-1]
    shown, unit = written(shipped.value)
    told = {"value": typed(shown, unit), "unit": unit, "from_on": shipped.from_on}
    confirms(tmp_path / "law.toml", clause.qualified, **told, until_on=shipped.until_on)
    found = in_force(tmp_path / "law.toml", clause.qualified, shipped.from_on)
    assert found.degree is Degree.CONFIRMED
    assert (found.value, found.rules, found.warnings) == (shipped.value, shipped.rules, shipped.warnings)


# The file is the agency's.


@pytest.mark.parametrize("ending", ["", "\n", "\r\n", "   # no break at the end"])
def test_comments_of_the_agency_are_kept_byte_for_byte(path: Path, ending: str) -> None:
    mine = f"# seen with Mr Dupré, 3 May; « à vérifier »\r\n\n{file()}# and this{ending}".encode()
    path.write_bytes(mine)
    confirms(path, value=60, from_on=date(2027, 1, 1), source="art.\u00a0106,\n“§ 4” \\ é")
    assert path.read_bytes().startswith(mine)
    found = in_force(path, "decision", date(2027, 1, 1))
    assert str(found.source) == "art. 106, “§ 4” \\ é"


def test_a_written_value_says_in_words_what_it_took_the_place_of(path: Path) -> None:
    confirms(path)
    confirms(path, value=60, from_on=date(2027, 1, 1))
    said = [
        line
        for line in path.read_text().splitlines()
        if line.startswith("# decision: time to decide on an application.")
    ]
    assert "55 working days (since 2014-07-01, of this release, read)" in said[0]
    assert "50 working days (since 2026-01-01, entered by Lawyer A)" in said[1]
    assert path.read_text().startswith("# The law as this agency completed it.")


def test_of_confirmations_at_the_same_moment_none_is_lost(path: Path) -> None:
    limits = [
        c.qualified
        for c in shipped().clauses
        if isinstance(c.values[0].value, Limit) and Unit.WORKING_DAYS in c.units
    ]
    assert len(limits) > 5
    with ThreadPoolExecutor(8) as people:
        list(people.map(lambda clause: confirms(path, clause), limits))
    book = read(path)
    assert all(book.clause(clause).on(TODAY).degree is Degree.CONFIRMED for clause in limits)


def test_of_two_who_confirm_the_same_at_the_same_moment_one_is_told(path: Path) -> None:
    def told(amount: int) -> bool:
        try:
            confirms(path, value=amount)
        except RulesOverlap:
            return True
        return False

    with ThreadPoolExecutor(8) as people:
        assert sorted(people.map(told, range(1, 9))) == [False] + [True] * 7


CRASHES = """
import os, sys
from datetime import date
from pathlib import Path
from office.law.agency import confirm
os.replace = lambda *names: os._exit(9)
confirm(Path(sys.argv[1]), "decision", value=60, unit="working_days", source="a decree",
        from_on=date(2027, 1, 1), by="Lawyer B", text="Official Journal",
        confirmed_on=date(2026, 11, 22))
"""


def test_a_crash_before_the_new_file_takes_its_place_leaves_the_old_one(path: Path) -> None:
    confirms(path)
    before = path.read_bytes()
    crashed = subprocess.run([sys.executable, "-c", CRASHES, str(path)], cwd=PROJECT, check=False)
    assert crashed.returncode == 9
    assert path.read_bytes() == before
    confirms(path, value=60, from_on=date(2027, 1, 1))
    assert path.read_bytes().startswith(before)
    assert {p.name for p in path.parent.iterdir()} == {"law.toml", ".law.toml.lock"}


def test_a_link_to_the_file_stays_a_link(tmp_path: Path, path: Path) -> None:
    kept = tmp_path / "kept" / "law.toml"
    kept.parent.mkdir()
    path.symlink_to(kept)
    confirms(path)
    assert path.is_symlink()
    assert "50" in kept.read_text()


# A second law book.


def test_a_file_stays_what_it_was_when_another_folder_comes(path: Path) -> None:
    path.write_text(
        file(clause='"answers"', value="45", unit='"calendar_days"')
        + f'[[closing_day]]\nday = 2026-12-24\nreason = "bridging day"\nby = "Head"\n'
        f"entered_on = {TODAY}\npublished_on = 2025-12-01\n"
    )
    confirms(path)
    alone = read(path).books["be_umn"]
    with taken_in():
        beside = read(path)
        assert beside.books["be_umn"] == alone
        assert beside.books["be_centre"] == shipped().books["be_centre"]


def test_a_value_in_weeks_is_kept_as_it_was_typed(path: Path) -> None:
    with taken_in():
        confirms(path, "be_centre/decision", value=typed("6", "weeks"), unit="weeks")
        assert in_force(path, "be_centre/decision", TODAY).value == weeks(6)
        with pytest.raises(InputRefused):  # whose clause knows calendar days alone
            confirms(path, "be_umn/answers", value=1, unit="weeks")


def test_hours_are_kept_as_they_were_typed_save_where_a_body_sets_days(path: Path) -> None:
    with taken_in():
        confirms(path, "be_centre/decision", value=typed("72", "hours"), unit="hours")
        assert in_force(path, "be_centre/decision", TODAY).value == hours(72)
        with pytest.raises(InputRefused, match="must be in days"):
            confirms(path, "be_centre/answers", value=72, unit="hours")


def test_a_value_of_one_book_leaves_the_clause_of_the_same_name_in_another(path: Path) -> None:
    with taken_in():
        before, after, _ = confirms(path, "be_centre/decision", value=30, unit="calendar_days")
        assert before.book == after.book == "be_centre"
        assert in_force(path, "be_centre/decision", TODAY).value == days(30, Unit.CALENDAR_DAYS)
        assert read(path).books["be_umn"] == shipped().books["be_umn"]
        with pytest.raises(UnknownClause) as doubtful:
            confirms(path, value=60)
        assert doubtful.value.possible == ("be_centre/decision", "be_umn/decision")


def test_a_clause_is_told_as_the_procedure_of_the_case_says_it() -> None:
    with taken_in():
        assert governs("admissibility", "CUP") == "time to check a dossier"
        assert governs("admissibility", "CTR") == "time to check an application"
        assert governs("decision") == "decision"  # the books say different things


# Closing days.


PUBLISHED = date(2025, 12, 1)


def closing(day: date, published: date = PUBLISHED) -> ClosingDay:
    return closing_day(
        day=day, reason="bridging day", published=published, by="Head of desk", entered_on=TODAY
    )


def test_a_closing_day_is_no_working_day_of_any_file_from_then_on(path: Path) -> None:
    day = date(2026, 12, 24)
    assert applicable_law("CUP", Kind.APPLICATION, TODAY, read(path)).calendar.is_working(day)
    add_closing_day(path, closing(day))
    assert read(path).closing_days == (closing(day),)
    assert not applicable_law("CUP", Kind.APPLICATION, TODAY, read(path)).calendar.is_working(day)


def test_a_closing_day_that_was_published_too_late_is_kept_and_stays_a_working_day(path: Path) -> None:
    day = date(2026, 12, 24)
    add_closing_day(path, closing(day, published=date(2026, 1, 1)))
    assert read(path).closing_days == (closing(day, date(2026, 1, 1)),)
    assert applicable_law("CUP", Kind.APPLICATION, TODAY, read(path)).calendar.is_working(day)


def test_a_day_that_is_off_already_is_no_closing_day(path: Path) -> None:
    for day in (date(2026, 12, 25), date(2026, 12, 26)):
        with pytest.raises(InputRefused, match="already no working day"):
            closing(day)
    with pytest.raises(InputRefused, match="reason is empty"):
        closing_day(day=TODAY, reason=" ", published=PUBLISHED, by="Head of desk", entered_on=TODAY)
    add_closing_day(path, closing(date(2026, 11, 20)))
    with pytest.raises(InputRefused, match="is a closing day already: bridging day"):
        add_closing_day(path, closing(date(2026, 11, 20)))
    assert len(read(path).closing_days) == 1


# What is to be done.


def told(path: Path, kind: ProblemKind, today: date = TODAY) -> list[str]:
    return [problem.clause for problem in problems(path, today) if problem.kind is kind]


def test_what_nobody_confirmed_is_listed_until_somebody_does(path: Path) -> None:
    assert "decision" in told(path, ProblemKind.UNCONFIRMED)
    confirms(path)
    assert "decision" not in told(path, ProblemKind.UNCONFIRMED)
    assert told(path, ProblemKind.EXPIRED) == [c.id for c in shipped().clauses if "contribution" in c.id]


def test_a_value_is_looked_at_again_after_a_year(path: Path) -> None:
    confirms(path)
    assert told(path, ProblemKind.OLD, date(2027, 11, 22)) == []
    assert told(path, ProblemKind.OLD, date(2027, 11, 23)) == ["decision"]
    confirms(path, from_on=date(2027, 11, 23), confirmed_on=date(2027, 11, 23))
    assert told(path, ProblemKind.OLD, date(2027, 11, 23)) == []


def test_a_value_that_ended_without_another_is_listed(path: Path) -> None:
    confirms(path)
    confirms(path, from_on=date(2027, 1, 1), until_on=date(2027, 1, 31))
    assert "decision" not in told(path, ProblemKind.EXPIRED, date(2027, 1, 31))
    assert "decision" in told(path, ProblemKind.EXPIRED, date(2027, 2, 1))


def test_an_announced_value_is_listed_from_its_first_day_until_it_is_confirmed(path: Path) -> None:
    confirms(path, from_on=TODAY, announced=True)
    assert told(path, ProblemKind.ANNOUNCED, TODAY - timedelta(1)) == []
    assert told(path, ProblemKind.ANNOUNCED) == ["decision"]
    confirms(path, from_on=TODAY)
    assert told(path, ProblemKind.ANNOUNCED) == []


def test_overlaps_and_clauses_that_are_gone_are_listed_and_hide_nothing_else(path: Path) -> None:
    path.write_text(
        file(until="2026-12-31") + file(from_="2026-06-01") + file(clause='"gone"') + file(unit='"days"')
    )
    found = problems(path, TODAY)
    kinds = [problem.kind for problem in found]
    assert kinds[:3] == [ProblemKind.UNREADABLE, ProblemKind.UNKNOWN, ProblemKind.OVERLAPPING]
    assert [problem.clause for problem in found[:3]] == ["decision", "gone", "decision"]
    assert str(path) in found[2].command
    assert ProblemKind.UNCONFIRMED in kinds


def test_a_value_that_a_case_carries_is_not_changed_by_hand_unnoticed(path: Path) -> None:
    confirms(path)
    law = applicable_law("CUP", Kind.APPLICATION, date(2026, 2, 1), read(path))
    carried = [law.model_dump(mode="json")]
    rewritten = [p for p in problems(path, TODAY, carried) if p.kind is ProblemKind.REWRITTEN]
    assert rewritten == []
    path.write_text(path.read_text().replace("value = 50", "value = 45"))
    (found,) = [p for p in problems(path, TODAY, carried) if p.kind is ProblemKind.REWRITTEN]
    assert found.clause == "decision"
    assert "45 working days stands from 2026-01-01, and cases carry 50 working days" in found.sentence
    earlier = applicable_law("CUP", Kind.APPLICATION, date(2025, 2, 1), read(path))  # as shipped: not signed
    assert [
        p for p in problems(path, TODAY, [earlier.model_dump(mode="json")]) if p.kind is ProblemKind.REWRITTEN
    ] == []


def test_what_silence_means_is_entered_with_the_value_and_only_where_its_stage_can_do_it(tmp_path):
    path = tmp_path / "law.toml"
    said = {
        "unit": "calendar_days",
        "source": "A decree",
        "from_on": date(2027, 1, 1),
        "by": "An",
        "value": 30,
    }
    signed = {"confirmed_on": date(2026, 12, 1), "text": "the journal"}
    confirm(path, "completion", silence="forfeited", **said, **signed)
    assert read(path).clause("completion").on(date(2027, 1, 1)).silence is SilencePolicy.FORFEITED
    confirm(path, "answers", **said, **signed)  # as shipped
    assert read(path).clause("answers").on(date(2027, 1, 1)).silence is SilencePolicy.ON_FILE
    with pytest.raises(InputRefused, match=r"--silence cannot stand: .* it can: flag, favourable"):
        confirm(path, "ethics-opinion", silence="granted", **said, **signed)
    with pytest.raises(InputRefused, match="where the examination ends as: noted"):  # of a list
        confirm(path, "report-decision", silence="granted", **said, **signed)
