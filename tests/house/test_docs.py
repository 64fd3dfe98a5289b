"""The documents say what the code says: commands, settings, values, words, and where things are."""

from __future__ import annotations

import ast
import inspect
import re
from dataclasses import fields
from pathlib import Path

import pytest

import starter
from activities.wording import wording_of
from jurisdictions.be.arrivals import RULES
from jurisdictions.be.remedies import REMEDIES
from models.acts import ACTS, Act
from models.decision import View
from models.flags import FACTS
from models.law.clause import Clause
from models.law.clause import spoken as spoken_alone
from models.law.degree import least
from models.notes import DossierEnded, DossierFiled, LetterLeft, LetterRefused
from models.parties import Language
from models.receipts import Receipt
from models.words import Word
from office.commands import Form
from office.desk.acting import command_of
from office.service import seals
from office.settings import PREFIX, Settings
from procedures import registry
from procedures.be_umn.law.conditions import CONDITIONS
from procedures.be_umn.law.contributions import CONTRIBUTIONS
from procedures.be_umn.law.time_limits import TIME_LIMITS
from procedures.be_umn.words import Body, Kind, Outcome, Phase
from workflows.search import ALL

PROJECT = Path(__file__).resolve().parents[2]
DOCS = PROJECT / "docs"
OPERATORS = (DOCS / "operators.md").read_text()
PROCEDURE = (PROJECT / "procedures" / "be_umn" / "procedure.md").read_text()
VOCABULARY = (DOCS / "vocabulary.md").read_text()
PAGES = [
    *sorted(PROJECT.glob("*.md")),
    *sorted(DOCS.rglob("*.md")),
    *sorted((PROJECT / "procedures").glob("*/*.md")),
    *sorted(PROJECT.rglob("samples/README.md")),
]
MADE_LATER = {"deployment/secrets/", "docker-compose.override.yml", "verify.py"}
"""Named in the documents, made by whoever installs, or by an export."""

COMMON = ("number", "entry", "by", "on", "request_id", "dry_run", "yes", "output")
"""What every act takes; told once."""


def rows(page: str) -> dict[str, list[str]]:
    """The lines of a page's tables, by their first cell without backticks."""
    lines = [line.strip("|").split(" | ") for line in page.splitlines() if line.startswith("| ")]
    return {cells[0].strip().strip("`"): [cell.strip() for cell in cells] for cells in lines}


def name(page: Path) -> str:
    return str(page.relative_to(PROJECT))


# The command line.


@pytest.mark.parametrize("command", [*starter.LIGHT, *(act.command for act in ACTS)])
def test_every_command_is_in_the_operators_table(command: str) -> None:
    assert any(first.split()[:2] == ["umn", command] for first in rows(OPERATORS)), command


def test_no_command_is_documented_that_does_not_exist() -> None:
    known = {*starter.LIGHT, *(act.command for act in ACTS)}
    told = {first.split()[1] for first in rows(OPERATORS) if first.startswith("umn ")}
    typed = set(re.findall(r"^(?:\$ |\./)?umn ([a-z-]+)", OPERATORS, re.MULTILINE))
    assert told | typed <= known


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.command)
def test_every_option_of_an_act_is_in_its_row(act: type[Act]) -> None:
    taken = inspect.signature(command_of(act, Form)).parameters
    options = {f"--{option.replace('_', '-')}" for option in taken if option not in COMMON}
    row = next(
        row for first, row in rows(OPERATORS).items() if f"{first} ".startswith(f"umn {act.command} NUMBER ")
    )
    told = set(re.findall(r"--[a-z-]+", row[1]))
    assert told == options


def test_every_exit_code_is_told() -> None:
    assert {str(code) for code in (0, 1, *starter.EXIT.values())} <= rows(OPERATORS).keys()


def test_every_field_of_a_receipt_is_told() -> None:
    section = OPERATORS.split("## For programs", 1)[1]
    cells = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    assert Receipt.model_fields.keys() <= set(re.findall(r"`([a-z_]+)`", " ".join(cells)))


def test_every_flag_is_told_with_its_facts() -> None:
    table = OPERATORS.split("| flag | facts |", 1)[1].split("\n\n", 1)[0]
    told = {line.split("|")[1].strip(" `"): line.split("|")[2] for line in table.splitlines()[2:]}
    named = {flag: facts.count(",") + bool(facts.strip()) for flag, facts in told.items()}
    assert named == {flag: len(facts) for flag, facts in FACTS.items()}


def test_every_problem_of_status_is_told_with_what_to_do() -> None:
    kinds = {
        call.args[0].value
        for file in sorted((PROJECT / "office").rglob("*.py"))
        if "from office.service.problems import" in (text := file.read_text())
        for call in ast.walk(ast.parse(text))
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") in ("Problem", "each")
        if isinstance(call.args[0], ast.Constant)
    }
    assert {"behind", "cancellation-requested", "mail"} <= kinds
    kinds |= {*seals.WORDS}
    tables = [part.partition("\n\n")[0] for part in OPERATORS.split("| kind | means | what to do |")[1:]]
    assert kinds - set(re.findall(r"`([a-z-]+)`", "".join(tables))) == set()


@pytest.mark.parametrize("field", fields(Settings), ids=lambda field: field.name)
def test_every_setting_is_told_with_its_default(field: object) -> None:
    name, default = field.name, field.default  # type: ignore[attr-defined]
    told = rows(OPERATORS)[PREFIX + name.upper()]
    spoken = {"": "empty", "None": "none"}.get(str(default), f"`{default}`")
    assert told[1] == spoken


def test_every_search_attribute_is_told() -> None:
    assert {key.name for key in ALL} <= set(re.findall(r"`(\w+)`", OPERATORS))


@pytest.mark.parametrize("code", registry.every())
def test_every_fact_and_every_outcome_of_every_procedure_is_in_its_row(code: str) -> None:
    known = registry.procedure(code)
    rows = [line for line in OPERATORS.splitlines() if line.startswith("| ")]
    for fact in known.life.facts:
        mine = [row for row in rows if f"`{fact.name}`" in row.split(" | ")[0]]
        assert any(code in row.split(" | ")[1] for row in mine), fact.name
    ends = {one.outcome for examined in known.examinations.values() for one in examined.outcomes}
    ends |= {one.outcome for one in known.life.outcomes}
    told = {f"`{one.value.replace('_', '-')}`" for one in ends}
    assert [one for one in told if not any(one in row for row in rows)] == []


@pytest.mark.parametrize("task", re.split(r"^## ", OPERATORS, flags=re.MULTILINE)[1:17])
def test_every_task_ends_in_verify_and_troubleshooting(task: str) -> None:
    assert task.index("**Verify.**") < task.index("**Troubleshooting.**")


# The law.


def test_the_table_of_time_limits_is_the_one_that_is_applied() -> None:
    assert table_after("## Time limits", PROCEDURE) == told((*TIME_LIMITS, *REMEDIES))


def test_the_table_of_conditions_and_powers_is_the_one_that_is_applied() -> None:
    assert table_after("## Conditions and powers", PROCEDURE) == told(CONDITIONS)


def test_the_table_of_arrivals_is_the_one_that_is_applied() -> None:
    assert table_after("## When a letter counts as received", PROCEDURE) == told(RULES)


def told(clauses: tuple[Clause, ...]) -> list[str]:
    """Lines of a table of clauses."""
    lines = []
    for clause in clauses:
        for value in clause.values:
            steps = value.value if isinstance(value.value, tuple) else (value.value,)
            source = f"{value.source.instrument}, {value.source.article}; {value.source.remark}"
            degree = value.degree.value
            spoken = ", ".join(map(str, steps)) if len(steps) > 1 else spoken_alone(steps[0])
            lines.append(
                f"| `{clause.id}` | {clause.governs} | {spoken} | {value.from_on} | {source} | {degree} |"
            )
    return lines


def test_the_table_of_contributions_is_the_one_that_is_applied() -> None:
    wanted = []
    days = sorted({value.from_on for clause in CONTRIBUTIONS for value in clause.values})
    for clause in CONTRIBUTIONS:
        known = {value.from_on: f"{int(str(value.value)) / 100:,.2f}" for value in clause.values}
        years = " | ".join(known.get(day, "unknown") for day in days)
        degree = least(value.degree for value in clause.values)
        wanted.append(f"| `{clause.id}` | {years} | {degree} |")
    assert table_after("## Contributions", PROCEDURE) == wanted
    years = " | ".join(str(day).removesuffix("-01-01") for day in days)
    assert f"| clause | {years} | degree |" in PROCEDURE


def table_after(heading: str, page: str) -> list[str]:
    """The lines of the first table under a heading, without its own two first ones."""
    section = re.split(r"^## ", page.split(f"\n{heading}\n", 1)[1], maxsplit=1, flags=re.MULTILINE)[0]
    return [line for line in section.splitlines() if line.startswith("|")][2:]


PHASES = [f"phases/{file.stem}" for file in sorted((PROJECT / "workflows" / "phases").glob("[!_]*.py"))]


@pytest.mark.parametrize("phase", ["examination", "life", "invoicing", *PHASES])
def test_every_file_that_codes_law_says_which_and_is_in_the_procedure(phase: str) -> None:
    file = PROJECT / "workflows" / f"{phase}.py"
    said = ast.get_docstring(ast.parse(file.read_text())) or ""
    assert "\nLaw: " in said
    assert f"workflows/{phase}.py" in PROCEDURE


# The words.


@pytest.mark.parametrize("act", ACTS, ids=lambda act: act.command)
def test_every_act_is_in_the_vocabulary(act: type[Act]) -> None:
    assert f"| `{act.__name__}` | `{act.command}` |" in VOCABULARY


@pytest.mark.parametrize("kind", [Phase, Outcome])
def test_phases_and_outcomes_are_called_as_in_the_letters(kind: type[Word]) -> None:
    wording = wording_of("CUP")
    words = {language: wording.words(Language(language))["words"] for language in ("en", "nl", "fr")}
    heading = {Phase: "## Phases", Outcome: "## Outcomes"}[kind]
    spoken = [[words[language][word.value] for language in ("en", "nl", "fr")] for word in kind.words()]
    wanted = [
        f"| {' | '.join(said)} | `{word.value}` |" for said, word in zip(spoken, kind.words(), strict=True)
    ]
    assert sorted(table_after(heading, VOCABULARY)) == sorted(wanted)


def test_every_other_word_of_the_code_is_in_the_vocabulary() -> None:
    told = set(re.findall(r"`([\w-]+)`", VOCABULARY))
    assert {*Kind.words(), *Body.words(), *View} <= told
    assert {note.__name__ for note in (DossierFiled, DossierEnded, LetterLeft, LetterRefused)} <= told


def test_every_entry_that_the_procedure_makes_by_itself_is_in_the_vocabulary() -> None:
    code = "".join(file.read_text() for file in sorted((PROJECT / "workflows").rglob("*.py")))
    made = set(re.findall(r"\.happens\(\s*\"(\w+)\"", code))
    assert made
    assert made <= set(re.findall(r"`(\w+)`", VOCABULARY))


# Where things are.


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", without_blocks(page)):
        if re.match(r"[a-z]+:", target):
            continue
        file, _, anchor = target.partition("#")
        found = (page.parent / file).resolve() if file else page
        assert found.exists(), f"{name(page)}: {target}"
        if anchor:
            assert anchor in anchors(found), f"{name(page)}: {target}"


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_file_that_is_named_exists(page: Path) -> None:
    for named in re.findall(r"`([^`\n]+)`", without_blocks(page)):
        if named not in MADE_LATER and is_of_the_project(named):
            assert list(PROJECT.glob(named)), f"{name(page)}: {named}"


def is_of_the_project(named: str) -> bool:
    """Whether a word in backticks is meant as a file or folder of this project."""
    if not re.fullmatch(r"[\w.*/-]+", named):
        return False
    first, slash, _ = named.partition("/")
    if slash:
        return bool(first) and (PROJECT / first).is_dir() and first != "var"
    return bool(re.fullmatch(r"[\w-]+\.(py|md|toml|yml)|requirements[\w-]*\.lock|Makefile|Dockerfile", named))


def without_blocks(page: Path) -> str:
    """A page without what stands in its code blocks."""
    return re.sub(r"^```.*?^```", "", page.read_text(), flags=re.MULTILINE | re.DOTALL)


def anchors(page: Path) -> set[str]:
    """What a link can lead to in a page: its headings, as they are spelt in links."""
    headings = re.findall(r"^#+ (.+)$", without_blocks(page), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading).strip().lower().replace(" ", "-") for heading in headings}


def test_every_decision_is_listed_and_has_its_three_parts() -> None:
    listed = (DOCS / "decisions" / "README.md").read_text()
    for decision in sorted((DOCS / "decisions").glob("[0-9]*.md")):
        text = decision.read_text()
        assert text.startswith(f"# {decision.name[:4]}. ")
        assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ["Context", "Decision", "Consequences"]
        assert decision.name in listed


def test_every_change_says_kind_day_phases_and_whom_it_touches() -> None:
    changes = re.findall(r"^- (.+)$", (PROJECT / "CHANGELOG.md").read_text(), re.MULTILINE)
    form = r"\*\*(law|correction|letters|technical)\*\* · from: .+ · phases: .+ · running: .+"
    assert changes
    assert [change for change in changes if not re.fullmatch(form, change)] == []
