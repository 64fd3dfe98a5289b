"""A shell completes what the office knows; bash, zsh and fish ask in their own way."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from activities.register import RegisterEntries
from tests.cli.desk import Desk
from tests.cli.test_due import TODAY, entry, fixed

PROJECT = Path(__file__).resolve().parents[2]


def offered(desk: Desk, *typed: str) -> list[str]:
    return desk.asks("complete", "--", *typed).ended(0).out.split()


def test_commands_options_and_their_words_are_offered(nowhere: Desk) -> None:
    assert {"submit", "suspend", "summary"} <= set(offered(nowhere, "su"))
    assert offered(nowhere, "suspend", "X-1", "--gr") == ["--grounds"]
    assert offered(nowhere, "suspend", "X-1", "--requested-by", "") == ["agency", "applicant"]
    assert "bounced" in offered(nowhere, "notices", "")
    assert "admissibility-notice" in offered(nowhere, "law", "show", "adm")
    assert "be_umn/admissibility" in offered(nowhere, "law", "show", "be_umn/adm")


def test_numbers_are_those_of_the_register_and_rules_those_of_the_dossier(
    nowhere: Desk,
    register: RegisterEntries,
) -> None:
    facts = {"checklist": [{"rule": "E-01", "verdict": "open", "article": "a"}]}
    told = entry("CUP-2026-001", fixed("decision", TODAY))
    register.enter(told.model_copy(update={"facts": facts}))
    register.enter(entry("MNP-2026-001", fixed("decision", TODAY)))
    assert offered(nowhere, "show", "CU") == ["CUP-2026-001"]
    assert offered(nowhere, "judge", "CUP-2026-001", "--rule", "") == ["E-01"]


def test_where_there_is_no_register_nothing_is_offered_and_nothing_is_said(nowhere: Desk) -> None:
    answer = nowhere.asks("complete", "--", "show", "C").ended(0)
    assert (answer.out, answer.err) == ("", "")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_can_read_what_is_printed_for_it(nowhere: Desk, shell: str, tmp_path: Path) -> None:
    script = tmp_path / "umn.completion"
    script.write_text(nowhere.asks("completion", shell).ended(0).out)
    if shell == "bash":
        typed = f'source {script}; COMP_WORDS=(./umn repo); COMP_CWORD=1; _umn; echo "${{COMPREPLY[@]}}"'
        shown = subprocess.run(
            ["bash", "-c", typed],
            cwd=PROJECT,
            capture_output=True,
            text=True,
            check=True,
            env=nowhere.environment,
        )
        assert shown.stdout.split() == ["report"]
    elif found := shutil.which(shell):
        subprocess.run([found, "-n", str(script)], check=True)
    else:
        pytest.skip(f"{shell} is not installed: what it is told cannot be read by it")
