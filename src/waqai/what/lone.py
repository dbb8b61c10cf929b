"""A lone sentence: does it report an attack or a protest as its own news?

Without its article the coder cannot tell news from an act named in passing, since what stands around a sentence decides much
of that. So a text that is one sentence is asked twice: the coder finds the candidates, and this scorer, fitted on sentences
judged one by one (scripts/train_lone.py), tells whether the sentence counts as ASSAULT or as PROTEST. Articles never come here.

Five scores are added, each standardized (that of the words twice): logistic regressions on the words (stems and pairs of stems) and on character
n-grams, both tf-idf in hash buckets (Weinberger et al. 2009), a logistic regression and extremely randomized trees (Geurts et al.
2006) on what the coder sees and on the words' meanings, boosted trees on the former alone. Platt's logistic makes it a
probability. The weights hold numbers by hash bucket and trees, no word.
"""

from __future__ import annotations

import functools
import hashlib
import itertools
import math
import tomllib
import zlib
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from waqai.errors import ModelError
from waqai.types import Count, Document, Sentence
from waqai.what import features as F
from waqai.what.candidates import Candidate
from waqai.what.decide import Draft, Reader, Reading
from waqai.what.numbers import count_at
from waqai.what.second import second_rows
from waqai.what.trees import Forest, Trees

__all__ = ["BUCKETS", "KINDS", "Judge", "Part", "View", "Weights", "buckets", "default", "dense", "is_lone", "meanings", "view"]

KINDS = ("ASSAULT", "PROTEST")
BUCKETS = 1 << 16
LEAST = 0.05
"""The stage-2 score (0..1) from which a candidate is completed with date, status and parties."""
_FOLDER = Path(__file__).parent.parent / "models"
_OTHERS = ("ACCUSE", "SANCTION", "COERCE", "THREATEN", "CONSULT", "REQUEST", "MOBILIZE", "ASSAULT", "PROTEST", "SUPPORT", "AGREE")
_SECTORS = ("UAF", "REB", "MIL", "COP", "CVL", "GOV")
_MODES = {
    "ASSAULT": (
        "suicide-attack", "explosives", "firearms", "targeted", "aerial", "heavy-weapons", "abduct", "torture", "sexual",
        "destroy", "primitive", "beat",
    ),
    "PROTEST": ("demo", "riot", "strike", "obstruct", "vandalize"),
}  # fmt: skip
_ARTICLES = ("ال", "وال", "بال", "لل", "فال")
_REACH = (6, 8)
"""How many words before and from a trigger on its surroundings reach, where meanings are averaged."""


class View(msgspec.Struct):
    """One sentence (or one cut in two) as the scorer sees it."""

    reading: Reading
    cands: list[Candidate]
    where: list[int]
    first: list[float]
    second: list[float]
    drafts: list[Draft]
    """Candidates of KINDS from LEAST on, completed."""
    counts: list[list[Count]]
    """Casualties told with each draft."""
    words: NDArray[np.float32]
    """Mean meaning of the words (see `features.Meaning`)."""
    near: dict[str, NDArray[np.float32]]
    """The same around the triggers of each of KINDS, weighted by their scores."""


class Part(msgspec.Struct, array_like=True):
    """The scorer of one type. Arrays are little-endian; a weight by bucket is float16, 0 where the bucket was too rare."""

    words: tuple[bytes, bytes, float]
    """Inverse document frequency, weight, intercept."""
    letters: tuple[bytes, bytes, float]
    linear: tuple[bytes, float]
    """float32 weights of dense + meanings (raw scale), intercept."""
    forest: Forest
    boosted: Forest
    scale: list[tuple[float, float]]
    """Mean and standard deviation of each of the five scores on sentences that were not fitted."""
    platt: tuple[float, float]
    threshold: float


class Weights(msgspec.Struct, array_like=True):
    """The stored form: msgpack, then zlib."""

    parts: dict[str, Part]


def is_lone(document: Document, sentences: list[Sentence]) -> bool:
    """Tell whether a document is one sentence: no title, one line, at most two pieces (a quotation's dots may cut it)."""
    return document.title is None and 0 < len(sentences) <= 2 and "\n" not in document.text.strip()


def view(reader: Reader, reading: Reading, text: str) -> View:
    """Collect what is seen of a lone sentence; `text` is the document's."""
    table, cands, where = F.rows(reading.scene, reader.model.shares, reader.model.meaning)
    first = second = np.zeros(0)
    if cands:
        first = reader.model.trees["detect1"].probability(table)
        second = reader.model.trees["detect2"].probability(second_rows(table, first, cands, where, reading.sentences))
    drafts = [Draft(w, c, p) for p, c, w in zip(second.tolist(), cands, where, strict=True) if c.type in KINDS and p >= LEAST]
    reader.complete(reading, drafts)
    counts = [count_at(text, reading.sentences[d.sentence].tokens, d.candidate.token) for d in drafts]
    v = View(reading, cands, where, first.tolist(), second.tolist(), drafts, counts, np.zeros(0, np.float32), {})
    _mean(v, reader)
    return v


def _mean(v: View, reader: Reader) -> None:
    spots = [reader.model.meaning.of(stems) for stems in v.reading.scene.stems]
    both = [np.hstack(s) for s in spots]
    size = both[0].shape[1] if both else 0
    every = np.vstack(both) if both else np.zeros((0, size), np.float32)
    v.words = every.mean(axis=0) if len(every) else np.zeros(size, np.float32)
    for kind in KINDS:
        total, weight = np.zeros(size, np.float32), 0.2
        for p, c, w in zip(v.second, v.cands, v.where, strict=True):
            if c.type == kind:
                window = both[w][max(0, c.token - _REACH[0]) : c.token + _REACH[1]]
                total = total + window.sum(axis=0) * p
                weight += p * len(window)
        v.near[kind] = total / weight


# --- rows ---------------------------------------------------------------------------------------------------------------


def buckets(v: View, letters: bool) -> dict[int, float]:
    """Return the sentence's hash buckets with 1 + log of their counts: stems and their pairs, or 2 to 5 letters of a word."""
    keys = _letters(v) if letters else _words(v)
    counted = Counter(zlib.crc32(k.encode()) & (BUCKETS - 1) for k in keys)
    return {b: 1.0 + math.log(n) for b, n in counted.items()}


def _words(v: View) -> Iterable[str]:
    stems = [x for s in v.reading.scene.stems for x in s]
    return itertools.chain(stems, (f"{a} {b}" for a, b in itertools.pairwise(stems)))


def _letters(v: View) -> Iterable[str]:
    for s in v.reading.sentences:
        for t in s.tokens:
            word = f" {t.norm} "
            for n in range(2, 6):
                for i in range(max(1, len(word) - n + 1)):
                    yield word[i : i + n]


def meanings(v: View, kind: str) -> list[float]:
    """Return the averaged meanings of the sentence and of its triggers' surroundings."""
    return [*v.words.tolist(), *v.near[kind].tolist()]


def dense(v: View, kind: str) -> list[float]:
    """Return what the coder sees of the type in the sentence."""
    own = [k for k, c in enumerate(v.cands) if c.type == kind]
    return [*_scores(v, kind, own), *_drafts(v, kind), *_surface(v), *_best(v, own)]


def _scores(v: View, kind: str, own: list[int]) -> list[float]:
    p = [v.second[k] for k in own]
    top = max(p, default=0.0)
    forms = [(v.second[k], v.cands[k].prior, r) for k in own if (r := v.cands[k].reading) is not None]
    others: dict[str, float] = {}
    for q, c in zip(v.second, v.cands, strict=True):
        others[c.type] = max(others.get(c.type, 0.0), q)
    return [
        top, max((v.first[k] for k in own), default=0.0), math.log(top + 0.01), sum(p), float(len(own)),
        *(float(sum(x > cut for x in p)) for cut in (0.1, 0.3, 0.6)),
        max((v.cands[k].prior for k in own if v.cands[k].met >= 0), default=0.0),
        max((q for q, _, r in forms if r.tense == "past"), default=0.0),
        float(sum(r.tense == "past" and prior >= 0.5 for _, prior, r in forms)),
        max((q for q, _, r in forms if r.tense == "present"), default=0.0),
        max((q for q, _, r in forms if r.part == "noun"), default=0.0),
        float(sum(r.part == "noun" and prior >= 0.5 for _, prior, r in forms)),
        max((q for q, _, r in forms if r.passive), default=0.0),
        max((q for t, q in others.items() if t != kind), default=0.0),
        *(others.get(t, 0.0) for t in _OTHERS if t != kind),
    ]  # fmt: skip


def _drafts(v: View, kind: str) -> list[float]:
    found = [(d, n) for d, n in zip(v.drafts, v.counts, strict=True) if d.candidate.type == kind]

    def top(held: Iterable[bool]) -> float:
        return max((d.score for (d, _), yes in zip(found, held, strict=True) if yes), default=0.0)

    return [
        top(d.status == "actual" for d, _ in found), top(d.status != "actual" for d, _ in found),
        top(bool(d.actors) for d, _ in found), top(bool(d.recipients) for d, _ in found),
        top(bool(d.actors and d.recipients) for d, _ in found),
        *(top(d.date_basis == basis for d, _ in found) for basis in ("expression", "published", "none")),
        top(d.source is not None for d, _ in found),
        float(any(n for _, n in found)),
        *(float(any(x.what == what for _, n in found for x in n)) for what in ("dead", "injured")),
        float(sum(len(n) for _, n in found)),
        *(top(mode in d.mode for d, _ in found) for mode in _MODES[kind]),
    ]  # fmt: skip


def _surface(v: View) -> list[float]:
    tokens = [t for s in v.reading.sentences for t in s.tokens]
    kinds = [t.type for t in v.reading.times]
    mentions = [m for found in v.reading.mentions for m in found]
    return [
        math.log(len(tokens) + 1), float(min(4, sum(t.kind == "n" for t in tokens))), float(any(t.norm == "؟" for t in tokens)),
        float(any(t.norm in '«»"' for t in tokens)), float(min(3, len(kinds))), float(min(3, kinds.count("DATE"))),
        float(min(2, kinds.count("TIME"))), float("SET" in kinds or "DURATION" in kinds), float(len(mentions)),
        *(float(any(m.sector == s for m in mentions)) for s in _SECTORS),
    ]  # fmt: skip


def _best(v: View, own: list[int]) -> list[float]:
    length = sum(len(s.tokens) for s in v.reading.sentences)
    density = sum(v.second[k] for k in own) / math.log(length + 3)
    if not own:
        return [1.0, 3.0, 0.0, 0.0, density]
    k = max(own, key=lambda j: v.second[j])
    c, tokens = v.cands[k], v.reading.sentences[v.where[k]].tokens
    verb = c.reading is not None and c.reading.part == "verb"
    definite = tokens[c.token].norm.startswith(_ARTICLES)
    return [c.token / max(1, len(tokens)), math.log(1 + c.token), float(verb), float(definite), density]


# --- scoring ------------------------------------------------------------------------------------------------------------


class _Linear:
    """A linear model over hash buckets, its rows scaled to length one."""

    def __init__(self, stored: tuple[bytes, bytes, float]) -> None:
        self.idf = np.frombuffer(stored[0], dtype="<f2").astype(np.float32)
        self.weight = np.frombuffer(stored[1], dtype="<f2").astype(np.float32)
        self.intercept = stored[2]

    def score(self, row: dict[int, float]) -> float:
        at = np.fromiter(row, dtype=np.int64, count=len(row))
        value = np.fromiter(row.values(), dtype=np.float32, count=len(row)) * self.idf[at]
        length = float(np.linalg.norm(value)) or 1.0
        return float(value @ self.weight[at]) / length + self.intercept


class _Scorer:
    def __init__(self, part: Part) -> None:
        self.words, self.letters = _Linear(part.words), _Linear(part.letters)
        self.weight = np.frombuffer(part.linear[0], dtype="<f4").astype(np.float64)
        self.forest, self.boosted = Trees(part.forest), Trees(part.boosted)
        self.part = part

    def scores(self, v: View, kind: str) -> list[float]:
        """Return the five scores."""
        d = dense(v, kind)
        row = np.array([[*d, *meanings(v, kind)]], dtype=np.float32)
        share = float(self.forest.raw(row)[0, 0])
        return [
            self.words.score(buckets(v, False)), self.letters.score(buckets(v, True)),
            float(row[0].astype(np.float64) @ self.weight) + self.part.linear[1],
            math.log((share + 0.01) / (1.01 - share)), float(self.boosted.raw(row[:, : len(d)])[0, 0]),
        ]  # fmt: skip

    def probability(self, v: View, kind: str) -> float:
        total = sum((s - m) / d for s, (m, d) in zip(self.scores(v, kind), self.part.scale, strict=True))
        a, b = self.part.platt
        return 1.0 / (1.0 + math.exp(-max(-60.0, min(60.0, a * total + b))))


class Judge:
    """The scorer of lone sentences; its weights are read when the first one comes."""

    def __init__(self, weights: Weights | None = None) -> None:
        """`weights`: others than the package's own."""
        self._given = weights

    @functools.cached_property
    def _scorers(self) -> dict[str, _Scorer]:
        return {kind: _Scorer(part) for kind, part in (self._given or _load()).parts.items()}

    def probability(self, v: View, kind: str) -> float:
        """Return how likely the sentence counts as one of `kind` (of KINDS), 0..1."""
        return self._scorers[kind].probability(v, kind)

    def judge(self, reader: Reader, reading: Reading, text: str, drafts: list[Draft]) -> tuple[list[Draft], dict[str, float]]:
        """Return the events of a lone sentence, and for the types that it decides the confidence of theirs.

        Drafts of KINDS fall where the sentence does not count; where it does and has none, the best candidate becomes one.
        """
        v = view(reader, reading, text)
        sure: dict[str, float] = {}
        for kind in self._scorers:
            p = sure[kind] = self.probability(v, kind)
            have = [d for d in drafts if d.candidate.type == kind]
            if p < self._scorers[kind].part.threshold:
                drafts = [d for d in drafts if d.candidate.type != kind]
                continue
            if not have and (best := _candidate(v, kind)) is not None:
                reader.complete(reading, [best])
                drafts = sorted([*drafts, best], key=lambda d: (d.sentence, d.candidate.token))
                have = [best]
            for d in have:
                d.why.append(f"{kind} of a lone sentence, score {p:.2f}")
        return drafts, sure


def _candidate(v: View, kind: str) -> Draft | None:
    found = [(p, -k) for k, (p, c) in enumerate(zip(v.second, v.cands, strict=True)) if c.type == kind]
    if not found:
        return None
    p, k = max(found)
    return Draft(v.where[-k], v.cands[-k], p)


def _load() -> Weights:
    try:
        entry = tomllib.loads((_FOLDER / "models.toml").read_text(encoding="utf-8"))["lone"]
        path, sha256 = _FOLDER / str(entry["file"]), str(entry["sha256"])
        data = path.read_bytes()
    except (OSError, KeyError, tomllib.TOMLDecodeError) as error:
        raise ModelError(f"the weights of lone sentences, named in {_FOLDER / 'models.toml'}, cannot be read: reinstall waqai") from error
    if hashlib.sha256(data).hexdigest() != sha256:
        raise ModelError(f"weights {path} are not the ones models.toml names (sha256 differs): reinstall waqai")
    return decode(data, path.name)


def encode(weights: Weights) -> bytes:
    """Return the bytes of a weight file."""
    return zlib.compress(msgspec.msgpack.encode(weights), 9)


def decode(data: bytes, name: str) -> Weights:
    """Read the bytes of a weight file; raises `ModelError` with `name` where they are not one."""
    try:
        return msgspec.msgpack.decode(zlib.decompress(data), type=Weights)
    except (zlib.error, msgspec.MsgspecError) as error:
        raise ModelError(f"weights {name} cannot be decoded: {error}") from error


@functools.lru_cache(maxsize=1)
def default() -> Judge:
    """Return the package's own scorer."""
    return Judge()
