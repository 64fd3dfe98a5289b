"""The words of a letter: one template per kind and language, filled with the facts of that letter.

What the engine writes stands in templates/; jurisdiction and procedure bring letters and words of their own,
which lie over it (procedures/registry.py says where).

What a person wrote is only ever a value, put on one line, and never read as a template.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import Any

from activities.letter_text import Text, grounds, parse, plain, structured
from activities.words import Tables
from models.clock import Limit
from models.law.clause import Value
from models.messages import Message, named_act
from models.parties import Language

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"

_LOCALES = {Language.NL: "nl_BE", Language.FR: "fr_BE", Language.EN: "en_GB", Language.DE: "de_BE"}
_SEVERAL = re.compile(r" (?:and|to) \d+\b(?!°)")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_WORDED = {
    "word": "words",
    "outcome": "outcomes",
    "capacity": "capacities",
    "element": "elements",
    "view": "views",
    "label": "labels",
    "your": "your",
    "of_your": "of_your",
}
"""Filters of the templates that look a word up, each with its table."""


def region(language: Language) -> str:
    """The country whose way of writing a language is followed."""
    return _LOCALES[language].partition("_")[2]


@lru_cache(maxsize=10_000)
def _in_full(day: date, language: Language) -> str:
    from babel.dates import format_date

    return format_date(day, "long", locale=_LOCALES[language])


def wording_of(procedure: str, templates: Path = TEMPLATES, dates_together: bool = False) -> Wording:
    """How the letters of a procedure are worded: the engine's words, its jurisdiction's, its own.

    Raises: UnknownClause for a procedure that is not held.
    """
    from procedures import registry

    return Wording(
        templates,
        *registry.places_of_letters(procedure),
        of=procedure,
        forms=registry.intake(procedure).questions,
        dates_together=dates_together,
    )


class Wording:
    """Writes the text of letters from the templates and words that lie in `places`.

    What a later place says is laid over what an earlier one says. `of` is whose words they are, as a fault
    names it; `forms` holds the questions of its forms. `dates_together` writes dates with spaces at which no
    line breaks: on a page, not in a terminal.
    """

    def __init__(
        self, *places: Path, of: str = "", forms: Path = TEMPLATES / "form", dates_together: bool = False
    ) -> None:
        self._places = places
        self._forms = forms
        self._of = of
        self._dates_together = dates_together
        self._environments = cache(self._environment)
        self._words = cache(self._read_words)
        self._articles = cache(self._read_articles)
        self._acts = cache(self._read_acts)
        self._findings = cache(self._read_findings)
        self._questions = cache(self._read_questions)
        self._pages = cache(self._html_environment)

    def write(self, kind: str, language: Language, values: Mapping[str, Any]) -> Text:
        """The letter of that kind in that language.

        Raises: jinja2.UndefinedError for a fact that the template needs and does not get, LookupError naming
        procedure, language and letter where there is no template, and for an untranslated word.
        """
        from jinja2 import TemplateNotFound

        try:
            template = self._environments(language).get_template(f"{kind}/{language.value}.txt.j2")
            return parse(template.render(**values))
        except TemplateNotFound as none:
            raise LookupError(self._no_template(kind, language, str(none.name))) from none

    def lacks(self, kind: str, language: Language) -> Iterator[Message]:
        """That there is no letter of that kind in that language, where there is none."""
        template = f"{kind}/{language.value}.txt.j2"
        if not any((place / template).is_file() for place in self._places):
            yield self._no_template(kind, language, template)

    def html(self, letter: Mapping[str, Any]) -> str:
        """The words of a letter as it is laid out (activities/documents.py), as an HTML page for mail."""
        page: str = self._pages().get_template("letter.html.j2").render(letter=letter)
        return page

    def words(self, language: Language) -> Tables:
        """The tables of words of a language: labels, procedures, salutations, notes, clauses and more."""
        return self._words(language)

    def findings(self, language: Language) -> Tables:
        """The tables of words for what the intake finds and the rules ask."""
        return self._findings(language)

    def act(self, act: str, language: Language) -> str:
        """What was done, by the name of the act, the note or the silence; else as it is spelt."""
        return str(named_act(act)) if language is Language.EN else self._acts(language)["acts"].get(act, act)

    def article(self, article: str, language: Language) -> str:
        """An article as the law's data names it, with its joining words and its parts in the language."""
        labels = self.words(language)["labels"]
        joined = article.replace(" and ", f" {labels['and']} ").replace(" to ", f" {labels['to']} ")
        for part, called in self.words(language)["of_articles"].items():
            joined = joined.replace(part, called)
        joined = re.sub(r"§ 1\b", labels["first_paragraph"], joined)
        return re.sub(r"\bart\.", labels["article"], joined)

    def by_article(self, article: str, language: Language) -> str:
        """That something is done under an article of the procedure's instrument, or under several of them.

        Nothing where no article is known.
        """
        if not article:
            return ""
        label = "by_articles" if _SEVERAL.search(article) else "by_article"
        return self.words(language)["labels"][label].format(article=self.basis(article, language))

    def basis(self, article: str, language: Language) -> str:
        """An article of the instrument that lays the procedure down, or of another one that it names."""
        tables = self.words(language)
        numbered, _, instrument = article.partition(" of ")
        of_it = tables["of_instruments"][instrument] if instrument else tables["labels"]["instrument"]
        return f"{self.article(numbered, language)} {of_it}"

    def source(self, written: str, language: Language) -> str:
        """Instrument and article of a clause; those that the agency named itself stay as it wrote them."""
        for instrument, name in self.words(language)["instruments"].items():
            if written.startswith(instrument):
                article = self.article(written.removeprefix(instrument), language)
                # it stands in parentheses itself, as a rule
                return name + re.sub(r" \(([A-Za-z]+ [0-9][0-9A-Z]+)\)", r", \1", article)
        return written

    def text(self, written: str, language: Language) -> str:
        """A condition or power that we ship, in the language; one that the agency wrote, as it wrote it."""
        shipped = {text: key for key, text in self.words(Language.EN)["texts"].items()}
        return self.words_for("texts", shipped[written], language) if written in shipped else written

    def articles(self, language: Language) -> Tables:
        """What the articles behind the clauses say, in our own words."""
        return self._articles(language)

    def says(self, clause: str, value: Value | None, language: Language) -> str:
        """What the article behind a clause says, in our own words, with its value. Raises: LookupError."""
        return self.articles(language)["articles"][clause].format(value=self.value(value, language))

    def value(self, value: Value | None, language: Language) -> str:
        """A value of a clause: a limit, the steps of a ladder, an amount or words."""
        match value:
            case None:
                return "…"
            case Limit():
                return self.amount(value.unit.value, value.amount, language)
            case tuple():
                *before, last = value
                return ", ".join([*(str(step.amount) for step in before), self.value(last, language)])
            case int():
                return self.euros(value, language)
            case _:
                return self.text(value, language)

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
        return tables["clauses"][ref]

    def long_date(self, on: date | str, language: Language) -> str:
        """A civil date as the language writes it in full."""
        # str() makes an undefined value speak up, here and in the other filters
        day = on if isinstance(on, date) else date.fromisoformat(str(on))
        written = _in_full(day, language)
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
        """The words of a table. Raises: LookupError when there are none."""
        return self.words(language)[table][key]

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

        sentence = tables["findings"][str(told["what"])]
        params = {name: said(value) for name, value in told.get("params", {}).items()}
        written = sentence.format_map(params)
        return written[:1].upper() + written[1:]

    def refusal(self, code: str, language: Language) -> str:
        """What the applicant is told to do when the forms of a package refuse it. Raises: LookupError."""
        return self._findings(language)["refusals"][code]

    def rule(self, rule: str, language: Language) -> str:
        """What a rule of eligibility asks. Raises: LookupError when it has no words."""
        return self._findings(language)["rules"][rule]

    def verdict(self, verdict: str, language: Language) -> str:
        """How a rule stands. Raises: LookupError when it has no words."""
        return self._findings(language)["verdicts"][verdict]

    def rule_source(self, written: str, language: Language) -> str:
        """Where a rule is written, in the language."""
        return self._findings(language)["sources"].get(written) or self.source(written, language)

    def _no_template(self, kind: str, language: Language, template: str) -> Message:
        said = {"procedure": self._of, "language": language.value, "letter": kind, "template": template}
        return Message("letter.no-template", **said)

    def _read_findings(self, language: Language) -> Tables:
        return self._read(f"findings/{language.value}.toml", language)

    def _read_questions(self, language: Language) -> dict[str, str]:
        asked = self._read(f"form/{language.value}.toml", language)
        asked.lay_over(self._forms / f"{language.value}.toml")
        # a question becomes the name of its field
        return {
            key: question.rstrip(" \u00a0?") + f" ({key})" for key, question in asked["questions"].items()
        }

    def _read_articles(self, language: Language) -> Tables:
        return self._read(f"articles.{language.value}.toml", language)

    def _read_acts(self, language: Language) -> Tables:
        return self._read(f"acts.{language.value}.toml", language)

    def _read_words(self, language: Language) -> Tables:
        return self._read(f"words.{language.value}.toml", language)

    def _read(self, name: str, language: Language) -> Tables:
        tables = Tables(self._of, language)
        for place in self._places:
            tables.lay_over(place / name)
        return tables

    def _loader(self) -> Any:
        from jinja2 import FileSystemLoader

        return FileSystemLoader(self._places[::-1], encoding="utf-8")

    def _html_environment(self) -> Any:
        from jinja2 import Environment, StrictUndefined

        # all that reaches the page is a value; each is escaped
        return Environment(
            loader=self._loader(),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            autoescape=True,
        )

    def _worded(self, table: str, language: Language, word: object) -> str:
        return self.words_for(table, str(word), language)

    def _environment(self, language: Language) -> Any:
        from jinja2 import StrictUndefined
        from jinja2.sandbox import ImmutableSandboxedEnvironment

        made = ImmutableSandboxedEnvironment(
            loader=self._loader(),
            undefined=StrictUndefined,
            finalize=plain,
            trim_blocks=True,
            lstrip_blocks=True,
            # plain text for typst's JSON and for mail: there is no markup to escape
            autoescape=False,
            # a part that is included ends its line, as it stands in its file
            keep_trailing_newline=True,
        )
        made.filters["long_date"] = lambda on: self.long_date(on, language)
        made.filters["weekday_date"] = lambda on: self.weekday_date(on, language)
        made.filters["euros"] = lambda cents: self.euros(cents, language)
        made.filters["structured"] = structured
        made.filters["grounds"] = lambda written: grounds(str(written))
        made.filters["finding"] = lambda told: self.finding(told.model_dump(mode="json"), language)
        made.filters["rule"] = lambda rule: self.rule(str(rule), language)
        made.filters["verdict"] = lambda verdict: self.verdict(str(verdict), language)
        made.filters["source"] = lambda written: self.source(str(written), language)
        made.filters["rule_source"] = lambda written: self.rule_source(str(written), language)
        made.filters["clause"] = lambda ref: self.clock(str(ref), language)
        for name, table in _WORDED.items():
            made.filters[name] = partial(self._worded, table, language)
        # of words in several languages those of the letter, else those that were said first
        made.filters["told"] = lambda words: words.get(language) or next(iter(words.values()))
        made.filters["capitalised"] = lambda words: str(words)[:1].upper() + str(words)[1:]
        made.filters["limit"] = lambda limit: self.amount(limit.unit.value, limit.amount, language)
        made.filters["source"] = lambda written: self.source(str(written), language)
        for unit in ("working_days", "calendar_days"):
            made.filters[unit] = lambda n, unit=unit: self.amount(unit, int(n), language)
        made.globals["no_words_for"] = _no_words_for
        return made


def _no_words_for(value: object) -> str:
    raise LookupError(Message("letter.no-words-for", value=value))
