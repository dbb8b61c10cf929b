"""Is it Arabic? A count of letters and of a few function words on the first part of the text; no model."""

from __future__ import annotations

import re

from waqai.errors import LanguageError

__all__ = ["require_arabic"]

_SAMPLE = 6000
_SCRIPT = re.compile(r"[\u0621-\u063a\u0641-\u064a\u066e-\u06d3\u06ee\u06ef\u06fa-\u06ff\u0750-\u077f]")
# Letters that Arabic spelling does not use; Persian, Urdu, Kurdish, Pashto and Uyghur use some in every other word.
_FOREIGN = re.compile(r"[\u0679-\u06d3\u06ee-\u06ef\u06fa-\u06ff]")
_LATIN = re.compile(r"[^\W\d_\u0600-\u06ff\u0750-\u077f]")
_ARABIC_WORD = re.compile(r"\b(?:في|فی|من|على|علی|إلى|الى|إلی|الی|أن|ان|إن|التي|التی|الذي|الذی|هذا|هذه|عن|مع|بعد)\b")
_OTHER_WORD = re.compile(r"\b(?:در|از|که|این|است|را|به|کے|میں|ہے|کی|نے|سے|اور|له|لە|بۆ|کە|په|چې|ۋە|بىر)\b")


def require_arabic(text: str) -> None:
    """Raise LanguageError where `text` is not (mostly) Arabic. A text without letters raises too."""
    sample = text[:_SAMPLE]
    script = len(_SCRIPT.findall(sample))
    other = len(_LATIN.findall(sample))
    if script + other == 0:
        raise LanguageError("there are no letters in it; nothing to read")
    if script < 0.4 * (script + other):
        raise LanguageError(f"not Arabic ({100 * script // (script + other)} % of the letters); only Arabic articles are read")
    foreign = len(_FOREIGN.findall(sample))
    if foreign > 0.03 * script and len(_OTHER_WORD.findall(sample)) > len(_ARABIC_WORD.findall(sample)):
        raise LanguageError("Arabic script, but another language (Persian, Urdu, Kurdish …); only Arabic is read")
