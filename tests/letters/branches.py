"""Every way in which a letter can read: each value of each fact that chooses words, and what it must say.

The branches are found in the models of models/letters.py, so that a new one cannot go untested. What each
must say is written here by hand, in the order English, Dutch, French, German: parity alone would not see
that one language says the opposite.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum
from types import UnionType
from typing import Any, Literal, NamedTuple, Union, get_args, get_origin

from sample_letters import FACTS, role_of

from models.decision import Outcome
from models.entry import Letter, LetterKind
from models.law.procedures.shape import Kind
from models.letters import STATES
from models.parties import Language, Role

ORDER = (Language.EN, Language.NL, Language.FR, Language.DE)

OUTCOMES = {
    Kind.APPLICATION: (Outcome.AUTHORISED, Outcome.AUTHORISED_WITH_CONDITIONS, Outcome.REFUSED),
    Kind.MODIFICATION: (Outcome.AUTHORISED, Outcome.AUTHORISED_WITH_CONDITIONS, Outcome.REFUSED),
    Kind.SAFETY_REPORT: (Outcome.NOTED,),
    Kind.RE_EVALUATION: (
        Outcome.CONTINUED,
        Outcome.CONTINUED_WITH_CONDITIONS,
        Outcome.SUSPENDED,
        Outcome.CLOSED_TO_NEW_PATIENTS,
        Outcome.CLOSED,
    ),
}
ENDS = (Outcome.INADMISSIBLE, Outcome.WITHDRAWN, Outcome.WITHOUT_OBJECT)

GIVEN: dict[str, tuple[Any, ...]] = {
    "received_on": ("2026-04-24",),
    "again_on": ("2027-10-01",),
    "working_days_left": (0, 1, 3),
    "clause": ("completion", "answers", "payment", "payment-appeal", "decision"),
    "continuity_plan": ("One paragraph.\n\nAnd another one.",),
    "findings": ([{"check": "P-01", "severity": "ask", "what": "no-document"}],),
    "grounds": ("One.", "One.\n\nTwo.\n\nThree."),
}
"""Values of facts that are no choice of the model, and change what is said nevertheless."""


class Branch(NamedTuple):
    """A letter that reads in one way: its name, the letter, and the articles of its case."""

    name: str
    letter: Letter
    article: str = "art. 106"


def choices(annotation: Any) -> tuple[Any, ...]:
    """The values among which a fact chooses; none for dates, numbers and texts."""
    if annotation is bool:
        return (False, True)
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return tuple(member.value for member in annotation)
    if get_origin(annotation) is Literal:
        return tuple(v.value if isinstance(v, Enum) else v for v in get_args(annotation))
    if get_origin(annotation) in (Union, UnionType):
        return tuple(v for one in get_args(annotation) for v in choices(one))
    return ()


def made(kind: LetterKind, /, **changed: Any) -> Letter:
    facts = {**FACTS[kind], **changed}
    return Letter(kind=kind, role=role_of(kind), facts=facts)


def decided(kind: Kind, outcome: Outcome, /, **changed: Any) -> Letter:
    """A decision whose facts fit its outcome."""
    facts: dict[str, Any] = {"kind": kind.value, "outcome": outcome.value}
    if not outcome.with_conditions:
        facts["conditions"] = []
    if not outcome.burdens:
        facts["remedy"] = None
    if outcome.ends_inclusion:
        facts["continuity_plan"] = "One paragraph.\n\nAnd another one."
    return made(LetterKind.DECISION, **{**facts, **changed})


def branches() -> Iterator[Branch]:
    """Every branch of every kind of letter, each once."""
    for kind in Kind:
        for outcome in (*OUTCOMES[kind], *ENDS):
            yield Branch(f"decision-{kind.value}-{outcome.value}", decided(kind, outcome))
    for which in LetterKind:
        for article in ("", "art. 106", "art. 106 and 107"):
            yield Branch(f"{which.value}-under-{article or 'nothing'}", made(which), article)
        for fact, field in STATES[which].model_fields.items():
            if fact == "reckonings" or (which is LetterKind.DECISION and fact in ("kind", "outcome")):
                continue
            values = [*choices(field.annotation), *GIVEN.get(fact, ())]
            if not field.is_required():
                values.append(field.get_default(call_default_factory=True))
            for value in values:
                name = f"{which.value}-{fact}-{str(value)[:24]!r}"
                yield Branch(name, made(which, **{fact: value}))
    for role in (Role.DESK, Role.APPLICANT):
        for last in (False, True):
            asked = made(LetterKind.LIMIT_WARNING, last=last).model_copy(update={"role": role})
            yield Branch(f"limit-warning-to-{role.value}-last-{last}", asked)


ELSEWHERE = {
    ("limit-warning", "phase"): "words of docs/vocabulary.md, compared with it by tests/house",
    ("limit-passed", "phase"): "words of docs/vocabulary.md, compared with it by tests/house",
    ("invoice", "kind"): "the line of the invoice, tests/money",
    ("publication", "public_list"): "there is only one",
}
"""Choices whose words are tested in another place."""

_SILENCES = {
    "no_tacit_decision": (
        "neither a decision",
        "niet als beslissing",
        "ni décision ni avis",
        "weder eine Ent",
    ),
    "inadmissible": (
        "be declared inadm",
        "niet-ontvankelijk worden",
        "déclaré irrecev",
        "unzulässig erklärt",
    ),
    "decided_on_file": ("file as it stands", "dossier zoals het is", "dossier en l’état", "nach Aktenlage"),
}

SAYS: dict[tuple[str, str], dict[Any, tuple[str, ...]]] = {
    ("acknowledgement", "kind"): {
        "application": ("your application conc", "uw aanvraag voor", "votre demande conc", "Ihren Antrag zu"),
        "modification": ("for a modific", "tot wijziging voor", "de modification conc", "auf Änderung zu"),
        "safety-report": ("your safety", "uw veiligheidsv", "votre rapport de séc", "Ihren Sicherheitsber"),
        "re-evaluation": (
            "for re-eval",
            "tot herevaluatie voor",
            "de réévaluation conc",
            "auf Neubewertung zu",
        ),
    },
    ("opinion-request", "body"): {
        "ethics_committee": ("your committee", "uw comité om", "de votre comité"),
        "commission": ("of the Commission", "verzoeken de Commissie", "de la Commission sur"),
    },
    ("limit-warning", "last"): {
        True: ("^Last reminder", "^Laatste herinnering", "^Dernier rappel", "^Letzte Erinnerung"),
        False: ("^Reminder", "^Herinnering", "^Rappel", "^Erinnerung"),
    },
    ("limit-warning", "silence"): _SILENCES,
    ("limit-passed", "silence"): _SILENCES,
    ("limit-warning", "working_days_left"): {
        0: (
            "no working day is left",
            "geen werkdag over",
            "il ne reste aucun jour",
            "verbleibt kein Werktag",
        ),
        1: (
            "leaves 1 working day[.]",
            "blijft er 1 werkdag over",
            "reste 1 jour ouvrable[.]",
            "von 1 Werktag[.]",
        ),
        3: ("leaves 3 working days", "blijven er 3 werkdagen", "reste 3 jours ouvrables", "von 3 Werktagen"),
    },
    ("date-moved", "clause"): {
        "completion": (
            "what is missing",
            "wat aan uw dossier",
            "éléments manquants",
            "Vervollständigung Ihrer",
        ),
        "answers": (
            "letter with questions",
            "brief met vragen",
            "lettre de questions",
            "Schreiben mit Fragen",
        ),
        "payment": ("Our invoice", "Onze factuur", "Notre facture", "Unsere Rechnung"),
        "decision": ("Our letter that", "Onze brief die", "Notre lettre qui fait", "Unser Schreiben, das"),
    },
    ("withdrawal", "fee_due"): {
        True: (
            "contribution remains due",
            "bijdrage blijft versch",
            "contribution reste due",
            "Beitrag bleibt",
        ),
        False: (
            "No contribution is due",
            "geen bijdrage versch",
            "Aucune contribution n’est due",
            "kein Beitrag",
        ),
    },
    ("suspension", "requested_by"): {
        "applicant": ("At your request", "Op uw verzoek", "À votre demande", "Auf Ihren Antrag"),
        "agency": (
            "initiative of the agency",
            "initiatief van het a",
            "initiative de l’agence",
            "Initiative der A",
        ),
    },
    ("suspension", "for_safety"): {
        True: (
            "applies at once",
            "geldt daarom onmiddellijk",
            "s’applique dès lors imm",
            "gilt daher sofort",
        ),
        False: (),
    },
    ("decision", "kind"): {
        "application": ("your application CUP", "uw aanvraag CUP", "votre demande CUP", "Ihren Antrag CUP"),
        "modification": (
            "a modification CUP",
            "tot wijziging CUP",
            "de modification CUP",
            "auf Änderung CUP",
        ),
        "safety-report": ("your safety", "uw veiligheids", "votre rapport de séc", "Ihren Sicherheitsb"),
        "re-evaluation": (
            "the re-evaluation CUP",
            "herevaluatie CUP",
            "réévaluation CUP",
            "Neubewertung CUP",
        ),
    },
    ("decision", "outcome"): {
        "authorised": (
            "authorised (the|your) [^.]*Exemplaris[.]",
            "Exemplaris goedgekeurd[.]",
            "a approuvé le 20 mai 2026 (le|la) ",
            "Exemplaris genehmigt[.]",
        ),
        "authorised_with_conditions": (
            "authorised [^.]* under the conditions",
            "goedgekeurd onder de hierna",
            "a approuvé le 20 mai 2026, sous les conditions",
            "unter den nachstehenden Bedingungen genehmigt",
        ),
        "refused": (
            "refused (the|your)",
            "Exemplaris geweigerd[.]",
            "a refusé le",
            "Exemplaris abgelehnt[.]",
        ),
        "continued": (
            "is continued unchanged",
            "ongewijzigd wordt voortgezet",
            "se poursuit sans changement",
            "unverändert fortgesetzt wird",
        ),
        "continued_with_conditions": (
            "is continued under the conditions",
            "wordt voortgezet onder de hierna",
            "se poursuit sous les conditions",
            "unter den nachstehenden Bedingungen fortgesetzt wird",
        ),
        "suspended": (
            "(?s)to suspend the.*list of suspended",
            "(?s)te schorsen.*lijst van de geschorste",
            "(?s)de suspendre le.*liste des programmes suspendus",
            "(?s)auszusetzen.*Liste der ausgesetzten",
        ),
        "closed_to_new_patients": (
            "(?s)that no new patients.*takes no new patients",
            "(?s)geen nieuwe patiënten meer mogen.*geen nieuwe patiënten meer opneemt",
            "(?s)plus aucun nouveau patient.*n’accepte plus de nouveaux patients",
            "(?s)keine neuen Patienten aufgenommen.*keine neuen Patienten mehr aufnimmt",
        ),
        "closed": (
            "(?s)to close the.*list of closed",
            "(?s)af te sluiten.*lijst van de afgesloten",
            "(?s)de clôturer le.*liste des programmes clôturés",
            "(?s)zu schließen.*Liste der geschlossenen",
        ),
        "noted": ("took note of", "akte genomen van", "a pris acte le", "zur Kenntnis genommen"),
        "inadmissible": (
            "declared inadm",
            "niet-ontvankelijk verkl",
            "déclaré irrecevable",
            "unzulässig erklärt",
        ),
        "withdrawn": (
            "because you withdrew",
            "omdat u het hebt inget",
            "votre retrait",
            "zurückgezogen haben",
        ),
        "without_object": ("without object", "voorwerp geworden", "devenu sans objet", "wurde Ihre.*gegenst"),
    },
}
"""What a branch says and its siblings do not: patterns in the order of ORDER."""

TITLES = {
    "authorised": ("authorised", "goedkeuring", "approbation", "Genehmigung"),
    "authorised_with_conditions": (
        "authorised with conditions",
        "goedkeuring onder voorwaarden",
        "approbation sous conditions",
        "Genehmigung unter Bedingungen",
    ),
    "refused": ("refused", "weigering", "refus", "Ablehnung"),
    "continued": ("continued", "voortzetting", "poursuite", "Fortsetzung"),
    "continued_with_conditions": (
        "continued with conditions",
        "voortzetting onder voorwaarden",
        "poursuite sous conditions",
        "Fortsetzung unter Bedingungen",
    ),
    "suspended": ("suspension", "schorsing", "suspension", "Aussetzung"),
    "closed_to_new_patients": (
        "closure to new patients",
        "sluiting voor nieuwe patiënten",
        "fermeture aux nouveaux patients",
        "Schließung für neue Patienten",
    ),
    "closed": ("closure", "afsluiting", "clôture", "Schließung"),
    "noted": ("noted", "aktename", "prise d’acte", "Kenntnisnahme"),
    "inadmissible": ("inadmissible", "niet-ontvankelijk", "irrecevabilité", "Unzulässigkeit"),
    "withdrawn": ("withdrawn", "intrekking", "retrait", "Rücknahme"),
    "without_object": ("without object", "zonder voorwerp", "sans objet", "gegenstandslos"),
}
"""How the title of a decision ends."""

UNITS_THAT_DO_NOT_CHANGE = {("nl", "years"), ("fr", "months")}
