"""Many reports, one event: which claims tell the same, where they differ, and how many outlets stand behind it.

Derived from records and judgements alone; may be made again at any time. See docs/merge.md.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

import msgspec

from waqai.merge.cluster import JOIN, comparable, components, groups, shelves
from waqai.merge.facts import Fact, claim_uid, facts
from waqai.merge.score import dated_apart, denies, explain, family, link_score, opposed, score
from waqai.types import Record

__all__ = [
    "Fact",
    "Judgement",
    "MergedEvent",
    "claim_uid",
    "denial",
    "edges_of",
    "explain",
    "facts",
    "group_component",
    "link",
    "merge",
    "merge_facts",
    "opposed",
    "score",
    "standing",
]


class Judgement(msgspec.Struct, frozen=True, kw_only=True):
    """A person's word on two claims, in order of time. verdict: same | different | undo."""

    verdict: str
    a: str
    b: str


class MergedEvent(msgspec.Struct, frozen=True, kw_only=True):
    """The claims of one event. `id` is the smallest of their ids."""

    id: str
    claims: list[str]


def standing(judgements: Iterable[Judgement]) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Return the pairs judged same and those judged different: of each pair the last word counts."""
    last: dict[tuple[str, str], str] = {}
    for j in judgements:
        last[min(j.a, j.b), max(j.a, j.b)] = j.verdict
    same = sorted(p for p, v in last.items() if v == "same")
    return same, sorted(p for p, v in last.items() if v == "different")


def merge(records: Iterable[Record], judgements: Iterable[Judgement] = ()) -> list[MergedEvent]:
    """Return the merged events of `records`, sorted by id, in whatever order the records come."""
    return merge_facts([f for r in records for f in facts(r)], judgements)


def merge_facts(all_facts: Iterable[Fact], judgements: Iterable[Judgement] = ()) -> list[MergedEvent]:
    """Return the merged events of facts."""
    by_uid = {f.uid: f for f in all_facts}
    must, never = standing(judgements)
    edges = edges_of(by_uid)
    linked = [*edges, *(p for p in must if p[0] in by_uid and p[1] in by_uid)]
    parts = components(by_uid, linked)
    at = {u: n for n, part in enumerate(parts) if len(part) > 1 for u in part}
    inside: dict[int, dict[tuple[str, str], float]] = defaultdict(dict)
    for pair, value in edges.items():
        inside[at[pair[0]]][pair] = value
    out: list[MergedEvent] = []
    for n, part in enumerate(parts):
        found = group_component(part, by_uid, inside.get(n, {}), must, never)
        out += (MergedEvent(id=g[0], claims=g) for g in found)
    return sorted(out, key=lambda m: m.id)


def group_component(
    part: list[str],
    by_uid: Mapping[str, Fact],
    edges: Mapping[tuple[str, str], float],
    must: list[tuple[str, str]],
    never: list[tuple[str, str]],
) -> list[list[str]]:
    """Return the groups of one component (see Note [Chaining]). `edges`: the scores of its pairs that may be one event."""
    return [part] if len(part) == 1 else groups(part, edges, must, never, by_uid)


def edges_of(by_uid: Mapping[str, Fact]) -> dict[tuple[str, str], float]:
    """Return the pairs that may be one event, with their scores."""
    blocks: dict[int, list[str]] = defaultdict(list)
    beside: dict[tuple[str, str], list[str]] = defaultdict(list)
    edges: dict[tuple[str, str], float] = {}
    for uid in sorted(by_uid):
        fact = by_uid[uid]
        own, met = shelves(fact)
        home = beside[fact.doc, family(fact.type)]
        for other in {*home, *(o for k in met for o in blocks.get(k, ()))}:
            value = link(by_uid[other], fact)
            if value is not None:
                edges[other, uid] = value
        home.append(uid)
        for key in own:
            blocks[key].append(uid)
    return edges


def link(a: Fact, b: Fact) -> float | None:
    """Return the score of a pair that may be one event, None of one that may not."""
    if not comparable(a, b) or opposed(a, b):
        return None
    return link_score(a, b, JOIN)


def denial(a: Fact, b: Fact) -> bool:
    """Tell whether one claim denies the very event that the other tells."""
    return denies(a, b) and comparable(a, b) and not dated_apart(a, b) and link_score(a, b, JOIN) is not None
