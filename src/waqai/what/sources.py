"""According to whom: the sources an event may have, in two passes.

First each attribution in reach is scored for the event on its own. Then the best of them is weighed against "the outlet itself
says so", knowing what the other events of the article got: a source usually holds for everything told beside it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from waqai.says import Attribution, Said
from waqai.types import Sentence, Token
from waqai.what.candidates import Candidate
from waqai.what.features import Learnt, lexeme
from waqai.what.links import trigger_row
from waqai.what.stems import stem

__all__ = ["Option", "Place", "options", "second_rows"]

_QUOTES = frozenset("\"«»“”")
_BREAK = frozenset("،؛:")
_THAT = frozenset(("ان", "بان", "انه", "انها", "بانه", "بانها", "انهم"))
_KIND = {"say": 1, "add": 2, "claim": 3, "deny": 4, "report": 5, "ask": 6, "anonymous": 7, "document": 8, "outlet": 9}
_BY = {"verb": 1.0, "phrase": 2.0, "chain": 3.0, "anonymous": 4.0, "noun": 5.0}
_SOURCE = {"person": 1.0, "organization": 2.0, "document": 3.0, "outlet": 4.0, "anonymous": 5.0}
_BASE = 14
"""How many numbers of a row belong to the event alone."""
WIDTH = 46
"""Numbers of a first-pass row."""


class Option(NamedTuple):
    """An attribution that an event may have. `keys` are those whose shares are learnt; `given` is the event's own."""

    attribution: Attribution
    row: list[float]
    keys: list[str]
    given: str


class Place(NamedTuple):
    """Where an event stands: sentence number, and its trigger."""

    sentence: int
    candidate: Candidate


def options(
    c: Candidate, number: int, sentences: list[Sentence], said: list[Said], shares: Learnt, out: dict[str, list[int]] | None = None
) -> list[Option]:
    """Return the attributions of the event's sentence, of the last sentence before it that has any, and who spoke before.

    `out` holds counts to leave out of `shares` (training).
    """
    sentence = sentences[number]
    here = said[number].attributions
    base = _event_row(c, number, sentences, len(here))
    found = [(a, sentence.tokens, 0, here) for a in here]
    for back in (1, 2, 3):
        if number - back < 0:
            break
        before = said[number - back].attributions
        found += [(a, sentences[number - back].tokens, back, before) for a in before[-2:]]
        if before:
            break
    thread = said[number].thread
    if thread is not None and all(a.start != thread.start for a, *_ in found):
        found.append((thread, sentences[thread.sentence].tokens, number - thread.sentence, [thread]))
    given = "g" + lexeme(c)
    return [_option(a, c, toks, back, peers, base, given, shares, out) for a, toks, back, peers in found]


def _option(
    a: Attribution, c: Candidate, toks: list[Token], back: int, peers: list[Attribution], base: list[float], given: str, shares: Learnt,
    out: dict[str, list[int]] | None,
) -> Option:  # fmt: skip
    verb = stem(toks[a.cue].norm)
    keys = [
        "v" + verb, f"w{verb} {a.by} {back == 0}", f"l{lexeme(c)} {not back and a.cue == c.token}", f"t{c.type} {a.kind}",
    ]  # fmt: skip
    learnt = [shares.share(k, 1, 5.0, out) for k in (*keys, given)]
    return Option(a, [*base, *_attribution_row(a, c, toks, back, peers), *learnt], keys, given)


def _event_row(c: Candidate, number: int, sentences: list[Sentence], count: int) -> list[float]:
    toks = sentences[number].tokens
    quotes = sum(1 for t in toks[: c.token] if t.norm in _QUOTES)
    return [
        *trigger_row(c), c.token / len(toks), float(len(toks)), float(count), float(quotes % 2), float(number),
        float(sum(1 for t in toks if t.norm in _QUOTES)), float(sentences[number].headline), float(len(sentences)),
    ]  # fmt: skip


def _attribution_row(a: Attribution, c: Candidate, toks: list[Token], back: int, peers: list[Attribution]) -> list[float]:
    m = a.mention
    gap = 0.0 if back else float(c.token - a.cue)
    low, high = sorted((a.cue, c.token)) if not back else (0, 0)
    between = [t.norm for t in toks[low:high]]
    inside = not back and m is not None and m.first <= c.token < m.last
    return [
        float(back), _BY.get(a.by, 0.0), float(_KIND.get(a.kind, 0)), gap, abs(gap), float(c.token >= a.governs and not back),
        float(a.carried), _SOURCE[a.source_kind], float(any(w in _THAT for w in between)), float(sum(1 for w in between if w in _BREAK)),
        float(sum(1 for w in between if w in _QUOTES)), float(m is not None), float(inside), float(not back and c.token == a.cue),
        float(peers.index(a)), float(len(peers)), float({"state": 1, "person": 2, "organization": 3, "group": 4}.get(m.kind, 0) if m else 0),
        float(sum(1 for t in toks if t.norm in _QUOTES) % 2 if back else 0), float(a.opens), float(a.solid), float(a.relative),
        float(a.side), float(a.votes), float(len(peers) == 1), float(m.first - c.last) if m is not None and not back and not a.carried else 99.0,
        float(m is not None and m.first <= 2), float(peers[0] is a),
    ]  # fmt: skip


def second_rows(
    places: list[Place], found: list[list[Option]], scores: list[NDArray[np.float64]], sentences: list[Sentence]
) -> list[list[float]]:
    """Return one row for each event of an article: its best option, and what the others of the article got."""
    top = [float(p.max()) if len(p) else 0.0 for p in scores]
    by_start: list[dict[int | None, float]] = []
    for opts, p in zip(found, scores, strict=True):
        mine: dict[int | None, float] = {}
        for o, x in zip(opts, p.tolist(), strict=True):
            mine[o.attribution.start] = max(mine.get(o.attribution.start, 0.0), x)
        by_start.append(mine)
    # What the others gave an attribution: the best of all, or the next where the best is the event's own.
    best: dict[int | None, list[tuple[float, int]]] = {}
    for j, mine in enumerate(by_start):
        for start, x in mine.items():
            best[start] = sorted([*best.get(start, []), (x, j)], reverse=True)[:2]
    sums: dict[int, tuple[float, int]] = {}
    for place, x in zip(places, top, strict=True):
        total, n = sums.get(place.sentence, (0.0, 0))
        sums[place.sentence] = total + x, n + 1
    everything = (sum(top), len(top))
    rows: list[list[float]] = []
    for i, (place, opts, p) in enumerate(zip(places, found, scores, strict=True)):
        if opts:
            k = int(p.argmax())
            ranked = sorted(p.tolist(), reverse=True)
            start = opts[k].attribution.start
            agree = next((x for x, j in best.get(start, ()) if j != i), 0.0)
            own = [ranked[0], ranked[1] if len(ranked) > 1 else 0.0, sum(ranked), 1 - float(np.prod(1 - p)), float(len(ranked)), *opts[k].row]
        else:
            agree = 0.0
            own = [0.0, 0.0, 0.0, 0.0, 0.0, *_event_row(place.candidate, place.sentence, sentences, 0), *([-1.0] * (WIDTH - _BASE))]
        rows.append([*own, *_around(i, places, top, sums, everything), agree])
    return rows


def _around(
    i: int, places: list[Place], top: list[float], sums: dict[int, tuple[float, int]], everything: tuple[float, int]
) -> list[float]:
    """The mean first-pass score of the other events in the sentence, the one before, the one after, and the article.

    `sums`: total and number by sentence; what is the event's own is taken off.
    """
    here = places[i].sentence

    def mean(group: tuple[float, int], own: bool) -> float:
        total, n = group[0] - (top[i] if own else 0.0), group[1] - own
        return total / n if n else -1.0

    none = (0.0, 0)
    return [
        mean(sums[here], True), mean(sums.get(here - 1, none), False), mean(sums.get(here + 1, none), False), mean(everything, True),
        float(sums[here][1] - 1),
    ]  # fmt: skip
