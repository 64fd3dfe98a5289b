"""What the desk shows, as it stands on the screen: in each language, and in terminals of several widths.

The screens are drawn again by `make screens`; what changed in them is then read before it is kept.
"""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from jinja2 import Environment, StrictUndefined

import starter
from models.acts import OpinionGiven
from models.messages import ENGLISH, LANGUAGES, Message
from office.desk.acting import answered
from office.service.problems import Problem
from office.service.showing import ServiceShowing
from tests.cli.filled import NOW, Office, terminal

ROOT = Path(__file__).resolve().parents[2]
DRAWN = Path(__file__).parent / "screens"
SPOKEN = [lang for lang in LANGUAGES if (ROOT / "templates" / f"messages.{lang}.toml").exists()]
WIDTHS = (80, 120, 200)

MOST_USED = {
    "desk": "desk",
    "list": "list",
    "show": "show CUP-2026-002",
    "due": "due",
    "next": "next CUP-2026-001",
    "explain": "explain CUP-2026-001",
    "refusal": "give-opinion MNP-2026-001 --body commission --view favourable --dry-run",
    "notices": "notices --number CUP-2026-001",
    "payments": "payments",
    "receipt": "",
    "status": "",
}
"""The screens that are used most, by the command that shows each; two are shown without a server."""

OTHERS = {
    "list-plain": "list --plain",
    "due-wide": "due --wide",
    "timeline": "timeline CUP-2026-001",
    "find": "find exemplar",
    "report": "report",
    "rehearsal": "suspend CUP-2026-002 --requested-by agency --grounds Unsafe. "
    "--decided-by Ann --capacity minister --dry-run",
    "documents": "documents CUP-2026-001",
    "summary": "summary CUP-2026-002",
    "history": "history CUP-2026-001",
    "recipients": "recipients CUP-2026-001",
    "refused-packages": "refused-packages",
    "people": "people",
    "sign": "sign",
    "payments-report": "payments report --year 2026",
    "law": "law show decision",
    "calendar": "calendar list",
    "clock": "clock --start 2026-06-01 --clause completion",
    "wrong-number": "show CUP-2026-009",
    "wrong-option": "list --kind nothing",
    "wrong-day": "due -1",
}
"""The others, at 80 columns in English."""

CHANGES = (
    (re.compile(r"\b[0-9a-f]{12}\b"), "0123456789ab"),
    (re.compile(r"SHA256:[\w+/]{43}"), f"SHA256:{'0' * 43}"),
    (re.compile(r"holidays \d[\d.]*\d"), "holidays 0.1"),
    (re.compile(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d"), "2026-06-12T09:30"),
)
"""What is another at each run, or with each release: digests, keys, and instants of this machine."""

RUNNING = {
    "data": "/srv/umn",
    "profile": "production",
    "temporal": {"kind": "embedded", "address": "127.0.0.1:7233", "answers": True},
    "worker": {"running": True, "pid": 4711, "polling": True, "task_queue": "umn"},
    "postman": {"running": False, "pid": None, "pollers": []},
    "letters": {"waiting": 2},
    "compared": {"at": "2026-06-12T02:00:00+00:00", "differences": 0},
    "database": "SQLite",
}
"""What `umn status` knows of an office whose postman has ended."""


def shown(name: str, filled: Office, capsys: pytest.CaptureFixture[str]) -> str:
    """What stands on the screen: the result, then what is told beside it, then the exit code if it is one."""
    command, code = (MOST_USED | OTHERS)[name], 0
    capsys.readouterr()
    if name == "receipt":
        answered(filled.settings, filled.receipt, OpinionGiven, "table")
    elif name == "status":
        said = Message("problem.no-postman-and-letters", n=2)
        problem = Problem("no-postman", said, since=NOW, possible=("up",))
        ServiceShowing("table").status({**RUNNING, "problems": [problem.told()]})
    else:
        code = starter.run(starter._as_told(shlex.split(command)))
    out, err = capsys.readouterr()
    text = "\n".join(filter(None, (out.rstrip("\n"), err.rstrip("\n"), f"[{code}]" if code else "")))
    text = text.replace(str(filled.settings.var), "/srv/umn")
    for changes, stands in CHANGES:
        text = changes.sub(stands, text)
    assert not re.search(r"\d…", text), "a day, a number or an amount was cut"
    return text


def compared(file: Path, text: str, draws: bool) -> None:
    if draws:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    assert file.exists(), f"nobody has drawn {file.name}: make screens"
    assert file.read_text(encoding="utf-8") == text, f"{file} shows something else now: make screens"


def pictured(typed: str, text: str) -> str:
    """A screen as a picture: what is typed, what is late and what can be pasted have a colour each."""
    lines = [f"$ {typed}", "", *text.splitlines()]
    telling = re.compile(
        r"(?P<late>\d+ \w+ days late)|(?P<command>umn \w[\w -]*)|(?P<head>^\d.*:$|^New .*:$)"
    )
    told = []
    for nth, line in enumerate(lines):
        parts, at = [], 0
        for found in [] if nth == 0 else telling.finditer(line):
            parts += [
                {"kind": "", "text": line[at : found.start()]},
                {"kind": found.lastgroup, "text": found[0]},
            ]
            at = found.end()
        parts.append({"kind": "typed" if nth == 0 else "", "text": line[at:]})
        parts = [part for part in parts if part["text"]]
        if parts:
            told.append({"y": 20 + 18 * nth, "length": round(7.8 * len(line), 1), "parts": parts})
    template = (DRAWN / "desk.svg.j2").read_text(encoding="utf-8")
    return (
        Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True)
        .from_string(template)
        .render(
            lines=told,
            title=typed,
            margin=16,
            width=32 + round(7.8 * max(map(len, lines))),
            height=20 + 18 * len(lines),
        )
    )


def test_the_picture_of_the_first_page_shows_the_desk(
    filled: Office, capsys: pytest.CaptureFixture[str], pytestconfig: pytest.Config
) -> None:
    with terminal(filled.settings, ENGLISH, 120):
        picture = pictured("umn desk", shown("desk", filled, capsys))
    compared(ROOT / "docs" / "desk.svg", f"{picture}\n", pytestconfig.getoption("--draw-screens"))


def _ruler(widths: list[int]) -> str:
    """A line as wide as the terminal, or as the first of those that show the same."""
    return f" {', '.join(map(str, widths))} ".center(widths[0], "═")


@pytest.mark.parametrize("language", SPOKEN)
@pytest.mark.parametrize("name", MOST_USED)
def test_a_screen_that_is_used_most_stands_as_it_was_read(
    name: str,
    language: str,
    filled: Office,
    capsys: pytest.CaptureFixture[str],
    pytestconfig: pytest.Config,
) -> None:
    alike: dict[str, list[int]] = {}
    for width in WIDTHS:
        with terminal(filled.settings, language, width):
            alike.setdefault(shown(name, filled, capsys), []).append(width)
    parts = [f"{_ruler(widths)}\n{text}\n" for text, widths in alike.items()]
    compared(DRAWN / language / f"{name}.txt", "\n".join(parts), pytestconfig.getoption("--draw-screens"))


@pytest.mark.parametrize("name", OTHERS)
def test_another_screen_stands_as_it_was_read(
    name: str,
    filled: Office,
    capsys: pytest.CaptureFixture[str],
    pytestconfig: pytest.Config,
) -> None:
    with terminal(filled.settings, ENGLISH, 80):
        text = f"$ umn {OTHERS[name]}\n{shown(name, filled, capsys)}\n"
    compared(DRAWN / "others" / f"{name}.txt", text, pytestconfig.getoption("--draw-screens"))
