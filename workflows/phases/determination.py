"""What silence left open of a programme is determined by a person.

Law: the elements that the law of the programme names; silence sets it up, and determines none of them.
Silence: none; the programme stays marked, and the register says that they are not determined.
"""

from __future__ import annotations

from models.acts import Determined, Translated
from models.entry import LetterKind
from workflows.in_force import ProgrammeInForce
from workflows.phases.decision import in_order
from workflows.phases.publicity import to_be_published


def determine(life: ProgrammeInForce, act: Determined) -> None:
    """Takes over what the act states, and notifies it as an act of the authority."""
    programme, on = life.programme, act.on or life.today
    programme.determine(act.until_on, act.elements, act.protocol, on)
    programme.last_update_on = on
    to_be_published(life, programme, on)
    facts = act.model_dump(mode="json", include={"grounds", "until_on", "protocol"}, exclude_none=True)
    life.note(**facts, elements=act.elements)
    stated = [line for line in in_order(life.law, act.elements) if act.states(line["element"])]
    life.notify_all(LetterKind.DETERMINATION, act, (), **facts, elements=stated, on=on)


def translate(life: ProgrammeInForce, act: Translated) -> None:
    """Words in another language join those of the decision, for publication; nobody is notified of them."""
    life.programme.translate(act.elements)
    life.note(languages=[language.value for language in act.elements])
