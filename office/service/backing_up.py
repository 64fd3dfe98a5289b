"""Makes a backup of the whole office as one set, while everything runs.

The memory of Temporal is copied first: what the register knows beyond it is recognised when a case does it
again, while an entry that only Temporal knew would be written by nobody. Documents come after the register,
which names them. The set is put together beside its place, verified there, and then renamed.
"""

from __future__ import annotations

import gzip
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from models.errors import InputRefused, NotFound, NotReachable, OutsideWorldFailed
from models.messages import worded
from office import connection
from office.service.backup_set import (
    BESIDE,
    DOCUMENTS,
    HISTORIES,
    LAW,
    MANIFEST,
    OFFICES,
    PRODUCTION,
    TEMPORAL,
    Entered,
    Manifest,
    below,
    files_of,
    flush,
    part_of,
    verified,
)
from office.service.build import build_id, version
from office.service.launching import wait_for
from office.service.running import recall, writing
from office.settings import PREFIX, Settings
from register import copying
from register.addresses import is_sqlite
from register.documents import STORE, DocumentStore

_LATE = {"register.db": -1, MANIFEST: 1}
"""What takes its place before and after the other parts of a folder."""


def back_up(settings: Settings, into: Path, say: Callable[[str], None]) -> Manifest:
    """Copies all that the office must not lose into a new folder: whole and verified, or not at all.

    With a Temporal of somebody else, the histories of the open cases stand for its database.

    Raises: InputRefused when the folder is not empty; NotReachable; OutsideWorldFailed.
    """
    external = connection.is_external()
    recall(settings.var)  # a copy of a data folder whose office runs is none
    memory = settings.var / TEMPORAL
    if not external and not memory.is_file():
        raise NotReachable("backup.nothing-here", folder=settings.var.absolute(), possible=("up",))
    before = copying.head(settings.register_url)
    with drafted(into) as draft:
        if external:
            say(worded("backup.copying-histories"))
            count = wait_for(_histories(settings, draft / HISTORIES))
            say(worded("backup.histories", n=count))
        else:
            say(worded("backup.copying-temporal", megabytes=memory.stat().st_size // 1_000_000))
            copying.copy_file(memory, draft / TEMPORAL)
        say(worded("backup.copying-register"))
        head = copying.copy(settings.register_url, draft / copying.name_of_copy(settings.register_url))
        say(worded("backup.copying-documents"))
        changed = _documents(settings, draft / DOCUMENTS)
        _beside(settings, draft)
        store = DocumentStore(draft / DOCUMENTS)
        kept = list(store.kept())
        manifest = Manifest(
            made_at=datetime.now(UTC).replace(microsecond=0),
            temporal="external" if external else "embedded",
            database="SQLite" if is_sqlite(settings.register_url) else "PostgreSQL",
            revision=head.revision,
            entries=head.entries,
            last=head.last,
            between=tuple(
                Entered(number=number, entry=entry)
                for number, last in sorted(head.last.items())
                for entry in range(before.last.get(number, 0) + 1, last + 1)
            ),
            documents=len(kept),
            document_bytes=sum(store.path(sha256).stat().st_size for sha256 in kept),
            lacking=tuple(sorted((head.documents - set(kept)) | set(changed))),
            versions=dict([version(), ("build", build_id())]),
            settings=_without_secrets(settings),
            parts=tuple(part_of(draft, path) for path in files_of(draft)),
        )
        (draft / MANIFEST).write_text(manifest.model_dump_json(indent=1) + "\n")
        flush(draft)
        say(worded("backup.verifying"))
        return verified(draft)


@contextmanager
def drafted(into: Path) -> Iterator[Path]:
    """A new folder beside a place, which takes that place when all went well, and else is taken away.

    Where the place is a disk of its own, the draft lies in it, and its parts take their places one by one: a
    register first, which knows of its restore, and a manifest last.

    Raises: InputRefused when something lies in that place; OutsideWorldFailed when it cannot be written.
    """
    if into.exists() and (not into.is_dir() or any(into.iterdir())):
        raise InputRefused("backup.not-empty", folder=into)
    place = into.absolute()
    own_disk = place.is_mount()
    around = place if own_disk else place.parent
    with writing(around):
        around.mkdir(parents=True, exist_ok=True)
        draft = Path(tempfile.mkdtemp(dir=around, prefix=f".{place.name}.", suffix=".draft"))
        try:
            yield draft
            if own_disk:
                for part in sorted(draft.iterdir(), key=lambda one: _LATE.get(one.name, 0)):
                    os.replace(part, place / part.name)
            else:
                os.replace(draft, place)  # an empty folder gives way
        finally:
            shutil.rmtree(draft, ignore_errors=True)


def _documents(settings: Settings, into: Path) -> list[str]:
    """Copies every document. Returns: those that are no longer what was kept, which are left out."""
    store, made, changed = DocumentStore(settings.documents), DocumentStore(into), []
    into.mkdir()
    for sha256 in store.kept():
        target = made.path(sha256)
        target.parent.mkdir(exist_ok=True)
        try:
            with target.open("wb") as file:
                for piece in store.pieces(sha256):
                    file.write(piece)
        except (NotFound, NotReachable, OutsideWorldFailed):
            target.unlink()
            changed.append(sha256)
    if (named := settings.documents / STORE).is_file():
        shutil.copyfile(named, into / STORE)
    return changed


def _beside(settings: Settings, into: Path) -> None:
    """Copies what belongs to the register and lies beside it."""
    for name in BESIDE:
        source = settings.var / name
        for path in below(source) if source.is_dir() else ():
            target = into / name / path.relative_to(source)
            target.parent.mkdir(parents=True, exist_ok=True)
            try:
                shutil.copy2(path, target)  # since when an act has no answer is the age of its file
            except FileNotFoundError:
                target.unlink(missing_ok=True)  # an act that had its answer meanwhile
    for source, name in (
        (settings.law, LAW),
        (settings.offices, OFFICES),
        (settings.production_mark, PRODUCTION),
    ):
        if source.is_file():
            shutil.copyfile(source, into / name)


async def _histories(settings: Settings, into: Path) -> int:
    """Writes the history of every open case, as Temporal tells it. Returns: how many there are."""
    from temporalio.service import RPCError, RPCStatusCode

    from office.service.asking import ours
    from office.service.comparing import CASES

    client = await connection.connect(settings)
    into.mkdir()
    count = 0
    async for one in client.list_workflows(ours(settings, CASES)):
        try:
            history = await client.get_workflow_handle(one.id, run_id=one.run_id).fetch_history()
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                continue  # it ended meanwhile, and lies in the register
            raise
        file = into / f"{quote(one.id, safe='')}.{one.run_id}.json.gz"
        file.write_bytes(gzip.compress(json.dumps(history.to_json_dict()).encode(), mtime=0))
        count += 1
    return count


def _without_secrets(settings: Settings) -> dict[str, str]:
    shown = {PREFIX + known.name.upper() for known in fields(settings) if known.repr}
    return {name: value for name, value in settings.made.items() if name in shown}
