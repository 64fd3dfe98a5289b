"""Why a package was refused: one code for programs, and every problem as a sentence for people."""

from __future__ import annotations

import re
from collections.abc import Iterable
from enum import StrEnum
from typing import Any, NamedTuple

from models.errors import PackageRefused
from models.messages import Message

_TOLD = 20

# As names are told: what cannot be seen is spelt, such as \xa0 for a blank that does not break.
_ELEVEN_DIGITS = re.compile(r"\d(?:(?:\\x[0-9a-f]{2}|\\u[0-9a-f]{4}|[\W_]){0,3}\d){10,}")


class Reason(StrEnum):
    """The codes, in the order in which they count: of several problems the first one gives the code.

    The checks of the forms have codes of their own, P-01 and so on, and come after all of these.
    """

    # the archive as a file
    NOT_AN_ARCHIVE = "not-an-archive"
    JUNK_AFTER = "junk-after"
    SEVERAL_PARTS = "several-parts"
    ZIP64 = "zip64"
    JUNK_BEFORE = "junk-before"
    BROKEN_ARCHIVE = "broken-archive"
    FILE_COUNT = "file-count"
    TOTAL_SIZE = "total-size"
    ENCRYPTED = "encrypted"
    COMPRESSION = "compression"
    OVERLAP = "overlap"
    LYING_SIZE = "lying-size"
    LYING_HEADER = "lying-header"
    TWO_NAMES = "two-names"
    JUNK_INSIDE = "junk-inside"
    RATIO = "ratio"
    # the kind of an entry
    SYMBOLIC_LINK = "symbolic-link"
    HARD_LINK = "hard-link"
    DEVICE = "device"
    # its name
    NAME_NOT_UTF8 = "name-not-utf8"
    NUL_IN_NAME = "nul-in-name"
    CONTROL_CHARACTER = "control-character"
    DIRECTION_OVERRIDE = "direction-override"
    INVISIBLE_CHARACTER = "invisible-character"
    NETWORK_NAME = "network-name"
    ABSOLUTE_NAME = "absolute-name"
    DRIVE_NAME = "drive-name"
    PATH_TRAVERSAL = "path-traversal"
    ODD_PATH = "odd-path"
    BACKSLASH = "backslash"
    RESERVED_NAME = "reserved-name"
    RESERVED_CHARACTER = "reserved-character"
    TRAILING_DOT_OR_SPACE = "trailing-dot-or-space"
    NAME_TOO_LONG = "name-too-long"
    DEPTH = "depth"
    # one name against another
    DUPLICATE_NAME = "duplicate-name"
    SAME_NAME_BY_CASE = "same-name-by-case"
    SAME_NAME_BY_UNICODE = "same-name-by-unicode"
    FILE_AND_FOLDER = "file-and-folder"
    # what a file is
    EXECUTABLE = "executable"
    MACRO = "macro"
    NESTED_ARCHIVE = "nested-archive"
    EXTENSION = "extension"
    # what is in it
    UNREADABLE = "unreadable"
    WRONG_CRC = "wrong-crc"
    CONTENT_AGAINST_EXTENSION = "content-against-extension"
    ACTIVE_CONTENT = "active-content"
    XML_SIZE = "xml-size"
    XML_ENTITY = "xml-entity"
    XML_DTD = "xml-dtd"
    XML_INCLUSION = "xml-inclusion"
    XML_DEPTH = "xml-depth"
    NOT_XML = "not-xml"
    # the package as a whole
    ARCHIVE_MISSING = "archive-missing"
    SEVERAL_ARCHIVES = "several-archives"
    DELIVERY_FILE_MISSING = "delivery-file-missing"
    SEVERAL_DELIVERY_FILES = "several-delivery-files"
    LAYOUT = "layout"
    FORM_MISSING = "form-missing"
    NATIONAL_NUMBER = "national-number"
    FORM = "form"
    RECEIVED_LATER = "received-later"
    DELIVERY_NUMBER_USED = "delivery-number-used"


class Problem(NamedTuple):
    """One thing that is wrong with a package, and what the applicant can do."""

    reason: Reason
    says: Message


def refusal(problems: Iterable[Problem], hint: Message | None = None) -> PackageRefused:
    """The refusal of a package: the code of the problem that counts first, and all of them as sentences."""
    order = list(Reason)
    ranked = sorted(problems, key=lambda problem: order.index(problem.reason))
    told = [problem.says for problem in ranked[:_TOLD]]
    if len(ranked) > _TOLD:
        told.append(Message("package.and-more", n=len(ranked) - _TOLD))
    if hint:
        told.append(hint)
    return PackageRefused(ranked[0].reason.value, "package.refused", told=[_masked(each) for each in told])


def masked(text: str) -> str:
    """The same without any number that could be a person's: names of files may hold one."""
    return _ELEVEN_DIGITS.sub("[number]", text)


def _masked(fact: Any) -> Any:
    if isinstance(fact, Message):
        return Message(fact.key, **{name: _masked(each) for name, each in fact.facts.items()})
    if isinstance(fact, list | tuple):
        return [_masked(each) for each in fact]
    return fact if isinstance(fact, int) else masked(str(fact))
