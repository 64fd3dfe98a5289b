"""The texts of acts and models, as types: models/signs.py has the rule."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from models.signs import line, name, remark, text

Sentence = Annotated[str, Field(max_length=4000), AfterValidator(text)]
"""What a person says in words: grounds, a question, what is missing."""

Remark = Annotated[str, Field(max_length=4000), AfterValidator(remark)]
"""A sentence that may be left out."""

LONGEST_GROUNDS = 20_000
"""Characters: some seven pages. An act travels whole, and all its texts together stay below 64 KiB."""

Grounds = Annotated[str, Field(max_length=LONGEST_GROUNDS), AfterValidator(text)]
"""What a decision rests on, or a plan that it lays down: as long as a decision needs."""

GroundsIfAny = Annotated[str, Field(max_length=LONGEST_GROUNDS), AfterValidator(remark)]
"""The same where it may be left out."""

Line = Annotated[str, Field(max_length=300), AfterValidator(line)]
"""A name or a reason, on one line."""

Name = Annotated[str, Field(max_length=120), AfterValidator(name)]
"""The person who acts."""

RequestId = Annotated[str, Field(min_length=8, max_length=80, pattern=r"^[A-Za-z0-9._:/#+-]+$")]
"""By which the same act sent twice is applied once; it stands in file names and lists."""
