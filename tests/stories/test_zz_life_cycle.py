"""The drawn life cycle: each arrow in it has been walked by a story. Runs after the stories."""

from __future__ import annotations

from pathlib import Path

import pytest

DRAWING = Path(__file__).resolve().parents[2] / "docs" / "life-cycle.md"
STORIES = {"test_application", "test_programme", "test_thirty_years"}
BEFORE = ("filed", "admissibility", "completion", "opinion", "decision")

pytestmark = pytest.mark.server


def words(act: str) -> str:
    return "".join(f" {c.lower()}" if c.isupper() else c for c in act).strip()


def drawn(title: str, walked: set[tuple[str, str, str, str]], kinds: set[str]) -> str:
    """One Mermaid state diagram: phases, and the acts that lead from one to the next."""
    arrows: dict[tuple[str, str], set[str]] = {}
    for kind, before, act, after in walked:
        examined = before in BEFORE and act != "Imported"
        if ("dossier" if examined else kind) in kinds and before != after:
            arrows.setdefault((before, after), set()).add(words(act))
    lines = [f"## {title}", "", "```mermaid", "stateDiagram-v2"]
    for before, after in sorted(arrows):
        start = "[*]" if before == "filed" else before
        lines.append(f"    {start} --> {after}: {', '.join(sorted(arrows[before, after]))}")
    return "\n".join([*lines, "```", ""])


def test_the_life_cycle_is_drawn_as_the_stories_walked_it(request, walked):
    ran = {Path(str(item.path)).stem for item in request.session.items}
    if not ran >= STORIES or request.config.getoption("-k"):
        pytest.skip("the drawing needs every story: run the whole folder tests/stories")
    text = (
        "# The life cycle, as the test stories walked it\n\n"
        "Drawn by `make docs` from the entries that the stories wrote in the register. "
        "`limit passed` is silence.\n\n"
        + drawn("A dossier", walked, {"dossier"})
        + "\n"
        + drawn("A programme", walked, {"programme"})
    )
    if request.config.getoption("--draw-life-cycle"):
        Path(request.config.getoption("--draw-life-cycle")).write_text(text)
    assert DRAWING.read_text() == text, "the procedure walks other ways than drawn: run `make docs`"
