"""Names that no list has: a linear-chain CRF over persons, places and organisations, run without its trainer.

Note [Linear tagger]
--------------------
Every feature of a word depends on its type alone, or on the lexicon's hit it stands in; a feature of a neighbour is that
neighbour's, weighted by its distance. So the score of a label at a word is a sum of five vectors, one from each word of the
window, and each type's vectors are added up once and kept. A document then costs one look-up a word and a few array sums.

Viterbi runs only where it can matter: a name beats O on the best path only if its words and the transitions into, through and
out of it outweigh O together, and its first words decide that. Most words are in no such place.

Trained by scripts/train_tagger.py on ANERcorp (CC BY-SA 4.0); the weights are a file of their own with its licence, named
with its sha256 in models/models.toml.
"""

from __future__ import annotations

import functools
import hashlib
import io
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import numpy.typing as npt

from waqai.errors import ModelError
from waqai.text import fold
from waqai.types import Sentence, Token
from waqai.who.lexicon import Lexicon
from waqai.who.phrase import NameSpan

__all__ = ["LABELS", "OFFSETS", "Likeness", "Tagger", "grams", "hit_tags", "load", "type_features"]

LABELS = ("O", "B-PER", "I-PER", "B-LOC", "I-LOC", "B-ORG", "I-ORG")
OFFSETS = (-2, -1, 0, 1, 2)
MODELS = Path(__file__).parents[1] / "models"
_HITS = {
    "state": "LOC",
    "capital": "LOC",
    "city": "LOC",
    "metonym": "LOC",
    "org": "ORG",
    "person": "PER",
    "title": "TTL",
    "demonym": "DEM",
    "agent": "AGT",
}

Scores = npt.NDArray[np.float32]
Flags = npt.NDArray[np.bool_]


def stem_of(norm: str) -> tuple[str, str]:
    """A rough cut of proclitics, for features only: (proclitics, rest)."""
    rest, cut = norm, ""
    if len(rest) > 3 and rest[0] in "وف":
        cut, rest = rest[0], rest[1:]
    if len(rest) > 4 and rest.startswith("لل"):
        return cut + "ل", rest[2:]
    if len(rest) > 4 and rest[0] in "بك" and rest.startswith("ال", 1):
        return cut + rest[0] + "ال", rest[3:]
    if len(rest) > 4 and rest.startswith("ال"):
        return cut + "ال", rest[2:]
    return cut, rest


def grams(stem: str) -> list[str]:
    """The character n-grams of a stem, 2 to 4 letters, with its edges."""
    s = f"<{stem}>"
    return [s[i : i + n] for n in (2, 3, 4) for i in range(len(s) - n + 1)]


Likeness = dict[str, tuple[float, float]]
"""Log-odds of being part of a person's name and of a place's, by n-gram; "" holds the bias."""


def likeness(stem: str, table: Likeness) -> list[str]:
    """How like a name a word looks, in steps of one log-odd: for words that nobody has seen."""
    per, loc = table.get("", (0.0, 0.0))
    for g in grams(stem):
        got = table.get(g)
        if got is not None:
            per += got[0]
            loc += got[1]
    return [f"like=P{max(-4, min(4, round(per)))}", f"like=L{max(-4, min(4, round(loc)))}"]


class _Marks(Mapping[str, tuple[str, ...]]):
    """The clusters and name lists of the model, by word: one string a word, cut when it is asked for. An article asks for few of 46,000."""

    def __init__(self, lines: dict[str, str]) -> None:
        self._lines = lines

    def __getitem__(self, word: str) -> tuple[str, ...]:
        return tuple(self._lines[word].split(" "))

    def __iter__(self) -> Iterator[str]:
        return iter(self._lines)

    def __len__(self) -> int:
        return len(self._lines)


def type_features(norm: str, known: Mapping[str, tuple[str, ...]], lexicon: Lexicon, table: Likeness) -> list[str]:
    """The features of a word type. `known`: clusters and name lists of the model, by word."""
    cut, stem = stem_of(norm)
    out = ["w=" + norm, "s=" + stem, "k=" + cut]
    for n in (1, 2, 3):
        if len(stem) > n:
            out.append(f"e{n}={stem[-n:]}")
            out.append(f"b{n}={stem[:n]}")
    if not norm[:1].isalpha():
        out.append("shape=" + ("9" if norm[:1].isdigit() else norm[:1]))
    elif "a" <= norm[0] <= "z":
        out.append("shape=latin")
    else:
        out.extend(likeness(stem, table))
    out.append(f"len={min(len(stem), 8)}")
    for form, mark in ((norm, ""), (stem, "~"), (norm[1:] if norm[:1] in "وبلف" else "", "^")):
        out.extend(mark + f for f in known.get(form, ()))
    w = lexicon.word(norm)
    for r in w.nouns[:1]:
        out.append(f"noun={r.noun.kind}{r.number}{'D' if r.definite else 'I'}{'S' if r.suffix else ''}")
        out.append(f"lemma={r.noun.lemma}")
    if w.adjective is not None:
        out.append("adj")
    out.extend("c=" + c for c in w.closed)
    return out


def hit_tags(toks: list[Token], lexicon: Lexicon) -> list[str]:
    """For each word, its part in the longest name of the lexicon there: "B-ORG", "I-ORG", "-" for none."""
    out = ["-"] * len(toks)
    at = 0
    for h in lexicon.names.scan(toks):
        if h.first < at or h.clitic.endswith("ال"):
            continue
        kind = _HITS[h.value.cls]
        clitic = "+" if h.clitic else ""
        out[h.first] = f"B-{kind}{clitic}{min(h.last - h.first, 2)}"
        for i in range(h.first + 1, h.last):
            out[i] = "I-" + kind
        at = h.last
    return out


class Tagger:
    """A trained model ready to tag. Not thread-safe: it keeps word types."""

    def __init__(self, data: bytes) -> None:
        with np.load(io.BytesIO(data), allow_pickle=False) as z:
            names = bytes(z["features"]).decode().split("\n")
            weights = z["weights"].astype(np.float32) * z["scale"].astype(np.float32)
            hit_names = bytes(z["hits"]).decode().split("\n")
            self.hit_rows = {n: k for k, n in enumerate(hit_names)}
            hit_weights = z["hit_weights"].astype(np.float32)
            self.transitions: Scores = z["transitions"].astype(np.float32)
            words = bytes(z["words"]).decode().split("\n")
            tags = bytes(z["tags"]).decode().split("\n")
            pieces = bytes(z["grams"]).decode().split("\n")
            odds = z["odds"].astype(np.float32).tolist()
            self.bias = float(z["bias"])
        n = len(LABELS)
        self.weights: Scores = weights
        self.rows = {f: k for k, f in enumerate(names)}
        self.hits: Scores = np.vstack([hit_weights, np.zeros((1, len(OFFSETS) * n), np.float32)])
        self.known = _Marks(dict(zip(words, tags, strict=True)))
        self.likeness: Likeness = {g: (a, b) for g, (a, b) in zip(pieces, odds, strict=True)}
        self.ids: dict[str, int] = {}
        self.table: Scores = np.zeros((4096, len(OFFSETS) * n), np.float32)
        self.slack: Scores = np.array(_slack(self.transitions.tolist()), np.float32)
        self.columns: list[list[float]] = self.transitions.T.tolist()
        self._edge = self._add("", None)

    def _add(self, norm: str, lexicon: Lexicon | None) -> int:
        k = len(self.ids)
        if k >= len(self.table):
            self.table = np.vstack([self.table, np.zeros_like(self.table)])
        row = np.zeros(self.table.shape[1], np.float32)
        features = ["edge"] if lexicon is None else type_features(norm, self.known, lexicon, self.likeness)
        for f in features:
            got = self.rows.get(f)
            if got is not None:
                row += self.weights[got]
        self.table[k] = row
        self.ids[norm] = k
        return k

    def spans(self, sentences: list[Sentence], lexicon: Lexicon) -> list[list[NameSpan]]:
        """Return the names of each sentence, those of people also where only their surname is repeated."""
        if len(self.ids) > 60_000:
            self.ids.clear()
            self._edge = self._add("", None)
        scores, starts = self._scores(sentences, lexicon)
        doubtful = self._doubtful(scores)
        out = [
            list(self._decode(scores[start : start + len(s.tokens)], doubtful[start : start + len(s.tokens)], s.tokens, lexicon))
            for s, start in zip(sentences, starts, strict=True)
        ]
        return self._repeated(sentences, out, lexicon)

    def _scores(self, sentences: list[Sentence], lexicon: Lexicon) -> tuple[Scores, list[int]]:
        """Label scores of every token of the document; sentences are two edge words apart."""
        ids, hits, starts = [self._edge, self._edge], [-1, -1], []
        get, hit_get = self.ids.get, self.hit_rows.get
        for s in sentences:
            starts.append(len(ids) - 2)
            for t in s.tokens:
                k = get(t.norm)
                ids.append(self._add(t.norm, lexicon) if k is None else k)
            hits.extend(hit_get(tag, -1) for tag in hit_tags(s.tokens, lexicon))
            ids += (self._edge, self._edge)
            hits += (-1, -1)
        rows = self.table[ids] + self.hits[hits]
        n = len(LABELS)
        total = len(ids) - 4
        out: Scores = np.zeros((max(total, 0), n), np.float32)
        for k, offset in enumerate(OFFSETS):
            out += rows[2 + offset : 2 + offset + total, k * n : (k + 1) * n]
        out[:, 0] -= self.bias
        return out, starts

    def _doubtful(self, scores: Scores) -> Flags:
        """The words where a name may beat O (see Note [Linear tagger]): the first three words of one do so together."""
        gain = scores[:, 1:] - scores[:, :1] + self.slack
        begin, inside = gain[:, ::2], gain[:, 1::2]
        one = begin > 0.0
        two = begin[:-1] + inside[1:] > 0.0
        three = begin[:-2] + inside[1:-1] + inside[2:] > 0.0
        seeds: Flags = np.asarray(one.any(axis=1))
        pairs: tuple[tuple[int, Flags], ...] = ((2, np.asarray(two.any(axis=1))), (3, np.asarray(three.any(axis=1))))
        for width, found in pairs:
            for k in range(width):
                seeds[k : k + len(found)] |= found
        going: Flags = np.asarray((inside > 0.0).any(axis=1))
        for _ in range(4):  # a longer name goes on where its words are more likely in it than not
            seeds[1:] |= seeds[:-1] & going[1:]
        return seeds

    def _decode(self, scores: Scores, doubtful: Flags, toks: list[Token], lexicon: Lexicon) -> Iterator[NameSpan]:
        at = np.flatnonzero(doubtful).tolist()
        if not at:
            return
        for a, b in _runs(at, len(toks)):
            labels = self._viterbi(scores[a:b].tolist(), a > 0, b < len(toks))
            yield from self._collect(labels, a, toks, lexicon)

    def _viterbi(self, scores: list[list[float]], before: bool, after: bool) -> list[int]:
        """The best labels of a stretch whose neighbours, where there are any, are O."""
        columns = self.columns
        best = [s + columns[j][0] for j, s in enumerate(scores[0])] if before else list(scores[0])
        back: list[list[int]] = []
        for row in scores[1:]:
            now, ptr = [], []
            for j, sources in enumerate(_SOURCES):
                column = columns[j]
                top, arg = -1e30, 0
                for i in sources:
                    value = best[i] + column[i]
                    if value > top:
                        top, arg = value, i
                now.append(top + row[j])
                ptr.append(arg)
            best = now
            back.append(ptr)
        if after:
            best = [v + columns[0][i] for i, v in enumerate(best)]
        at = best.index(max(best))
        path = [at]
        for ptr in reversed(back):
            at = ptr[at]
            path.append(at)
        path.reverse()
        return path

    def _collect(self, labels: list[int], offset: int, toks: list[Token], lexicon: Lexicon) -> Iterator[NameSpan]:
        """The spans of a label path; «كيم وترامب» is two."""
        i, n, after = 0, len(labels), -1
        while i < n:
            name = LABELS[labels[i]]
            if name == "O":
                i += 1
                continue
            kind = name[2:]
            j = i + 1
            while j < n and LABELS[labels[j]] == "I-" + kind and not (kind == "PER" and self._clitic(toks[offset + j].norm, lexicon)):
                j += 1
            strip = self._clitic(toks[offset + i].norm, lexicon)
            if not strip and i == after and kind == "PER" and toks[offset + i].norm[:1] == "و":
                strip = 1  # «فلان وفلان»: names follow each other only with «و»
            after = j
            yield NameSpan(offset + i, offset + j, kind, strip)
            if j < n and LABELS[labels[j]].startswith("I-"):
                labels[j] -= 1
            i = j

    def _repeated(self, sentences: list[Sentence], found: list[list[NameSpan]], lexicon: Lexicon) -> list[list[NameSpan]]:
        """Add the surnames of people named in full elsewhere in the document, and read the proclitics off («ولافروف»)."""
        surnames: dict[str, int] = {}
        for s, spans in zip(sentences, found, strict=True):
            for n in spans:
                if n.label == "PER" and n.last - n.first > 1:
                    last = s.tokens[n.last - 1].norm
                    w = lexicon.word(last)
                    if (
                        (len(last) > 3 or (len(last) == 3 and self._is_name(last, lexicon)))
                        and s.tokens[n.last - 1].kind == "w"
                        and not (w.nouns or w.adjective or w.closed)
                    ):
                        for p in _PREFIXES:
                            surnames.setdefault(p + last, len(p))
        if not surnames:
            return found
        out = []
        for s, spans in zip(sentences, found, strict=True):
            inside = {i for n in spans for i in range(n.first, n.last)}
            more = [NameSpan(i, i + 1, "PER", surnames[t.norm]) for i, t in enumerate(s.tokens) if t.norm in surnames and i not in inside]
            fixed = [n._replace(strip=surnames.get(s.tokens[n.first].norm, n.strip)) if n.last - n.first == 1 else n for n in spans]
            out.append(sorted(fixed + more) if more else fixed)
        return out

    def _clitic(self, norm: str, lexicon: Lexicon) -> int:
        """How many letters before a name are proclitics, where the rest is a known name and the whole is not."""
        if len(norm) < 4 or norm[0] not in "وفبل" or self._is_name(norm, lexicon):
            return 0
        for n in (1, 2):
            if norm[:n] in _PREFIXES and len(norm) > n + 2 and self._is_name(norm[n:], lexicon):
                return n
        return 0

    def _is_name(self, norm: str, lexicon: Lexicon) -> bool:
        return lexicon.starts_name(norm) or any(t in _NAME_MARKS for t in self.known.get(norm, ()))


_SOURCES = tuple(tuple(i for i, before in enumerate(LABELS) if not after.startswith("I-") or before[2:] == after[2:]) for after in LABELS)
"""The labels that may stand before each label: I-X only after B-X or I-X."""


def _slack(t: list[list[float]]) -> list[float]:
    """The most that each label (O left out) can gain by transitions over O, as a part of a name between other names or O.

    A name beats O only if one of its words does with this gain: for B-X what leads in and out, for I-X the step into it.
    """
    beside = [b for b in range(len(LABELS)) if not LABELS[b].startswith("I-")]
    out = []
    for j, label in enumerate(LABELS[1:], 1):
        if label.startswith("B-"):
            lead = max(t[a][j] - t[a][0] for a in range(len(LABELS)))
            ends = [k for k in range(len(LABELS)) if LABELS[k][2:] == label[2:]]
            out.append(lead + max(t[k][b] - t[0][b] for k in ends for b in beside))
        else:
            out.append(max(t[i][j] for i in _SOURCES[j]) - t[0][0] + max(0.0, *(t[j][b] - t[0][b] for b in beside)))
    return out


def _runs(at: list[int], n: int) -> Iterator[tuple[int, int]]:
    """Stretches of doubtful words, with a word more after each."""
    start, end = at[0], at[0] + 2
    for i in at[1:]:
        if i > end:
            yield start, min(end, n)
            start = i
        end = i + 2
    yield start, min(end, n)


_NAME_MARKS = frozenset(("fn", "ln", "pn=r"))
_PREFIXES = ("", "و", "ل", "ب", "ول", "وب", "ف", "ك")


# --- loading ----------------------------------------------------------------------------------------------------------


@functools.lru_cache(maxsize=1)
def load() -> Tagger:
    """Load the tagger that models.toml names, checking its hash. Raises `ModelError`."""
    entry = tomllib.loads((MODELS / "models.toml").read_text(encoding="utf-8"))["tagger"]
    path = MODELS / str(entry["file"])
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ModelError(f"model file {path.name} is missing: reinstall waqai, or run {entry['recipe']}") from error
    if hashlib.sha256(data).hexdigest() != entry["sha256"]:
        raise ModelError(f"model file {path.name} is not the one models.toml names: run {entry['recipe']}")
    return Tagger(data)


def folded_words(words: list[str]) -> list[str]:
    """The folded forms of a word list, without repeats."""
    return list(dict.fromkeys(fold(w) for w in words))
