"""A table fits the screen that it is shown on, and never cuts a day, a number or an amount."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from office.tables import WHOLE, lines

COLUMNS = ("number", "kind", "subject", "holder", "phase", "due", "amount", "said")
ROW = (
    "CUP-2026-001",
    "programme",
    "Voorbeeldra for adults with Nergensland syndrome",
    "Exemplar Therapeutics",
    "authorised",
    "2027-05-29",
    "€ 19,284.61",
    "No satisfactory treatment is authorised, marketed and reimbursed.",
)
TOLD = dict(zip(COLUMNS, ROW, strict=True))
WORDS = st.text("abc dé-", min_size=1, max_size=40).filter(str.strip)


@pytest.fixture
def wide(monkeypatch: pytest.MonkeyPatch):
    return lambda columns: monkeypatch.setenv("COLUMNS", str(columns))


@given(
    st.integers(24, 200), st.lists(st.tuples(*[WORDS] * len(COLUMNS)), min_size=1, max_size=5), st.booleans()
)
def test_what_is_told_stands_there_whole_on_a_screen_of_any_width(
    columns: int, told: list[tuple[str, ...]], brief: bool
) -> None:
    rows = [
        tuple(TOLD[name] if name in WHOLE else cell for name, cell in zip(COLUMNS, row, strict=True))
        for row in told
    ]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("COLUMNS", str(columns))
        shown = [*lines(COLUMNS, rows, brief=brief)]
    assert max(map(len, shown if not brief else shown[:-1])) <= columns
    text = " ".join(" ".join(shown).split())
    assert all("CUP-2026-001" in line for line in shown[1 : 1 + len(rows)] if brief)
    if brief:
        return
    assert text.count("2027-05-29") == text.count("€ 19,284.61") == len(rows)
    for row in rows:
        for cell in row:
            assert all(word[:8] in text for word in cell.split())


def test_a_brief_list_keeps_to_a_line_each_and_says_what_it_leaves_out(wide) -> None:
    wide(80)
    head, one, two, left_out = lines(COLUMNS, [ROW, ROW], brief=True)
    assert one == two
    assert "2027-05-29" in one
    assert {"kind", "holder"} & set(head.split()) == set()
    assert left_out.startswith("no room for: kind, holder")
    wide(250)
    assert len([*lines(COLUMNS, [ROW], brief=True)]) == 2


def test_where_there_is_no_room_the_least_stands_beneath_with_its_head(wide) -> None:
    wide(60)
    shown = "\n".join(lines(COLUMNS, [ROW]))
    assert "    kind: programme  holder: Exemplar Therapeutics" in shown
    assert shown.splitlines()[0].split() == ["number", "subject", "due", "amount"]


def test_a_file_is_as_wide_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("COLUMNS", raising=False)
    _head, one = lines(COLUMNS, [ROW], brief=True)
    assert ROW[2] in one
    assert ROW[-1] in one


def test_a_screen_reader_hears_of_each_word_what_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UMN_TABLES", "plain")
    assert [
        *lines(("number", "due", "phase"), [("CUP-2026-001", "2027-05-29", "")], groups=[("desk", 1)])
    ] == [
        "desk:",
        "number: CUP-2026-001; due: 2027-05-29.",
    ]


def test_columns_in_which_nothing_is_told_are_left_out(wide) -> None:
    wide(80)
    head, _ = lines(("number", "flags", "due"), [("A-1", "", "2027-05-29")])
    assert head.split() == ["number", "due"]


@pytest.mark.parametrize("way", ["fit", "wide", "plain"])
def test_a_table_without_rows_is_nothing(monkeypatch: pytest.MonkeyPatch, way: str) -> None:
    monkeypatch.setenv("UMN_TABLES", way)
    assert list(lines(("number", "name"), [])) == []


def test_signs_that_steer_a_screen_are_spelt(wide) -> None:
    wide(80)
    assert "\x1b" not in "".join(lines(("number", "subject"), [("A-1", "a\x1b[2Jb")]))
