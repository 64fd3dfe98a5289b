"""A terminal that stays open: each line is a command, as JSON; so is its answer.

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

if __name__ == "__main__":
    keep_private()
    for line in sys.stdin:
        with redirect_stdout(StringIO()) as out, redirect_stderr(StringIO()) as err:
            code = starter.run(json.loads(line))
        print(json.dumps([code, out.getvalue(), err.getvalue()]), flush=True)
    os._exit(0)
