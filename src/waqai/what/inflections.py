"""Lists of words found in a text in all their inflections, and in no other word.

Note [Endings]
--------------
What may follow a listed word is a closed list, not "any three letters": «آلام» must not find «الأمن», nor «أنه» «إنهاء».
After the article no pronoun and no tanween can stand. ـيه is left out: folded, «عملية» of «عمل» is far more frequent than «عمليه».
"""

from __future__ import annotations

from collections.abc import Iterable

from waqai.text import Known, fold, proclitics

__all__ = ["Inflections"]

_DEFINITE = frozenset(("", "ه", "ات", "ان", "ين", "ون", "تان", "تين"))
_PRONOUNS = ("ه", "ها", "هما", "هم", "هن", "ك", "كم", "نا", "ي")
_ENDINGS = _DEFINITE | {
    "ا", "و", "ت", "تا", "وا", "ني", *(link + p for link in ("", "ت", "ا", "ات", "ي", "و") for p in _PRONOUNS),
} - {"يه"}  # fmt: skip
_LONGEST = max(map(len, _ENDINGS))


class Inflections:
    """Which of the listed words each token is: found once a word type, so that a question is a test of sets.

    A listed word counts with the proclitics that can stand on it and one inflectional ending (Note [Endings]).
    """

    def __init__(self, listed: Iterable[str]) -> None:
        self._bases: dict[str, list[str]] = {}
        for given in sorted(set(listed)):
            w = fold(given)
            for base in (w, *_stems(given, w)):
                have = self._bases.setdefault(base, [])
                if w not in have:
                    have.append(w)
        self._known: Known[frozenset[str]] = Known(self._forms)

    def of(self, norm: str) -> frozenset[str]:
        """Return the listed words, folded, that the folded word `norm` is a form of."""
        return self._known[norm]

    def _forms(self, norm: str) -> frozenset[str]:
        found: set[str] = set()
        for clitic, rest in proclitics(norm):
            endings = _DEFINITE if "ال" in clitic or clitic.endswith("لل") else _ENDINGS
            for cut in range(max(1, len(rest) - _LONGEST), len(rest) + 1):
                if rest[cut:] in endings and rest[:cut] in self._bases and _stands(clitic, rest, cut):
                    found.update(self._bases[rest[:cut]])
        return frozenset(found)


def _stems(given: str, folded: str) -> tuple[str, ...]:
    """What a listed word becomes before its endings: ة as ت and as ات, a final ا with ت («ميليشيات»), ه as هم and ها."""
    if len(folded) < 4:
        return ()
    if given.endswith("ة"):
        return folded[:-1] + "ت", folded[:-1] + "ات"
    if given.endswith("ه") and len(folded) > 4:
        return folded[:-1] + "ها", folded[:-1] + "هم", folded[:-1] + "هما"
    return (folded + "ت",) if folded.endswith("ا") else ()


def _stands(clitic: str, rest: str, cut: int) -> bool:
    """Tell whether a listed word ``rest[:cut]`` can be what is left of a token once `clitic` is read off.

    Particles and words of two letters take no ending. ك and س before short words are nearly always letters of another
    word («كان» is no «أن»), and س stands only before the imperfect.
    """
    if cut < 3 and (cut < len(rest) or clitic[-1:] in ("ك", "س")):
        return False
    if clitic.endswith("س"):
        return rest[0] in "يتنا"
    return cut > 3 or not clitic.endswith("ك")
