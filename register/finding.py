"""Finds in the register what people remember of a case: a product, a name, a number, money, a letter."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from register.reading import Questions, document, questions
from register.views import natural

FEWEST_DIGITS = 4
"""Digits of a communication or an account that tell it apart from what else has digits."""


@dataclass(frozen=True, slots=True)
class Found:
    """Where a text stands.

    `what` is a part of a subject, or holder, number, delivery, invoice, payment or letter.
    """

    number: str
    what: str
    text: str


def find(url: str, text: str) -> list[Found]:
    """All that holds a text, by number; capitals and accents do not count, nor signs between digits.

    A payment that no case has taken yet has no number. Raises: NotReachable.
    """
    wanted = _plain(text)
    with questions(url) as ask:
        found = {
            one: None
            for one in (*_of_cases(ask), *_of_deliveries(ask), *_of_money(ask), *_of_letters(ask))
            if wanted in _plain(one.text) or _same_digits(text, one.text)
        }
    return sorted(found, key=lambda one: (not one.number, natural(one.number), one.what))


def _of_cases(ask: Questions) -> Iterator[Found]:
    for number, holder, subject in ask("SELECT number, holder, subject FROM current_state"):
        yield Found(number, "number", number)
        yield Found(number, "holder", holder)
        for part, told in document(subject)["parts"].items():
            yield Found(number, part, told)


def _of_deliveries(ask: Questions) -> Iterator[Found]:
    """The numbers of the deliveries that opened a case or completed one."""
    for number, told in ask(
        "SELECT number, claim FROM allotted_number WHERE SUBSTR(claim, 1, 9) = 'delivery ' "
        "UNION SELECT number, request_id FROM entry WHERE SUBSTR(request_id, 1, 9) = 'delivery-'"
    ):
        yield Found(number, "delivery", told[len("delivery ") :])


def _of_money(ask: Questions) -> Iterator[Found]:
    for number, invoice, communication in ask("SELECT number, invoice, communication FROM invoice"):
        yield Found(number, "invoice", f"{invoice} {communication}")
    for number, *told in ask(
        "SELECT COALESCE((SELECT MIN(s.number) FROM movement_share s WHERE s.movement = m.id), ''), m.id, "
        "m.payer, m.payer_account, m.structured, m.communication FROM movement m"
    ):
        yield Found(number, "payment", " ".join(filter(None, told)))


def _of_letters(ask: Questions) -> Iterator[Found]:
    for number, key, recipient, subject in ask("SELECT number, key, recipient, subject FROM notice"):
        yield Found(number, "letter", f"{key} {recipient} {subject}")


def _plain(text: str) -> str:
    apart = unicodedata.normalize("NFKD", text)
    return " ".join("".join(sign for sign in apart if not unicodedata.combining(sign)).casefold().split())


def _same_digits(text: str, told: str) -> bool:
    digits = re.sub(r"\D", "", text)
    only_digits = re.fullmatch(r"[\d\s+*/.-]+", text.strip())
    return bool(only_digits) and len(digits) >= FEWEST_DIGITS and digits in re.sub(r"\D", "", told)
