"""Where an act is rehearsed: the case itself hears it, in this process, as the register holds it.

Nothing is sent, entered or kept. What the case reads on the way is read here as its worker would read it;
what a worker would write down with that, a law or a number, is not.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime
from typing import Any

from temporalio.exceptions import ApplicationError

from models.account import Account
from models.acts import Act
from models.clock import civil_day
from models.correction import Correctable
from models.errors import InputRefused, NotFound, NotReachable
from models.law.applicable import Law
from models.law.clause import Applied
from models.messages import Message
from office.desk.sending import from_register, refusal
from office.law.agency import read
from office.service.payloads import CONVERTER
from office.settings import Settings
from procedures.books import applicable_law, later_by_notice
from procedures.registry import opening
from register import corrections
from register.carried import carried, heard
from register.case import case
from register.ended import account_of
from register.numbers import foreseen
from register.views import laws
from workflows.rehearsal import Answers, NotEntered, Rehearsal, Rehearsed, Stands


class Stage:
    """Where cases are rehearsed at an instant, and what they have read."""

    def __init__(self, settings: Settings, now: datetime) -> None:
        self.settings = settings
        self.now = now
        self.today = civil_day(now)
        self._laws: dict[str, Law] = {}

    async def rehearse(self, number: str, act: Act) -> Rehearsed:
        """What a case would enter of an act.

        Raises: ActRefused as the case itself refuses it; NotFound; InputRefused for an act that stands
        already; NotReachable when the register does not answer, or the case would wait before it enters it.
        """
        ended = case(self.settings.register_url, number, date.max).ended_with
        if ended and (given := from_register(self.settings, number, act)):
            raise InputRefused("rehearsal.stands", number=number, entry=given.entry)
        try:
            return await self._rehearsal(number).of_act(act)
        except ApplicationError as refused:
            raise refusal(refused) from None
        except NotEntered as waits:
            why = str(waits) or Message("rehearsal.waits")
            told: dict[str, Any] = {"command": act.command, "number": number, "why": why}
            raise NotReachable(
                "rehearsal.not-entered", **told, possible=(f"show {number}", "status")
            ) from None

    async def follows(self, rehearsed: Rehearsed) -> list[Rehearsed]:
        """What the programmes that would be told of it would enter of that."""
        entered = []
        for number, note in rehearsed.told:
            with suppress(NotFound, NotEntered):
                entered.append(await self._rehearsal(number).of_note(note))
        return entered

    def law(self, digest: str) -> Law:
        """A law that was read on the way, or that the register keeps."""
        if digest not in self._laws:
            self._laws[digest] = Law.model_validate(laws(self.settings.register_url, [digest])[digest])
        return self._laws[digest]

    def _rehearsal(self, number: str) -> Rehearsal:
        return Rehearsal(CONVERTER, self._stands(number), self.now, self._answers(), self._runs)

    def _stands(self, number: str) -> Stands:
        """A case as the register holds it; one that has ended by its account, which reads the rest itself."""
        url = self.settings.register_url
        found = case(url, number, date.max)
        since = datetime.fromisoformat(found.state.recorded_at)
        if found.ended_with:
            return Stands("Account", number, number, since)
        kept = carried(url, number)
        docket = kept.docket
        news = [
            (at, note)
            for at, note in heard(url, number, self.today)
            if note.request_id not in docket.noted and note.may_be(number, self.today)
        ]
        return Stands(type(kept).__name__, number, kept.written(), since, news)

    def _runs(self, number: str) -> bool:
        """Whether a case hears what it is told: it does until it has ended."""
        try:
            return not case(self.settings.register_url, number, date.max).ended_with
        except NotFound:
            return False

    def _answers(self) -> Answers:
        """What a case reads on its way to an entry, by the names of the activities (activities/)."""
        settings = self.settings

        def of_year(asked: dict[str, Any]) -> Law:
            on = date.fromisoformat(asked["on"])
            law = applicable_law(asked["procedure"], None, on, read(settings.law))
            self._laws[law.digest] = law
            return law.brief()

        def of_notice(asked: dict[str, Any]) -> list[Applied]:
            filed_on, on = (date.fromisoformat(asked[day]) for day in ("filed_on", "on"))
            return later_by_notice(read(settings.law).of(asked["procedure"]), filed_on, on)

        def of_successor(asked: dict[str, Any]) -> str:
            series = opening(asked["procedure"]).series
            year = date.fromisoformat(asked["on"]).year
            named = series.named.format(procedure=asked["procedure"], year=year)
            return foreseen(settings.register_url, named, series.numbers)

        def account(number: str) -> Account:
            return account_of(settings.register_url, number)

        def receipt(asked: dict[str, Any]) -> None:
            raise InputRefused("rehearsal.stands", number=asked["number"], entry=asked["entry"])

        def correctable(asked: dict[str, Any]) -> Correctable | None:
            return corrections.stands(settings.register_url, asked["number"], asked["entry"])

        def has_ended(number: str) -> None:
            """It is asked only of a case that hears nothing, and that has ended."""

        return {
            "of_year": of_year,
            "of_notice": of_notice,
            "of_successor": of_successor,
            "account_of": account,
            "receipt": receipt,
            "correctable": correctable,
            "has_ended": has_ended,
        }
