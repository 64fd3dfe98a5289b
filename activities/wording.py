"""The words of a letter: one template per kind and language, filled with the facts of that letter.

What a person wrote is only ever a value: it is put on one line, so that it can begin neither a line
nor a list nor a title, and it is never read as a template.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, TypedDict

from models.parties import Language

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"

_LOCALES = {Language.NL: "nl_BE", Language.FR: "fr_BE", Language.EN: "en_GB", Language.DE: "de_BE"}
_ITEMS = {"- ": "list", "1. ": "numbers", "> ": "quote"}
_ITEM = re.compile("|".join(map(re.escape, _ITEMS)))
_SEVERAL = re.compile(r" (?:and|to) \d+\b(?!°)")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_BLANK_LINE = re.compile(r"\r?\n[ \t]*\r?\n")
_LINE_BREAKS = re.compile(r"[ \t\n\r\x0b\x0c\x1c-\x1f\x85\u2028\u2029]+")


class Part(TypedDict):
    """A paragraph or heading (`text`), or a list, numbers or a quote (`items`); `kind` tells which."""

    kind: str
    text: str
    items: list[str]


@dataclass(frozen=True)
class Text:
    """A letter in words: its title, and its parts in order."""

    title: str
    parts: tuple[Part, ...]


def plain(value: object) -> str:
    """The value on one line, without control characters and invisible format characters.

    Raises: ValueError for None, which no letter should have to spell.
    """
    if value is None:
        raise ValueError("A letter has no words for a value that is missing.")
    text = _LINE_BREAKS.sub(" ", str(value))
    return "".join(c for c in text if unicodedata.category(c) not in ("Cc", "Cf", "Cs"))


def region(language: Language) -> str:
    """The country whose way of writing a language is followed."""
    return _LOCALES[language].partition("_")[2]


def grounds(written: str) -> list[str]:
    """The paragraphs that a person wrote: each of the grounds has its number, those of a plan stand alone."""
    return [ground.strip() for ground in _BLANK_LINE.split(written) if plain(ground).strip()]


class Wording:
    """Writes the text of letters from the templates of one folder.

    `dates_together` writes dates with spaces at which no line breaks: on a page, not in a terminal.
    """

    def __init__(self, folder: Path, dates_together: bool = False) -> None:
        self._folder = folder
        self._dates_together = dates_together
        self._environments = cache(self._environment)
        self._words = cache(self._read_words)
        self._findings = cache(self._read_findings)
        self._questions = cache(self._read_questions)
        self._pages = cache(self._html_environment)

    def write(self, kind: str, language: Language, values: Mapping[str, Any]) -> Text:
        """The letter of that kind in that language.

        Raises: jinja2.UndefinedError for a fact that the template needs and does not get,
        jinja2.TemplateNotFound for a kind without template, LookupError for an untranslated word.
        """
        template = self._environments(language).get_template(f"{kind}/{language.value}.txt.j2")
        return _parse(template.render(**values))

    def html(self, letter: Mapping[str, Any]) -> str:
        """The words of a letter as it is laid out (activities/documents.py), as an HTML page for mail."""
        page: str = self._pages().get_template("letter.html.j2").render(letter=letter)
        return page

    def words(self, language: Language) -> dict[str, dict[str, str]]:
        """The tables of words of a language: labels, procedures, salutations, notes, clauses and more."""
        return self._words(language)

    def article(self, article: str, language: Language) -> str:
        """An article as the law's data names it, with its joining words in the language."""
        labels = self.words(language)["labels"]
        joined = article.replace(" and ", f" {labels['and']} ").replace(" to ", f" {labels['to']} ")
        return re.sub(r"\bart\.", labels["article"], joined)

    def by_article(self, article: str, language: Language) -> str:
        """That something is done under an article, or under several; nothing where none is known."""
        if not article:
            return ""
        label = "by_articles" if _SEVERAL.search(article) else "by_article"
        return self.words(language)["labels"][label].format(article=self.article(article, language))

    def source(self, written: str, language: Language) -> str:
        """Instrument and article of a clause; those that the agency named itself stay as it wrote them."""
        for instrument, name in self.words(language)["instruments"].items():
            if written.startswith(instrument):
                article = self.article(written.removeprefix(instrument), language)
                # it stands in parentheses itself, as a rule
                return name + re.sub(r" \((numac [0-9]+)\)", r", \1", article)
        return written

    def text(self, written: str, language: Language) -> str:
        """A condition or power that we ship, in the language; one that the agency wrote, as it wrote it."""
        shipped = {text: key for key, text in self.words(Language.EN)["texts"].items()}
        return self.words_for("texts", shipped[written], language) if written in shipped else written

    def clause(self, clause: str, language: Language) -> str:
        """What a clause governs, in the language; its id when it has no name yet."""
        return self.words(language)["clauses"].get(clause, clause)

    def clock(self, ref: str, language: Language) -> str:
        """What an open clock leads to: a clause, or a day such as that of a condition by its number.

        Raises: LookupError when it has no words.
        """
        tables = self.words(language)
        for table in ("clauses", "words", "refs"):  # before there were clocks, a phase had the day
            if ref in tables[table]:
                return tables[table][ref]
        for kind, words in tables["refs"].items():
            if kind.endswith("-") and ref.startswith(kind):
                n = ref.removeprefix(kind)
                return words.format(n=self.long_date(n, language) if _DAY.fullmatch(n) else n)
        raise LookupError(f"words.{language.value}.toml has no words for the clock {ref!r}.")

    def long_date(self, on: date | str, language: Language) -> str:
        """A civil date as the language writes it in full."""
        from babel.dates import format_date

        # str() makes an undefined value speak up, here and in the other filters
        day = on if isinstance(on, date) else date.fromisoformat(str(on))
        written = format_date(day, "long", locale=_LOCALES[language])
        # CLDR writes "1 janvier"; French writes the first of a month as an ordinal
        written = f"1er{written[1:]}" if language is Language.FR and day.day == 1 else written
        return written.replace(" ", "\u00a0") if self._dates_together else written

    def weekday_date(self, on: date, language: Language) -> str:
        """A civil date in full with its weekday before it."""
        from babel.dates import format_date

        comma = "," if language is Language.DE else ""
        weekday = format_date(on, "EEEE", locale=_LOCALES[language])
        return f"{weekday}{comma} {self.long_date(on, language)}"

    def amount(self, unit: str, n: int, language: Language) -> str:
        """So many of a unit, with its plural as the language has it."""
        from babel import Locale

        form = Locale.parse(_LOCALES[language]).plural_form(n)
        return self.words_for("units", f"{unit}_{form}", language).format(n=n)

    def euros(self, cents: int, language: Language) -> str:
        """An amount of money as the language writes it."""
        from decimal import Decimal

        from babel.numbers import format_currency

        return format_currency(Decimal(str(cents)) / 100, "EUR", locale=_LOCALES[language])

    def words_for(self, table: str, key: str, language: Language) -> str:
        """The words of a table. Raises: LookupError naming the file when there are none."""
        words = self.words(language)[table]
        if key not in words:
            raise LookupError(f"words.{language.value}.toml has nothing for {key!r} in [{table}].")
        return words[key]

    def finding(self, told: Mapping[str, Any], language: Language) -> str:
        """What a check of the intake found, as a sentence that tells the applicant what to do.

        Raises: LookupError when it has no words.
        """
        tables, fields = self._findings(language), self._questions(language)
        terms = {**fields, **tables["terms"]}

        def said(value: Any) -> str:
            if isinstance(value, list | tuple):
                return ", ".join(said(part) for part in value)
            return self.long_date(value, language) if _DAY.fullmatch(value) else terms.get(value, value)

        sentence = _among(tables["findings"], str(told["what"]), "findings", language)
        params = {name: said(value) for name, value in told.get("params", {}).items()}
        written = sentence.format_map(params)
        return written[:1].upper() + written[1:]

    def refusal(self, code: str, language: Language) -> str:
        """What the applicant is told to do when the forms of a package refuse it. Raises: LookupError."""
        return _among(self._findings(language)["refusals"], code, "refusals", language)

    def rule(self, rule: str, language: Language) -> str:
        """What a rule of eligibility asks. Raises: LookupError when it has no words."""
        return _among(self._findings(language)["rules"], rule, "rules", language)

    def verdict(self, verdict: str, language: Language) -> str:
        """How a rule stands. Raises: LookupError when it has no words."""
        return _among(self._findings(language)["verdicts"], verdict, "verdicts", language)

    def rule_source(self, written: str, language: Language) -> str:
        """Where a rule is written, in the language."""
        return self._findings(language)["sources"].get(written) or self.source(written, language)

    def _read_findings(self, language: Language) -> dict[str, dict[str, str]]:
        path = self._folder / "findings" / f"{language.value}.toml"
        return tomllib.loads(path.read_text(encoding="utf-8"))

    def _read_questions(self, language: Language) -> dict[str, str]:
        path = self._folder / "form" / f"{language.value}.toml"
        questions = tomllib.loads(path.read_text(encoding="utf-8"))["questions"]
        # a question becomes the name of its field
        return {key: question.rstrip(" \u00a0?") + f" ({key})" for key, question in questions.items()}

    def _read_words(self, language: Language) -> dict[str, dict[str, str]]:
        return tomllib.loads((self._folder / f"words.{language.value}.toml").read_text(encoding="utf-8"))

    def _html_environment(self) -> Any:
        from jinja2 import Environment, FileSystemLoader, StrictUndefined

        # all that reaches the page is a value; each is escaped
        return Environment(
            loader=FileSystemLoader(self._folder, encoding="utf-8"),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            autoescape=True,
        )

    def _environment(self, language: Language) -> Any:
        from jinja2 import FileSystemLoader, StrictUndefined
        from jinja2.sandbox import ImmutableSandboxedEnvironment

        made = ImmutableSandboxedEnvironment(
            loader=FileSystemLoader(self._folder, encoding="utf-8"),
            undefined=StrictUndefined,
            finalize=plain,
            trim_blocks=True,
            lstrip_blocks=True,
            # plain text for typst's JSON and for mail: there is no markup to escape
            autoescape=False,
        )
        made.filters["long_date"] = lambda on: self.long_date(on, language)
        made.filters["euros"] = lambda cents: self.euros(cents, language)
        made.filters["structured"] = structured
        made.filters["grounds"] = lambda written: grounds(str(written))
        made.filters["finding"] = lambda told: self.finding(told.model_dump(mode="json"), language)
        made.filters["rule"] = lambda rule: self.rule(str(rule), language)
        made.filters["verdict"] = lambda verdict: self.verdict(str(verdict), language)
        made.filters["rule_source"] = lambda written: self.rule_source(str(written), language)
        made.filters["clause"] = lambda ref: self.clock(str(ref), language)
        made.filters["outcome"] = lambda outcome: self.words_for("outcomes", str(outcome), language)
        made.filters["word"] = lambda word: self.words_for("words", str(word), language)
        made.filters["capitalised"] = lambda words: str(words)[:1].upper() + str(words)[1:]
        made.filters["limit"] = lambda limit: self.amount(limit.unit.value, limit.amount, language)
        made.filters["source"] = lambda written: self.source(str(written), language)
        made.filters["working_days"] = lambda n: self.amount("working_days", int(n), language)
        made.globals["no_words_for"] = _no_words_for
        return made


def structured(communication: str) -> str:
    """A structured communication as it is printed, +++ddd/dddd/ddddd+++."""
    communication = str(communication)
    digits = re.sub(r"\D", "", communication)
    return f"+++{digits[:3]}/{digits[3:7]}/{digits[7:]}+++" if len(digits) == 12 else communication


def words_of(letter: Mapping[str, Any]) -> list[str]:
    """The words of a letter as it is laid out, one paragraph or item each, for mail in plain text."""
    lines, colon = [letter["title"], letter["salutation"]], letter["labels"]["colon"]
    if letter.get("layout") == "invoice":
        rows = [*letter["figures"], (letter["line"], letter["amount"])]
        if paid := letter["pay"]:
            rows += [*paid["rows"], (letter["invoice"]["communication"], paid["communication"])]
        lines += [f"{label}{colon} {value}" for label, value in rows]
    for part in letter["parts"]:
        match part["kind"]:
            case "quote":
                lines += part["items"]
            case "list":
                lines += [f"- {item}" for item in part["items"]]
            case "numbers":
                lines += [f"{n}. {item}" for n, item in enumerate(part["items"], start=1)]
            case _:
                lines.append(part["text"])
    lines += [letter["closing"], *letter["signature"]]
    for note in letter["notes"]:
        lines += [note["title"], note["text"]]
        lines += [f"{clause}{colon} {said}" for clause, said in note.get("parts", ())]
        lines += [f"- {item}" for item in note["items"]]
    return list(filter(None, lines))


def _among(table: dict[str, str], key: str, name: str, language: Language) -> str:
    if key not in table:
        raise LookupError(f"findings/{language.value}.toml has nothing for {key!r} in [{name}].")
    return table[key]


def _no_words_for(value: object) -> str:
    raise LookupError(f"This letter has no words for {value!r}.")


def _parse(rendered: str) -> Text:
    """Reads `# `, `## `, `- `, `1. ` and `> ` at the start of a line: marks that only a template can make."""
    title, parts, open_paragraph = "", list[Part](), False
    for line in (raw.strip(" ") for raw in rendered.split("\n")):
        if not line:
            open_paragraph = False
        elif not title:
            if not line.startswith("# "):
                raise ValueError(f"A letter begins with its title, not with {line!r}.")
            title = line[2:]
        elif line.startswith("## "):
            parts.append(Part(kind="heading", text=line[3:], items=[]))
            open_paragraph = False
        elif mark := _ITEM.match(line):
            kind = _ITEMS[mark[0]]
            if not parts or parts[-1]["kind"] != kind:
                parts.append(Part(kind=kind, text="", items=[]))
            parts[-1]["items"].append(line[mark.end() :])
            open_paragraph = False
        elif open_paragraph:
            parts[-1]["text"] += f" {line}"
        else:
            parts.append(Part(kind="paragraph", text=line, items=[]))
            open_paragraph = True
    return Text(title, tuple(parts))
