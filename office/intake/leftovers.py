"""Files that systems and programs leave in folders, where nobody sees them, and that nobody files on purpose.

They are known by their names alone, and left out of a package without being read. What is left out is told,
so that a document of such a name is missed by somebody.
"""

from __future__ import annotations

import re

_LEFT = {
    "macos": re.compile(
        r"__MACOSX/.*"
        r"|(?:.*/)?(?:\.DS_Store|\.localized|\._[^/]+"
        r"|\.(?:AppleDouble|Spotlight-V100|TemporaryItems|Trashes|fseventsd)/.*)",
        re.DOTALL,
    ),
    "windows": re.compile(
        r"(?:.*/)?(?:thumbs\.db|ehthumbs(?:_vista)?\.db|desktop\.ini"
        r"|(?:\$RECYCLE\.BIN|System Volume Information)/.*)",
        re.DOTALL | re.IGNORECASE,
    ),
    "office": re.compile(r"(?:.*/)?(?:~\$[^/]+|\.~lock\.[^/]+#)", re.DOTALL),
}
"""By who leaves them: metadata, pictures and views of folders, and marks that a document is open."""

ORIGINS = tuple(_LEFT)

ASIDE = "__MACOSX/"
"""The folder in which macOS repeats the folders of a package, one deeper."""


def left_by(name: str) -> str | None:
    """Who leaves a file or folder (its name ends with /) of that name; nobody, if it was filed."""
    return next((origin for origin, names in _LEFT.items() if names.fullmatch(name)), None)
