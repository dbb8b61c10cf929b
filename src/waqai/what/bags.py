"""The words around an act as sets of hashed keys, for the linear scorers (what/linear.py).

Three kinds of set: of an event, for whether it is dated at all, by publication or by another date; of an event with a dated
expression, for whether that is its date; of an event with an actor phrase, for whether that is its actor or recipient. A key is
a template («the word before», «a word between») with a word.
"""

from __future__ import annotations

from collections.abc import Callable
from zlib import crc32

from waqai.text import fold
from waqai.types import Mention, Sentence, Time
from waqai.what.candidates import Candidate
from waqai.what.linear import seed
from waqai.what.stems import stem

__all__ = ["Coded", "coded", "dated", "event", "party"]

Coded = tuple[list[bytes], list[bytes]]
"""A sentence's folded words and stems as bytes, by token."""
_NONE = b"#"


def coded(sentence: Sentence, stems: list[str]) -> Coded:
    """Return the words of a sentence as the sets take them."""
    return [t.norm.encode() for t in sentence.tokens], [s.encode() for s in stems]


class _Seeds(dict[str, list[int]]):
    """The starts of a kind's templates, by what stands before them (a type, a direction); made once each."""

    def __init__(self, templates: str) -> None:
        super().__init__()
        self._templates = templates.split()

    def __missing__(self, key: str) -> list[int]:
        made = self[key] = [seed(f"{key} {t} ") for t in self._templates]
        return made


def _steps(distance: int, limits: tuple[int, ...]) -> int:
    return max((x for x in limits if x <= distance), default=0)


# --- an event -------------------------------------------------------------------------------------------------------------

_EVENT = _Seeds("left right own sentence start opening before_sentence after_sentence type place sentence_number token sentences pair")
_AT = _Seeds("-3 -2 -1 0 1 2")
_SHAPE = _Seeds("first1 first2 last1 last2 whole")


def event(c: Candidate, number: int, n: int, words: Callable[[int], Coded]) -> set[int]:
    """Return the set of an event of sentence `number` of `n`; `words` gives a sentence's."""
    norms, stems = words(number)
    left, right, own, whole, start, opening, previous, following, kind, place, at, token, size, pair = _EVENT[""]
    out = {crc32(s, whole) for s in stems[:60]}
    low, high = max(0, c.token - 8), min(len(stems), c.last + 6)
    out.update(crc32(stems[k], left if k < c.token else right if k > c.token else own) for k in range(low, high))
    near = _AT[""]
    out.update(crc32(norms[k], near[k - c.token + 3]) for k in range(max(0, c.token - 3), min(len(norms), c.token + 3)))
    out.update(crc32(w, start) for w in norms[:2])
    out.add(crc32(norms[0], opening))
    for offset, s, limit in ((-1, previous, 50), (1, following, 40)):
        if 0 <= number + offset < n:
            out.update(crc32(x, s) for x in words(number + offset)[1][:limit])
    for s, value in (
        (kind, c.type), (place, min(9, 10 * number // n)), (at, min(number, 8)), (token, min(12, c.token // 3)), (size, min(8, n // 4)),
    ):  # fmt: skip
        out.add(crc32(str(value).encode(), s))
    out.update(crc32(norms[k - 1] + b" " + norms[k], pair) for k in range(max(1, c.token - 4), min(len(norms), c.last + 3)))
    w = norms[c.token].decode()
    out.update(crc32(x.encode(), s) for x, s in zip((w[:1], w[:2], w[-1:], w[-2:], w), _SHAPE[""], strict=True))
    return out


# --- an event and a dated expression --------------------------------------------------------------------------------------

_DATED = _Seeds("basis value type distance before after before_act second_before between first last part elsewhere")


def dated(c: Candidate, sentence: Sentence, words: Coded, basis: str, date: str | None, t: Time | None) -> set[int]:
    """Return the set of an event with one date that it may have; `t` is the expression it is read off, None where there is none."""
    found: list[tuple[int, str, bytes]] = [(0, "", basis.encode())]
    if t is not None:
        found += [(1, "", stem(fold(w)).encode()) for w in t.text.split()[:4]]
        found.append((2, "", f"{t.type}{len(date or '')}".encode()))
        if sentence.start <= t.start < sentence.end:
            found += _between_dates(c, sentence, words, t)
        else:
            found.append((12, "", _NONE))
    out: set[int] = set()
    for k, side, value in found:
        out.add(crc32(value, _DATED[side][k]))
        out.add(crc32(value, _DATED[c.type + side][k]))
    return out


def _between_dates(c: Candidate, sentence: Sentence, words: Coded, t: Time) -> list[tuple[int, str, bytes]]:
    norms, stems = words
    first = next((j for j, x in enumerate(sentence.tokens) if x.end > t.start), 0)
    end = next((j for j, x in enumerate(sentence.tokens) if x.start >= t.end), len(norms))
    side = "a" if first >= c.last else "b" if end <= c.token else "i"
    low, high = (c.last, first) if side == "a" else (end, c.token)
    between = norms[low:high]
    previous = norms[first - 1] if first else _NONE
    found = [
        (3, side, b"%d" % _steps(len(between), (0, 1, 2, 3, 4, 5, 6, 10, 18))), (4, side, previous),
        (5, side, norms[end] if end < len(norms) else _NONE), (6, side, norms[c.token - 1] if c.token else _NONE),
        (11, side, (c.reading.part + c.reading.tense).encode() if c.reading else b""),
    ]  # fmt: skip
    if first > 1:
        found.append((7, side, norms[first - 2] + b" " + previous))
    found += [(8, side, x) for x in set(stems[low:high])]
    found += [(9, side, x) for x in between[:3]]
    found += [(10, side, x) for x in between[-3:]]
    return found


# --- an event and an actor phrase -----------------------------------------------------------------------------------------

_PARTY = _Seeds(
    "self head kind sector_word sector_side head_word head_side word distance distance_part before before_part after word_before clitic"
    " word_distance second_before second_after first last between path word_path act_before act_after"
)


def party(c: Candidate, lexeme: str, m: Mention, back: int, words: Coded) -> set[int]:
    """Return the set of an event with a phrase of its sentence (`back` 0) or of one before; `words` are the event's sentence's."""
    part = ((c.reading.part + ("p" if c.reading.passive else "")) if c.reading else "?").encode()
    side = f"f{back}" if back else "i" if m.first <= c.token < m.last else "a" if m.first >= c.last else "b"
    way, lex, sector = side.encode(), lexeme.encode(), (m.sector or "-").encode()
    own = [stem(fold(w)).encode() for w in m.text.split()[:4]]
    head = own[0] if own else _NONE
    found: list[tuple[int, bytes]] = [
        (0, sector + m.form.encode()), (1, head), (2, m.kind.encode()), (3, sector + lex), (4, sector + way), (5, head + lex),
        (6, head + way), *((7, w) for w in own),
    ]  # fmt: skip
    if not back:
        found += _between_party(c, m, side, way, lex, part, words)
    seeds = _PARTY[side]
    return {crc32(value, seeds[k]) for k, value in found}


def _between_party(
    c: Candidate, m: Mention, side: str, way: bytes, lex: bytes, part: bytes, words: Coded
) -> list[tuple[int, bytes]]:
    norms, stems = words
    low, high = (c.last, m.first) if side == "a" else (m.last, c.token) if side == "b" else (c.token, c.token)
    between = norms[low:high]
    n = len(between)
    gap = b"%d" % _steps(n, (0, 1, 2, 3, 4, 6, 9, 14))
    previous = norms[m.first - 1] if m.first else _NONE
    following = norms[m.last] if m.last < len(norms) else _NONE
    found = [
        (8, gap), (9, gap + part), (10, previous), (11, previous + part), (12, following), (13, lex + previous),
        (14, norms[m.first][:4] + part), (15, lex + (b"0" if n == 0 else b"1" if n < 3 else b"2")),
    ]  # fmt: skip
    if m.first > 1:
        found.append((16, norms[m.first - 2] + b" " + previous))
    if m.last + 1 < len(norms):
        found.append((17, following + b" " + norms[m.last + 1]))
    found += [(18, x) for x in between[:6]]
    found += [(19, x) for x in between[-6:]]
    found += [(20, x) for x in set(stems[low:high])]
    if n <= 5:
        path = b" ".join(between)
        found += [(21, path), (22, lex + path)]
    if c.token:
        found.append((23, norms[c.token - 1]))
    if c.last < len(norms):
        found.append((24, norms[c.last]))
    return found
