"""Keeps what each publication changed in the public register, as it was said then; never changed.

A publication is kept when, and only when, what is public differs from the newest one that is kept of that
public register. It is one of the register and not of a folder: several folders tell the same publications.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from procedures.registry import Publicity
from register.public import LANGUAGES, PublicProgramme, PublicRegister, Said, public_register, shown
from register.reading import Questions, Row, as_day, questions, read_at_once
from register.restores import next_serial, of_publications
from register.views import natural

ADDED, MOVED, CHANGED, HELD_BACK, GONE = "added", "moved", "changed", "held-back", "gone"
ORDER = (ADDED, MOVED, CHANGED, HELD_BACK, GONE)

_LOCK = 6_301_008
_COLUMNS = (
    "l.number, l.what, l.was, l.public_list, l.parts, l.title, l.subject, l.texts, l.summaries, "
    "l.last_update_on, l.past"
)


@dataclass(frozen=True, slots=True)
class Line:
    """What a publication changed for one programme, and the programme as it was published then.

    `what` is one of ORDER; `was` the list before, if there was one, and `public_list` the one since,
    empty when the programme is shown no more. `parts` are what changed, texts with their languages.
    `subject` are its parts as they were shown, `texts` the translated one. `summaries` are known by digest,
    and so is the `past`: history, days of authorisation and entry into force.
    """

    number: str
    what: str
    was: str
    public_list: str
    parts: dict[str, tuple[str, ...]]
    title: str
    subject: dict[str, str]
    texts: tuple[Said, ...]
    summaries: dict[str, str]
    last_update_on: date
    past: str

    @property
    def beside(self) -> str:
        """What told it apart from others of its title."""
        return ", ".join(list(self.subject.values())[1:])

    def said(self, part: str, language: str) -> Said:
        """A part of its subject as it was published, in a language or in the one shown instead."""
        return Said(self.subject[part], language) if part in self.subject else shown(self.texts, language)


@dataclass(frozen=True, slots=True)
class Published:
    """A publication: its number, the instant in UTC, programmes shown, and what it changed.

    The lines of the first are not given: it is the beginning.
    """

    number: int
    published_at: str
    programmes: int
    lines: tuple[Line, ...] = field(default=())


def changes(url: str, register: PublicRegister) -> tuple[int, list[Line]]:
    """What publishing would change since the newest publication, and the number of that one.

    The number is 0 where there is none yet. Raises: NotReachable.
    """
    with questions(url) as ask:
        newest = _newest(ask, register.of)
        before = _standing(ask, register.of)
    now = {programme.number: _line_of(programme) for programme in register.programmes}
    held_back = {programme.number for programme in register.held_back}
    found = []
    for number, line in now.items():
        stood = before.get(number)
        if stood is None or not stood.public_list:
            found.append(line)
        elif parts := _parts(stood, line, register.of):
            what = CHANGED if stood.public_list == line.public_list else MOVED
            found.append(_with(line, what, stood.public_list, line.public_list, parts))
    for number, stood in before.items():
        if number not in now and stood.public_list:
            what = HELD_BACK if number in held_back else GONE
            found.append(_with(stood, what, stood.public_list, "", {}))
    return newest, sorted(found, key=_by_what)


def keep(
    url: str, of: Publicity, on: date, at: datetime, *, hold_back: bool
) -> tuple[PublicRegister, list[Line]]:
    """Reads what a register makes public on a day, and keeps what that changes as a publication, if it does.

    Idempotent: by content. Of two at once, the second compares with the first.

    Raises: NotReachable when the register does not answer.
    """
    from sqlalchemy import func, select

    from models.register import PublicationRow, PublishedRow
    from register.database import one_at_a_time, transaction

    publication, published = PublicationRow.__table__, PublishedRow.__table__
    while True:
        register = public_register(url, of, on, hold_back=hold_back)
        newest, lines = changes(url, register)
        if newest and not lines:
            return register, []
        with transaction(url) as session:
            one_at_a_time(session, _LOCK)
            ours = publication.c.public_register == of.name
            if (session.execute(select(func.max(publication.c.number)).where(ours)).scalar() or 0) != newest:
                continue  # another one was kept meanwhile
            number = next_serial(session, of_publications(of.name), newest)
            kept = {
                "public_register": of.name,
                "number": number,
                "published_at": at.astimezone(UTC).isoformat(timespec="milliseconds"),
                "programmes": len(register.programmes),
            }
            session.execute(publication.insert(), kept)
            if lines:
                session.execute(published.insert(), [_row(line, of, number) for line in lines])
        return register, lines


def newest(url: str, of: Publicity, lines: int) -> list[Published]:
    """The newest publications of a register that hold so many lines together, whole ones; the newest first.

    Raises: NotReachable.
    """
    with questions(url) as ask:
        rows = ask(
            "SELECT p.number, p.published_at, p.programmes, COUNT(l.number) FROM publication p LEFT JOIN "
            "published l ON l.publication = p.number AND l.public_register = p.public_register "
            "WHERE p.public_register = ? GROUP BY p.number, p.published_at, p.programmes "
            "ORDER BY p.number DESC",
            [of.name],
        )
        found: list[Published] = []
        told = 0
        for number, at, programmes, held in rows:
            if told >= lines:
                break
            first = number == 1
            told += 0 if first else held
            said = () if first else _lines(ask, of, number)
            found.append(Published(number, at, programmes, tuple(sorted(said, key=_by_what))))
        return found


def no_longer_shown(url: str, of: Publicity) -> list[Line]:
    """The programmes that a register published once and does not now, as shown last. Raises: NotReachable."""
    with questions(url) as ask:
        return [*_standing(ask, of, "AND l.public_list = ''").values()]


def _newest(ask: Questions, of: Publicity) -> int:
    rows = ask("SELECT MAX(number) FROM publication WHERE public_register = ?", [of.name])
    return int(rows[0][0] or 0)


def _lines(ask: Questions, of: Publicity, publication: int) -> list[Line]:
    rows = ask(
        f"SELECT {_COLUMNS} FROM published l WHERE l.public_register = ? AND l.publication = ?",
        [of.name, publication],
    )
    return [*_read(rows)]


def _standing(ask: Questions, of: Publicity, which: str = "") -> dict[str, Line]:
    """The newest line of every programme of a register, or of those of which it says this."""
    rows = ask(
        f"SELECT {_COLUMNS} FROM published l JOIN (SELECT number, MAX(publication) AS newest FROM published "
        "WHERE public_register = ? GROUP BY number) n ON n.number = l.number AND n.newest = l.publication "
        f"WHERE l.public_register = ? {which} ORDER BY l.number",
        [of.name, of.name],
    )
    return {line.number: line for line in _read(rows)}


def _line_of(programme: PublicProgramme) -> Line:
    past = [(e.what, f"{e.on}", f"{e.recorded_on}") for e in programme.history]
    days = [f"{programme.authorised_on}", f"{programme.in_force_on}"]
    return Line(
        number=programme.number,
        what=ADDED,
        was="",
        public_list=programme.public_list.value,
        parts={},
        title=programme.title,
        subject=programme.parts,
        texts=programme.texts,
        summaries={said.language: _digest(said.text) for said in programme.summaries},
        last_update_on=programme.last_update_on,
        past=_digest(json.dumps([*days, str(programme.content), past])),
    )


def _parts(stood: Line, line: Line, of: Publicity) -> dict[str, tuple[str, ...]]:
    """What differs between two lines of a programme; texts with the languages that differ."""
    found: dict[str, tuple[str, ...]] = {}
    if stood.public_list != line.public_list:
        found["public_list"] = ()
    for part in of.columns:
        if stood.subject.get(part) != line.subject.get(part):
            found[part] = ()
    spoken = ({s.language: s.text for s in one.texts} for one in (stood, line))
    for part, (was, now) in {
        of.translated: tuple(spoken),
        "summary": (stood.summaries, line.summaries),
    }.items():
        if tongues := tuple(t for t in (*LANGUAGES, "") if was.get(t) != now.get(t)):
            found[part] = tongues
    for part in ("last_update_on", "past"):
        if getattr(stood, part) != getattr(line, part):
            found[part] = ()
    return found


def _with(line: Line, what: str, was: str, listed: str, parts: dict[str, tuple[str, ...]]) -> Line:
    from dataclasses import replace

    shown_parts = {part: tongues for part, tongues in parts.items() if part != "public_list"}
    return replace(line, what=what, was=was, public_list=listed, parts=shown_parts)


def _by_what(line: Line) -> tuple[Any, ...]:
    return ORDER.index(line.what), line.title.casefold(), natural(line.number)


def _row(line: Line, of: Publicity, publication: int) -> dict[str, Any]:
    return {
        "number": line.number,
        "public_register": of.name,
        "publication": publication,
        "what": line.what,
        "was": line.was,
        "public_list": line.public_list,
        "parts": {part: list(tongues) for part, tongues in line.parts.items()},
        "title": line.title,
        "subject": line.subject,
        "texts": {said.language: said.text for said in line.texts},
        "summaries": line.summaries,
        "last_update_on": line.last_update_on,
        "past": line.past,
    }


def _read(rows: list[Row]) -> Iterator[Line]:
    for number, what, was, listed, parts, title, subject, texts, summaries, updated, past in read_at_once(
        rows, [4, 6, 7, 8]
    ):
        on = as_day(updated)
        assert on is not None
        yield Line(
            number=number,
            what=what,
            was=was,
            public_list=listed,
            parts={part: tuple(tongues) for part, tongues in parts.items()},
            title=title,
            subject=subject,
            texts=tuple(
                Said(texts[language], language) for language in (*LANGUAGES, "") if language in texts
            ),
            summaries=summaries,
            last_update_on=on,
            past=past,
        )


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:32]
