"""A terminal that stays open: each line is a command, as JSON; so is all that it shows, and how it ended.

Only the starting of Python is saved. What runs is the command line, `starter.run`.
"""

from __future__ import annotations

import json
import os
import sys
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO

import starter
from office.modes import keep_private

TERMINAL = sys.stdout


class Screen(StringIO):
    """What is written is seen at once, whatever becomes of whoever writes."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name

    def write(self, text: str) -> int:
        print(json.dumps([self._name, text]), file=TERMINAL, flush=True)
        return len(text)


if __name__ == "__main__":
    keep_private()
    for line in sys.stdin:
        with redirect_stdout(Screen("out")), redirect_stderr(Screen("err")):
            code = starter.run(json.loads(line))
        print(json.dumps(["code", code]), flush=True)
    os._exit(0)
