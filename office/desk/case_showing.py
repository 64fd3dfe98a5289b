"""What people and programs see of one case: all that the register holds of its number."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from models import flags
from models.due import named, what
from models.errors import NotFound
from models.law.silence import SilencePolicy
from models.messages import Message, act_name, amount, word, worded
from models.parts import described
from office.showing import (
    Showing,
    by_name,
    cited,
    each_fact,
    print_json,
    say,
    short,
    who_acted,
    with_degrees,
)
from office.tables import Cells, show_table

if TYPE_CHECKING:
    from register.case import Case, Line


class CaseShowing(Showing):
    """Shows one case, in the form that was asked for."""

    def case(self, case: Case, laws: dict[str, dict[str, Any]], today: date) -> None:
        """All that the register holds of one number; `laws` are those of its entries."""
        case = replace(case, entries=tuple(_by_article(line, laws) for line in case.entries))
        if self._json:
            return print_json(_case(case))
        state = case.state
        say(
            worded(
                "case.head",
                number=state.number,
                kind=word(state.kind),
                procedure=state.procedure,
                phase=word(state.phase),
            )
        )
        say(described(state.subject["parts"]))
        if state.holder:
            say(worded("case.holder", holder=state.holder))
        if state.officer:
            say(worded("case.officer", officer=state.officer))
        if state.authorised_on:
            key = "case.assumed-authorised" if state.assumed else "case.authorised"
            say(worded(key, on=state.authorised_on))
            if state.review_on:
                say(worded("case.next-review", on=state.review_on))
        if state.in_force_on != state.authorised_on:
            on = state.in_force_on or Message("case.not-in-force")
            say(worded("case.in-force", on=on))
        for condition in state.conditions:
            say(
                worded(
                    "case.condition-overdue" if condition["due_on"] < str(today) else "case.condition",
                    n=condition["number"],
                    due_on=condition["due_on"],
                    text=condition["text"],
                )
            )
        for due in state.falls_due:
            say(worded("case.falls-due", due=due.said(today)))
        if state.possible:
            say(worded("case.possible", commands=state.possible))
        from office.letters.showing import for_a_person

        for flag in (*map(flags.said, state.flags), *for_a_person(case.notices), *_undated(case, laws)):
            say(f"! {flag}")
        if state.unconfirmed:
            say(worded("case.unconfirmed", clauses=with_degrees(state.unconfirmed, state.procedure)))
        if case.entries[0].facts.keys() & {"findings", "checklist"}:
            from office.desk.examining import lines

            for line in lines(case):
                say(line)
        rows = list[Cells]()
        for line in case.entries:
            letters = sorted({d.letter for d in case.documents if d.entry == line.sequence and d.letter})
            rows.append(
                (
                    str(line.sequence),
                    _days(line),
                    act_name(line.act),
                    _by(line),
                    word(line.phase),
                    str(line.due_on or ""),
                    ", ".join(letters),
                    _said(line.facts),
                )
            )
        columns = ("", "happened", "what", "by", "phase", "due", "letters", "said")
        show_table(columns, rows, title=worded("head.entries"))
        if case.invoices:
            rows = []
            for i in case.invoices:
                owed = i.cents - i.credited_cents - i.paid_cents
                settled = str(i.paid_on or worded("case.in-collection" if i.collected_on else "case.open"))
                if owed <= 0 and not i.paid_on:
                    settled = worded("case.credited")
                elif i.credited_cents or (i.paid_cents and owed > 0):
                    settled = worded("case.owed", settled=settled, euros=amount(max(0, owed)))
                asked = f"€ {amount(i.cents)}"
                rows.append((i.invoice, asked, i.communication, str(i.issued_on), str(i.due_on), settled))
            columns = ("invoice", "amount", "communication", "issued", "due", "paid")
            show_table(columns, rows, title=worded("head.invoices"))
        if case.documents:
            states: dict[str, list[str]] = {}
            for notice in case.notices:
                states.setdefault(notice.document, []).append(word(notice.state))
            rows = [(d.name, d.sha256[:12], ", ".join(states.get(d.name, ()))) for d in case.documents]
            show_table(("document", "sha256", "notice"), rows, title=worded("head.documents"))
        if case.programme:
            say(worded("case.filed-under", number=case.programme.number, phase=word(case.programme.phase)))
        for dossier in case.dossiers:
            say(worded("case.filed-under-it", number=dossier.number, phase=word(dossier.phase)))
        return None

    def entry(self, case: Case, sequence: int) -> None:
        """All that the register holds of one entry. Raises: NotFound."""
        number, count = case.state.number, len(case.entries)
        if not 0 < sequence <= count:
            raise NotFound(
                "case.no-such-entry",
                number=number,
                entry=sequence,
                entries=count,
                possible=(f"show {number} --entry {count}",),
            )
        line = case.entries[sequence - 1]
        documents = [document for document in case.documents if document.entry == sequence]
        notices = [notice for notice in case.notices if notice.entry == sequence]
        if self._json:
            return print_json(
                {
                    "number": number,
                    **_line(line),
                    "documents": [*map(by_name, documents)],
                    "notices": [*map(by_name, notices)],
                }
            )
        say(worded("case.entry", number=number, entry=sequence, act=act_name(line.act)))
        say(worded("case.entry-by", by=_by(line), on=_days(line)))
        for told in each_fact(
            {name: fact for name, fact in line.facts.items() if fact not in ("", [], {}, None)}
        ):
            say(told)
        say(worded("case.entry-after", phase=word(line.phase), commands=line.possible))
        if line.clocks:
            rows = [
                (
                    what(clock["ref"]),
                    str(clock.get("due_on") or ""),
                    word(clock["desk"]),
                    word(clock.get("degree", "")),
                )
                for clock in line.clocks
            ]
            show_table(("falls-due", "due", "desk", "degree"), rows, title=worded("head.due-after-entry"))
        if notices:
            rows = [
                (n.letter, word(n.role), n.recipient, word(n.state), str(n.left_on or "")) for n in notices
            ]
            columns = ("letter", "role", "letters-go-to", "notice", "left")
            show_table(columns, rows, title=worded("head.letters-of-entry"))
        if documents:
            rows = [(d.name, d.sha256[:12]) for d in documents]
            show_table(("document", "sha256"), rows, title=worded("head.documents"))
        return None


def _line(line: Line) -> dict[str, Any]:
    return {**by_name(line), "prepared_by": line.prepared_by, "one_person": line.one_person}


def _undated(case: Case, laws: dict[str, dict[str, Any]]) -> list[str]:
    """What is said of letters that start no known day; where none has left, no procedure is loaded for it."""
    if not any(notice.state == "sent" for notice in case.notices):
        return []
    from office.letters.contestable import undated

    return list(undated(case, laws))


def _case(case: Case) -> dict[str, Any]:
    return {
        **by_name(case.state),
        "entries": [_line(line) for line in case.entries],
        "documents": [by_name(document) for document in case.documents],
        "invoices": [by_name(invoice) for invoice in case.invoices],
        "notices": [by_name(notice) for notice in case.notices],
        "filed_under": case.programme.number if case.programme else None,
        "dossiers": [dossier.number for dossier in case.dossiers],
    }


TOLD = (
    *("rule", "verdict", "outcome", "body", "view", "filed", "kind", "year"),
    *("findings", "struck", "missing", "questions", "grounds", "text", "officer"),
    *("requested_by", "effective_on", "source", "continuity_plan", "silence"),
)
"""Facts of an entry that `umn show` tells, in this order; JSON has them all."""

WRITTEN = frozenset(("grounds", "text", "source", "continuity_plan", "officer"))
"""Those that a person wrote: they stand as they were written, whatever code is spelt like them."""


def _by_article(line: Line, laws: dict[str, dict[str, Any]]) -> Line:
    """An entry that says who took an act, or how many were counted, each with its article in its law."""
    signatory, counts = line.facts.get("signatory"), line.facts.get("counts", ())
    if not (signatory or counts):
        return line
    law = laws[line.law]

    def with_article(said: dict[str, Any]) -> dict[str, Any]:
        if "clause" not in said:
            return said
        article = law["clauses"].get(said["clause"], {}).get("article", said["clause"])
        return {**said, "article": cited(article, law["procedure"])}

    facts = dict(line.facts)
    facts |= {"signatory": with_article(signatory)} if signatory else {}
    facts |= {"counts": [with_article(count) for count in counts]} if counts else {}
    return replace(line, facts=facts)


def _said(facts: dict[str, Any]) -> str:
    if facts.get("corrects"):
        told = {name: facts[name] for name in ("entry", "fact", "was", "right", "reason")}
        return short(worded("case.corrects", **told), 180)
    passed = [what(facts["clause"])] if "clause" in facts and "silence" in facts else []
    told = passed + [
        facts[name] if name in WRITTEN or isinstance(facts[name], list) else word(facts[name])
        for name in TOLD
        if facts.get(name) and facts[name] != SilencePolicy.FLAG
    ]
    if lacking := facts.get("lacking"):
        from office.publication.showing import lacks

        told.append(worded("case.lacks", parts=lacks(lacking)))
    if requested := facts.get("requested"):
        told.insert(0, worded("case.requested", report=named(requested), due_on=facts["due_on"]))
    told += [_counted(count) for count in facts.get("counts", ())]
    said = short("; ".join(", ".join(map(_item, t)) if isinstance(t, list) else t for t in told), 90)
    if signatory := facts.get("signatory"):
        who = signatory | {"capacity": word(signatory["capacity"])}
        return "; ".join(filter(None, (worded("case.taken-by", **who), said)))
    return said


def _counted(count: dict[str, Any]) -> str:
    """A number that was reported, and what is authorised, by which article; or what is, or is applied for."""
    key = "case.counted-of" if "allowed" in count else "case.counted"
    key = (
        key
        if "period_until" in count
        else "case.may-be-counted"
        if "article" in count
        else "case.applied-for"
    )
    says = {"counted": word(count["counted"]), "count": count["count"], "article": count.get("article", "")}
    days = {"since": count.get("period_from", ""), "until": count.get("period_until", "")}
    return worded(key, **says, **days, allowed=count.get("allowed"))


def _by(line: Line) -> str:
    """Who acted; of what takes two people also who prepared it, or that there was one person only."""
    if line.prepared_by:
        return worded("case.prepared", by=line.by, prepared_by=line.prepared_by)
    return worded("case.one-person", by=line.by) if line.one_person else who_acted(line.by)


def _item(told: Any) -> str:
    """One line of a list among the facts: words, or a finding by its name."""
    if not isinstance(told, dict):
        return str(told)
    finding = told.get("finding", told)
    name = "-".join(filter(None, (finding.get("check", ""), finding.get("part", ""))))
    return worded("case.struck", name=name) if "finding" in told else name


def _days(line: Line) -> str:
    """The day it happened, and the day it was recorded when that was another one."""
    from datetime import datetime

    from models.clock import civil_day

    recorded = civil_day(datetime.fromisoformat(line.recorded_at))
    return (
        f"{line.happened_on}"
        if recorded == line.happened_on
        else worded("case.recorded", on=line.happened_on, recorded=recorded)
    )
