"""The fact that a package was refused: kept each time, readable, and free of what a name can carry."""

from __future__ import annotations

from datetime import UTC, datetime

from models.errors import PackageRefused
from register.refused_packages import RefusedPackage, refused_packages, remember

AT = datetime(2026, 11, 22, 18, 31, tzinfo=UTC)


def test_each_refusal_is_a_fact_of_its_own_and_the_last_is_on_top(database_url: str) -> None:
    assert refused_packages(database_url) == []
    for code in ("ratio", "depth", "depth"):
        refused = PackageRefused(code, "package.refused", told=["It is too deep."])
        remember(database_url, refused, at=AT, by="Ann", name="a.zip", sha256="0" * 64)
    facts = refused_packages(database_url)
    assert [fact.code for fact in facts] == ["depth", "depth", "ratio"]
    assert facts[0] == RefusedPackage(
        "2026-11-22T18:31:00+00:00",
        "Ann",
        "a.zip",
        "0" * 64,
        "depth",
        "The package was refused.\nIt is too deep.",
    )


def test_a_name_is_kept_short_printable_and_without_the_number_of_a_person(database_url: str) -> None:
    name = "85.07.30-033.28 \x1b[J\u202e\0" + "x" * 300
    remember(
        database_url,
        PackageRefused("ratio", "package.refused", told=["a\0\x1b\ud800" + "y" * 9000]),
        at=AT,
        by="Ann",
        name=name,
        sha256=None,
    )
    (fact,) = refused_packages(database_url)
    assert fact.name.startswith("[number] \N{REPLACEMENT CHARACTER}[J")
    assert fact.name.isprintable()
    assert (len(fact.name), len(fact.message), fact.sha256) == (120, 4000, None)
    assert fact.message.replace("\n", "").isprintable()
