"""`umn prepare` and `umn sign`: what takes two people, one who prepares it and another one who signs."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from cyclopts import App

from models.acts import ACTS
from models.errors import InputRefused
from models.messages import Message
from office.commands import Form, Reason, Switch
from office.desk.acting import PREPARE
from office.settings import Settings
from procedures.registry import by_two

if TYPE_CHECKING:
    from models.acts import Act
    from office.desk.person import Power
    from register.preparations import Preparation

prepare = App(name="prepare", group_commands="Acts, in the order of the procedure")

for act in ACTS:
    if act.command in by_two():
        prepare.command(
            f"office.desk.acting:{PREPARE}{act.command}",
            name=act.command,
            help=str(Message(f"command.{act.command}")),
        )


async def sign(
    *preparation: int,
    decline: Switch = False,
    why: Reason = "",
    dry_run: Switch = False,
    yes: Switch = False,
    output: Form = "table",
) -> int | None:
    """Lists what waits for a second person; signs and sends one of it, or declines it.

    Args:
        preparation: its number, or those of several; without one, what waits is listed.
        decline: do not sign it: it waits no more, and nothing of it is done.
        why: why it is declined.
        dry_run: show what was prepared and what it would do now, and do nothing.
        yes: ask nothing at a terminal before it is sent.
        output: table for people, json for programs.
    """
    from office.desk.preparation_showing import PreparationShowing
    from register.preparations import waiting

    if preparation:
        codes = [await _sign(one, decline, why, dry_run, yes, output) for one in dict.fromkeys(preparation)]
        return max((code for code in codes if code), default=None)
    if decline or why:
        raise InputRefused("preparation.which")
    return PreparationShowing(output).waiting(waiting(Settings.read().register_url))


async def _sign(
    preparation: int, decline: bool, why: str, dry_run: bool, yes: bool, output: Form
) -> int | None:
    """Signs one of what waits, declines it, or shows it."""
    from office.desk import preparing
    from office.desk.foreseen import agreed, ask, foreseen
    from office.desk.preparation_showing import PreparationShowing, said
    from register.preparations import SIGNED, prepared

    settings, now, shows = Settings.read(), datetime.now(UTC), PreparationShowing(output)
    if decline:
        return shows.declined(preparing.decline(settings, preparation, why, now))
    if dry_run:
        one, would = prepared(settings.register_url, preparation), {}
        if one.command in preparing.ON_A_CASE:
            would = await foreseen(settings, one.number, preparing.act_of(one, one.by), now)
        return shows.shown(one, would)
    if (one := prepared(settings.register_url, preparation)).answer == SIGNED and preparing.is_mine(
        settings, one, now
    ):
        return await _again(settings, one, output)
    one, power = preparing.to_sign(settings, preparation, now)
    by, asks = power.acting.person.name, not yes and sys.stdin.isatty()
    if asks:
        print("\n".join(said(one)), file=sys.stderr)
    if one.command not in preparing.ON_A_CASE:
        if asks:
            ask(one.command, one.number)
        return await _in_office(settings, one, power, now, output)
    act = preparing.act_of(one, by)
    if asks:
        await agreed(settings, one.number, act, now)
    return await _on_a_case(settings, one, act, output)


async def _on_a_case(settings: Settings, one: Preparation, act: Act, output: Form) -> None:
    from office.desk.acting import answered
    from office.desk.preparing import sign as sent
    from office.showing import tell_aside

    receipt = await sent(settings, one, act.by, tell_aside)
    answered(settings, receipt, type(act), output)


async def _again(settings: Settings, one: Preparation, output: Form) -> int | None:
    """Tells once more what stands, as where nobody saw its receipt; what was signed in the office is done."""
    from register.office_acts import of

    if one.command in DONE:
        (signed,) = (
            s
            for s in of(settings.register_url, one.command, [one.number])
            if s["request_id"] == one.request_id
        )
        return await DONE[one.command](settings, signed, output)
    from office.desk.acting import answered
    from office.desk.preparing import act_of
    from office.desk.sending import from_register

    act = act_of(one, one.answered_by)
    if receipt := from_register(settings, one.number, act):
        answered(settings, receipt, type(act), output)
    return None


async def _in_office(
    settings: Settings, one: Preparation, power: Power, now: datetime, output: Form
) -> int | None:
    """Does what was prepared in the office; what it does is kept together with who signed it."""
    from office.desk.preparing import sign_in_office

    return await DONE[one.command](settings, sign_in_office(settings, one, power, now), output)


async def _law(settings: Settings, signed: dict[str, Any], output: Form) -> None:
    from office.commands.law import entered

    entered(settings, signed, output)


async def _money(settings: Settings, signed: dict[str, Any], output: Form) -> int:
    from office.commands.payments import given_back

    return await given_back(settings, signed, output)


DONE = {"law confirm": _law, "payments refund": _money, "payments return": _money}
"""What is done in the office once another person signed it, by its command."""
