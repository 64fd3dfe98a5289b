"""A list that is longer than the screen pages, and nothing else does."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios

import pytest

from activities.register import RegisterEntries
from tests.cli.desk import PROJECT, STARTER, Desk
from tests.cli.test_due import TODAY, entry, fixed

PAGER = "sed s/^/paged:/"


def at_a_terminal(desk: Desk, *words: str, lines: int = 10, **environment: str) -> str:
    """What a command shows at a terminal of so many lines."""
    ours, its = pty.openpty()
    fcntl.ioctl(its, termios.TIOCSWINSZ, struct.pack("HHHH", lines, 100, 0, 0))
    process = subprocess.Popen(
        [sys.executable, str(STARTER), *words],
        env={**desk.environment, "TERM": "xterm", **environment},
        cwd=PROJECT,
        stdin=its,
        stdout=its,
        stderr=subprocess.PIPE,
    )
    os.close(its)
    shown = b""
    while piece := _read(ours):
        shown += piece
    assert process.wait(timeout=60) == 0
    os.close(ours)
    return shown.decode()


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65_536)
    except OSError:  # nobody holds its other end any more
        return b""


@pytest.fixture
def busy(nowhere: Desk, register: RegisterEntries) -> Desk:
    """A desk with more cases than a small screen has lines."""
    for nth in range(1, 16):
        register.enter(entry(f"CUP-2026-{nth:03d}", fixed("decision", TODAY)))
    return nowhere


def test_a_long_list_pages_with_its_table_as_the_screen_is_wide(busy: Desk) -> None:
    shown = at_a_terminal(busy, "list", UMN_PAGER=PAGER)
    assert shown.count("paged:") == 15 + 2  # heads, and how many there are
    assert "paged:CUP-2026-015" in shown
    assert "\033[1m" in shown  # its heads are as at a terminal
    assert max(map(len, shown.splitlines())) < 100 + len("paged:") + 10
    assert "paged:" in at_a_terminal(busy, "list", PAGER=PAGER)


@pytest.mark.parametrize(
    "words", [("list", "--no-pager"), ("list", "-o", "json"), ("list", "--phase", "opinion", "--help")]
)
def test_whoever_asks_for_none_a_program_and_help_have_no_pager(busy: Desk, words: tuple[str, ...]) -> None:
    shown = at_a_terminal(busy, *words, UMN_PAGER=PAGER)
    assert shown
    assert "paged:" not in shown


def test_what_fits_the_screen_and_what_has_no_pager_is_shown_at_once(busy: Desk) -> None:
    assert "paged:" not in at_a_terminal(busy, "list", lines=40, UMN_PAGER=PAGER)
    for pager in ("cat", "no-such-pager --at-all"):
        assert "CUP-2026-015" in at_a_terminal(busy, "list", UMN_PAGER=pager)
    assert "paged:" not in at_a_terminal(busy, "list", UMN_PAGER=PAGER, TERM="dumb")
    assert busy.types("list", UMN_PAGER=PAGER).ended(0).out.startswith("number")
