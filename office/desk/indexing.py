"""The file of a case on paper: the index of its archive, and what is printed of it for a meeting.

Each entry with who signed it, each date with how it was counted and under which article, each document and
letter. The index says besides where each lies in the archive, and by what it is verified; what is printed
says first where the case stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from activities.letter_text import plain
from activities.wording import Wording, region
from models.envelope import signers
from models.parties import Language
from office.desk.explaining import explained, pages_of
from register.case import Case, KeptDocument, Line
from register.histories import KeptHistory
from register.proof import Seal


@dataclass(frozen=True)
class Filed:
    """A case as it lies in an archive: `places` are those of its documents, `runs` those of its histories."""

    case: Case
    laws: dict[str, dict[str, Any]]
    places: Mapping[str, KeptDocument]
    runs: Mapping[str, KeptHistory]
    seals: Sequence[Seal]


Pairs = list[list[str]]


def index(files: Sequence[Filed], wording: Wording, language: Language, on: date, key: str) -> dict[str, Any]:
    """The index as its layout takes it, in words of the language. The first case is what was asked for.

    `on` is the day as of which the register says it, `key` the fingerprint of the office's key.
    """
    return _Index(wording, language, on, key).written(files)


def printed(files: Sequence[Filed], wording: Wording, language: Language, on: date) -> dict[str, Any]:
    """What is printed for a meeting, as its layout takes it; seals and runs are not looked at."""
    return _Index(wording, language, on, "").written(files)


class _Index:
    """Lays files out: those of an archive, which names the office's key, or those that are printed alone."""

    def __init__(self, wording: Wording, language: Language, on: date, key: str) -> None:
        self._wording, self._language, self._on, self._key = wording, language, on, key
        self._tables = wording.words(language)
        self._words = self._tables["file"]

    def written(self, files: Sequence[Filed]) -> dict[str, Any]:
        words, labels, notes = self._words, self._tables["labels"], self._tables["notes"]
        number = files[0].case.state.number
        return {
            "layout": "index",
            "language": self._language.value,
            "region": region(self._language),
            "year": self._on.year,
            "month": self._on.month,
            "day": self._on.day,
            "page": labels["page"],
            "of": labels["of"],
            "title": words["title"].format(number=number),
            "lead": words["lead" if self._key else "lead_printed"].format(on=self._day(self._on)),
            "about": [*self._about(files[0].case), *([[words["key"], self._key]] if self._key else [])],
            "verifying": [words["verifying"], words["verifying_text"]] if self._key else [],
            "cases": [self._case(filed) for filed in files],
            "notes": [],
            "illegible": {"title": notes["illegible"], "text": notes["illegible_text"]},
            "signed_by": "",
            "draft": "",
        }

    def _about(self, case: Case) -> Pairs:
        labels, words, state = self._tables["labels"], self._words, case.state
        about = [(labels["procedure"], self._tables["procedures"].get(state.procedure, state.procedure))]
        about += [(labels.get(part, part), said) for part, said in state.subject["parts"].items()]
        about += [(words["holder"], state.holder)] if state.holder else []
        about += [(words["under"], state.parent)] if state.parent else []
        return [[label, plain(said)] for label, said in about]

    def _case(self, filed: Filed) -> dict[str, Any]:
        case, words = filed.case, self._words
        told = explained(case, filed.laws, self._language.value, self._on)
        dates = [_block(title, [], lines) for title, *lines in pages_of(told)]
        conditions = [condition["text"] for condition in told["conditions"]]
        sections = [
            (words["entries"], [self._entry(filed, line) for line in case.entries]),
            (words["dates"], dates),
            (self._tables["explain"]["conditions"], [_block("", [], conditions)] if conditions else []),
            (words["invoices"], [self._invoice(one) for one in case.invoices]),
        ]
        if self._key:
            last = filed.seals[-1]
            sealed = words["sealed"].format(sequence=last.sequence, at=last.at)
            seal = _block("", [[words["last_seal"], sealed], [words["digest"], last.chain]])
            runs = [self._run(place, one) for place, one in filed.runs.items()]
            sections += [(words["histories"], runs), (words["seals"], [seal])]
        else:
            phase = self._wording.words_for("words", case.state.phase, self._language)
            stands = [[words["phase"], plain(phase)]]
            sections = [(words["stands"], [_block("", stands)]), *sections[1:], sections[0]]
        held = [{"title": title, "blocks": blocks} for title, blocks in sections if blocks]
        return {"title": case.state.number, "about": self._about(case), "sections": held}

    def _entry(self, filed: Filed, line: Line) -> dict[str, Any]:
        words, act = self._words, self._wording.act(line.act, self._language)
        title = words["entry"].format(entry=line.sequence, act=act, on=self._day(line.happened_on))
        pairs = [[words["recorded"], line.recorded_at], [words["by"], self._name(line.by)]]
        for nth, by in enumerate(signers(line.envelope)):
            roles = [self._tables["staff"].get(role, role) for role in by.get("roles", ())]
            said = {"person": by["person"], "function": by["function"], "roles": ", ".join(roles)}
            signer = words["signer"].format(**said) if roles else self._name(by["person"])
            signer += f", {words['alone']}" if by.get("takes") == "one" else ""
            pairs.append([words["prepared" if nth else "signed"], plain(signer)])
            pairs += [[words["rests_on"], plain(by["rests_on"])]] if by.get("rests_on") else []
        if signatory := line.facts.get("signatory"):
            capacity = self._wording.words_for("capacities", signatory["capacity"], self._language)
            pairs.append([words["taken"], plain(f"{signatory['person']}, {capacity}")])
        letters = [one for one in filed.case.notices if one.entry == line.sequence]
        for place, document in filed.places.items():
            if document.entry == line.sequence:
                label = words["letter" if document.letter else "document"]
                pairs.append([label, place])
                pairs += [["", self._letter(one)] for one in letters if one.document == document.name]
                pairs += [["", document.sha256]] if self._key else []
        facts = [plain(said) for said in _flat(line.facts | {"signatory": None})]
        return _block(title, pairs, [f"{words['facts']}: {'; '.join(facts)}"] if facts else [])

    def _letter(self, notice: Any) -> str:
        """To whom a letter went, by which way, and when, as far as that is known."""
        channel = self._tables["channels"].get(notice.channel, notice.channel)
        sent = notice.left_on and self._day(notice.left_on)
        said = self._words["sent" if sent else "not_sent"]
        parts = [said.format(recipient=notice.recipient, channel=channel, on=sent)]
        if notice.received_on:
            parts.append(self._words["received"].format(on=self._day(notice.received_on)))
        return plain(", ".join(parts))

    def _invoice(self, one: Any) -> dict[str, Any]:
        euros = {"amount": one.cents, "paid": one.paid_cents, "credited": one.credited_cents}
        amounts = {name: self._wording.euros(cents, self._language) for name, cents in euros.items()}
        days = {"issued": self._day(one.issued_on), "due": self._day(one.due_on)}
        return _block(self._words["invoice"].format(invoice=one.invoice, **amounts, **days), [])

    def _run(self, place: str, one: KeptHistory) -> dict[str, Any]:
        said = self._words["history"].format(began=one.began_at, ended=one.ended_at, n=one.events)
        return _block(said, [["", place], ["", one.sha256]])

    def _name(self, by: str) -> str:
        """A person as he is called, and what is none in the words of the language."""
        return plain(self._tables["ours"].get(by, by))

    def _day(self, on: date) -> str:
        return self._wording.long_date(on, self._language)


def _block(title: str, pairs: Pairs, lines: Sequence[str] = ()) -> dict[str, Any]:
    return {"title": title, "pairs": pairs, "lines": list(lines)}


def _flat(said: Any, where: str = "") -> Iterator[str]:
    """What was recorded with an entry, each fact under its name."""
    if isinstance(said, dict | list):
        inner = said.items() if isinstance(said, dict) else enumerate(said, 1)
        for name, value in inner:
            yield from _flat(value, f"{where}.{name}" if where else str(name))
    elif said not in (None, ""):
        yield f"{where} = {said}"


def as_of(seals: Sequence[Seal]) -> datetime:
    """When the last of the seals was made."""
    return max(datetime.fromisoformat(seal.at) for seal in seals)
