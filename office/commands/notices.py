"""`umn notices`: letters that have not arrived, and what a person says of one."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

from cyclopts import App, Parameter

from office.commands import By, Form, today
from office.settings import Settings

notices = App(name="notices", group_commands="Commands")

Key = Annotated[str, Parameter(help="its name, as `umn notices` lists it")]


@notices.default
def notices_waiting(*, number: str | None = None, output: Form = "table") -> None:
    """Lists the letters that have not arrived: what waits for a person first, the longest first.

    Args:
        number: all letters of this dossier or programme, also those that arrived.
        output: table for people, json for programs.
    """
    from office.notices_showing import NoticesShowing
    from register.notices import notices as found

    url = Settings.read().register_url
    NoticesShowing(output).notices(found(url, number), datetime.now(UTC))


@notices.command(name="bounced")
async def notices_bounced(
    number: str | None = None,
    /,
    *,
    letter: str | None = None,
    notice: str | None = None,
    message: Path | None = None,
    reason: str = "",
    on: date | None = None,
    by: By,
    output: Form = "table",
) -> None:
    """Notes that a letter came back: what runs from its receipt stands still, and the desk has a task.

    Args:
        number: number of the dossier or programme; may be left out with --notice or --message.
        letter: the kind of letter, such as questions.
        notice: its name, as `umn notices --number` lists it, where several fit.
        message: the bounce as the mail programme saved it (.eml); it tells letter and reason.
        reason: why it came back.
        on: the day on which it came back; today when left out.
        by: who notes it.
        output: table for people, json for programs.
    """
    from office.notices import bounced, meant
    from office.notices_showing import NoticesShowing

    settings = Settings.read()
    found, said = meant(settings, number, notice, letter, message)
    told = await bounced(settings, found, reason or said, by, on or today(), today())
    NoticesShowing(output).told(told)


@notices.command(name="again")
async def notices_again(key: Key, /, *, to: str | None = None, by: By, output: Form = "table") -> None:
    """Sends a letter once more; what runs from its receipt then starts on the day on which it leaves.

    Args:
        key: its name, as `umn notices` lists it.
        to: another address.
        by: who decides it.
        output: table for people, json for programs.
    """
    from office.notices import again
    from office.notices_showing import NoticesShowing

    NoticesShowing(output).told(await again(Settings.read(), key, by, to))


@notices.command(name="delivered")
async def notices_delivered(key: Key, /, *, on: date | None = None, by: By, output: Form = "table") -> None:
    """Notes that a letter arrived, where no machine can know it; a doubt, a refusal or a bounce is settled.

    Args:
        key: its name, as `umn notices` lists it.
        on: the day on which it arrived; today when left out.
        by: who knows it.
        output: table for people, json for programs.
    """
    from office.notices import delivered
    from office.notices_showing import NoticesShowing

    told = await delivered(Settings.read(), key, by, on or today(), today())
    NoticesShowing(output).told(told)
