"""What people type into a form, read where it can mean one thing only; all else is left as it was typed.

A day, a number, yes or no, and several answers in one cell, in the words and signs of Dutch, French, German
and English. Two readings are no reading: whoever typed it is asked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from functools import cache

from models.parties import Language
from office.intake.forms import texts

_IN_DIGITS = re.compile(r"(\d{1,4})([./-])(\d{1,2})\2(\d{1,4})")
_BESIDE_A_MONTH = frozenset(("er", "e", "de", "den", "ste", "st", "nd", "rd", "th", "of", "the"))

_BLANKS = re.compile(r"[ \u00a0\u2009\u202f'’](?=\d{3}(?!\d))")
_EURO = re.compile(r"^(?:€|euros?|eur) ?|(?<=\d) ?(?:€|euros?|eur)$")
_WHOLE = re.compile(r"\d+")
_GROUPED = re.compile(r"\d{1,3}([.,])\d{3}(?:\1\d{3})*")
_WITH_CENTS = re.compile(r"(\d+|\d{1,3}(?:\.\d{3})+),(\d+)|(\d+|\d{1,3}(?:,\d{3})+)\.(\d+)")
_JOINS = [
    re.compile(rf"\s+{word}\s+", re.IGNORECASE)
    for word in ("et", "en", "und", "and", "ou", "of", "oder", "or")
] + [re.compile(r"\s*[&+/]\s*")]
_MARKS = " \t\r\u00a0.•·*-–✓✔"


def plain(written: object) -> str:
    """What was typed, in small letters, without blanks around it or a full stop behind it."""
    return " ".join(str(written).split()).casefold().rstrip(".! ")


def says_nothing(written: object) -> bool:
    """Whether somebody typed that there is nothing to say: not applicable, or a dash."""
    return plain(written) in _words("nothing")


def yes_or_no(written: object) -> bool | None:
    """Yes, no, or neither for sure. A cross or a tick is a yes."""
    said = plain(written)
    return True if said in _words("yes") else False if said in _words("no") else None


@cache
def _words(meaning: str) -> frozenset[str]:
    """What people type for one meaning, in any language."""
    return frozenset(word for language in Language for word in texts(language)["typed"][meaning].split(", "))


def days(written: str) -> tuple[date, ...]:
    """The days that it can mean: one for sure, two where day and month could change places, or none."""
    said = plain(written)
    if found := _IN_DIGITS.fullmatch(said):
        first, sign, second, last = found.groups()
        if len(first) == 4:
            return _days((first, second, last))
        # with full stops the day comes first, wherever it is written so
        orders = [(last, second, first)] if sign == "." else [(last, second, first), (last, first, second)]
        return _days(*orders) if len(last) == 4 else ()
    words = [word for word in re.findall(r"\d+|[^\W\d_]+", said) if word not in _BESIDE_A_MONTH]
    months = {_months()[word] for word in words if word in _months()}
    numbers = [word for word in words if word.isdecimal()]
    if len(words) != 3 or len(months) != 1 or len(numbers) != 2 or len(numbers[1]) != 4:
        return ()
    return _days((numbers[1], str(*months), numbers[0]))


def _days(*orders: tuple[str, str, str]) -> tuple[date, ...]:
    found = set()
    for year, month, day in orders:
        try:
            found.add(date(int(year), int(month), int(day)))
        except ValueError:
            continue
    return tuple(sorted(found))


@cache
def _months() -> dict[str, int]:
    """The months by their names, whole and short, in each language."""
    from babel.dates import get_month_names

    return {
        name.casefold().rstrip("."): month
        for language in Language
        for width in ("wide", "abbreviated")
        for month, name in get_month_names(width, locale=language.value).items()
    }


def amounts(written: str) -> tuple[Decimal, ...]:
    """The numbers that it can mean: two where one sign could divide thousands, or cents."""
    said = _BLANKS.sub("", _EURO.sub("", plain(written)))
    if not said.isascii():
        return ()
    if _WHOLE.fullmatch(said):
        return (Decimal(said),)
    found = set()
    if _GROUPED.fullmatch(said) and said[0] != "0":
        found.add(Decimal(said.replace(".", "").replace(",", "")))
    if parts := _WITH_CENTS.fullmatch(said):
        whole, cents = parts[1] or parts[3], parts[2] or parts[4]
        found.add(Decimal(f"{re.sub('[.,]', '', whole)}.{cents}"))
    return tuple(sorted(found))


def whole_number(written: str) -> int | None:
    """The one whole number that it can mean."""
    found = [amount for amount in amounts(written) if amount == amount.to_integral_value()]
    return int(found[0]) if len(found) == 1 and found[0] < 10**12 else None


def several(written: str, known: Callable[[str], bool]) -> Iterator[str]:
    """The answers in one cell, on lines of their own or with commas, or joined where each is known."""
    for part in re.split(r"[,;\n]", written):
        answer = part.strip(_MARKS)
        ways = ([each.strip(_MARKS) for each in joins.split(answer)] for joins in _JOINS)
        if answer:
            yield from next((way for way in ([answer], *ways) if all(map(known, way))), [answer])
