"""`umn backup`, `restore`, `release`, `reopen`, `reconcile`: what must not be lost, and the ways back."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from office.commands import Form, Into, Number, Reason, Switch, Whole, by_whom, today
from office.settings import Settings

SKIP = 100
"""Numbers of each series that a restore leaves out by itself: more than a desk gives in a day."""


def backup(folder: Into, /, *, output: Form = "table") -> int:
    """Copies all that must not be lost into a folder, as one set, while everything runs; verified after.

    Args:
        folder: a new or empty folder.
        output: table for people, json for programs.
    """
    from office.service.backing_up import back_up
    from office.service.recovery_showing import RecoveryShowing

    settings = Settings.read()
    made = back_up(settings, folder, _say)
    return RecoveryShowing(output).backed_up(folder, made, settings.keys)


def restore(
    folder: Into,
    /,
    *,
    skip: Whole = SKIP,
    output: Form = "table",
) -> int:
    """Fills an empty data folder from a backup that verifies; nothing leaves it before `umn release`.

    Args:
        folder: the backup.
        skip: numbers of each series that are left out, as they may have been given since the copy.
        output: table for people, json for programs.
    """
    from office.service.recovery_showing import RecoveryShowing
    from office.service.restoring import restore as lay_out
    from register.restores import left_out

    settings = Settings.read()
    made = lay_out(settings, folder, skip, _say)
    return RecoveryShowing(output).restored(
        settings.var, settings.keys, made, left_out(settings.register_url)
    )


def release(
    *,
    seen: Annotated[tuple[Path, ...], Parameter(negative=())] = (),
    old: str = "",
    uncompared: Switch = False,
    diff: Switch = False,
    output: Form = "table",
) -> int:
    """Lets go on what a restore keeps back, but for letters that had left, and tells what was lost.

    Args:
        seen: where letters are seen that had left: a journal of the mail server (mbox), a folder of messages,
            or one message; may be repeated.
        old: the data folder of the old place, or the address of its register.
        uncompared: lets letters leave although nobody can see what had left.
        diff: tells what releasing would do, and changes nothing.
        output: table for people, json for programs.
    """
    by = by_whom("release")
    from office.service.recovery_showing import RecoveryShowing
    from office.service.releasing import release as let_go

    told = let_go(Settings.read(), seen, old, uncompared, by, not diff)
    return RecoveryShowing(output).released(told)


async def reopen(
    number: Number,
    /,
    *,
    grounds: Reason,
    output: Form = "table",
) -> None:
    """Starts a case again that Temporal has lost, or holds up: it goes on from the register's last entry.

    Args:
        number: its number.
        grounds: why, in words.
        output: table for people, json for programs.
    """
    by = by_whom("reopen")
    from office.desk.showing import DeskShowing
    from office.letters.at_desk import addressed
    from office.service.reopening import reopen as begin_again

    settings = Settings.read()
    receipt = await begin_again(settings, number, grounds, by, today())
    DeskShowing(output).receipt(receipt, letters=addressed(settings, receipt), today=today())


def reconcile(*, deep: Switch = False, output: Form = "table") -> int:
    """Compares register, Temporal and documents both ways; tells what differs (then it ends with 5).

    Args:
        deep: reads every history whole, and compares each line of the register with it.
        output: table for people, json for programs.
    """
    from office.service.launching import wait_for
    from office.service.reconciling import reconciled
    from office.service.recovery_showing import RecoveryShowing

    showing = RecoveryShowing(output)
    return showing.reconciled(*wait_for(reconciled(Settings.read(), deep, showing.progress)))


def verify(*, deep: Switch = False, output: Form = "table") -> int:
    """Recomputes every seal, head, anchor and document; names what was changed (then it ends with 5).

    Args:
        deep: compares all with Temporal and its histories, too.
        output: table for people, json for programs.
    """
    from office.service.launching import wait_for
    from office.service.recovery_showing import RecoveryShowing
    from office.service.verifying import verify as look

    showing = RecoveryShowing(output)
    return showing.verified(wait_for(look(Settings.read(), deep, showing.progress)))


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
