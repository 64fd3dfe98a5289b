"""The public register of conditional marketing authorisations.

Law: Regulation (EC) No 507/2006, art. 5(3), Regulation (EC) No 726/2004, art. 14-a.
"""

from pathlib import Path

from procedures.shape import Publicity

REGISTER = Publicity(
    name="conditional-authorisations",
    words=Path(__file__).with_name("site"),
    columns=("product", "active_substance", "indication"),
)
