"""What the scorer sees of a candidate: one row of numbers for each (token, type) pair.

Lexical knowledge enters as shares, not as words: how often a stem, a word, a pair of neighbours named an act of this type
in the training articles (smoothed; when training, the articles of its fold left out), what the lexicon's entry says, and what the
stem's neighbours in meaning are (a projection of its embedding). So the table of weights is small and holds no text.
"""

from __future__ import annotations

import functools
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from operator import attrgetter

import msgspec
import numpy as np
from numpy.typing import NDArray

from waqai.says import Said
from waqai.types import Mention, Sentence, Time
from waqai.what.candidates import Candidate
from waqai.what.shares import FAMILIES, TYPE_INDEX, TYPES, Learnt, Lookup, Shares
from waqai.what.stems import stem

__all__ = ["FAMILIES", "NAMES", "TYPES", "TYPE_INDEX", "Learnt", "Lookup", "Meaning", "Scene", "Shares", "keys", "lexeme", "rows", "stems_of"]

_FIRST, _LAST, _START = attrgetter("first"), attrgetter("last"), attrgetter("start")


def keys(sentence: Sentence, stems: list[str], i: int, lexeme: str) -> list[str]:
    """Return the keys of token `i`, one for each of FAMILIES."""
    toks = sentence.tokens
    n = len(toks)
    following = stems[i + 1] if i + 1 < n else "#"
    previous = stems[i - 1] if i else "#"
    before = toks[i - 2].norm if i > 1 else "#"
    return [
        "l" + lexeme,
        "s" + stems[i],
        "w" + toks[i].norm,
        "n" + following,
        "p" + (toks[i - 1].norm if i else "#"),
        "b" + stems[i] + " " + following,
        "c" + previous + " " + stems[i],
        "d" + before + " " + (toks[i - 1].norm if i else "#"),
    ]


_PREPS = {
    w: k
    for k, group in enumerate(
        (
            ("في",), ("من",), ("على", "علي"), ("الى", "الي"), ("عن",), ("مع",), ("بين",), ("ضد",), ("بعد", "عقب", "اثر"), ("قبل",),
            ("خلال", "اثناء"), ("منذ",), ("ان",), ("لم", "لن", "لا", "ليس", "دون", "عدم", "غير"), ("التي", "الذي", "الذين", "الذين"),
            ("بسبب", "جراء", "نتيجه"), ("بشان", "حول", "حيال", "ازاء"), ("بهدف", "اجل", "لاجل"), ("قد", "وقد", "لقد"),
            ("كان", "وكان", "وكانت", "كانت"), ("تم", "جري", "وتم", "يتم"), ("\"", "«", "“", "”"), ("،",), (":",), ("و", "ثم", "او"),
        ),
        start=1,
    )
    for w in group
}  # fmt: skip
_SECTORS = ("GOV", "MIL", "COP", "JUD", "LEG", "PTY", "REB", "UAF", "CVL", "BUS", "SOC", "JRN")
_SECTOR_INDEX = {s: i + 1 for i, s in enumerate(_SECTORS)}

NAMES = (
    "type", "reduced", "prior", "rival", "verb", "noun", "participle", "idiom", "passive", "past", "present", "met", "entries", "types", "span",
    "lexeme_t", "lexeme_a", "lexeme_n", "stem_t", "stem_a", "stem_n", "norm_t", "norm_a", "next_a", "prev_a", "bigram_t", "bigram_a",
    "bigram_n", "before_t", "before_a", "before_n", "prep_a",
    "emb_t", "emb_best", "ctx_t", "doc_t",
    "sentence", "place", "length", "headline", "quoted", "paren",
    "same_before", "same_after", "same_best", "near_prior", "candidates",
    "doc_prior", "doc_share", "article", "preposition", "conj", "future", "enclitic", "letters",
    "prev_class", "next_class", "in_mention", "mention_head", "to_next", "to_prev", "next_sector", "prev_sector", "mentions", "times", "to_time",
    "next_is_time", "number_next", "verb_before", "that_before", "light", "cue_future", "cue_call", "cue_negated", "cue_other",
)  # fmt: skip


class Scene(msgspec.Struct):
    """One document prepared for scoring: sentences with their candidates, mentions and times by sentence."""

    sentences: list[Sentence]
    stems: list[list[str]]
    candidates: list[list[Candidate]]
    mentions: list[list[Mention]]
    times: list[list[Time]]
    said: list[Said]


class Meaning:
    """Embedding projections: log-odds of each type for a stem, and for a bag of stems (context)."""

    def __init__(self, vocabulary: dict[str, int], word: NDArray[np.float32], context: NDArray[np.float32]) -> None:
        self.vocabulary = vocabulary
        self.word = word
        self.context = context

    def of(self, stems: Sequence[str]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return word scores (n, types) and context scores (n, types) of the stems."""
        index = np.fromiter((self.vocabulary.get(s, 0) for s in stems), dtype=np.int64, count=len(stems))
        return self.word[index], self.context[index]


_AT_ONCE = 4096  # candidates gathered before they become arrays: most articles have less than 200


class _Columns:
    """What is gathered of some sentences before it becomes arrays: lists by candidate, by place (token and end), by token and lexeme."""

    def __init__(self) -> None:
        self.kinds: list[int] = []
        self.own: list[list[float]] = []
        """By candidate: type … span, same_before, same_after, same_best, article … enclitic."""
        self.spots: list[list[float]] = []
        """By place: sentence … paren, near_prior, candidates, letters … cue_other."""
        self.spot: list[int] = []
        self.lines: list[list[int]] = []
        self.line: list[int] = []
        self.tokens: list[tuple[int, int, int]] = []
        """By candidate: its token, and the window around it, as numbers of tokens in the article."""


def rows(
    scene: Scene, shares: Shares | Lookup, meaning: Meaning | None, out: dict[str, list[int]] | None = None
) -> tuple[NDArray[np.float32], list[Candidate], list[int]]:
    """Return feature rows (candidates, NAMES), their candidates and their sentence numbers.

    `out` holds counts to leave out of `shares` (training). What depends on a token alone is worked out once a token, and the shares
    and meanings of all candidates are taken in a few array operations.
    """
    lookup = shares if isinstance(shares, Lookup) else Lookup(shares, out)
    sense = None if meaning is None else meaning.of([s for stems in scene.stems for s in stems])
    total = np.zeros(len(TYPES))
    for cands in scene.candidates:
        for c in cands:
            total[TYPE_INDEX[c.type]] += c.prior
    doc = (total / max(1, len(scene.sentences)), total / (sum(total.tolist()) + 1.0))
    tables: list[NDArray[np.float32]] = []
    which: list[Candidate] = []
    where: list[int] = []
    cols, start = _Columns(), 0
    for number, sentence in enumerate(scene.sentences):
        cands = scene.candidates[number]
        if cands:
            _gather(scene, number, lookup, cols, start)
            which.extend(cands)
            where.extend([number] * len(cands))
            if len(cols.kinds) > _AT_ONCE:
                tables.append(_table(cols, lookup, sense, doc))
                cols = _Columns()
        start += len(sentence.tokens)
    if cols.kinds or not tables:
        tables.append(_table(cols, lookup, sense, doc))
    return tables[0] if len(tables) == 1 else np.concatenate(tables), which, where


def _table(
    cols: _Columns, lookup: Lookup, sense: tuple[NDArray[np.float32], NDArray[np.float32]] | None,
    doc: tuple[NDArray[np.float64], NDArray[np.float64]],
) -> NDArray[np.float32]:
    """The rows of what was gathered. `sense`: word and context scores of the article's tokens; `doc`: doc_prior and doc_share by type."""
    table = np.zeros((len(cols.kinds), len(NAMES)), dtype=np.float32)
    if not cols.kinds:
        return table
    kinds = np.array(cols.kinds, dtype=np.intp)
    own = np.array(cols.own, dtype=np.float32)
    spots = np.array(cols.spots, dtype=np.float32)[cols.spot]
    table[:, :15], table[:, 42:45], table[:, 49:54] = own[:, :15], own[:, 15:18], own[:, 18:]
    table[:, 36:42], table[:, 45:47], table[:, 54:] = spots[:, :6], spots[:, 6:8], spots[:, 8:]
    table[:, 47], table[:, 48] = doc[0][kinds], doc[1][kinds]
    _shares(table, lookup.matrix, np.array(cols.lines, dtype=np.intp)[cols.line], kinds)
    if sense is not None:
        _meanings(table, sense[0], sense[1], np.array(cols.tokens, dtype=np.intp), kinds)
    return table


def _shares(
    table: NDArray[np.float32], matrix: NDArray[np.float32], lines: NDArray[np.intp], kinds: NDArray[np.intp]
) -> None:
    """Fill the columns from lexeme_t to prep_a."""
    any_, seen = len(TYPES), len(TYPES) + 1
    at = 15
    for n, shown in enumerate(("tas", "tas", "ta", "a", "a", "tas", "tas", "a")):
        line = lines[:, n]
        for letter in shown:
            table[:, at] = matrix[line, kinds if letter == "t" else any_ if letter == "a" else seen]
            at += 1


_SPAN = np.arange(14)


def _meanings(
    table: NDArray[np.float32], word: NDArray[np.float32], context: NDArray[np.float32], tokens: NDArray[np.intp], kinds: NDArray[np.intp]
) -> None:
    """Fill the columns from emb_t to doc_t."""
    at, low, high = tokens[:, 0], tokens[:, 1], tokens[:, 2]
    table[:, 32], table[:, 33] = word[at, kinds], word[at].max(axis=1)
    place = low[:, None] + _SPAN
    inside = place < high[:, None]
    w = np.where(inside, context[np.where(inside, place, 0), kinds[:, None]], np.float32(0.0)).T
    # Summed in numpy's own order for one line of numbers (pairs from eight up, one by one below), whatever the number of lines.
    few = w[0] + w[1] + w[2] + w[3] + w[4] + w[5] + w[6]
    many = ((w[0] + w[1]) + (w[2] + w[3])) + ((w[4] + w[5]) + (w[6] + w[7]))
    for late in w[8:]:
        many = many + late
    count = high - low
    table[:, 34] = np.where(count < 8, few, many) / count.astype(np.float32)
    table[:, 35] = context.mean(axis=0)[kinds]


def _gather(scene: Scene, number: int, lookup: Lookup, cols: _Columns, start: int) -> None:
    """Collect what is known of the candidates of a sentence whose first token is the article's number `start`."""
    sentence, stems, cands = scene.sentences[number], scene.stems[number], scene.candidates[number]
    n = len(sentence.tokens)
    by_type: dict[str, list[Candidate]] = {}
    priors: list[list[float]] = [[] for _ in range(n)]
    for c in cands:
        by_type.setdefault(c.type, []).append(c)
        priors[c.token].append(c.prior)
    top = [0.0, 0.0, *(max(x, default=0.0) for x in priors), 0.0, 0.0]  # best prior of each token, shifted by two
    spots = _Spots(scene, number, top, sum(1 for x in priors if x))
    spot_at: dict[tuple[int, int], int] = {}
    line_at: dict[tuple[int, str], int] = {}
    for c in cands:
        i, last, k = c.token, c.last, TYPE_INDEX[c.type]
        cols.own.append(_own(c, k, sentence.tokens[i].norm, priors[i], by_type[c.type]))
        spot = spot_at.get((i, last))
        if spot is None:
            spot = spot_at[i, last] = len(cols.spots)
            cols.spots.append(spots.of(c))
        name = lexeme(c)
        line = line_at.get((i, name))
        if line is None:
            line = line_at[i, name] = len(cols.lines)
            cols.lines.append(lookup.lines(keys(sentence, stems, i, name)))
        cols.spot.append(spot)
        cols.line.append(line)
        cols.kinds.append(k)
        cols.tokens.append((start + i, start + max(0, i - 6), start + min(n, i + 8)))


_PARTS = {"v": (1.0, 0.0, 0.0, 0.0), "n": (0.0, 1.0, 0.0, 0.0), "a": (0.0, 0.0, 1.0, 0.0), "p": (0.0, 0.0, 0.0, 1.0)}
_TENSES = {"past": (1.0, 0.0), "present": (0.0, 1.0)}
_NO_PART, _NO_TENSE = (0.0, 0.0, 0.0, 0.0), (0.0, 0.0)


def _own(c: Candidate, k: int, norm: str, priors: list[float], same: list[Candidate]) -> list[float]:
    """The numbers of one candidate: type … span, same_before … same_best, article … enclitic."""
    r = c.reading
    rival = 0.0
    if len(priors) > 1:
        # The best of the others; candidates of one token are told apart by their type, so equal priors stand twice.
        ranked = sorted(priors)
        rival = max(0.0, ranked[-2] if c.prior == ranked[-1] else ranked[-1])
    before = after = best = 0.0
    if len(same) > 1:
        for x in same:
            if x.token < c.token:
                before += 1.0
            elif x.token > c.token:
                after += 1.0
            else:
                continue
            best = max(best, x.prior)
    reduced = TYPE_INDEX[c.reduced] if c.reduced else -1
    if r is None:
        return [
            k, reduced, c.prior, rival, *_NO_PART, 0.0, *_NO_TENSE, c.met, c.entries, len(priors), c.last - c.token,
            before, after, best, *_clitics("", "", norm),
        ]  # fmt: skip
    return [
        k, reduced, c.prior, rival, *_PARTS.get(r.part, _NO_PART), r.passive, *_TENSES.get(r.tense, _NO_TENSE), c.met, c.entries,
        len(priors), c.last - c.token, before, after, best, *_clitics(r.clitic, r.enclitic, norm),
    ]  # fmt: skip


_THAT = frozenset(("ان", "بان", "انه", "انها", "بانه", "بانها"))
_CUE_GROUP = {"future": 0, "plan": 0, "call": 1, "negated": 2, "denial": 2}


class _Spots:
    """A sentence prepared for the numbers of its places."""

    def __init__(self, scene: Scene, number: int, top: list[float], candidates: int) -> None:
        self.sentence = s = scene.sentences[number]
        self.stems = scene.stems[number]
        self.top, self.candidates = top, candidates
        self.quoted, self.paren = _depths(s)
        self.mentions = mentions = scene.mentions[number]
        self.inside = inside = [-1] * len(s.tokens)
        for j, m in enumerate(mentions):
            for t in range(m.first, min(m.last, len(inside))):
                if inside[t] < 0:
                    inside[t] = j
        self.by_first = sorted(mentions, key=_FIRST)
        self.by_last = sorted(self.by_first, key=_LAST)
        self.firsts, self.lasts = [m.first for m in self.by_first], [m.last for m in self.by_last]
        self.times = [at for t in scene.times[number] if (at := bisect_left(s.tokens, t.start, key=_START)) < len(s.tokens)]
        self.said = said = scene.said[number]
        self.verbs = [a.cue for a in said.attributions if a.by == "verb"]
        self.cues = {a.cue for a in said.attributions}

    def of(self, c: Candidate) -> list[float]:
        """The numbers of the candidate's place: sentence … paren, near_prior, candidates, letters … cue_other."""
        i, last, toks, top = c.token, c.last, self.sentence.tokens, self.top
        n = len(toks)
        return [
            self.sentence.index, i / n, n, self.sentence.headline, self.quoted[i], self.paren[i],
            max(top[i], top[i + 1], top[i + 3], top[i + 4]), self.candidates, len(self.stems[i]),
            _PREPS.get(toks[i - 1].norm, 0) if i else 26, _PREPS.get(toks[last].norm, 0) if last < n else 26,
            *self._around(i, min(last, n) - 1), len(self.mentions), len(self.times),
            min((abs(t - i) for t in self.times), default=30), last in self.times, last < n and toks[last].kind == "n",
            *self._speech(i, last),
        ]  # fmt: skip

    def _around(self, i: int, end: int) -> tuple[float, float, float, float, float, float]:
        """The phrase the token stands in, and the next and the last before it: how near, and of which sector."""
        j = self.inside[i]
        to_next, next_sector, to_prev, prev_sector = 40, -1, 40, -1
        at = bisect_right(self.firsts, end)
        if at < len(self.firsts):
            to_next = min(99, self.firsts[at] - end)
            next_sector = _SECTOR_INDEX.get(self.by_first[at].sector or "", 0)
        at = bisect_right(self.lasts, i)
        if at:
            to_prev = min(99, i - self.lasts[at - 1] + 1)
            prev_sector = _SECTOR_INDEX.get(self.by_last[at - 1].sector or "", 0)
        return j >= 0, j >= 0 and (i == 0 or self.inside[i - 1] != j), to_next, to_prev, next_sector, prev_sector

    def _speech(self, i: int, last: int) -> tuple[float, float, float, float, float, float, float]:
        """Verbs of saying, light verbs and cues of stance before the trigger, by nearness (0 none, 1 right before)."""
        toks = self.sentence.tokens
        verb = 2.0 if i in self.cues else max((1.0 / (i - cue) for cue in self.verbs if cue < i), default=0.0)
        light = max((1.0 / (i - h.token) for h in self.said.lights if h.token < i), default=0.0)
        that = 0.0
        for j in range(i - 1, max(-1, i - 8), -1):
            if toks[j].norm in _THAT:
                that = 1.0 / (i - j)
                break
        near = [0.0, 0.0, 0.0, 0.0]
        for cue in self.said.cues:
            if cue.first <= i:
                k, value = _CUE_GROUP.get(cue.kind, 3), 1.0 / (1 + max(0, i - cue.last))
            elif 0 <= cue.first - last < 3:
                k, value = _CUE_GROUP.get(cue.kind, 3), 0.9 / (1 + cue.first - last)
            else:
                continue
            near[k] = max(near[k], value)
        return verb, that, light, near[0], near[1], near[2], near[3]


def lexeme(c: Candidate) -> str:
    """The entry's own name and the part of speech it was read as: one key for all inflected forms."""
    if c.entry is None or c.reading is None:
        return "?"
    e = c.entry
    name = e.verb or (e.noun[0] if e.noun else "") or (e.phrase[0] if e.phrase else "") or (e.also[0] if e.also else "")
    return name + "/" + c.reading.part


@functools.lru_cache(maxsize=1 << 15)
def _clitics(clitic: str, enclitic: str, norm: str) -> tuple[float, float, float, float, float]:
    article = "ال" in clitic or norm.startswith("ال") or norm.startswith("وال")
    prep = 1.0 if "ب" in clitic else 2.0 if "ل" in clitic.replace("ال", "") else 0.0
    conj = 1.0 if clitic[:1] == "و" else 2.0 if clitic[:1] == "ف" else 0.0
    return float(article), prep, conj, float(clitic.endswith("س")), float(len(enclitic))


_MARKS = {'"': 0, "“": 0, "”": 0, "«": 1, "»": 2, "(": 3, "[": 3, ")": 4, "]": 4}


def _depths(sentence: Sentence) -> tuple[list[bool], list[bool]]:
    """For each token whether it stands in quotation marks, and in brackets."""
    marks = [(i, kind) for i, t in enumerate(sentence.tokens) if t.kind == "p" and (kind := _MARKS.get(t.norm)) is not None]
    n = len(sentence.tokens)
    quoted, paren = [False] * n, [False] * n
    for j, (i, kind) in enumerate(marks):
        q = not quoted[i] if kind == 0 else kind == 1 if kind < 3 else quoted[i]
        p = kind == 3 if kind > 2 else paren[i]
        if q or p:
            # Up to the next mark, which still carries this state until it changes it.
            stop = min(n, marks[j + 1][0] + 1 if j + 1 < len(marks) else n)
            quoted[i:stop], paren[i:stop] = [q] * (stop - i), [p] * (stop - i)
        else:
            quoted[i] = paren[i] = False
    return quoted, paren


def stems_of(sentence: Sentence) -> list[str]:
    """Return the stems of a sentence's tokens; numbers become one key."""
    return [stem(t.norm) if t.kind == "w" else "<n>" if t.kind == "n" else t.norm for t in sentence.tokens]
