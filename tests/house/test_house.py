"""The house rules that a reader cannot keep in mind."""

from __future__ import annotations

import ast
import json
from datetime import timedelta
from pathlib import Path
from typing import get_args

import pytest

from models.acts import ACTS, POST_ACTS, REVISIONS, STATEMENT_ACTS, AnyAct

ROOT = Path(__file__).resolve().parent.parent.parent
OURS = ("models", "workflows", "activities", "register", "office", "starter", "worker")
MAY_IMPORT = {
    "models": {"models"},
    "register": {"models", "register"},
    "activities": {"models", "register", "activities"},
    "workflows": {"models", "workflows"},
    "office": {"models", "register", "office", "workflows", "activities", "starter"},
    "starter": {"models", "register", "office"},
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


def test_office_uses_the_names_of_workflows_only_to_search():
    for file in (ROOT / "office").glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("workflows"):
                assert [alias.name for alias in node.names] == ["search"] or node.module == "workflows.search"


WORDS_OF_LETTERS = ("wording", "explaining", "letter_pages", "invoice_pages", "drafting", "addressing")
"""What makes the pages of letters, and keeps and sends nothing."""


def test_office_uses_the_words_of_letters_and_no_activity():
    for file in (ROOT / "office").glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            named = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            named += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            used = {module for module in named if module.split(".")[0] == "activities"}
            assert used <= {f"activities.{words}" for words in WORDS_OF_LETTERS}, file.name
    for words in WORDS_OF_LETTERS:
        assert "@activity.defn" not in (ROOT / "activities" / f"{words}.py").read_text()


def test_no_number_of_days_or_amount_stands_in_workflow_code():
    """Numbers of the law are data. What remains are counting steps, and time-outs of the outside world."""
    receipts = {"programme.py": {-2, 2}, "statement.py": {5, 500}}  # two years; movements of one run
    for file in (ROOT / "workflows").glob("*.py"):
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
    for file in (ROOT / "workflows").glob("*.py"):
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
        files = list((ROOT / part).glob("*.py")) or [ROOT / f"{part}.py"]
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
    union = get_args(get_args(AnyAct)[0])
    assert {*ACTS, *REVISIONS, *STATEMENT_ACTS, *POST_ACTS} == set(union)
    assert len({act.command for act in union}) == len(union)
    assert all((act.__doc__ or "").strip() for act in ACTS)


COMMANDS = {
    "execute_activity_method",
    "execute_local_activity_method",
    "start_child_workflow",
    "continue_as_new",
    "sleep",
    "wait_condition",
    "upsert_search_attributes",
    "get_external_workflow_handle",
    "patched",
    "next_act",
    "conclude",
    "send",
    "enter",
    "law_of_year",
    "account_of",
    "book",
    "publish",
}


def fingerprint() -> dict[str, list[str]]:
    """Every call that leads to a Temporal command, in the order of the source."""
    prints = {}
    for file in sorted((ROOT / "workflows").glob("*.py")):
        calls = [node for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Call)]
        calls.sort(key=lambda node: (node.lineno, node.col_offset))
        names = [
            n.func.attr if isinstance(n.func, ast.Attribute) else getattr(n.func, "id", "") for n in calls
        ]
        if found := [name for name in names if name in COMMANDS]:
            prints[file.name] = found
    return prints


def test_the_commands_of_a_released_workflow_are_not_changed_unawares():
    kept = ROOT / "tests" / "replay" / "fingerprint.json"
    assert fingerprint() == json.loads(kept.read_text()), (
        "A workflow issues other commands than before. Running cases replay their history: gate the change "
        'with workflow.patched("what-YYYY-MM"), keep both branches, add a history to tests/replay, and then '
        "write the new fingerprint with `python -m tests.house.test_house`."
    )


if __name__ == "__main__":
    (ROOT / "tests" / "replay" / "fingerprint.json").write_text(json.dumps(fingerprint(), indent=1) + "\n")
