"""Heads of the register: chained, signed, kept in a second place, which a rewritten register does not fit."""

from __future__ import annotations

import gzip
import json
import os
import random
import shutil
import sqlite3
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from activities.register import RegisterEntries
from models.entry import Demand, Entry
from models.register import DocumentRow
from office.service import anchoring
from office.service.problems import Problem
from office.service.reconciling import documents
from office.service.seals import Verified, sealed
from office.settings import Settings
from register import heads, histories, restores
from register.addresses import file_of
from register.database import changed, engine, migrate, one_at_a_time, transaction
from register.documents import DocumentStore
from register.histories import KeptHistory
from register.keys import OFFICE, kept
from register.laws import keep
from register.office_keys import hold
from register.reading import questions
from register.rows import digest
from register.seals import FIRST, SEALING, line
from tests.register.cases import LAW
from tests.register.tampering import lives, opened, tampers_with

TIMES = int(os.environ.get("UMN_TEST_TAMPERINGS", "20"))
CASE = "CUP-2026-001"
NIGHT = date(2026, 11, 30)


def look(settings: Settings) -> Verified:
    return sealed(settings, lambda done, of: None)


def kinds(settings: Settings) -> set[str]:
    return {problem.kind for problem in look(settings).problems}


@pytest.fixture
def office(database_url: str, tmp_path: Path, entry: Callable[..., Entry], demand: Demand) -> Settings:
    """An office with some cases, a head of the night, and a second place."""
    (tmp_path / "elsewhere").mkdir()
    settings = Settings(var=tmp_path / "var", database_url=database_url, anchors=tmp_path / "elsewhere")
    hold(database_url, settings.keys, "Ann")
    lives(database_url, entry, demand)
    anchoring.nightly(settings, NIGHT)
    return settings


def test_a_head_names_what_moved_is_signed_and_stands_in_the_second_place(office: Settings) -> None:
    changed(office.register_url, "UPDATE current_state SET title = 'X' WHERE number = ?", [CASE])
    for night in (NIGHT, NIGHT + timedelta(days=1)):
        anchoring.nightly(office, night)  # the first one is made already
    with questions(office.register_url) as ask:
        made = list(heads.every(ask))
    assert [head.occasion for head in made][-2:] == ["night 2026-11-30", "night 2026-12-01"]
    last = made[-1]
    assert set(last.streams()) == {CASE, "head", "anchor"}
    assert last.key == kept(office.keys / OFFICE).public
    assert office.anchors is not None
    assert {file.read_text() for file in office.anchors.iterdir()} >= {last.text}
    assert look(office).problems == ()


def test_an_act_that_somebody_signed_has_a_head_of_its_own(
    office: Settings, entry: Callable[..., Entry]
) -> None:
    asked: list[tuple[str, int]] = []
    entries = RegisterEntries(office.register_url, decided=lambda number, at: asked.append((number, at)))
    entries.enter(entry("MNP-2026-001"))
    entries.enter(entry("MNP-2026-001", 2, act="Decided", facts={"signatory": {"name": "X"}}))
    assert asked == [("MNP-2026-001", 2)]
    anchoring.after_decisions(office)("MNP-2026-001", 2).result(30)
    with questions(office.register_url) as ask:
        assert ask("SELECT count(*) FROM head WHERE occasion = 'MNP-2026-001 2'") == [(1,)]
    assert look(office).problems == ()


def test_decisions_that_are_entered_while_a_head_is_made_have_the_next_one_together(
    office: Settings, entry: Callable[..., Entry]
) -> None:
    after, numbers = anchoring.after_decisions(office), [f"MNP-2026-00{serial}" for serial in (1, 2, 3)]
    for number in numbers:
        RegisterEntries(office.register_url).enter(entry(number))
    with transaction(office.register_url) as session:
        one_at_a_time(session, SEALING)
        made = [after(numbers[0], 1)]
        while not made[0].running():
            time.sleep(0.01)
        made += [after(number, 1) for number in numbers[1:]]
    for one in made:
        one.result(30)
    with questions(office.register_url) as ask:
        *_, first, second = heads.every(ask)
    assert [first.occasion, second.occasion] == [f"{numbers[0]} 1", f"{numbers[2]} 1"]
    assert set(numbers) <= first.streams().keys() | second.streams().keys()


def rewritten(register: Path, case: str, forger: Path | None = None) -> None:
    """A case is rewritten from its first entry on, with its seals; with a key, also every head."""
    with opened(register) as connection:
        connection.row_factory = sqlite3.Row
        connection.execute("DELETE FROM entry WHERE number = ? AND sequence = 3", [case])
        before = FIRST
        for row in connection.execute(
            "SELECT * FROM seal WHERE stream = ? ORDER BY sequence", [case]
        ).fetchall():
            covers = [c for c in json.loads(row["covers"]) if c[:2] != ["entry", [case, 3]]]
            text = json.dumps(covers, separators=(",", ":"))
            before = line(case, row["sequence"], row["at"], text, before)
            connection.execute(
                "UPDATE seal SET covers = ?, chain = ? WHERE id = ?", [text, before, row["id"]]
            )
        if forger:
            _heads_rewritten(connection, case, forger)


def _heads_rewritten(connection: sqlite3.Connection, case: str, forger: Path) -> None:
    from models.signing import Purpose, canonical

    key, before = kept(forger), FIRST
    chains = dict(connection.execute("SELECT sequence, chain FROM seal WHERE stream = ?", [case]).fetchall())
    for row in connection.execute("SELECT * FROM head ORDER BY head").fetchall():
        streams = json.loads(row["heads"])
        if case in streams:
            streams[case][1] = chains[streams[case][0]]
        head = heads.Head(**{**dict(row), "heads": json.dumps(streams)})
        chain = head.chained(before)
        signed = key.sign(Purpose.HEAD, canonical({"head": head.head, "at": head.at, "chain": chain}))
        head = replace(head, chain=chain, signature=signed, key=key.public)
        before = chain
        connection.execute(
            "UPDATE head SET heads = ?, chain = ?, key = ?, signature = ? WHERE head = ?",
            [head.heads, chain, head.key, signed, head.head],
        )
        _sealed_again(connection, head)


def _sealed_again(connection: sqlite3.Connection, head: heads.Head) -> None:
    """The seals of the heads themselves, as whoever knows all of this would write them."""
    from register.rows import forms, signs, told

    form = forms()["head"]
    says = [getattr(head, name) for name in form.says]
    before = FIRST
    for row in connection.execute("SELECT * FROM seal WHERE stream = 'head' ORDER BY sequence").fetchall():
        covers = json.loads(row["covers"])
        if covers[0][1] == [head.head]:
            covers = [["head", [head.head], digest(told(form.says, says)), signs(says)]]
        text = json.dumps(covers, separators=(",", ":"))
        before = line("head", row["sequence"], row["at"], text, before)
        connection.execute("UPDATE seal SET covers = ?, chain = ? WHERE id = ?", [text, before, row["id"]])


@pytest.fixture
def on_sqlite(tmp_path: Path, entry: Callable[..., Entry], demand: Demand) -> Settings:
    (tmp_path / "elsewhere").mkdir()
    settings = Settings(var=tmp_path / "var", anchors=tmp_path / "elsewhere")
    migrate(settings.register_url)
    keep(settings.register_url, LAW)
    hold(settings.register_url, settings.keys, "Ann")
    lives(settings.register_url, entry, demand)
    anchoring.nightly(settings, NIGHT)
    engine(settings.register_url).dispose()
    return settings


def test_a_case_that_was_rewritten_with_its_seals_does_not_fit_its_head(on_sqlite: Settings) -> None:
    rewritten(file_of(on_sqlite.register_url), CASE)
    found = look(on_sqlite).problems
    assert ("seal-rewritten", CASE) in {(problem.kind, problem.number) for problem in found}
    assert look(replace(on_sqlite, anchors=None)).problems


def test_a_register_that_was_rewritten_to_its_last_signature_does_not_fit_the_second_place(
    on_sqlite: Settings,
) -> None:
    """Whoever did it had the office's key."""
    rewritten(file_of(on_sqlite.register_url), CASE, on_sqlite.keys / OFFICE)
    assert look(replace(on_sqlite, anchors=None)).problems == ()
    found = {(problem.kind, problem.number) for problem in look(on_sqlite).problems}
    assert {("head-unknown", ""), ("seal-rewritten", CASE)} <= found


def test_heads_that_another_key_signed_are_named(on_sqlite: Settings, tmp_path: Path) -> None:
    rewritten(file_of(on_sqlite.register_url), CASE, tmp_path / "forger" / "key")
    assert "head-other-key" in kinds(replace(on_sqlite, anchors=None))


def test_a_head_that_its_key_did_not_sign_is_named(on_sqlite: Settings) -> None:
    with opened(file_of(on_sqlite.register_url)) as connection:
        connection.row_factory = sqlite3.Row
        signed = "A" * 86 + "=="
        connection.execute("UPDATE head SET signature = ?", [signed])
        row = connection.execute("SELECT * FROM head").fetchone()
        _sealed_again(connection, heads.Head(**row))
    assert kinds(replace(on_sqlite, anchors=None)) == {"head-not-signed"}


def test_what_the_second_place_lacks_or_holds_otherwise_is_named(on_sqlite: Settings) -> None:
    assert on_sqlite.anchors is not None
    (file,) = on_sqlite.anchors.iterdir()
    text = file.read_text()
    file.unlink()
    assert kinds(on_sqlite) == {"anchor-gone"}
    anchoring.nightly(on_sqlite, NIGHT + timedelta(days=1))
    assert kinds(on_sqlite) == {"anchor-gone"}  # it is not written again in silence
    for nth, other in enumerate((text.replace("2026-", "2025-"), "{}", "", "[]", "no head")):
        file.unlink(missing_ok=True)
        file.write_text(other)
        assert kinds(on_sqlite) == {"anchor-changed"}, nth
    file.write_text(text)
    assert kinds(on_sqlite) == set()


def test_a_second_place_that_is_not_there_holds_nothing_up_and_is_told_after_two_nights(
    on_sqlite: Settings, tmp_path: Path
) -> None:
    settings = replace(on_sqlite, anchors=tmp_path / "not-mounted")
    anchoring.nightly(settings, NIGHT + timedelta(days=1))
    later = datetime.now(UTC) + timedelta(days=3)
    assert anchoring.compared(settings, datetime.now(UTC)) == ([], [])
    assert [problem.kind for problem in anchoring.compared(settings, later)[0]] == ["anchor-late"]
    (tmp_path / "not-mounted").mkdir()
    anchoring.nightly(settings, NIGHT + timedelta(days=2))
    assert len(list((tmp_path / "not-mounted").iterdir())) == 3
    assert anchoring.compared(settings, later)[0] == []


def test_heads_that_a_restore_lost_are_told_as_lost_and_without_one_as_unknown(on_sqlite: Settings) -> None:
    register = file_of(on_sqlite.register_url)
    shutil.copyfile(register, register.with_suffix(".copy"))
    changed(on_sqlite.register_url, "UPDATE current_state SET title = 'X' WHERE number = ?", [CASE])
    anchoring.nightly(on_sqlite, NIGHT + timedelta(days=1))
    whole_at = datetime.now(UTC).isoformat(timespec="milliseconds")  # a set is whole after its copy was made
    engine(on_sqlite.register_url).dispose()
    shutil.copyfile(register.with_suffix(".copy"), register)
    assert {"head-unknown", "seal-rewritten"} <= kinds(on_sqlite)
    with transaction(on_sqlite.register_url) as session:
        restores.begin(session, whole_at, datetime.now(UTC) + timedelta(seconds=2), "Ann", 100)
    found = look(on_sqlite)
    assert found.problems == ()
    assert [head.occasion for head in found.lost] == ["night 2026-12-01"]


def test_one_byte_of_the_second_place_that_is_another_one_is_found(on_sqlite: Settings) -> None:
    assert on_sqlite.anchors is not None
    for nth in range(2, 5):
        anchoring.nightly(on_sqlite, NIGHT + timedelta(days=nth))
    for nth in range(TIMES):
        chance = random.Random(nth)
        file = chance.choice(sorted(on_sqlite.anchors.iterdir()))
        whole = file.read_bytes()
        place = chance.randrange(len(whole))
        file.unlink()
        if chance.random() < 0.9:
            other = chance.choice([byte for byte in range(256) if byte != whole[place]])
            file.write_bytes(whole[:place] + bytes([other]) + whole[place + 1 :])
        found = look(on_sqlite).problems
        assert any(file.name in problem.sentence for problem in found), (nth, place)
        file.unlink(missing_ok=True)
        file.write_bytes(whole)
    assert look(on_sqlite).problems == ()


def test_whatever_somebody_changes_of_heads_by_chance_is_found(on_sqlite: Settings, tmp_path: Path) -> None:
    for nth in range(2, 5):
        anchoring.nightly(on_sqlite, NIGHT + timedelta(days=nth))
    engine(on_sqlite.register_url).dispose()
    register = file_of(on_sqlite.register_url)
    shutil.copyfile(register, tmp_path / "whole.db")
    for nth in range(TIMES):
        chance = random.Random(nth)
        shutil.copyfile(tmp_path / "whole.db", register)
        with opened(register) as connection:
            table = chance.choice(("head", "anchor"))
            row = connection.execute(f"SELECT rowid, * FROM {table} ORDER BY random()").fetchone()
            if chance.random() < 0.3:
                connection.execute(f"DELETE FROM {table} WHERE rowid = ?", [row[0]])
            else:
                names = [one[1] for one in connection.execute(f"PRAGMA table_info({table})")]
                name = chance.choice(names[1:])
                old = row[1 + names.index(name)]
                other = old + 1 if isinstance(old, int) else f"{old[:-1]}{'0' if old[-1] != '0' else '1'}"
                connection.execute(f"UPDATE {table} SET {name} = ? WHERE rowid = ?", [other, row[0]])
        found = {problem.kind for problem in look(on_sqlite).problems}
        assert {"row-changed", "row-gone"} & found, nth


def test_a_document_or_history_that_is_another_one_by_chance_is_found_and_named(on_sqlite: Settings) -> None:
    """Whatever the register names, its file lies beside it; the rows themselves are held to their seals."""
    store, url, at = (
        DocumentStore(on_sqlite.documents),
        on_sqlite.register_url,
        "2026-11-30T00:00:00.000+00:00",
    )
    names: dict[Path, tuple[str, str]] = {}
    for nth in (1, 2, 3):
        content = f"What was filed: {nth}.".encode() * nth
        sha256, size = store.keep(content), len(content)
        filed = {"number": CASE, "entry": 1, "name": f"{nth}.txt", "sha256": sha256, "size": size}
        with transaction(url) as session:
            session.execute(DocumentRow.__table__.insert(), filed)
        names[store.path(sha256)] = (CASE, f"{nth}.txt")
        packed = gzip.compress(content, mtime=0)
        sha256 = store.keep(packed)
        run = KeptHistory(f"run-{nth}", CASE, CASE, "Dossier", at, at, "completed", 9, sha256, len(packed))
        histories.keep(url, run)
        names[store.path(sha256)] = (CASE, f"run-{nth}")
    unnamed = {
        problem.sentence for problem in kept_files(on_sqlite)
    }  # what the sample names, and nobody keeps
    contents = {path: path.read_bytes() for path in names}
    for nth in range(TIMES):
        chance = random.Random(nth)
        changed_ones = tampers_with(chance.choice(sorted(names)), sorted(names), chance)
        found = [one for one in kept_files(on_sqlite) if one.sentence not in unnamed]
        assert len(found) == len(changed_ones), (nth, found)
        for path in changed_ones:
            number, name = names[path]
            assert any(one.number == number and name in one.sentence for one in found), (nth, path)
            path.write_bytes(contents[path])
    assert {problem.sentence for problem in kept_files(on_sqlite)} == unnamed


def kept_files(settings: Settings) -> list[Problem]:
    return documents(settings, {}, lambda done, of: None)
