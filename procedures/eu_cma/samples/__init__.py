"""Packages to try, all invented: an application, a renewal, a variation, a safety update, a conversion."""

from functools import partial
from pathlib import Path

from procedures.packages import copied

HERE = Path(__file__).resolve().parent

sample = partial(copied, HERE)
