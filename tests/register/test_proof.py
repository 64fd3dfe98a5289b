"""What proves a case holds for a reader who has nothing else, whichever database it was read from."""

from __future__ import annotations

import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from activities.register import RegisterEntries
from models.dossier import FiledDocument
from models.entry import Demand, Entry
from models.signing import Purpose, canonical
from register import heads, proof
from register.addresses import is_sqlite
from register.database import changed
from register.keys import Key
from register.reading import questions
from tests.register.cases import LAW
from verifier.verify import Verification

CASE, OTHER = "CUP-2026-001", "CUP-2026-002"


@pytest.fixture
def folder(database_url: str, entry: Callable[..., Entry], demand: Demand, tmp_path: Path) -> Path:
    """A case as it is shown: its rows, seals, law, and two heads of three, with which its neighbour moved."""
    key, into = Key(Ed25519PrivateKey.generate()), tmp_path / "shown"
    entries, filed = RegisterEntries(database_url), FiledDocument(name="é.pdf", sha256="0" * 64, size=9)
    for number in (CASE, OTHER):
        entries.enter(entry(number, documents=(filed,), demand=demand if number == CASE else None))
        entries.enter(entry(number, 2, act="Withdrawn", ended=True, due_on=None))
    heads.make(database_url, "night 1", key)
    changed(database_url, "UPDATE current_state SET title = 'X' WHERE number = ?", [OTHER])
    heads.make(database_url, "night 2", key)
    changed(database_url, "UPDATE current_state SET title = 'Y' WHERE number = ?", [CASE])
    heads.make(database_url, f"{OTHER} 4", key)
    with questions(database_url) as ask:
        shown, of_law = proof.seals(ask, CASE), proof.seals_of_laws(ask, [LAW.digest])
        parts = {"heads": proof.heads(ask, [*shown, *of_law]), f"{CASE}/seals": (seal.text for seal in shown)}
        parts["law/seals"] = (seal.text for seal in of_law)
        parts["law/rows/law"] = iter(proof.rows_of_laws(ask, not is_sqlite(database_url), [LAW.digest]))
        for table, rows in proof.rows(ask, not is_sqlite(database_url), CASE).items():
            parts[f"{CASE}/rows/{table}"] = iter(rows)
        for part, lines in parts.items():
            file = into / f"{part}.jsonl"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text("".join(f"{line}\n" for line in lines))
    told = {f"{part}.jsonl": sha256((into / f"{part}.jsonl").read_bytes()).hexdigest() for part in parts}
    manifest = {"cases": {CASE: CASE}, "key": key.public, "parts": told}
    signature = key.sign(Purpose.ARCHIVE, canonical(manifest))
    (into / "manifest.json").write_text(json.dumps({**manifest, "signature": signature}))
    return into


def test_a_case_is_proven_by_what_is_shown_of_it_alone(folder: Path) -> None:
    found = Verification(folder)
    # what the sample filed lies in no store, and nobody signed what it did
    assert found.wrong == [f"{CASE}: é.pdf of entry 1 is missing."]
    assert {f"Who did what entry {n} of {CASE} says." for n in (1, 2)} <= {*found.unproven}
    assert not any("no head names" in one for one in found.unproven)


def test_of_other_cases_it_shows_no_number(folder: Path) -> None:
    said = "".join(file.read_text() for file in folder.rglob("*.jsonl"))
    assert len((folder / "heads.jsonl").read_text().splitlines()) == 2  # the one between knows nothing of it
    assert OTHER not in said
