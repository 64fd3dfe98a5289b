"""Takes files of bank statements in: what is new of them, what was told before, and what nobody can tell."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from models.errors import InputRefused
from models.line import Balanced, Telling
from models.messages import Message
from models.payments import Reason, State, movement_id
from models.recognition import Finding, Known, What, recognised
from models.statements import Span, Statement, StatementFile, Told
from register.movements import LOCK, REFUSED

if TYPE_CHECKING:
    from sqlalchemy import ColumnElement
    from sqlalchemy.orm import Session

    from models.register import MovementRow


@dataclass(frozen=True, slots=True)
class Taken:
    """How many movements of a file are new, known and perhaps known, and what is to be said of it."""

    new: int = 0
    known: int = 0
    unclear: int = 0
    remarks: tuple[Message, ...] = ()


def take_in(url: str, file: StatementFile, by: str, on: date) -> Taken:
    """Keeps what a file tells and is not known; what it tells again is noted, and counts once.

    Idempotent: by file.

    Raises: InputRefused when it tells a part of the account otherwise than it was told before.
    """
    from models.register import StatementRow
    from register.database import one_at_a_time, transaction

    with transaction(url) as session:
        one_at_a_time(session, LOCK)
        if session.get(StatementRow, file.sha256):
            return Taken(known=sum(len(statement.movements) for statement in file.statements))
        session.add(StatementRow(file=file.sha256, name=file.name, form=file.form, by=by, imported_on=on))
        session.flush()
        place, count, remarks = 0, Counter[What](), list[Message]()
        for told, statement in enumerate(file.statements, start=1):
            taking = _Taking(session, file, told, statement)
            count += taking.keeps(place)
            remarks += taking.remarks()
            place += len(statement.movements)
        return Taken(
            count[What.NEW] + count[What.DETAILS], count[What.KNOWN], count[What.PERHAPS], tuple(remarks)
        )


class _Taking:
    """One statement of a file, beside what is known of its account."""

    def __init__(self, session: Session, file: StatementFile, told: int, statement: Statement) -> None:
        self._session, self._file, self._told, self._statement = session, file, told, statement
        self._rows = _known_rows(session, statement)
        self._places, self._sums = _places(session, self._rows)
        self._references = _references_of_sums(session, self._rows)
        self._same = _said_to_be_known(session, statement)
        for row in self._same:
            for name in self._places.keys() & {*row.candidates}:
                self._places[name].add((row.file, row.told, row.entry))
        balanced = _balanced(
            session, statement, {told[0] for places in self._places.values() for told in places}
        )
        self._last = max(
            (one for one in balanced if one.closed_on <= statement.spans[0].day),
            key=lambda one: one.closed_on,
            default=None,
        )
        self._before = balanced
        self._found = recognised(statement, file.form, list(self._known()), balanced)

    def keeps(self, place: int) -> Counter[What]:
        """Writes down what is new, and which movements are told again. Returns: how many are what."""
        from models.register import BalanceRow, MovementRow, TellingRow

        told = self._statement
        self._session.add(
            BalanceRow(
                file=self._file.sha256,
                told=self._told,
                account=told.account,
                currency=told.currency,
                number=told.number,
                opening=told.opening,
                closing=told.closing,
                closed_on=told.closed_on,
                spans=[
                    [span.day.isoformat(), span.start, span.end, [*span.between], [*span.entries]]
                    for span in told.spans
                ],
            )
        )
        rows, count = list[dict[str, Any]](), Counter[What]()
        in_parts: defaultdict[str, list[str]] = defaultdict(list)
        for nth, movement in enumerate(told.movements, start=place):
            finding = self._found[movement.entry]
            count[finding.what] += 1
            if finding.what is What.OTHERWISE:
                self._refuse(movement.entry, finding)
            if finding.what is What.KNOWN:
                continue
            rows.append(row := self._row(nth, movement, finding))
            if finding.what is What.DETAILS:
                for name in finding.movements:
                    in_parts[name].append(row["id"])
        if rows:
            self._session.execute(MovementRow.__table__.insert(), rows)
        tellings = [
            TellingRow(file=self._file.sha256, told=self._told, entry=entry, movement=name)
            for entry, finding in self._found.items()
            if finding.what is What.KNOWN
            for name in finding.movements
        ]
        for name, parts in in_parts.items():
            tellings += self._gives_way(name, parts)
        self._session.add_all(tellings)
        self._session.flush()
        return count

    def remarks(self) -> Iterator[Message]:
        """Whether it tells again what was told, or does not begin where the last one ended."""
        told, what = self._statement, Counter(finding.what for finding in self._found.values())
        again = what[What.KNOWN] + what[What.DETAILS]
        if again:
            yield Message("money.told-before", number=told.number, n=again, of=len(self._found))
        if what[What.PERHAPS]:
            yield Message("money.perhaps-told-before", number=told.number, n=what[What.PERHAPS])
        yield from self._named_in_details()
        if self._last and told.opening not in self._stood(told.spans[0].day):
            yield Message(
                "money.does-not-follow",
                number=told.number,
                opening=told.opening,
                on=self._last.closed_on,
                closing=self._last.closing,
                currency=told.currency,
            )

    def _stood(self, day: date) -> set[int]:
        """The balances of the account that are known of a day: as it began, and within it."""
        left = {one.closing for one in self._before if one.closed_on <= day}
        spans = (span for one in self._before for span in one.spans if span.day == day)
        return left.union(*((span.start, *span.between, span.end) for span in spans))

    def _named_in_details(self) -> Iterator[Message]:
        """What the details of a sum name that stands as it was decided: they divide it no more."""
        known = {row.id: row for row in self._rows}
        for entry, finding in self._found.items():
            if finding.what is not What.KNOWN or len(finding.movements) > 1:
                continue
            row = known[finding.movements[0]]
            named = {told.structured for told in self._statement.movements if told.entry == entry}
            if named := sorted(named - {"", row.structured}):
                yield Message("money.named-in-details", movement=row.id, communications=named)

    def _row(self, place: int, movement: Told, finding: Finding) -> dict[str, Any]:
        unclear = finding.what is What.PERHAPS
        return {
            "id": movement_id(self._file.sha256, place),
            "file": self._file.sha256,
            "place": place,
            "told": self._told,
            "account": self._statement.account,
            "statement": self._statement.number,
            "currency": self._statement.currency,
            **{name: getattr(movement, name) for name in Told.__slots__},
            "state": (State.PARKED if unclear else State.READ).value,
            "reason": Reason.PERHAPS_KNOWN.value if unclear else "",
            "note": "",
            "candidates": list(finding.movements) if unclear else [],
        }

    def _gives_way(self, name: str, parts: Sequence[str]) -> Iterator[Any]:
        """A sum that was told counts no more: its parts do, and whatever told the sum tells them."""
        from models.register import TellingRow

        row = next(row for row in self._rows if row.id == name)
        row.state, row.reason, row.candidates = State.KNOWN.value, Reason.IN_PARTS.value, list(parts)
        said = [one for one in self._same if name in one.candidates]
        for one in said:
            one.candidates = [other for other in one.candidates if other != name] + [*parts]
        for file, told, entry in self._places[name] - {(one.file, one.told, one.entry) for one in said}:
            for part in parts:
                yield TellingRow(file=file, told=told, entry=entry, movement=part)

    def _refuse(self, entry: int, finding: Finding) -> None:
        movement = next(one for one in self._statement.movements if one.entry == entry)
        row = next(row for row in self._rows if row.id in finding.movements)
        raise InputRefused(
            "money.told-otherwise",
            movement=movement.sequence,
            statement=self._statement.number,
            cents=row.cents,
            currency=row.currency,
            on=row.booked_on,
            other=movement.cents,
            other_currency=self._statement.currency,
            other_on=movement.booked_on,
        )

    def _known(self) -> Iterator[Known]:
        """The entries that are known, each with its parts."""
        entries: defaultdict[tuple[str, int, int], list[MovementRow]] = defaultdict(list)
        for row in self._rows:
            entries[self._sums.get(row.id, (row.file, row.told, row.entry))].append(row)
        bound = _bound(self._session, [row.id for row in self._rows])
        for rows in entries.values():
            if len(rows) == 1:
                free = rows[0].state in _UNDECIDED and rows[0].id not in bound and not rows[0].candidates
                yield self._alone(rows[0], rows[0].reference, free=free)
                continue
            of_one_entry = len({(row.file, row.told, row.entry) for row in rows}) == 1
            shared = of_one_entry and len({row.reference for row in rows}) == 1
            yield Known(
                movements=tuple(row.id for row in rows),
                told=frozenset(place for row in rows for place in self._places[row.id]),
                booked_on=rows[0].booked_on,
                cents=sum(row.cents for row in rows),
                reference=rows[0].reference if shared else self._of_the_sum(rows),
                unclear=any(row.candidates for row in rows),
                parts=tuple(self._alone(row, "" if shared else row.reference) for row in rows),
            )

    def _of_the_sum(self, rows: Sequence[MovementRow]) -> str:
        """The reference under which the bank told first, as one sum, what these are the parts of."""
        return self._references.get(frozenset(row.id for row in rows), "")

    def _alone(self, row: MovementRow, reference: str, *, free: bool = False) -> Known:
        return Known(
            movements=(row.id,),
            told=frozenset(self._places[row.id]),
            booked_on=row.booked_on,
            cents=row.cents,
            reference=reference,
            structured=row.structured,
            communication=row.communication,
            payer_account=row.payer_account,
            free=free,
            unclear=bool(row.candidates),
        )


_UNDECIDED = (State.READ.value, State.PARKED.value)


def _known_rows(session: Session, statement: Statement) -> list[MovementRow]:
    """The movements of its account that count, of its days or with a reference of it."""
    from sqlalchemy import select
    from sqlmodel import col

    from models.register import MovementRow

    days = [span.day for span in statement.spans]
    asked = (
        select(MovementRow)
        .where(
            col(MovementRow.account) == statement.account,
            col(MovementRow.currency) == statement.currency,
            col(MovementRow.state) != State.KNOWN.value,
        )
        .order_by(col(MovementRow.booked_on), col(MovementRow.file), col(MovementRow.place))
    )
    rows = {
        row.id: row
        for row in session.scalars(asked.where(col(MovementRow.booked_on).between(days[0], days[-1])))
    }
    names = {told.reference for told in statement.movements if told.reference}
    for some in _in_parts(names):
        rows |= {row.id: row for row in session.scalars(asked.where(col(MovementRow.reference).in_(some)))}
    return list(rows.values())


def _said_to_be_known(session: Session, statement: Statement) -> list[MovementRow]:
    """The movements of its account of which a person said that they are known ones."""
    from sqlalchemy import select
    from sqlmodel import col

    from models.register import MovementRow

    asked = select(MovementRow).where(
        col(MovementRow.account) == statement.account,
        col(MovementRow.currency) == statement.currency,
        col(MovementRow.reason) == Reason.SAME.value,
    )
    return list(session.scalars(asked.order_by(col(MovementRow.id))))


def _places(
    session: Session, rows: Sequence[MovementRow]
) -> tuple[dict[str, set[Telling]], dict[str, Telling]]:
    """The entries that tell each movement; and the one that told it in a sum with others, if one did."""
    from sqlalchemy import select
    from sqlmodel import col

    from models.register import TellingRow

    places: dict[str, set[Telling]] = {row.id: {(row.file, row.told, row.entry)} for row in rows}
    told: defaultdict[Telling, list[str]] = defaultdict(list)
    for some in _in_parts(places):
        for telling in session.scalars(select(TellingRow).where(col(TellingRow.movement).in_(some))):
            places[telling.movement].add((telling.file, telling.told, telling.entry))
            told[telling.file, telling.told, telling.entry].append(telling.movement)
    sums = {name: of for of, names in sorted(told.items()) if len(names) > 1 for name in names}
    return places, sums


def _references_of_sums(session: Session, rows: Sequence[MovementRow]) -> dict[frozenset[str], str]:
    """The bank's references of sums that count no more, by the parts that took their place."""
    from sqlalchemy import select
    from sqlmodel import col

    from models.register import MovementRow

    days = {row.booked_on for row in rows}
    if not days:
        return {}
    asked = select(MovementRow).where(
        col(MovementRow.reason) == Reason.IN_PARTS.value,
        col(MovementRow.account) == rows[0].account,
        col(MovementRow.currency) == rows[0].currency,
        col(MovementRow.booked_on).between(min(days), max(days)),
    )
    return {frozenset(one.candidates): one.reference for one in session.scalars(asked)}


def _balanced(session: Session, statement: Statement, files: Collection[str]) -> list[Balanced]:
    """The statements of its account that reach its days, those of the files, and the last one before."""
    from sqlalchemy import or_, select
    from sqlmodel import col

    from models.register import BalanceRow, StatementRow

    first = statement.spans[0].day
    asked = (
        select(BalanceRow, StatementRow)
        .join(StatementRow, col(StatementRow.file) == col(BalanceRow.file))
        .where(col(BalanceRow.account) == statement.account, col(BalanceRow.currency) == statement.currency)
        .order_by(col(BalanceRow.closed_on), col(StatementRow.imported_on))
    )
    last = select(col(BalanceRow.closed_on)).where(
        col(BalanceRow.account) == statement.account,
        col(BalanceRow.currency) == statement.currency,
        col(BalanceRow.closed_on) <= first,
    )
    since = session.scalar(last.order_by(col(BalanceRow.closed_on).desc()).limit(1)) or first
    wanted: list[ColumnElement[bool]] = [col(BalanceRow.closed_on) >= since]
    wanted += [col(BalanceRow.file).in_(some) for some in _in_parts(files)]
    return [
        Balanced(
            place=(row.file, row.told),
            form=file.form,
            opening=row.opening,
            closing=row.closing,
            closed_on=row.closed_on,
            spans=tuple(
                Span(date.fromisoformat(day), start, end, tuple(between), tuple(entries))
                for day, start, end, between, entries in row.spans
            ),
        )
        for row, file in session.execute(asked.where(or_(*wanted)))
    ]


def _bound(session: Session, ids: Sequence[str]) -> set[str]:
    """The movements of which an invoice took, that give or were given back, or that a person decided on."""
    from sqlalchemy import select
    from sqlmodel import col

    from models.register import MovementDecisionRow, RefundRow, ShareRow

    found: set[str] = set()
    for some in _in_parts(ids):
        took = select(col(ShareRow.movement)).where(
            col(ShareRow.movement).in_(some), col(ShareRow.state) != REFUSED
        )
        decided = select(col(MovementDecisionRow.movement)).where(col(MovementDecisionRow.movement).in_(some))
        given = select(col(RefundRow.of)).where(col(RefundRow.of).in_(some))
        for asked in (took, decided, given):
            found.update(session.scalars(asked))
    return found


def _in_parts(names: Collection[str], size: int = 500) -> Iterator[list[str]]:
    some = sorted(names)
    return (some[start : start + size] for start in range(0, len(some), size))
