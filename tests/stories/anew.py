"""The same case, begun anew at each of its rests: on a Temporal and a register of its own."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from itertools import groupby
from pathlib import Path
from typing import Any

from temporalio.client import Client

from models.acts import Act
from models.programme import Programme
from models.receipts import Receipt
from office.desk.sending import send
from office.letters.postman import wake
from office.service.payloads import CONVERTER
from register.addresses import file_of
from register.carried import carried, tells_anew
from register.case import Case, case
from tests.replay.strict import differing
from tests.stories.desk import Office
from worker import postman_of, worker_of


class Anew:
    """Performs every act on a case and on each of its copies, which must answer alike."""

    def __init__(self, office: Office, number: str, folder: Path, open_until_left: AsyncExitStack) -> None:
        self.office = office
        self.number = number
        self._folder = folder
        self._left = open_until_left
        self._offices: list[Office] = [office]
        self._began_after: list[int] = [0]

    async def begins_here(self) -> None:
        """Another copy of the case begins at this rest, from what the register keeps of it."""
        await self.office.postman_rests()
        rest = f"rest-{len(self._offices)}"
        settings = replace(self.office.settings, var=self._folder / rest)
        settings.var.mkdir(parents=True)
        shutil.copytree(self.office.settings.keys, settings.keys)  # the register knows whose office it is
        there, here = settings.register_url, self.office.settings.register_url
        with sqlite3.connect(file_of(here)) as stands, sqlite3.connect(file_of(there)) as copy:
            stands.backup(copy)
        tells_anew(there, self.number)
        target = self.office.client.service_client.config.target_host
        client = await Client.connect(target, namespace=rest, data_converter=CONVERTER)
        threads = self._left.enter_context(ThreadPoolExecutor(2))
        await self._left.enter_async_context(worker_of(client, settings, threads))
        await self._left.enter_async_context(postman_of(client, settings, threads))
        copied = Office(self.office.environment, settings)
        copied.client = client
        begun = carried(settings.register_url, self.number)
        kind = "Programme" if isinstance(begun, Programme) else "Dossier"
        queue, memo = settings.task_queue, await copied.begun(begun)
        await client.start_workflow(kind, begun.written(), id=self.number, task_queue=queue, memo=memo)
        await wake(client, settings)
        await copied.postman_rests()
        self._offices.append(copied)
        self._began_after.append(begun.docket.entries)

    async def performs(self, act: type[Act], **said: Any) -> Receipt:
        """An act in every one of them, under one request id."""
        said = self.office.signed(self.number, act, said)
        made = act(**{"by": "Ann", **said}, request_id=f"{act.__name__}-{len(self._offices):04d}")
        receipts = []
        for o in self._offices:
            sign = await o.signs(made.by)
            receipts.append(await send(o.client, o.settings, self.number, made, sign=sign))
        for one in self._offices:
            await one.letters_are_heard_of(self.number)
        assert all(receipt == receipts[0] for receipt in receipts), [*enumerate(receipts)]
        await self.agree()
        if not self.office.shows(self.number).state.ended:  # of a case that ended nothing is carried
            await self.begins_here()
        return receipts[0]

    async def days_pass(self, days: int) -> None:
        """Time passes for all of them alike; what happens by itself happens in each."""
        for one in self._offices:
            await one.postman_rests()
        await self.office.days_pass(days)
        await self.agree()
        await self.begins_here()

    async def agree(self) -> None:
        """Waits until every register says the same, and says what differs when one does not."""
        for _ in range(400):
            pairs = [
                (self._told(self.office, after), self._told(one, after))
                for one, after in zip(self._offices, self._began_after, strict=True)
            ]
            if all(copy == original for original, copy in pairs):
                return
            await asyncio.sleep(0.05)
        for nth, (original, copy) in enumerate(pairs):
            assert copy == original, f"the copy of rest {nth}: {[*differing(original, copy)]}"

    def _told(self, office: Office, after: int) -> dict[str, Any]:
        """All entries and the state; of the letters those that the copy had to send itself."""
        found: Case = case(office.settings.register_url, self.number, self.office.today)
        lines = [
            {
                part: getattr(line, part)
                for part in (
                    "sequence",
                    "happened_on",
                    "act",
                    "by",
                    "request_id",
                    "phase",
                    "possible",
                    "due_on",
                    "overdue",
                    "facts",
                    "unconfirmed",
                    "clocks",
                    "law",
                )
            }
            for line in found.entries
        ]
        for left, of_letters in groupby(lines, lambda line: "done" in line["facts"]):
            if left:  # which of several letters left last, or ended its limit first, is a matter of chance
                run = list(of_letters)
                done = sorted(end["clause"] for line in run for end in line["facts"]["done"])
                for line in run:
                    line |= {"facts": {"done": done}, "clocks": run[-1]["clocks"]}
        state = {part: getattr(found.state, part) for part in ("flags", "ended", "conditions", "public_list")}
        letters = sorted((n.entry, n.letter, n.role) for n in found.notices if n.entry > after)
        return {"lines": lines, "letters": letters, **state}


@asynccontextmanager
async def anew(office: Office, number: str, folder: Path) -> AsyncIterator[Anew]:
    """A case whose every rest is begun anew; all copies are stopped at the end."""
    async with AsyncExitStack() as stack:
        made = Anew(office, number, folder, stack)
        await made.begins_here()
        yield made
