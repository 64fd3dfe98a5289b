"""Numbers: once per submission, without gaps."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from models.errors import InputRefused
from register.numbers import allot, allotted


def test_the_same_delivery_finds_its_number_again(database_url: str) -> None:
    assert allotted(database_url, "delivery 77") is None
    assert allot(database_url, "CUP-2026", "delivery 77", "d1") == "CUP-2026-001"
    assert allot(database_url, "CUP-2026", "delivery 78", "d2") == "CUP-2026-002"
    assert allot(database_url, "CUP-2026", "delivery 77", "d1") == "CUP-2026-001"
    assert allotted(database_url, "delivery 77") == "CUP-2026-001"


def test_another_package_under_a_used_delivery_number_is_refused(database_url: str) -> None:
    allot(database_url, "CUP-2026", "delivery 77", "d1")
    with pytest.raises(InputRefused, match=r"Delivery 77 was already used .* CUP-2026-001"):
        allot(database_url, "CUP-2026", "delivery 77", "changed")
    assert allot(database_url, "CUP-2026", "delivery 78", "d1") == "CUP-2026-002"


def test_series_count_each_for_themselves(database_url: str) -> None:
    asked = [("CUP-2026", "a"), ("MNP-2026", "b"), ("CUP-2027", "c"), ("CUP-2026", "d")]
    numbers = [allot(database_url, series, claim, "x") for series, claim in asked]
    assert numbers == ["CUP-2026-001", "MNP-2026-001", "CUP-2027-001", "CUP-2026-002"]


def test_a_second_dossier_of_one_kind_and_year_under_a_programme_is_counted(database_url: str) -> None:
    series = "CUP-2026-014/list-2027"
    numbers = [allot(database_url, series, f"delivery {n}", "x", form="{series}") for n in range(3)]
    assert numbers == [series, f"{series}-2", f"{series}-3"]


def test_eight_threads_leave_no_gap_and_give_each_claim_one_number(database_url: str) -> None:
    with ThreadPoolExecutor(8) as threads:
        claims = [f"delivery {n % 20}" for n in range(60)]
        numbers = list(threads.map(lambda claim: allot(database_url, "CUP-2026", claim, claim), claims))
    assert sorted(set(numbers)) == [f"CUP-2026-{n:03d}" for n in range(1, 21)]
    assert len({*zip(claims, numbers, strict=True)}) == 20


def test_what_has_no_room_is_refused_before_it_is_written(database_url: str) -> None:
    with pytest.raises(InputRefused, match="claim"):
        allot(database_url, "CUP-2026", "d" * 201, "x")
    assert allot(database_url, "CUP-2026", "delivery 1", "x") == "CUP-2026-001"
