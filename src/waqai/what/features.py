"""What the scorer sees of a candidate: one row of numbers for each (token, type) pair.

Lexical knowledge enters as shares, not as words: how often a stem, a word, a pair of neighbours named an act of this type
in the training articles (smoothed; when training, the article itself left out), what the lexicon's entry says, and what the
stem's neighbours in meaning are (a projection of its embedding). So the table of weights is small and holds no text.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Protocol

import msgspec
import numpy as np
from numpy.typing import NDArray

from waqai.says import Said
from waqai.types import Mention, Sentence, Time, Token
from waqai.what.candidates import Candidate
from waqai.what.stems import stem

__all__ = ["NAMES", "TYPES", "Learnt", "Lookup", "Meaning", "Scene", "Shares", "keys", "lexeme", "rows", "stems_of"]

TYPES = (
    "AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT", "REQUEST", "ACCUSE", "REJECT", "THREATEN",
    "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT",
)  # fmt: skip
TYPE_INDEX = {t: i for i, t in enumerate(TYPES)}
FAMILIES = ("lexeme", "stem", "norm", "next", "prev", "bigram", "before", "prep")
"""The kinds of key whose shares are learnt; see `keys`."""
_CACHE_LIMIT = 300_000


class Shares(msgspec.Struct, array_like=True):
    """How often each key was seen, and as a trigger of each type: ``{key: [seen, type index, times, ...]}``."""

    table: dict[str, list[int]]
    base: float = 0.05
    """Share of triggers among all candidates, the value that unseen keys shrink to."""

    def share(self, key: str, kind: int, weight: float = 4.0, out: dict[str, list[int]] | None = None) -> float:
        """Return the smoothed share of the key's uses that named type `kind` (-1: any type)."""
        row = self.table.get(key)
        base = self.base if kind < 0 else self.base / 3
        if row is None:
            return base
        seen, hits = row[0], _hits(row, kind)
        mine = out.get(key) if out else None
        if mine is not None:
            seen -= mine[0]
            hits -= _hits(mine, kind)
        return (hits + weight * base) / (seen + weight)

    def seen(self, key: str, out: dict[str, list[int]] | None = None) -> int:
        """Return how often the key was seen."""
        row = self.table.get(key)
        if row is None:
            return 0
        mine = out.get(key) if out else None
        return row[0] - (mine[0] if mine else 0)


class Lookup:
    """Shares ready to be asked often: the counts of a key are taken apart once, and nothing can be left out."""

    def __init__(self, shares: Shares) -> None:
        self.base = shares.base
        self.table = shares.table
        self._rows: dict[str, tuple[int, int, dict[int, int]] | None] = {}

    def _row(self, key: str) -> tuple[int, int, dict[int, int]] | None:
        if len(self._rows) > _CACHE_LIMIT:
            self._rows.clear()
        r = self.table.get(key)
        row = None if r is None else (r[0], sum(r[2::2]), dict(zip(r[1::2], r[2::2], strict=True)))
        self._rows[key] = row
        return row

    def share(self, key: str, kind: int, weight: float = 4.0, out: dict[str, list[int]] | None = None) -> float:
        """As `Shares.share`; `out` must be None."""
        base = self.base if kind < 0 else self.base / 3
        row = self._rows[key] if key in self._rows else self._row(key)
        if row is None:
            return base
        hits = row[1] if kind < 0 else row[2].get(kind, 0)
        return (hits + weight * base) / (row[0] + weight)

    def seen(self, key: str, out: dict[str, list[int]] | None = None) -> int:
        """As `Shares.seen`."""
        row = self._rows[key] if key in self._rows else self._row(key)
        return 0 if row is None else row[0]


class Learnt(Protocol):
    """What the rows ask of learnt shares: `Shares` when training, `Lookup` afterwards."""

    @property
    def table(self) -> dict[str, list[int]]:
        """The counts by key (see `Shares`)."""
        ...

    @property
    def base(self) -> float:
        """The value that unseen keys shrink to."""
        ...

    def share(self, key: str, kind: int, weight: float = 4.0, out: dict[str, list[int]] | None = None) -> float:
        """Return the smoothed share of the key's uses that were `kind` (-1: any)."""
        ...

    def seen(self, key: str, out: dict[str, list[int]] | None = None) -> int:
        """Return how often the key was seen."""
        ...


def _hits(row: list[int], kind: int) -> int:
    if kind < 0:
        return sum(row[2::2])
    for j in range(1, len(row), 2):
        if row[j] == kind:
            return row[j + 1]
    return 0


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


def rows(
    scene: Scene, shares: Learnt, meaning: Meaning | None, out: dict[str, list[int]] | None = None
) -> tuple[list[list[float]], list[Candidate], list[int]]:
    """Return feature rows, their candidates and their sentence numbers. `out` holds counts to leave out (training)."""
    made: list[list[float]] = []
    which: list[Candidate] = []
    where: list[int] = []
    total = [0.0] * len(TYPES)
    for cands in scene.candidates:
        for c in cands:
            total[TYPE_INDEX[c.type]] += c.prior
    mass = sum(total) + 1.0
    context_doc = _document_context(scene, meaning)
    for number, sentence in enumerate(scene.sentences):
        cands = scene.candidates[number]
        if not cands:
            continue
        made_here = _sentence_rows(scene, number, sentence, shares, meaning, out, total, mass, context_doc)
        made.extend(made_here)
        which.extend(cands)
        where.extend([number] * len(cands))
    return made, which, where


def _document_context(scene: Scene, meaning: Meaning | None) -> NDArray[np.float32] | None:
    if meaning is None:
        return None
    flat = [s for stems in scene.stems for s in stems]
    if not flat:
        return np.zeros(len(TYPES), dtype=np.float32)
    mean: NDArray[np.float32] = meaning.of(flat)[1].mean(axis=0)
    return mean


def _sentence_rows(
    scene: Scene,
    number: int,
    sentence: Sentence,
    shares: Learnt,
    meaning: Meaning | None,
    out: dict[str, list[int]] | None,
    total: list[float],
    mass: float,
    context_doc: NDArray[np.float32] | None,
) -> list[list[float]]:
    toks, stems, cands = sentence.tokens, scene.stems[number], scene.candidates[number]
    n = len(toks)
    quoted, paren = _depths(sentence)
    inside, nxt, prv = _mention_map(scene.mentions[number], n)
    time_at = _time_map(scene.times[number], sentence)
    word_scores, context_scores = (None, None) if meaning is None else meaning.of(stems)
    by_token: dict[int, list[Candidate]] = {}
    by_type: dict[str, list[Candidate]] = {}
    top = [0.0] * (n + 4)  # best prior of each token, shifted by two
    for c in cands:
        by_token.setdefault(c.token, []).append(c)
        by_type.setdefault(c.type, []).append(c)
        top[c.token + 2] = max(top[c.token + 2], c.prior)
    cache: dict[tuple[int, str], _Known] = {}
    table: list[list[float]] = []
    sectors = [_SECTOR_INDEX.get(m.sector or "", 0) for m in scene.mentions[number]]
    reduce = np.add.reduce
    if word_scores is not None:
        word_list, word_best = word_scores.tolist(), word_scores.max(axis=1).tolist()
    for c in cands:
        i, k = c.token, TYPE_INDEX[c.type]
        name = lexeme(c)
        known = cache.get((i, name))
        if known is None:
            known = cache[i, name] = _Known(shares, keys(sentence, stems, i, name), out)
        r = c.reading
        part = r.part if r is not None else ""
        rivals = by_token[i]
        before, after, same = _same_type(by_type[c.type], i)
        row = [
            float(k), float(TYPE_INDEX[c.reduced] if c.reduced else -1), c.prior,
            max([x.prior for x in rivals if x is not c], default=0.0) if len(rivals) > 1 else 0.0,
            float(part == "v"), float(part == "n"), float(part == "a"), float(part == "p"),
            float(r is not None and r.passive), float(r is not None and r.tense == "past"),
            float(r is not None and r.tense == "present"), float(c.met), float(c.entries), float(len(rivals)), float(c.last - i),
            *known.of(k),
        ]  # fmt: skip
        if word_scores is None or context_scores is None or context_doc is None:
            row += [0.0, 0.0, 0.0, 0.0]
        else:
            window = context_scores[max(0, i - 6) : i + 8, k]
            row += [word_list[i][k], word_best[i], float(reduce(window) / window.shape[0]), float(context_doc[k])]
        row += [
            float(sentence.index), i / n, float(n), float(sentence.headline), float(quoted[i]), float(paren[i]),
            before, after, same, max(top[i], top[i + 1], top[i + 3], top[i + 4]), float(len(by_token)),
            total[k] / max(1, len(scene.sentences)), total[k] / mass,
            *_clitics(c, toks[i].norm), float(len(stems[i])),
            float(_PREPS.get(toks[i - 1].norm, 0) if i else 26), float(_PREPS.get(toks[c.last].norm, 0) if c.last < n else 26),
            *_around(i, c.last, inside, nxt, prv, sectors), float(len(sectors)), float(len(time_at)),
            min((abs(t - i) for t in time_at), default=30), float(c.last in time_at),
            float(c.last < n and toks[c.last].kind == "n"),
            *_speech(scene.said[number], toks, c),
        ]  # fmt: skip
        table.append(row)
    return table


def _same_type(cands: list[Candidate], i: int) -> tuple[float, float, float]:
    """How many candidates of one type stand before token `i` and after it, and the best prior among them."""
    if len(cands) == 1:
        return 0.0, 0.0, 0.0
    before = after = 0
    best = 0.0
    for x in cands:
        if x.token != i:
            if x.token < i:
                before += 1
            else:
                after += 1
            best = max(best, x.prior)
    return float(before), float(after), best


class _Known:
    """The shares of a token's keys; what does not depend on the type is worked out once."""

    __slots__ = ("_any", "_base", "_rows", "_seen")

    def __init__(self, shares: Learnt, ks: list[str], out: dict[str, list[int]] | None) -> None:
        self._rows = [shares.table.get(x) for x in ks[:7]]
        mine = [out.get(x) for x in ks[:7]] if out else [None] * 7
        if any(m is not None for m in mine):
            self._rows = [_less(r, m) if r is not None and m is not None else r for r, m in zip(self._rows, mine, strict=True)]
        self._base = shares.base / 3
        self._any = [shares.share(x, -1, w, out) for x, w in zip(ks, _WEIGHTS, strict=True)]
        self._seen = [math.log1p(self._rows[n][0]) if self._rows[n] is not None else 0.0 for n in range(7)]  # type: ignore[index]

    def of(self, kind: int) -> tuple[float, ...]:
        """The inputs from lexeme_t to prep_a for a type."""
        base, a, seen = self._base, self._any, self._seen
        t = [
            base if row is None else (_hits(row, kind) + w * base) / (row[0] + w) if w else 0.0
            for row, w in zip(self._rows, _TYPED, strict=True)
        ]
        return (
            t[0], a[0], seen[0], t[1], a[1], seen[1], t[2], a[2], a[3], a[4], t[5], a[5], seen[5], t[6], a[6], seen[6], a[7],
        )  # fmt: skip


_WEIGHTS = (4.0, 4.0, 4.0, 10.0, 10.0, 2.0, 2.0, 10.0)
_TYPED = (4.0, 4.0, 4.0, 0.0, 0.0, 2.0, 2.0)


def _less(row: list[int], mine: list[int]) -> list[int]:
    """A row of counts without those of one article."""
    out = [row[0] - mine[0]]
    for j in range(1, len(row), 2):
        out += [row[j], row[j + 1] - _hits(mine, row[j])]
    return out


_THAT = frozenset(("ان", "بان", "انه", "انها", "بانه", "بانها"))
_CUE_GROUP = {"future": 0, "plan": 0, "call": 1, "negated": 2, "denial": 2}


def _speech(said: Said, toks: list[Token], c: Candidate) -> list[float]:
    """Verbs of saying, light verbs and cues of stance before the trigger, by nearness (0 none, 1 right before)."""
    i = c.token
    verb = max((1.0 / (i - a.cue) for a in said.attributions if a.by == "verb" and a.cue < i), default=0.0)
    own = float(any(a.cue == i for a in said.attributions))
    light = max((1.0 / (i - h.token) for h in said.lights if h.token < i), default=0.0)
    that = next((1.0 / (i - j) for j in range(i - 1, max(-1, i - 8), -1) if toks[j].norm in _THAT), 0.0)
    near = [0.0, 0.0, 0.0, 0.0]
    for cue in said.cues:
        if cue.first <= i:
            k = _CUE_GROUP.get(cue.kind, 3)
            near[k] = max(near[k], 1.0 / (1 + max(0, i - cue.last)))
        elif 0 <= cue.first - c.last < 3:
            k = _CUE_GROUP.get(cue.kind, 3)
            near[k] = max(near[k], 0.9 / (1 + cue.first - c.last))
    return [verb if not own else 2.0, that, light, *near]


def lexeme(c: Candidate) -> str:
    """The entry's own name and the part of speech it was read as: one key for all inflected forms."""
    if c.entry is None or c.reading is None:
        return "?"
    e = c.entry
    name = e.verb or (e.noun[0] if e.noun else "") or (e.phrase[0] if e.phrase else "") or (e.also[0] if e.also else "")
    return name + "/" + c.reading.part


def _clitics(c: Candidate, norm: str) -> tuple[float, float, float, float, float]:
    clitic = c.reading.clitic if c.reading else ""
    article = "ال" in clitic or norm.startswith("ال") or norm.startswith("وال")
    prep = 1.0 if "ب" in clitic else 2.0 if "ل" in clitic.replace("ال", "") else 0.0
    conj = 1.0 if clitic[:1] == "و" else 2.0 if clitic[:1] == "ف" else 0.0
    future = clitic.endswith("س")
    return float(article), prep, conj, float(future), float(len(c.reading.enclitic) if c.reading else 0)


def _depths(sentence: Sentence) -> tuple[list[bool], list[bool]]:
    quoted, paren = [], []
    q = p = False
    for t in sentence.tokens:
        if t.norm in "\"“”":
            q = not q
        elif t.norm in "«":
            q = True
        elif t.norm in "»":
            q = False
        elif t.norm in "([":
            p = True
        elif t.norm in ")]":
            p = False
        quoted.append(q)
        paren.append(p)
    return quoted, paren


def _mention_map(mentions: list[Mention], n: int) -> tuple[list[int], list[int], list[int]]:
    """For each token: the mention it stands in, the next that begins after it, the last that ended before (-1: none)."""
    inside, nxt, prv = [-1] * n, [-1] * n, [-1] * n
    for j, m in enumerate(mentions):
        for t in range(m.first, min(m.last, n)):
            if inside[t] < 0:
                inside[t] = j
    order = sorted(range(len(mentions)), key=lambda j: mentions[j].first)
    pos = 0
    for t in range(n):
        while pos < len(order) and mentions[order[pos]].first <= t:
            pos += 1
        if pos < len(order):
            nxt[t] = order[pos]
    order.sort(key=lambda j: mentions[j].last)
    pos = -1
    for t in range(n):
        while pos + 1 < len(order) and mentions[order[pos + 1]].last <= t:
            pos += 1
        prv[t] = order[pos] if pos >= 0 else -1
    first = [m.first for m in mentions]
    last = [m.last for m in mentions]
    for t in range(n):
        nxt[t] = nxt[t] * 1000 + min(99, first[nxt[t]] - t) if nxt[t] >= 0 else -1
        prv[t] = prv[t] * 1000 + min(99, t - last[prv[t]] + 1) if prv[t] >= 0 else -1
    return inside, nxt, prv


def _around(
    i: int, last: int, inside: list[int], nxt: list[int], prv: list[int], sectors: list[int]
) -> tuple[float, float, float, float, float, float]:
    j = inside[i]
    a, b = nxt[min(last, len(nxt)) - 1], prv[i]
    return (
        float(j >= 0),
        float(j >= 0 and (i == 0 or inside[i - 1] != j)),
        float(a % 1000 if a >= 0 else 40),
        float(b % 1000 if b >= 0 else 40),
        float(sectors[a // 1000] if a >= 0 else -1),
        float(sectors[b // 1000] if b >= 0 else -1),
    )


def _time_map(times: list[Time], sentence: Sentence) -> list[int]:
    at: list[int] = []
    if not times:
        return at
    for t in times:
        for i, tok in enumerate(sentence.tokens):
            if tok.start >= t.start:
                at.append(i)
                break
    return at


def stems_of(sentence: Sentence) -> list[str]:
    """Return the stems of a sentence's tokens; numbers become one key."""
    return [stem(t.norm) if t.kind == "w" else "<n>" if t.kind == "n" else t.norm for t in sentence.tokens]
