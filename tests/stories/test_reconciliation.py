"""Every night register, Temporal and documents are compared, by a durable workflow."""

from __future__ import annotations

from temporalio import activity
from temporalio.worker import Worker

from models.errors import NotReachable
from worker import RUNNER
from workflows.reconciliation import NightlyReconciliation


async def test_the_comparison_of_a_night_is_tried_until_all_answer_whoever_cancels_it(skipping):
    tried = []

    @activity.defn
    async def reconcile() -> int:
        tried.append(activity.info().attempt)
        if len(tried) < 3:
            raise NotReachable("temporal.stopped-answering", why="it is night")
        return 7

    queue = "umn-reconciling"
    async with Worker(
        skipping.client,
        task_queue=queue,
        workflows=[NightlyReconciliation],
        activities=[reconcile],
        workflow_runner=RUNNER,
    ):
        nightly = await skipping.client.start_workflow("Reconciliation", id=queue, task_queue=queue)
        await nightly.cancel()
        assert await nightly.result() == 7
    assert tried == [1, 2, 3]
