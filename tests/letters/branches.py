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

from models.decision import WITHOUT_MERITS
from models.entry import Letter, LetterKind
from models.parties import Language
from models.words import Word
from procedures.be_umn import words
from procedures.be_umn.words import Kind, Outcome, Role
from procedures.registry import procedure
from tests.letters.sample_letters import FACTS, LETTERS, role_of

ORDER = (Language.EN, Language.NL, Language.FR, Language.DE)

OUTCOMES = {
    kind: tuple(ruling.outcome for ruling in examination.outcomes)
    for kind, examination in procedure("CUP").examinations.items()
}
EVALUATED = Kind("evaluation")
"""No kind of dossier, and what a decision on a programme is called."""
OUTCOMES[EVALUATED] = tuple(ruling.outcome for ruling in procedure("CUP").life.outcomes)
ENDS = tuple(ruling.outcome for ruling in WITHOUT_MERITS)
RULINGS = {
    ruling.outcome: ruling
    for part in (*procedure("CUP").examinations.values(), procedure("CUP").life)
    for ruling in (*part.outcomes, *WITHOUT_MERITS)
}

GIVEN: dict[str, tuple[Any, ...]] = {
    "received_on": ("2026-04-24",),
    "again_on": ("2027-10-01",),
    "working_days_left": (0, 1, 3),
    "clause": ("completion", "answers", "payment", "payment-appeal", "decision"),
    "continuity_plan": ("One paragraph.\n\nAnd another one.",),
    "findings": ([{"check": "P-01", "severity": "ask", "what": "no-document"}],),
    "grounds": ("One.", "One.\n\nTwo.\n\nThree."),
    "silent_until": ("2026-04-07",),
    "late_on": ("2027-01-04",),
    "arrived_on": ("2026-05-06",),
    "unfavourable": (["commission"],),
    "missing": (["ethics_committee"],),
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
    if isinstance(annotation, type) and issubclass(annotation, Word):
        brought = getattr(words, annotation.__name__, annotation)
        return tuple(word.value for word in brought.words())
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
    if not RULINGS[outcome].with_conditions:
        facts["conditions"] = []
    if RULINGS[outcome].ends_inclusion:
        facts["continuity_plan"] = "One paragraph.\n\nAnd another one."
    return made(LetterKind.DECISION, **{**facts, **changed})


def branches() -> Iterator[Branch]:
    """Every branch of every kind of letter, each once."""
    for kind, outcomes in OUTCOMES.items():
        for outcome in (*outcomes, *(ENDS if kind != EVALUATED else ())):
            yield Branch(f"decision-{kind.value}-{outcome.value}", decided(kind, outcome))
    silent = {
        "grounds": "",
        "signatory": None,
        "rules": [],
        "silent_until": "2026-05-20",
        "source": "art. 106",
        "filed_on": "2026-02-20",
    }
    for kind in (Kind.APPLICATION, Kind.MODIFICATION):
        for outcome in OUTCOMES[kind]:
            if not RULINGS[outcome].with_conditions and not RULINGS[outcome].halts:
                yield Branch(f"decision-tacit-{kind.value}-{outcome.value}", decided(kind, outcome, **silent))
    for which in LETTERS:
        for article in ("", "art. 106", "art. 106 and 107"):
            yield Branch(f"{which.value}-under-{article or 'nothing'}", made(which), article)
        for fact, field in LETTERS[which].model_fields.items():
            if fact in ("reckonings", "remedies", "signatory") or (
                which == LetterKind.DECISION and fact in ("kind", "outcome", "silent_until")
            ):
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
    ("opinion-request", "again"): "only where an opinion can be contested, tests/law",
}
"""Choices whose words are tested in another place."""

_SILENCES = {
    "flag": ("neither a decision", "niet als beslissing", "ni décision ni avis", "weder eine Ent"),
    "propose": (
        "be declared inadm",
        "niet-ontvankelijk worden",
        "déclaré irrecev",
        "unzulässig erklärt",
    ),
    "favourable": ("favourable opinion", "gunstig advies", "avis favorable", "günstiges Gutachten"),
    "granted": ("is granted", "is toegestaan", "est accordé", "ist genehmigt"),
    "refused": ("is refused", "is geweigerd", "est refusé", "ist abgelehnt"),
    "forfeited": (
        "to complete it is lost",
        "vervalt|vervallen",
        "est perdu de plein",
        "kraft Gesetzes verwirkt",
    ),
    "on_file": ("file as it stands", "dossier zoals het is", "dossier en l’état", "nach Aktenlage"),
    "stands": (
        "opinion stands as it was",
        "zoals het is gegeven",
        "tel qu’il a été rendu",
        "wie es abgegeben",
    ),
}

SAYS: dict[tuple[str, str], dict[Any, tuple[str, ...]]] = {
    ("acknowledgement", "kind"): {
        "application": ("your application conc", "uw aanvraag voor", "votre demande conc", "Ihren Antrag zu"),
        "modification": ("for a modific", "tot wijziging voor", "de modification conc", "auf Änderung zu"),
        "list": ("your list of sus", "uw lijst van ver", "votre liste des sus", "Ihre Liste der mut"),
        "urgent-use": ("notification of urg", "kennisgeving van dring", "notification d’us", "dringende Anw"),
    },
    ("acknowledgement", "decides"): {
        True: ("and will answer by", "antwoorden uiterlijk", "vous répondrons", "antworten spätestens"),
        False: ("complete and prop", "volledig en regelm", "est complet et a", "vollständig und ordn"),
    },
    ("acknowledgement", "billed"): {
        True: ("need not pay anything", "niets te betalen", "rien payer à ce", "nichts zu zahlen"),
        False: (),
    },
    ("admissible", "billed"): {
        True: ("separate invoice", "afzonderlijke factuur", "facture distincte", "gesonderte Rechnung"),
        False: (),
    },
    ("incomplete", "forfeits"): {
        True: ("lost by law", "vervalt van rechts", "déchu de ce droit", "kraft Gesetzes verwirkt"),
        False: ("be declared inad", "worden verklaard", "déclaré irrecevable", "unzulässig erklärt"),
    },
    ("incomplete", "too_late"): {
        True: (),
        False: ("goes on only when", "loopt pas verder", "ne reprend que", "läuft erst weiter"),
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
    ("limit-warning", "unpaid"): {
        True: ("is not paid", "niet betaald", "pas payée", "nicht bezahlt"),
        False: (),
    },
    ("limit-passed", "to_establish"): {
        True: ("has to establish it", "moet het vaststellen", "doit le constater", "muss es feststellen"),
        False: (),
    },
    ("opinion-told", "body"): {
        "ethics_committee": ("the ethics comm", "het ethisch", "le comité d", "die Ethik|der Ethik"),
        "commission": ("the Commission for", "de Commissie voor", "la Commission pour", "die Kommission"),
    },
    ("opinion-told", "view"): {
        "favourable": (": favourable[.]", ": gunstig[.]", ": favorable[.]", ": befürwortend[.]"),
        "favourable_with_remarks": ("with remarks", "met opmerkingen", "avec remarques", "mit Anmerkungen"),
        "unfavourable": (": unfavourable[.]", ": ongunstig[.]", ": défavorable[.]", ": ablehnend[.]"),
    },
    ("opinion-sent-back", "body"): {
        "ethics_committee": ("the ethics comm", "het ethisch", "le comité d"),
        "commission": ("the Commission for", "de Commissie voor", "la Commission pour"),
    },
    ("report-requested", "at_once"): {
        True: ("as soon as it is", "zodra het wordt", "dès qu’il est demandé", "sobald es verlangt"),
        False: ("is due by", "verschuldigd tegen", "est dû pour le", "vorzulegen"),
    },
    ("late-opinion", "decided"): {
        True: ("modify it or suppress", "wijzigen of opheffen", "modifier ou le supprimer"),
        False: ("obliges nobody", "verplicht niemand", "n’oblige personne"),
    },
    ("admissible", "silence"): {
        "granted": ("is granted by law", "toegestaan", "accordé de plein", "kraft Gesetzes genehmigt"),
        "refused": ("is refused by law", "geweigerd", "refusé de plein", "kraft Gesetzes abgelehnt"),
        "flag": ("not deemed to", "niet geacht", "n’est pas réputée", "gilt nicht als"),
    },
    ("admissible", "once_final"): {
        True: ("once it is final", "zodra het definitief is", "dès qu’il est définitif", "wenn es endgültig"),
        False: (),
    },
    ("validity-renewed", "at_once"): {
        True: ("for it at once", "vraag ze meteen aan", "sans attendre", "beantragen Sie sie sofort"),
        False: ("be applied for by", "aangevraagd uiterlijk", "demandé au plus tard", "am .* zu beantragen"),
    },
    ("questions", "until_answered"): {
        True: (
            "until your answer has come",
            "tot uw antwoord er is",
            "votre réponse soit arrivée",
            "bis Ihre Antwort eingegangen ist",
        ),
        False: ("whenever your answer", "wanneer uw antwoord", "quel que soit le jour", "wann immer Ihre"),
    },
    ("questions", "body"): {
        "ethics_committee": ("the ethics comm", "het ethisch", "le comité d", "der Ethik"),
        "commission": ("the Commission", "de Commissie", "la Commission", "die Kommission"),
    },
    ("conflict", "body"): {
        "ethics_committee": ("the ethics comm", "het ethisch", "le comité d"),
        "commission": ("the Commission for", "de Commissie voor", "la Commission pour"),
    },
    ("late-opinion", "body"): {
        "ethics_committee": ("the ethics comm", "het ethisch", "le comité d"),
        "commission": ("the Commission for", "de Commissie voor", "la Commission pour"),
    },
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
            "Schreibens mit Fragen",
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
        False: (),
    },
    ("objection-answered", "hearing"): {
        "wanted": ("You asked to be heard", "U vroeg om gehoord", "Vous avez demandé", "Sie haben verlangt"),
        "not_wanted": ("do not wish", "wenst niet", "ne souhaitez pas", "möchten nicht"),
        "not_said": ("did not say", "zei niet", "n’avez pas dit", "nicht angegeben"),
    },
    ("provisional-authorisation", "requested_by"): {
        "manufacturer": ("of the manuf", "van de fabrikant", "du fabricant", "des Herstellers"),
        "importer": ("of the importer", "van de invoerder", "de l’importateur", "des Einführers"),
        "applicant-for-authorisation": (
            "of the applicant for a marketing",
            "van de aanvrager van een vergunning",
            "du demandeur d’une autorisation",
            "des Antragstellers einer",
        ),
    },
    ("successor", "outcome"): {
        "established": (
            "indications a medical need programme is set up",
            "indicaties wordt met ingang",
            "est établi à partir",
            "eingerichtet. Es",
        ),
        "tacit": ("therefore counts", "geldt daarom", "est donc réputé", "gilt daher"),
        "rejected": ("was rejected", "verworpen", "a été rejeté", "abgelehnt"),
    },
    ("closure", "fact"): {
        "": ("takes place|following grounds", "volgende gronden", "motifs suivants", "folgenden Gründen"),
        "on-the-market": (
            "been placed eff",
            "handel gebracht",
            "effectivement mis",
            "Verkehr gebracht worden",
        ),
        "indication-authorised": (
            "has been authorised",
            "is vergund",
            "a été autorisée",
            "zugelassen worden",
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
    ("decision", "not_in_force"): {
        True: ("not in force yet", "nog niet in werking", "pas encore en vigueur", "noch nicht in Kraft"),
        False: ("takes effect on", "heeft uitwerking vanaf", "produit ses effets", "wird am .* wirksam"),
    },
    ("decision", "kind"): {
        "application": ("your application CUP", "uw aanvraag CUP", "votre demande CUP", "Ihren Antrag CUP"),
        "modification": (
            "a modification CUP",
            "tot wijziging CUP",
            "de modification CUP",
            "auf Änderung CUP",
        ),
        "list": ("your list of sus", "uw lijst van ver", "votre liste des sus", "Ihre Liste der mut"),
        "urgent-use": ("notification of urg", "kennisgeving van dring", "notification d’us", "dringende Anw"),
    },
    ("decision", "outcome"): {
        "authorised": (
            "authorised (the|your) [^.]*Exemplaris[.]",
            "Exemplaris goedgekeurd[.]",
            "a approuvé (le|la) ",
            "Exemplaris genehmigt[.]",
        ),
        "authorised_with_conditions": (
            "authorised [^.]* under the conditions",
            "goedgekeurd onder de hierna",
            "a approuvé, sous les conditions",
            "unter den nachstehenden Bedingungen genehmigt",
        ),
        "refused": (
            "refused (the|your)",
            "Exemplaris geweigerd[.]",
            "a refusé (la|votre)",
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
        "noted": ("took note of your list", "akte genomen van uw l", "a pris acte le", r"genommen\.$"),
        "acknowledged": ("It is no auth", "geen vergunning", "pas une autorisation", "keine Genehmigung"),
        "not_fulfilled": ("not fulfilled", "niet vervuld", "pas remplies", "nicht erfüllt"),
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
    "acknowledged": (
        "acknowledgement",
        "akte genomen",
        "prise d’acte de la notification",
        "Kenntnisnahme",
    ),
    "not_fulfilled": (
        "conditions not fulfilled",
        "voorwaarden niet vervuld",
        "conditions non remplies",
        "Bedingungen nicht erfüllt",
    ),
    "inadmissible": ("inadmissible", "niet-ontvankelijk", "irrecevabilité", "Unzulässigkeit"),
    "withdrawn": ("withdrawn", "intrekking", "retrait", "Rücknahme"),
    "without_object": ("without object", "zonder voorwerp", "sans objet", "gegenstandslos"),
}
"""How the title of a decision ends."""

UNITS_THAT_DO_NOT_CHANGE = {("nl", "hours"), ("nl", "years"), ("fr", "months")}
