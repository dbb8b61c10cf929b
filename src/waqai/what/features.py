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

__all__ = ["NAMES", "TYPES", "Learnt", "Lookup", "Meaning", "Scene", "Shares", "keys", "lexeme", "rows", "second_rows", "stems_of"]

TYPES = (
    "AGREE", "CONSULT", "SUPPORT", "CONCEDE", "COOPERATE", "AID", "RETREAT", "REQUEST", "ACCUSE", "REJECT", "THREATEN",
    "PROTEST", "SANCTION", "MOBILIZE", "COERCE", "ASSAULT",
)  # fmt: skip
TYPE_INDEX = {t: i for i, t in enumerate(TYPES)}
FAMILIES = ("lexeme", "stem", "norm", "next", "prev", "bigram", "before", "prep")
"""The kinds of key whose shares are learnt; see `keys`."""
WITH_TYPE = frozenset({"lexeme", "stem", "norm", "bigram", "before"})


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
        self._rows = {k: (r[0], sum(r[2::2]), dict(zip(r[1::2], r[2::2], strict=True))) for k, r in shares.table.items()}

    def share(self, key: str, kind: int, weight: float = 4.0, out: dict[str, list[int]] | None = None) -> float:
        """As `Shares.share`; `out` must be None."""
        base = self.base if kind < 0 else self.base / 3
        row = self._rows.get(key)
        if row is None:
            return base
        hits = row[1] if kind < 0 else row[2].get(kind, 0)
        return (hits + weight * base) / (row[0] + weight)

    def seen(self, key: str, out: dict[str, list[int]] | None = None) -> int:
        """As `Shares.seen`."""
        row = self._rows.get(key)
        return 0 if row is None else row[0]


class Learnt(Protocol):
    """What the rows ask of learnt shares: `Shares` when training, `Lookup` afterwards."""

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
    for c in cands:
        by_token.setdefault(c.token, []).append(c)
    cache: dict[tuple[int, str], list[str]] = {}
    table: list[list[float]] = []
    sectors = [_SECTOR_INDEX.get(m.sector or "", 0) for m in scene.mentions[number]]
    for c in cands:
        i, k = c.token, TYPE_INDEX[c.type]
        name = lexeme(c)
        ks = cache.get((i, name))
        if ks is None:
            ks = cache[i, name] = keys(sentence, stems, i, name)
        r = c.reading
        rivals = by_token[i]
        same = [x for x in cands if x.type == c.type and x.token != i]
        row = [
            float(k), float(TYPE_INDEX[c.reduced] if c.reduced else -1), c.prior, max((x.prior for x in rivals if x is not c), default=0.0),
            float(r is not None and r.part == "v"), float(r is not None and r.part == "n"),
            float(r is not None and r.part == "a"), float(r is not None and r.part == "p"),
            float(r is not None and r.passive), float(r is not None and r.tense == "past"),
            float(r is not None and r.tense == "present"), float(c.met), float(c.entries), float(len(rivals)), float(c.last - i),
            shares.share(ks[0], k, 4.0, out), shares.share(ks[0], -1, 4.0, out), math.log1p(shares.seen(ks[0], out)),
            shares.share(ks[1], k, 4.0, out), shares.share(ks[1], -1, 4.0, out), math.log1p(shares.seen(ks[1], out)),
            shares.share(ks[2], k, 4.0, out), shares.share(ks[2], -1, 4.0, out),
            shares.share(ks[3], -1, 10.0, out), shares.share(ks[4], -1, 10.0, out),
            shares.share(ks[5], k, 2.0, out), shares.share(ks[5], -1, 2.0, out), math.log1p(shares.seen(ks[5], out)),
            shares.share(ks[6], k, 2.0, out), shares.share(ks[6], -1, 2.0, out), math.log1p(shares.seen(ks[6], out)),
            shares.share(ks[7], -1, 10.0, out),
        ]  # fmt: skip
        if word_scores is None or context_scores is None or context_doc is None:
            row += [0.0, 0.0, 0.0, 0.0]
        else:
            window = context_scores[max(0, i - 6) : i + 8]
            row += [
                float(word_scores[i, k]), float(word_scores[i].max()), float(window[:, k].mean()), float(context_doc[k]),
            ]  # fmt: skip
        row += [
            float(sentence.index), i / n, float(n), float(sentence.headline), float(quoted[i]), float(paren[i]),
            float(sum(1 for x in same if x.token < i)), float(sum(1 for x in same if x.token > i)),
            max((x.prior for x in same), default=0.0),
            max((x.prior for x in cands if x.token != i and abs(x.token - i) <= 2), default=0.0), float(len(by_token)),
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


def second_rows(
    table: NDArray[np.float32], first: NDArray[np.float64], cands: list[Candidate], where: list[int], sentences: int
) -> NDArray[np.float32]:
    """Return the stage-2 rows: the stage-1 row, its score, and what the scores of its neighbours are.

    One act is often named by several words of a sentence («شن هجوما»، «الضربة التي استهدفت»); this is where one of them wins.
    """
    by_sentence: dict[int, list[int]] = {}
    by_type = [0.0] * len(TYPES)
    p = first.tolist()
    for j, (c, w) in enumerate(zip(cands, where, strict=True)):
        by_sentence.setdefault(w, []).append(j)
        by_type[TYPE_INDEX[c.type]] += p[j]
    total = sum(by_type) + 0.5
    best: dict[tuple[int, str], float] = {}
    for j, c in enumerate(cands):
        key = (where[j], c.type)
        best[key] = max(best.get(key, 0.0), p[j])
    extra = [
        [
            p[j], *_peers(j, cands, p, by_sentence[where[j]]),
            by_type[TYPE_INDEX[c.type]] / max(1, sentences), by_type[TYPE_INDEX[c.type]] / total,
            best.get((where[j] - 1, c.type), 0.0), best.get((where[j] + 1, c.type), 0.0),
        ]
        for j, c in enumerate(cands)
    ]  # fmt: skip
    return np.hstack([table, np.array(extra, dtype=np.float32)])


def _peers(j: int, cands: list[Candidate], p: list[float], peers: list[int]) -> list[float]:
    me, mine = cands[j], p[j]
    rival = strongest = summed = before = after = near = others = next_ = previous = everything = 0.0
    higher, gap = 0, 40
    for q in peers:
        if q == j:
            continue
        c, v = cands[q], p[q]
        step = c.token - me.token
        if step == 0:
            rival = max(rival, v)
        else:
            others = max(others, v)
            everything += v
            if 0 < step <= 2:
                next_ = max(next_, v)
            elif -2 <= step < 0:
                previous = max(previous, v)
        if c.type == me.type:
            strongest = max(strongest, v)
            summed += v
            if v > mine:
                higher += 1
                gap = min(gap, abs(step))
            if abs(step) <= 4:
                near = max(near, v)
            if step < 0:
                before = max(before, v)
            else:
                after = max(after, v)
    return [rival, strongest, float(higher), summed, float(gap), near, before, after, others, everything, next_, previous]
