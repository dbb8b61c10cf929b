"""Whether and how: the rows from which an event's status and mode are chosen.

Each question is put as a choice among options that stand in the text (the dates near the event, the attributions, the modes
of the type, and "none"); one row of numbers an option, scored by small tree ensembles.
"""

from __future__ import annotations

import datetime

from waqai.says import Said
from waqai.types import Sentence, Token
from waqai.what.candidates import Candidate
from waqai.what.features import TYPE_INDEX, Learnt
from waqai.what.stance import stance_row

__all__ = ["STATUSES", "days_between", "mode_rows", "status_row", "trigger_row"]

STATUSES = ("actual", "future", "hypothetical", "negated")
_CUES = ("future", "plan", "attempt", "condition", "possibility", "call", "negated", "denial", "hypothetical")
_CUE = {c: i for i, c in enumerate(_CUES)}
_PART = {"v": 1, "n": 2, "a": 3, "p": 4}
_QUOTES = frozenset("\"«»“”")
_BREAK = frozenset("،؛:")
_THAT = frozenset(("ان", "بان", "انه", "انها", "بانه", "بانها", "انهم"))


def trigger_row(c: Candidate) -> list[float]:
    r = c.reading
    return [
        float(TYPE_INDEX[c.type]), float(_PART.get(r.part, 0) if r else 0),
        float({"past": 1, "present": 2}.get(r.tense, 0) if r else 0), float(r.passive if r else False),
        float(bool(r and r.clitic.endswith("س"))), float(bool(r and "ال" in r.clitic)),
    ]  # fmt: skip


def days_between(date: str, published: str | None) -> float:
    """Return the days from publication to the date (its first day), 9999 where either is missing."""
    if published is None:
        return 9999.0
    parts = [int(p) for p in date.split("-")] + [1, 1]
    try:
        first = datetime.date(parts[0], parts[1], parts[2])
        pub = datetime.date.fromisoformat(published[:10])
    except ValueError:
        return 9999.0
    return float((first - pub).days)


def _cue_row(said: Said, toks: list[Token], c: Candidate) -> list[float]:
    """Distance to the nearest cue of each class before the trigger (0 none, the nearer the larger) and just after it."""
    before = [0.0] * len(_CUES)
    after = [0.0] * len(_CUES)
    clause = [0.0] * len(_CUES)
    for cue in said.cues:
        k = _CUE.get(cue.kind)
        if k is None:
            continue
        if cue.first >= c.last:
            if cue.first - c.last <= 5:
                after[k] = max(after[k], 1.0 / (1 + cue.first - c.last))
        elif cue.last <= c.token or cue.first == c.token:
            gap = max(0, c.token - cue.last)
            before[k] = max(before[k], 1.0 / (1 + gap))
            if not any(t.norm in _BREAK for t in toks[cue.last : c.token]):
                clause[k] = max(clause[k], 1.0 / (1 + gap))
    return before + after + clause


def status_row(
    c: Candidate, sentence: Sentence, said: Said, shares: Learnt, keys: list[str], out: dict[str, list[int]] | None,
    date: str | None, published: str | None, acts: list[int] | None = None,
) -> list[float]:
    """Return the row for the status of an event (classes STATUSES). `acts` are the sentence's tokens read as acts."""
    toks = sentence.tokens
    quoted = sum([t.norm in _QUOTES for t in toks[: c.token]]) % 2
    previous = toks[c.token - 1].norm if c.token else ""
    return [
        *trigger_row(c), *_cue_row(said, toks, c), float(quoted), c.token / len(toks), float(len(toks)), float(c.reduced is not None),
        float(previous in _THAT), float(days_between(date, published) > 0 if date and published else False),
        float(date is None), float(sentence.headline),
        *(shares.share(k, s, 6.0, out) for k in keys for s in range(1, 4)),
        float({"future": 1, "hypothetical": 2, "negated": 3}.get((c.entry.status or "") if c.entry else "", 0)),
        *stance_row(c, toks, said, acts or []),
    ]  # fmt: skip


def mode_rows(
    c: Candidate, modes: list[str], shares: Learnt, keys: list[str], bag: list[str], index: dict[str, int],
    out: dict[str, list[int]] | None,
) -> list[list[float]]:
    """Return a row for each mode of the type: what the entry says, and how often such words went with it in training.

    `index` numbers the modes ("ASSAULT/aerial"); `bag` are the keys of the words around the trigger.
    """
    made: list[list[float]] = []
    if not modes:
        return made
    own = c.entry.modes if c.entry and c.reduced is None else []
    around = [shares.ratios(b, 3.0, out) for b in bag]
    seen = float(shares.seen(keys[0], out))
    for mode in modes:
        k = index[f"{c.type}/{mode}"]
        ratios = sorted([known.get(k, other) for other, known in around], reverse=True)[:3] + [0.0] * 3
        made.append([
            float(k), float(TYPE_INDEX[c.type]), float(mode in own), float(bool(own)), float(c.entry is not None), float(c.met),
            *(shares.share(q, k, 2.0, out) for q in keys), seen, *ratios[:3], sum(ratios[:3]),
        ])  # fmt: skip
    return made
