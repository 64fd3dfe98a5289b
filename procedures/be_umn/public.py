"""The public register of compassionate use and medical need programmes.

Law: Royal Decree of 14 December 2006, art. 106 § 2 and 108 § 2; language laws, art. 40
(French and Dutch; German for whoever speaks it).

Seen: the three lists of the agency's page, with trade name, active substance, indication and last update.
Interpretation: a programme that is closed to new patients still stands on the list of authorised ones;
Annex IV, the summary for publication, is filed in Dutch, French and English: the last is a courtesy, and the
German is made after the publication.
"""

from pathlib import Path

from models.parties import Language
from procedures.be_umn.law import conditions
from procedures.shape import Publicity

REGISTER = Publicity(
    name="umn",
    words=Path(__file__).parent / "site",
    columns=("trade_name", "active_substance", "indication"),
    translated="indication",
    required=(Language.NL, Language.FR),
    available=(Language.DE,),
    gap=conditions.PUBLICATION_GAP,
)
