"""Packages to try, all invented: an application, a renewal, a variation, a safety update, a conversion."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from shutil import copytree

from models.forms import COVER_LETTER, FORM

HERE = Path(__file__).resolve().parent


def sample(
    name: str,
    into: Path,
    *,
    cesp_number: str,
    received_at: datetime,
    programme: str | None = None,
    year: int | None = None,
) -> Path:
    """Makes a package from the folder `name`, in the folder `into/<delivery number>`."""
    package = copytree(HERE / name, into / cesp_number)
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
