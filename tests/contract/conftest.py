"""Every folder of procedures: those that are shipped, and the one of tests/toy."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.toy import taken_in


@pytest.fixture(scope="module", autouse=True)
def toy() -> Iterator[None]:
    with taken_in():
        yield
