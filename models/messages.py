"""Every message that people read: a key with its facts in the code, its words in one place per language.

The words are in templates/messages.<language>.toml. A folder of procedures adds its own, in a file of the
same name, and says none of them anew. A place in them is named as a fact of the message: `{number}`. A place
may say how its fact is written: `{cents:euros}`, `{body:word}`, `{names:lines}`, `{name!r}`. Several facts
in one place stand with commas between; none of them is the word `none` of the language. Where the words
depend on how many, they have a form `one` and a form `other`, and the fact `n` chooses.

A message travels as key and facts, and is put into words where it is read. Whoever reads chooses the
language once (`read_in`): what is put into words for people follows it. A message as text, `str(message)`, is
English, as is everything that is kept or that programs read. The words are part of the programme and read
once, as its source is; a worker reads them before any workflow runs, and nobody chooses a language for it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from functools import cache
from pathlib import Path
from string import Formatter
from types import MappingProxyType
from typing import Any, cast

ENGLISH = "en"
"""The language of texts that are kept or that programs read, and of whoever has chosen none."""

LANGUAGES = (ENGLISH, "nl", "fr", "de")
"""The languages of people who read."""

_reader = ENGLISH

_ROOT = Path(__file__).resolve().parent.parent

PLACES = [_ROOT / "procedures"]
"""Where folders of procedures stand. Their words are read by their path: no list loads a procedure."""

_BETWEEN = {"": ", ", "lines": "\n", "words": " "}
"""What stands between several facts in one place, by how the place says that they are written; else a word
of the language: `and`, `or`, or its semicolon between clauses."""

Words = str | Mapping[str, str]
"""The words of a key: one text, or one for each form."""

NO_WORDS: Mapping[str, Words] = MappingProxyType({})


class Message:
    """What is said, before it is put into words: a key and the facts that its places name."""

    __slots__ = ("facts", "key")

    def __init__(self, key: str, /, **facts: Any) -> None:
        self.key = key
        self.facts = facts

    def __str__(self) -> str:
        return self.in_words(ENGLISH)

    def __repr__(self) -> str:
        return f"Message({self.key!r}, {self.facts!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Message) and (self.key, self.facts) == (other.key, other.facts)

    def __hash__(self) -> int:
        return hash(self.key)

    def in_words(self, language: str = "", spoken: Mapping[str, Words] = NO_WORDS) -> str:
        """The message in a language, as a rule that of whoever reads, or in words of its own (`spoken`).

        What has no words in the language is told in English. Raises: LookupError naming a key without any.
        """
        language = language or reader()
        words = spoken.get(self.key) or catalogue(language).get(self.key)
        if words is None:
            if language == ENGLISH:
                raise LookupError(self.key)
            return self.in_words(ENGLISH, spoken)
        if not isinstance(words, str):
            one = Message("language.one").in_words(language).split()
            words = words["one" if str(self.facts["n"]) in one else "other"]
        if "{" not in words and "}" not in words:
            return words
        return _Places(language, spoken).vformat(words, (), self.facts)

    @classmethod
    def of_input(cls, error: Mapping[str, Any]) -> Message:
        """What pydantic finds wrong with one part of what was typed."""
        context = error.get("ctx", {})
        if said := getattr(context.get("error"), "said", None):
            return cast(Message, said)
        if (key := f"input.{error['type']}") in catalogue(ENGLISH):
            if error["type"] == "string_too_long":
                context = {**context, "n": len(error["input"])}
            return cls(key, **context)
        return cls("input.otherwise", why=error["msg"])

    def sent(self) -> dict[str, Any]:
        """Key and facts as they travel in JSON: days as text, and messages within as messages."""
        return {"key": self.key, "facts": {name: _sent(fact) for name, fact in self.facts.items()}}

    @classmethod
    def received(cls, sent: Mapping[str, Any]) -> Message:
        """The message that was sent so."""
        return cls(sent["key"], **{name: _received(fact) for name, fact in sent["facts"].items()})


def read_in(language: str) -> None:
    """Whoever reads what this process tells from now on reads that language."""
    global _reader
    _reader = language


def reader() -> str:
    """The language of whoever reads what this process tells."""
    return _reader


@contextmanager
def for_programs() -> Iterator[None]:
    """What is told meanwhile, programs read: it is English, whoever reads."""
    before = reader()
    read_in(ENGLISH)
    try:
        yield
    finally:
        read_in(before)


def worded(key: str, /, **facts: Any) -> str:
    """The words of a message, for people to read now, in their language: nothing that is kept."""
    return Message(key, **facts).in_words()


def named_word(code: str) -> Message:
    """A code of the procedure, such as a phase, as a message; one without words, as it is spelt."""
    key = word_key(code)
    if key in catalogue(ENGLISH):
        return Message(key)
    return Message("language.as-it-is", words=str(code).replace("_", " "))


def word_key(code: str) -> str:
    """The key of the words of a code."""
    return f"word.{str(code).replace('_', '-').replace(' ', '-').replace(',', '')}"


def word(code: str) -> str:
    """A code of the procedure in words, for people to read now."""
    return named_word(code).in_words()


def named_act(act: str) -> Message:
    """What was done, as a message, by the name of the act, the note or the silence; else as it is spelt."""
    key = f"act-name.{act}"
    return Message(key) if key in catalogue(ENGLISH) else Message("language.as-it-is", words=act)


def act_name(act: str) -> str:
    """The same in words, for people to read now."""
    return named_act(act).in_words()


def amount(hundredths: int, language: str = "") -> str:
    """An amount with two decimals, as the language of whoever reads writes it, or another one."""
    return _in_figures(f"{hundredths / 100:,.2f}", language or reader())


def figures(n: float) -> str:
    """A number without decimals, as the language of whoever reads writes it."""
    return _in_figures(f"{n:,.0f}", reader())


def _in_figures(written: str, language: str) -> str:
    """A number as Python writes it, with the signs of the language."""
    thousands, decimal = (Message(f"language.{sign}").in_words(language) for sign in ("thousands", "decimal"))
    return written.translate({ord(","): thousands, ord("."): decimal})


def coded(code: str, *facts: object) -> str:
    """A code and its facts in one text, `condition-overdue:1`, as rows, lists and JSON hold it."""
    return ":".join((code, *map(str, facts)))


def decoded(text: str, section: str, names: tuple[str, ...]) -> Message:
    """The message of such a text, its facts under their names; one that has no words, as it is spelt."""
    code, *facts = text.split(":")
    if f"{section}.{code}" not in catalogue(ENGLISH) or len(facts) != len(names):
        return Message("language.as-it-is", words=text)
    return Message(f"{section}.{code}", **dict(zip(names, facts, strict=True)))


def look_also_in(place: Path) -> None:
    """Takes the words of the folders of procedures in one more place in. Idempotent."""
    if place not in PLACES:
        PLACES.append(place)
        catalogue.cache_clear()


@cache
def catalogue(language: str) -> dict[str, Words]:
    """All words of a language, by key: those of the engine, and what the folders of procedures add."""
    found = words_in(_ROOT / "templates" / f"messages.{language}.toml")
    for place in PLACES:
        for folder in sorted(place.glob(f"*/messages.{language}.toml")):
            found = words_in(folder) | found
    return found


def words_in(file: Path) -> dict[str, Words]:
    """The words of one file, by key: the section and the name, with a dot between. Raises: ValueError."""
    sections = tomllib.loads(file.read_text(encoding="utf-8"))
    return {
        f"{section}.{name}": words for section, named in sections.items() for name, words in named.items()
    }


class _Places(Formatter):
    """Fills the places of words with facts, as the language writes them."""

    def __init__(self, language: str, spoken: Mapping[str, Words]) -> None:
        self._language = language
        self._spoken = spoken

    def convert_field(self, value: Any, conversion: Any) -> Any:
        """A message within is no name that somebody gave: it stands without the marks of one."""
        return value if isinstance(value, Message) else super().convert_field(value, conversion)

    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, list | tuple):
            written = [self.format_field(one, "") for one in value]
            if format_spec == "clauses":
                between = self._word("language.semicolon")
            else:
                between = _BETWEEN.get(format_spec) or f" {self._word(f'language.{format_spec}')} "
            return between.join(written) or self._word("language.none")
        if isinstance(value, Message):
            return value.in_words(self._language, self._spoken)
        if format_spec == "word":
            return named_word(value).in_words(self._language)
        if format_spec == "euros":
            return amount(value, self._language)
        if isinstance(value, date) and "%A" in format_spec:
            weekday = self._word(f"weekday.{value.isoweekday()}")
            return format(value, format_spec.replace("%A", weekday))
        if isinstance(value, int | float) and format_spec:
            return _in_figures(format(value, format_spec), self._language)
        return str(format(value, format_spec))

    def _word(self, key: str) -> str:
        return Message(key).in_words(self._language, self._spoken)


def _sent(fact: Any) -> Any:
    if isinstance(fact, Message):
        return fact.sent()
    if isinstance(fact, list | tuple):
        return [_sent(one) for one in fact]
    return fact if isinstance(fact, int | float) else str(fact)


def _received(sent: Any) -> Any:
    if isinstance(sent, list):
        return [_received(one) for one in sent]
    return Message.received(sent) if isinstance(sent, Mapping) else sent
