"""A procedure that an installation brings, typed from its package to its page, on the real server."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from procedures import registry
from tests.cli.desk import Desk, civil_today, office
from tests.toy import PLACE, taken_in

pytestmark = pytest.mark.server


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """An office of which every process takes the folders of a place in."""
    with office(tmp_path_factory.mktemp("centres") / "var", procedures=PLACE) as desk:
        yield desk


@pytest.fixture
def package(tmp_path: Path) -> Path:
    with taken_in():
        known = registry.intake("CTR")
        return known.sample(
            "centre-application", tmp_path, cesp_number="CENTRE-1", received_at=datetime.now(UTC)
        )


def test_a_centre_is_filed_heard_certified_and_published(desk: Desk, package: Path, tmp_path: Path) -> None:
    filed = desk.does("submit", str(package))
    number = filed["number"]
    assert number == f"CTR-{civil_today().year}-001"
    desk.does("declare-admissible", number)
    refused = desk.asks("give-opinion", number, "--body", "commission", "--view", "favourable")
    assert refused.code != 0
    assert "open: council" in refused.err
    desk.does("give-opinion", number, "--body", "centres_council", "--view", "favourable")
    due_on = civil_today() + timedelta(days=60)
    decided = desk.does(
        *("decide", number, "--outcome", "certified_with_conditions", "--grounds", "The centre can treat."),
        *("--condition", f"{due_on}: Train the night shift."),
    )
    assert decided["phase"] == "certified"
    seen = desk.sees_at_rest(number)
    assert {letter["letter"] for letter in seen["notices"]} >= {"opinion-request", "decision", "publication"}
    desk.does("publish", str(tmp_path / "site"))
    own = (tmp_path / "site" / "centres" / "current" / "nl" / "index.html").read_text()
    other = (tmp_path / "site" / "umn" / "current" / "nl" / "index.html").read_text()
    assert number in own
    assert number not in other


def test_it_is_listed_and_explained_beside_what_is_shipped(desk: Desk) -> None:
    listed = desk.does("list", "--procedure", "CTR")
    assert [row["title"] for row in listed] == ["Exemplar Centre"]
    assert desk.does("list", "--procedure", "CUP") == []
    number = listed[0]["number"]
    explained = desk.asks("explain", number).ended(0)
    assert "Decree on Treatment Centres" in explained.out
    assert "Royal Decree" not in explained.out
    assert "CTR" in desk.asks("show", number).ended(0).out
