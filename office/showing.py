"""What people and programs see: tables and sentences, or one JSON document."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from models.errors import InputRefused

if TYPE_CHECKING:
    from rich.console import Console

    from models.receipts import Receipt
    from office.documents import Verified
    from office.running import Running
    from office.timeline import Picture
    from register.clocks import DueClock
    from register.refused_packages import RefusedPackage
    from register.views import Case, KeptDocument, Line, State

Output = Literal["table", "json"]

WIDE = 160
"""Columns of a table when the output is not a terminal: programs and logs do not wrap."""

UNVERIFIED = "* rests on a time limit that no person has verified"
ASSUMED = "† counted from an assumed day of authorisation"


class Showing:
    """Shows results on standard output, in the form that was asked for."""

    def __init__(self, output: Output) -> None:
        self._json = output == "json"

    # Results.

    def receipt(self, receipt: Receipt, findings: Sequence[str] = ()) -> None:
        """The answer to an act."""
        if self._json:
            return print_json({**receipt.model_dump(mode="json"), "findings": list(findings)})
        said = f"{receipt.number}: {_words(receipt.phase)}"
        if receipt.awaits:
            said += f"; awaits {', '.join(receipt.awaits)}"
        if receipt.due_on:
            said += f" until {receipt.due_on}" + (" (overdue)" if receipt.overdue else "")
        print(
            f"{said}. Entry {receipt.entry}."
            + (f" Letters: {', '.join(receipt.letters)}." if receipt.letters else "")
        )
        if receipt.unverified:
            print(f"Not verified by a person: {', '.join(map(_governs, receipt.unverified))}.")
        for finding in findings:
            print(f"finding: {finding}")

    def cases(self, states: list[State]) -> None:
        """A list of dossiers and programmes."""
        if self._json:
            return print_json([_state(state) for state in states])
        if not states:
            print("Nothing fits.", file=sys.stderr)
            return None
        rows = [("number", "kind", "product", "applicant", "phase", "due", "awaits")]
        rows += [
            (
                state.number,
                _words(state.kind),
                _short(state.trade_name, 28),
                _short(state.applicant, 24),
                _words(state.phase),
                _due(state),
                _short(", ".join(state.flags or state.awaits), 44),
            )
            for state in states
        ]
        print("\n".join(aligned(rows)))
        marks = []
        if any(s.unverified for s in states):
            marks.append(UNVERIFIED)
        if any(s.assumed and s.due_on for s in states):
            marks.append(ASSUMED)
        print("; ".join([f"{len(states)} listed", *marks]))
        return None

    def due(self, clocks: list[DueClock], letters: int = 0, within: int = 30) -> None:
        """What falls due, desk by desk, and how many letters wait for a person."""
        if self._json:
            return print_json([_due_clock(told) for told in clocks])
        if letters:
            print(f"{letters} letters wait for a person: umn notices.", file=sys.stderr)
        if not clocks:
            print("Nothing fits.", file=sys.stderr)
            return None
        rows = [("  number", "clock", "product", "applicant", "phase", "due", "left")]
        rows += [
            (
                f"  {told.clock.number}",
                _short(_words(told.clock.ref), 28),
                _short(told.clock.product, 28),
                _short(told.clock.applicant, 24),
                _words(told.clock.phase),
                _marked(told),
                _left(told),
            )
            for told in clocks
        ]
        lines = iter(aligned(rows))
        print(next(lines))
        for desk, of_desk in groupby(clocks, key=lambda told: told.clock.desk):
            print(_words(desk))
            print("\n".join(next(lines) for _ in of_desk))
        overdue = sum(told.overdue for told in clocks)
        marks = [f"{overdue} of them overdue"] if overdue else []
        if any(told.clock.unverified for told in clocks):
            marks.append(UNVERIFIED)
        if any(told.clock.assumed and told.clock.due_on for told in clocks):
            marks.append(ASSUMED)
        if any(told.weekdays_only for told in clocks):
            marks.append("‡ counted from Monday to Friday: no calendar of its law covers these days")
        print("; ".join([f"{len(clocks)} listed, due within {within} days or overdue", *marks]))
        return None

    def timeline(self, picture: Picture) -> None:
        """The clocks of a case, drawn."""
        if self._json:
            return print_json(picture.model_dump(mode="json"))
        from shutil import get_terminal_size

        from office.timeline_drawing import drawn

        width = get_terminal_size((WIDE, 24)).columns if sys.stdout.isatty() else WIDE
        print("\n".join(drawn(picture, width)))
        return None

    def due_written(self, clocks: list[DueClock], into: Path) -> None:
        """What a calendar feed has; for a program the list itself."""
        if self._json:
            return self.due(clocks)
        stopped = sum(told.clock.due_on is None for told in clocks)
        without = f"; {stopped} without a day, not in it" if stopped else ""
        print(f"{into}: a calendar feed of {len(clocks) - stopped} clocks{without}")
        return None

    def timeline_written(self, picture: Picture, into: Path) -> None:
        """Where the picture is; for a program what it is drawn from."""
        if self._json:
            return self.timeline(picture)
        print(f"{into}: {picture.title}")
        return None

    def case(self, case: Case) -> None:
        """All that the register holds of one number."""
        if self._json:
            return print_json(_case(case))
        state, console = case.state, screen()
        print(f"{state.number}: {_words(state.kind)}, {state.procedure}, {_words(state.phase)}")
        print(f"{state.trade_name} ({state.active_substance}): {state.indication}")
        if state.applicant:
            print(f"applicant: {state.applicant}")
        if state.authorised_on:
            assumed = " (assumed: the page does not say it)" if state.assumed else ""
            coming = state.re_evaluation_on or "filed for this year"
            print(f"authorised on {state.authorised_on}{assumed}; next re-evaluation: {coming}")
        for condition in state.conditions:
            late = " (overdue)" if condition["overdue"] else ""
            print(f"condition {condition['number']}, due {condition['due_on']}{late}: {condition['text']}")
        if state.awaits:
            print(f"awaits: {', '.join(state.awaits)}" + (f" until {_due(state)}" if state.due_on else ""))
        for flag in state.flags:
            print(f"! {flag}")
        if state.unverified:
            print(f"not verified by a person: {', '.join(map(_governs, state.unverified))}")
        from office.examining import lines

        print("".join(f"{line}\n" for line in lines(case)), end="")
        table = grid("", "happened", "what", "by", "phase", "due", "letters", "said", title="Entries")
        for line in case.entries:
            letters = sorted({d.letter for d in case.documents if d.entry == line.sequence and d.letter})
            table.add_row(
                str(line.sequence),
                _days(line),
                _spaced(line.act),
                line.by,
                _words(line.phase),
                str(line.due_on or ""),
                ", ".join(letters),
                _said(line.facts),
            )
        console.print(table)
        if case.invoices:
            table = grid("invoice", "amount", "communication", "issued", "due", "paid", title="Invoices")
            for i in case.invoices:
                owed = i.cents - i.credited_cents - i.paid_cents
                settled = str(i.paid_on or ("in collection" if i.collected_on else "open"))
                if owed <= 0 and not i.paid_on:
                    settled = "credited"
                elif i.credited_cents or (i.paid_cents and owed > 0):
                    settled += f"; € {max(0, owed) / 100:,.2f} owed"
                table.add_row(
                    i.invoice,
                    f"€ {i.cents / 100:,.2f}",
                    i.communication,
                    str(i.issued_on),
                    str(i.due_on),
                    settled,
                )
            console.print(table)
        if case.documents:
            states: dict[str, list[str]] = {}
            for notice in case.notices:
                states.setdefault(notice.document, []).append(_words(notice.state))
            table = grid("document", "sha256", "notice", title="Documents")
            for d in case.documents:
                table.add_row(d.name, d.sha256[:12], ", ".join(states.get(d.name, ())))
            console.print(table)
        if case.programme:
            print(f"filed under {case.programme.number} ({_words(case.programme.phase)})")
        for dossier in case.dossiers:
            print(f"filed under it: {dossier.number} ({_words(dossier.phase)})")
        return None

    def documents(self, documents: Sequence[KeptDocument]) -> None:
        """The documents of a case, by entry."""
        if self._json:
            return print_json([_state(document) for document in documents])
        rows = [("entry", "name", "bytes", "sha256", "letter")]
        rows += [(str(d.entry), d.name, f"{d.size:,}", d.sha256[:12], d.letter or "") for d in documents]
        print("\n".join(aligned(rows)))
        print(f"{len(documents)} listed")
        return None

    def extracted(self, into: Path, names: dict[str, str]) -> None:
        """Where documents were written, each with the name it was filed under."""
        if self._json:
            return print_json({"folder": str(into), "documents": names})
        for place, name in names.items():
            print(place if place.partition("/")[2] == name else f"{place} (filed as {name!r})")
        print(f"{into}: {len(names)} documents")
        return None

    def verified(self, verified: Verified) -> int:
        """Whether the store holds what it should. Returns: the exit code."""
        if self._json:
            missing = [_state(name) for name in verified.missing]
            print_json({"whole": verified.whole, **_state(verified), "missing": missing})
        else:
            known = f"{verified.filed} of them in the register"
            print(f"{verified.documents} documents, {verified.bytes:,} bytes; {known}")
            for sha256 in verified.changed:
                print(f"changed on the disk: {sha256}")
            for name in verified.missing:
                print(f"missing: entry {name.entry} of {name.number}, {name.name!r} ({name.sha256[:12]})")
            for path in verified.strange:
                print(f"no document of ours: {path}")
            print(
                "The store is whole."
                if verified.whole
                else "Restore what is missing or changed from the backup."
            )
        return 0 if verified.whole else 5

    def refused_packages(self, refused: Sequence[RefusedPackage]) -> None:
        """The packages that were refused, and why."""
        if self._json:
            return print_json([_state(fact) for fact in refused])
        if not refused:
            print("No package was refused.", file=sys.stderr)
            return None
        rows = [("refused", "by", "package", "sha256", "code", "why")]
        rows += [
            (
                fact.refused_at[:16].replace("T", " "),
                _short(fact.by, 20),
                _short(fact.name, 32),
                (fact.sha256 or "")[:12],
                fact.code,
                _short(one_line(fact.message.partition("\n")[2]), 60),
            )
            for fact in refused
        ]
        print("\n".join(aligned(rows)))
        print(f"{len(refused)} listed")
        return None

    def told(self, document: dict[str, Any], lines: Iterator[str]) -> None:
        """A document for programs, or its lines for people."""
        if self._json:
            return print_json(document)
        print("\n".join(lines))
        return None

    def imported(self, numbers: list[tuple[str, bool]]) -> None:
        """What an import started."""
        new = [number for number, fresh in numbers if fresh]
        if self._json:
            return print_json({"programmes": [n for n, _ in numbers], "new": new})
        print(f"{len(numbers)} programmes on the page, {len(new)} of them new in the register.")
        if new:
            print("Their day of authorisation is assumed from the last update: see `umn confirm-programme`.")
        return None

    def form(self, written: Path) -> None:
        """Where an empty form was written."""
        if self._json:
            return print_json({"form": str(written)})
        print(f"{written}: an empty form; fill in the coloured column, then `umn form check {written}`.")
        return None

    def form_checked(self, file: Path, about: dict[str, Any], problems: list[str]) -> int:
        """What is wrong with a filled form. Returns: the exit code."""
        unanswered = about.get("unanswered", [])
        if self._json:
            print_json({"form": str(file), **about, "problems": problems, "unanswered": unanswered})
        else:
            said = f"{len(problems)} problems" if problems else "it can be filed"
            print("\n".join([f"{file}: {said}.", *(f"- {problem}" for problem in problems)]))
            if unanswered:
                print("Not answered; the agency will ask:", *(f"- {each}" for each in unanswered), sep="\n")
        return 2 if problems else 0

    def running(self, running: Running) -> None:
        """What `up` found or started."""
        if self._json:
            return print_json(running.model_dump(mode="json"))
        ui = f"; its UI: {running.ui}" if running.ui else ""
        print(f"Temporal at {running.address}{ui}")
        return None

    def stopped(self, stopped: list[str]) -> None:
        """What `down` stopped."""
        if self._json:
            return print_json({"stopped": stopped})
        print(f"stopped: {', '.join(stopped)}" if stopped else "nothing was running")
        return None

    def status(self, status: dict[str, Any]) -> None:
        """What runs."""
        if self._json:
            return print_json(status)
        table = grid("", "")
        table.show_header = False
        for name, value in status.items():
            for key, part in value.items() if isinstance(value, dict) else [("", value)]:
                shown = ", ".join(map(str, part)) if isinstance(part, list) else str(part)
                table.add_row(f"{name} {key}".strip(), shown)
        screen().print(table)
        return None

    # Trouble.

    def error(
        self, error: str, message: str, possible: Sequence[str], code: int, reason: str | None = None
    ) -> int:
        """What was asked, why not, what is possible now; `reason` is the code of a refused package.

        Returns: the exit code.
        """
        with suppress(OSError):  # the exit code still tells
            if self._json:
                told = {"code": reason} if reason else {}
                print_json({"error": error, **told, "message": message, "possible": list(possible)})
            print(message, file=sys.stderr)
            if possible:
                print(f"possible now: {', '.join(possible)}", file=sys.stderr)
        return code

    def fault(self, error: Exception, log: Path) -> int:
        """A fault of ours: the traceback goes to the log, a sentence to the operator."""
        import traceback
        from datetime import UTC, datetime

        where = "its traceback could not be written down"
        try:
            log.parent.mkdir(parents=True, exist_ok=True)
            with log.open("a") as out:
                out.write(f"{datetime.now(UTC).isoformat()} {sys.argv[1:2]}\n")
                out.write("".join(traceback.format_exception(error)))
            where = f"see {log}"
        except OSError:
            pass
        return self.error("Fault", f"A fault of ours: {type(error).__name__}; {where}.", (), 1)

    @contextmanager
    def progress(self, what: str) -> Iterator[Callable[[int, int], None]]:
        """Shows on standard error how far something slow has come."""
        if not sys.stderr.isatty():
            yield lambda done, of: None
            return
        from rich.console import Console
        from rich.progress import Progress

        with Progress(console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task(what, total=None)
            yield lambda done, of: bar.update(task, completed=done, total=of)


def written(into: Path, text: str) -> bool:
    """Writes a whole file at once, or standard output for `-`. Returns: whether it was a file."""
    if str(into) == "-":
        sys.stdout.write(text)
        return False
    if str(into).startswith("-"):
        raise InputRefused(f"{into} looks like an option and not like a file; if it is one, write ./{into}")
    import os
    import tempfile

    handle, draft = tempfile.mkstemp(dir=into.parent, prefix=f".{into.name}.")
    try:
        with open(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        os.chmod(draft, into.stat().st_mode & 0o777 if into.exists() else 0o644)
        os.replace(draft, into)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
    return True


def one_line(text: str) -> str:
    """A text of others on one line, without signs that steer a screen or turn the direction of writing."""
    import unicodedata

    unseen = ("C", "Zl", "Zp")
    seen = (" " if unicodedata.category(sign).startswith(unseen) else sign for sign in text)
    return " ".join("".join(seen).split())


def print_json(value: Any) -> None:
    """One JSON document, at once."""
    print(json.dumps(value, default=_json, ensure_ascii=False))  # at once: ten times faster than piecemeal


def _json(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else str(value)


def _state(state: Any) -> dict[str, Any]:
    return {name: getattr(state, name) for name in state.__slots__}


def _case(case: Case) -> dict[str, Any]:
    return {
        **_state(case.state),
        "entries": [_state(line) for line in case.entries],
        "documents": [_state(document) for document in case.documents],
        "invoices": [_state(invoice) for invoice in case.invoices],
        "notices": [_state(notice) for notice in case.notices],
        "filed_under": case.programme.number if case.programme else None,
        "dossiers": [dossier.number for dossier in case.dossiers],
    }


def screen() -> Console:
    """Where tables are drawn: the terminal, or wide lines without colour."""
    from rich.console import Console

    return Console() if sys.stdout.isatty() else Console(width=WIDE, no_color=True)


def grid(*columns: str, title: str | None = None) -> Any:
    """An empty table in the style of all."""
    from rich import box
    from rich.table import Table

    table = Table(title=title, title_justify="left", box=box.SIMPLE, pad_edge=False)
    for column in columns:
        table.add_column(column, no_wrap=column in ("number", "due", "invoice", "communication"))
    return table


def _due(state: State) -> str:
    if state.due_on is None:
        return ""
    marks = ("*" if state.unverified else "") + ("†" if state.assumed else "")
    return f"{state.due_on}{marks}" + (" overdue" if state.overdue else "")


def _marked(told: DueClock) -> str:
    if told.clock.due_on is None:
        return ""
    marks = ("*" if told.clock.unverified else "") + ("†" if told.clock.assumed else "")
    return f"{told.clock.due_on}{marks}"


def _left(told: DueClock) -> str:
    if told.working_days is None or told.calendar_days is None:
        return "overdue" if told.overdue else "stopped"
    return left(told.working_days, told.calendar_days, told.overdue, "‡" if told.weekdays_only else "")


def left(working_days: int, calendar_days: int, overdue: bool, mark: str = "") -> str:
    """How far a day is, or how late, in words."""
    if overdue:
        late = f"{_working_days(-working_days)} late" if working_days else "passed on the last working day"
        return late + mark
    if working_days:
        return f"in {_working_days(working_days)}{mark}"
    return f"before the next working day{mark}" if calendar_days else "today"


def _working_days(days: int) -> str:
    return f"{days} working day{'' if days == 1 else 's'}"


def _due_clock(told: DueClock) -> dict[str, Any]:
    clock = told.clock
    return {
        **{name: getattr(clock, name) for name in clock.__slots__ if name not in ("ref", "law", "late")},
        "clock": clock.ref,
        **{name: getattr(told, name) for name in told.__slots__ if name != "clock"},
    }


def aligned(rows: Sequence[tuple[str, ...]]) -> Iterator[str]:
    """A table by hand: one of ten thousand rows would take rich five seconds."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


TOLD = (
    *("rule", "verdict", "outcome", "body", "view", "filed", "kind", "year"),
    *("findings", "struck", "missing", "questions", "grounds", "text"),
    *("requested_by", "effective_on", "source", "continuity_plan", "silence"),
)
"""Facts of an entry that `umn show` tells, in this order; JSON has them all."""


def _said(facts: dict[str, Any]) -> str:
    told = [facts[name] for name in TOLD if facts.get(name)]
    return _short("; ".join(", ".join(map(_item, t)) if isinstance(t, list) else _words(t) for t in told), 90)


def _item(told: Any) -> str:
    """One line of a list among the facts: words, or a finding by its name."""
    if not isinstance(told, dict):
        return str(told)
    finding = told.get("finding", told)
    name = "-".join(filter(None, (finding.get("check", ""), finding.get("part", ""))))
    return f"{name} struck" if "finding" in told else name


def _days(line: Line) -> str:
    """The day it happened, and the day it was recorded when that was another one."""
    from datetime import datetime

    from models.clock import civil_day

    recorded = civil_day(datetime.fromisoformat(line.recorded_at))
    return f"{line.happened_on}" + ("" if recorded == line.happened_on else f" (recorded {recorded})")


def _words(code: str) -> str:
    return str(code).replace("_", " ")


def _spaced(act: str) -> str:
    """The name of an act as words: DeclaredAdmissible becomes declared admissible."""
    return "".join(f" {c.lower()}" if c.isupper() else c for c in act).strip()


def _short(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1] + "…"


def _governs(clause: str) -> str:
    from models.law.applicable import governs

    return governs(clause)
