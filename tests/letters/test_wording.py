from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from activities.citing import with_words
from activities.documents import TEMPLATES
from activities.letter_pages import stated
from activities.letter_text import plain
from activities.wording import wording_of
from models.entry import Letter, LetterBatch, LetterKind
from models.errors import RegisterConflict
from models.law.clause import calendar_days
from models.law.degree import Degree
from models.law.silence import SilencePolicy
from models.parties import Language
from procedures.be_umn.words import Body, Kind, Outcome, Phase, Role
from procedures.books import applicable_law, shipped
from procedures.registry import every, folder_of, places_of_letters
from tests.letters.branches import EVALUATED, RULINGS
from tests.letters.sample_letters import (
    CREDIT_NOTE,
    FACTS,
    INVOICE,
    LETTERS,
    PRODUCT,
    REMEDIES,
    SIGNATORY,
    languages_of,
    role_of,
)
from workflows.case import remedies_of

WORDING = wording_of("CUP")
EVERY_LETTER = [(kind, language) for kind in LETTERS for language in languages_of(kind)]
PLACES = (TEMPLATES, *places_of_letters("CUP"))
EVERY_TEMPLATE = sorted(path for place in PLACES for path in place.glob("*/*.txt.j2"))
INCLUDE = re.compile(r'\{% include "([^"]+)"(?: ignore missing)? %\}')
IN_FRENCH = [path for path in EVERY_TEMPLATE if path.name == "fr.txt.j2"]
PARTS = (
    "after-the-end",
    "attestation",
    "conditions",
    "power",
    "elements",
    "opinions",
    "notice",
    "decided",
    "listed",
    "follows",
    "into-force",
    "objection",
    "collection",
    "remedies",
    "signatory",
    "tacit",
)
"""Templates of no letter of their own: the words around a letter, and what letters include."""


def values(kind: LetterKind, language: Language, /, **changed: Any) -> dict[str, Any]:
    return {
        "number": "CUP-2026-014",
        "procedure": WORDING.words(language)["procedures"]["CUP"],
        "subject": PRODUCT.subject,
        "applicant": "Voorbeeld Pharma NV",
        "on": "2026-05-21",
        "by_article": WORDING.by_article("art. 106", language),
        "account": "",
        "role": role_of(kind).value,
        "facts": stated("CUP", kind, {**FACTS[kind], **changed}),
        "invoice": INVOICE,
        "credit_note": CREDIT_NOTE,
    }


def words_of(kind: LetterKind, language: Language, /, **changed: Any) -> str:
    text = WORDING.write(kind.value, language, values(kind, language, **changed))
    return "\n".join([text.title, *(line for part in text.parts for line in (part["text"], *part["items"]))])


def whole(template: Path) -> str:
    """A template with what it includes."""
    written = template.read_text(encoding="utf-8")
    return INCLUDE.sub(lambda included: whole(template_of(included[1])), written)


def template_of(name: str) -> Path:
    """Where a template stands: the procedure's lies over the jurisdiction's, and that over the engine's."""
    return next(place / name for place in reversed(PLACES) if (place / name).exists())


@pytest.mark.parametrize(("kind", "language"), EVERY_LETTER)
def test_every_letter_can_be_written_in_every_language(kind: LetterKind, language: Language) -> None:
    text = WORDING.write(kind.value, language, values(kind, language))
    assert text.title
    assert text.parts
    for part in text.parts:
        assert part["text"] or part["items"]
        assert "{" not in part["text"]


@pytest.mark.parametrize(
    ("language", "amount"),
    [
        (Language.NL, "€ 18.960,32"),
        (Language.FR, "18 960,32 €"),
        (Language.EN, "€18,960.32"),
        (Language.DE, "18.960,32 €"),
    ],
)
def test_a_reminder_says_what_to_pay_until_when_and_with_which_communication(
    language: Language, amount: str
) -> None:
    written = words_of(LetterKind.INVOICE_REMINDER, language)
    assert amount in re.sub("[\u00a0\u202f]", " ", written)
    assert written.count("+++123/1234/12328+++") == 2
    assert WORDING.long_date(INVOICE.due_on, language) in written
    assert INVOICE.invoice in written


@pytest.mark.parametrize("kind", LETTERS)
def test_a_fact_that_is_missing_or_one_too_many_is_no_letter(kind: LetterKind) -> None:
    for name in (name for name, field in LETTERS[kind].model_fields.items() if field.is_required()):
        with pytest.raises(ValidationError, match=name):
            stated("CUP", kind, {fact: value for fact, value in FACTS[kind].items() if fact != name})
    with pytest.raises(ValidationError, match="a_fact_nobody_knows"):
        stated("CUP", kind, {**FACTS[kind], "a_fact_nobody_knows": 1})


@pytest.mark.parametrize("kind", LETTERS)
def test_a_letter_states_nothing_that_its_template_leaves_unsaid(kind: LetterKind) -> None:
    # in the notes, in the invoice, where an opinion can be contested or is followed, or always the same
    elsewhere = {"reckonings", "source", "reason", "again", "follows", "kind"}
    written = whole(template_of(f"{kind.value}/en.txt.j2"))
    said = set(re.findall(r"facts\.(\w+)", written))
    assert LETTERS[kind].model_fields.keys() - elsewhere <= said <= LETTERS[kind].model_fields.keys()


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("outcome", Outcome.words())
@pytest.mark.parametrize("kind", [*Kind.words(), EVALUATED])
def test_every_outcome_of_every_kind_of_dossier_is_a_whole_letter(
    kind: Kind, outcome: Outcome, language: Language
) -> None:
    conditions = FACTS[LetterKind.DECISION]["conditions"] if RULINGS[outcome].with_conditions else []
    facts = {"outcome": outcome.value, "conditions": conditions}
    written = words_of(LetterKind.DECISION, language, kind=kind.value, **facts)
    assert WORDING.long_date("2026-05-20", language) in written
    remedy = {
        Language.NL: "Raad van State",
        Language.FR: "Conseil d’État",
        Language.EN: "Council of State",
        Language.DE: "Staatsrat",
    }
    assert remedy[language] in written
    assert all((c["text"] in written) for c in conditions)


NOTIFIED = [kind for kind, states in LETTERS.items() if "signatory" in states.model_fields]


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("kind", NOTIFIED)
def test_every_letter_of_an_act_says_who_took_it_and_how_it_is_contested(
    kind: LetterKind, language: Language
) -> None:
    article = "Regent's Decree of 23 August 1948 (numac 1948082309), art. 4"
    for days in (60, 45):
        main = {"within": {"amount": days, "unit": "calendar_days"}, "article": article}
        remedies = {**REMEDIES, "remedy-annulment": main}
        written = words_of(kind, language, remedies=remedies, signatory=SIGNATORY)
        for period in (days, 30, 90):  # more days for those who reside abroad
            assert WORDING.amount("calendar_days", period, language) in written
        assert WORDING.source(article, language) in written
        assert SIGNATORY["person"] in written
        assert WORDING.words_for("capacities", SIGNATORY["capacity"], language) in written


@pytest.mark.parametrize("language", Language)
def test_a_decision_names_the_office_that_took_it_once_and_the_person_beside_it(language: Language) -> None:
    office = WORDING.words_for("capacities", SIGNATORY["capacity"], language)
    for outcome in ("authorised_with_conditions", "refused"):
        said = words_of(LetterKind.DECISION, language, outcome=outcome)
        assert said.count(office) == 1
        assert said.count(SIGNATORY["person"]) == 1


def named_in(letter: Letter) -> LetterBatch:
    on = date(2026, 11, 22)
    return LetterBatch(
        number="CUP-2026-014",
        entry=2,
        on=on,
        procedure="CUP",
        applicant=None,
        subject=PRODUCT.subject,
        letters=(letter,),
    )


def test_the_law_of_a_dossier_says_within_how_long_it_may_be_contested_and_that_nobody_confirmed_it() -> None:
    law = applicable_law("CUP", Kind.APPLICATION, date(2026, 11, 22))
    facts = {"remedies": remedies_of(law.brief())}
    assert law.unconfirmed(*facts["remedies"]) == dict.fromkeys(law.remedies, Degree.READ)
    letter = Letter(kind=LetterKind.INADMISSIBLE, role=Role.APPLICANT, facts={"grounds": "g", **facts})
    (whole,) = with_words(named_in(letter), {law.digest: law}.get).letters  # a case carries its law in brief
    remedy = stated("CUP", whole.kind, whole.facts).remedies["remedy-annulment"]
    assert remedy.within == calendar_days(60)
    assert remedy.article == law.clauses["remedy-annulment"].article != ""


def test_a_letter_that_names_a_law_that_is_not_kept_is_not_made_up() -> None:
    facts = {"remedies": remedies_of(applicable_law("CUP", Kind.APPLICATION, date(2026, 11, 22)))}
    letter = Letter(kind=LetterKind.INADMISSIBLE, role=Role.APPLICANT, facts={"grounds": "g", **facts})
    with pytest.raises(RegisterConflict):
        with_words(named_in(letter), {}.get)


@pytest.mark.parametrize("language", Language)
def test_each_outcome_reads_differently(language: Language) -> None:
    written = {
        words_of(LetterKind.DECISION, language, outcome=outcome.value, conditions=[])
        for outcome in Outcome.words()
    }
    assert len(written) == len(Outcome.words())


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize(
    ("kind", "fact"),
    [
        (LetterKind.DECISION, {"outcome": "postponed"}),
        (LetterKind.DECISION, {"kind": "petition"}),
        (LetterKind.LIMIT_PASSED, {"silence": "assent"}),
        (LetterKind.LIMIT_PASSED, {"phase": "lunch"}),
        (LetterKind.LIMIT_WARNING, {"silence": "assent"}),
        (LetterKind.LIMIT_WARNING, {"clause": "lunch"}),
        (LetterKind.OPINION_REQUEST, {"body": "council"}),
        (LetterKind.SUSPENSION, {"requested_by": "nobody"}),
        (LetterKind.ADMISSIBLE, {"opinions": [{"body": "council", "due_on": "2026-04-02"}]}),
        (LetterKind.ACKNOWLEDGEMENT, {"kind": "petition"}),
    ],
)
def test_a_code_without_words_is_an_error(kind: LetterKind, fact: dict[str, Any], language: Language) -> None:
    with pytest.raises((LookupError, ValidationError)):
        words_of(kind, language, **fact)


@pytest.mark.parametrize("language", Language)
def test_every_silence_and_every_body_has_its_own_sentence(language: Language) -> None:
    silences = [policy.value for policy in SilencePolicy]
    for kind in (LetterKind.LIMIT_PASSED, LetterKind.LIMIT_WARNING):
        if language in languages_of(kind):
            assert len({words_of(kind, language, silence=s) for s in silences}) == len(silences)
    if language in languages_of(LetterKind.OPINION_REQUEST):
        assert len(
            {words_of(LetterKind.OPINION_REQUEST, language, body=b.value) for b in Body.words()}
        ) == len(Body.words())
    asked = {words_of(LetterKind.SUSPENSION, language, requested_by=r) for r in ("agency", "applicant")}
    assert len(asked) == 2


@pytest.mark.parametrize("language", Language)
def test_every_code_of_the_models_has_a_word(language: Language) -> None:
    tables = WORDING.words(language)
    assert {o.value for o in Outcome.words()} | {p.value for p in Phase.words()} <= set(tables["words"])
    assert {b.value for b in Body.words()} | {k.value for k in Kind.words()} <= set(tables["words"])
    assert set(tables["procedures"]) == {code for code in every() if folder_of(code) == "be_umn"}
    assert set(tables["salutations"]) == {role.value for role in Role.words()}
    assert set(tables["clauses"]) == {clause.id for clause in shipped().of("CUP").clauses}


def test_no_language_misses_a_word_that_another_has() -> None:
    known = [
        {(table, word) for table, words in WORDING.words(language).items() for word in words}
        for language in Language
    ]
    assert all(words == known[0] for words in known)


def test_there_is_a_template_for_every_kind_and_for_nothing_else() -> None:
    found = {(path.parent.name, path.name) for path in EVERY_TEMPLATE}
    letters = {(kind.value, f"{language.value}.txt.j2") for kind, language in EVERY_LETTER}
    shared = {(part, f"{language.value}.txt.j2") for part in PARTS for language in Language}
    assert found == letters | shared


def test_german_is_missing_only_where_no_party_is_written_to() -> None:
    assert {kind for kind in LETTERS if Language.DE not in languages_of(kind)} == {
        kind for kind, states in LETTERS.items() if states.to_offices
    }


@pytest.mark.parametrize("path", sorted(TEMPLATES.glob("*/*.txt.j2")), ids=lambda path: path.parent.name)
def test_a_letter_of_every_procedure_puts_no_article_before_what_a_procedure_is_called(path: Path) -> None:
    """What it is called has a gender, or an article that is run together with it, of its own."""
    before = r"\b(?:the|de|het|le|la|du|au|der|die|das|dem|des) \{\{ procedure"
    assert re.search(before, path.read_text(encoding="utf-8")) is None


@pytest.mark.parametrize("path", EVERY_TEMPLATE, ids=lambda path: f"{path.parent.name}-{path.name[:2]}")
def test_no_line_of_a_template_begins_with_a_value(path: Any) -> None:
    for line in path.read_text(encoding="utf-8").splitlines():
        assert not re.sub(r"\{%.*?%\}", "", line).lstrip(" #").startswith("{{") or line.startswith("# "), line


@pytest.mark.parametrize("path", EVERY_TEMPLATE, ids=lambda path: f"{path.parent.name}-{path.name[:2]}")
def test_the_languages_of_a_letter_use_the_same_values(path: Any) -> None:
    def used(template: Any) -> set[str]:
        code = " ".join(re.findall(r"\{[{%].*?[%}]\}", whole(template)))
        # German declines: it has a sentence for each word instead
        return set(re.findall(r"\b(?:facts|invoice|subject)\.\w+|\|\s*\w+", code)) - {"| word"}

    assert used(path) == used(path.with_name("en.txt.j2"))


@pytest.mark.parametrize("path", IN_FRENCH, ids=lambda path: path.parent.name)
def test_french_punctuation_never_stands_alone_on_a_line(path: Any) -> None:
    words = re.sub(r"\{[{%].*?[%}]\}", "", path.read_text(encoding="utf-8"))
    assert not re.search(r" [:;?!»]|« ", words)


def test_what_a_person_wrote_begins_no_line_no_list_and_no_title() -> None:
    written = "first\n# second\n- third\r\n\n{{ facts }} {% for %}\x00\u2028- fourth"
    text = WORDING.write(
        "incomplete", Language.EN, values(LetterKind.INCOMPLETE, Language.EN, missing=[written, "- x"])
    )
    (listed,) = [part for part in text.parts if part["kind"] == "list"]
    assert listed["items"] == ["first # second - third {{ facts }} {% for %} - fourth", "- x"]


def test_plain_text_keeps_spaces_that_do_not_break() -> None:
    assert plain("18\u202f960\u00a0€\u202e\ufeff") == "18\u202f960\u00a0€"


def test_the_first_of_a_month_is_an_ordinal_in_french_only() -> None:
    assert WORDING.long_date("2027-07-01", Language.FR) == "1er juillet 2027"
    assert WORDING.long_date("2027-07-11", Language.FR) == "11 juillet 2027"
    assert WORDING.long_date("2027-07-01", Language.NL) == "1 juli 2027"
    assert WORDING.long_date("2027-07-01", Language.EN) == "1 July 2027"
    assert WORDING.long_date("2027-07-01", Language.DE) == "1. Juli 2027"


@pytest.mark.parametrize(
    ("language", "to_them"),
    [
        (Language.NL, "u in het programma behandelt"),
        (Language.FR, "que vous traitez dans le programme"),
        (Language.DE, "die Sie im Programm behandeln"),
        (Language.EN, "whom you treat in the programme"),
    ],
)
@pytest.mark.parametrize("outcome", ["suspended", "closed_to_new_patients", "closed"])
def test_a_decision_that_halts_a_programme_says_to_physicians_what_it_means_for_their_patients(
    language: Language, to_them: str, outcome: str
) -> None:
    of = {"kind": "evaluation", "outcome": outcome, "continuity_plan": "They go on.", "conditions": ()}
    said = values(LetterKind.DECISION, language, **of)
    told = (
        WORDING.write("decision", language, {**said, "role": role}) for role in ("applicant", "physicians")
    )
    assert [to_them in str(text) for text in told] == [False, True]
