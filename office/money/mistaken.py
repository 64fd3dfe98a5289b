"""What people hand in for a bank statement, told by how its content begins: named, with what to ask for."""

from __future__ import annotations

import io
import re

from office.money.statements import Wrong

LARGEST = 32 * 1024 * 1024
"""Bytes of a file of statements; a year of a busy account is less."""

_STARTS = {
    b"PK\x03\x04": "statement.is-zip-in-zip",
    b"PK\x05\x06": "statement.is-empty-zip",
    b"\xd0\xcf\x11\xe0": "statement.is-office",
    b"\x1f\x8b": "statement.is-gzip",
    b"7z\xbc\xaf": "statement.is-gzip",
    b"Rar!": "statement.is-gzip",
    b"\xf0\xf0\xf0\xf0\xf0": "statement.is-coda-of-mainframe",
    b"\x89PNG": "statement.is-picture",
    b"\xff\xd8\xff": "statement.is-picture",
}
_MT940 = re.compile(rb"(?:\{1:|:20:|:940:|940\s|MT940)")
_HTML = re.compile(rb"<(?:!doctype\s+html|html)\b", re.IGNORECASE)
_OFX = re.compile(rb"OFXHEADER:|<\?OFX|<OFX>", re.IGNORECASE)
_TABLE = re.compile(rb"[^\r\n\0]*(?:[;,\t][^\r\n\0]*){2}")
_OF_SYSTEMS = re.compile(r"(?:__MACOSX/|(?:.*/)?(?:\.[^/]*|thumbs\.db|desktop\.ini))", re.IGNORECASE)


def named(content: bytes) -> str:
    """The key of what a content is that is no statement; nothing when it may be one."""
    begins = content[:1024].lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    for start, key in _STARTS.items():
        if content.startswith(start):
            return key
    if b"%PDF-" in content[:1024]:
        return "statement.is-pdf"
    if _MT940.match(begins):
        return "statement.is-mt940"
    if _HTML.match(begins):
        return "statement.is-page"
    if _OFX.match(begins):
        return "statement.is-ofx"
    plain = begins.replace(b"\0", b"")  # as UTF-16 has it
    if plain[:1] == b"<" or plain[:3] == b"000":
        return ""
    return "statement.is-table" if _TABLE.match(plain) else "statement.is-neither"


def unpacked(content: bytes) -> bytes:
    """The one file of a zip, or what is no zip as it is. Raises: Wrong."""
    if not content.startswith(b"PK\x03\x04"):
        return content
    import zipfile
    import zlib

    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if "[Content_Types].xml" in archive.namelist():
                raise Wrong("statement.is-office")
            files = [one for one in archive.infolist() if not one.is_dir()]
            told = [one for one in files if not _OF_SYSTEMS.fullmatch(one.filename)]
            if len(told) != 1:
                raise Wrong("statement.is-zip", n=len(told))
            with archive.open(told[0]) as file:
                inside = file.read(LARGEST + 1)
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, RuntimeError, LookupError):
        raise Wrong("statement.zip-unreadable") from None  # also one with a password, or another compression
    if len(inside) > LARGEST:
        raise Wrong("statement.zip-too-large", most=LARGEST // 1024 // 1024)
    return inside
