"""One agreement over its life: which mentions in the agreements register are one agreement."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from waqai.merge.cluster import components
from waqai.shadow import stemmed_words

__all__ = ["Stage", "lives"]

_ORDER = {"announced": 0, "concluded": 1, "signed": 2, "ratified": 3, "suspended": 4, "terminated": 5}
_NEAR = 30  # days within which the same parties and kind are one agreement unless title or fields tell otherwise
_LIFE = 1500  # days between announcement and ratification at most
_ANY_KIND = "agreement"


class Stage(NamedTuple):
    """A mention of an agreement. `event` is its merged event, `day` its date or the article's (0 unknown)."""

    id: int
    event: int
    kind: str
    parties: str
    topic: frozenset[str]
    day: int
    status: str


def topic_of(*texts: str | None) -> frozenset[str]:
    """Return the words of title and fields."""
    return frozenset(w for t in texts if t for w in stemmed_words(t) if len(w) > 2)


def _one(a: Stage, b: Stage) -> bool:
    if a.event == b.event:
        return True
    if a.parties != b.parties or " " not in a.parties:
        return False
    if a.kind != b.kind and _ANY_KIND not in (a.kind, b.kind):
        return False
    shared = len(a.topic & b.topic) / min(len(a.topic), len(b.topic)) if a.topic and b.topic else None
    gap = abs(a.day - b.day) if a.day and b.day else _NEAR
    if gap <= _NEAR:
        return shared is None or shared >= 0.3
    first, second = sorted((a, b), key=lambda s: s.day)
    onward = _ORDER.get(second.status, 2) > _ORDER.get(first.status, 2)
    return onward and gap <= _LIFE and shared is not None and shared >= 0.5


def lives(stages: Sequence[Stage]) -> list[list[int]]:
    """Return the ids of `stages` in groups of one agreement each."""
    by_key: dict[str, list[Stage]] = {}
    for s in stages:
        by_key.setdefault(s.parties, []).append(s)
        by_key.setdefault(f"event {s.event}", []).append(s)
    links: set[tuple[str, str]] = set()
    for members in by_key.values():
        members.sort()
        for i, a in enumerate(members):
            links.update((_name(a.id), _name(b.id)) for b in members[i + 1 : i + 200] if _one(a, b))
    return [[int(n) for n in part] for part in components((_name(s.id) for s in stages), links)]


def _name(number: int) -> str:
    return f"{number:012}"
