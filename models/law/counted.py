"""What is counted of what was authorised, and measured against that: data of its procedure."""

from __future__ import annotations

from models.travelling import Travelling


class Counted(Travelling, frozen=True):
    """A number that a holder reports over a period, such as of patients or lots; never of whom.

    `clause` is where it is asked. `proposes` names the fact of the life that is put before a person when more
    was reported than is authorised.
    """

    name: str
    clause: str
    proposes: str
