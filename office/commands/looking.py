"""The commands that look things up: in the register, in the store of documents, or by counting alone.

Long because each says all that its options mean, and does nothing but ask.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Annotated, Literal, TypeVar, get_args

from cyclopts import Parameter, Token

from models.errors import InputRefused, NotFound, NotReachable
from models.messages import worded
from office.commands import Day, Form, Into, Number, Switch, Whole, day_of, here, today, word_of
from office.settings import Settings
from office.showing import Output, Showing, written

T = TypeVar("T")
Way = Literal["email", "post", "registered", "registered_with_acknowledgement", "ebox", "peppol", "by_hand"]
"""The channels of a letter, written out: a list loads no model."""


def _left(kind: object, tokens: Sequence[Token]) -> tuple[str, date]:
    """By which way a letter left, and on which day. Raises: InputRefused."""
    way, day = (token.value for token in tokens)
    return word_of("--from", way, get_args(Way)), day_of(day, "--from")


def _closed(kind: object, tokens: Sequence[Token]) -> list[date]:
    """Closing days. Raises: InputRefused."""
    return [day_of(token.value, "--closed") for token in tokens]


def _doubted(asked: Callable[..., list[T]], **typed: str | None) -> list[T]:
    """What the register answers; where that is nothing, the words of the question are looked at first.

    Only then: the procedures know all words, and are dear to load for a list.

    Raises: InputRefused for a word that no procedure has, naming those that there are; else NotReachable
    when there is no register.
    """
    try:
        found = asked(**typed)
    except NotReachable:
        _meant(**typed)
        raise
    return found or (asked(**meant) if (meant := _meant(**typed)) != typed else found)


def _meant(**typed: str | None) -> dict[str, str | None]:
    """Typed words as the procedures spell them. Raises: InputRefused for one that none has."""
    if not any(typed.values()):
        return typed
    from procedures.registry import every, kinds, phases, roles

    words = {"kind": (*kinds(), "programme"), "phase": phases(), "procedure": tuple(every()), "desk": roles()}
    return {option: said and word_of(option, said, words[option]) for option, said in typed.items()}


def list_(
    *,
    kind: str | None = None,
    phase: str | None = None,
    holder: str | None = None,
    procedure: str | None = None,
    officer: str | None = None,
    mine: Annotated[bool, Parameter(negative=())] = False,
    due_within: Whole | None = None,
    overdue: bool = False,
    open: bool = False,
    possible: bool = False,
    output: Form = "table",
) -> None:
    """Lists dossiers and programmes from the register, with what falls due and by whom.

    Args:
        kind: what was filed, or programme.
        phase: where it stands, such as opinion or authorised.
        holder: a part of the name of who filed it, or holds what was authorised.
        procedure: the code of a procedure, as its numbers begin.
        officer: who of the office has it in hand, by name.
        mine: what you have in hand.
        due_within: due within so many calendar days, overdue included.
        overdue: only what is overdue.
        open: only what has not ended.
        possible: also the acts that are possible in each.
        output: table for people, json for programs.
    """
    from office.desk.showing import DeskShowing
    from register.views import cases, listed

    if due_within is not None and due_within < 0:
        raise InputRefused("setting.due-within", due_within=due_within)
    asked = partial(
        cases if output == "json" else listed,
        Settings.read().register_url,
        today=today(),
        holder=holder,
        officer=_whose(officer, mine),
        due_within=due_within,
        overdue=overdue,
        open_only=open,
    )
    found = _doubted(asked, kind=kind, phase=phase, procedure=procedure)
    DeskShowing(output).cases(found, possible)


def _whose(officer: str | None, mine: bool) -> str | None:
    """Whose cases are meant, by name; none where all are."""
    if not (officer or mine):
        return None
    from office.desk.assigning import one_of_the_office, who_asks

    if officer:
        return one_of_the_office(Settings.read(), officer, today())
    return who_asks(Settings.read(), today())


def show(
    number: Number,
    /,
    *,
    entry: Whole | None = None,
    on_paper: Annotated[bool, Parameter(name="--print", negative=())] = False,
    out: Into | None = None,
    lang: Literal["en", "nl", "fr", "de"] | None = None,
    output: Form = "table",
) -> None:
    """Shows one dossier or programme: what falls due and is possible, entries, documents, invoices.

    Args:
        number: number of the dossier or programme, as `umn list` shows it.
        entry: all that is held of this entry alone, word for word.
        on_paper: writes the whole file as one PDF instead, for a meeting; a programme comes with what was
            filed under it.
        out: the PDF to write; otherwise NUMBER.pdf.
        lang: the language of the PDF; your own when left out.
        output: table for people, json for programs.
    """
    from office.desk.case_showing import CaseShowing
    from register.case import case
    from register.views import laws

    if on_paper:
        return _printed(number, out, lang or Settings.read().language, output)
    if out or lang:
        raise InputRefused("export.print-or-not", possible=(f"show {number} --print",))
    url = Settings.read().register_url
    found = case(url, number, today())
    if entry is not None:
        return CaseShowing(output).entry(found, entry)
    return CaseShowing(output).case(found, laws(url, (line.law for line in found.entries)), today())


def _printed(number: str, out: Path | None, lang: str, output: Output) -> None:
    from models.parties import Language
    from office.desk.printing import whole_file
    from office.modes import whole

    file = out or Path(f"{number.replace('/', '_')}.pdf")
    cases, pdf = whole_file(Settings.read(), number, Language(lang), today())
    with whole(file) as into:
        into.write(pdf)
    told = {"file": str(file), "cases": list(cases)}
    Showing(output).told(told, iter((worded("export.printed", file=file, cases=cases),)))


def desk(*, mail: Switch = False, output: Form = "table") -> None:
    """Shows your day: what is due, which letters and payments wait, and what is new; each with its command.

    Args:
        mail: shows the agenda of each desk and head of unit instead, as it would leave by mail if it were the
            hour; nothing is sent.
        output: table for people, json for programs.
    """
    if mail:
        from office.desk.agenda import foreseen, show_mails

        return show_mails(foreseen(Settings.read(), today()), output)
    from office.desk.morning import morning, show

    return show(morning(Settings.read(), today(), here()), output)


def report(
    *,
    since: Day | None = None,
    until: Day | None = None,
    csv: Into | None = None,
    svg: Into | None = None,
    html: Into | None = None,
    output: Form = "table",
) -> None:
    """Reports on the unit: load of desks and people, pace of decisions, silence, money, and what comes.

    Args:
        since: from which day on; a year ago when left out.
        until: the last day; today when left out.
        csv: writes one file for each part into this folder.
        svg: draws what falls due, and what was invoiced and received, into this file; - is standard output.
        html: writes all of it as one page into this file; - is standard output.
        output: table for people, json for programs.
    """
    from office.desk.morning import OURS
    from office.desk.reporting import ReportShowing, as_csv, as_page, as_picture
    from register.overview import overview

    until = until or today()
    since = since or until - timedelta(days=365)
    if since > until:
        raise InputRefused("overview.no-span", since=since, until=until)
    told = overview(Settings.read().register_url, since, until, today(), OURS)
    showing = ReportShowing(output)
    if not (csv or svg or html):
        return showing.report(told)
    files = as_csv(told, csv) if csv else []
    files += [
        into for into, text in ((svg, as_picture), (html, as_page)) if into and written(into, text(told))
    ]
    return showing.report_written(told, files)


def completion(shell: Literal["bash", "zsh", "fish"], /) -> None:
    """Prints what has a shell complete commands, options, numbers, clauses and rules.

    Args:
        shell: bash, zsh or fish; source what is printed when the shell starts.
    """
    from office.desk.completing import script

    print(script(shell), end="")


def find(text: str, /, *, output: Form = "table") -> None:
    """Finds a text in the register: products, substances, names, numbers, communications, letters.

    Args:
        text: a part of it; capitals, accents and signs between digits do not count.
        output: table for people, json for programs.
    """
    from office.desk.showing import DeskShowing
    from register.finding import find as found

    if not text.strip():
        raise InputRefused("find.no-text")
    DeskShowing(output).found(text, found(Settings.read().register_url, text))


def next_(number: Number, /, *, output: Form = "table") -> None:
    """Lists what can be done next in a dossier or programme, each act as the command that does it."""
    from office.desk.next_acts import lines, possible
    from office.desk.showing import DeskShowing

    told = possible(Settings.read(), number, today())
    DeskShowing(output).told(told, lines(told))


def due(
    within: Whole = 30,
    /,
    *,
    desk: str | None = None,
    officer: str | None = None,
    mine: Annotated[bool, Parameter(negative=())] = False,
    ical: Into | None = None,
    output: Form = "table",
) -> None:
    """Lists what falls due within so many calendar days, desk by desk, overdue first, and what stands still.

    Args:
        within: calendar days from today.
        desk: only what is this desk's turn.
        officer: only in cases that this person of the office has in hand, by name.
        mine: only in cases that you have in hand.
        ical: writes the same as a calendar feed into this file; - is standard output.
        output: table for people, json for programs.
    """
    from office.desk.showing import DeskShowing
    from register.clocks import due as falling_due

    if within < 0:
        raise InputRefused("setting.within", within=within)
    asked = partial(falling_due, Settings.read().register_url, today(), within, officer=_whose(officer, mine))
    found = _doubted(asked, desk=desk)
    if ical is None:
        from register.notices import waiting

        return DeskShowing(output).due(found, waiting(Settings.read().register_url), within)
    from office.desk.calendar_feed import feed

    if written(ical, feed(told.clock for told in found)):
        DeskShowing(output).due_written(found, ical)


def timeline(number: Number, /, *, svg: Into | None = None, output: Form = "table") -> None:
    """Draws the clocks of a dossier or programme: what ran, stood still, was extended, and falls due.

    Args:
        number: number of the dossier or programme, as `umn list` shows it.
        svg: writes the drawing as a picture into this file; - is standard output.
        output: table for people, json for programs.
    """
    from office.desk.showing import DeskShowing
    from office.desk.timeline import picture_of
    from register.case import case
    from register.views import laws

    url = Settings.read().register_url
    found = case(url, number, today())
    picture = picture_of(found, laws(url, {line.law for line in found.entries}), today())
    if svg is None:
        return DeskShowing(output).timeline(picture)
    from office.desk.drawing import as_svg

    if written(svg, as_svg(picture)):
        DeskShowing(output).timeline_written(picture, svg)


def history(number: Number, /, *, export: Into | None = None, output: Form = "table") -> None:
    """Lists the runs of a case that have ended, whose histories are kept for good, or writes them out.

    Args:
        number: number of the dossier or programme, as `umn list` shows it.
        export: writes each history into this folder, as a file that the Temporal UI can read.
        output: table for people, json for programs.
    """
    from office.service.histories import export as write_out
    from office.service.histories import of_case
    from office.service.showing import ServiceShowing

    settings = Settings.read()
    found = of_case(settings, number)
    ServiceShowing(output).histories(found, write_out(settings, found, export) if export else [])


def explain(
    number: Number,
    /,
    *,
    clock: str | None = None,
    lang: Literal["en", "nl", "fr", "de"] | None = None,
    output: Form = "table",
) -> None:
    """Explains how each due date came about: start, article, stops, holidays, and the rule that moved it.

    Args:
        number: number of the dossier or programme, as `umn list` shows it.
        clock: only this one, such as decision; a word that there is not has them all listed.
        lang: the language of the sentences; your own when left out.
        output: table for people, json for programs.
    """
    from office.desk.explaining import explained, lines, of_one
    from register.case import case
    from register.views import laws

    url = Settings.read().register_url
    found = case(url, number, today())
    document = explained(found, laws(url, (line.law for line in found.entries)), lang, today())
    if clock is not None:
        document = of_one(document, clock)
    Showing(output).told(document, lines(document))


def clock(
    *,
    start: Day | None = None,
    letter: Annotated[tuple[Way, date] | None, Parameter(name="--from", converter=_left)] = None,
    limit: str | None = None,
    clause: str | None = None,
    stop: Annotated[list[str] | None, Parameter(negative=())] = None,
    extension: Annotated[list[str] | None, Parameter(negative=())] = None,
    cap: Whole | None = None,
    or_limit: str | None = None,
    or_after: str | None = None,
    closed: Annotated[list[date] | None, Parameter(negative=(), converter=_closed)] = None,
    rules: Literal["eu-1182-71", "be-administrative", "be-whole-months", "plain"] | None = None,
    calendar: str = "",
    lang: Literal["en", "nl", "fr", "de"] | None = None,
    output: Form = "table",
) -> None:
    """Counts any period, without server or register, and says how.

    Args:
        start: the day of the event; it is not counted itself.
        letter: instead of it a letter of ours: its channel with the day on which it left, such as
            registered 2026-06-01; the jurisdiction says when it counts as received. By e-mail the day on
            which it was proven to be received, with acknowledgement that on which it was presented, unless
            the clause runs from sending.
        limit: an amount with its unit, such as "14 calendar_days"; also hours, working_days, weeks, months,
            years.
        clause: instead of it a clause of the law, such as completion, as in force on that day. One that is
            due ahead of another limit is counted back from the end of that.
        stop: days that do not run, both included, as 2026-05-03..2026-05-10; open without the second day.
            With @2026-05-02 behind it, the day on which the questions went out.
            May be repeated.
        extension: how much is added in the unit of the limit, such as 5, or 5@2026-05-20 with the day on
            which it takes effect. May be repeated.
        cap: the most that extensions add together.
        or_limit: the limit on a second reading, where the words allow two.
        or_after: how much later it starts on a second reading, such as "3 working_days".
        closed: one more closing day; may be repeated.
        rules: how the end is found: as the clause says, else be-administrative.
        calendar: a jurisdiction for its public holidays, a law book for those and its closing days; may be
            left out, that of the clause, or the one in which closing days are entered.
        lang: the language of the sentences; your own when left out.
        output: table for people, json for programs.
    """
    from models.parties import Channel
    from office.desk.counting import (
        arrived,
        by_clause,
        calendar_of,
        lines,
        period,
        started_by,
        told,
        with_stops,
    )

    if (start is None) == (letter is None) or (limit is None) == (clause is None):
        raise InputRefused("counting.start-and-limit")
    law, on = Settings.read().law, start or (letter[1] if letter else today())
    days = calendar_of(calendar, on, closed or (), law, clause or "")
    posted = arrived(Channel(letter[0]), on, days, law) if letter else None
    if clause:
        typed = by_clause(law, clause, on, rules, posted)
    else:
        typed = period(limit or "", on, rules, or_limit, or_after)
        typed = started_by(typed, posted) if posted else typed
    typed = with_stops(typed, stop or (), extension or (), cap)
    answer = told(typed, days, lang, today(), posted)
    Showing(output).told(answer, lines(answer))


def documents(
    number: Number | None = None,
    /,
    *,
    document: str | None = None,
    extract: Into | None = None,
    verify: Switch = False,
    output: Form = "table",
) -> int:
    """Lists the documents of a dossier or programme, writes them out, or verifies that all are whole.

    Args:
        number: number of the dossier or programme, as `umn list` shows it.
        document: only those of this name, such as 2-incomplete-applicant-nl.pdf.
        extract: writes the documents into this folder, which must be new or empty.
        verify: compares every document of every case with its hash; without a number.
        output: table for people, json for programs.
    """
    from office.desk.documents import extract as write_out
    from office.desk.documents import verify as compare
    from office.desk.showing import DeskShowing
    from register.case import case

    settings, showing = Settings.read(), DeskShowing(output)
    if verify == (number is not None) or (verify and (extract or document)):
        raise InputRefused(
            "typed.documents",
            possible=("documents NUMBER", "documents NUMBER --extract FOLDER", "documents --verify"),
        )
    if number is None:
        with showing.progress("documents") as tell:
            verified = compare(settings, tell)
        return showing.verified(verified)
    kept = case(settings.register_url, number, today()).documents
    found = [one for one in kept if document in (None, one.name)]
    if document and not found:
        raise NotFound(
            "document.no-such-name", number=number, name=document, possible=(f"documents {number}",)
        )
    if extract is None:
        showing.documents(found)
    else:
        showing.extracted(extract, write_out(settings, found, extract))
    return 0


def refused_packages(*, output: Form = "table") -> None:
    """Lists the e-submissions that were refused: when, by whom, and why. Nothing else of them is kept."""
    from office.intake.showing import IntakeShowing
    from register.refused_packages import refused_packages as refused

    IntakeShowing(output).refused_packages(refused(Settings.read().register_url))
