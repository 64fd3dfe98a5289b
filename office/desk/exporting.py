"""`umn dossier export`: the file of a case in one archive, which speaks for itself.

In it lie its rows, seals and documents, the heads that name the seals, an index to print, and a verifier that
needs nothing of ours. A programme comes with all that was filed under it. Where nothing was written since,
the same archive is the same bytes.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from activities.letter_pages import LetterPages
from models.clock import civil_day
from models.errors import InputRefused, NotFound, NotReachable
from models.messages import worded
from models.parties import Language
from models.signing import Purpose, canonical, fingerprint
from office.desk.documents import places_of
from office.desk.indexing import Filed, as_of, index
from office.letters.preview import letter_desk
from office.modes import whole
from office.service.stamping import ENDING
from office.settings import Settings
from register import histories, keys, office_acts, proof
from register.addresses import is_sqlite
from register.case import case
from register.documents import DocumentStore
from register.reading import questions
from register.views import laws
from verifier import verify

NO_MOMENT = (1980, 1, 1, 0, 0, 0)
"""When each part was changed, as a zip says it: what is in it has days of its own."""

BELONGS = "manifest.json"
"""The part that names all others, each with its digest, and is signed by the office."""


@dataclass(frozen=True)
class Exported:
    """An archive that was written, and what its own verifier says of it: `wrong` is empty where all holds."""

    file: Path
    cases: tuple[str, ...]
    parts: int
    wrong: tuple[str, ...]
    unproven: tuple[str, ...]


class _Parts(dict[str, bytes | str]):
    """The parts by name: what is in them, or the digest of the document that they are."""

    def lines(self, name: str, lines: Iterable[str]) -> None:
        if told := "".join(f"{line}\n" for line in lines):  # a part in which nothing stands is left out
            self[name] = told.encode()


def export(settings: Settings, number: str, into: Path, language: Language) -> Exported:
    """Writes the file of a dossier or programme, and has it verified.

    Raises: InputRefused when there is something by that name; NotFound for a number that is none, or a
    document that is missing; OutsideWorldFailed when a document is another one than was kept; NotReachable
    when the register does not answer, or the office's key is not here.
    """
    if into.exists():
        raise InputRefused("export.there", file=into)
    url, store = settings.register_url, DocumentStore(settings.documents)
    try:
        office = keys.read(settings.keys / keys.OFFICE)
    except NotFound as lacking:
        raise NotReachable("key.not-of-office", file=lacking.said.facts["file"], possible=("up",)) from None
    found = case(url, number, date.max)
    number = found.state.number
    cases = {one: one.replace("/", "_") for one in (number, *(one.number for one in found.dossiers))}
    parts = _Parts()
    filed = _proven(url, parts, cases, settings.anchors)
    at = as_of([seal for one in filed for seal in one.seals])
    parts.lines("law/confirmed.jsonl", _confirmed(url, filed, at))
    pages, _ = letter_desk(settings, found.state.procedure)
    parts["index.pdf"] = _index(pages, filed, language, civil_day(at), fingerprint(office.public))
    parts["verify.py"] = Path(verify.__file__).read_bytes()
    told = {name: part if isinstance(part, str) else sha256(part).hexdigest() for name, part in parts.items()}
    manifest: dict[str, Any] = {"number": number, "cases": cases, "key": office.public, "parts": told}
    manifest["signature"] = office.sign(Purpose.ARCHIVE, canonical(manifest))
    parts[BELONGS] = json.dumps(manifest, indent=1, sort_keys=True).encode()
    try:
        with whole(into) as file, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, part in sorted(parts.items()):
                _write(archive, name, store.pieces(part) if isinstance(part, str) else [part])
    except OSError as error:
        raise NotReachable("export.not-written", file=into, why=error.strerror or error) from error
    verified = verify.Verification(into)
    return Exported(into, tuple(cases), len(parts), tuple(verified.wrong), tuple(verified.unproven))


def told(exported: Exported) -> dict[str, Any]:
    """The same for programs."""
    return {**asdict(exported), "file": str(exported.file)}


def lines(exported: Exported) -> Iterator[str]:
    """What was written, for people, with all that does not hold."""
    yield worded("export.written", file=exported.file, n=exported.parts, cases=exported.cases)
    yield worded("export.wrong" if exported.wrong else "export.verify", file=exported.file)
    yield from exported.wrong


def _proven(url: str, parts: _Parts, cases: dict[str, str], anchors: Path | None) -> list[Filed]:
    """Puts what the register holds of the cases into the parts. Returns: what the index tells of them.

    All of it is of one moment: where a case moved on meanwhile, it is looked at again.
    """
    while True:
        with questions(url) as ask:
            seals = {number: proof.seals(ask, number) for number in cases}
            rows = {number: proof.rows(ask, not is_sqlite(url), number) for number in cases}
            named = {json.loads(row)["law"] for one in rows.values() for row in one["entry"]}
            of_laws = proof.seals_of_laws(ask, named)
            law_rows = proof.rows_of_laws(ask, not is_sqlite(url), named)
            shown = [*of_laws, *(seal for one in seals.values() for seal in one)]
            heads = list(proof.heads(ask, shown))
        found = {number: case(url, number, date.max) for number in cases}
        runs = {number: histories.kept(url, number) for number in cases}
        with questions(url) as ask:
            if seals == {number: proof.seals(ask, number) for number in cases}:
                break
    parts.lines("heads.jsonl", heads)
    parts |= _stamps(anchors, heads)
    parts.lines("law/seals.jsonl", (seal.text for seal in of_laws))
    parts.lines("law/rows/law.jsonl", law_rows)
    filed = []
    for number, folder in cases.items():
        parts.lines(f"{folder}/seals.jsonl", (seal.text for seal in seals[number]))
        for table, told in rows[number].items():
            parts.lines(f"{folder}/rows/{table}.jsonl", told)
        documents = places_of(found[number].documents)
        places = {f"{folder}/kept/{place}": document for place, document in documents.items()}
        run_places = {f"{folder}/kept/runs/{run.run}.json.gz": run for run in runs[number]}
        parts |= {place: one.sha256 for place, one in (*places.items(), *run_places.items())}
        of = laws(url, {line.law for line in found[number].entries})
        filed.append(Filed(found[number], of, places, run_places, seals[number]))
    return filed


def _confirmed(url: str, filed: list[Filed], at: datetime) -> Iterator[str]:
    """Who signed, by a moment, that values of clauses of the cases' laws are those of their texts."""
    laws = [law for one in filed for law in one.laws.values()]
    clauses = {name for law in laws for id_ in law["clauses"] for name in (id_, f"{law['book']}/{id_}")}
    for envelope in office_acts.of(url, "law confirm", sorted(clauses)):
        if datetime.fromisoformat(envelope["at"]) <= at:
            yield json.dumps(envelope, separators=(",", ":"))


def _stamps(anchors: Path | None, heads: list[str]) -> Iterator[tuple[str, bytes]]:
    """The time stamps of heads that lie in the second place, each beside the bytes that it was given for."""
    for head in map(json.loads, heads if anchors else ()):
        stamp = (anchors / head["file"]).with_suffix(ENDING) if anchors else None
        if stamp and stamp.is_file():
            yield f"stamps/{stamp.name}", stamp.read_bytes()
            yield f"stamps/{head['file']}", canonical({name: head[name] for name in ("head", "at", "chain")})


def _index(pages: LetterPages, filed: list[Filed], language: Language, on: date, key: str) -> bytes:
    wording = pages.wording_of(filed[0].case.state.procedure)
    return pages.pdf(index(filed, wording, language, on, key), on)


def _write(archive: zipfile.ZipFile, name: str, pieces: Iterable[bytes]) -> None:
    """A part as every program unpacks it: the same content, the same bytes."""
    info = zipfile.ZipInfo(name, NO_MOMENT)
    info.compress_type, info.create_system, info.external_attr = zipfile.ZIP_DEFLATED, 3, 0o644 << 16
    with archive.open(info, "w", force_zip64=False) as part:
        for piece in pieces:
            part.write(piece)
