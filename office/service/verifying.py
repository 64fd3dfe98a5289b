"""`umn verify`: recomputes every seal, head and anchor, and what lies in the store, and names what differs.

It changes nothing, and needs no Temporal but for `deep`, which compares all histories too.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from office.service import anchoring
from office.service.reconciling import Progress, documents, reconciled
from office.service.seals import Verified, sealed
from office.settings import Settings


async def verify(settings: Settings, deep: bool, progress: Progress) -> Verified:
    """Everything that is no longer as it was sealed or kept; `deep`: all that a comparison finds besides.

    Raises: NotReachable.
    """
    if deep:
        made, problems = await reconciled(settings, True, progress)
        _, lost = anchoring.compared(settings, datetime.now(UTC))
        return Verified(made.looked, tuple(problems), tuple(lost))
    with progress("seals") as tell:
        found = await asyncio.to_thread(sealed, settings, tell)
    looked = dict(found.looked)
    with progress("documents") as tell:
        changed = await asyncio.to_thread(documents, settings, looked, tell)
    return Verified(looked, (*found.problems, *changed), found.lost)
