"""The public register of treatment centres, with a page of its own."""

from pathlib import Path

from procedures.shape import Publicity

REGISTER = Publicity(
    name="centres",
    words=Path(__file__).with_name("site"),
    columns=("name", "place", "treatment"),
)
