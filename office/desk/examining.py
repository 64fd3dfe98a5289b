"""What the desk has before it in a dossier: findings that still stand, and the checklist of eligibility.

All of it is read from the register: what the intake found, what later documents mend, what a person
struck with a reason, and what a person judged.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

from models.acts import (
    CompletionReceived,
    Decided,
    DeclaredIncomplete,
    NotedOnFile,
    OpinionGiven,
    RuleJudged,
)
from models.completeness import asked
from models.errors import InputRefused, NotFound, NotReachable
from models.findings import Finding
from models.messages import reader, word, worded
from models.parties import Language
from models.phases import Kind
from procedures.registry import Intake, intake, kinds

if TYPE_CHECKING:
    from activities.wording import Wording
    from models.receipts import Receipt
    from office.settings import Settings
    from register.case import Case


_NOT_FILED = (OpinionGiven.__name__, Decided.__name__, NotedOnFile.__name__)
"""Acts whose documents are a body's or the authority's: they mend nothing that an applicant has to file."""


def standing_findings(case: Case) -> list[Finding]:
    """The findings of the intake that no later document mends and nobody struck."""
    struck = _struck(case)
    return [finding for finding in _not_mended(case) if finding.ref not in struck]


def checklist(case: Case) -> list[dict[str, Any]]:
    """The rules of eligibility as they stand, each with who judged it and the grounds, if a person did."""
    lines = {line["rule"]: dict(line) for line in case.entries[0].facts.get("checklist", ())}
    for entry in case.entries:
        if entry.act == RuleJudged.__name__ and entry.facts["rule"] in lines:
            judged = {name: entry.facts[name] for name in ("verdict", "grounds")}
            lines[entry.facts["rule"]] |= {**judged, "by": entry.by, "on": str(entry.happened_on)}
    return list(lines.values())


def open_findings(case: Case) -> list[Finding]:
    """The findings that still ask something of somebody: of a dossier that is open, those that stand."""
    return [] if case.state.ended or case.state.kind == "programme" else standing_findings(case)


def lines(case: Case) -> Iterator[str]:
    """Findings and checklist, a line each, as `umn show` tells them."""
    for finding in open_findings(case):
        yield worded("case.finding", finding=told(finding, case.state.procedure))
    for line in checklist(case):
        words = _words(case.state.procedure)
        language = Language(reader())
        verdict = words.verdict(line["verdict"], language)
        yield worded(
            "case.rule-judged" if line.get("by") else "case.rule",
            rule=line["rule"],
            verdict=verdict,
            asks=words.rule(line["rule"], language),
            by=line.get("by"),
            grounds=line.get("grounds"),
        )


def told(finding: Finding, procedure: str) -> str:
    """A finding as an operator reads it: how it is named, how much it weighs, and what it says."""
    said = _words(procedure).finding(finding.model_dump(mode="json"), Language(reader()))
    return f"{finding.ref} ({word(finding.severity.value)}): {said}"


def not_completed(settings: Settings, receipt: Receipt) -> Iterator[str]:
    """What a completion leaves open: it brought no document, or counts as whole and findings stand still."""
    from register.case import case

    if receipt.act != CompletionReceived.__name__:
        return
    found = case(settings.register_url, receipt.number, receipt.on)
    facts = found.entries[receipt.entry - 1].facts
    if not facts.get("documents"):
        yield worded("receipt.nothing-filed", number=receipt.number)
    if not facts.get("partial"):
        for finding in filter(lambda finding: finding.mendable, open_findings(found)):
            yield worded("receipt.still-stands", finding=told(finding, receipt.procedure))


def incomplete(settings: Settings, number: str, said: dict[str, Any]) -> dict[str, Any]:
    """What a declaration of incompleteness says: the findings that stand, less those struck, and more words.

    `said` holds what a person adds (`missing`) and strikes (`struck`, as "P-07-fr: reason").

    Raises: NotFound; InputRefused when nothing is left to ask, or no such finding can be struck.
    """
    from datetime import date

    from register.case import case

    try:
        found = case(settings.register_url, number, date.max)
    except (NotFound, NotReachable):
        if said.get("missing") and not said.get("struck"):
            return said  # the procedure itself says whether it knows that number
        raise
    before = _struck(found)
    known = {finding.ref: finding for finding in _not_mended(found) if finding.mendable}
    strikes: dict[str, str] = {}
    for written in said.pop("struck", ()):
        refs, reason = _strike(written, known)
        strikes |= dict.fromkeys(refs, reason)
    asks = [finding for ref, finding in known.items() if ref not in strikes and ref not in before]
    if not asks and not said.get("missing"):
        raise InputRefused(
            "case.nothing-to-ask",
            number=number,
            possible=(f'declare-incomplete {number} --missing "…"', f"show {number}"),
        )
    if asks:
        said["findings"] = [finding.model_dump(mode="json", exclude_defaults=True) for finding in asks]
    if strikes:
        said["struck"] = [
            {"finding": known[ref].model_dump(mode="json", exclude_defaults=True), "reason": reason}
            for ref, reason in strikes.items()
        ]
    return said


def judged(settings: Settings, number: str, said: dict[str, Any]) -> dict[str, Any]:
    """A judgement of the rule that can be meant, such as E-02 by e-2; what was written, where none can."""
    from datetime import date

    from office.commands import alike
    from register.case import case

    try:
        rules = [line["rule"] for line in checklist(case(settings.register_url, number, date.max))]
    except (NotFound, NotReachable):
        return said  # the procedure itself says whether it knows that number
    return {**said, "rule": alike(said["rule"], rules)}


def _strike(written: str, known: dict[str, Finding]) -> tuple[list[str], str]:
    """The findings that a strike names, by their own name or by their check, and its reason."""
    for name in sorted({*known, *(finding.check for finding in known.values())}, key=len, reverse=True):
        named, _, reason = written.partition(f"{name}:")
        if not named.strip() and reason.strip():
            return [ref for ref, finding in known.items() if name in (ref, finding.check)], reason.strip()
    raise InputRefused("case.no-such-finding", written=written, known=list(known))


def _carried(case: Case) -> list[Finding]:
    return [Finding(**finding) for finding in case.entries[0].facts.get("findings", ())]


def _struck(case: Case) -> set[str]:
    """What a person struck in an earlier declaration."""
    return {
        Finding(**struck["finding"]).ref
        for entry in case.entries
        if entry.act == DeclaredIncomplete.__name__
        for struck in entry.facts.get("struck", ())
    }


def _not_mended(case: Case) -> Iterator[Finding]:
    """The carried findings, without those on documents that are there by now."""
    from office.intake.completeness import document_findings

    ours = {entry.sequence for entry in case.entries if entry.act in _NOT_FILED}
    filed = [document for document in case.documents if not document.letter and document.entry not in ours]
    state, received_on = case.state, case.entries[0].happened_on
    if len({document.entry for document in filed}) < 2 or state.kind not in kinds(state.procedure):
        yield from _carried(case)
        return
    known = intake(state.procedure)
    sizes = {_in_folder(document.name, known): document.size for document in filed}
    carried = {finding.ref for finding in _carried(case)}
    answered = {  # what the form said, as its findings tell
        row.answer: row.says for row in known.asked if f"{row.check}-{row.part}" in carried
    }
    again = document_findings(state.kind, state.procedure, received_on, sizes, answered)
    still = {finding.ref for finding in again}
    of_documents = _checks(row for row in asked(known.asked, state.procedure, Kind(state.kind), received_on))
    for finding in _carried(case):
        if finding.check not in of_documents or finding.ref in still:
            yield finding


def _checks(rows: Iterable[Any]) -> set[str]:
    return {check for row in rows for check in (row.check, row.wrong_check) if check}


def _in_folder(name: str, known: Intake) -> str:
    """A document that came by itself counts wherever its name says that it belongs."""
    return name if "/" in name else f"{known.folders[-1]}/{name}"


@cache
def _words(procedure: str) -> Wording:
    from activities.wording import wording_of

    return wording_of(procedure)
