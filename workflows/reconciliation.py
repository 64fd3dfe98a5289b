"""The comparison of register, Temporal and documents, once a night.

It holds nothing but that it is to be done: what it finds is kept in the register, for a person.
"""

from __future__ import annotations

from temporalio import workflow

from workflows import effects
from workflows.cancellation import ignored, unless_cancelled


@workflow.defn(name="Reconciliation")
class NightlyReconciliation:
    """Has everything compared, and mends nothing."""

    @workflow.run
    async def run(self) -> int:
        """Compares once. Returns: how many differences there are."""
        return await unless_cancelled(effects.reconcile(), ignored)
