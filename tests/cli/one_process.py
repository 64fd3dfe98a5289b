"""Runs commands of the command line one after the other; answers with their codes and what they said."""

from __future__ import annotations

import json
import os
import sys
from contextlib import redirect_stderr, redirect_stdout
from io import StringIO

import starter

if __name__ == "__main__":
    answers = []
    for words in json.loads(sys.argv[1]):
        with redirect_stdout(StringIO()) as out, redirect_stderr(StringIO()) as err:
            code = starter.run(words)
        answers.append((code, out.getvalue(), err.getvalue()))
    print(json.dumps(answers), flush=True)
    os._exit(0)
