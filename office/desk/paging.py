"""Long lists page at a terminal, as people know it from git: by `less -FRX`, or the pager of their choice.

What a command shows is held until it has ended, and goes to a pager where it is longer than the screen.
Nothing is paged that goes elsewhere, that a program reads, or that asks a person something.
"""

from __future__ import annotations

import io
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from shutil import get_terminal_size

from office.settings import Settings

LISTS = (
    *("list", "show", "desk", "find", "report", "next", "due", "timeline", "explain", "clock", "documents"),
    *(
        "history",
        "refused-packages",
        "notices",
        "payments",
        "people",
        "recipients",
        "law",
        "calendar",
        "sign",
    ),
)
"""Commands that show something; of those that have commands of their own, the list."""

OF_THEIR_OWN = ("law", "people", "calendar", "notices", "payments", "recipients", "sign")
SHOWS = ("list", "show", "check", "impact", "report")
"""Commands of their own that only show something, too."""


@contextmanager
def paged(arguments: Sequence[str]) -> Iterator[None]:
    """Has what is shown meanwhile paged, where whoever asks would scroll back for it."""
    pager = _pager() if _is_a_list(arguments) else ""
    if not pager:
        yield
        return
    held = _Held()
    screen, sys.stdout = sys.stdout, held
    try:
        yield
    finally:
        sys.stdout = screen
        _show(held.getvalue(), pager)


class _Held(io.StringIO):
    """What goes to the screen in the end, and is written as if it went there now."""

    def isatty(self) -> bool:
        return True


def _is_a_list(arguments: Sequence[str]) -> bool:
    words = [word for word in arguments if not word.startswith("-")]
    if not words or words[0] not in LISTS or "--help" in arguments:
        return False
    return words[0] not in OF_THEIR_OWN or len(words) == 1 or words[1] in SHOWS


def _pager() -> str:
    """The command that pages here; none where nobody types at a terminal, or wants none."""
    if not (sys.stdin and sys.stdin.isatty()) or os.environ.get("TERM") == "dumb":
        return ""
    chosen = Settings.read().pager or os.environ.get("PAGER", "less")
    program = next(iter(chosen.split()), "cat")
    return "" if program == "cat" or not shutil.which(program) else chosen


def _show(text: str, pager: str) -> None:
    size = get_terminal_size()
    rows = sum(max(1, -(-len(line) // size.columns)) for line in text.splitlines())
    if rows < size.lines:
        sys.stdout.write(text)
        return
    sys.stdout.flush()
    shown = subprocess.Popen(
        pager, shell=True, stdin=subprocess.PIPE, env={"LESS": "FRX", "LV": "-c", **os.environ}
    )
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # it is the pager's, as long as that shows
    try:
        with suppress(BrokenPipeError):  # whoever reads has read enough
            shown.communicate(text.encode(errors="replace"))
        shown.wait()
    finally:
        signal.signal(signal.SIGINT, before)
