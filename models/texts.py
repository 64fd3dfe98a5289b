"""The texts of acts and models, as types: models/signs.py has the rule."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, Field

from models.signs import line, name, remark, text

Sentence = Annotated[str, Field(max_length=4000), AfterValidator(text)]
"""What a person says in words: grounds, a question, what is missing."""

Remark = Annotated[str, Field(max_length=4000), AfterValidator(remark)]
"""A sentence that may be left out."""

Line = Annotated[str, Field(max_length=300), AfterValidator(line)]
"""A name or a reason, on one line."""

Name = Annotated[str, Field(max_length=120), AfterValidator(name)]
"""The person who acts."""

RequestId = Annotated[str, Field(min_length=8, max_length=80, pattern=r"^[A-Za-z0-9._:/#+-]+$")]
"""By which the same act sent twice is applied once; it stands in file names and lists."""
