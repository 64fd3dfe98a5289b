"""Lays a backup out as a data folder, and keeps back all that would leave it until a person releases it.

The set is verified first. The data folder takes its place in one stroke, with the restore written down in its
register: there is no moment at which an office could be started from it that sends what had left before.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from models.clock import civil_day
from models.errors import InputRefused, NotEmpowered, OutsideWorldFailed
from models.messages import worded
from office import connection
from office.desk.person import login, whose
from office.service.backing_up import drafted
from office.service.backup_set import (
    BESIDE,
    DOCUMENTS,
    LAW,
    OFFICES,
    PRODUCTION,
    TEMPORAL,
    Manifest,
    flush,
    verified,
)
from office.settings import Settings
from register import copying, people, reconciliations, restores
from register.addresses import file_of, is_sqlite
from register.database import HEAD, engine, migrate, transaction

MOST_SKIPPED = 100_000
"""Numbers that a restore may leave out: a slip would use a series up."""


def restore(settings: Settings, of: Path, skip: int, say: Callable[[str], None]) -> Manifest:
    """Fills an empty data folder, and an empty database, from a backup that verifies; nothing is started.

    `skip` is how many numbers of each series are left out: as many as may have been given since the copy.

    Raises: InputRefused when the set does not verify or does not fit the settings, or something lies where it
    is to go; NotReachable; OutsideWorldFailed.
    """
    if not 0 <= skip <= MOST_SKIPPED:
        raise InputRefused("restore.skips-too-many", skip=skip, most=MOST_SKIPPED)
    say(worded("backup.verifying"))
    manifest = verified(of)
    _fits(settings, manifest)
    url = settings.register_url
    with drafted(settings.var) as draft:
        say(worded("restore.laying-out", entries=manifest.entries, documents=manifest.documents))
        for name in (DOCUMENTS, *BESIDE):
            if (of / name).is_dir():
                shutil.copytree(of / name, draft / name)
        for name in (LAW, OFFICES, PRODUCTION):
            if (of / name).is_file():
                shutil.copyfile(of / name, draft / name)
        if manifest.temporal == "embedded":
            shutil.copyfile(of / TEMPORAL, draft / TEMPORAL)
        if is_sqlite(url):
            url = f"sqlite:///{draft / manifest.register_file}"
        copying.fill(of / manifest.register_file, url)
        migrate(url)
        by = _whoever(settings, url)
        with transaction(url) as session:
            restores.begin(session, _instant(manifest.made_at), datetime.now(UTC), by, skip)
            reconciliations.forget(session)
        engine(url).dispose()
        flush(draft)
        if is_sqlite(settings.register_url):
            _to_its_place(settings, draft / manifest.register_file)
    return manifest


def _whoever(settings: Settings, url: str) -> str:
    """Who restores: the person whose key signs here, by the register that is laid out; else the login."""
    try:
        return whose(settings, people.known(url), civil_day(datetime.now(UTC))).person.name
    except (NotEmpowered, OutsideWorldFailed):
        return login()


def _to_its_place(settings: Settings, made: Path) -> None:
    """Moves a register out of the data folder, where the settings have it elsewhere."""
    place = file_of(settings.register_url)
    if place != settings.var.resolve() / made.name:
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(made, place)


def _fits(settings: Settings, manifest: Manifest) -> None:
    """Raises: InputRefused when these settings mean another office than the one of the set."""
    database = "SQLite" if is_sqlite(settings.register_url) else "PostgreSQL"
    if manifest.database != database:
        raise InputRefused("restore.another-database", of=manifest.database, here=database)
    temporal = "external" if connection.is_external() else "embedded"
    if manifest.temporal != temporal:
        key = "restore.had-its-own-temporal" if temporal == "external" else "restore.had-another-temporal"
        raise InputRefused(key)
    if manifest.revision > HEAD:
        raise InputRefused("restore.newer-release", found=manifest.revision, known=HEAD)
    copying.must_be_empty(settings.register_url)
    for named, own in ((settings.law_file, LAW), (settings.offices_file, OFFICES)):
        if named is not None and any(part.path == own for part in manifest.parts) and not named.is_file():
            raise InputRefused("restore.file-elsewhere", file=named, own=own)


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")
