"""Offsets of a folded text in the text as given, computed only where they are asked for (see Note [Offsets] in text.py)."""

from __future__ import annotations

from bisect import bisect_right

from waqai.text import fold, unfold_offset

__all__ = ["Offsets"]

_CHUNK = 64


class Offsets:
    """Folds `text` in pieces; ``offsets[i]`` is the offset in `text` of character `i` of ``offsets.folded``."""

    __slots__ = ("_starts", "_text", "folded")

    def __init__(self, text: str) -> None:
        pieces = [fold(text[i : i + _CHUNK]) for i in range(0, len(text), _CHUNK)]
        self._text = text
        self._starts: list[int] = []
        at = 0
        for piece in pieces:
            self._starts.append(at)
            at += len(piece)
        self.folded = "".join(pieces)

    def __getitem__(self, i: int) -> int:
        if not self._starts:
            return 0
        k = bisect_right(self._starts, i) - 1
        base = k * _CHUNK
        return base + unfold_offset(self._text[base : base + _CHUNK], i - self._starts[k])
