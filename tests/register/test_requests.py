"""Acts without an answer, beside what the register holds of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from activities.register import RegisterEntries
from models.entry import Entry
from office.desk.requests import Requests


def test_an_act_that_stands_is_told_once_and_forgotten_once_somebody_has_acted_after_it(
    database_url: str, entry: Callable[..., Entry], tmp_path: Path
) -> None:
    register, requests = RegisterEntries(database_url), Requests(tmp_path, database_url)
    first = entry().model_copy(update={"request_id": "submit-1"})
    register.enter(first)
    asked = {"request_id": "submit-1", "number": first.number, "act": "submit"}
    (tmp_path / "0a.json").write_text(json.dumps(asked))
    assert [message.key for message in requests.tell()] == ["unanswered.stands"]
    assert [*requests.tell()] == []
    assert [one.told for one in requests.unanswered()] == [True]
    second = entry(sequence=2, act="DeclaredIncomplete")
    register.enter(second.model_copy(update={"request_id": "other-1"}))
    assert [*requests.tell()] == []
    assert requests.unanswered() == []
