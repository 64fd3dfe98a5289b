"""What a letter lacks is told by procedure, language and word; that none does, the contract test says."""

from __future__ import annotations

from pathlib import Path

import pytest

from activities.wording import TEMPLATES, wording_of
from models.errors import UnknownClause
from models.parties import Language
from procedures.registry import places_of_letters


def test_a_word_that_a_procedure_lacks_is_told_by_procedure_language_and_word(tmp_path: Path) -> None:
    with pytest.raises(LookupError, match=r"letters of CUP have no word in fr for 'lunch' in \[outcomes\]"):
        wording_of("CUP").words_for("outcomes", "lunch", Language.FR)
    with pytest.raises(LookupError, match=r"letters of MNP have no no-such-letter/nl.txt.j2: .* in nl"):
        wording_of("MNP").write("no-such-letter", Language.NL, {})
    with pytest.raises(LookupError, match=r"letters of MNP have no .*decided/nl.txt.j2: decision cannot"):
        wording_without("decided", tmp_path).write("decision", Language.NL, {"facts": {"silent_until": None}})
    with pytest.raises(UnknownClause, match="XYZ"):
        wording_of("XYZ")


def wording_without(part: str, at: Path):  # type: ignore[no-untyped-def]
    from shutil import copytree, ignore_patterns

    from activities.wording import Wording

    places = [
        copytree(place, at / str(n), ignore=ignore_patterns(part))
        for n, place in enumerate((TEMPLATES, *places_of_letters("MNP")))
    ]
    return Wording(*places, of="MNP")
