"""A worker or postman in the smallest form: it asks for work, says that it is ready, and ends when told."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from temporalio import workflow
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from office.connection import connect
from office.settings import Settings


@workflow.defn(name="LyingOpen")
class LyingOpen:
    """Waits until somebody closes it."""

    def __init__(self) -> None:
        self._closed = False

    @workflow.run
    async def run(self) -> str:
        await workflow.wait_condition(lambda: self._closed)
        return "closed"

    @workflow.update
    async def close(self) -> str:
        self._closed = True
        return "closing"


async def main() -> None:
    settings, part = Settings.read(), (*sys.argv[1:], "worker")[0]
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    client = await connect(settings)
    async with Worker(
        client,
        task_queue=settings.task_queue if part == "worker" else settings.letters_queue,
        workflows=[LyingOpen],
        workflow_runner=UnsandboxedWorkflowRunner(),
        identity=f"stand-in {os.getpid()}",
    ):
        (settings.var / f"{part}.ready").write_text(str(os.getpid()))
        await ended.wait()
    print("the stand-in ended as told", flush=True)
    sys.stdout.flush()
    os._exit(0)


if __name__ == "__main__":
    asyncio.run(main())
