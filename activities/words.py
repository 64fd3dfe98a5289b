"""The words of a language, table by table: what one file says lies over what another one said."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path

from models.messages import Message
from models.parties import Language


class Words(dict[str, str]):
    """A table of words. Raises: LookupError naming procedure, language and word for one that it lacks."""

    def __init__(self, procedure: str, language: Language, table: str) -> None:
        super().__init__()
        self._procedure, self._language, self._table = procedure, language, table

    def __missing__(self, word: str) -> str:
        raise LookupError(
            Message(
                "letter.no-word",
                procedure=self._procedure,
                language=self._language.value,
                word=word,
                table=self._table,
            )
        )


class Tables(dict[str, Words]):
    """The tables of words of a language; one that nobody fills is empty."""

    def __init__(self, procedure: str, language: Language) -> None:
        super().__init__()
        self._procedure, self._language = procedure, language

    def __missing__(self, table: str) -> Words:
        return Words(self._procedure, self._language, table)

    def lay_over(self, file: Path) -> None:
        """Takes the words of a file over those that were there; a file that is not there says nothing."""
        try:
            written = file.stat().st_mtime_ns
        except OSError:
            return
        for table, words in _read(file, written).items():
            self.setdefault(table, self[table]).update(words)


@lru_cache(maxsize=400)
def _read(file: Path, written: int) -> dict[str, dict[str, str]]:
    """What stands in a file of words, read once as it was `written`: all procedures share it."""
    return tomllib.loads(file.read_text(encoding="utf-8"))
