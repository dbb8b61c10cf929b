"""A light stem: the key under which the learned parts know a word, whether or not a lexicon lists it."""

from __future__ import annotations

from waqai.text import Known

__all__ = ["stem"]

_PREFIXES = ("وبال", "وكال", "وال", "فال", "بال", "كال", "ولل", "فلل", "ال", "لل")
_SUFFIXES = ("هما", "كما", "تهم", "تها", "اته", "هم", "ها", "هن", "نا", "كم", "ات", "ون", "ين", "ان", "وا", "ته", "ه", "ا")


def stem(norm: str) -> str:
    """Return the light stem of a folded word: conjunction, article, preposition and common endings off.

    Never shorter than three letters. A word keeps a letter that could belong to it where stripping is a guess, except for
    و before any word of four letters or more: a text folded this way maps «والاجتماعات», «اجتماعه» and «اجتماعا» to one key.
    """
    return _STEMS[norm]


def _stem(word: str) -> str:
    for prefix in _PREFIXES:
        if word.startswith(prefix) and len(word) - len(prefix) >= 3:
            word = word[len(prefix) :]
            break
    else:
        if len(word) > 4 and word[0] == "و":
            word = word[1:]
        if len(word) > 4 and word[0] in "بل" and word[1] != "ا":
            word = word[1:]
        if len(word) > 4 and word[0] == "س" and word[1] in "يتن":
            word = word[1:]
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= 3:
            return word[: -len(suffix)]
    return word


_STEMS: Known[str] = Known(_stem)
