"""The file of a programme proves itself on another machine, and names whatever was changed in it."""

from __future__ import annotations

import ast
import io
import json
import random
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from pdfua import validate
from pypdf import PdfReader

from models.dossier import FiledDocument
from models.errors import InputRefused, NotFound
from models.parties import Language
from models.signing import Purpose, canonical, fingerprint
from office.desk.exporting import export
from office.service import anchoring
from register import histories
from register.documents import DocumentStore
from register.histories import KeptHistory
from register.keys import OFFICE, read
from tests.stories.steps import authorised, listed
from verifier import verify
from verifier.verify import Verification

pytestmark = pytest.mark.server

FILED = b"What was filed, with its signs: \xc3\xa9."
RUN = "0190-run"


@pytest.fixture(scope="module")
async def number(office, tmp_path_factory) -> str:
    """A programme with a document that was filed, a list under it and the history of a run."""
    settings, store = office.settings, DocumentStore(office.settings.documents)
    filed = FiledDocument(name="02_protocol/é: protocol.txt", sha256=store.keep(FILED), size=len(FILED))
    number = await office.submits(documents=(filed,))
    await authorised(office, number=number)
    await listed(office, number)
    await office.postman_rests()
    at = "2026-01-01T00:00:00.000+00:00"
    ended = KeptHistory(RUN, number, number, "Dossier", at, at, "completed", 1, store.keep(b"packed"), 6)
    histories.keep(settings.register_url, ended)
    anchors = tmp_path_factory.mktemp("second place")
    anchoring.nightly(replace(settings, anchors=anchors), office.today)
    return number


@pytest.fixture(scope="module")
def archive(office, number: str, tmp_path_factory) -> Path:
    file = tmp_path_factory.mktemp("exported") / "file.zip"
    made = export(office.settings, number, file, Language.EN)
    assert made.wrong == ()
    assert made.cases == (number, f"{number}/list-2")
    return file


@pytest.fixture
def unpacked(archive: Path, tmp_path: Path) -> Path:
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(tmp_path / "unpacked")
    return tmp_path / "unpacked"


def wrong(place: Path, *keys: str, anchors: Path | None = None) -> list[str]:
    return Verification(place, keys, anchors).wrong


def test_it_verifies_where_nothing_of_the_office_is(office, archive, unpacked, tmp_path):
    """By the verifier that lies in it, without a path to any module of ours."""
    key = fingerprint(read(office.settings.keys / OFFICE).public)
    shutil.copy(archive, tmp_path / "file.zip")
    for words, code in (([], 0), (["../file.zip", "--key", key], 0), (["--key", "SHA256:other"], 1)):
        run = [sys.executable, "-I", "verify.py", *words]
        told = subprocess.run(run, cwd=unpacked, capture_output=True, text=True, env={})
        assert (told.returncode, told.stderr) == (code, ""), told.stdout
        assert told.stdout.startswith("IT DOES NOT HOLD" if code else "IT HOLDS")
        assert (f"That {key} is the office's key" in told.stdout) == (not words)
    assert not (unpacked / "__pycache__").exists()


def test_the_verifier_is_short_and_needs_one_package():
    source = Path(verify.__file__).read_text()
    assert len(source.splitlines()) < 200
    named = {
        (node.module if isinstance(node, ast.ImportFrom) else node.names[0].name) or ""
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    roots = {name.partition(".")[0] for name in named}
    assert {root for root in roots if root not in sys.stdlib_module_names} == {"cryptography"}


def test_the_same_again_is_the_same_bytes(office, number, archive, tmp_path):
    anchoring.nightly(office.settings, office.today.replace(year=2030))  # of others: this case did not move
    export(office.settings, number, tmp_path / "again.zip", Language.EN)
    assert (tmp_path / "again.zip").read_bytes() == archive.read_bytes()


def test_one_byte_that_is_another_one_names_its_part(unpacked):
    chance = random.Random(1)
    for part in sorted(path for path in unpacked.rglob("*") if path.is_file()):
        whole = part.read_bytes()
        place = chance.randrange(len(whole))
        part.write_bytes(
            whole[:place] + bytes([whole[place] ^ 1 << chance.randrange(7)]) + whole[place + 1 :]
        )
        name = part.relative_to(unpacked).as_posix()
        found = wrong(unpacked)
        assert name == "manifest.json" or [one.partition(" was ")[0] for one in found] == [name]
        assert found
        part.write_bytes(whole)
    assert wrong(unpacked) == []


def test_one_byte_of_the_archive_itself_is_found_or_changes_nothing_that_is_in_it(archive, tmp_path):
    whole, damaged, chance = archive.read_bytes(), tmp_path / "damaged.zip", random.Random(2)
    with zipfile.ZipFile(archive) as packed:
        before = {name: packed.read(name) for name in packed.namelist()}
    for _ in range(60):
        place = chance.randrange(len(whole))
        damaged.write_bytes(
            whole[:place] + bytes([whole[place] ^ 1 << chance.randrange(8)]) + whole[place + 1 :]
        )
        if not wrong(damaged):
            with zipfile.ZipFile(damaged) as packed:
                assert {name: packed.read(name) for name in packed.namelist()} == before


def test_a_part_that_was_taken_away_or_added_is_named(number, unpacked):
    protocol = f"{number}/kept/entry-1/02_protocol/é_ protocol.txt"
    (unpacked / protocol).unlink()
    (unpacked / number / "kept" / "beside.txt").write_text("What nobody filed.")
    assert [one.partition(":")[0] for one in wrong(unpacked)] == [
        f"{number}/kept/beside.txt was added",
        f"{protocol} was taken away",
    ]


class Forger:
    """Somebody who has the office's key, and signs the parts again as they are now."""

    def __init__(self, folder: Path, number: str, key) -> None:
        self.folder, self.number, self.key = folder, number, key

    def rows(self, table: str) -> Path:
        return self.folder / self.number / "rows" / f"{table}.jsonl"

    def signs(self) -> list[str]:
        manifest = json.loads((self.folder / "manifest.json").read_text())
        del manifest["signature"]
        parts = (path for path in self.folder.rglob("*") if path.is_file() and path.name != "manifest.json")
        digests = {p.relative_to(self.folder).as_posix(): sha256(p.read_bytes()).hexdigest() for p in parts}
        manifest["parts"] = digests
        signature = self.key.sign(Purpose.ARCHIVE, canonical(manifest))
        (self.folder / "manifest.json").write_text(json.dumps({**manifest, "signature": signature}))
        return wrong(self.folder)

    def rewrites(self, table: str, change: Callable[[dict], None], heads: bool = False) -> None:
        """The first row of a table, with the seals and, if asked, without the heads that tell of it."""
        first, *others = self.rows(table).read_text().splitlines()
        said = json.loads(first)
        change(said)
        now = json.dumps(said, separators=(",", ":"))
        self.rows(table).write_text("".join(f"{line}\n" for line in (now, *others)))
        old, new = (sha256(line.encode()).hexdigest() for line in (first, now))
        seals, before = [], "0" * 64
        file = self.folder / self.number / "seals.jsonl"
        for seal in map(json.loads, file.read_text().splitlines()):
            covers = seal["covers"].replace(old, new)
            chained = f"{before}\n{seal['stream']}\n{seal['sequence']}\n{seal['at']}\n{covers}"
            chain = sha256(chained.encode()).hexdigest()
            seals.append(json.dumps({**seal, "covers": covers, "before": before, "chain": chain}))
            before = chain
        file.write_text("".join(f"{seal}\n" for seal in seals))
        if heads:
            kept = []
            for head in map(json.loads, (self.folder / "heads.jsonl").read_text().splitlines()):
                of = [named for named in head["of"] if named[0] != self.number]
                kept.append(json.dumps({**head, "of": of}))
            (self.folder / "heads.jsonl").write_text("".join(f"{head}\n" for head in kept))


@pytest.fixture
def forger(office, number, unpacked) -> Forger:
    return Forger(unpacked, number, read(office.settings.keys / OFFICE))


def test_whoever_signs_with_the_offices_key_is_held_to_its_seals(forger, number):
    """Each part that is not what was sealed is named by what it is."""
    cut = forger.rows("entry").read_text().splitlines()
    forger.rows("entry").write_text("".join(f"{line}\n" for line in cut[:-1]))
    found = forger.signs()
    assert f"{number}: an entry is missing." in found
    assert any("rows/entry.jsonl" in one and "is missing" in one for one in found)
    forger.rows("entry").write_text("".join(f"{line}\n" for line in (*cut[:-1], cut[-1].replace("a", "b"))))
    assert any("never sealed" in one for one in forger.signs())
    forger.rows("entry").write_text("".join(f"{line}\n" for line in cut))
    protocol = forger.folder / number / "kept/entry-1/02_protocol/é_ protocol.txt"
    protocol.write_bytes(b"Another protocol.")
    found = forger.signs()
    assert f"{number}: 02_protocol/é: protocol.txt of entry 1 is missing." in found
    assert any(one.startswith(f"{number}: no entry names") for one in found)
    protocol.write_bytes(FILED)
    (forger.folder / "law/rows/law.jsonl").write_text("")
    assert any("its law" in one or "the law" in one for one in forger.signs())


def test_whoever_cuts_the_seals_too_is_held_to_the_heads(forger, number):
    file = forger.folder / number / "seals.jsonl"
    whole = file.read_text().splitlines()
    file.write_text("".join(f"{line}\n" for line in whole[:-1]))
    found = forger.signs()
    assert any(f"seal {len(whole)} is not the one that head" in one for one in found)
    file.write_text("".join(f"{line}\n" for line in whole[1:]))
    assert any("seal 2 breaks the chain" in one for one in forger.signs())


def test_whoever_writes_the_seals_anew_is_held_to_the_heads(forger):
    forger.rewrites("entry", lambda entry: entry.update(happened_on="2020-01-01"))
    found = forger.signs()
    assert found
    assert all("is not the one that head" in one for one in found)


def test_whoever_writes_all_of_it_anew_is_held_to_the_people_who_signed(forger, number):
    """No head tells of it any more, which is said; but nobody signed what stands there now."""

    def backdates(entry: dict) -> None:
        envelope = json.loads(entry["envelope"])
        alone = {**envelope["certificate"], "takes": "two"}
        entry["envelope"] = json.dumps({**envelope, "at": "2020-01-01T00:00:00Z", "certificate": alone})

    forger.rewrites("entry", backdates, heads=True)
    found = forger.signs()
    assert f"{number}, entry 1: Ann did not sign this, or something else." in found
    assert f"{number}, entry 1: Ann had no power to do this then." in found
    assert f"{number}, entry 1: Ann did alone what takes two." in found
    assert f"{number}, entry 1: the office did not certify that Ann might do this." in found
    assert any("no head names" in one for one in Verification(forger.folder).unproven)


def test_an_act_is_the_one_that_was_signed(forger, number):
    """What an entry says of the act, and what its person signed, are held against one another."""
    lines = forger.rows("entry").read_text().splitlines()
    forger.rows("entry").write_text("".join(f"{line}\n" for line in (lines[1], lines[0], *lines[2:])))

    def otherwise(entry: dict) -> None:
        envelope = json.loads(entry["envelope"])
        envelope["act"][1]["by"] = "Bob"
        entry["envelope"] = json.dumps(envelope)

    forger.rewrites("entry", otherwise, heads=True)
    assert f"{number}, entry 2: Ann did not sign this, or something else." in forger.signs()


def test_an_entry_says_what_its_person_signed(forger, number):
    forger.rewrites("entry", lambda entry: entry.update(by="Bob"), heads=True)
    assert f"{number}, entry 1 says something else than what was signed." in forger.signs()


def test_a_head_is_the_one_that_the_second_place_holds(office, number, tmp_path, unpacked):
    anchors = tmp_path / "anchors"
    anchors.mkdir()
    export_of = replace(office.settings, anchors=anchors)
    anchoring.write(export_of, anchors)
    export(export_of, number, tmp_path / "file.zip", Language.FR)
    assert wrong(tmp_path / "file.zip", anchors=anchors) == []
    with zipfile.ZipFile(tmp_path / "file.zip") as packed:
        head = json.loads(packed.read("heads.jsonl").splitlines()[0])
    file = anchors / head["file"]
    file.chmod(0o600)
    file.unlink()
    (told,) = wrong(tmp_path / "file.zip", anchors=anchors)
    assert f"head {head['head']} " in told
    assert "second place" in told


def test_the_time_stamp_of_a_head_comes_with_the_bytes_that_it_was_given_for(
    office, number, tmp_path, unpacked
):
    head = json.loads((unpacked / "heads.jsonl").read_text().splitlines()[0])
    stamp = (tmp_path / head["file"]).with_suffix(".tsr")
    of_head = canonical({name: head[name] for name in ("head", "at", "chain")})
    stamp.write_bytes(b"The answer of an authority to " + sha256(of_head).digest())
    made = export(replace(office.settings, anchors=tmp_path), number, tmp_path / "file.zip", Language.EN)
    assert made.wrong == ()
    with zipfile.ZipFile(made.file) as packed:
        assert packed.read(f"stamps/{stamp.name}") == stamp.read_bytes()
        said = packed.read(f"stamps/{head['file']}")
    assert said == of_head
    stamp.write_bytes(b"The answer of an authority to another question.")
    made = export(replace(office.settings, anchors=tmp_path), number, tmp_path / "other.zip", Language.EN)
    (wrong_stamp,) = made.wrong
    assert "its time stamp is of another" in wrong_stamp


@pytest.mark.parametrize("language", ["nl", "fr", "de", "en"])
def test_the_index_is_an_archive_pdf_with_bookmarks_in_each_language(office, number, tmp_path, language):
    export(office.settings, number, tmp_path / "file.zip", Language(language))
    with zipfile.ZipFile(tmp_path / "file.zip") as packed:
        pdf = PdfReader(io.BytesIO(packed.read("index.pdf")))
        names = packed.namelist()
        packed.extract("index.pdf", tmp_path)
    assert list(validate(str(tmp_path / "index.pdf")).findings) == []
    assert b"<pdfaid:part>2</pdfaid:part>" in pdf.root_object["/Metadata"].get_data()
    titles = []

    def walk(outline) -> None:
        for one in outline:
            walk(one) if isinstance(one, list) else titles.append(one.title)

    walk(pdf.outline)
    said = " ".join(page.extract_text() for page in pdf.pages)
    decided = {"nl": "beslist", "fr": "décidé", "de": "entschieden", "en": "decided"}[language]
    assert [title for title in titles if f". {decided}, " in title]
    assert {number, f"{number}/list-2"} <= set(titles)
    assert all(name in said.replace("\n", "") for name in names if "/kept/entry" in name)
    assert "art. 106" in said or "Art. 106" in said


def test_what_is_there_is_not_written_over(office, number, archive, tmp_path):
    with pytest.raises(InputRefused, match="there already"):
        export(office.settings, number, archive, Language.EN)
    with pytest.raises(NotFound):
        export(office.settings, "CUP-1999-001", tmp_path / "none.zip", Language.EN)
    assert not (tmp_path / "none.zip").exists()


def test_a_dossier_comes_alone_and_its_index_names_its_programme(office, number, tmp_path):
    made = export(office.settings, f"{number}/list-2", tmp_path / "file.zip", Language.EN)
    assert (made.wrong, made.cases) == ((), (f"{number}/list-2",))
