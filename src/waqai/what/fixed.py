"""Fixed expressions and names in which a word that could name an act names none («مكتب التحقيقات», «العرض والطلب»).

The lists are ``words/fixed.toml``; their form is explained at its top.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence

import msgspec

from waqai import words
from waqai.errors import WordsError
from waqai.text import Phrases
from waqai.types import Token

__all__ = ["Fixed", "FixedEntry", "blocks", "default", "load"]


class Sample(msgspec.Struct, forbid_unknown_fields=True):
    """A sentence that holds an expression of the list."""

    text: str


class FixedEntry(msgspec.Struct, forbid_unknown_fields=True):
    """One entry of ``fixed.toml``. `against`: the event types that no word of the expressions names; empty: none at all."""

    words: list[str]
    against: list[str] = []
    example: list[Sample] = []


class Fixed:
    """The compiled expressions."""

    def __init__(self, entries: Sequence[FixedEntry]) -> None:
        self._phrases: Phrases[frozenset[str]] = Phrases()
        for e in entries:
            for w in e.words:
                self._phrases.add(w, frozenset(e.against))

    def scan(self, toks: list[Token], norms: list[str] | None = None) -> dict[int, frozenset[str]]:
        """Return the tokens that stand in an expression, with the types they do not name (empty: no type). Linear.

        `norms`: the tokens' folded words, where the caller has them.
        """
        out: dict[int, frozenset[str]] = {}
        for hit in self._phrases.scan(toks, norms):
            for i in range(hit.first, hit.last):
                out[i] = hit.value
        return out


def blocks(found: dict[int, frozenset[str]], i: int, kind: str) -> bool:
    """Tell whether what `Fixed.scan` found keeps token `i` from naming an act of type `kind`."""
    types = found.get(i)
    return types is not None and (not types or kind in types)


def load() -> list[FixedEntry]:
    """Read ``words/fixed.toml``. Raises `WordsError` where an entry has not the form that the file explains."""
    try:
        return msgspec.convert(words.raw("fixed.toml").get("fixed", []), list[FixedEntry])
    except msgspec.ValidationError as error:
        raise WordsError(f"fixed.toml: [[fixed]] {error}") from error


@functools.lru_cache(maxsize=1)
def default() -> Fixed:
    """Return the package's expressions."""
    return Fixed(load())
