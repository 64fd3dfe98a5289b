"""What it means by law that the last day of a limit passes and nobody has acted.

The policy stands in the clause, with its article as the source; the stage that waits does it when the day
has passed. Which policies a stage can do is said here, so that a law that asks for another one is refused
when it is put together, and never in the middle of a case.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from models.phases import Phase


class SilencePolicy(StrEnum):
    """What silence does.

    `flag`: nothing; the act stays awaited. `propose`: an act is proposed to a person. `favourable`: the
    opinion counts as given and favourable. `granted`, `refused`: the decision counts as taken. `forfeited`:
    the right to act is lost, and the dossier ends as inadmissible. `on_file`: whoever asked goes on with the
    file as it is. `stands`: an opinion that could be contested, or was, stands as it was given.
    """

    FLAG = "flag"
    PROPOSE = "propose"
    FAVOURABLE = "favourable"
    GRANTED = "granted"
    REFUSED = "refused"
    FORFEITED = "forfeited"
    ON_FILE = "on_file"
    STANDS = "stands"

    @property
    def takes_effect(self) -> bool:
        """Whether by law something exists from the day after, whoever enters it and when."""
        return self in (
            SilencePolicy.FAVOURABLE,
            SilencePolicy.GRANTED,
            SilencePolicy.REFUSED,
            SilencePolicy.FORFEITED,
        )

    @property
    def only_tells(self) -> bool:
        """Whether nothing follows but that somebody is told: it may be told at any hour of its day."""
        return self in (SilencePolicy.FLAG, SilencePolicy.PROPOSE)

    @property
    def decides(self) -> bool:
        """Whether it takes the place of a decision."""
        return self in (SilencePolicy.GRANTED, SilencePolicy.REFUSED)


POSSIBLE: Mapping[Phase, tuple[SilencePolicy, ...]] = {
    Phase.ADMISSIBILITY: (SilencePolicy.FLAG,),
    Phase.COMPLETION: (SilencePolicy.FLAG, SilencePolicy.PROPOSE, SilencePolicy.FORFEITED),
    Phase.OPINION: (SilencePolicy.FLAG, SilencePolicy.FAVOURABLE),
    Phase.DECISION: (SilencePolicy.FLAG, SilencePolicy.GRANTED, SilencePolicy.REFUSED),
}
"""What each stage can do by itself; whatever else waits for a day can only flag that it has passed."""

TO_ANSWER = (SilencePolicy.FLAG, SilencePolicy.ON_FILE)
"""What it can mean that questions are not answered."""

TO_CONTEST = (SilencePolicy.STANDS,)
"""What it means that an opinion is not contested, or that no grounds come."""

AFTER_NOTICE = (SilencePolicy.FLAG, SilencePolicy.REFUSED)
"""What it can mean that nothing is decided after a formal notice."""


def possible_in(phase: Phase | None) -> tuple[SilencePolicy, ...]:
    """The policies that the stage can do which waits for the end of a limit."""
    return POSSIBLE.get(phase, (SilencePolicy.FLAG,)) if phase else (SilencePolicy.FLAG,)
