"""A public register as files that programs read: JSON, its schema, and CSV for spreadsheets."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from pathlib import Path
from typing import Any

from procedures.registry import Publicity, lists_of, published_in
from register.public import LANGUAGES, Element, PublicProgramme, PublicRegister

SCHEMA = Path(__file__).resolve().parent.parent / "templates" / "site" / "register.schema.json"

_FORMULA = tuple("=+-@|%＝＋－＠\t\r\n")
"""Signs with which a spreadsheet begins a formula."""


def as_json(register: PublicRegister) -> bytes:
    """The register as one document, each programme on a line of its own."""
    written = json.JSONEncoder(ensure_ascii=False).encode
    head = f'"$schema": "register.schema.json",\n "last_update_on": {written(_iso(register.last_update_on))}'
    programmes = ",\n  ".join(written(told(programme, register.of)) for programme in register.programmes)
    return f'{{{head},\n "programmes": [\n  {programmes}\n ]}}\n'.encode()


def told(programme: PublicProgramme, of: Publicity) -> dict[str, Any]:
    """A programme as `register.json` tells it."""
    return {
        "number": programme.number,
        "procedure": programme.procedure,
        "list": programme.public_list.value,
        **{part: programme.parts.get(part, _by_language(programme)) for part in of.columns},
        "summary": {said.language: said.text for said in programme.summaries},
        "gaps": list(programme.gaps),
        "authorised_on": _iso(programme.authorised_on),
        "in_force_on": _iso(programme.in_force_on),
        "last_update_on": _iso(programme.last_update_on),
        "content": [_stated(one) for one in programme.content],
        "conditions": [{"text": text, "due_on": str(due_on)} for text, due_on in programme.conditions],
        "history": [
            {"what": event.what, "on": _iso(event.on), "recorded_on": _iso(event.recorded_on)}
            for event in programme.history
        ],
    }


def _stated(one: Element) -> dict[str, Any]:
    words = {said.language: said.text for said in one.words}
    return one._asdict() | {"words": words, "until_on": _iso(one.until_on)}


def _by_language(programme: PublicProgramme) -> dict[str, str]:
    return {said.language or "und": said.text for said in programme.texts}


def as_schema(of: Publicity, words: dict[str, dict[str, str]], url: str) -> bytes:
    """The schema of the document, in these words; it is called by its address where that is known."""
    schema: dict[str, Any] = json.loads(SCHEMA.read_text())
    programme, lists = schema["$defs"]["programme"], [str(one) for one in lists_of(of)]
    columns = {part: {"type": "string"} for part in of.columns}
    if of.translated:
        columns[of.translated] = {"$ref": "#/$defs/texts"}
    named = {part: {"description": words["columns"][part], **column} for part, column in columns.items()}
    programme["required"] += columns
    programme["properties"] |= named
    programme["properties"]["list"]["enum"] = lists
    programme["properties"]["procedure"]["enum"] = sorted(published_in(of))
    programme["properties"]["gaps"]["items"]["enum"] = [language.value for language in of.asked]
    programme["properties"]["history"]["items"]["properties"]["what"]["enum"] += lists
    of_what = {"$id": f"{url}register.schema.json"} if url else {}
    of_what["title"] = words["page"]["title"]
    return (json.dumps({**of_what, **schema}, ensure_ascii=False, indent=2) + "\n").encode()


def as_csv(register: PublicRegister) -> bytes:
    """The register as a table; what a spreadsheet would take for a formula begins with an apostrophe."""
    file = io.StringIO()
    file.write("\ufeff")  # a spreadsheet takes it for UTF-8 only so
    writer = csv.writer(file)
    tongues = (*LANGUAGES, "und") if register.of.translated else ()
    parts = [part for part in register.of.columns if part != register.of.translated]
    spoken = [f"{register.of.translated}_{tongue}" for tongue in tongues]
    writer.writerow(["number", "procedure", "list", *parts, *spoken, "last_update_on"])
    for p in register.programmes:
        texts = _by_language(p)
        cells = [p.number, p.procedure, p.public_list.value, *(p.parts[part] for part in parts)]
        cells += [*(texts.get(tongue, "") for tongue in tongues), str(_iso(p.last_update_on))]
        writer.writerow([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in cells])
    return file.getvalue().encode()


def _iso(on: date | None) -> str | None:
    return on.isoformat() if on else None
