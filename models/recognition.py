"""Which movements of a statement were told before: one movement is one, in whatever file, form or words.

Three things tell, in this order. The bank's own reference, where it is one: a reference of several entries is
none. The balances: a statement that begins where another one began, or ends where it ended, tells what that
one told; one that begins where another ended does not. Then account, day, amount, parties and
communication, and how many are alike. What a bank calls its statements tells nothing.

Where these leave it to chance, or contradict each other, an entry is neither counted nor dropped: it waits
with those that it may be. Two entries of one statement are always two.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum, auto

from models.line import Balanced, Line, Place, Telling, Where
from models.payments import references
from models.statements import Statement, Told

APART = timedelta(days=7)
"""Within these, a bank that tells an entry in two forms may have booked it on two days."""


@dataclass(frozen=True, slots=True)
class Known:
    """An entry of the account that is known: its movements, several where it was told with its parts.

    `told` are the entries that tell it. It is `free` while nobody has decided on it and no invoice has
    taken of it: then its details may take its place. It is `unclear` while it may itself be another one.
    `parts` are its movements as entries of their own would tell them.
    """

    movements: tuple[str, ...]
    told: frozenset[Telling]
    booked_on: date
    cents: int
    reference: str = ""
    structured: str = ""
    communication: str = ""
    payer_account: str = ""
    free: bool = False
    unclear: bool = False
    parts: tuple[Known, ...] = ()


class What(Enum):
    """What an entry of a statement is, beside what is known."""

    NEW = auto()
    KNOWN = auto()
    DETAILS = auto()
    PERHAPS = auto()
    OTHERWISE = auto()


@dataclass(frozen=True, slots=True)
class Finding:
    """What an entry is, and the movements that it is, that it details, or that it may be.

    DETAILS take the place of those movements. OTHERWISE contradicts them: its file tells what cannot be.
    """

    what: What
    movements: tuple[str, ...] = ()


NEW = Finding(What.NEW)


def recognised(
    statement: Statement, form: str, known: Sequence[Known], told: Sequence[Balanced]
) -> dict[int, Finding]:
    """What each entry of a statement is, by its place, beside what is known of its account.

    `known` are those of its days, and those that share a reference with it.
    """
    return _Recognition(statement, form, known, told).found


class _Entry:
    """An entry of the statement, with its parts."""

    def __init__(self, parts: Sequence[Told]) -> None:
        first = parts[0]
        alone = len(parts) == 1
        self.place, self.booked_on, self.parts = first.entry, first.booked_on, len(parts)
        self.cents = sum(part.cents for part in parts)
        self.reference = first.reference if len({part.reference for part in parts}) == 1 else ""
        self.structured = first.structured if alone else ""
        self.communication = first.communication if alone else ""
        self.payer_account = first.payer_account if alone else ""

    @property
    def said(self) -> str:
        """What it says that it is for."""
        return self.structured or self.communication


class _Recognition:
    def __init__(
        self, statement: Statement, form: str, known: Sequence[Known], told: Sequence[Balanced]
    ) -> None:
        self._form, self._told = form, {one.place: one for one in told}
        self._statement = statement
        self._line = Line(statement, told)
        self.found: dict[int, Finding] = {}
        by_place: defaultdict[int, list[Told]] = defaultdict(list)
        for movement in statement.movements:
            by_place[movement.entry].append(movement)
        self._entries = [_Entry(parts) for parts in by_place.values()]
        self._left = {id(one): one for one in known}
        self._alike: set[int] = set()
        """Places of entries that are like a known one, and no more is known of them."""
        self._for_sure()
        wholes = [one for one in self._left.values() if one.parts]
        if wholes:  # a sum may be told again part by part
            self._apart()
            self._for_sure()
            for one in wholes:
                if all(id(part) in self._left for part in one.parts):
                    self._left = {name: other for name, other in self._left.items() if other not in one.parts}
                    self._left[id(one)] = one
        self._by_day_and_amount(Where.UNSURE)
        if wholes:
            self._apart()
            self._by_day_and_amount(Where.UNSURE)
        self._by_sums()
        self.found |= {entry.place: NEW for entry in self._entries if entry.place not in self.found}

    def _apart(self) -> None:
        apart = (part for one in self._left.values() for part in one.parts or (one,))
        self._left = {id(one): one for one in apart}

    def _for_sure(self) -> None:
        """What the bank's references and the balances tell; before all that is only alike."""
        self._names = _names(self._entries) & _names(self._left.values())
        self._by_reference()
        self._by_day_and_amount(Where.INSIDE)
        self._by_sums_alone()

    def _by_reference(self) -> None:
        by_name = {one.reference: one for one in self._left.values() if one.reference in self._names}
        for entry in self._waiting():
            one = by_name.get(entry.reference)
            if one is None or one.cents != entry.cents:
                continue
            if one.booked_on != entry.booked_on:
                if abs(one.booked_on - entry.booked_on) < APART and not self._next_to(one):
                    self._is(entry, What.PERHAPS, one)
            elif self._where(one) is Where.OUTSIDE:
                self._is(entry, What.PERHAPS, one)
            else:
                self._same(entry, one)

    def _by_day_and_amount(self, where: Where) -> None:
        """Those alike that the balances put into the statement, or of which they do not tell."""
        alike: defaultdict[tuple[date, int], list[Known]] = defaultdict(list)
        for one in self._left.values():
            alike[one.booked_on, one.cents].append(one)
        waits: defaultdict[tuple[date, int], list[_Entry]] = defaultdict(list)
        for entry in self._waiting():
            if (entry.booked_on, entry.cents) in alike:
                waits[entry.booked_on, entry.cents].append(entry)
        for which, entries in waits.items():
            known = [one for one in alike[which] if self._where(one) == where]
            if where == Where.UNSURE:
                for entry, one in self._pairs(entries, known):
                    self._is(entry, What.PERHAPS, one)
                    self._alike.add(entry.place)
                continue
            for entry, one in self._pairs(entries, known):
                self._same(entry, one)
            entries = [entry for entry in entries if entry.place not in self.found]
            known = [one for one in known if id(one) in self._left]
            for entry, one in zip(entries, known, strict=False):  # it must be there, and reads otherwise
                self._is(entry, What.PERHAPS, one)

    def _by_sums_alone(self) -> None:
        """A sum that the balances put into the statement, and that all that is left of its day makes."""
        entries, missing = self._of_days()
        for day, known in missing.items():
            told, one = entries[day], known[0]
            if len(known) == 1 < len(told) and not one.parts and one.cents == sum(e.cents for e in told):
                what = What.DETAILS if one.free else What.KNOWN
                self.found |= {entry.place: Finding(what, one.movements) for entry in told}
                del self._left[id(one)]

    def _of_days(self) -> tuple[dict[date, list[_Entry]], dict[date, list[Known]]]:
        """By day: entries that wait, and what is known that the balances put into the statement."""
        entries: defaultdict[date, list[_Entry]] = defaultdict(list)
        for entry in self._waiting():
            entries[entry.booked_on].append(entry)
        missing: defaultdict[date, list[Known]] = defaultdict(list)
        for one in self._left.values():
            if one.booked_on in entries and not one.unclear and self._where(one) is Where.INSIDE:
                missing[one.booked_on].append(one)
        return entries, missing

    def _by_sums(self) -> None:
        """What was told as one sum, and is now told in entries of its own, or the reverse."""
        entries, missing = self._of_days()
        for one in self._left.values():
            if one.booked_on in entries and not one.unclear and self._where(one) is Where.UNSURE:
                for entry in self._perhaps_its_parts(one):
                    may_be = self.found[entry.place].movements if entry.place in self.found else ()
                    self.found[entry.place] = Finding(What.PERHAPS, (*may_be, *one.movements))
        for day, known in missing.items():
            told = entries[day]
            sums_agree = sum(one.cents for one in known) == sum(entry.cents for entry in told)
            details = sums_agree and len(known) == 1 and known[0].free
            signs = {one.cents > 0 for one in known} | {entry.cents > 0 for entry in told}
            of_one_sign = len(signs) == 1  # no bank tells what came in and what went out as one
            same = sums_agree and 1 in (len(known), len(told)) and of_one_sign
            names = {one.reference for one in known} & self._names
            for entry in told:
                contradicts = not sums_agree and entry.reference in names
                what = (
                    What.DETAILS
                    if details
                    else What.KNOWN
                    if same
                    else What.OTHERWISE
                    if contradicts
                    else What.PERHAPS
                )
                self.found[entry.place] = Finding(
                    what, tuple(name for one in known for name in one.movements)
                )

    def _perhaps_its_parts(self, one: Known) -> list[_Entry]:
        """Entries in a row that make a known sum, though one of them is also like something else."""
        waits = {entry.place for entry in self._waiting()}
        day = [entry for entry in self._entries if entry.booked_on == one.booked_on]
        for first in range(len(day)):
            together = 0
            for last, entry in enumerate(day[first:], start=first + 1):
                if entry.place not in waits | self._alike:
                    break
                together += entry.cents
                row = day[first:last]
                if together == one.cents and len(row) > 1 and waits & {each.place for each in row}:
                    return row
        return []

    def _waiting(self) -> list[_Entry]:
        return [entry for entry in self._entries if entry.place not in self.found]

    def _same(self, entry: _Entry, one: Known) -> None:
        silent = not (one.structured or one.communication)
        says_more = len(one.movements) == 1 and (entry.parts > 1 or (silent and entry.said != ""))
        self._is(entry, What.DETAILS if one.free and says_more else What.KNOWN, one)

    def _is(self, entry: _Entry, what: What, one: Known) -> None:
        self.found[entry.place] = Finding(what, one.movements)
        del self._left[id(one)]

    def _pairs(self, entries: Sequence[_Entry], known: Sequence[Known]) -> list[tuple[_Entry, Known]]:
        """Those that may be the same, the likeliest first, each once."""
        pairs = list(self._word_by_word(entries, known))
        had, given = {id(entry) for entry, _ in pairs}, {id(one) for _, one in pairs}
        left = [one for one in known if id(one) not in given]
        likely = [
            (-likeness, place, nth)
            for place, entry in enumerate(entries)
            if id(entry) not in had
            for nth, one in enumerate(left)
            if (likeness := self._likeness(entry, one)) >= 0
        ]
        for _, place, nth in sorted(likely):
            entry, one = entries[place], left[nth]
            if id(entry) not in had and id(one) not in given:
                had.add(id(entry))
                given.add(id(one))
                pairs.append((entry, one))
        return pairs

    def _word_by_word(
        self, entries: Sequence[_Entry], known: Sequence[Known]
    ) -> Iterator[tuple[_Entry, Known]]:
        """Those that read alike: a thousand of one amount are not all compared with each other."""
        alike: defaultdict[tuple[str, ...], list[Known]] = defaultdict(list)
        for one in reversed(known):
            alike[one.payer_account, one.structured, one.communication].append(one)
        for entry in entries:
            same = alike[entry.payer_account, entry.structured, entry.communication]
            if same and self._likeness(entry, same[-1]) > 0:
                yield entry, same.pop()

    def _likeness(self, entry: _Entry, one: Known) -> int:
        """How much speaks for their being the same; below nothing where something speaks against it."""
        same_form = any(self._told[told[:2]].form == self._form for told in one.told)
        if same_form and entry.reference and one.reference and entry.reference != one.reference:
            return -1
        if entry.parts > 1 or len(one.movements) > 1:
            return 0
        like = 0
        if entry.payer_account and one.payer_account:
            if entry.payer_account != one.payer_account:
                return -1
            like += 1
        said, known_as = entry.said, one.structured or one.communication
        if not said or not known_as:
            return like
        meant, known = set(references(said)), set(references(known_as))
        if meant and known:
            return like + 2 if meant == known else -1
        written, other = _letters(said), _letters(known_as)
        if written in other or other in written:
            return like + 1
        return -1 if same_form else like

    def _where(self, one: Known) -> Where:
        entries: defaultdict[Place, set[int]] = defaultdict(set)
        for file, nth, entry in one.told:
            entries[file, nth].add(entry)
        found = {self._line.where(self._told[place], one.booked_on, each) for place, each in entries.items()}
        alike = self._line.alike(one.booked_on)
        if alike and alike <= entries.keys():
            return Where.INSIDE
        for where in (Where.INSIDE, Where.OUTSIDE):
            if where in found:
                return where
        return Where.UNSURE

    def _next_to(self, one: Known) -> bool:
        """Whether the statement begins where one that tells it ended, or the reverse."""
        opening, closing = self._statement.opening, self._statement.closing
        return opening != closing and any(
            told.closing == opening or told.opening == closing
            for told in (self._told[file, nth] for file, nth, _ in one.told)
        )


def _names(entries: Iterable[_Entry | Known]) -> set[str]:
    """The references that name one entry, and no other."""
    count = Counter(entry.reference for entry in entries if entry.reference)
    return {reference for reference, n in count.items() if n == 1}


def _letters(text: str) -> str:
    """A text without what forms of statements change: accents, blanks, signs and capitals."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return re.sub(r"[^a-z0-9]", "", plain)
