"""Packages to try: a sample of a folder, copied under a delivery number of its own."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from shutil import copytree, ignore_patterns

from models.forms import COVER_LETTER, FORM


def copied(
    samples: Path,
    name: str,
    into: Path,
    *,
    cesp_number: str,
    received_at: datetime,
    programme: str | None = None,
    year: int | None = None,
) -> Path:
    """The sample `name` of a folder as a package of its own, in the folder `into/<delivery number>`."""
    package = copytree(samples / name, into / cesp_number, ignore=ignore_patterns("*.xml"))
    said = {"programme": programme, "year": year}
    form = json.loads((package / FORM).read_text("utf-8"))
    form |= {field: value for field, value in said.items() if value is not None}
    (package / FORM).write_text(json.dumps(form, indent=2, ensure_ascii=False), encoding="utf-8")
    cover = json.loads((package / COVER_LETTER).read_text("utf-8")) | {"cesp_number": cesp_number}
    (package / COVER_LETTER).write_text(json.dumps(cover, indent=2, ensure_ascii=False), encoding="utf-8")
    (package / f"{cesp_number}.xml").write_text(
        f"<delivery>\n  <number>{cesp_number}</number>\n  <procedure>{form['procedure']}</procedure>\n"
        f"  <submission-type>{form['submission_type']}</submission-type>\n"
        f"  <received-at>{received_at.isoformat()}</received-at>\n</delivery>\n",
        encoding="utf-8",
    )
    return package
