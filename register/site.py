"""Writes a public register as a static site in four languages, and as files that programs read.

Nothing in it depends on when or where it is written: the same register gives the same bytes. Everything
that people typed is escaped by the templates; no page loads anything from elsewhere.
"""

from __future__ import annotations

import hashlib
import re
import tomllib
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from models.errors import InputRefused
from models.parties import Language, Spoken, said_in
from procedures.registry import Publicity, lists_of, zone_of
from register.downloads import as_csv, as_json, as_schema
from register.public import LANGUAGES, PublicRegister, shown
from register.publications import MOVED, Line, Published
from register.summaries import blocks

TEMPLATES = Path(__file__).resolve().parent.parent / "templates" / "site"

MADE_BY = tuple(Path(__file__).with_name(f"{name}.py") for name in ("site", "downloads", "summaries"))
"""What the files of a site are made by, beside templates and words."""

NAMES = {"nl": "Nederlands", "fr": "Français", "en": "English", "de": "Deutsch"}
"""Each language by its own name, as a reader looks for it."""

NEWEST = 500
"""Changes on the page of changes, of whole publications; the register keeps every one."""

NEWEST_IN_FEED = 100

FILES = ("style.css", "lists.js")
"""Files of the site that are the same for every register."""

ASKED = {
    "page": (
        *("title", "lead", "lists", "search", "none", "authorised_on", "summary", "no_summary", "older"),
        "not_published",
    ),
    "events": ("added",),
    "programmes": ("other",),
    "found": ("none", "other"),
}
"""The words that a register brings, beside those for its lists and columns."""

_LOCALES = {"nl": "nl_BE", "fr": "fr_BE", "en": "en_GB", "de": "de_BE"}


@dataclass(frozen=True, slots=True)
class Frame:
    """What the site says beside what is public: of which register, whose, and where it stands (ends in `/`).

    `telephone` is that of the desk which answers questions.
    """

    of: Publicity
    agency: Spoken
    url: str = ""
    telephone: str = ""


class Site:
    """The site of a register: what is public, the newest publications, and programmes no longer shown."""

    def __init__(
        self,
        register: PublicRegister,
        frame: Frame,
        publications: list[Published],
        gone: list[Line],
    ) -> None:
        self._register, self._frame = register, frame
        self._publications, self._gone = publications, gone
        self._json = as_json(register)

    def version(self) -> str:
        """The name of the site that is made from this: by all that it is made from, these lines among it."""
        made_from = hashlib.sha256(self._json)
        newest = self._publications[0].number if self._publications else 0
        frame = self._frame
        made_from.update(
            f"{newest}\0{frame.of.name}\0{frame.agency!r}\0{frame.url}\0{frame.telephone}\0".encode()
        )
        for file in (*MADE_BY, *sorted(TEMPLATES.iterdir()), *sorted(frame.of.words.iterdir())):
            made_from.update(file.name.encode() + b"\0" + file.read_bytes())
        return made_from.hexdigest()[:16]

    def pages(self) -> Iterator[tuple[str, bytes]]:
        """Every file of the site, by its address.

        Raises: InputRefused when a word is missing in a language, before the first file is given.
        """
        agency = said_in(self._frame.agency, Language.EN)  # of the pages that speak every language
        writers = [
            _Writer(language, self._frame, self._register, self._publications, self._gone)
            for language in LANGUAGES
        ]
        for name in FILES:
            yield name, (TEMPLATES / name).read_bytes()
        yield (
            "register.schema.json",
            as_schema(self._frame.of, words_of(self._frame.of, "en"), self._frame.url),
        )
        yield "register.json", self._json
        yield "register.csv", as_csv(self._register)
        titles = {writer.language: writer.words["page"]["title"] for writer in writers}
        door = writers[0].template("index.html.j2")
        yield (
            "index.html",
            door.render(agency=agency, languages=LANGUAGES, names=NAMES, titles=titles).encode(),
        )
        said = {writer.language: writer.words["page"] for writer in writers}
        lost = writers[0].template("404.html.j2")
        yield "404.html", lost.render(said=said, agency=agency, root=self._frame.url or "/").encode()
        for writer in writers:
            yield from writer.pages()


@cache
def address(number: str) -> str:
    """The name of a programme's page, without its ending. It never changes."""
    return "".join(sign if sign.isascii() and (sign.isalnum() or sign in "-.") else "_" for sign in number)


class _Writer:
    """The pages in one language."""

    def __init__(
        self,
        language: str,
        frame: Frame,
        register: PublicRegister,
        publications: list[Published],
        gone: list[Line],
    ) -> None:
        self.language, self._frame = language, frame
        self._agency = said_in(frame.agency, Language(language))
        self._register, self._publications, self._gone = register, publications, gone
        self.words = words_of(frame.of, language)
        self._zone = zone_of(frame.of)
        self._environment = self._made()

    def template(self, name: str) -> Any:
        return self._environment.get_template(name)

    def pages(self) -> Iterator[tuple[str, bytes]]:
        programmes = self._register.programmes
        lists = [
            (str(one), [p for p in programmes if p.public_list == one]) for one in lists_of(self._frame.of)
        ]
        title, changes = self.words["page"]["title"], self.words["page"]["changes"]
        lists_page = self.template("lists.html.j2").render(lists=lists)
        yield self._framed("lists", "../")(title, "index.html", lists_page)
        told = self._publications
        changes_page = self.template("changes.html.j2").render(
            publications=told, pairs=pairwise((*told, None))
        )
        yield self._framed("changes", "../")(f"{changes} · {title}", "changes.html", changes_page)
        yield f"{self.language}/changes.atom", self._feed()
        framed = self._framed("programme", "../../")
        for name, some in (("programme.html.j2", programmes), ("gone.html.j2", self._gone)):
            page = self.template(name).module.page
            for one in some:
                here = f"programmes/{address(one.number)}.html"
                yield framed(f"{one.title} · {title}", here, page(one))

    def _framed(self, page: str, up: str) -> Callable[[str, str, str], tuple[str, bytes]]:
        """What puts a page into its frame: head, navigation and foot, which are rendered once for all."""
        from markupsafe import escape

        # control characters: no text that is published holds one
        frame = self.template("page.html.j2").render(page=page, up=up, title="\1", here="\2", main="\3")
        before, after = frame.split("\3")

        def fill(title: str, here: str, main: str) -> tuple[str, bytes]:
            head = before.replace("\1", str(escape(title))).replace("\2", here)
            return f"{self.language}/{here}", f"{head}{main}{after}".encode()

        return fill

    def _feed(self) -> bytes:
        entries = [(told, line) for told in self._publications for line in told.lines][:NEWEST_IN_FEED]
        updated = self._publications[0].published_at
        here = f"{self._frame.url}{self.language}/" if self._frame.url else ""
        return str(
            self.template("changes.atom.j2").render(entries=entries, updated=updated, here=here)
        ).encode()

    def _changed(self, line: Line) -> str:
        """What a publication changed of a programme: parts, with the languages of texts.

        A movement says by itself that history and last update changed, and history goes without saying
        where something else is told.
        """
        implied = {"past", "last_update_on"} if line.what == MOVED else {"past"} & {*list(line.parts)[1:]}
        said = []
        for part, tongues in line.parts.items():
            if part in implied:
                continue
            named = [self.words["languages"].get(t, self.words["page"]["und"]) for t in tongues]
            said.append(self.words["parts"][part] + (f" ({', '.join(named)})" if named else ""))
        return ", ".join(said)

    def _made(self) -> Any:
        from jinja2 import Environment, FunctionLoader, StrictUndefined
        from markupsafe import Markup, escape

        def word(asked: re.Match[str]) -> str:
            said = self.words.get(asked[1], {}).get(asked[2], "{")
            return asked[0] if "{" in said else str(escape(said))

        def read(name: str) -> str:
            """A template, with the words that are the same on all its pages in their places already."""
            return re.sub(r"{{\swords\.(\w+)\.(\w+)\s}}", word, (TEMPLATES / name).read_text())

        environment = Environment(
            loader=FunctionLoader(read),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )

        @cache
        def tongue(language: str) -> Markup:
            if language == self.language:
                return Markup("")
            return Markup(' lang="{}"').format(language)

        def instead(language: str) -> str:
            if not language:
                return self.words["page"]["unstated"]
            return self.words["page"]["instead"].format(language=self.words["languages"][language])

        @cache
        def gap(language: str) -> Markup:
            """What a text that is shown in another language than the page's says of that."""
            if language == self.language:
                return Markup("")
            return Markup(' <small class="gap" lang="{}">{}</small>').format(self.language, instead(language))

        @cache
        def short(on: date) -> Markup:
            return escape(f"{on:%d.%m.%Y}" if self.language == "de" else f"{on:%d/%m/%Y}")

        @cache
        def long(on: date) -> Markup:
            return escape(_long(on, self.language))

        environment.filters |= {
            "told": lambda texts: shown(texts, self.language),
            "tongue": tongue,
            "instead": instead,
            "gap": gap,
            "short": short,
            "long": long,
            "moment": lambda at: escape(_moment(at, self._zone, self.language)),
            "counted": lambda n, word: _counted(n, self.words[word], self.language),
            "changed": self._changed,
            "urn": lambda name: _urn(f"{self._frame.of.name}/{name}"),
            "blocks": blocks,
            "address": address,
        }
        environment.globals |= {
            "language": self.language,
            "languages": LANGUAGES,
            "names": NAMES,
            "words": self.words,
            "agency": self._agency,
            "telephone": self._frame.telephone,
            "columns": self._frame.of.columns,
            "translated": self._frame.of.translated,
            "last_update_on": self._register.last_update_on,
        }
        return environment


def words_of(of: Publicity, language: str) -> dict[str, dict[str, str]]:
    """The words of the site of a register in a language: its own, and those of every site.

    Raises: InputRefused naming what it lacks: what English has, and what its lists and columns are called.
    """
    words, wanted = _words(of.words, language), _words(of.words, "en")
    asked = [(table, word) for said in (ASKED, wanted) for table, some in said.items() for word in some]
    asked += [(t, f"{one}") for one in lists_of(of) for t in ("lists", "standing", "changes", "events")]
    asked += [(table, part) for part in of.columns for table in ("columns", "parts")]
    missing = [f"{table}.{word}" for table, word in asked if not words.get(table, {}).get(word)]
    if missing:
        raise InputRefused(
            "public.words-missing",
            register=of.name,
            language=language,
            missing=list(dict.fromkeys(missing)),
        )
    return words


@cache
def _words(folder: Path, language: str) -> dict[str, dict[str, str]]:
    words: dict[str, dict[str, str]] = tomllib.loads((TEMPLATES / f"words.{language}.toml").read_text())
    own = folder / f"{language}.toml"
    for table, some in (tomllib.loads(own.read_text()) if own.exists() else {}).items():
        words[table] = words.get(table, {}) | some
    return words


@cache
def _long(on: date, language: str) -> str:
    from babel.dates import format_date

    written = format_date(on, "long", locale=_LOCALES[language])
    return f"1er{written[1:]}" if language == Language.FR and on.day == 1 else written


@cache
def _moment(at: str, zone: ZoneInfo, language: str) -> str:
    from babel.dates import format_time

    there = datetime.fromisoformat(at).astimezone(zone)
    return f"{_long(there.date(), language)}, {format_time(there, 'HH:mm', locale=_LOCALES[language])}"


def _counted(count: int, forms: dict[str, str], language: str) -> str:
    """A count with its noun, in the plural form that the language has for it."""
    from babel import Locale

    form = Locale.parse(_LOCALES[language]).plural_form(count)
    return forms.get(form, forms["other"]).format(count=count)


def _urn(name: str) -> str:
    return f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'umn:{name}')}"
