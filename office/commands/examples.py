"""An example of each command, as help shows it below what it tells; each can be pasted.

They stand in the folders of procedures, in `examples.toml`: numbers, bodies and outcomes are theirs.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from functools import cache

from models.messages import PLACES, worded


def of_help(arguments: Sequence[str]) -> str:
    """What stands below the help that was asked for; nothing where no command is named."""
    words = [word for word in arguments if not word.startswith("-")]
    for many in range(len(words), 0, -1):
        if found := examples().get(" ".join(words[:many])):
            return "\n".join([worded("possible.examples"), *(f"  {one}" for one in found)])
    return ""


@cache
def examples() -> dict[str, list[str]]:
    """The examples of every command, by the words that name it."""
    found: dict[str, list[str]] = {}
    for place in PLACES:
        for file in sorted(place.glob("*/examples.toml")):
            for command, told in tomllib.loads(file.read_text(encoding="utf-8")).items():
                found[command] = [*found.get(command, []), *told]
    return found
