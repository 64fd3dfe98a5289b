"""Who took an act, by name: one of the office as the register spells it, and not nearly so."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from difflib import get_close_matches

from models.errors import InputRefused, NotReachable
from office.settings import Settings
from register import people

NEAR = 0.85
"""How much alike two names are of which one is taken for a slip of the pen in the other."""


def decider(settings: Settings, written: str, today: date) -> str:
    """Who took an act. Somebody who is not of the office, such as a minister, stands as it was typed.

    Raises: InputRefused for what is nearly the name of one of the office, naming whom it may mean.
    """
    here: dict[str, str] = {}
    with suppress(NotReachable):  # the act itself says so
        known = people.known(settings.register_url)
        here = {_alike(name): name for name, person in known.items() if person.is_here(today)}
    wanted = _alike(written)
    if wanted in here:
        return here[wanted]
    if near := get_close_matches(wanted, here, n=3, cutoff=NEAR):
        names = [here[one] for one in near]
        raise InputRefused("typed.nearly-a-name", person=written, names=names, possible=("people",))
    return written


def _alike(name: str) -> str:
    """A name without what people write otherwise without meaning another."""
    return " ".join(name.split()).casefold()
