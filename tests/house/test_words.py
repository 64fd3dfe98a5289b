"""Open words: a procedure brings its own, and a word is what it says."""

from __future__ import annotations

import ast
import copy
import json
import pickle
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError

from models.parties import Body, Role
from models.words import LONGEST, Word, spelt
from office.service.payloads import CONVERTER

ROOT = Path(__file__).resolve().parent.parent.parent


class Heard(BaseModel):
    body: Body
    by_role: dict[Role, int] = {}


def test_a_word_that_the_engine_never_heard_of_travels_and_comes_back_as_what_it_is():
    heard = Heard(body=Body("chmp"), by_role={Role("rapporteur"): 1})
    (payload,) = CONVERTER.payload_converter.to_payloads([heard])
    assert json.loads(payload.data) == {"body": "chmp", "by_role": {"rapporteur": 1}}
    (read,) = CONVERTER.payload_converter.from_payloads([payload], [Heard])
    assert read == heard
    assert type(read.body) is Body
    assert [type(role) for role in read.by_role] == [Role]


def test_a_word_is_what_it_says_whoever_made_it():
    made, copied = Role("desk"), copy.deepcopy(Role.DESK)
    assert made == copied == pickle.loads(pickle.dumps(made)) == Role.DESK == "desk"
    assert {made: 1}[Role.DESK] == 1
    assert type(copied) is Role
    assert type(made.value) is str
    assert (f"{made}", repr(made)) == ("desk", "Role('desk')")


@pytest.mark.parametrize(
    "spelt", ["", "Desk", "1desk", "de sk", "désk", "desk\n", "-desk", "d" * (LONGEST + 1)]
)
def test_a_word_that_is_not_well_formed_is_refused_and_not_repeated(spelt):
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(Role).validate_python(spelt)
    assert f"{LONGEST} characters at most" in refused.value.errors()[0]["msg"]
    with pytest.raises(ValueError, match="must be a word of small letters"):
        Role(spelt)


def test_what_is_no_text_is_no_word():
    with pytest.raises(ValidationError):
        Heard.model_validate({"body": ["ethics_committee"]})


def test_a_vocabulary_that_adds_to_another_has_the_words_of_both():
    class Roles(Role):
        RAPPORTEUR = spelt("rapporteur")

    assert Roles.words() == (*Role.words(), "rapporteur")
    assert Roles.DESK == Role.DESK
    assert type(Roles.DESK) is Roles
    assert "rapporteur" not in Role.words()


def vocabularies() -> set[str]:
    waiting, found = [Word], set()
    while waiting:
        for vocabulary in waiting.pop().__subclasses__():
            waiting.append(vocabulary)
            found.add(vocabulary.__name__)
    return found


def beside_is(file: Path) -> Iterator[tuple[int, ast.expr, ast.expr]]:
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            for nth, how in enumerate(node.ops):
                if isinstance(how, ast.Is | ast.IsNot):
                    yield node.lineno, sides[nth], sides[nth + 1]


def test_no_word_is_compared_by_what_object_it_is():
    """Two words that say the same may be two objects: `is` would be wrong without a sound."""
    words, wrong = vocabularies(), []
    for file in (f for f in ROOT.rglob("*.py") if ".venv" not in f.parts):
        for line, *sides in beside_is(file):
            said = [ast.unparse(side).partition(".") for side in sides]
            if any(vocabulary in words and name for vocabulary, _, name in said):
                wrong.append(f"{file.relative_to(ROOT)}:{line}")
    assert wrong == []


@pytest.mark.parametrize("part", ["models", "register", "activities", "workflows"])
def test_what_may_hold_a_word_stands_beside_no_is(part):
    """Beside `is` stands what there is but one of: a constant, or what is named with a capital letter."""
    assert [
        f"{file.relative_to(ROOT)}:{line}"
        for file in (ROOT / part).rglob("*.py")
        for line, *sides in beside_is(file)
        if not any(isinstance(side, ast.Constant) or ast.unparse(side)[0].isupper() for side in sides)
    ] == []
