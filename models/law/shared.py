"""One law for all cases that carry the same: it never changes, and a worker holds hundreds of cases.

Read anew for each of them it would be most of what a case takes in memory, and most of the time to read it.
"""

from __future__ import annotations

import json
from typing import Annotated, Any
from weakref import WeakValueDictionary

from pydantic import ValidatorFunctionWrapHandler, WrapValidator

from models.law.applicable import Law

_held: WeakValueDictionary[str, Law] = WeakValueDictionary()
"""The laws that some case holds, by all that they say: not by their hash, which leaves out what travels."""


def _shared(told: Any, read: ValidatorFunctionWrapHandler) -> Law:
    """The law that is held already and says this to the letter, or this one."""
    try:
        says = json.dumps(told)
    except TypeError:  # no JSON: a law that somebody has put together
        return read(told)  # type: ignore[no-any-return]
    if (law := _held.get(says)) is None:
        law = read(told)
        _held[says] = law
    return law


SharedLaw = Annotated[Law, WrapValidator(_shared)]
