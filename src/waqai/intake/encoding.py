"""Bytes to text: byte order marks, UTF-8, UTF-16, a declaration, else the Arabic single-byte code page that reads best.

What a file declares is only believed where the bytes agree: Arabic pages that say windows-1256 and hold UTF-8 (and the
reverse) are common. No statistics library is used; three code pages hold all legacy Arabic, and running Arabic text
tells them apart by its commonest letters.
"""

from __future__ import annotations

import codecs
import re

from waqai.errors import EncodingError

__all__ = ["decode", "marked", "wide"]

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_.:\-]{2,30})""")
_LEGACY = ("cp1256", "iso8859_6", "mac_arabic", "cp864", "cp720")
# Alef, lam, ya, mim, waw, nun, ta marbuta, ta, ra, ba: about 65 % of the letters of any Arabic text.
_COMMON = frozenset("اليمونةترب")
_SAMPLE = 20_000
_BROKEN_SHARE = 0.002


def decode(data: bytes) -> str:
    """Return `data` as text without its byte order mark; line ends stay as they are.

    Raises EncodingError where no encoding gives readable text.
    """
    for bom, name in _BOMS:
        if data.startswith(bom):
            return _strict(data[len(bom) :], name)
    unmarked = wide(data)
    if unmarked:
        return _strict(data, unmarked)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as broken:
        first = broken.start
    legacy = _legacy(data, first)
    if legacy is not None:
        return legacy
    text = data.decode("utf-8", errors="replace")
    if text.count("\ufffd") <= 1 + _BROKEN_SHARE * len(text):
        return text  # a page cut off in the middle of a letter, or a few damaged bytes
    raise EncodingError(f"the bytes are in no encoding known here (UTF-8 breaks at byte {first}); convert the file to UTF-8 first")


def _strict(data: bytes, name: str) -> str:
    try:
        return data.decode(name)
    except UnicodeDecodeError as broken:
        if name.startswith("utf-16") and len(data) - broken.start < 4:
            return data[: broken.start].decode(name)  # the last unit was cut off
        raise EncodingError(f"marked {name}, but it breaks at byte {broken.start}; save it as UTF-8") from broken


def marked(data: bytes) -> bool:
    """Does `data` begin with a byte order mark?"""
    return any(data.startswith(bom) for bom, _ in _BOMS)


def wide(data: bytes) -> str | None:
    """Return "utf-16-le" or "utf-16-be" for UTF-16 without a mark, else None.

    The high byte of every Arabic letter is 06 and that of every Latin one 00, so one parity is full of these two.
    """
    head = data[:_SAMPLE]
    if len(head) < 4:
        return None
    even, odd = head[0::2], head[1::2]
    for high, low, name in ((odd, even, "utf-16-le"), (even, odd, "utf-16-be")):
        if high.count(6) + high.count(0) > 0.9 * len(high) and low.count(0) < 0.1 * len(low) + 1:
            return name
    return None


def _legacy(data: bytes, first: int) -> str | None:
    """The code page that reads best from the first byte on that is no ASCII; what stands before may be long scripts."""
    names = list(_LEGACY)
    found = _DECLARED.search(data[:4096])
    if found:
        try:
            declared = codecs.lookup(found.group(1).decode("ascii")).name
        except LookupError:
            declared = ""
        names = [declared, *names] if declared and declared != "utf-8" else names
    best, text = 0.0, None
    for name in names:
        try:
            sample = data[first : first + _SAMPLE].decode(name, errors="replace")
        except (LookupError, UnicodeError):
            continue
        score = _arabic(sample)
        if score > best + 0.02:  # earlier names, the declared one first, win ties
            best, text = score, data.decode(name, errors="replace")
    return text if best >= 0.45 else None


def _arabic(text: str) -> float:
    """Share of the non-ASCII characters that are the ten commonest Arabic letters; 0 where few are Arabic at all."""
    high = [c for c in text if c > "\x7f"]
    if not high:
        return 0.0
    arabic = sum("\u0600" <= c <= "\u06ff" for c in high)
    if arabic < 0.7 * len(high):
        return 0.0
    return sum(c in _COMMON for c in high) / len(high)
