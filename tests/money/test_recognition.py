"""Which entries of a statement are known: one sentence for each thing that tells, or fails to."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, timedelta

import pytest

from models.line import Balanced
from models.recognition import Finding, Known, What, recognised
from models.statements import Statement, Told

DAY = date(2026, 11, 20)


def told(
    cents: int, text: str = "", *, reference: str = "", payer: str = "", day: date = DAY, entry: int = 0
):
    return Told(entry, "1", reference, day, cents, communication=text, payer_account=payer)


@dataclass
class Account:
    """What is known of an account; each statement is told, and then known too."""

    known: list[Known] = field(default_factory=list)
    statements: list[Balanced] = field(default_factory=list)

    def hears(self, opening: int, *movements: Told, form: str = "camt.053", free: bool = True) -> list[What]:
        """What each entry of a statement is. Those that are new, or details, are known from then on."""
        numbered = [one if one.entry else replace(one, entry=n) for n, one in enumerate(movements, start=1)]
        closing = opening + sum(one.cents for one in movements)
        last = max(one.booked_on for one in movements)
        statement = Statement("BE1", "EUR", "2026-1", opening, closing, last, tuple(numbered))
        found = recognised(statement, form, self.known, self.statements)
        place = (f"file-{len(self.statements)}", 1)
        self.statements.append(Balanced(place, form, opening, closing, last, statement.spans))
        self.last = found
        for entry, finding in found.items():
            if finding.what is What.DETAILS:
                self.known = [one for one in self.known if one.movements != finding.movements]
            if finding.what in (What.NEW, What.DETAILS):
                self.known.append(self._as_known(entry, numbered, place, free))
        return [found[entry].what for entry in sorted(found)]

    def _as_known(self, entry: int, movements: list[Told], place: tuple[str, int], free: bool) -> Known:
        parts = [one for one in movements if one.entry == entry]
        alone = parts[0] if len(parts) == 1 else told(0)
        names = [f"M-{place[0]}-{entry}-{part}" for part in range(len(parts))]
        shared = len({one.reference for one in parts}) == 1
        apart = [
            Known(
                (name,),
                frozenset([(*place, entry)]),
                one.booked_on,
                one.cents,
                "" if shared else one.reference,
                communication=one.communication,
                payer_account=one.payer_account,
            )
            for name, one in zip(names, parts, strict=True)
        ]
        return Known(
            movements=tuple(names),
            told=frozenset([(*place, entry)]),
            booked_on=parts[0].booked_on,
            cents=sum(one.cents for one in parts),
            reference=parts[0].reference if shared else "",
            communication=alone.communication,
            payer_account=alone.payer_account,
            free=free and len(parts) == 1,
            parts=tuple(apart) if len(parts) > 1 else (),
        )


@pytest.fixture
def account() -> Account:
    return Account()


def test_two_entries_of_one_statement_are_always_two(account: Account):
    assert account.hears(0, told(5, "x"), told(5, "x"), told(5, "x", reference="R")) == [What.NEW] * 3


def test_a_reference_of_one_entry_tells_whatever_else_is_told(account: Account):
    account.hears(0, told(5, "x", reference="R1"), told(5, "x", reference="R2"))
    assert account.hears(7_000, told(5, "in other words", reference="R2", payer="A")) == [What.KNOWN]
    assert account.last[1].movements == ("M-file-0-2-0",)


def test_a_reference_of_several_entries_tells_nothing(account: Account):
    account.hears(0, told(5, "a", reference="SAME"), told(5, "b", reference="SAME"))
    assert account.hears(10, told(5, "a", reference="SAME")) == [What.NEW]


def test_a_reference_that_stands_where_the_balances_deny_it_is_not_known_for_sure(account: Account):
    account.hears(0, told(5, "a", reference="R"))
    assert account.hears(5, told(5, "a", reference="R")) == [What.PERHAPS]


@pytest.mark.parametrize(("opening", "what"), [(0, What.PERHAPS), (9_000, What.PERHAPS), (5, What.NEW)])
def test_a_reference_that_is_told_of_another_day_is_not_known_for_sure(account: Account, opening, what):
    account.hears(0, told(5, "a", reference="R"))
    next_day = DAY + timedelta(days=1)
    assert account.hears(opening, told(5, "a", reference="R", day=next_day)) == [what]
    assert account.hears(70_000, told(5, "a", reference="R", day=DAY + timedelta(days=30))) == [What.NEW]


def test_a_statement_that_begins_where_a_known_one_began_tells_it_again(account: Account):
    account.hears(0, told(5, "a"), told(7, "b"))
    assert account.hears(0, told(7, "b"), told(5, "a"), told(9, "c")) == [What.KNOWN, What.KNOWN, What.NEW]


def test_a_statement_that_ends_where_a_known_one_ended_tells_it_again(account: Account):
    account.hears(0, told(5, "a"), told(7, "b"))
    assert account.hears(-3, told(3, "before"), told(5, "a"), told(7, "b")) == [What.NEW, *[What.KNOWN] * 2]
    assert account.hears(5, told(7, "b")) == [What.KNOWN]


@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize(("opening", "others"), [(5, "bc"), (0, "ab")])
def test_of_a_statement_that_passes_where_another_one_begins_or_ends_only_what_both_tell_is_told_again(
    account: Account, backwards: bool, opening: int, others: str
):
    day = {"a": told(5, "a"), "b": told(9, "b"), "c": told(7, "c")}
    account.hears(0, *(reversed(day.values()) if backwards else day.values()))
    known = {one.communication: one.movements for one in account.known}
    whole, in_parts = (day[name] for name in others)
    alike = told(5, "a") if others == "bc" else told(7, "c")  # as one that the other statement alone tells
    rest = in_parts.cents - alike.cents
    assert account.hears(opening, whole, alike, told(rest, "d")) == [What.KNOWN, What.DETAILS, What.DETAILS]
    assert [account.last[nth].movements for nth in (1, 2)] == [known[name] for name in others]


def test_a_statement_that_goes_on_from_a_known_one_tells_nothing_again(account: Account):
    account.hears(0, told(5, "a"))
    account.hears(5, told(5, "a"))
    assert account.hears(10, told(5, "a")) == [What.NEW]
    assert account.hears(-5, told(5, "a")) == [What.NEW]  # and one that leads to the first comes late
    assert account.hears(-5, told(5, "a"), told(5, "a"), told(5, "a"), told(5, "a")) == [What.KNOWN] * 4


def test_a_statement_of_a_month_tells_its_days_again(account: Account):
    days = [DAY + timedelta(days=n) for n in range(3)]
    for n, day in enumerate(days):
        account.hears(10 * n, told(10, "rent", day=day))
    month = [told(10, "rent", day=day) for day in (DAY - timedelta(days=1), *days)]
    assert account.hears(-10, *month) == [What.NEW, *[What.KNOWN] * 3]


def test_a_balance_that_came_back_tells_nothing(account: Account):
    account.hears(0, told(5, "a"))
    account.hears(5, told(-5, "back"))
    assert account.hears(0, told(5, "a")) == [What.PERHAPS]  # the first told again, or a third movement


def test_a_statement_that_ends_as_it_began_does_not_tell_where_it_stands(account: Account):
    day = told(5, "a"), told(-5, "back"), told(-5, "out")
    for n, one in enumerate(day):
        account.hears((0, 5, 0)[n], one)
    assert account.hears(0, *day) == [What.PERHAPS] * 3
    assert account.hears(0, *day[:2]) == [What.PERHAPS] * 2
    assert account.hears(0, day[0]) == [What.PERHAPS]


def test_a_balance_that_came_back_within_a_statement_tells_nothing(account: Account):
    account.hears(0, told(5, "a"), told(-5, "back"), told(-5, "out"))
    assert account.hears(5, told(-5, "back")) == [What.PERHAPS]  # its end is where that one began, by chance
    alone = Account()
    alone.hears(0, told(5, "a"))
    assert alone.hears(5, told(-5, "b"), told(5, "a"), told(9, "c")) == [What.NEW, What.PERHAPS, What.NEW]


@pytest.mark.parametrize(
    ("again", "what"),
    [
        (told(5, "a", payer="A"), What.PERHAPS),
        (told(5, "A.", payer=""), What.PERHAPS),
        (told(5, "", payer="A"), What.PERHAPS),
        (told(5, "a", payer="B"), What.NEW),
        (told(5, "something else", payer="A"), What.NEW),
        (told(6, "a", payer="A"), What.NEW),
        (told(5, "a", payer="A", day=DAY + timedelta(days=1)), What.NEW),
    ],
)
def test_without_balances_only_what_is_like_a_known_one_may_be_it(account: Account, again, what):
    account.hears(0, told(5, "a", payer="A"))
    assert account.hears(9_000, again) == [what]


def test_what_must_be_there_and_reads_otherwise_is_not_known_for_sure(account: Account):
    account.hears(0, told(5, "a", payer="A"))
    assert account.hears(0, told(5, "b", payer="B")) == [What.PERHAPS]


def test_the_same_place_and_reference_with_another_amount_contradicts(account: Account):
    account.hears(0, told(5, "a", reference="R"))
    assert account.hears(0, told(6, "a", reference="R")) == [What.OTHERWISE]


@pytest.mark.parametrize("reference", ["", "R"])
@pytest.mark.parametrize("free", [True, False])
def test_the_details_of_a_total_take_its_place_while_it_is_free(account: Account, free, reference):
    account.hears(0, told(8, "batch", reference=reference), free=free)
    details = [told(3, "a", reference=reference, entry=1), told(5, "b", reference=reference, entry=1)]
    assert account.hears(0, *details) == [What.DETAILS if free else What.KNOWN]
    assert account.hears(0, told(8, reference=reference)) == [What.KNOWN]
    assert account.hears(0, *details) == [What.KNOWN]


@pytest.mark.parametrize("free", [True, False])
def test_a_total_may_be_told_in_entries_of_its_own(account: Account, free):
    account.hears(0, told(8, "batch"), told(1, "x"), free=free)
    again = account.hears(0, told(3, "a"), told(1, "x"), told(5, "b"), form="coda")
    details = What.DETAILS if free else What.KNOWN
    assert again == [details, What.KNOWN, details]


def test_a_total_told_in_entries_where_the_balances_tell_nothing_is_not_known_for_sure(account: Account):
    account.hears(0, told(8, "batch"))
    assert account.hears(9_000, told(3, "a"), told(5, "b")) == [What.PERHAPS] * 2
    assert account.last[1].movements == ("M-file-0-1-0",)
    assert account.hears(50_000, told(3, "a"), told(6, "b")) == [What.NEW] * 2


def test_a_sum_that_the_balances_tell_comes_before_a_movement_that_is_only_alike(account: Account):
    account.hears(0, told(3, "a"))
    account.hears(50, told(6))  # what moved between was not told
    assert account.hears(50, told(3, "a"), told(3, "b")) == [What.DETAILS] * 2
    assert account.last[1].movements == ("M-file-1-1-0",)


def test_a_balance_to_which_the_account_came_back_does_not_say_after_which_of_both(account: Account):
    for opening, moved in ((0, told(1, "a")), (1, told(-1)), (0, told(1, "b")), (1, told(2))):
        assert account.hears(opening, moved) == [What.NEW]
    assert account.hears(1, told(1, "a"), told(1, "c")) == [What.DETAILS] * 2
    assert account.last[1].movements == ("M-file-3-1-0",)


def test_what_a_longer_statement_tells_the_shorter_one_need_not_tell(account: Account):
    for opening, moved in ((0, told(1, "a")), (1, told(-5)), (-4, told(2))):
        assert account.hears(opening, moved, free=False) == [What.NEW]
    assert account.hears(0, told(1, "a"), told(-5), told(2)) == [What.KNOWN] * 3
    account.known = [
        replace(one, told=one.told | {("file-3", 1, entry)})
        for entry, one in enumerate(account.known, start=1)
    ]
    assert account.hears(-4, told(1, "a"), told(1, "c")) == [What.KNOWN] * 2
    assert {finding.movements for finding in account.last.values()} == {("M-file-2-1-0",)}


def test_of_two_statements_between_the_same_balances_only_what_both_tell_is_told_again(account: Account):
    for opening, moved in ((0, told(1, "a")), (1, told(-1)), (0, told(2))):
        assert account.hears(opening, moved) == [What.NEW]
    account.statements.append(replace(account.statements[2], place=("day", 1)))  # tells the whole day
    account.known = [
        replace(one, told=one.told | {("day", 1, entry)}) for entry, one in enumerate(account.known, start=1)
    ]
    assert account.hears(0, told(1, "a"), told(1, "c")) == [What.DETAILS] * 2
    assert account.last[1].movements == ("M-file-2-1-0",)


def test_a_sum_stays_possible_where_one_of_its_entries_is_also_like_something_else(account: Account):
    account.hears(0, told(1, "a"))
    account.hears(70, told(2))
    assert account.hears(9_000, told(1, "a"), told(1, "c")) == [What.PERHAPS] * 2
    assert account.last[1].movements == ("M-file-0-1-0", "M-file-1-1-0")
    assert account.last[2].movements == ("M-file-1-1-0",)


def test_no_bank_tells_what_came_in_and_what_went_out_as_one_sum(account: Account):
    account.hears(0, told(5, "a"), told(-3, "b"))
    assert account.hears(0, told(2, "c")) == [What.PERHAPS]


def test_entries_may_be_told_as_one_total(account: Account):
    account.hears(0, told(3, "a"), told(5, "b"))
    assert account.hears(0, told(8, "batch")) == [What.KNOWN]
    assert account.last[1] == Finding(What.KNOWN, ("M-file-0-1-0", "M-file-0-2-0"))


@pytest.mark.parametrize("form", ["camt.053", "coda"])
@pytest.mark.parametrize("reference", ["", "R"])
def test_the_parts_of_a_total_may_be_told_in_entries_of_their_own(account: Account, form, reference):
    a, b = told(3, "a", reference=reference, entry=1), told(5, "b", reference=reference, entry=1)
    other = [told(3, "c", entry=2), told(4, "d", entry=2)]
    account.hears(0, a, b, *other)
    alone = [told(5, "b", reference="R2"), told(3, "c"), told(3, "a"), told(4, "d"), told(3, "new")]
    assert account.hears(0, *alone, form=form) == [What.KNOWN] * 4 + [What.NEW]
    of = {entry: finding.movements for entry, finding in account.last.items()}
    assert of[1] == ("M-file-0-1-1",)
    assert (of[2], of[3]) == (("M-file-0-2-0",), ("M-file-0-1-0",))
    assert account.hears(0, a, b, *other) == [What.KNOWN] * 2
    assert account.hears(9_000, told(3, "a")) == [What.PERHAPS]  # without balances only chance could tell


def test_parts_that_have_references_are_known_by_them(account: Account):
    account.hears(0, told(3, "x", reference="A", entry=1), told(3, "x", reference="B", entry=1))
    assert account.hears(3, told(3, "other words", reference="B")) == [What.KNOWN]
    assert account.last[1].movements == ("M-file-0-1-1",)


def test_an_entry_that_says_what_it_is_for_takes_the_place_of_one_that_did_not(account: Account):
    account.hears(0, told(8))
    assert account.hears(0, told(8, "for the dossier")) == [What.DETAILS]
    assert account.hears(0, told(8)) == [What.KNOWN]


def test_parts_that_do_not_match_the_known_ones_wait(account: Account):
    account.hears(0, told(3, "a"), told(5, "b"))
    assert account.hears(0, told(2, "c"), told(6, "d")) == [What.PERHAPS] * 2
