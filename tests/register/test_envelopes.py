"""No act is heard that a person of the office did not sign, with the office's word for it, for that case."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from temporalio.exceptions import ApplicationError
from temporalio.worker import HandleUpdateInput

from models.acts import Act, Closed, PaymentReceived, SurplusRefunded, Withdrawn
from models.envelope import SKEW, Envelope, OfficeAct, digest_of, flaw
from models.people import Person, StaffRole, Takes, preparing
from models.signing import Purpose
from office.desk.envelopes import by_worker, signed
from office.desk.person import Acting, Power
from office.settings import Settings
from register.keys import OFFICE, Key, kept
from workflows.envelopes import hold

NUMBER = "CUP-2026-001"
NOW = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
FORGED = 500
A_WEEK = timedelta(days=7)


def a_key() -> Key:
    return Key(Ed25519PrivateKey.generate())


@dataclass
class Desk:
    """An office with its key, and Ann and Bob, who have each a key of their own."""

    settings: Settings
    office: Key
    ann: Key
    bob: Key

    def person(self, name: str = "Ann") -> Person:
        roles = (StaffRole.DECIDER,)
        return Person(name=name, function="inspector", roles=roles, since=date(2026, 1, 1))

    def signs(
        self,
        act: Act,
        number: str = NUMBER,
        at: datetime = NOW,
        name: str = "Ann",
        takes: Takes | None = None,
        prepared: Envelope | None = None,
    ) -> Envelope:
        power = Power(Acting(self.person(name), self.ann), takes=takes)
        return signed(self.settings, power, number, act, at, prepared=prepared)

    def prepares(self, act: Act, name: str = "Bob", at: datetime = NOW - A_WEEK) -> Envelope:
        """What somebody signs of an act that another one is to sign."""
        power = Power(Acting(self.person(name), self.ann if name == "Ann" else self.bob))
        meant = act.model_copy(update={"by": name})
        return signed(self.settings, power, NUMBER, meant, at, preparing(act.command))

    def wrong(
        self, envelope: Envelope | None, act: Act, number: str = NUMBER, at: datetime = NOW
    ) -> str | None:
        found = flaw(envelope, act, number, self.office.public, at)
        return found.key if found else None

    def certified_again(self, envelope: Envelope, **said: object) -> Envelope:
        """The envelope with another word of the office, which really gave it."""
        by = envelope.certificate.model_copy(update=said)
        by = by.model_copy(update={"signature": self.office.sign(Purpose.CERTIFICATE, by.says)})
        return envelope.model_copy(update={"certificate": by})

    def signed_again(self, envelope: Envelope, **said: object) -> Envelope:
        """The envelope with another word of Ann, which she really gave."""
        changed = envelope.model_copy(update=said)
        return changed.model_copy(update={"signature": self.ann.sign(Purpose.ACT, changed.says)})


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    settings = Settings(var=tmp_path_factory.mktemp("office"))
    own = (kept(settings.var / name) for name in ("ann", "bob"))
    return Desk(settings, kept(settings.keys / OFFICE), *own)


def acts(n: int) -> tuple[Act, Act]:
    """An act, and another one that somebody would rather see heard."""
    meant = Withdrawn(by="Ann", request_id=f"request-{n:04d}", reason=f"reason {n}")
    instead = Closed(
        by="Ann", request_id=f"request-{n:04d}", grounds=f"grounds {n}", continuity_plan="by the hospital"
    )
    return meant, instead


Forgery = Callable[[Desk, random.Random, int], tuple[Envelope | None, Act, str, datetime]]


def no_envelope(desk: Desk, chance: random.Random, n: int):
    return None, acts(n)[0], NUMBER, NOW


def certified_by_an_office_of_ones_own(desk: Desk, chance: random.Random, n: int):
    act, own = acts(n)[0], a_key()
    envelope = desk.signs(act)
    by = envelope.certificate
    by = by.model_copy(update={"signature": own.sign(Purpose.CERTIFICATE, by.says)})
    return envelope.model_copy(update={"certificate": by}), act, NUMBER, NOW


def a_certificate_that_was_widened(desk: Desk, chance: random.Random, n: int):
    act, envelope = acts(n)[0], desk.signs(acts(n)[0])
    wider = chance.choice(
        [
            {"acts": ("withdraw", "close")},
            {"until": NOW + timedelta(days=1)},
            {"since": NOW - timedelta(days=1)},
            {"roles": StaffRole.words()},
            {"person": "Bob"},
            {"number": "CUP-2026-002"},
            {"key": a_key().public},
            {"rests_on": "an order that nobody gave"},
            {"signature": ""},
        ]
    )
    by = envelope.certificate.model_copy(update=wider)
    return envelope.model_copy(update={"certificate": by}), act, NUMBER, NOW


def signed_by_another_key(desk: Desk, chance: random.Random, n: int):
    act, envelope = acts(n)[0], desk.signs(acts(n)[0])
    signature = a_key().sign(Purpose.ACT, envelope.says)
    return envelope.model_copy(update={"signature": signature}), act, NUMBER, NOW


def signed_for_another_purpose(desk: Desk, chance: random.Random, n: int):
    act, envelope = acts(n)[0], desk.signs(acts(n)[0])
    purpose = chance.choice([Purpose.CERTIFICATE, Purpose.HEAD])
    return envelope.model_copy(update={"signature": desk.ann.sign(purpose, envelope.says)}), act, NUMBER, NOW


def a_flipped_bit(desk: Desk, chance: random.Random, n: int):
    act, envelope = acts(n)[0], desk.signs(acts(n)[0])
    place = chance.randrange(80)
    flipped = chr(ord(envelope.signature[place]) ^ 1)
    signature = f"{envelope.signature[:place]}{flipped}{envelope.signature[place + 1 :]}"
    return envelope.model_copy(update={"signature": signature}), act, NUMBER, NOW


def replayed_in_another_case(desk: Desk, chance: random.Random, n: int):
    act = acts(n)[0]
    return desk.signs(act), act, f"CUP-2026-{chance.randrange(2, 999):03d}", NOW


def moved_to_another_case_with_a_true_certificate(desk: Desk, chance: random.Random, n: int):
    act = acts(n)[0]
    other = desk.signs(act, "CUP-2026-002").certificate
    return desk.signs(act).model_copy(update={"certificate": other}), act, "CUP-2026-002", NOW


def under_another_request(desk: Desk, chance: random.Random, n: int):
    act = acts(n)[0]
    return desk.signs(act), act.model_copy(update={"request_id": f"again-{n:06d}"}), NUMBER, NOW


def with_another_body(desk: Desk, chance: random.Random, n: int):
    act, instead = acts(n)
    changed = chance.choice(
        [
            instead,
            act.model_copy(update={"reason": "other"}),
            act.model_copy(update={"on": date(2026, 11, 2)}),
        ]
    )
    return desk.signs(act), changed, NUMBER, NOW


def in_another_s_name(desk: Desk, chance: random.Random, n: int):
    act = acts(n)[0].model_copy(update={"by": "Bob"})
    return desk.signs(act), act, NUMBER, NOW


def after_its_time(desk: Desk, chance: random.Random, n: int):
    act = acts(n)[0]
    return desk.signs(act), act, NUMBER, NOW + timedelta(minutes=chance.randrange(11, 100_000))


def before_its_time(desk: Desk, chance: random.Random, n: int):
    act = acts(n)[0]
    return desk.signs(act), act, NUMBER, NOW - SKEW - timedelta(minutes=chance.randrange(1, 100_000))


def signed_outside_its_certificate(desk: Desk, chance: random.Random, n: int):
    act = acts(n)[0]
    at = NOW + chance.choice([-1, 1]) * timedelta(minutes=chance.randrange(13, 100_000))
    return desk.signed_again(desk.signs(act), at=at), act, NUMBER, NOW


def without_the_power(desk: Desk, chance: random.Random, n: int):
    act = acts(n)[0]
    others = tuple(chance.sample(["close", "decide", "suspend", "judge"], 2))
    return desk.certified_again(desk.signs(act), acts=others), act, NUMBER, NOW


def alone_where_it_takes_two(desk: Desk, chance: random.Random, n: int):
    act = acts(n)[1]
    return desk.signs(act, takes=Takes.TWO), act, NUMBER, NOW


def by_the_same_person_twice(desk: Desk, chance: random.Random, n: int):
    """Under another name, too: it is the same key."""
    act, other = acts(n)[1], chance.choice(["Ann", "Carl"])
    power = Power(Acting(desk.person(other), desk.ann))
    meant = act.model_copy(update={"by": other})
    prepared = signed(desk.settings, power, NUMBER, meant, NOW - A_WEEK, preparing(act.command))
    return desk.signs(act, takes=Takes.TWO, prepared=prepared), act, NUMBER, NOW


def a_preparation_that_was_altered(desk: Desk, chance: random.Random, n: int):
    """Whoever signs puts another act, another person or another moment in the place of what was prepared."""
    act, prepared = acts(n)[1], desk.prepares(acts(n)[1])
    said = chance.choice(
        [{"digest": "0" * 64}, {"at": NOW - A_WEEK + SKEW}, {"request_id": "another-request"}]
    )
    prepared = prepared.model_copy(update=said)
    return desk.signs(act, takes=Takes.TWO, prepared=prepared), act, NUMBER, NOW


def another_act_than_was_prepared(desk: Desk, chance: random.Random, n: int):
    act = acts(n)[1]
    prepared = desk.prepares(act.model_copy(update={"grounds": "what Bob meant"}))
    return desk.signs(act, takes=Takes.TWO, prepared=prepared), act, NUMBER, NOW


def an_act_in_the_place_of_a_preparation(desk: Desk, chance: random.Random, n: int):
    """What Bob once signed to do himself says nothing of what another one does."""
    act = acts(n)[1]
    power = Power(Acting(desk.person("Bob"), desk.bob))
    done = signed(desk.settings, power, NUMBER, act.model_copy(update={"by": "Bob"}), NOW - A_WEEK)
    return desk.signs(act, takes=Takes.TWO, prepared=done), act, NUMBER, NOW


def a_preparation_sent_as_the_act(desk: Desk, chance: random.Random, n: int):
    act = acts(n)[1].model_copy(update={"by": "Bob"})
    return desk.prepares(act, at=NOW), act, NUMBER, NOW


FORGERIES: dict[Forgery, set[str]] = {
    no_envelope: {"envelope.none"},
    certified_by_an_office_of_ones_own: {"envelope.not-certified"},
    a_certificate_that_was_widened: {"envelope.not-certified"},
    signed_by_another_key: {"envelope.not-signed"},
    signed_for_another_purpose: {"envelope.not-signed"},
    a_flipped_bit: {"envelope.not-signed"},
    replayed_in_another_case: {"envelope.of-another-case"},
    moved_to_another_case_with_a_true_certificate: {"envelope.of-another-case"},
    under_another_request: {"envelope.altered"},
    with_another_body: {"envelope.altered"},
    in_another_s_name: {"envelope.of-another-person"},
    after_its_time: {"envelope.expired"},
    before_its_time: {"envelope.expired"},
    signed_outside_its_certificate: {"envelope.expired"},
    without_the_power: {"envelope.no-power"},
    alone_where_it_takes_two: {"envelope.takes-two"},
    by_the_same_person_twice: {"envelope.same-person"},
    a_preparation_that_was_altered: {"envelope.not-signed"},
    another_act_than_was_prepared: {"envelope.altered"},
    an_act_in_the_place_of_a_preparation: {"envelope.altered"},
    a_preparation_sent_as_the_act: {"envelope.altered"},
}
"""What a forger may try, and why it is refused."""


def test_of_five_hundred_forged_acts_none_is_heard_and_each_is_told_why(desk):
    chance, told = random.Random(16), Counter[str]()
    for n in range(FORGED):
        forgery = list(FORGERIES)[n % len(FORGERIES)]
        envelope, act, number, now = forgery(desk, chance, n)
        why = desk.wrong(envelope, act, number, now)
        assert why in FORGERIES[forgery], (forgery.__name__, why)
        told[why] += 1
        with pytest.raises(ApplicationError) as refused:
            hold(HandleUpdateInput("id", act.command, (act, envelope), {}), desk.office.public, number, now)
        assert refused.value.type == "NotEmpowered"
        assert refused.value.message.startswith(f"{act.command} is not heard in {number}: ")
    assert sum(told.values()) == FORGED
    assert len(told) == 10


def test_what_one_person_prepared_and_another_one_signed_later_is_heard(desk):
    act = acts(1)[1]
    envelope = desk.signs(act, takes=Takes.TWO, prepared=desk.prepares(act))
    travelled = Envelope.model_validate_json(envelope.model_dump_json(exclude_defaults=True))
    assert desk.wrong(travelled, act) is None
    assert desk.wrong(travelled, act, at=NOW + timedelta(hours=1)) == "envelope.expired"


def test_what_a_person_signed_is_heard_once_in_its_case_and_its_minutes(desk):
    for n in range(20):
        act = acts(n)[0]
        envelope = Envelope.model_validate_json(desk.signs(act).model_dump_json(exclude_defaults=True))
        heard = Withdrawn.model_validate_json(act.model_dump_json())
        for at in (NOW - SKEW, NOW, NOW + timedelta(minutes=10)):
            assert desk.wrong(envelope, heard, at=at) is None
        hold(HandleUpdateInput("id", "withdraw", (heard, envelope), {}), desk.office.public, NUMBER, NOW)
        hold(
            HandleUpdateInput("id", "withdraw", (heard, envelope), {}),
            desk.office.public,
            f"{NUMBER}/account",
            NOW,
        )


def test_a_request_id_that_is_signed_is_the_one_of_the_act(desk):
    """The digest holds the request id too: both would have to be forged."""
    act = acts(1)[0]
    other = act.model_copy(update={"request_id": "another-request"})
    envelope = desk.signed_again(desk.signs(act), digest=digest_of(other))
    assert desk.wrong(envelope, other) == "envelope.of-another-request"


def test_the_worker_signs_what_a_statement_brings_for_whoever_took_it_in_and_nothing_of_a_person(desk):
    sign = by_worker(desk.settings, lambda: NOW)
    paid = PaymentReceived(by="Ann", request_id="movement-0001", cents=100, movement="m")
    assert desk.wrong(sign(NUMBER, paid), paid) is None
    assert desk.wrong(sign(NUMBER, paid), paid.model_copy(update={"cents": 101})) == "envelope.altered"


def test_what_was_prepared_can_be_signed_for_as_long_as_the_office_said(desk):
    act = acts(1)[1]
    for days, why in ((29, None), (31, "envelope.prepared-long-ago")):
        prepared = desk.prepares(act, at=NOW - timedelta(days=days))
        assert desk.wrong(desk.signs(act, takes=Takes.TWO, prepared=prepared), act) == why


def test_a_refund_is_heard_where_the_person_whom_it_names_ordered_just_that(desk):
    act = SurplusRefunded(by="Ann", request_id="movement-0001", cents=1, movement="M-1")

    def ordered(by: str = "Ann", of: str = NUMBER, command: str = "payments refund") -> dict:
        said = {"movement": "M-1", "of": of}
        order = OfficeAct(command=command, by=by, request_id="refund-of-m-1", said=said)
        power = Power(Acting(desk.person(by), desk.ann))
        return signed(desk.settings, power, "M-1", order, NOW - A_WEEK).kept(order)

    def heard(order: dict | None) -> str | None:
        return desk.wrong(by_worker(desk.settings, lambda: NOW, order)(NUMBER, act), act)

    assert heard(ordered()) is None
    none = None, ordered("Bob"), ordered(of="CUP-2026-002"), ordered(command="payments return")
    assert {heard(order) for order in none} == {"envelope.not-ordered"}
    assert heard(ordered() | {"signature": ""}) == "envelope.not-signed"
    assert heard(ordered() | {"digest": "0" * 64}) == "envelope.not-signed"
    assert desk.wrong(desk.signs(act), act) == "envelope.not-ordered"


def test_what_a_later_build_adds_is_signed_too(desk):
    said = acts(1)[0].model_copy(update={"added_later": "yes"})
    assert digest_of(said) != digest_of(acts(1)[0])


def test_an_envelope_costs_less_than_ten_milliseconds(desk, tmp_path: Path):
    import time

    act, began = acts(1)[0], time.process_time()
    for _ in range(50):
        desk.wrong(desk.signs(act), act)
    assert (time.process_time() - began) / 50 < 0.01
