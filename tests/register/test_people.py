"""Who is in the office, what for, by which key: told by an administrator, never changed, only followed."""

from __future__ import annotations

import json
import subprocess
import threading
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa

from models.envelope import signers
from models.errors import InputRefused, NotEmpowered, NotFound, NotReachable, OutsideWorldFailed
from models.people import StaffRole, preparing
from models.signing import Purpose, fingerprint, is_signed
from office.desk import agent, peopling
from office.desk.person import acting, empowered
from office.settings import Settings
from procedures.registry import by_two, every, powers
from register import office_keys, people
from register.database import migrate, transaction
from register.keys import kept
from register.office_acts import of

TODAY = date(2026, 11, 30)
EARLIER, LATER = date(2026, 1, 1), date(2027, 1, 1)


@pytest.fixture
def office(tmp_path: Path, database_url: str) -> Settings:
    """An office that was just started by a person who has a key of her own."""
    settings = Settings(var=tmp_path / "var", key=tmp_path / "ann", database_url=database_url)
    migrate(settings.register_url)
    assert peopling.first(settings, "Ann", TODAY)
    return settings


def joins(office: Settings, name: str, *roles: StaffRole, since: date = EARLIER) -> Settings:
    """Somebody more, with a key. Returns: the settings of that person's own shell."""
    own = office.var.parent / name.lower()
    kept(own)
    peopling.add(office, name, "colleague", roles, since, None, f"{own}.pub", TODAY)
    return Settings(var=office.var, key=own, database_url=office.database_url)


def test_whoever_starts_an_office_is_its_one_person_with_every_role_and_nobody_is_made_twice(office):
    one = acting(office, TODAY).person
    assert (one.name, set(one.roles)) == ("Ann", set(StaffRole.words()))
    assert all(one.may(command, code, powers(code), TODAY) for code in every() for command in ("decide",))
    assert peopling.first(office, "Bob", TODAY) is None
    assert [*people.known(office.register_url)] == ["Ann"]


def test_who_acts_is_who_signs_and_a_stranger_is_told_what_to_do(office, tmp_path, monkeypatch):
    monkeypatch.delenv(agent.SOCKET, raising=False)
    bob = joins(office, "Bob", StaffRole.ASSESSOR)
    assert acting(bob, TODAY).person.name == "Bob"
    stranger = Settings(var=office.var, key=tmp_path / "eve", database_url=office.database_url)
    with pytest.raises(NotEmpowered, match="no key to sign with"):
        acting(stranger, TODAY)
    with pytest.raises(NotEmpowered, match=fingerprint(kept(tmp_path / "eve").public).replace("+", r"\+")):
        acting(stranger, TODAY)


def test_an_act_without_the_power_for_it_is_refused_and_names_who_may(office):
    bob = joins(office, "Bob", StaffRole.ASSESSOR)
    assert empowered(bob, "judge", TODAY, "CUP").person.name == "Bob"
    with pytest.raises(NotEmpowered, match=r"Bob \(assessor\) may not decide: it takes decider.*may: Ann\."):
        empowered(bob, "decide", TODAY, "CUP")
    with pytest.raises(NotEmpowered, match="may not people end"):
        peopling.end(bob, "Ann", TODAY, TODAY)


def test_what_the_minister_delegated_holds_for_its_acts_its_procedures_and_its_days(office):
    bob = joins(office, "Bob", StaffRole.ASSESSOR)
    peopling.delegate(office, "Bob", ("decide",), ("CUP",), "order of 1 June 2026", TODAY, TODAY, TODAY)
    assert empowered(bob, "decide", TODAY, "CUP")
    for command, on, code in (
        ("decide", TODAY, "MNP"),
        ("close", TODAY, "CUP"),
        ("decide", EARLIER, "CUP"),
        ("decide", LATER, "CUP"),
    ):
        with pytest.raises(NotEmpowered):
            empowered(bob, command, on, code)
    (one,) = people.known(office.register_url)["Bob"].delegations
    peopling.revoke_delegation(office, "Bob", one.delegation, "a slip", TODAY)
    with pytest.raises(NotEmpowered):
        empowered(bob, "decide", TODAY, "CUP")


def test_a_revoked_key_signs_for_nobody_and_one_who_left_does_nothing(office):
    bob = joins(office, "Bob", StaffRole.DECIDER)
    carl = joins(office, "Carl", StaffRole.DECIDER)
    (key,) = people.known(office.register_url)["Bob"].keys
    peopling.revoke_key(office, "Bob", fingerprint(key), "lost on the train", TODAY)
    with pytest.raises(NotEmpowered, match="No person of this office signs"):
        acting(bob, TODAY)
    peopling.end(office, "Carl", EARLIER, TODAY)
    with pytest.raises(NotEmpowered, match="Carl is not in this office"):
        acting(carl, TODAY)


def test_one_key_is_one_person_s(office):
    joins(office, "Bob", StaffRole.DECIDER)
    with pytest.raises(InputRefused, match="by which Bob signs"):
        peopling.give_key(office, "Ann", str(office.var.parent / "bob.pub"), TODAY)
    with pytest.raises(InputRefused, match="no public key"):
        peopling.give_key(office, "Ann", "ssh-rsa AAAA", TODAY)
    with pytest.raises(NotFound, match="Nobody is called Zoe"):
        peopling.give_key(office, "Zoe", str(office.var.parent / "bob.pub"), TODAY)


def test_an_office_keeps_an_administrator(office):
    with pytest.raises(InputRefused, match="nobody would be left"):
        peopling.end(office, "Ann", LATER, TODAY)
    with pytest.raises(InputRefused, match="nobody would be left"):
        peopling.add(office, "Ann", "decides only", (StaffRole.DECIDER,), TODAY, None, "", TODAY)
    joins(office, "Bob", StaffRole.ADMINISTRATOR)
    peopling.end(office, "Ann", EARLIER, TODAY)
    assert not people.known(office.register_url)["Ann"].is_here(TODAY)


def test_what_is_said_of_a_person_is_signed_by_whoever_says_it_and_a_public_half_signs_nothing(
    office, tmp_path, monkeypatch
):
    office_keys.hold(office.register_url, office.keys, "Ann")
    joins(office, "Bob", StaffRole.DECIDER)
    (kept_,) = of(office.register_url, "people add", ["people-3"])
    assert [one["person"] for one in signers(kept_)] == ["Ann"]
    assert kept_["act"][1]["said"]["person"] == "Bob"
    only_public = tmp_path / "ann-public"
    only_public.write_text(Path(f"{office.key}.pub").read_text())
    monkeypatch.delenv(agent.SOCKET, raising=False)
    as_ann = Settings(var=office.var, key=only_public, database_url=office.database_url)
    with pytest.raises(OutsideWorldFailed):
        joins(as_ann, "Eve", StaffRole.DECIDER)
    with pytest.raises(OutsideWorldFailed):
        empowered(as_ann, "calendar add", TODAY)
    assert [*people.known(office.register_url)] == ["Ann", "Bob"]


def test_in_production_the_first_person_is_added_by_whoever_holds_the_office(tmp_path, database_url):
    settings = Settings(
        var=tmp_path / "var", key=tmp_path / "ann", database_url=database_url, profile="production"
    )
    migrate(settings.register_url)
    with pytest.raises(NotEmpowered, match="Nobody is known"):
        acting(settings, TODAY)
    with pytest.raises(InputRefused, match="nobody would be left"):
        peopling.add(settings, "Ann", "decides", (StaffRole.DECIDER,), TODAY, None, "", TODAY)
    kept(tmp_path / "ann")
    known = peopling.add(
        settings, "Ann", "head", (StaffRole.ADMINISTRATOR,), TODAY, None, f"{tmp_path / 'ann'}.pub", TODAY
    )
    assert acting(settings, TODAY).person == known["Ann"]


def test_what_was_said_of_a_person_is_never_changed(office):
    table = sa.table("people", sa.column("by"))
    for change in (sa.update(table).values(by="Eve"), sa.delete(table)):
        with pytest.raises((sa.exc.DBAPIError, NotReachable)), transaction(office.register_url) as session:
            session.execute(change)


def test_every_command_that_changes_something_is_within_some_role_and_every_role_is_a_command():
    import starter
    from models.acts import ACTS, POST_ACTS, STATEMENT_ACTS
    from tests.house.test_docs import OPERATORS, rows

    listed = {command for commands in powers().values() for command in commands}
    prepared = {*map(preparing, by_two())}
    assert prepared <= listed
    listed -= prepared
    assert {act.command for act in (*ACTS, *STATEMENT_ACTS, *POST_ACTS)} <= listed
    told = {" ".join(first.split()[1:3]) for first in rows(OPERATORS) if first.startswith("umn ")}
    alone = {command.split()[0] for command in told} & {*starter.LIGHT, *(act.command for act in ACTS)}
    assert listed - {act.command for act in STATEMENT_ACTS} <= told | alone


def test_an_agent_signs_for_a_person_whose_key_it_holds(office, tmp_path, monkeypatch):
    """The real agent of OpenSSH, where there is one."""
    where = f"/tmp/umn-agent-{id(office)}"
    try:
        served = subprocess.Popen(["ssh-agent", "-D", "-a", where], stdout=subprocess.DEVNULL)
    except FileNotFoundError:
        pytest.skip("needs OpenSSH")
    try:
        for _ in range(100):
            if Path(where).exists():
                break
            threading.Event().wait(0.02)
        monkeypatch.setenv(agent.SOCKET, where)
        subprocess.run(["ssh-add", "-q", office.own_key], check=True, capture_output=True)
        own = Settings(var=office.var, database_url=office.database_url)
        monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "nothing"))
        by_public = Settings(
            var=office.var, key=office.own_key.with_suffix(".pub"), database_url=office.database_url
        )
        for settings in (own, by_public):
            found = acting(settings, TODAY)
            assert found.person.name == "Ann"
            signature = found.signer.sign(Purpose.ACT, b"said")
            assert is_signed(Purpose.ACT, b"said", signature, found.signer.public)
        subprocess.run(["ssh-add", "-q", "-D"], check=True, capture_output=True)
        with pytest.raises(NotReachable, match="did not sign"):
            acting(by_public, TODAY).signer.sign(Purpose.ACT, b"said")
    finally:
        served.terminate()
        served.wait()


def test_an_agent_that_answers_nonsense_breaks_nothing(tmp_path, monkeypatch):
    import socket

    where = str(tmp_path / "agent")
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(where)
        listening.listen()

        def answers() -> None:
            for answer in (
                b"",
                b"\0\0\0\1\x0c",
                b"\0\0\0\x09\x0c\xff\xff\xff\xff\0\0\0\1",
                b"\xff\xff\xff\xff\x0c",
            ):
                connection, _ = listening.accept()
                connection.recv(100)
                connection.sendall(answer)
                connection.close()

        serving = threading.Thread(target=answers)
        serving.start()
        monkeypatch.setenv(agent.SOCKET, where)
        assert [agent.held() for _ in range(4)] == [[], [], [], []]
        serving.join()


def test_what_is_told_of_people_is_json_with_fingerprints_and_no_secret(office, capsys):
    from office.commands.people import _show

    known = people.known(office.register_url)
    _show(known, "json")
    (told,) = json.loads(capsys.readouterr().out)["people"]
    assert told["keys"] == [fingerprint(known["Ann"].keys[0])]
    assert told["here"] == (datetime.now(UTC).date() >= TODAY)
