"""Figures of the office, for a system that watches it: what is open, late, waits, how old checks are.

Each is read from the register when it is asked for, and kept nowhere. No number of a case, no name and no
address stands in them. What worker and postman measure of themselves they show on their own (UMN_METRICS_…).
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from models.messages import Message
from office.desk.morning import OURS
from office.publication.schedule import last_publication
from register import accounts, clocks, heads, notices, preparations, reconciliations, views
from register.reading import questions

if TYPE_CHECKING:
    from office.settings import Settings

PREFIX = "umn"


@dataclass(frozen=True)
class Figure:
    """A figure under a name that never changes its meaning, with what tells it apart from others of it."""

    name: str
    value: float
    labels: Mapping[str, str]

    def told(self) -> dict[str, Any]:
        """The figure as JSON can hold it."""
        return {"name": f"{PREFIX}_{self.name.replace('-', '_')}", **self.labels, "value": self.value}


def figures(settings: Settings, today: date) -> list[Figure]:
    """All figures as they are now. What never was, such as a comparison, has none.

    Units: seconds and bytes, as their names say.

    Raises: NotReachable when there is no register yet, or it does not answer.
    """
    return [*_figures(settings, today, datetime.now(UTC))]


def as_text(figures: Iterable[Figure]) -> str:
    """The figures in the text form of Prometheus."""
    lines: list[str] = []
    for one in figures:
        name = f"{PREFIX}_{one.name.replace('-', '_')}"
        if (what := f"# HELP {name} {Message(f'metrics.{one.name}')}") not in lines:
            lines += [what, " ".join(("# TYPE", name, "gauge"))]
        labels = ",".join(f'{label}="{_quoted(value)}"' for label, value in one.labels.items())
        lines.append(f"{name}{{{labels}}} {one.value:.15g}" if labels else f"{name} {one.value:.15g}")
    return "".join(f"{line}\n" for line in lines)


def _figures(settings: Settings, today: date, now: datetime) -> Iterator[Figure]:
    url = settings.register_url
    yield from _each("open-cases", ("procedure", "kind"), views.open_by_kind(url))
    late = Counter((one.clock.desk,) for one in clocks.due(url, today, 0) if one.overdue)
    yield from _each("overdue", ("desk",), {(OURS,): 0} | late)
    yield Figure("to-sign", len(preparations.waiting(url)), {})
    letters = notices.notices(url)
    none = {(state,): 0 for state in (*notices.FOR_A_PERSON, *notices.ON_ITS_WAY)}
    yield from _each("letters", ("state",), none | Counter((one.state,) for one in letters))
    since = [one.since for one in letters if one.state in notices.ON_ITS_WAY and one.since]
    yield Figure("oldest-letter-seconds", _age(min(since), now) if since else 0, {})
    waiting = Counter((one.state,) for one in accounts.waiting(url))
    yield from _each("movements", ("state",), {("parked",): 0} | waiting)
    if made := reconciliations.last(url):
        yield Figure("comparison-findings", made.many, {})
        yield Figure("comparison-age-seconds", _age(made.began_at, now), {})
    with questions(url) as ask:
        head = heads.newest(ask)
    if head:
        yield Figure("head-age-seconds", _age(head.at, now), {})
    if published_at := last_publication(settings)["published_at"]:
        yield Figure("publication-age-seconds", _age(published_at, now), {})
    yield Figure("disk-free-bytes", shutil.disk_usage(settings.var).free, {})


def _each(name: str, labels: tuple[str, ...], many: Mapping[tuple[str, ...], int]) -> Iterator[Figure]:
    """A figure for each of what is counted, by its labels."""
    for values in sorted(many):
        yield Figure(name, many[values], dict(zip(labels, values, strict=True)))


def _age(instant: str, now: datetime) -> float:
    return max(0.0, round((now - datetime.fromisoformat(instant).astimezone(UTC)).total_seconds(), 3))


def _quoted(value: str) -> str:
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
