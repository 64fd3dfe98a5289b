"""The national number and the bis number, by which Belgium names a person."""

from __future__ import annotations

import re
import unicodedata

# Year, month, day, counter and check, with whatever people write between them; the lookahead also
# finds a number that begins inside a longer row of digits and signs.
_ELEVEN_DIGITS = re.compile(
    r"(?<![0-9])(?=([0-9]{2}[^0-9a-z]{0,3}[0-9]{2}[^0-9a-z]{0,3}[0-9]{2}[^0-9a-z]{0,3}[0-9]{3}"
    r"[^0-9a-z]{0,3}[0-9]{2})(?![0-9]))",
    re.IGNORECASE,
)


def names_a_person(text: str) -> bool:
    """Whether one of these numbers, with a right check, stands in a text."""
    from stdnum.be import bis, nn

    plain = unicodedata.normalize("NFKC", text)
    for found in _ELEVEN_DIGITS.finditer(plain):
        digits = re.sub(r"[^0-9]", "", found[1])
        if nn.is_valid(digits) or bis.is_valid(digits):
            return True
    return False
