"""How the parts of a subject are said: the first names it, the second tells it apart, others describe it."""

from __future__ import annotations

from collections.abc import Mapping


def name(parts: Mapping[str, str]) -> str:
    """The title, with what tells it apart in brackets."""
    title, *others = parts.values()
    return f"{title} ({others[0]})" if others else title


def described(parts: Mapping[str, str]) -> str:
    """The name, with all that describes it."""
    return ": ".join((name(parts), *list(parts.values())[2:]))
