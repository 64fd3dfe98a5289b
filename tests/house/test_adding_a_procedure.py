"""The page that tells how a procedure is added tells how the one in tests/toy was added."""

from __future__ import annotations

import re
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
PAGE = (PROJECT / "docs" / "adding-a-procedure.md").read_text("utf-8")
TOY = PROJECT / "tests" / "toy" / "be_centre"
BLOCK = re.compile(r"^In \[([^]]+)\]\(\S+\):\n\n```\w+\n(.*?)\n```$", re.MULTILINE | re.DOTALL)


def test_every_step_is_a_file_of_the_folder_and_every_file_has_its_step() -> None:
    lines = re.findall(r"^Files: (.+)$", PAGE, re.MULTILINE)
    told = {name.strip("/") for line in lines for name in re.findall(r"\[([^]]+)\]", line)}
    assert told == {path.name for path in TOY.iterdir() if path.name != "__pycache__"}


def test_every_block_of_code_is_a_part_of_its_file() -> None:
    blocks = BLOCK.findall(PAGE)
    assert len(blocks) == PAGE.count("\n```") / 2
    for name, code in blocks:
        assert f"{code}\n" in (TOY / name).read_text("utf-8"), name
