"""What a text is: one rule, and what it says of every kind of sign."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from pydantic import BaseModel, ValidationError

from models.acts import (
    ACTS,
    POST_ACTS,
    REVISIONS,
    STATEMENT_ACTS,
    Decided,
    NoticeBounced,
    RuleJudged,
    Withdrawn,
)
from models.signs import OURS, flaw, line, name, remark, text, visible
from models.subjects import Product

ROOT = Path(__file__).resolve().parent.parent.parent

BLANK = [
    "",
    " ",
    "   ",
    "\t",
    "\n\n",
    "\u00a0",
    "\u3000",
    "\u2028",
    "\u200b\u200b",
    "\u00ad",
    "\ufeff",
    "\u3164",
    "\u2800",
]
UNSEEN = [
    "a\0b",
    "\x1b[31mred",
    "a\x7fb",
    "a\x9b31mb",
    "good\rEVIL",
    "a\u2028b",
    "abc\u202etxt.exe\u202c",
    "a\u2066b\u2069",
    "a\u200bb",
    "a\ufeffb",
    "a\U000e0041b",
    "a\ue000b",
    "a\ufffeb",
    "a\ud800b",
    "a\udcffb",
    "a\u200d",
    "\u200da",
    "a \u200d b",
    "a\u3164b",
]
TEXTS = [
    "Zulassung u\u0308ber",
    "مرحبا بالعالم",
    "שלום",
    "می\u200cخواهم",  # as Persian is written
    "👨\u200d👩\u200d👧",
    "❤\ufe0f",
    "un médicament\u00a0: «\u202foui\u202f»",
    "first\n\nsecond\tcolumn",
    "a word that may be divi\u00added",
    "<script>alert(1)</script>",
    "[bold red]x[/] [/nothing]",
    "{{ 7*7 }} #read(\"/etc/passwd\") =cmd|'/C calc'!A0",
    "annex [",
    ".",
]


@pytest.mark.parametrize("written", BLANK)
def test_what_says_nothing_is_no_text(written: str) -> None:
    for rule in (text, line, name):
        with pytest.raises(ValueError, match=r"says nothing|nobody sees"):
            rule(written)
    assert flaw(written, lines=True)


@pytest.mark.parametrize("written", UNSEEN)
def test_what_nobody_sees_is_refused_and_shown_by_its_number(written: str) -> None:
    for rule in (text, line, name, remark):
        with pytest.raises(ValueError, match=r"holds a sign that nobody sees: U\+[0-9A-F]{4,6} "):
            rule(written)
    assert not flaw(visible(written))
    assert visible(written).encode().decode("unicode_escape", "surrogatepass") != ""


@pytest.mark.parametrize("written", TEXTS)
def test_what_people_write_stands_as_they_wrote_it(written: str) -> None:
    assert text(written) == written
    assert visible(written) == written


def test_a_name_has_one_line_and_plain_blanks() -> None:
    assert name("  Case\u00a0officer\u2009 A ") == "Case officer A"
    assert line("u\u0308ber") == "über"
    for two_lines in ("Case officer A\nCase officer B", "Case officer\tA"):
        with pytest.raises(ValueError, match="nobody sees: U"):
            name(two_lines)
    with pytest.raises(ValueError, match="not the name of a person"):
        name("---")


@pytest.mark.parametrize(
    "called",
    [
        *OURS,
        "The Procedure",
        "THE PROCEDURE",
        "the\u00a0procedure",
        " the  procedure ",
        "the procedure.",
        "theprocedure",
        "Procedure",
        "ｔｈｅ ｐｒｏｃｅｄｕｒｅ",
        "the pro\u200dcedure",
        "Mail-Server",
        "The Postman",
        "Worker",
        "UMN",
    ],
)
def test_no_person_is_called_as_the_machine_calls_itself(called: str) -> None:
    with pytest.raises(ValueError, match="a person has another name"):
        name(called)
    with pytest.raises(ValidationError, match="a person has another name"):
        Withdrawn(by=called, request_id="request-1")


def test_a_mail_server_may_tell_that_a_letter_came_back() -> None:
    said = {"notice": "CUP-2026-001/1", "letter": "decision", "role": "applicant", "entry": 1}
    assert NoticeBounced(by=OURS[1], request_id="request-1", **said).by == OURS[1]


def test_whoever_acts_where_no_person_does_is_among_the_names_that_nobody_may_have() -> None:
    """A machine's name that is written out somewhere would be free for a person to take."""
    for part in ("workflows", "activities", "register", "office"):
        for file in (ROOT / part).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text())):
                if isinstance(node, ast.keyword) and node.arg in ("by", "settled_by", "taken_in_by"):
                    assert not (isinstance(node.value, ast.Constant) and node.value.value), file


def test_every_text_of_every_act_is_a_text() -> None:
    """Each field of words refuses a zero-width text, whatever its act."""
    free = {
        (act.__name__, field)
        for act in (*ACTS, *REVISIONS, *STATEMENT_ACTS, *POST_ACTS)
        for field, known in act.model_fields.items()
        if known.annotation is str and not known.metadata
    }
    assert free == set()
    for act in (*ACTS, *REVISIONS, *STATEMENT_ACTS, *POST_ACTS):
        words = [f for f, known in act.model_fields.items() if known.annotation is str]
        with pytest.raises(ValidationError) as refused:
            act(**dict.fromkeys(words, "\u200b\u200b\u200b\u200b\u200b\u200b\u200b\u200b"))
        told = {str(error["loc"][0]) for error in refused.value.errors()}
        assert set(words) - told == set(), act.__name__


@pytest.mark.parametrize("grounds", ["", "   ", "\u200b", "\x1b[2J"])
def test_no_programme_is_authorised_on_grounds_that_say_nothing(grounds: str) -> None:
    for act, said in (
        (Decided, {"outcome": "authorised"}),
        (RuleJudged, {"rule": "E-02", "verdict": "pass"}),
    ):
        with pytest.raises(ValidationError, match=r"says nothing|nobody sees"):
            act(by="Case officer A", request_id="request-1", grounds=grounds, **said)


@pytest.mark.parametrize(
    "request_id", ["a b c d e f", "ééééééééé", "\u202eabcdefgh", "x\nyyyyyyyyy", "a\0bcdefgh", "[red]abcdef"]
)
def test_a_request_id_has_plain_letters_and_digits(request_id: str) -> None:
    with pytest.raises(ValidationError, match="request_id"):
        Withdrawn(by="Case officer A", request_id=request_id)


def test_a_product_has_a_name_that_everybody_sees() -> None:
    class Named(BaseModel):
        product: Product

    said = {"trade_name": "Voorbeeldra", "active_substance": "voorbeeldinib", "indication": "a disease"}
    for field in said:
        with pytest.raises(ValidationError, match=rf"product\.{field}"):
            Named(product={**said, field: "a\u202eb"})
