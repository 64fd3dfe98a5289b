"""The public register of hospital exemptions: those that are granted, and those that were repealed.

Law: Royal Decree of 8 January 2017, art. 26. It gives no time, and says no more of an exemption than that it
is on the list.
Interpretation: the medicine, what it is made of, its indication and its holder name it: an exemption is
personal, and nothing but its publication makes a transfer effective (art. 10 § 3). A suspended exemption
stays on the list, for nothing but a repeal is told beside it.
"""

from pathlib import Path

from models.subjects import HOLDER
from procedures.shape import Publicity

REGISTER = Publicity(
    name="hospital-exemptions",
    words=Path(__file__).with_name("site"),
    columns=("product", "active_substance", "indication", HOLDER),
)
