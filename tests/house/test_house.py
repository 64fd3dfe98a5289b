"""The house rules that a reader cannot keep in mind."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from collections import Counter
from datetime import timedelta
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from models.acts import EVERY_ACT, Act

ROOT = Path(__file__).resolve().parent.parent.parent
OURS = (
    "models",
    "jurisdictions",
    "procedures",
    "workflows",
    "activities",
    "register",
    "office",
    "starter",
    "worker",
)
MAY_IMPORT = {
    "models": {"models"},
    "jurisdictions": {"models", "jurisdictions"},
    "procedures": {"models", "jurisdictions", "procedures"},
    "register": {"models", "procedures", "register"},
    "activities": {"models", "procedures", "register", "activities"},
    "workflows": {"models", "workflows"},
    "office": {"models", "procedures", "register", "office", "workflows", "activities"},
    "starter": {"models", "procedures", "register", "office"},
}
EFFECTS_MAY_ALSO = {"activities"}


def imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found.add(node.module.split(".")[0])
    return found & set(OURS)


@pytest.mark.parametrize("part", MAY_IMPORT)
def test_imports_point_the_right_way(part):
    files = list((ROOT / part).rglob("*.py")) or [ROOT / f"{part}.py"]
    wrong = {
        str(file.relative_to(ROOT)): sorted(found - MAY_IMPORT[part])
        for file in files
        if (found := imports(file))
        - MAY_IMPORT[part]
        - (EFFECTS_MAY_ALSO if file == ROOT / "workflows" / "effects.py" else set())
    }
    assert wrong == {}


def modules(path: Path) -> set[str]:
    """Every module of ours that a file imports, at any depth and of any kind."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return {module for module in found if module.split(".")[0] in OURS}


@pytest.mark.parametrize("part", ["models", "register", "activities", "workflows", "office", "starter"])
def test_the_engine_knows_procedures_by_their_registry_only(part):
    files = list((ROOT / part).rglob("*.py")) or [ROOT / f"{part}.py"]
    for file in files:
        behind = {
            module
            for module in modules(file)
            if module.startswith(("procedures", "jurisdictions"))
            and not module.startswith(("procedures.registry", "procedures.books"))
        }
        assert not behind, file


def test_no_folder_of_a_procedure_knows_another():
    for folder in (ROOT / "procedures").iterdir():
        for file in folder.rglob("*.py"):
            known = {module.split(".")[1] for module in modules(file) if module.startswith("procedures.")}
            assert known <= {folder.name, "shape", "packages"}, file


def parts_of(name: str) -> set[str]:
    """A module and the packages that are run with it."""
    return {name[:place] for place, sign in enumerate(f"{name}.") if sign == "."}


def test_no_module_imports_itself_by_way_of_others():
    """Also not inside a function or for types: two rooms that need each other are one room, or three."""
    files = [file for part in OURS for file in (ROOT / f"{part}.py", *(ROOT / part).rglob("*.py"))]
    named = {file.relative_to(ROOT).with_suffix("").as_posix().replace("/", "."): file for file in files}
    known = {name.removesuffix(".__init__"): file for name, file in named.items() if file.is_file()}
    graph = {
        name: set().union(*map(parts_of, modules(file))) & set(known) - {name} for name, file in known.items()
    }
    assert {"starter", "worker", "office.desk.sending"} <= set(graph)
    assert "activities.register" in graph["workflows.effects"]
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as circle:
        pytest.fail(" imports ".join(reversed(circle.args[1])))


LONG = 400
"""Lines of a file that is still read in one sitting."""


def test_what_is_longer_than_a_sitting_says_why():
    """Its docstring says what it is long because of; migrations are written by a tool."""
    parts = [ROOT / part for part in (*OURS, "samples", "benchmarks")]
    files = [file for part in parts for file in (part.with_suffix(".py"), *part.rglob("*.py"))]
    long = [
        file
        for file in files
        if file.is_file() and file.parent.name != "versions" and len(file.read_text().splitlines()) > LONG
    ]
    assert ROOT / "models" / "acts.py" in long
    silent = {
        str(file.relative_to(ROOT))
        for file in long
        if "long because"
        not in " ".join((ast.get_docstring(ast.parse(file.read_text())) or "").lower().split())
    }
    assert silent == set()


def test_six_rooms_at_most_stand_outside_the_wings_of_the_office():
    """What all wings use; the rest belongs to one of them."""
    assert len(list((ROOT / "office").glob("*.py"))) <= 6
    assert {wing.name for wing in (ROOT / "office").iterdir() if (wing / "__init__.py").exists()} == {
        *("service", "intake", "money", "law", "letters", "publication", "desk", "commands"),
    }


def test_office_uses_the_names_of_workflows_only_to_search_and_a_case_only_to_rehearse():
    known = {"workflows.search", "workflows.rehearsal"}
    for file in (ROOT / "office").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("workflows"):
                assert [alias.name for alias in node.names] == ["search"] or node.module in known, file


WORDS_OF_LETTERS = (
    *("wording", "letter_text", "explaining", "letter_pages"),
    *("invoice_pages", "drafting", "addressing", "signing"),
)
"""What makes the pages of letters, and keeps and sends nothing."""


def test_office_uses_the_words_of_letters_and_no_activity():
    for file in (ROOT / "office").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            named = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            named += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            used = {module for module in named if module.split(".")[0] == "activities"}
            assert used <= {f"activities.{words}" for words in WORDS_OF_LETTERS}, file.name
    for words in WORDS_OF_LETTERS:
        assert "@activity.defn" not in (ROOT / "activities" / f"{words}.py").read_text()


@pytest.mark.parametrize("room", ["models", "workflows", "procedures", "jurisdictions"])
def test_what_the_sandbox_does_not_see_the_linter_refuses(room):
    """These rooms are passed through the sandbox, which would stop a case over each of these."""
    source = """
import os, random, secrets, socket, sqlite3, subprocess, threading, time, uuid
from asyncio import sleep, wait
from datetime import date, datetime
today, now = date.today(), datetime.now()
"""
    ruff = [str(Path(sys.executable).with_name("ruff")), "check", "--select", "TID251", "--output-format"]
    told = subprocess.run(
        [*ruff, "json", "--stdin-filename", f"{room}/new.py", "-"],
        input=source,
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    rows = Counter(error["location"]["row"] for error in json.loads(told.stdout))
    assert rows == {2: 9, 3: 2, 5: 2}


def test_no_number_of_days_or_amount_stands_in_workflow_code():
    """Numbers of the law are data. What remains are counting steps, and time-outs of the outside world."""
    receipts = {"life.py": {-2, 2}, "statement.py": {5, 500}, "postman.py": {5}}
    receipts["effects.py"] = {4, 120}
    # two years; movements of one run; lanes at once; attempts
    for file in (ROOT / "workflows").rglob("*.py"):
        tree = ast.parse(file.read_text())
        of_work = {
            constant
            for call in ast.walk(tree)
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "timedelta"
            for keyword in call.keywords
            if keyword.arg in ("seconds", "milliseconds", "minutes", "hours")
            for constant in ast.walk(keyword.value)
        }
        numbers = {
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and type(node.value) in (int, float) and node not in of_work
        }
        assert numbers <= {0, 1} | receipts.get(file.name, set()), file.name


def test_time_outs_of_work_are_no_longer_than_hours():
    """So that no limit of the law hides among them, however it is written."""
    for file in (ROOT / "workflows").rglob("*.py"):
        for call in ast.walk(ast.parse(file.read_text())):
            if isinstance(call, ast.Call) and getattr(call.func, "id", "") == "timedelta":
                said = {keyword.arg: keyword.value for keyword in call.keywords}
                days = said.pop("days", None)
                assert days is None or not isinstance(days, ast.Constant) or days.value == 1, file.name
                assert not call.args, file.name
                assert "weeks" not in said, file.name
                numbers = {k: v.value for k, v in said.items() if isinstance(v, ast.Constant)}
                assert timedelta(**numbers) <= timedelta(hours=1), file.name


def test_waiting_is_not_execution():
    """A time limit of the law is a wait that never fails; a time-out is only ever about work of ours."""
    for part in ("workflows", "office", "worker"):
        files = list((ROOT / part).rglob("*.py")) or [ROOT / f"{part}.py"]
        for file in files:
            tree = ast.parse(file.read_text())
            options = {k.arg for n in ast.walk(tree) if isinstance(n, ast.Call) for k in n.keywords}
            assert not options & {"execution_timeout", "run_timeout", "heartbeat_timeout"}, file
            if part == "workflows":
                named = {n.attr for n in ast.walk(tree) if isinstance(n, ast.Attribute)}
                assert not named & {"TimeoutError", "wait_for"}, file
                waits = [n for n in ast.walk(tree) if isinstance(n, ast.Call)]
                waits = [n for n in waits if getattr(n.func, "attr", "") in ("wait_condition", "next_act")]
                assert not any(k.arg == "timeout" for n in waits for k in n.keywords), file


def test_no_clock_at_import():
    """A default date would be frozen at start-up."""
    for part in ("models", "workflows", "office", "register", "activities"):
        for file in (ROOT / part).rglob("*.py"):
            tree = ast.parse(file.read_text())
            calls = [node for stmt in tree.body for node in _at_import(stmt) if isinstance(node, ast.Call)]
            named = {node.func.attr for node in calls if isinstance(node.func, ast.Attribute)}
            assert not named & {"now", "today", "utcnow"}, file


def _at_import(stmt: ast.stmt):
    """Nodes that run when the module is imported, defaults of functions included."""
    if isinstance(stmt, ast.FunctionDef | ast.AsyncFunctionDef):
        for default in (*stmt.args.defaults, *filter(None, stmt.args.kw_defaults)):
            yield from ast.walk(default)
    elif isinstance(stmt, ast.ClassDef):
        for inner in stmt.body:
            yield from _at_import(inner)
    else:
        yield from ast.walk(stmt)


def test_every_act_is_listed_once_and_has_its_own_command():
    written, waiting = set[type[Act]](), Act.__subclasses__()
    while waiting:
        written.add(act := waiting.pop())
        waiting += act.__subclasses__()
    assert set(EVERY_ACT) == {act for act in written if "command" in vars(act)}
    assert len({act.command for act in EVERY_ACT}) == len(EVERY_ACT)
    assert all((vars(act)["__doc__"] or "").strip() for act in EVERY_ACT)
