"""What an expression is counted from: the date of publication, the time last spoken of, and the tense of the clause.

Note [Anchors]
--------------
News counts from its date of publication, and a bare weekday or month is past unless the clause looks ahead. Anaphors
(«الشهر ذاته», «اليوم التالي») count from the time last spoken of, which is kept by granularity with its offset, so that
every resolved time can say what it was counted from (`Time.anchor`).
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from waqai.when.grammar import UNKNOWN, Tok

__all__ = ["Context", "Focus"]


@dataclass(slots=True)
class Focus:
    """A time spoken of: what is known of it, where it stands (offset), in which sentence."""

    year: int
    month: int | None
    day: date | None
    value: str
    at: int
    sentence: int
    full: bool = False  # a day or month written out with its year


@dataclass(slots=True)
class Context:
    """One document while it is read."""

    pub: date | None
    toks: list[Tok]
    ends: list[int]  # offsets at which sentences end
    near: Mapping[str, frozenset[str]]
    day: Focus | None = None
    month: Focus | None = None
    year: Focus | None = None
    last: Focus | None = None
    history: list[Focus] = field(default_factory=list)

    def sentence(self, at: int) -> int:
        """Return the index of the sentence at offset `at`."""
        return bisect_left(self.ends, at)

    def speak(self, focus: Focus) -> None:
        """Remember a resolved calendar time."""
        if focus.day is not None:
            self.day = focus
        if focus.month is not None:
            self.month = focus
        self.year = focus
        self.last = focus

    def written_year(self, at: int) -> Focus | None:
        """Return the time with a year other than that of publication which governs the place `at`, if any."""
        f = self.year
        if f is None or not f.full or self.pub is None or f.year == self.pub.year:
            return None
        return f if f.month is not None and self.sentence(at) == f.sentence else None

    def looks_ahead(self, first: int, last: int) -> bool:
        """Tell whether the clause around tokens ``first:last`` speaks of the future.

        Back from the expression to the sentence's start, at most 20 tokens: the first cue decides. A future verb with
        سـ, a word like «المقرر», or one of the verbs that announce in the present tense («تنطلق») is a cue.
        """
        toks = self.toks
        floor = self.sentence(toks[first].start)
        if first > 1 and "edge" in toks[first - 1].vals and toks[first - 2].norm == "قبل":
            return True
        if first > 0 and "since" in toks[first - 1].vals:
            return False
        for k in range(first - 1, max(first - 21, -1), -1):
            t = toks[k]
            if self.sentence(t.start) != floor:
                break
            verdict = self._cue(k, first - k)
            if verdict is not None:
                return verdict
        for k in range(last, min(last + 4, len(toks))):
            t = toks[k]
            if self.sentence(t.start) != floor:
                break
            if t.norm in ("ان", "بان", "الي", "انه", "انها", "و", "."):
                break
            if t.code == UNKNOWN and self._sa(t.norm):
                return True
            if "presfut" in t.vals and k == last:
                return True
        return False

    def _cue(self, k: int, distance: int) -> bool | None:
        toks = self.toks
        t = toks[k]
        if "pastcue" in t.vals or ("after" in t.vals and distance <= 7):
            return False
        if "relpro" in t.vals and k + 1 < len(toks) and not self._imperfect(toks[k + 1].norm):
            return False  # «القانون الذي أقره البرلمان الأربعاء»
        if "futcue" in t.vals:
            return not self._was(k)
        if "presfut" in t.vals and distance <= 6:
            return not self._was(k)
        if t.code == UNKNOWN and self._sa(t.norm):
            return True
        return None

    @staticmethod
    def _imperfect(norm: str) -> bool:
        return norm[:1] in ("ي", "ت", "س", "ن")

    def _was(self, k: int) -> bool:
        """Tell whether «كان» or «لم» stands shortly before: «كان من المقرر أن يلتقي» was to be, and may have been."""
        return any("was" in t.vals for t in self.toks[max(k - 5, 0) : k])

    def _sa(self, norm: str) -> bool:
        """Tell whether the folded word is an imperfect with سـ: «سيزور», «وستعقد»."""
        w = norm[1:] if norm[:1] in ("و", "ف") and len(norm) > 4 else norm
        if len(w) < 4 or w[0] != "س" or w[1] not in "يتن":
            return False
        return w not in self.near["not-future"] and not any(w.startswith(stem) for stem in self.near["not-future-stem"])
