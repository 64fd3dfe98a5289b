"""What travels in Temporal survives a worker of another build, and says nothing of itself in errors."""

from __future__ import annotations

import json
import types
from collections.abc import Iterator
from datetime import UTC, date, datetime
from enum import Enum
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import pytest
from annotated_types import Ge, Gt, MaxLen, MinLen
from pydantic import BaseModel
from pydantic.fields import FieldInfo
from temporalio import activity, workflow
from temporalio.api.failure.v1 import Failure
from temporalio.common import RawValue

from activities.register import digest
from models import acts, clock, dossier, entry, notes, parties, programme, receipts
from models.acts import ACTS, Withdrawn
from models.due import Due
from models.entry import Entry
from models.errors import NotReachable
from models.law.applicable import Law
from models.travelling import Travelling
from models.words import Word
from office.service.payloads import CONVERTER
from office.settings import Settings
from worker import WORKFLOWS, activities_of, agendas_of, letters_of
from workflows.postman import PostmanOfOutbox

PLAIN = (str, int, bool, float, date, datetime, type(None), Any, RawValue)
LATER = {"field of a later build": {"it": ["says", 1]}}


def payload_types(tmp_path) -> Iterator[Any]:
    """What every workflow, signal, update and activity takes and gives."""
    for kind in [*WORKFLOWS, PostmanOfOutbox]:
        told = workflow._Definition.must_from_class(kind)
        handlers = [*told.signals.values(), *told.updates.values(), *told.queries.values()]
        yield from told.arg_types or ()
        yield told.ret_type
        for handler in handlers:
            yield from handler.arg_types or ()
            yield getattr(handler, "ret_type", None)
    settings = Settings(var=tmp_path)
    letters = letters_of(settings, lambda number, note: None)
    agendas = agendas_of(settings)
    does_all = [*activities_of(settings), letters.look, letters.carry, agendas.of_morning, agendas.send]
    for does in does_all:
        told = activity._Definition.must_from_callable(does)
        yield from told.arg_types or ()
        yield told.ret_type


def made_of(kind: Any) -> Iterator[Any]:
    """A type, taken apart: every single type that a value of it may hold."""
    if get_origin(kind) is Literal:
        return
    parts = [part for part in get_args(kind) if part is not Ellipsis]
    if get_origin(kind) is Annotated:
        parts = parts[:1]
    if not parts:
        yield kind
    for part in parts:
        yield from made_of(part)


def reached(kinds: Any) -> set[Any]:
    found: set[Any] = set()
    waiting = [part for kind in kinds for part in made_of(kind)]
    while waiting:
        kind = waiting.pop()
        if kind in found or kind is None:
            continue
        found.add(kind)
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            for field in kind.model_fields.values():
                waiting += made_of(field.annotation)
    return found


def test_all_that_travels_is_made_of_travelling_records_and_plain_values(tmp_path):
    found = reached(payload_types(tmp_path))
    records = {kind for kind in found if isinstance(kind, type) and issubclass(kind, BaseModel)}
    assert {*ACTS, entry.Entry, dossier.Dossier, programme.Programme, receipts.Receipt, Law} <= records
    assert {kind for kind in records if not issubclass(kind, Travelling)} == set()
    others = {k for k in found - records if not (isinstance(k, type) and issubclass(k, Enum | Word))}
    assert others <= {*PLAIN, Due}, others
    for kind in records:
        assert kind.model_config.get("extra") == "allow", kind
        assert kind.model_config.get("hide_input_in_errors") is True, kind


TRAVELLERS = sorted(
    {
        kind
        for module in (acts, clock, dossier, entry, notes, parties, programme, receipts)
        for kind in vars(module).values()
        if isinstance(kind, type) and issubclass(kind, Travelling) and kind is not Travelling
    }
    | {Law},
    key=lambda kind: kind.__name__,
)


@pytest.mark.parametrize("kind", TRAVELLERS, ids=lambda kind: kind.__name__)
def test_a_field_of_a_later_build_is_carried_on_wherever_it_stands(kind):
    """Loaded as a payload, changed by nobody, copied with a change, and written again: it is still there."""
    written, places = with_a_later_field(specimen(kind), kind)
    assert places
    converter = CONVERTER.payload_converter
    (payload,) = converter.to_payloads([written])
    (read,) = converter.from_payloads([payload], [kind])
    assert type(read) is kind
    (again,) = converter.to_payloads([read.model_copy(update={})])
    assert holds(json.loads(again.data), written)


def test_an_entry_and_an_act_of_a_later_build_are_told_apart_by_what_it_adds():
    plain = specimen(Entry)
    one, other = (Entry.model_validate({**plain, "later": said}) for said in ("this", "that"))
    assert digest(one) != digest(other)
    assert digest(one) == digest(one.model_copy(update={"recorded_at": datetime(2030, 1, 1, tzinfo=UTC)}))
    withdrawn = {"by": "Ann", "request_id": "request-1"}
    assert Withdrawn(**withdrawn).digest == Withdrawn(**withdrawn, on=None).digest
    by_kind = {kind: kind.model_construct(**withdrawn).digest for kind in ACTS}
    assert len(set(by_kind.values())) == len(ACTS)


def test_an_error_in_what_travels_repeats_nothing_of_it():
    converter = CONVERTER.payload_converter
    (of_an_act,) = converter.to_payloads([{"act": "SECRET", "by": {"SECRET": "SECRET"}}])
    (of_an_entry,) = converter.to_payloads([{"number": ["SECRET"], "facts": "SECRET", "SECRET": 1}])
    (nothing,) = converter.to_payloads([None])
    for payload, kind in (
        (of_an_act, Withdrawn),
        (of_an_act, notes.AnyNote),
        (of_an_entry, Entry),
        (nothing, Entry),
    ):
        with pytest.raises(Exception, match="cannot be read as a") as refused:
            converter.from_payloads([payload], [kind])
        assert "SECRET" not in str(refused.value)
        assert refused.value.__suppress_context__
    assert "missing sequence" in str(refused_as(of_an_entry, Entry))


def test_a_failure_is_short_enough_for_the_server_and_says_what_we_said_and_no_more():
    try:
        try:
            raise ValueError("SECRET " * 1_000)
        except ValueError as error:
            raise NotReachable("register.not-answering", url="here", why="closed") from error
    except NotReachable as error:
        failure = failure_of(error)
    assert failure.application_failure_info.type == "NotReachable"
    assert failure.message == "The register at here does not answer: closed."
    assert "SECRET" not in str(failure)

    def deep(left: int) -> None:
        if left == 0:
            raise RuntimeError("a fault of ours")
        deep(left - 1)

    with pytest.raises(RuntimeError) as fault:
        deep(100)
    failure = failure_of(fault.value)
    assert failure.ByteSize() < 2_000
    assert failure.message == "a fault of ours"
    assert "deep" in failure.stack_trace


def failure_of(error: Exception) -> Failure:
    failure = Failure()
    CONVERTER.failure_converter.to_failure(error, CONVERTER.payload_converter, failure)
    return failure


def refused_as(payload: Any, kind: Any) -> Exception:
    with pytest.raises(Exception) as refused:  # noqa: PT011
        CONVERTER.payload_converter.from_payloads([payload], [kind])
    return refused.value


def specimen(kind: type[BaseModel]) -> dict[str, Any]:
    """The least record of a kind that holds one of everything, as JSON holds it."""
    said = {name: value_of(field.annotation, field, name) for name, field in kind.model_fields.items()}
    return json.loads(kind.model_validate(said).model_dump_json())


TEXTS = {
    "request_id": "request-1",
    "check": "A-01",
    "communication": "+++202/6000/00123+++",
    "since": "2026-03-02T09:00:00+00:00",
    "email": "ann@exemplar.example",
    "sha256": "0" * 64,
    "enterprise_number": "0123456749",
    "country": "BE",
}


def value_of(kind: Any, field: FieldInfo | None = None, name: str = "") -> Any:
    rules = field.metadata if field else []
    origin, parts = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return value_of(parts[0], FieldInfo.from_annotation(kind), name)
    if origin is Literal:
        return parts[0]
    if origin in (Union, types.UnionType):
        return value_of(next(part for part in parts if part is not type(None)), field, name)
    if origin is tuple:
        several = parts[:1] if parts[-1] is Ellipsis else parts
        return [value_of(part, None, name) for part in several]
    if origin is list:
        return [value_of(parts[0], None, name)]
    if origin is dict:
        return {value_of(parts[0], None, name): value_of(parts[1], None, name)}
    if kind is Due:
        return {"ref": "answers", "desk": "applicant", "due_on": "2026-03-02", "degree": "assumed"}
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return specimen(kind)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return next(iter(kind)).value
    if isinstance(kind, type) and issubclass(kind, Word):
        return kind("any-word").value
    if kind is bool:
        return True
    if kind is int:
        least = [rule.ge for rule in rules if isinstance(rule, Ge)]
        least += [rule.gt + 1 for rule in rules if isinstance(rule, Gt)]
        return max([1, *least])
    if kind is datetime:
        return "2026-03-02T09:00:00Z"
    if kind is date:
        return "2026-03-02"
    if kind is str:
        least = max([1, *(rule.min_length for rule in rules if isinstance(rule, MinLen))])
        most = min([80, *(rule.max_length for rule in rules if isinstance(rule, MaxLen))])
        return TEXTS.get(name, ("a text " * 20)[: max(least, min(most, 12))].strip().ljust(least, "x"))
    return "anything"


def with_a_later_field(written: Any, kind: Any) -> tuple[Any, int]:
    """The record with an unknown field at every place where a record stands, and how many those are."""
    origin, parts = get_origin(kind), get_args(kind)
    if origin is Annotated:
        return with_a_later_field(written, parts[0])
    if written is None or origin is Literal:
        return written, 0
    if origin in (Union, types.UnionType):
        return with_a_later_field(written, next(part for part in parts if part is not type(None)))
    if origin in (tuple, list) and isinstance(written, dict):  # written in a form of its own
        return written, 0
    if origin in (tuple, list):
        made = [with_a_later_field(each, parts[0]) for each in written]
        return [each for each, _ in made], sum(places for _, places in made)
    if origin is dict:
        under = {key: with_a_later_field(each, parts[1]) for key, each in written.items()}
        return {key: each for key, (each, _) in under.items()}, sum(places for _, places in under.values())
    if kind is Due:
        return {**written, **LATER}, 1
    if not (isinstance(kind, type) and issubclass(kind, BaseModel)):
        return written, 0
    inside = {
        name: with_a_later_field(written[name], field.annotation) for name, field in kind.model_fields.items()
    }
    record = {name: each for name, (each, _) in inside.items()}
    return {**record, **LATER}, 1 + sum(places for _, places in inside.values())


def holds(whole: Any, part: Any) -> bool:
    """Whether everything of one JSON value stands in another."""
    if isinstance(part, dict):
        return isinstance(whole, dict) and all(k in whole and holds(whole[k], v) for k, v in part.items())
    if isinstance(part, list):
        return len(whole) == len(part) and all(map(holds, whole, part))
    return bool(whole == part)
