"""The command line by subject: each module is one command with its own commands, loaded when asked.

Here is what they share: how options are written, and what day it is.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from office.showing import Output

Form = Annotated[Output, Parameter(name=["--output", "-o"], help="table for people, json for programs")]
Number = Annotated[str, Parameter(help="number of the dossier or programme, such as CUP-2026-014")]
By = Annotated[str, Parameter(env_var="UMN_BY")]
Into = Annotated[Path, Parameter(allow_leading_hyphen=True)]
Switch = Annotated[bool, Parameter(negative=())]


def today() -> date:
    """The civil date in Brussels; not by models/clock.py, which would cost a list half its time."""
    from datetime import datetime
    from zoneinfo import ZoneInfo

    return datetime.now(ZoneInfo("Europe/Brussels")).date()
