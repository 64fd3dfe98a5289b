"""What files are called that come with an act: by the folders in which they lie, as those of a package."""

from __future__ import annotations

from pathlib import Path

import pytest

from office.intake.completeness import in_their_places


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ("one/03_summary-publication", {"03_summary-publication/annex-iv-summary-fr.txt"}),
        ("one/answers", {"one.txt", "part 2/one.txt"}),
        (
            "one",
            {"03_summary-publication/annex-iv-summary-fr.txt", "answers/one.txt", "answers/part 2/one.txt"},
        ),
        ("one/answers/one.txt", {"one.txt"}),
    ],
)
def test_what_lies_in_a_folder_keeps_the_folders_of_its_name(tmp_path: Path, given: str, named: set[str]):
    for file in (
        "03_summary-publication/annex-iv-summary-fr.txt",
        "answers/one.txt",
        "answers/part 2/one.txt",
    ):
        (tmp_path / "one" / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "one" / file).write_text(file)
    found = dict(in_their_places([tmp_path / given]))
    assert found.keys() == named
    assert all((tmp_path / "one" / file.read_text()).samefile(file) for file in found.values())


def test_a_folder_is_known_from_within_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / "04_product-dossier").mkdir()
    (tmp_path / "04_product-dossier" / "brochure.txt").write_text("x")
    monkeypatch.chdir(tmp_path / "04_product-dossier")
    assert [name for name, _ in in_their_places([Path()])] == ["04_product-dossier/brochure.txt"]
