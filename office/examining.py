"""What the desk has before it in a dossier: findings that still stand, and the checklist of eligibility.

All of it is read from the register: what the intake found, what later documents mend, what a person
struck with a reason, and what a person judged.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

from models.acts import DeclaredIncomplete, RuleJudged
from models.completeness import asked
from models.errors import InputRefused, NotFound, NotReachable
from models.findings import Finding
from models.law.procedures.shape import Kind
from models.parties import Language

if TYPE_CHECKING:
    from activities.wording import Wording
    from office.settings import Settings
    from register.views import Case


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


def lines(case: Case) -> Iterator[str]:
    """Findings and checklist, a line each, as `umn show` tells them."""
    if not case.state.ended and case.state.kind != "programme":
        for finding in standing_findings(case):
            yield f"finding {told(finding)}"
    for line in checklist(case):
        words = _words()
        verdict = words.verdict(line["verdict"], Language.EN)
        by = f", judged by {line['by']}: {line['grounds']}" if line.get("by") else ""
        yield f"{line['rule']} {verdict}: {words.rule(line['rule'], Language.EN)}{by}"


def told(finding: Finding) -> str:
    """A finding as an operator reads it: how it is named, how much it weighs, and what it says."""
    said = _words().finding(finding.model_dump(mode="json"), Language.EN)
    return f"{finding.ref} ({finding.severity.value}): {said}"


def incomplete(settings: Settings, number: str, said: dict[str, Any]) -> dict[str, Any]:
    """What a declaration of incompleteness says: the findings that stand, less those struck, and more words.

    `said` holds what a person adds (`missing`) and strikes (`struck`, as "P-07-fr: reason").

    Raises: NotFound; InputRefused when nothing is left to ask, or no such finding can be struck.
    """
    from datetime import date

    from register.views import case

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
            f"No finding of the intake of {number} is left to ask. Say with --missing what is missing.",
            (f'declare-incomplete {number} --missing "…"', f"show {number}"),
        )
    if asks:
        said["findings"] = [finding.model_dump(mode="json", exclude_defaults=True) for finding in asks]
    if strikes:
        said["struck"] = [
            {"finding": known[ref].model_dump(mode="json", exclude_defaults=True), "reason": reason}
            for ref, reason in strikes.items()
        ]
    return said


def _strike(written: str, known: dict[str, Finding]) -> tuple[list[str], str]:
    """The findings that a strike names, by their own name or by their check, and its reason."""
    for name in sorted({*known, *(finding.check for finding in known.values())}, key=len, reverse=True):
        named, _, reason = written.partition(f"{name}:")
        if not named.strip() and reason.strip():
            return [ref for ref, finding in known.items() if name in (ref, finding.check)], reason.strip()
    names = ", ".join(known) or "none"
    raise InputRefused(
        f'--strike {written!r} names no finding that can be struck; write it as "P-07-fr: reason". '
        f"There are: {names}."
    )


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
    from office.completeness import document_findings
    from office.package_forms import SubmissionType

    filed = [document for document in case.documents if not document.letter]
    sizes = {_in_folder(document.name): document.size for document in filed}
    state, received_on = case.state, case.entries[0].happened_on
    kinds = {kind.value for kind in Kind}
    if len({document.entry for document in filed}) < 2 or state.kind not in kinds:
        yield from _carried(case)
        return
    again = document_findings(SubmissionType(state.kind), state.procedure, received_on, sizes)
    still = {finding.ref for finding in again}
    of_documents = _checks(row for row in asked(state.procedure, Kind(state.kind), received_on))
    for finding in _carried(case):
        if finding.check not in of_documents or finding.ref in still:
            yield finding


def _checks(rows: Iterable[Any]) -> set[str]:
    return {check for row in rows for check in (row.check, row.wrong_check) if check}


def _in_folder(name: str) -> str:
    """A document that came by itself counts wherever its name says that it belongs."""
    return name if "/" in name else f"08_other/{name}"


@cache
def _words() -> Wording:
    from activities.wording import TEMPLATES, Wording

    return Wording(TEMPLATES)
