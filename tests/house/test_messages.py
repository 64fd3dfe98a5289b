"""Every message that people read is a key with its words in one place per language."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from enum import StrEnum
from inspect import cleandoc
from pathlib import Path
from string import Formatter
from typing import get_args

import pytest
from babel import Locale
from pydantic import ValidationError

from activities.wording import TEMPLATES, Wording
from models import errors
from models.acts import ACTS, Act
from models.decision import View
from models.due import named
from models.errors import Malformed
from models.flags import FACTS, flag, said
from models.law.clause import Transition
from models.law.silence import SilencePolicy
from models.messages import (
    ENGLISH,
    LANGUAGES,
    Message,
    Words,
    act_name,
    amount,
    catalogue,
    for_programs,
    named_word,
    read_in,
    word,
    worded,
    words_in,
)
from models.notes import RegisterAhead, Told
from models.obligations import day_named, timetable
from models.parties import Channel, Contact, Language
from models.payments import Reason, State
from models.words import Word
from office.desk.timeline import SpanKind
from office.law.problems import ProblemKind
from procedures.be_umn.words import Kind, Outcome, Phase, PublicList, Role
from procedures.books import applicable_law
from procedures.registry import every
from tests.toy import taken_in
from workflows.case import ENTERED

ROOT = Path(__file__).resolve().parent.parent.parent
SPOKEN = [path.stem.partition(".")[2] for path in (ROOT / "templates").glob("messages.*.toml")]
SOURCE = [
    *(
        file
        for part in ("models", "jurisdictions", "procedures", "register", "activities", "workflows", "office")
        for file in (ROOT / part).rglob("*.py")
    ),
    ROOT / "samples" / "demo.py",
    ROOT / "starter.py",
    ROOT / "worker.py",
]

FOR_READERS = ("worded", "word", "act_name", "read_in")
"""What puts something into the words of whoever reads."""

OWED = {owed for procedure in every().values() for owed in procedure.life.obligations}

ERRORS = {
    name for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, Exception)
}
SAYING = {"worded": (), "Message": (), **dict.fromkeys(ERRORS, ())} | {
    "_Found": ("name",),
    "_other": ("name",),
    "_stop": ("line", "said"),
}
"""What takes a key and facts, with the facts that it adds by itself."""


def of_file(file: Path) -> Iterator[tuple[str, ast.Call, list[str]]]:
    """Every call that says something: where, the call, and the keys that it may say."""
    for node in ast.walk(ast.parse(file.read_text())):
        if not isinstance(node, ast.Call):
            continue
        called = getattr(node.func, "id", getattr(node.func, "attr", ""))
        place = 1 if called in ("PackageRefused", "_Found") else 0
        if called in SAYING and len(node.args) > place:
            asked = node.args[place]
            either = [asked.body, asked.orelse] if isinstance(asked, ast.IfExp) else [asked]
            keys = [
                key.value for key in either if isinstance(key, ast.Constant) and isinstance(key.value, str)
            ]
            yield f"{file.relative_to(ROOT)}:{node.lineno}", node, keys


def places(words: object) -> set[str]:
    """The facts that the words of a key name, in all their forms."""
    forms = words.values() if isinstance(words, dict) else [words]
    named = {name for form in forms for _, name, _, _ in Formatter().parse(str(form)) if name is not None}
    return named | ({"n"} if isinstance(words, dict) else set())


def test_every_key_has_its_words_and_the_words_name_the_facts_that_are_given():
    wrong = []
    for file in SOURCE:
        for where, call, keys in of_file(file):
            if unknown := [key for key in keys if key not in catalogue("en") and " " not in key]:
                wrong.append(f"{where}: no words for {unknown}")
                continue
            if not keys or " " in keys[0] or any(keyword.arg is None for keyword in call.keywords):
                continue
            given = {keyword.arg for keyword in call.keywords} - {"possible"}
            given |= set(SAYING[getattr(call.func, "id", getattr(call.func, "attr", ""))])
            named = set().union(*(places(catalogue("en")[key]) for key in keys))
            if given != named:
                wrong.append(f"{where}: {keys[0]} names {sorted(named)} and is given {sorted(given)}")
    assert wrong == []


def test_help_says_of_each_act_what_the_act_says_of_itself_in_the_order_of_the_procedure():
    firsts = {act.command: " ".join(cleandoc(act.__doc__ or "").partition("\n\n")[0].split()) for act in ACTS}
    told = {
        key.partition(".")[2]: words for key, words in catalogue("en").items() if key.startswith("command.")
    }
    assert list(told.items()) == list(firsts.items())


def test_no_key_lies_in_the_catalogue_that_nobody_says():
    texts = [node for file in SOURCE for node in ast.walk(ast.parse(file.read_text()))]
    said = {node.value for node in texts if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    begun = {
        str(node.values[0].value)
        for node in texts
        if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant)
    }
    families = tuple(start for start in begun if re.match(r"[a-z-]+\.", start))
    unsaid = {
        key
        for key in catalogue("en")
        if key not in said and not key.startswith(("language.", "flag.", "timetable.", *families))
    }
    assert unsaid == set()


OF_FOLDERS = sorted((ROOT / "procedures").glob("*/messages.*.toml"))


@pytest.mark.parametrize("file", OF_FOLDERS, ids=lambda file: str(file.relative_to(ROOT)))
def test_a_folder_says_its_own_words_and_nobody_else_says_them(file: Path):
    own, language = words_in(file), file.stem.partition(".")[2]
    assert own.keys() & words_in(ROOT / "templates" / f"messages.{language}.toml").keys() == set()
    said: dict[bool, set[str]] = {True: set(), False: set()}
    for source in SOURCE:
        texts = (
            node.value for node in ast.walk(ast.parse(source.read_text())) if isinstance(node, ast.Constant)
        )
        said[source.is_relative_to(file.parent)] |= {text for text in texts if isinstance(text, str)}
    assert own.keys() & said[False] == set()
    assert (said[True] - said[False]) & catalogue(language).keys() <= own.keys()


PROSE = re.compile(r"[a-z]{2}[;:.]? [a-z]{2}|[a-z]{2}[;:,] \{|\{ [a-z]{2}")
NO_MESSAGE = {
    "Markup",
    "compile",
    "Field",
    "Group",
    "App",
    "Parameter",
    "execute",
    "text",
    "ask",
    "CheckConstraint",
    "split",
    "allot",
    "allotted",
    "confirming",
    "get",
    "warning",
    "add",
}
"""Calls whose texts nobody reads as a message: patterns, help, SQL, claims."""


ASIDE = ("possible", "static_summary", "summary", "description")
NAMES = (
    "command",
    "_HELP",
    "SUBJECTS",
    "OURS",
    "THE_PROCEDURE",
    "THE_MAIL_SERVER",
    "THE_POSTMAN",
    "THE_WORKER",
    "_PROGRAMS",
    "_MACROS",
    "_ARCHIVES",
)
"""Arguments and names that hold commands, the words of help and of the Temporal UI, who acted, and lists."""

COMMAND = re.compile(
    r"(?:umn|temporal|law|show|submit|notices|recipients|documents|people|payments|calendar) "
)
"""How a command begins that may be typed."""

DATA = {
    *(ROOT / "workflows").rglob("*.py"),
    *(ROOT / "models" / "law").rglob("*.py"),
    *(ROOT / "procedures").rglob("*.py"),
    *(ROOT / "jurisdictions").rglob("*.py"),
    ROOT / "office" / "intake" / "page_comparison.py",
    ROOT / "samples" / "demo.py",
    *(ROOT / "register" / "migrations").rglob("*.py"),
}
"""What only the Temporal UI shows; the law as we hold it with its sources; the words of the agency's page;
what a demonstration types; what a database says: data, with words of their own."""


def prose(file: Path) -> Iterator[str]:
    """Texts in code that look like a sentence, or a part of one."""
    tree = ast.parse(file.read_text())
    skipped: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            skipped.add(id(node.value))
        if (
            isinstance(node, ast.Call)
            and getattr(node.func, "id", getattr(node.func, "attr", "")) in NO_MESSAGE
        ):
            skipped |= {id(inner) for inner in ast.walk(node)}
        command = isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in NAMES
        aside = isinstance(node, ast.keyword) and node.arg in ASIDE
        codes = isinstance(node, ast.ClassDef) and getattr(node.bases[:1] and node.bases[0], "id", "") in (
            "StrEnum",
            "Word",
        )
        if isinstance(node, ast.Dict):  # codes
            skipped |= {id(key) for key in node.keys}
        if isinstance(node, ast.Subscript):
            skipped.add(id(node.slice))
        if isinstance(node, ast.Compare | ast.Assert | ast.AnnAssign) or command or aside or codes:
            skipped |= {id(inner) for inner in ast.walk(node)}
    for node in ast.walk(tree):
        if id(node) in skipped:
            continue
        if isinstance(node, ast.JoinedStr):
            skipped |= {id(part) for part in node.values}
            text = "".join(part.value if isinstance(part, ast.Constant) else "{" for part in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            text = node.value
        else:
            continue
        if PROSE.search(text) and not COMMAND.match(text):
            yield f"{file.relative_to(ROOT)}:{node.lineno} {text}"


@pytest.mark.parametrize("file", sorted(set(SOURCE) - DATA), ids=lambda file: str(file.relative_to(ROOT)))
def test_nothing_is_said_in_prose(file: Path):
    assert [*prose(file)] == []


def test_people_can_read_each_of_the_four_languages():
    assert sorted(SPOKEN) == sorted(LANGUAGES)
    for folder in (ROOT / "templates", ROOT / "procedures" / "be_umn"):
        assert {file.name for file in folder.glob("messages.*.toml")} == {
            f"messages.{language}.toml" for language in LANGUAGES
        }


def written(words: Words) -> set[str]:
    """The places of the words of a key, in all their forms, each with how its fact is written."""
    forms = words.values() if isinstance(words, Mapping) else [words]
    return {place for form in forms for place in re.findall(r"\{[^}]*\}", form)}


def lacks(english: Mapping[str, Words], other: Mapping[str, Words]) -> Iterator[str]:
    """What a language says otherwise than English, or not at all: key by key."""
    yield from (f"{key} is not said" for key in english.keys() - other.keys())
    yield from (f"{key} is nothing that English says" for key in other.keys() - english.keys())
    for key in english.keys() & other.keys():
        words, said = english[key], other[key]
        if isinstance(words, Mapping) != isinstance(said, Mapping) or (
            isinstance(words, Mapping) and isinstance(said, Mapping) and words.keys() != said.keys()
        ):
            yield f"{key} has other forms"
        elif unlike := written(words) ^ written(said):
            yield f"{key} has other places: {sorted(unlike)}"
        for command in re.findall(r"`[^`]+`", str(words)):
            if command not in str(said):
                yield f"{key} does not tell {command}"


@pytest.mark.parametrize("language", SPOKEN)
def test_a_language_says_every_key_as_english_does(language: str):
    assert sorted(lacks(catalogue("en"), catalogue(language))) == []


def test_what_a_language_lacks_is_found():
    english: dict[str, Words] = {
        "a.whole": "Pay {cents:euros} by {on}: `umn payments`.",
        "a.counted": {"one": "{n} letter", "other": "{n} letters"},
        "a.missing": "x",
    }
    other: dict[str, Words] = {
        "a.whole": "Betaal {cents} tegen {on}: `umn betalingen`.",
        "a.counted": "{n} brieven",
        "a.more": "y",
    }
    assert sorted(lacks(english, other)) == [
        "a.counted has other forms",
        "a.missing is not said",
        "a.more is nothing that English says",
        "a.whole does not tell `umn payments`",
        "a.whole has other places: ['{cents:euros}', '{cents}']",
    ]
    assert list(lacks(english, english)) == []


@pytest.mark.parametrize("language", SPOKEN)
def test_an_amount_is_written_as_the_letters_of_its_language_write_it(language: str):
    letters = Wording(TEMPLATES).euros(18_960_32, Language(language))
    assert amount(18_960_32, language) == letters.strip("€ \u00a0\u202f")
    assert amount(-5, language) == f"-{amount(5, language)}"


@pytest.mark.parametrize("language", SPOKEN)
def test_what_a_person_reads_follows_the_language_and_a_message_as_text_does_not(language: str):
    said = Message("due.by-until", what=named("decision"), by=named_word("applicant"), on=date(2026, 3, 1))
    english = str(said)
    read_in(language)
    try:
        assert worded(said.key, **said.facts) == said.in_words(language)
        assert word("applicant") == str(catalogue(language)["word.applicant"])
        assert (str(said), f"{said}", Malformed(said.key, **said.facts).args) == (
            english,
            english,
            (english,),
        )
        with for_programs():
            assert worded(said.key, **said.facts) == english
        assert said.in_words() == said.in_words(language)
    finally:
        read_in(ENGLISH)


@pytest.mark.parametrize("language", SPOKEN)
def test_what_a_folder_of_procedures_says_in_english_only_is_told_so(language: str):
    with taken_in():
        assert named_word("centres_council").in_words(language) == "council"
    with pytest.raises(LookupError):
        Message("nobody.says-this").in_words(language)


@pytest.mark.parametrize("part", ["workflows", "activities", "worker.py"])
def test_what_workers_keep_or_send_is_in_nobodys_language(part: str):
    files = [ROOT / part] if part.endswith(".py") else (ROOT / part).rglob("*.py")
    assert [
        f"{file.relative_to(ROOT)}:{call.lineno}"
        for file in files
        for call in ast.walk(ast.parse(file.read_text()))
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") in FOR_READERS
    ] == []


@pytest.mark.parametrize("language", SPOKEN)
def test_how_many_is_said_in_the_form_of_the_language(language: str):
    one = str(catalogue(language)["language.one"]).split()
    rule = Locale.parse(language).plural_form
    assert [n for n in range(200) if str(n) in one] == [n for n in range(200) if rule(n) == "one"]


CODES = (
    Kind.words(),
    Phase.words(),
    PublicList.words(),
    View,
    Outcome.words(),
    Role.words(),
    Channel,
    State,
    Reason,
    Transition,
    ProblemKind,
    SilencePolicy,
    SpanKind,
)


@pytest.mark.parametrize("codes", CODES)
def test_a_code_that_people_read_has_its_words(codes: Collection[StrEnum | Word]):
    assert {code.value: named_word(code.value).key for code in codes} == {
        code.value: f"word.{re.sub('[_ ]', '-', code.value).replace(',', '')}" for code in codes
    }


def entered() -> set[str]:
    """Everything that an entry may tell: acts, notes, and what a workflow lets happen by itself."""
    acts = [Act]
    for act in acts:
        acts += act.__subclasses__()
    told = {act.__name__ for act in acts if "command" in vars(act)}
    told |= {note.__name__ for note in get_args(get_args(Told)[0])} - {RegisterAhead.__name__}  # not entered
    calls = (node for file in SOURCE for node in ast.walk(ast.parse(file.read_text())))
    for call in calls:
        if isinstance(call, ast.Call) and getattr(call.func, "attr", "") == "happens":
            what = call.args[0]
            told |= {what.value} if isinstance(what, ast.Constant) else set()
    told |= set(ENTERED.values())
    return told | {entry for owed in OWED for entry in (owed.reminded, owed.told_late)}


def names(section: str) -> set[str]:
    """The keys of a section, without its name."""
    return {key.removeprefix(f"{section}.") for key in catalogue("en") if key.startswith(f"{section}.")}


def test_everything_that_an_entry_may_tell_has_its_words():
    assert names("act-name") == entered()
    assert act_name("DeclaredAdmissible") == "declared admissible"


def test_every_code_with_facts_is_given_its_facts_somewhere():
    calls = [
        call
        for file in SOURCE
        for call in ast.walk(ast.parse(file.read_text()))
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") in ("flag", "coded")
    ]
    given = {
        (code.value, len(facts))
        for code, *facts in (call.args for call in calls)
        if isinstance(code, ast.Constant)
    }
    assert given == {(code, len(facts)) for code, facts in FACTS.items()}


def test_a_flag_has_words_that_name_its_facts():
    said = {code: places(catalogue("en")[f"flag.{code}"]) for code in names("flag")}
    known = FACTS | {owed.late_letter: ("of",) for owed in OWED}
    assert said == {code: set(facts) for code, facts in known.items()}


def test_a_day_of_a_year_has_words_that_name_which_one_it_is():
    of_year = [
        code
        for procedure in every()
        for code in timetable(
            date(2026, 1, 2), 1, applicable_law(procedure, None, date(2026, 1, 2)), [(1, date(2026, 9, 1))]
        )
    ]
    told = {code.partition(":")[0]: set(("of", "reminder")[: code.count(":")]) for code in of_year}
    assert {code: places(catalogue("en")[f"timetable.{code}"]) for code in names("timetable")} == told


def test_a_code_with_facts_is_put_into_words_where_it_is_read():
    assert flag("letter-came-back", "questions", 4) == "letter-came-back:questions:4"
    assert said("letter-came-back:questions:4") == "letter questions of entry 4 came back"
    assert said("change-proposed") == "change or end proposed"
    assert day_named("list-reminder:2027-10-01:1") == "reminder 1 of the list of reactions 2027-10-01"


def test_a_code_without_words_is_told_as_it_is_spelt():
    assert word("eu-1182-71") == "eu-1182-71"
    assert word("closed_to_new_patients") == "closed to new patients"
    assert act_name("Unheard") == "Unheard"
    assert said("unheard:1") == "unheard:1"
    assert said("condition-overdue:1:2") == "condition-overdue:1:2"
    assert day_named("decision") == "decision"


def test_what_pydantic_refuses_is_a_message_of_its_part():
    with pytest.raises(ValidationError) as refused:
        Contact.model_validate({"name": "Specimen", "enterprise_number": "0123", "language": "xx"})
    told = {error["loc"][0]: str(Message.of_input(error)) for error in refused.value.errors()}
    assert told["language"].startswith("must be one of 'nl', 'fr'")
    assert told["email"] == "is missing"


def test_a_message_travels_as_key_and_facts_and_says_the_same_afterwards():
    said = Message("act.cannot-follow", number="CUP-2026-001", why=Message("law.no-clause", clause="x"))
    again = Message.received(said.sent())
    assert (
        str(again)
        == str(said)
        == "CUP-2026-001 cannot follow it: No clause is called 'x'. `umn law list` shows them all."
    )


def test_facts_are_written_as_their_place_says():
    assert "12.50 are open" in worded("act.more-than-open", cents=1300, number="1", open=1250)
    assert worded("act.no-such-condition", number="1", condition=2, known=()).endswith("open: none.")
    assert worded("act.no-such-condition", number="1", condition=2, known=(1, 3)).endswith("open: 1, 3.")
