"""What a person says of a letter: it came back, it arrived after all, was posted, or shall leave again.

What was said is in the register before anything is sent; typed again after a crash, a command goes on where
it was. Where a letter went, and what a mail server said, stays there: a case is told the notice by its key.
"""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.errors import ActRefused, ImproperAct, InputRefused, Malformed, NotEmpowered, NotFound
from models.messages import Message
from models.parties import Channel
from office.settings import Settings
from register import notices
from register.notices import Notice

if TYPE_CHECKING:
    from temporalio.client import Client

    from models.acts import PostReported
    from office.desk.envelopes import Sign

MAY_BOUNCE = ("sent", "in_doubt", "refused", "bounced")


def meant(
    settings: Settings,
    number: str | None,
    key: str | None = None,
    letter: str | None = None,
    message: Path | None = None,
) -> tuple[Notice, str]:
    """The one notice that came back, and what a bounce says of it.

    Raises: NotFound; InputRefused when it is not clear which is meant.
    """
    url, reason = settings.register_url, ""
    if key:
        found = [notices.one(url, key)]
    elif message:
        known, reason = _told_by(url, message)
        found = [known]
    elif number:
        found = [one for one in notices.notices(url, number) if one.state in MAY_BOUNCE]
        found = [one for one in found if letter in (None, one.letter)]
    else:
        raise InputRefused("notice.which")
    if number and any(one.number != number for one in found):
        raise InputRefused(
            "notice.of-another-case", notice=found[0].key, number=found[0].number, other=number
        )
    if len(found) == 1:
        return found[0], reason
    if not found:
        key = "notice.no-such-letter" if letter else "notice.no-letter"
        raise NotFound(key, number=number, letter=letter, possible=(f"notices --number {number}",))
    raise InputRefused(
        "notice.several",
        number=number,
        n=len(found),
        possible=tuple(f"notices bounced {number} --notice {one.key}" for one in found),
    )


def _told_by(url: str, message: Path) -> tuple[Notice, str]:
    """The letter that a bounce tells of, and why it came back."""
    from office.letters.bounces import read_bounces

    bounces = read_bounces(message)
    known = [
        (found, bounce) for bounce in bounces if (found := notices.by_message_id(url, bounce.message_ids))
    ]
    if not known:
        ids = [message_id for bounce in bounces for message_id in bounce.message_ids]
        raise NotFound(
            "bounce.answers-no-letter",
            message=message,
            message_ids=ids or [Message("bounce.names-no-message")],
            possible=("notices",),
        )
    by_hand = tuple(
        dict.fromkeys(f"notices bounced {n.number} --notice {n.key} --reason REASON" for n, _ in known)
    )
    if len(by_hand) > 1:
        raise InputRefused("bounce.several", message=message, n=len(by_hand), possible=by_hand)
    for notice, bounce in known:
        if (reason := bounce.reason(notice.recipient)) is not None:
            return notice, reason
    notice, bounce = known[0]
    key = (
        "bounce.behind-the-address"
        if bounce.stands_for_others(notice.recipient)
        else "bounce.another-address"
    )
    raise InputRefused(key, message=message, recipients=[*bounce.failed], notice=notice.key, possible=by_hand)


async def bounced(
    settings: Settings,
    notice: Notice,
    reason: str,
    by: str,
    on: date,
    today: date,
    client: Client | None = None,
    sign: Sign | None = None,
) -> dict[str, Any]:
    """Keeps that a letter came back, and tells its case. Returns: what became of it.

    Idempotent: by notice, until somebody says that it arrived.
    """
    from models.acts import NoticeBounced

    _refuse_future(on, today)
    if notice.state not in MAY_BOUNCE:
        said = notices.STATES[notice.state]
        raise ImproperAct("notice.has-not-left", notice=notice.key, state=said)
    _refuse_before_told(settings, notice, on)
    if notice.state != "bounced":
        says = {"returned": True, "tells": "", "next_attempt": ""}
        notices.settle(settings.register_url, notice, "bounced", by, _line(reason), **says)
        notice = notices.one(settings.register_url, notice.key)
    return await _tell(settings, notice, _act(NoticeBounced, notice, by, on), client, sign)


async def delivered(
    settings: Settings,
    key: str,
    by: str,
    on: date,
    today: date,
    client: Client | None = None,
    sign: Sign | None = None,
) -> dict[str, Any]:
    """Keeps that a letter arrived, as a person knows; what waited for its receipt starts on that day.

    Idempotent: by notice, until somebody says that it came back.
    """
    from models.acts import NoticeDelivered
    from office.letters.postman import leaves

    _refuse_future(on, today)
    url = settings.register_url
    notice = notices.one(url, key)
    _refuse_before_told(settings, notice, on)
    settled = notice.state == "sent"
    if not settled and notice.state not in ("in_doubt", "refused", "bounced", "to_post", "to_forward"):
        said = notices.STATES[notice.state]
        raise ImproperAct("notice.nothing-to-settle", notice=key, state=said, possible=("notices",))
    if not settled or notice.received_on != on:
        notices.leaves_by_hand(url, notice, by, min(notice.left_on or on, on), received_on=on)
        notice = notices.one(url, key)
    if notice.returned:
        return await _tell(settings, notice, _act(NoticeDelivered, notice, by, on), client, sign)
    if notice.tells:
        notice = await leaves(settings, key, by, client)
    return {"notice": key, "state": notice.state, "case": None, "said": ""}


async def posted(
    settings: Settings,
    key: str,
    by: str,
    channel: Channel | None,
    on: date,
    today: date,
    presented_on: date | None = None,
    proof: str = "",
    client: Client | None = None,
) -> dict[str, Any]:
    """Keeps that a person sent a letter: by which channel and on which day, and with what proof.

    Its case is told where a limit counts from it. Idempotent: by notice and what is said; said again with
    another day or proof, the later word stands, and so it does of what had left by e-mail.

    Raises: ImproperAct when the letter is not one that a person sends.
    """
    from office.letters.postman import leaves

    for day in filter(None, (on, presented_on)):
        _refuse_future(day, today)
    if presented_on and presented_on < on:
        raise InputRefused("notice.presented-before", presented_on=presented_on, on=on)
    notice = notices.one(settings.register_url, key)
    _refuse_before_told(settings, notice, on)
    if notice.state not in (
        "sent",
        "to_post",
        "to_forward",
        "pending",
        "not_sent",
        "in_doubt",
        "refused",
        "bounced",
    ):
        raise ImproperAct(
            "notice.not-to-send",
            notice=key,
            state=notices.STATES[notice.state],
            possible=("notices",),
        )
    channel = channel or Channel(notice.channel)
    if channel is Channel.EMAIL:
        raise InputRefused("notice.no-channel", notice=key)
    notices.leaves_by_hand(
        settings.register_url, notice, by, on, channel, presented_on=presented_on, proof=_line(proof)
    )
    notice = notices.one(settings.register_url, key)
    if notice.tells:
        notice = await leaves(settings, key, by, client)
    return {"notice": key, "state": notice.state, "channel": notice.channel, "told": not notice.tells}


async def again(
    settings: Settings, key: str, by: str, to: str | None = None, client: Client | None = None
) -> dict[str, Any]:
    """Lets a letter go on that a fault of ours stopped, that came back, was refused, is in doubt, or waits.

    Idempotent while it has not left: typed again, it goes on with the same notice.
    """
    from models.parties import is_mail_address, mail_address
    from office.letters.postman import leaves

    url = settings.register_url
    try:
        to = mail_address(to) if to else None
    except Malformed as wrong:
        raise InputRefused("notice.no-address", why=wrong.said) from None
    notice = notices.one(url, key)
    if notice.state == "replaced":
        notice = notices.successor(url, key) or notice
    if notice.key != key and notice.state in notices.FOR_A_PERSON:
        raise ImproperAct(
            "notice.left-again",
            notice=key,
            other=notice.key,
            state=notices.STATES[notice.state],
            possible=(f"notices again {notice.key}",),
        )
    if notice.state in ("to_make", "not_made"):
        if to:
            raise ImproperAct(
                "notice.not-made",
                notice=key,
                possible=(f"recipients set {notice.number} {notice.role} --to {to}",),
            )
        notices.try_again(url, key, by)
    elif notice.state == "not_told":
        if to:
            raise ImproperAct("notice.tells-first", notice=key, possible=(f"notices again {key}",))
        notices.try_again(url, key)
    elif notice.state in notices.FOR_A_PERSON:
        recipient = to or notice.recipient
        if notice.redirected and not to and notice.state in notices.REACHED:
            raise InputRefused("notice.to-whom", notice=key, possible=(f"notices again {key} --to ADDRESS",))
        if not is_mail_address(recipient):
            raise InputRefused("notice.not-by-mail", notice=key)
        notice = notices.one(url, notices.send_again(url, notice, by, recipient))
    elif notice.state not in notices.ON_ITS_WAY:
        raise ImproperAct(
            "notice.does-not-leave",
            notice=notice.key,
            state=notices.STATES[notice.state],
            possible=(f"notices bounced {notice.number} --notice {notice.key}",),
        )
    elif to and to != notice.recipient:
        raise ImproperAct("notice.on-its-way", notice=notice.key, recipient=notice.recipient)
    elif notice.state == "pending":
        notices.settle(url, notice, "pending", by, attempts=0, next_attempt="")
    notice = await leaves(settings, notice.key, by, client)
    return {
        "notice": notice.key,
        "state": notice.state,
        "ended": notice.state not in notices.ON_ITS_WAY,
        "said": notice.reason,
    }


async def replaced(
    settings: Settings, key: str, by: str, why: str, client: Client | None = None
) -> dict[str, Any]:
    """Has a letter take the place of another one, with its day: as one in a wrong language is null.

    Idempotent while the new one is not made.
    """
    from office.letters.postman import leaves
    from register.letters import replace

    new = replace(settings.register_url, notices.letter_of(settings.register_url, key), by, _line(why))
    notice = await leaves(settings, new, by, client)
    return {"notice": notice.key, "state": notice.state, "said": notice.reason}


async def _tell(
    settings: Settings, notice: Notice, act: PostReported, client: Client | None, sign: Sign | None
) -> dict[str, Any]:
    """Tells the case, if there is one that waits for it."""
    from office.connection import connect
    from office.desk.sending import send

    case: dict[str, Any] | None = None
    said = ""
    try:
        open_client = client or await connect(settings, act.by)
        receipt = await send(open_client, settings, notice.number, act, sign=sign)
        case = receipt.model_dump(mode="json")
    except NotEmpowered:
        raise  # no case was asked
    except (ActRefused, NotFound) as refused:
        said = refused.said.in_words()
    if notice.state == "sent":
        notices.is_back_no_more(settings.register_url, notice)
    state = notices.one(settings.register_url, notice.key).state
    return {"notice": notice.key, "state": state, "case": case, "said": said}


def _act(kind: type[PostReported], notice: Notice, by: str, on: date) -> PostReported:
    """What the case is told; the same one as long as nobody has said something else of the notice since."""
    from models.entry import LetterKind
    from models.parties import Role

    return kind(
        by=by,
        on=on,
        request_id=f"{kind.command.rpartition(' ')[2]}-{_short(f'{notice.key} {notice.since}')}",
        notice=notice.key,
        letter=LetterKind(notice.letter),
        role=Role(notice.role),
        entry=notice.entry,
    )


def _refuse_future(on: date, today: date) -> None:
    if on > today:
        raise InputRefused("act.in-the-future", on=on, today=today)


def _refuse_before_told(settings: Settings, notice: Notice, on: date) -> None:
    """A letter neither leaves nor arrives nor comes back before the day of the entry that tells it."""
    told_on = notices.told_on(settings.register_url, notice)
    if on < told_on:
        raise InputRefused(
            "notice.before-told", notice=notice.key, on=on, entry=notice.entry, told_on=told_on
        )


def _short(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:24]


def _line(said: str) -> str:
    return "".join(c if c.isprintable() else " " for c in said).strip()
