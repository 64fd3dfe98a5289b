"""Drops signals that do not fit, so that nobody can stop a case by sending one.

A signal cannot be refused. One whose content cannot be read is dropped by Temporal's library; one with
too few or too many arguments would fail the case's task, again and again, until a person terminated it.
"""

from __future__ import annotations

import inspect

from temporalio import workflow
from temporalio.worker import HandleSignalInput, Interceptor, WorkflowInboundInterceptor
from temporalio.worker import WorkflowInterceptorClassInput as ForWorkflow


class Fitting(WorkflowInboundInterceptor):
    """Lets signals in that their handler can take."""

    async def handle_signal(self, input: HandleSignalInput) -> None:
        """Passes a signal on, or drops it and says so in the log."""
        handler = workflow.get_signal_handler(input.signal)
        if handler is not None:
            try:
                inspect.signature(handler).bind(*input.args)
            except TypeError:
                count = len(input.args)
                workflow.logger.warning("Dropping a signal %s with %s arguments", input.signal, count)
                return
        await super().handle_signal(input)


class FittingSignals(Interceptor):
    """For every worker and replay alike."""

    def workflow_interceptor_class(self, input: ForWorkflow) -> type[WorkflowInboundInterceptor]:
        """The guard of every workflow."""
        return Fitting
