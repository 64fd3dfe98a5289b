"""Files that systems and programs leave in folders, where nobody sees them, and that nobody files on purpose.

They are known by their names alone, and left out of a package without being read. What is left out is told,
so that a document of such a name is missed by somebody.
"""

from __future__ import annotations

import re

_LEFT = {
    "macos": re.compile(
        r"__MACOSX/.*"
        r"|(?:.*/)?(?:\.DS_Store|\.localized|\._[^/]+|\.VolumeIcon\.icns|\.apdisk|Icon\r"
        r"|\.(?:AppleDouble|DocumentRevisions-V100|Spotlight-V100|TemporaryItems|Trashes|fseventsd)/.*)",
        re.DOTALL,
    ),
    "windows": re.compile(
        r"(?:.*/)?(?:thumbs\.db(?::encryptable)?|ehthumbs(?:_vista)?\.db|desktop\.ini"
        r"|[^/:]+:Zone\.Identifier"
        r"|(?:\$RECYCLE\.BIN|System Volume Information)/.*)",
        re.DOTALL | re.IGNORECASE,
    ),
    "office": re.compile(r"(?:.*/)?(?:~\$[^/]+|\.~lock\.[^/]+#|~WR[A-Z][0-9]{4}\.(?:tmp|wbk))", re.DOTALL),
}
"""By who leaves them: metadata, pictures and views of folders, where a file came from, marks that a document
is open, and what was not yet saved of it."""

_OWN_SIGNS = re.compile(r"(?<=Icon)\r$|(?::encryptable|:Zone\.Identifier)$", re.IGNORECASE)
"""The ends of such names that no name of what is filed may have."""

ORIGINS = tuple(_LEFT)

ASIDE = "__MACOSX/"
"""The folder in which macOS repeats the folders of a package, one deeper."""


def left_by(name: str) -> str | None:
    """Who leaves a file or folder (its name ends with /) of that name; nobody, if it was filed."""
    return next((origin for origin, names in _LEFT.items() if names.fullmatch(name)), None)


def plain_name(name: str) -> str:
    """The name of what was left without what its own system alone may write in it, to check and to show."""
    return _OWN_SIGNS.sub("", name)
