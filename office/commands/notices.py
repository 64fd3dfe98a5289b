"""`umn notices`: letters that have not arrived, and what a person says of one."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Literal

from cyclopts import App, Parameter

from office.commands import Day, Form, Number, by_whom, now, today
from office.settings import Settings

notices = App(name="notices", group_commands="Commands")

Key = Annotated[str, Parameter(help="its name, as `umn notices` lists it")]

Channels = Literal["post", "registered", "registered_with_acknowledgement", "ebox", "peppol", "by_hand"]


@notices.default
def notices_waiting(*, number: Number | None = None, output: Form = "table") -> None:
    """Lists the letters that have not arrived: what waits for a person first, the longest first.

    A letter that a person is to post is a task, with the command that writes its PDF.

    Args:
        number: all letters of this dossier or programme, also those that arrived.
        output: table for people, json for programs.
    """
    from office.letters.showing import NoticesShowing
    from office.service.outside import restored
    from register.documents import DocumentStore
    from register.notices import notices as found

    settings = Settings.read()
    showing = NoticesShowing(output, DocumentStore(settings.documents))
    showing.notices(found(settings.register_url, number), now())
    for waits in restored(settings):
        print(waits.sentence, file=sys.stderr)


@notices.command(name="bounced")
async def notices_bounced(
    number: Number | None = None,
    /,
    *,
    letter: str | None = None,
    notice: str | None = None,
    message: Path | None = None,
    reason: str = "",
    on: Day | None = None,
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
        output: table for people, json for programs.
    """
    by = by_whom("notices bounced")
    from office.letters.notices import bounced, meant
    from office.letters.showing import NoticesShowing

    settings = Settings.read()
    found, said = meant(settings, number, notice, letter, message)
    told = await bounced(settings, found, reason or said, by, on or today(), today())
    NoticesShowing(output).became(told)


@notices.command(name="again")
async def notices_again(key: Key, /, *, to: str | None = None, output: Form = "table") -> None:
    """Lets a letter go on: made once what was missing is mended, or sent once more.

    What runs from its receipt then starts on the day on which it leaves.

    Args:
        key: its name, as `umn notices` lists it.
        to: another address.
        output: table for people, json for programs.
    """
    by = by_whom("notices again")
    from office.letters.notices import again
    from office.letters.showing import NoticesShowing

    NoticesShowing(output).became(await again(Settings.read(), key, by, to))


@notices.command(name="replace")
async def notices_replace(key: Key, /, *, why: str, output: Form = "table") -> None:
    """Has a letter be written anew in the place of one that went, with its day and from the same facts.

    An act in a wrong language is null for five years; what takes its place has effect from the old day. Say
    first what is known of the addressee: `umn recipients set`. What runs from the old letter is left alone.

    Args:
        key: the name of the letter that is replaced, as `umn notices --number` lists it.
        why: what is wrong with it.
        output: table for people, json for programs.
    """
    by = by_whom("notices replace")
    from office.letters.notices import replaced
    from office.letters.showing import NoticesShowing

    NoticesShowing(output).became(await replaced(Settings.read(), key, by, why))


@notices.command(name="posted")
async def notices_posted(
    key: Key,
    /,
    *,
    channel: Channels | None = None,
    on: Day,
    presented_on: Day | None = None,
    proof: str = "",
    output: Form = "table",
) -> None:
    """Notes that a person sent a letter; where a limit counts from it, its case is told.

    Args:
        key: its name, as `umn notices` lists it.
        channel: by which channel; the one that its case names when left out.
        on: the day on which it left.
        presented_on: the day on which it was presented, once that is known.
        proof: the reference of the post, such as a barcode.
        output: table for people, json for programs.
    """
    by = by_whom("notices posted")
    from models.parties import Channel
    from office.letters.notices import posted
    from office.letters.showing import NoticesShowing

    by_which = Channel(channel) if channel else None
    told = await posted(Settings.read(), key, by, by_which, on, today(), presented_on, proof)
    NoticesShowing(output).became(told)


@notices.command(name="delivered")
async def notices_delivered(key: Key, /, *, on: Day | None = None, output: Form = "table") -> None:
    """Notes that a letter arrived, where no machine can know it; a doubt, a refusal or a bounce is settled.

    Args:
        key: its name, as `umn notices` lists it.
        on: the day on which it arrived; today when left out.
        output: table for people, json for programs.
    """
    by = by_whom("notices delivered")
    from office.letters.notices import delivered
    from office.letters.showing import NoticesShowing

    told = await delivered(Settings.read(), key, by, on or today(), today())
    NoticesShowing(output).became(told)
