"""An opinion is sent back: whoever is heard after a body asks it to look at its opinion again.

Law: the clause of `sends_back` of the law that the dossier carries, with who may do so: once its own turn has
come, until it is decided, and as often as there is reason. Interpretation: as with an opinion that is
contested (workflows/phases/contest.py), what ran for whoever follows that body ends, what they had said
falls, and they are asked anew since the opinion that is given then, which takes the place of the one that was
sent back. The time to contest that one ends, too; the one that is given again may be contested, unless one
was before.
Silence: of the body, as its clause says; where that gives no time it is awaited, and a flag says so.
"""

from __future__ import annotations

from typing import Any

from models.acts import OpinionSentBack
from models.dossier import SentBack
from models.entry import LetterKind
from models.flags import flag
from models.parties import Body
from workflows.phases.contest import hear_anew
from workflows.under_examination import DossierUnderExamination


def send_back(dossier: DossierUnderExamination, act: OpinionSentBack) -> None:
    """The body is written to, with the reason, and whoever follows it waits until it has spoken again."""
    filed, law, on = dossier.filed, dossier.law, act.on or dossier.today
    filed.sent_back.append(SentBack(body=act.body, on=on))
    if act.body in law.contests:
        dossier.clocks.pop(law.contests[act.body].notice, None)
    documents = [document.name for document in act.documents]
    dossier.note(body=act.body.value, grounds=act.grounds, documents=documents)
    hear_anew(dossier, act.body)
    clause, due = law.sends_back[act.body].again, dict[str, Any]()
    if law.has_limit(clause):
        dossier.start(clause, on)
        due = {"due_on": dossier.due(clause)}
    said = {"body": act.body.value, "grounds": act.grounds, **due}
    dossier.tell(LetterKind.OPINION_SENT_BACK, act.body.role, (clause,), **said)


def give_after_return(dossier: DossierUnderExamination, body: Body) -> None:
    """The opinion that a body gives now takes the place of the one that was sent back."""
    for one in (one for one in dossier.filed.in_return if one.body == body):
        one.given_again = True
        dossier.filed.opinions = [o for o in dossier.filed.opinions if o.body != body]


def flags_of_returns(dossier: DossierUnderExamination) -> tuple[str, ...]:
    """What a person should see at once: opinions that are looked at again, and no text says until when."""
    filed, law = dossier.filed, dossier.law
    untimed = (one for one in filed.in_return if not law.has_limit(law.sends_back[one.body].again))
    return tuple(flag("opinion-sent-back", one.body.value, one.on) for one in untimed)
