"""Makes a command of the command line from an act: its options are the act's fields.

A command is the act in the imperative; its help is the first line of the act's docstring. What people
type differs from what travels in three places: amounts in euro, conditions as "day: text", and files. Long
because what each option of each act means is said in one place.
"""

from __future__ import annotations

import hashlib
import inspect
import re
import sys
import types
import uuid
from collections.abc import Callable
from datetime import date
from functools import reduce
from operator import or_
from pathlib import Path
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

from annotated_types import MaxLen
from cyclopts import Parameter

from models.acts import (
    ACTS,
    Act,
    AnswersReceived,
    ApplicationLinked,
    Assigned,
    CompletionReceived,
    Corrected,
    DeclaredIncomplete,
    RuleJudged,
)
from models.decision import Capacity, Outcome
from models.dossier import FiledDocument
from models.errors import InputRefused
from models.messages import Message
from models.parties import Body
from models.receipts import Receipt
from models.signs import flaw, visible
from office.commands import TYPED, Day, Form, Number, Whole, cents_of, day_of, now, one_of, today
from office.settings import Settings
from office.showing import Output
from procedures.registry import bodies, capacities, outcomes

NOT_TYPED = ("act", "by", "on", "request_id", "findings", "corrects", "was")
"""Fields that are no options of their own: told for all acts, or read from the register."""

_WORDS: dict[type, Callable[[], Any]] = {Body: bodies, Outcome: outcomes, Capacity: capacities}
"""Options that take a word of a procedure, each with all that there are."""

_BLANK_LINE = re.compile(r"\n(?:[ \t]*\n)+")

PREPARE = "prepare-"
"""Begins the name here of the command that prepares an act."""

NOBODY_YET = "N"
"""A name in the place of whoever acts, until what was typed is known to be an act."""

WRITTEN = ("right", "grounds", "text", "continuity_plan", "reason", "question", "missing")
"""Options of words that may stand in a file: @FILE reads them from there."""

_HELP = {
    "on": "the day on which it really happened; today when left out",
    "request_id": "the same id twice is applied once",
    "dry_run": "show what it would do, and do nothing",
    "yes": "ask nothing at a terminal before it is sent",
    "heard_as": "who is heard, where that depends on the dossier; such as substantial, of a modification",
    "fact": "what happened, such as on-the-market; of a correction what is wrong, such as grounds",
    "indications": "those that an authorisation was refused for",
    "entry": "the entry that holds the slip, as `umn show` counts them",
    "right": "what is right, in words or as @FILE; a day such as 2026-11-27",
    "missing": "what else is missing; may be repeated",
    "strike": 'a finding that is not asked, as "P-07-fr: reason"; may be repeated',
    "rule": "a rule of its checklist, such as E-01",
    "question": "a question to the applicant; may be repeated",
    "days": "how many days from sending it sets for the answer",
    "arrived_on": "the day on which it arrived, where that is later than the day on which it was given",
    "received_on": "the day on which the opinion was received, where that is later than it was given",
    "expected_on": "the day by which it is expected",
    "application": "the number of the application that was filed",
    "admissible_on": "the right day of that decision; left out where there was none",
    "limit": "what silence brought about, as the refusal names it, such as decision",
    "confirmed": "it is wanted nevertheless, after the refusal that asks for this",
    "condition": 'what the applicant owes, as "2027-05-31: text"; may be repeated',
    "hearing": "whether the debtor wishes to be heard, as the objection says",
    "addressed": "it is addressed to the administrator-general",
    "signed": "it is signed by the debtor, or by those who represent the company",
    "notice": "a copy of the payment notice is enclosed",
    "reasoned": "it says why",
    "excused": "why it stands although it came too late",
    "manner": "demand, or any_claim: what interrupts any claim",
    "acknowledgement": "the demand went by registered letter with acknowledgement of receipt",
    "statement": "a statement of the amounts, the facts and the legal grounds was enclosed",
    "sme_attested_on": "the day on which a small or medium-sized undertaking attested that it is one",
    "linked": "a company linked with the debtor to which it extends; may be repeated",
    "amount": "in euro, such as 1234.56",
    "grounds": "in words, or @FILE to read them from a text file",
    "text": "what it says, in words or as @FILE, a text file",
    "continuity_plan": "how treated patients keep their supply, in words or as @FILE, a text file",
    "reason": "why, in words or as @FILE, a text file",
    "documents": "files or folders to keep with the act; may be repeated",
    "until": "the last day on which what is authorised is valid; none when left out",
    "elements": "a file of what the decision states, as `umn form elements` writes an empty one",
    "protocol": "the filed version of the protocol that states what is not in --elements",
    "decided_by": "the person who took it; one of the office as `umn people` shows it, or somebody else",
    "capacity": "in which capacity that person took it",
    "designation": "the designation within which that person may act, where the capacity rests on one",
    "unmet": "the condition of admissibility that an application does not meet",
    "partial": "a part came, and not all that was missing",
    "posted_on": "the day on which it was posted, where that is known",
    "condition number": "number of the condition",
    "holder": "who holds the programme, by name; `umn recipients set` says how it is reached",
    "in_force_on": "the day on which the programme came into force",
    "marketing_application": "the day on which a marketing authorisation was applied for, or none",
    "withdrawn": "the application was withdrawn, on that day",
    "verdict": "whether it is fulfilled",
    "counted": "what is counted, such as patients",
    "count": "how many, a whole number",
    "period_from": "the first day of the period that it was reported for",
    "period_until": "the last day of that period",
    "allowed": "it is what a decision allows over such a period, and was not reported",
    "source": "where that is from; of a contribution as its invoice says it",
    "body": "which body",
    "view": "what it says",
    "reading": "as it happened, or as it stands since the silence",
    "outcome": "what is decided; a refusal names those that the case may have",
    "effective_on": "the day from which it counts, where that is not the day of the decision",
    "requested_by": "who asked for it",
    "for_safety": "it is for safety, and takes effect at once",
    "procedure": "which procedure the programme follows",
    "officer": "who has it in hand from now on, by name; you, where it is left out",
    "nobody": "it is nobody's own again",
    "report": "what is asked for, as `umn show` names it without its day",
    "due_on": "the day by which it is asked for, where that is not at once",
    "day": "the day to drop, as `umn show` names it, such as evaluation-2027-12-01",
}


def __getattr__(command: str) -> Callable[..., Any]:
    """The command of an act by its name, or of preparing it: the command line asks for the one typed."""
    named = command.removeprefix(PREPARE)
    act = next((act for act in ACTS if act.command == named), None)
    if act is None:
        raise AttributeError(command)
    return command_of(act, Form, prepares=named != command)


def command_of(act: type[Act], form: Any, prepares: bool = False) -> Callable[..., Any]:
    """The command that performs an act, or prepares it for another person, as it does where it takes two.

    `form` is the annotation of the output option.
    """
    hints = get_type_hints(act, include_extras=True)
    fields = [name for name in act.model_fields if name not in NOT_TYPED]
    parameters = [_in_its_place("number", Annotated[Number, Parameter(help="its number")])]
    if act is Corrected:
        fields.remove("entry")
        parameters.append(_in_its_place("entry", Annotated[Whole, Parameter(help=_HELP["entry"])]))
    for name in fields:
        parameters.append(_option(act, name, hints[name]))
    parameters += [
        _keyword("on", Annotated[Day | None, Parameter(help=_HELP["on"])], None),
        _keyword("request_id", Annotated[str | None, Parameter(help=_HELP["request_id"])], None),
        _keyword("dry_run", Annotated[bool, Parameter(help=_HELP["dry_run"], negative=())], False),
        _keyword("output", form, "table"),
    ]
    if act.decides and not prepares:
        yes = Annotated[bool, Parameter(help=_HELP["yes"], negative=())]
        parameters.insert(-1, _keyword("yes", yes, False))

    async def command(number: str, *entry: int, **options: Any) -> None:
        from office.desk.person import acting, takes_two
        from office.desk.sending import made_of, perform, shown
        from office.desk.showing import DeskShowing
        from office.showing import tell_aside

        settings = Settings.read()
        options |= {"entry": entry[0]} if entry else {}
        output, request_id = options.pop("output", "table"), options.pop("request_id", None)
        dry_run, yes = options.pop("dry_run", False), options.pop("yes", False)
        asks = act.decides and not yes and sys.stdin.isatty()
        said = _meant(settings, number, act, options, keeps=not (dry_run or asks))
        made_of(act, {**said, "by": NOBODY_YET}, request_id)  # what cannot stand is told before who may
        said["by"] = by = acting(settings, today()).person.name
        if dry_run:
            from office.desk.foreseen import foreseen, of_dry_run

            shows = await foreseen(settings, number, made_of(act, said, request_id), now())
            return DeskShowing(output).told(shows, of_dry_run(shows))
        two = prepares or takes_two(settings, act.command, number, today())
        if asks and not two:
            from office.desk.foreseen import agreed

            await agreed(settings, number, made_of(act, said, request_id), now())
        if asks:
            said = {**_meant(settings, number, act, options), "by": by}  # now its documents are kept
        if two:
            from office.desk.preparation_showing import PreparationShowing
            from office.desk.preparing import prepare

            made = made_of(act, said, request_id or f"{act.command}-{uuid.uuid4()}")
            return PreparationShowing(output).prepared(*await prepare(settings, number, made, now()))
        receipt = await perform(settings, number, act, said, request_id, tell_aside)
        if act in (CompletionReceived, AnswersReceived) and options.get("documents"):
            from office.publication.summaries import keep_documents

            keep_documents(settings, number, options["documents"], by)
        answered(settings, receipt, act, output)
        shown(settings, number, act, said)
        return None

    command.__name__ = act.__name__
    command.__doc__ = inspect.cleandoc(act.__doc__ or "")
    command.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    command.__annotations__ = {p.name: p.annotation for p in parameters}
    return command


def answered(settings: Settings, receipt: Receipt, act: type[Act], output: Output) -> None:
    """Shows the receipt of an act, and what a person has to know of its letters."""
    from office.desk.examining import not_completed
    from office.desk.showing import DeskShowing
    from office.letters.at_desk import addressed, at_desk
    from office.letters.contestable import starts_no_day

    said = (starts_no_day(settings, receipt, act), *at_desk(settings, receipt))
    warnings = filter(None, (*said, *not_completed(settings, receipt)))
    letters = addressed(settings, receipt)
    DeskShowing(output).receipt(receipt, warnings=[*warnings], letters=letters, today=today())


def _option(act: type[Act], name: str, hint: Any) -> inspect.Parameter:
    field = act.model_fields[name]
    typed = TYPED.get(name, name)
    kind: Any = _plain(hint)
    if name == "cents":
        kind = str
    elif name == "elements":
        kind = Path
    elif name == "documents":
        kind = list[Path]
    elif get_origin(kind) is tuple:
        kind = list[str]
    elif name == "marketing_application":
        kind = str
    elif date in get_args(kind) or kind is date:
        kind = Day
    elif int in get_args(kind) or kind is int:
        kind = Whole
    elif words := next((of for word, of in _WORDS.items() if kind == word or word in get_args(kind)), None):
        kind = one_of(words())
    help_ = _HELP.get("condition number" if name == "condition" else typed, "")
    if typed in WRITTEN and (longest := _longest(hint)):
        help_ = str(Message("typed.with-its-longest", help=help_, n=longest))
    shape = Parameter(help=help_, negative=())
    if field.is_required():
        return _keyword(typed, Annotated[kind, shape])
    if kind is bool:
        return _keyword(typed, Annotated[bool, shape], False)
    return _keyword(typed, Annotated[kind | None, shape], None)


def _in_its_place(name: str, annotation: Any) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.POSITIONAL_ONLY, annotation=annotation)


def _keyword(name: str, annotation: Any, default: Any = inspect.Parameter.empty) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=annotation, default=default)


def _plain(hint: Any) -> Any:
    """The type behind annotations that only pydantic reads."""
    if get_origin(hint) is Annotated:
        return _plain(get_args(hint)[0])
    if get_origin(hint) in (Union, types.UnionType):
        return reduce(or_, (_plain(part) for part in get_args(hint)))
    return hint


def _longest(hint: Any) -> int | None:
    """How many characters a text may have, as pydantic reads it."""
    found: list[int | None] = []
    if get_origin(hint) is Annotated:
        told = (part for one in get_args(hint)[1:] for part in getattr(one, "metadata", ()))
        found += [part.max_length for part in told if isinstance(part, MaxLen)]
    return next(filter(None, (*found, *map(_longest, get_args(hint)))), None)


def _meant(
    settings: Settings, number: str, act: type[Act], options: dict[str, Any], keeps: bool = True
) -> dict[str, Any]:
    """What was typed, as the act holds it, with what the register adds. `keeps`: its documents are kept."""
    said = _said(settings, {name: value for name, value in options.items() if value is not None}, keeps)
    if act is DeclaredIncomplete:
        from office.desk.examining import incomplete

        said = incomplete(settings, number, said)
    if act is RuleJudged:
        from office.desk.examining import judged

        said = judged(settings, number, said)
    if act is Corrected:
        from office.desk.correcting import corrected

        said = corrected(settings, number, said)
    if act is ApplicationLinked:
        from office.desk.linking import linked

        said = linked(settings, number, said)
    if act is Assigned:
        from office.desk.assigning import assigned

        said = assigned(settings, said, today())
    if said.get("decided_by"):
        from office.desk.deciding import decider

        said = said | {"decided_by": decider(settings, said["decided_by"], today())}
    return said


def _said(settings: Settings, options: dict[str, Any], keeps: bool) -> dict[str, Any]:
    """What was typed, as the act holds it."""
    said: dict[str, Any] = {}
    for name, value in options.items():
        if name in WRITTEN:
            value = _written(name, value)
        match name:
            case "amount":
                said["cents"] = cents_of(value)
            case "condition" if isinstance(value, list):
                said["conditions"] = tuple(_condition(text) for text in value)
            case "strike":
                said["struck"] = tuple(value)
            case "question":
                said["questions"] = tuple(value)
            case "documents":
                said["documents"] = _filed(settings, value, keeps)
            case "elements":
                from office.desk.elements import read

                said["elements"] = read(value)
            case "until":
                said["until_on"] = value
            case "marketing_application":
                said[name] = _day_or_none(value)
            case _ if isinstance(value, list):
                said[name] = tuple(value)
            case _:
                said[name] = value
    return said


def _written(name: str, typed: Any) -> Any:
    """Words as typed, or read from what @FILE names; where an option repeats, each paragraph is one of it.

    Raises: InputRefused when the file cannot be read as text.
    """
    if isinstance(typed, list):
        read = (_BLANK_LINE.split(_written(name, one)) if one.startswith("@") else [one] for one in typed)
        return [part for parts in read for part in parts]
    if not isinstance(typed, str) or not typed.startswith("@"):
        return typed
    option = f"--{name.replace('_', '-')}"
    try:
        text = Path(typed[1:]).read_text(encoding="utf-8-sig").strip()
    except OSError as error:
        raise InputRefused("typed.unreadable", option=option, file=typed, why=error.strerror) from None
    except UnicodeDecodeError:
        raise InputRefused("typed.not-utf8", option=option, file=typed) from None
    if not text:
        raise InputRefused("typed.empty", option=option, file=typed)
    return text


def _day_or_none(written: str) -> str:
    """A day, or that there is none. Raises: InputRefused."""
    return written if written == "none" else day_of(written, "--marketing-application").isoformat()


def _condition(written: str) -> dict[str, Any]:
    day, _colon, text = written.partition(":")
    if not text.strip():
        raise InputRefused("typed.no-condition", written=written)
    return {"due_on": day_of(day.strip(), "--condition").isoformat(), "text": text.strip()}


def _filed(settings: Settings, paths: list[Path], keeps: bool) -> tuple[FiledDocument, ...]:
    """Keeps files by content, or does not, and says which: an act carries hashes, never documents."""
    from office.intake.completeness import in_their_places
    from register.documents import DocumentStore

    for path in paths:
        if not path.exists():
            raise InputRefused("typed.not-there", path=path)
    files = [*in_their_places(paths)]
    names = [name for name, _ in files]
    for name in names:
        if wrong := flaw(name):
            raise InputRefused("typed.file-name", file=visible(name), why=str(wrong))
    doubles = sorted({name for name in names if names.count(name) > 1})
    if doubles:
        raise InputRefused("typed.double", name=doubles[0])
    hashed = DocumentStore(settings.documents).keep if keeps else _sha256
    return tuple(
        FiledDocument(name=name, sha256=hashed(file.read_bytes()), size=file.stat().st_size)
        for name, file in files
    )


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
