"""What travels in Temporal: cases, acts, notes, entries, letters, the law, and what they are made of."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Travelling(BaseModel):
    """A record that one worker writes and another one reads, of an earlier or a later build.

    A field that a build does not know is kept and travels on, so that an earlier worker loses nothing of
    what a later one wrote. What a person writes is read strictly instead, where it comes in: there an
    unknown field is a slip (`model_validate(…, extra="forbid")`). Errors name fields and never repeat
    what stood in them: they reach logs and histories.

    A command uses few of these records: each is completed when it is first used.
    """

    model_config = ConfigDict(extra="allow", hide_input_in_errors=True, defer_build=True)


def complete() -> None:
    """Completes every record, before threads use them: of two that use one first at once one may fail."""
    kinds: list[type[Travelling]] = [Travelling]
    while kinds:
        kind = kinds.pop()
        kind.model_rebuild()
        kinds += kind.__subclasses__()
