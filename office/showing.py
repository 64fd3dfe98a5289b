"""What people and programs see: tables and sentences, or one JSON document."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from rich.console import Console

    from models.receipts import Receipt
    from office.running import Running
    from register.views import Case, Line, State

Output = Literal["table", "json"]

WIDE = 160
"""Columns of a table when the output is not a terminal: programs and logs do not wrap."""


class Showing:
    """Shows results on standard output, in the form that was asked for."""

    def __init__(self, output: Output) -> None:
        self._json = output == "json"

    # Results.

    def receipt(self, receipt: Receipt, findings: Sequence[str] = ()) -> None:
        """The answer to an act."""
        if self._json:
            return _print_json({**receipt.model_dump(mode="json"), "findings": list(findings)})
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
            return _print_json([_state(state) for state in states])
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
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        for row in rows:  # by hand: a table of ten thousand rows would take rich five seconds
            print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
        marks = []
        if any(s.unverified for s in states):
            marks.append("* rests on a time limit that no person has verified")
        if any(s.assumed and s.due_on for s in states):
            marks.append("† counted from an assumed day of authorisation")
        print("; ".join([f"{len(states)} listed", *marks]))
        return None

    def case(self, case: Case) -> None:
        """All that the register holds of one number."""
        if self._json:
            return _print_json(_case(case))
        state, console = case.state, _console()
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
        table = _table("", "happened", "what", "by", "phase", "due", "letters", "said", title="Entries")
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
            table = _table("invoice", "amount", "communication", "issued", "due", "paid", title="Invoices")
            for i in case.invoices:
                settled = str(i.paid_on or ("in collection" if i.collected_on else "open"))
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
            states = {n.document: n.state for n in case.notices}
            table = _table("document", "sha256", "notice", title="Documents")
            for d in case.documents:
                table.add_row(d.name, d.sha256[:12], states.get(d.name, ""))
            console.print(table)
        if case.programme:
            print(f"filed under {case.programme.number} ({_words(case.programme.phase)})")
        for dossier in case.dossiers:
            print(f"filed under it: {dossier.number} ({_words(dossier.phase)})")
        return None

    def imported(self, numbers: list[tuple[str, bool]]) -> None:
        """What an import started."""
        new = [number for number, fresh in numbers if fresh]
        if self._json:
            return _print_json({"programmes": [n for n, _ in numbers], "new": new})
        print(f"{len(numbers)} programmes on the page, {len(new)} of them new in the register.")
        if new:
            print("Their day of authorisation is assumed from the last update: see `umn confirm-programme`.")
        return None

    def running(self, running: Running) -> None:
        """What `up` found or started."""
        if self._json:
            return _print_json(running.model_dump(mode="json"))
        ui = f"; its UI: {running.ui}" if running.ui else ""
        print(f"Temporal at {running.address}{ui}")
        return None

    def stopped(self, stopped: list[str]) -> None:
        """What `down` stopped."""
        if self._json:
            return _print_json({"stopped": stopped})
        print(f"stopped: {', '.join(stopped)}" if stopped else "nothing was running")
        return None

    def status(self, status: dict[str, Any]) -> None:
        """What runs."""
        if self._json:
            return _print_json(status)
        table = _table("", "")
        table.show_header = False
        for name, value in status.items():
            for key, part in value.items() if isinstance(value, dict) else [("", value)]:
                shown = ", ".join(map(str, part)) if isinstance(part, list) else str(part)
                table.add_row(f"{name} {key}".strip(), shown)
        _console().print(table)
        return None

    # Trouble.

    def error(self, error: str, message: str, possible: Sequence[str], code: int) -> int:
        """What was asked, why not, what is possible now. Returns: the exit code."""
        with suppress(OSError):  # the exit code still tells
            if self._json:
                _print_json({"error": error, "message": message, "possible": list(possible)})
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


def _print_json(value: Any) -> None:
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


def _console() -> Console:
    from rich.console import Console

    return Console() if sys.stdout.isatty() else Console(width=WIDE, no_color=True)


def _table(*columns: str, title: str | None = None) -> Any:
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


TOLD = (
    *("outcome", "body", "view", "filed", "kind", "year", "missing", "questions", "grounds", "text"),
    *("requested_by", "effective_on", "source", "continuity_plan", "silence"),
)
"""Facts of an entry that `umn show` tells, in this order; JSON has them all."""


def _said(facts: dict[str, Any]) -> str:
    told = [facts[name] for name in TOLD if facts.get(name)]
    return _short("; ".join(", ".join(t) if isinstance(t, list) else _words(t) for t in told), 90)


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
