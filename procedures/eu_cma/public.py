"""The public register of conditional marketing authorisations.

Law: Regulation (EC) No 507/2006, art. 5(3): the specific obligations are public, with the time for each.
"""

from pathlib import Path

from procedures.shape import Publicity

REGISTER = Publicity(
    name="conditional-authorisations",
    words=Path(__file__).with_name("site"),
    columns=("product", "active_substance", "indication"),
    conditions=True,
)
