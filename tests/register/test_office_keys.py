"""One register, one key of the office: another machine's own one, or a lost one, is told before it works."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from shutil import copytree

import pytest

from models.errors import InputRefused, OutsideWorldFailed
from models.signing import fingerprint
from register.keys import OFFICE, kept, read
from register.office_keys import hold, last, renew
from register.reading import questions

ANN, BOB = "Ann", "Bob"


@pytest.fixture
def first(tmp_path: Path) -> Path:
    """The folder of keys of the machine where the office began."""
    return tmp_path / "first"


@pytest.fixture
def second(tmp_path: Path) -> Path:
    """Another machine's."""
    return tmp_path / "second"


def known(database_url: str) -> tuple[str, str]:
    with questions(database_url) as ask:
        found = last(ask)
    assert found
    return found.key, found.by


def test_a_machine_with_a_key_of_its_own_does_not_start_until_it_has_the_offices(
    database_url: str, first: Path, second: Path
) -> None:
    of_office, own = hold(database_url, first, ANN), kept(second / OFFICE)
    assert hold(database_url, first, BOB).public == of_office.public
    with pytest.raises(OutsideWorldFailed) as told:
        hold(database_url, second, BOB)
    assert fingerprint(own.public) in told.value.message
    assert fingerprint(of_office.public) in told.value.message
    copytree(first, second, dirs_exist_ok=True)
    assert hold(database_url, second, BOB).public == of_office.public
    assert known(database_url) == (of_office.public, ANN)


def test_a_lost_key_is_never_made_anew_by_itself(database_url: str, first: Path) -> None:
    lost = hold(database_url, first, ANN)
    (first / OFFICE).unlink()
    with pytest.raises(OutsideWorldFailed, match="lost for good, `umn up --new-key`"):
        hold(database_url, first, ANN)
    assert not (first / OFFICE).exists()
    made = renew(database_url, first, BOB)
    assert made.public != lost.public
    assert read(first / OFFICE).public == hold(database_url, first, ANN).public == made.public
    assert known(database_url) == (made.public, BOB)


def test_a_key_that_another_one_followed_does_not_come_back(
    database_url: str, first: Path, second: Path
) -> None:
    before = hold(database_url, first, ANN)
    after = kept(second / OFFICE)
    assert renew(database_url, second, ANN).public == renew(database_url, second, BOB).public == after.public
    for tries, refused in ((hold, OutsideWorldFailed), (renew, InputRefused)):
        with pytest.raises(refused, match=fingerprint(before.public).replace("+", "[+]")):
            tries(database_url, first, ANN)
    assert known(database_url) == (after.public, ANN)


def test_of_two_machines_that_start_at_once_with_keys_of_their_own_one_is_refused(
    database_url: str, first: Path, second: Path
) -> None:
    def starts(folder: Path) -> str:
        try:
            hold(database_url, folder, ANN)
        except OutsideWorldFailed:
            return "refused"
        return "works"

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(starts, (first, second))) == ["refused", "works"]
