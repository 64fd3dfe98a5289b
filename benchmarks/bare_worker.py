"""The worker of the bare workflows.

`python -m benchmarks.bare_worker ADDRESS` is one in a process of its own.
"""

from __future__ import annotations

import asyncio
import sys
from concurrent.futures import ThreadPoolExecutor

from temporalio.client import Client
from temporalio.worker import Worker

QUEUE = "bare"
CACHED = 380
"""Workflows, as in worker.py."""


def bare_worker(client: Client, threads: ThreadPoolExecutor) -> Worker:
    """Listens for them in the sandbox and with the cache that ours has."""
    from benchmarks.bare import Bare, BareUpdates, do_nothing
    from worker import RUNNER

    return Worker(
        client,
        task_queue=QUEUE,
        workflows=[Bare, BareUpdates],
        activities=[do_nothing],
        activity_executor=threads,
        workflow_runner=RUNNER,
        max_cached_workflows=CACHED,
    )


async def listen(address: str) -> None:
    """Takes work until the process is ended."""
    from benchmarks.ground import THREADS, client_of

    with ThreadPoolExecutor(THREADS) as threads:
        async with bare_worker(await client_of(address), threads):
            await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(listen(sys.argv[1]))
