"""Packages to try, all invented: an application, and the report of a year."""

from functools import partial
from pathlib import Path

from procedures.packages import copied

HERE = Path(__file__).resolve().parent

sample = partial(copied, HERE)
