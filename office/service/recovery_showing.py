"""What people and programs see of a backup, a restore and its release."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.errors import OutsideWorldFailed
from models.messages import act_name, worded
from office.commands import EXIT
from office.publication.schedule import there
from office.service.problems import first_of_each
from office.service.showing import in_one_line
from office.showing import Showing, one_line

if TYPE_CHECKING:
    from office.service.backup_set import Manifest
    from office.service.problems import Problem
    from office.service.releasing import Release
    from office.service.seals import Verified
    from register.reconciliations import Reconciliation


class RecoveryShowing(Showing):
    """Shows what was copied, laid out and let go, in the form that was asked for."""

    def backed_up(self, folder: Path, made: Manifest, keys: Path) -> int:
        """What a set holds, and that the keys are not in it.

        Returns: the exit code; one that lacks documents is not all well.
        """

        def lines() -> Iterator[str]:
            yield from self._set_lines(folder, made)
            yield worded("backup.without-keys", keys=keys.absolute())

        self.told({"folder": str(folder.absolute()), "without": str(keys.absolute()), **_set(made)}, lines())
        return EXIT[OutsideWorldFailed] if made.lacking else 0

    def restored(
        self, var: Path, keys: Path, made: Manifest, left_out: Sequence[tuple[str, int, int]]
    ) -> int:
        """What was laid out, what numbers it leaves out, what is not in it, and that nothing leaves it.

        Returns: exit code.
        """
        skipped = [f"{series} {first}–{last}" for series, first, last in left_out]

        def lines() -> Iterator[str]:
            yield worded(
                "restore.laid-out",
                folder=var.absolute(),
                made_at=made.made_at,
                n=made.entries,
                skipped=skipped,
            )
            yield from _lacks(made)
            if made.temporal == "external":
                yield worded("restore.temporal-is-elsewhere", made_at=made.made_at)
            yield worded("restore.keys", keys=keys.absolute())
            yield worded("restore.what-now")

        told = [dict(zip(("series", "first", "last"), one, strict=True)) for one in left_out]
        self.told({"folder": str(var.absolute()), "left_out": told, **_set(made)}, lines())
        return EXIT[OutsideWorldFailed] if made.lacking else 0

    def released(self, told: Release) -> int:
        """What had left, what leaves now, and what was lost. Returns: the exit code."""
        self.told({**asdict(told)}, _release_lines(told))
        return 0

    def reconciled(self, made: Reconciliation, problems: Sequence[Problem]) -> int:
        """What differs; to people the first ones of each kind, to programs all. Returns: the exit code."""

        def lines() -> Iterator[str]:
            yield from map(in_one_line, made.findings)
            if len(made.findings) < made.many:
                yield worded("problem.and-more", n=made.many - len(made.findings))
            began, ended = map(datetime.fromisoformat, (made.began_at, made.ended_at))
            yield worded("reconcile.counted", **made.looked, seconds=(ended - began).total_seconds())
            yield worded("reconcile.differ", n=made.many) if made.many else worded("reconcile.agree")

        told = {
            "began_at": made.began_at,
            "ended_at": made.ended_at,
            "deep": made.deep,
            "looked": made.looked,
        }
        self.told({**told, "problems": [problem.told() for problem in problems]}, lines())
        return EXIT[OutsideWorldFailed] if made.many else 0

    def verified(self, found: Verified) -> int:
        """What is no longer as it was sealed; to people the first ones of each kind. Returns: exit code."""
        many = len(found.problems)

        def lines() -> Iterator[str]:
            shown = [problem.told() for problem in first_of_each(found.problems)]
            yield from map(in_one_line, shown)
            if len(shown) < many:
                yield worded("problem.and-more", n=many - len(shown))
            if found.lost:
                yield worded("verify.lost", n=len(found.lost), heads=[one.head for one in found.lost])
            yield worded("verify.counted", **{"seals": 0, "rows": 0, "documents": 0, **found.looked})
            yield worded("verify.differ", n=many) if many else worded("verify.agree")

        self.told(found.told(), lines())
        return EXIT[OutsideWorldFailed] if many else 0

    def _set_lines(self, folder: Path, made: Manifest) -> Iterator[str]:
        yield worded(
            "backup.made",
            folder=folder.absolute(),
            n=made.entries,
            cases=len(made.last),
            documents=made.documents,
            megabytes=(made.document_bytes + sum(part.bytes for part in made.parts)) // 1_000_000,
        )
        yield from _lacks(made)


def _set(made: Manifest) -> dict[str, Any]:
    """A set for programs, without the lines of its files."""
    told = made.model_dump(mode="json", exclude={"parts", "last", "form"})
    return {**told, "cases": len(made.last)}


def _lacks(made: Manifest) -> Iterator[str]:
    if made.between:
        entries = [f"{one.number} {one.entry}" for one in made.between]
        yield worded("backup.between", n=len(entries), entries=entries)
    if made.lacking:
        yield worded("backup.lacks", n=len(made.lacking), documents=[sha[:12] for sha in made.lacking])


def _release_lines(told: Release) -> Iterator[str]:
    copied_at = there(told.restore.copied_at)
    yield worded("restore.released" if told.written else "restore.would-release", copied_at=copied_at)
    for one in told.left:
        yield worded(
            "restore.had-left", notice=one["notice"], sent_at=there(one["sent_at"]), place=one["seen"]
        )
    yield worded("restore.leave-now" if told.written else "restore.would-leave", n=told.waiting)
    for one in told.lost_letters:
        yield worded(
            "restore.letter-of-nothing",
            subject=one_line(one["subject"]),
            sent_at=there(one["sent_at"]),
            place=one["seen"],
        )
    for one in told.entries:
        yield worded(
            "restore.lost-entry",
            number=one["number"],
            entry=one["entry"],
            act=act_name(one["act"]),
            by=one["by"],
            on=one["on"],
        )
    if told.numbers:
        yield worded("restore.lost-numbers", numbers=told.numbers)
    if told.invoices:
        yield worded("restore.lost-invoices", invoices=told.invoices)
    for one in told.unanswered:
        yield worded("restore.unanswered", **one)
