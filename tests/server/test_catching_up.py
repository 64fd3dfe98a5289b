"""A case that does not know an act that the register holds is told of it, and goes on from there."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from activities.register import RegisterEntries
from models.acts import Assigned
from office.connection import connect
from office.desk.envelopes import by_person, of_cases
from office.desk.rehearsing import Stage
from office.desk.sending import made_of
from office.letters.postman import teller_of
from office.service.catching_up import keep_up
from office.service.launching import wait_for
from tests.cli.desk import Desk, office

pytestmark = pytest.mark.server


async def entered_and_lost(desk: Desk, number: str) -> None:
    """An act that tells no letter is entered, and its task is lost; nobody asks for its receipt any more."""
    made = made_of(Assigned, {"by": desk.by, "officer": "Bob"}, "lost-and-not-repeated")
    rehearsed = await Stage(desk.settings, datetime.now(UTC)).rehearse(number, made)
    in_envelope = by_person(desk.settings)(number, made).kept(made)
    some_time_ago = datetime.now(UTC) - timedelta(minutes=5)
    entry = rehearsed.entry.model_copy(update={"envelope": in_envelope, "recorded_at": some_time_ago})
    await asyncio.to_thread(RegisterEntries(desk.settings.register_url).enter, entry)


async def told_meanwhile(desk: Desk, number: str) -> list[str]:
    """Which cases are told, until that one has gone on and a moment longer."""
    told: list[str] = []
    client = await connect(desk.settings)
    tell = teller_of(client, of_cases(desk.settings))

    def tells(to: str, note: Any) -> bool:
        told.append(to)
        return tell(to, note)

    looks = asyncio.create_task(keep_up(client, desk.settings, tells, every=0.1))
    for _ in range(200):
        if desk.sees(number)["entries"][-1]["act"] == "Reopened":
            break
        await asyncio.sleep(0.1)
    await asyncio.sleep(0.5)
    looks.cancel()
    return told


def test_an_act_of_which_only_the_register_knows_is_told_to_its_case_once(tmp_path: Path) -> None:
    with office(tmp_path / "var") as desk:
        other, number = desk.submits(tmp_path), desk.submits(tmp_path)
        desk.sees_at_rest(number)
        wait_for(entered_and_lost(desk, number))
        (behind,) = desk.asks("reconcile", "-o", "json").document["problems"]
        assert (behind["kind"], behind["number"]) == ("behind", number)
        assert wait_for(told_meanwhile(desk, number)) == [number]
        acts = [line["act"] for line in desk.sees(number)["entries"]]
        assert acts[-2:] == ["Assigned", "Reopened"]
        assert desk.asks("reconcile").code == 0
        assert "Reopened" not in [line["act"] for line in desk.sees(other)["entries"]]
        assert desk.does("declare-admissible", number)["entry"] == len(acts) + 1
