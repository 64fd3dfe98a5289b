"""How a process of ours ends: at once when it is told to, with a true exit code, and without a teardown.

The core of the SDK has threads of its own, which Python does not know. An interpreter that is taken
down under them aborts now and then, after all work was done: SIGSEGV or SIGABRT in place of the exit
code. So a process that may have used the SDK flushes what it said and leaves.

A signal is told to the command as an exception, so that drafts are cleared away. A command that is
deep in foreign code, such as a wait for a locked database, hears no exception: then a thread ends the
process in its place.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from typing import Never

from models.messages import Message, worded

GRACE = 0.6
"""Seconds for a command that was told to end to clear away its drafts."""

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(KeyboardInterrupt):
    """The process was told to end by a signal."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.code = 128 + number


_under_way: Message | None = None
_speaking = threading.Lock()
_leaving = False


def under_way(what_is_known: Message | None) -> None:
    """Remembers what is known of the act, for whoever stops the command now; nothing when there is none."""
    global _under_way
    _under_way = what_is_known


def last_sentence(code: int) -> str:
    """What a command that is stopped says of itself and of its act."""
    key = {130: "ending.ctrl-c", 129: "ending.terminal-closed", 143: "ending.as-asked"}.get(
        code, "ending.stopped"
    )
    return worded(key, known=_under_way or Message("ending.no-act"))


def end_when_told(say: Callable[[int], object]) -> None:
    """Has the command end within a second of Ctrl-C, a closed terminal, or a request to end.

    A signal that whoever started us has it ignore, as nohup does, stays ignored.

    Args:
        say: writes the last sentence, given the exit code.
    """
    listened = [number for number in SIGNALS if signal.getsignal(number) is not signal.SIG_IGN]
    asked: list[int] = []

    def told(number: int, frame: object) -> None:
        if asked:
            end(say, 128 + asked[0])  # told twice: nothing is cleared away any more
        asked.append(number)
        if not _leaving:
            raise Stopped(number)

    def watch() -> None:
        while (number := os.read(heard, 1)[0]) not in listened:
            pass
        time.sleep(GRACE)
        end(say, 128 + number)

    heard, wakes = os.pipe()
    os.set_blocking(wakes, False)
    signal.set_wakeup_fd(wakes, warn_on_full_buffer=False)
    for number in listened:
        signal.signal(number, told)
    threading.Thread(target=watch, name="umn-ending", daemon=True).start()


def end(say: Callable[[int], object], code: int) -> Never:
    """Says the last sentence, once, and leaves."""
    if _speaking.acquire(blocking=False):
        with contextlib.suppress(Exception):
            say(code)
    leave(code)


def leave(code: int) -> Never:
    """Flushes what was said and ends the process here; 5 when a result could not be written down."""
    global _leaving
    _leaving = True
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except (BrokenPipeError, ValueError, RuntimeError):
            pass  # whoever reads us has read enough, or is being written to at this moment
        except OSError:
            code = code or 5  # a result that could not be written down was not given
    os._exit(code)
