"""Reads from the register what cases are told by others, as the links of procedures say."""

from __future__ import annotations

from temporalio import activity

from models.entry import Linked
from models.notes import FactTold
from register.links import to_tell


class Linking:
    """Looks into the register at an address."""

    def __init__(self, url: str) -> None:
        self._url = url

    @activity.defn
    def links(self) -> Linked:
        """What is still to be told, case by case. Only reads.

        Raises: NotReachable when the database does not answer.
        """
        told: dict[str, list[FactTold]] = {}
        for one in to_tell(self._url):
            told.setdefault(one.number, []).append(FactTold(dossier=one.by, on=one.on, fact=one.fact))
        return Linked(told=told)
