"""The public register of hospital exemptions: those that are granted, and those that were repealed.

Law: Royal Decree of 8 January 2017, art. 26. It gives no time, and says no more of an exemption than that it
is on the list.
Interpretation: the medicine, what it is made of and its indication name it; a suspended exemption stays on
the list, for nothing but a repeal is told beside it.
"""

from pathlib import Path

from procedures.shape import Publicity

REGISTER = Publicity(
    name="hospital-exemptions",
    words=Path(__file__).with_name("site"),
    columns=("product", "active_substance", "indication"),
)
