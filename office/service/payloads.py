"""How what travels is written as a payload and read again. What is said of an error repeats nothing of it.

A signal, an act or an argument that cannot be read is refused or dropped by Temporal's library, which
writes the reason into logs and histories: the reason names fields and faults, never their content.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import ValidationError
from temporalio.api.common.v1 import Payload
from temporalio.api.failure.v1 import Failure
from temporalio.contrib.pydantic import PydanticJSONPlainPayloadConverter
from temporalio.converter import (
    BinaryNullPayloadConverter,
    CompositePayloadConverter,
    DataConverter,
    DefaultFailureConverter,
    JSONProtoPayloadConverter,
    PayloadConverter,
)

from models.errors import InputRefused, ProcedureError

TRACE = 1_000
"""Signs of a traceback; the server takes some four thousand of an activity's whole failure."""


def unreadable(wrong: ValidationError) -> InputRefused:
    """What is wrong with a record, without a word of what stood in it."""
    told = []
    for error in wrong.errors(include_url=False, include_context=False, include_input=False):
        field = f" {error['loc'][-1]}" if error["type"] == "missing" and error["loc"] else ""
        told.append(f"{error['type']}{field}")
    what = wrong.title if wrong.title.isidentifier() else "record"
    return InputRefused("payload.unreadable", what=what, told=dict.fromkeys(told))


class Json(PydanticJSONPlainPayloadConverter):
    """Records as JSON, which programs of every language read."""

    def from_payload(self, payload: Payload, type_hint: type | None = None) -> Any:
        """The record. Raises: InputRefused."""
        try:
            return super().from_payload(payload, type_hint)
        except ValidationError as wrong:
            raise unreadable(wrong) from None


class Nothing(BinaryNullPayloadConverter):
    """No record at all, where none is expected."""

    def from_payload(self, payload: Payload, type_hint: type | None = None) -> Any:
        """Nothing. Raises: InputRefused where a record is expected."""
        return Json().from_payload(Payload(data=b"null"), type_hint)


EACH = Nothing(), JSONProtoPayloadConverter(), Json()
"""They hold nothing, and are made once: the library asks for `Payloads` anew for each activation."""


class Payloads(CompositePayloadConverter):
    """Records and nothing else: what is not written as JSON is none of ours.

    Temporal's own answer on what a case is about, which its UI asks for, is a record of its own kind.
    """

    def __init__(self) -> None:
        super().__init__(*EACH)

    def from_payloads(self, payloads: Sequence[Payload], type_hints: list[type] | None = None) -> list[Any]:
        """The records. Raises: InputRefused."""
        if any(payload.metadata.get("encoding", b"") not in self.converters for payload in payloads):
            raise InputRefused("payload.no-json")
        return super().from_payloads(payloads, type_hints)


class Failures(DefaultFailureConverter):
    """Failures as histories keep them: short, since the server replaces a long one by a sentence of its own.

    What we raise on purpose says all in its message; of a fault of ours the end of its traceback is kept,
    and the whole of it stands in the worker's log.
    """

    def to_failure(
        self, exception: BaseException, payload_converter: PayloadConverter, failure: Failure
    ) -> None:
        """Writes down a failure; of a record that cannot be read, the fault and not the content."""
        if isinstance(exception, ValidationError):
            exception = unreadable(exception).with_traceback(exception.__traceback__)
        super().to_failure(exception, payload_converter, failure)
        failure.stack_trace = failure.stack_trace[-TRACE:]
        if isinstance(exception, ProcedureError):
            failure.ClearField("stack_trace")
            failure.ClearField("cause")


CONVERTER = DataConverter(payload_converter_class=Payloads, failure_converter_class=Failures)
"""For every client, worker and replay alike."""
