"""`umn up`, `down`, `status` and `demo`: what runs here."""

from __future__ import annotations

import sys
from contextlib import suppress
from dataclasses import replace

from models.errors import InputRefused, OutsideWorldFailed
from models.messages import worded
from office.commands import EXIT, Form, Into, today
from office.modes import tighten
from office.settings import Settings


def up(*, ui: bool | None = None, person: str = "", new_key: bool = False, output: Form = "table") -> None:
    """Starts Temporal server, worker and postman, or goes on where they were; harmless when they run.

    Args:
        ui: whether the embedded server also serves its web pages (UMN_UI); without them nobody on this
            machine, and no page in a browser, can change anything by them.
        person: your name, where nobody is known in this office yet; as your login says when left out.
        new_key: the office's key was lost for good, copy and all: a new one takes its place from now on.
        output: table for people, json for programs.
    """
    from office.desk.person import login
    from office.letters.offices import unnamed
    from office.service import server
    from office.service.comparing import lost
    from office.service.contract import hold_to_contract
    from office.service.launching import wait_for
    from office.service.outside import restored
    from office.service.showing import ServiceShowing
    from office.service.sweeping import sweep
    from register import office_keys
    from register.database import migrate
    from register.documents import DocumentStore, belongs

    settings = Settings.read()
    if ui is not None:
        settings = replace(settings, ui=ui)
        server.refuse_other_ui(settings)
    hold_to_contract()
    settings.var.mkdir(parents=True, exist_ok=True)
    opened, others = tighten(settings.var)
    if opened:
        print(
            worded("office.made-private", folder=settings.var, n=opened),
            file=sys.stderr,
        )
    if others:
        print(
            worded("office.not-private", folder=settings.var, n=len(others), other=others[0]),
            file=sys.stderr,
        )
    if swept := sweep(settings.var, settings.documents):
        print(worded("office.swept", folder=settings.var, n=swept), file=sys.stderr)
    if lacking := list(unnamed(settings)):
        raise InputRefused("offices.cannot-send", problems=lacking)
    if settings.profile == "production":
        settings.production_mark.touch()
    migrate(settings.register_url)
    belongs(settings.register_url, DocumentStore(settings.documents))
    if new_key:
        server.refuse_while_it_runs(settings)
    of_office = office_keys.renew if new_key else office_keys.hold
    of_office(settings.register_url, settings.keys, login())
    _first_person(settings, person)
    ServiceShowing(output).running(server.up(settings))
    for waits in restored(settings):
        print(waits.sentence, file=sys.stderr)
    with suppress(TimeoutError, OutsideWorldFailed):  # `umn status` looks longer
        if missing := wait_for(lost(settings)):
            print(worded("problem.lost-cases", n=len(missing), numbers=missing[:3]), file=sys.stderr)


def _first_person(settings: Settings, called: str) -> None:
    """Says who is in the office where that is one person, made here or not; in production none is made."""
    from office.desk.peopling import first
    from register.people import known

    if settings.profile == "production":
        if not known(settings.register_url):
            print(worded("people.nobody-in-production"), file=sys.stderr)
        return
    if one := first(settings, called, today()):
        print(worded("people.first", person=one.name, file=settings.own_key), file=sys.stderr)
    if sum(each.is_here(today()) for each in known(settings.register_url).values()) == 1:
        print(worded("people.one-person"), file=sys.stderr)


def down(*, output: Form = "table") -> None:
    """Stops what `up` started; the data stays."""
    from office.service import server
    from office.service.showing import ServiceShowing

    ServiceShowing(output).stopped(server.down(Settings.read()))


def status(*, output: Form = "table") -> int:
    """Says what runs, in which versions, and what is wrong, which exit code 5 tells as well."""
    from office.service.showing import ServiceShowing
    from office.service.status import status as tell

    told = tell(Settings.read())
    ServiceShowing(output).status(told)
    return EXIT[OutsideWorldFailed] if told["problems"] else 0


def metrics(*, out: Into | None = None, output: Form = "table") -> None:
    """Tells figures of the office, for Prometheus: what is open, late or waits, and how old checks are.

    Args:
        out: writes them into this file, whole or not at all, for the collector of text files.
        output: table for Prometheus' own form, json for programs.
    """
    from office.service.metrics import as_text, figures
    from office.showing import print_json, say, written

    told = figures(Settings.read(), today())
    if out and written(out, as_text(told)):
        return say(worded("metrics.written", into=out, n=len(told)))
    if output == "json":
        return print_json([one.told() for one in told])
    if not out:
        sys.stdout.write(as_text(told))
    return None


def demo() -> None:
    """Runs the main job from end to end, and prints each command that an operator would have typed."""
    from samples.demo import play

    play(Settings.read())
