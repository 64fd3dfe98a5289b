"""What takes two people is prepared by one and signed by another, and does not pass before."""

from __future__ import annotations

import asyncio
import json
import os
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

import starter
from models.acts import SuspensionImposed
from models.envelope import Envelope
from models.errors import ImproperAct, NotEmpowered, NotFound
from models.people import StaffRole
from models.signing import Purpose, fingerprint, is_signed
from office.desk import peopling, preparing
from office.desk.envelopes import by_person
from office.desk.sending import send
from office.settings import Settings
from register import people, preparations
from register.keys import OFFICE, kept, read
from register.reading import document, questions
from tests.stories.steps import authorised

pytestmark = pytest.mark.server

TAKEN = ("--grounds", "A signal.", "--decided-by", "Zoe", "--capacity", "minister")


class Typing:
    """People of one office, each of whom types with a key of one's own."""

    def __init__(self, office: Any, capsys: pytest.CaptureFixture[str], patch: pytest.MonkeyPatch) -> None:
        self.office, self._capsys, self._patch = office, capsys, patch

    def settings(self, who: str) -> Settings:
        return replace(self.office.settings, key=self.office.settings.var.with_name(who.lower()))

    def joins(self, who: str, *roles: StaffRole) -> None:
        own, today = self.settings(who), datetime.now(UTC).date()
        peopling.first(own, who, today)
        if who not in people.known(own.register_url):
            kept(own.own_key)
            told = (roles, today, None, f"{own.own_key}.pub", today)
            peopling.add(self.settings("Ann"), who, "colleague", *told)

    async def __call__(self, who: str, *words: str, ends: int = 0) -> Any:
        """What a command answers, as JSON."""
        self._patch.setenv("UMN_VAR", str(self.office.settings.var))
        self._patch.setenv("UMN_KEY", str(self.settings(who).own_key))
        self._patch.setenv("TEMPORAL_ADDRESS", self.office.client.service_client.config.target_host)
        self._patch.setenv("TEMPORAL_CONFIG_FILE", os.devnull)
        code = await asyncio.to_thread(starter.run, [*words, "-o", "json"])
        said = self._capsys.readouterr()
        assert code == ends, said
        return json.loads(said.out)


@pytest.fixture
def types(office, capsys, monkeypatch) -> Typing:
    """Ann is alone at first; whoever joined in an earlier test is there still."""
    typing = Typing(office, capsys, monkeypatch)
    typing.joins("Ann")
    return typing


def envelope_of(office, number: str, entry: int) -> Envelope:
    with questions(office.settings.register_url) as ask:
        asked = "SELECT envelope FROM entry WHERE number = ? AND sequence = ?"
        return Envelope.model_validate(document(ask(asked, [number, entry])[0][0]))


async def test_one_person_acts_alone_and_of_two_one_prepares_and_another_signs(office, types):
    number = await authorised(office)
    receipt = await types("Ann", "suspend", number, *TAKEN, "--for-safety")
    last = (await types("Ann", "show", number))["entries"][-1]
    assert (last["by"], last["prepared_by"], last["one_person"]) == ("Ann", "", True)

    types.joins("Bob", StaffRole.DECIDER)
    types.joins("Carl", StaffRole.ASSESSOR)
    words = ("lift-suspension", number, *TAKEN)
    prepared = await types("Carl", "prepare", *words)
    assert (prepared["command"], prepared["by"], prepared["may_sign"]) == (
        "lift-suspension",
        "Carl",
        ["Ann", "Bob"],
    )
    assert await types("Carl", "prepare", *words) == prepared  # typed again it is the same
    by_ann = await types("Ann", *words)  # to decide is to prepare
    assert by_ann["may_sign"] == ["Bob"]
    assert office.shows(number).state.entry == receipt["entry"]
    assert [one["preparation"] for one in await types("Bob", "sign")] == [1, 2]

    refused = await types("Carl", "sign", "1", ends=3)
    assert "Carl (assessor) may not lift-suspension" in refused["message"]
    refused = await types("Ann", "sign", "2", ends=3)
    assert "Ann prepared 2, and it takes another person to sign it. Whoever may: Bob." in refused["message"]
    shown = await types("Bob", "sign", "1", "--dry-run")
    assert (shown["act"]["grounds"], shown["foreseen"]["phase"]) == ("A signal.", "authorised")
    assert office.shows(number).state.entry == receipt["entry"]

    signed = await types("Bob", "sign", "1")
    last = (await types("Bob", "show", number))["entries"][-1]
    assert (last["sequence"], last["by"], last["prepared_by"]) == (signed["entry"], "Bob", "Carl")
    assert last["one_person"] is False
    envelope = envelope_of(office, number, signed["entry"])
    for one in (envelope, envelope.prepared):
        assert is_signed(Purpose.ACT, one.says, one.signature, one.certificate.key)
        office_key = read(office.settings.keys / OFFICE).public
        by = one.certificate
        assert is_signed(Purpose.CERTIFICATE, by.says, by.signature, office_key)
    assert await types("Bob", "sign", "1") == signed  # the first receipt was lost
    refused = await types("Ann", "sign", "1", ends=3)
    assert f"1 was signed by Bob, and stands as entry {signed['entry']}" in refused["message"]
    refused = await types("Bob", "sign", "2", ends=3)  # the case itself: nothing is suspended any more
    assert refused["error"] == "UntimelyAct"
    assert (await types("Bob", "sign", "2", "--decline", "--why", "It was lifted."))["answer"] == "declined"
    assert await types("Bob", "sign") == []


async def test_what_is_declined_is_never_done(office, types):
    types.joins("Bob", StaffRole.DECIDER)
    number = await authorised(office)
    one = (await types("Ann", "suspend", number, *TAKEN, "--for-safety"))["preparation"]
    assert "why" in (await types("Bob", "sign", str(one), "--decline", ends=2))["message"]
    declined = await types("Bob", "sign", str(one), "--decline", "--why", "Not this one.")
    assert (declined["answer"], declined["answered_by"], declined["why"]) == (
        "declined",
        "Bob",
        "Not this one.",
    )
    refused = await types("Bob", "sign", str(one), ends=3)
    assert f"{one} was declined by Bob" in refused["message"]
    bob = types.settings("Bob")
    put_back = preparations.prepared(bob.register_url, one)
    with pytest.raises(ImproperAct, match=f"{one} was declined by Bob"):  # the case itself
        await preparing.sign(bob, put_back, "Bob")
    assert "SuspensionImposed" not in office.acts(number)
    another = (await types("Ann", "suspend", number, *TAKEN, "--for-safety"))["preparation"]
    assert another == one + 1
    await types("Ann", "sign", str(another), "--decline", "--why", "I take it back.")
    await types("Ann", "sign", "999", ends=4)


async def test_what_its_case_refuses_is_not_prepared(office, types):
    types.joins("Bob", StaffRole.DECIDER)
    number = await authorised(office)
    refused = await types("Ann", "prepare", "lift-suspension", number, *TAKEN, ends=3)
    assert "lift-suspension is not possible" in refused["message"]
    assert await types("Bob", "sign") == []


async def test_what_was_prepared_too_long_ago_is_refused_by_the_desk_and_by_its_case(office, types):
    types.joins("Bob", StaffRole.DECIDER)
    number, now = await authorised(office), datetime.now(UTC)
    said = {"grounds": "g", "decided_by": "Zoe", "capacity": "minister", "for_safety": True}
    act = SuspensionImposed(by="Ann", request_id="prepared-long-ago", **said)
    one, _ = await preparing.prepare(replace(types.settings("Ann"), preparation_days=0), number, act, now)
    refused = await types("Bob", "sign", str(one.preparation), ends=3)
    assert f"{one.preparation} could be signed until" in refused["message"]
    with pytest.raises(NotEmpowered, match="could be signed until"):
        await preparing.sign(types.settings("Bob"), one, "Bob")
    assert "SuspensionImposed" not in office.acts(number)
    await types("Bob", "sign", str(one.preparation), "--decline", "--why", "Too old.")


async def test_what_was_prepared_is_what_is_signed_or_nothing(office, types):
    types.joins("Bob", StaffRole.DECIDER)
    number = await authorised(office)
    one = (await types("Ann", "suspend", number, *TAKEN, "--for-safety"))["preparation"]
    bob, now = types.settings("Bob"), datetime.now(UTC)
    found, _ = preparing.to_sign(bob, one, now)
    altered = replace(found, act={**found.act, "grounds": "What Ann never said."})
    with pytest.raises(NotEmpowered, match="it is not what Ann signed"):
        await preparing.sign(bob, altered, "Bob")
    with pytest.raises(NotEmpowered, match="it takes two people, and Bob alone signed it"):
        await send(office.client, bob, number, preparing.act_of(found, "Bob"), sign=by_person(bob))
    (key,) = people.known(bob.register_url)["Ann"].keys
    peopling.give_key(types.settings("Ann"), "Ann", f"{_spare(types)}.pub", now.date())
    peopling.revoke_key(types.settings("Ann"), "Ann", fingerprint(key), "stolen", now.date())
    with pytest.raises(NotEmpowered, match="a key that is no longer one of Ann"):
        preparing.to_sign(bob, one, now)
    assert "SuspensionImposed" not in office.acts(number)
    preparing.decline(bob, one, "Prepared with a stolen key.", now)
    with pytest.raises(ImproperAct):
        preparations.decline(bob.register_url, one, "Bob", now, "Once more.")
    with pytest.raises(NotFound):
        preparations.prepared(bob.register_url, 0)


def _spare(types: Typing):
    """Another key of Ann, in the place of the one that was stolen."""
    spare = types.settings("Ann").own_key.with_name("ann-again")
    kept(spare)
    return spare
