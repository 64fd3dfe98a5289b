"""What a file of a package may be, by the end of its name."""

from __future__ import annotations

from models.forms import FORM, SPREADSHEET
from models.messages import Message
from models.reasons import Problem, Reason

_PROGRAMS = (
    "app application bat bin chm class cmd com cpl dll dylib elf exe gadget hta inf ins isp jar js jse lnk "
    "mjs msc msi msix msp mst pif pl ps1 psm1 py pyc pyw rb reg scr sct sh shs so sys url vb vbe vbs wasm ws "
    "wsc wsf wsh xll"
)
_MACROS = "docm dotm xlsm xltm xlam xlsb pptm potm ppsm ppam"
_ARCHIVES = (
    "7z ace ar arj bz2 cab cpio deb dmg gz img iso lha lz lz4 lzh lzma rar rpm tar tbz tgz txz vhd wim xz z "
    "zip zipx zst"
)
PROGRAMS, MACROS, ARCHIVES = (frozenset(known.split()) for known in (_PROGRAMS, _MACROS, _ARCHIVES))
IMAGES = {
    "png": (b"\x89PNG\r\n\x1a\n",),
    "jpg": (b"\xff\xd8\xff",),
    "jpeg": (b"\xff\xd8\xff",),
    "tif": (b"II*\0", b"MM\0*"),
    "tiff": (b"II*\0", b"MM\0*"),
}
TEXTS = frozenset({"txt", "csv", "json"})
OFFICE = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml", "pptx": "ppt/presentation.xml"}
TOLD_APART = {
    **dict.fromkeys(("doc", "dot", "rtf", "odt", "wpd", "pages", "wps"), "package.other-text"),
    **dict.fromkeys(("xls", "xlt", "ods", "numbers"), "package.other-sheet"),
    **dict.fromkeys(("ppt", "pps", "odp", "key"), "package.other-slides"),
    **dict.fromkeys(("msg", "eml", "mbox", "oft"), "package.mail"),
    **dict.fromkeys(("htm", "html", "mht", "mhtml", "xps", "oxps"), "package.other-page"),
    **dict.fromkeys(("gif", "bmp", "heic", "webp", "svg", "emf", "wmf"), "package.other-image"),
}
"""What people file in good faith and is not accepted, each with the words that help."""

ACCEPTED = frozenset({"pdf", "xml", *TEXTS, *IMAGES, *OFFICE})
"""The extensions that a file of a package may have."""


def extension_of(name: str) -> str:
    """The part behind the last full stop, in small letters; nothing when there is none."""
    stem, dot, extension = name.rsplit("/", 1)[-1].rpartition(".")
    return extension.lower() if dot and stem else ""


def wrong_extension(name: str) -> Problem | None:
    """What is wrong with a file by its extension alone."""
    extension = extension_of(name)
    if extension in ACCEPTED:
        return None
    if extension in PROGRAMS:
        return Problem(Reason.EXECUTABLE, Message("package.program", name=name))
    if extension in MACROS:
        return Problem(Reason.MACRO, Message("package.can-hold-macros", name=name))
    if extension in ARCHIVES:
        return Problem(Reason.NESTED_ARCHIVE, Message("package.archive-inside", name=name))
    key = TOLD_APART.get(extension)
    if key == "package.other-sheet" and name.rpartition("/")[0] == FORM.rpartition("/")[0]:
        says = Message("package.sheet-for-the-form", name=name, form=SPREADSHEET)
        return Problem(Reason.EXTENSION, says)
    if key:
        return Problem(Reason.EXTENSION, Message(key, name=name))
    return Problem(Reason.EXTENSION, Message("package.extension", name=name, accepted=sorted(ACCEPTED)))


_OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BEGINNINGS = (
    (b"%PDF-", "form.is-a-pdf"),
    (b"{\\rtf", "form.is-a-text"),
    (b"\x89PNG", "form.is-an-image"),
    (b"\xff\xd8\xff", "form.is-an-image"),
    (b"<!doctype html", "form.is-a-page"),
    (b"<html", "form.is-a-page"),
)
_INSIDE = (
    (b"opendocument.spreadsheet", "form.is-open-document"),
    (b"opendocument", "form.is-a-text"),
    (b"word/document", "form.is-a-text"),
    (b"ppt/presentation", "form.is-a-text"),
    (b"xl/workbook.bin", "form.is-a-binary-workbook"),
)
_NAMED = {"csv": "form.is-csv", "tsv": "form.is-csv", "txt": "form.is-plain-text", "xls": "form.is-xls"}


def mistaken_for(content: bytes, name: str) -> Message | None:
    """What a file is that was taken for a form, called what it is, with what to do; nothing for a form."""
    beginning = content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    if beginning.startswith(_OLD):
        secret = "EncryptedPackage".encode("utf-16-le") in content
        return Message("form.encrypted" if secret else "form.is-xls")
    if beginning.startswith(b"PK\x03\x04"):
        return next((Message(key) for sign, key in _INSIDE if sign in content), None)
    if found := next((key for sign, key in _BEGINNINGS if beginning.lower().startswith(sign.lower())), None):
        return Message(found)
    if not beginning.startswith((b"{", b"[")) and (key := _NAMED.get(extension_of(name))):
        return Message(key)
    return None


def no_package(beginning: bytes, name: str) -> Message | None:
    """What a file is that was given for a package, with what to do; nothing for what may be a zip."""
    extension = extension_of(name)
    if extension in ARCHIVES and not beginning.startswith(b"PK"):
        return None if extension == "zip" else Message("package.other-archive", archive=name)
    if TOLD_APART.get(extension) == "package.mail":
        return Message("package.mail-for-a-package", name=name)
    what = mistaken_for(beginning, name)
    if extension in MACROS:
        what = Message("package.can-hold-macros", name=name)
    if what and (extension in MACROS | ACCEPTED | TOLD_APART.keys() | _NAMED.keys()):
        return Message("package.form-for-a-package", name=name, what=what)
    return None


def taken_for_the_form(beginning: bytes, name: str) -> Message:
    """What to do with a file that lies where the form is looked for, and is not called as a form is."""
    named = {"json": FORM, "xlsx": SPREADSHEET}.get(extension_of(name))
    if named and not mistaken_for(beginning, name):
        return Message("package.name-it", form=named)
    return mistaken_for(beginning, name) or Message("form.is-a-text")
