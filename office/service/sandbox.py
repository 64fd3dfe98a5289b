"""The sandbox in which workflows run, without a question that nobody here asks.

Temporal's library asks a running workflow for the context of every single payload, and enters the sandbox
each time: a quarter of the worker's time. Only a converter or a codec that treats payloads by their workflow
needs the answer, and ours (payloads.py) treats all alike. One that does not has to get it back.
"""

from __future__ import annotations

from typing import Any

from temporalio.converter import SerializationContext, StorageDriverStoreContext
from temporalio.worker import WorkflowInstance, WorkflowInstanceDetails
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

from models.travelling import complete


class Sandbox(SandboxedWorkflowRunner):
    """Runs each workflow in a sandbox of its own; all records are complete before the first one runs."""

    def __init__(self, restrictions: SandboxRestrictions) -> None:
        super().__init__(restrictions=restrictions)
        complete()

    def create_instance(self, det: WorkflowInstanceDetails) -> WorkflowInstance:
        """An instance in the sandbox."""
        return _Unasked(super().create_instance(det))


class _Unasked(WorkflowInstance):
    """An instance whose payloads have no context."""

    def __init__(self, instance: WorkflowInstance) -> None:
        self._instance = instance

    def activate(self, act: Any) -> Any:
        return self._instance.activate(act)

    def get_serialization_context(self, command_info: Any) -> SerializationContext | None:
        return None

    def get_external_store_context(self, command_info: Any) -> StorageDriverStoreContext:
        return StorageDriverStoreContext(target=None)

    def get_info(self) -> Any:
        return self._instance.get_info()

    def get_thread_id(self) -> int | None:
        return self._instance.get_thread_id()
