"""`umn payments`: bank statements, and the movements that wait for a person."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

from cyclopts import App, Parameter

from models.errors import InputRefused, ProcedureError
from models.people import preparing
from office.commands import EXIT, Form, Number, Reason, Whole, by_whom, today
from office.settings import Settings
from office.showing import Output

payments = App(name="payments", group_commands="Commands")


@payments.default
def payments_waiting(*, output: Form = "table") -> None:
    """Lists what waits for a person, and what is to be paid back, the oldest first."""
    from office.money.showing import PaymentsShowing
    from register.accounts import waiting

    PaymentsShowing(output).waiting(waiting(Settings.read().register_url))


@payments.command(name="import")
async def payments_import(files: list[Path], /, *, output: Form = "table") -> int:
    """Takes bank statements in, CODA or camt.053, and books them; the same movement twice counts once.

    Several files are taken in by their days, each for itself: one that is refused holds up no other.

    Args:
        files: the files as the bank delivered them.
        output: table for people, json for programs.
    """
    by = by_whom("payments import")
    from office.money.payments import import_statements
    from office.money.showing import PaymentsShowing

    showing = PaymentsShowing(output)
    with showing.progress("movements") as tell:
        brought = await import_statements(Settings.read(), files, by, today(), tell)
    refused = [error for _, error in brought if isinstance(error, ProcedureError)]
    if len(files) == 1 and refused:
        raise refused[0]
    showing.imported(brought)
    return max(
        (code for error in refused for kind, code in EXIT.items() if isinstance(error, kind)), default=0
    )


@payments.command(name="assign")
async def payments_assign(
    movement: str,
    number: Number,
    /,
    *,
    output: Form = "table",
) -> int:
    """Books a movement that waits on the invoice of a dossier; what the invoice cannot take waits on.

    Args:
        movement: its name, as `umn payments` lists it.
        number: number of the dossier or programme, as `umn list` shows it.
        output: table for people, json for programs.
    """
    by = by_whom("payments assign")
    from office.money.payments import decide
    from office.money.showing import PaymentsShowing

    wanted = [(number, None)]
    return PaymentsShowing(output).decided(
        await decide(Settings.read(), movement, "assign", by, today(), wanted)
    )


@payments.command(name="split")
async def payments_split(
    movement: str,
    /,
    *,
    to: Annotated[list[str], Parameter(negative=())],
    output: Form = "table",
) -> int:
    """Books a movement that waits on several invoices; what is not given out waits on.

    Args:
        movement: its name, as `umn payments` lists it.
        to: a number and what its invoice gets, as NUMBER=1234.56; may be repeated.
        output: table for people, json for programs.
    """
    by = by_whom("payments split")
    from office.money.payments import decide, shares_of
    from office.money.showing import PaymentsShowing

    return PaymentsShowing(output).decided(
        await decide(Settings.read(), movement, "split", by, today(), shares_of(to))
    )


@payments.command(name="return")
async def payments_return(
    movement: str,
    /,
    *,
    reason: Reason,
    output: Form = "table",
) -> int | None:
    """Notes that what waits of a movement goes back to the payer; the accounts make the transfer.

    Args:
        movement: its name, as `umn payments` lists it.
        reason: why.
        output: table for people, json for programs.
    """
    said = {"movement": movement, "reason": reason}
    return await _given_back("payments return", said, output)


@payments.command(name="refund")
async def payments_refund(
    movement: str,
    /,
    *,
    of: str,
    output: Form = "table",
) -> int | None:
    """Notes that money which left the account gives back what waits of a movement, or a surplus.

    Args:
        movement: the one that left the account, as `umn payments` lists it.
        of: the movement that goes back, or the number whose invoice received too much since a credit note.
        output: table for people, json for programs.
    """
    return await _given_back("payments refund", {"movement": movement, "of": of}, output)


async def _given_back(command: str, said: dict[str, Any], output: Output) -> int | None:
    """Prepares what gives money back, or does it where it takes nobody else."""
    from office.desk.person import takes_two
    from office.desk.preparing import done_in_office

    settings, movement = Settings.read(), said["movement"]
    if takes_two(settings, command, "", today()):
        from office.desk.preparation_showing import PreparationShowing
        from office.desk.preparing import prepare_in_office
        from register.accounts import one

        one(settings.register_url, movement)  # what is not there is not prepared
        by, now = by_whom(preparing(command)), datetime.now(UTC)
        prepared = prepare_in_office(settings, command, movement, by, said, now)
        return PreparationShowing(output).prepared(*prepared)
    signed = done_in_office(settings, command, movement, said, datetime.now(UTC))
    return await given_back(settings, signed, output)


async def given_back(settings: Settings, signed: dict[str, Any], output: Output) -> int:
    """Has booked what somebody signed, and tells where it stands. What is done again stands once."""
    from office.money.payments import decide
    from office.money.showing import PaymentsShowing

    by, said = signed["certificate"]["person"], signed["act"][1]["said"]
    decision, more = signed["command"].removeprefix("payments "), {**said}
    told = await decide(settings, more.pop("movement"), decision, by, today(), ordered=signed, **more)
    code = PaymentsShowing(output).decided(told)
    return code if decision == "refund" else 0  # nothing is sent to a dossier by what goes back


@payments.command(name="same")
async def payments_same(
    movement: str,
    /,
    *,
    known: Annotated[str, Parameter(name="--as")],
    output: Form = "table",
) -> int:
    """Notes that a movement which may have been told before is a known one; `different` takes it back.

    Args:
        movement: the one that waits, as `umn payments` lists it.
        known: the movement that it is, of those listed with it.
        output: table for people, json for programs.
    """
    by = by_whom("payments same")
    from office.money.payments import decide
    from office.money.showing import PaymentsShowing

    return PaymentsShowing(output).decided(
        await decide(Settings.read(), movement, "same", by, today(), of=known)
    )


@payments.command(name="different")
async def payments_different(
    movement: str,
    /,
    *,
    output: Form = "table",
) -> int:
    """Notes that a movement which may be, or was said to be, a known one is not, and has it booked.

    Args:
        movement: the one that waits, as `umn payments` lists it.
        output: table for people, json for programs.
    """
    by = by_whom("payments different")
    from office.money.payments import decide
    from office.money.showing import PaymentsShowing

    return PaymentsShowing(output).decided(await decide(Settings.read(), movement, "different", by, today()))


@payments.command(name="owed")
def payments_owed(*, output: Form = "table") -> None:
    """Lists what each debtor owes that is late, with interest on all of it, and when each claim lapses."""
    from office.money.debts import debts
    from office.money.showing import PaymentsShowing

    PaymentsShowing(output).owed(debts(Settings.read(), today()))


@payments.command(name="report")
def payments_report(*, year: Whole | None = None, output: Form = "table") -> int:
    """Reconciles what was invoiced in a year with what moved on the account, to the cent.

    Args:
        year: the year of the invoices, and of the movements; this one when left out.
        output: table for people, json for programs.
    """
    from office.money.debts import interest_of
    from office.money.showing import PaymentsShowing
    from register.accounts import report

    year = today().year if year is None else year
    if not 2000 <= year <= 9999:
        raise InputRefused("money.no-year", year=year)
    settings = Settings.read()
    interest = interest_of(settings, year, today())
    return PaymentsShowing(output).report(report(settings.register_url, year), interest)
