"""`umn people`: who is in the office, what for, since when, by which keys, and what was delegated to whom."""

from __future__ import annotations

from typing import Annotated, Any

from cyclopts import App, Parameter

from models.errors import InputRefused
from models.messages import worded
from models.people import Person, StaffRole
from models.signs import name as proper
from office.commands import Day, Form, Reason, Whole, today, word_of
from office.settings import Settings

people = App(name="people", group_commands="Commands")

Called = Annotated[str, Parameter(converter=lambda kind, tokens: proper(tokens[0].value))]
Many = Annotated[tuple[str, ...], Parameter(negative=())]


@people.default
@people.command(name="list")
def people_list(*, output: Form = "table") -> None:
    """Lists the people of the office: function, roles, since when, keys, and what was delegated to them.

    Args:
        output: table for people, json for programs.
    """
    from register.people import known

    _show(known(Settings.read().register_url), output)


@people.command(name="add")
def people_add(
    name: Called,
    /,
    *,
    function: Reason,
    role: Many,
    since: Day | None = None,
    until: Day | None = None,
    key: str = "",
    output: Form = "table",
) -> None:
    """Adds a person, or says anew what one is: another function, other roles.

    Args:
        name: as it stands in the register with each act.
        function: what the person is in the office, in words.
        role: intake, assessor, finance, decider, publisher, auditor or administrator; may be repeated.
        since: from which day on; today when left out.
        until: the last day; none when left out.
        key: the public key that the person signs with, or a file that holds it.
        output: table for people, json for programs.
    """
    from office.desk.peopling import add
    from register.database import migrate

    settings = Settings.read()
    migrate(settings.register_url)
    roles = tuple(StaffRole(word_of("role", one, StaffRole.words())) for one in role)
    since_on = since or today()
    _show(add(settings, name, function, roles, since_on, until, key, today()), output)


@people.command(name="end")
def people_end(name: Reason, /, *, until: Day | None = None, output: Form = "table") -> None:
    """Says until when a person is in the office.

    Args:
        name: the person.
        until: the last day; yesterday, so that it ends at once, when left out.
        output: table for people, json for programs.
    """
    from models.clock import ONE_DAY
    from office.desk.peopling import end

    last = until or today() - ONE_DAY
    _show(end(Settings.read(), name, last, today()), output)


@people.command(name="key")
def people_key(name: Reason, key: str, /, *, output: Form = "table") -> None:
    """Gives a person a key to sign with, beside those of before.

    Args:
        name: the person.
        key: the public key (ssh-ed25519 …), or a file that holds it.
        output: table for people, json for programs.
    """
    from office.desk.peopling import give_key

    _show(give_key(Settings.read(), name, key, today()), output)


@people.command(name="delegate")
def people_delegate(
    name: Reason,
    /,
    *,
    act: Many,
    procedure: Many,
    rests_on: Reason,
    since: Day | None = None,
    until: Day | None = None,
    output: Form = "table",
) -> None:
    """Delegates acts to a person beside those of its roles, by an act of the Minister.

    Args:
        name: the person.
        act: a command, such as decide; may be repeated.
        procedure: the code of a procedure; may be repeated.
        rests_on: the act of the Minister, such as its date and where it was published.
        since: from which day on; today when left out.
        until: the last day; none when left out.
        output: table for people, json for programs.
    """
    from office.desk.peopling import delegate

    since_on = since or today()
    known = delegate(Settings.read(), name, act, procedure, rests_on, since_on, until, today())
    _show(known, output)


@people.command(name="revoke")
def people_revoke(
    name: Reason, /, *, key: str = "", delegation: Whole = 0, why: Reason, output: Form = "table"
) -> None:
    """Revokes a key or a delegation of a person, from this moment on.

    Args:
        name: the person.
        key: the fingerprint of the key, as `umn people list` shows it.
        delegation: the number of the delegation.
        why: the reason.
        output: table for people, json for programs.
    """
    from office.desk.peopling import revoke_delegation, revoke_key

    if bool(key) == bool(delegation):
        raise InputRefused("people.what-to-revoke")
    settings = Settings.read()
    if key:
        return _show(revoke_key(settings, name, key, why, today()), output)
    return _show(revoke_delegation(settings, name, delegation, why, today()), output)


def _show(known: dict[str, Person], output: Form) -> None:
    from office.showing import print_json, say
    from office.tables import show_table

    told = [_told(one) for one in known.values()]
    if output == "json":
        return print_json({"people": told})
    if not told:
        return say(worded("people.none-listed"))
    columns = ("person", "function", "roles", "since", "until", "keys")
    show_table(columns, [tuple(map(_cell, map(one.get, ("name", *columns[1:])))) for one in told])
    for one in told:
        for by in one["delegations"]:
            say(worded("people.delegated", person=one["name"], **by))
    if sum(one["here"] for one in told) == 1:
        production = Settings.read().profile == "production"
        say(worded("people.one-in-production" if production else "people.one-person"))
    return None


def _cell(said: Any) -> str:
    return ", ".join(said) if isinstance(said, list) else said or ""


def _told(one: Person) -> dict[str, Any]:
    """A person for programs: keys by their fingerprints."""
    from models.signing import fingerprint

    said = one.model_dump(mode="json", exclude={"keys"})
    return {**said, "here": one.is_here(today()), "keys": [fingerprint(key) for key in one.keys]}
