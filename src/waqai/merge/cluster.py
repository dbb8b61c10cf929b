"""Which claims to compare (blocks), and how pairs become groups (average linkage).

Note [Chaining]
---------------
Joining whatever is linked would chain «attack on Monday» to «attack on Friday» over a vague report of both. Groups are joined
while the *average* score between all their members is above `JOIN` and no two of them are opposed; a vague claim goes to the
group that it fits best, and cannot draw two groups together. All choices go by score and then by id, never by order of arrival.
"""

from __future__ import annotations

import functools
import hashlib
import heapq
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from waqai.merge.facts import Fact
from waqai.merge.score import family, opposed, score

__all__ = ["JOIN", "LARGEST", "block_keys", "comparable", "components", "groups", "shelves"]

Name = TypeVar("Name", str, int)
JOIN = 0.0
WINDOW = 7  # days of a block; each claim stands in two, half a window apart
LARGEST = 600  # claims that are grouped at once; larger parts are first cut at their weakest links
_MOST_COUNTRIES = 6


def block_keys(fact: Fact) -> list[str]:
    """Return the keys under which `fact` meets others: family, who, and when (reported, or dated to the day).

    Who is each pair of countries and each one; without countries the place, without that the names of the parties.
    """
    who, when = [w for part in _who(fact) for w in part], _when(fact)
    kind = family(fact.type)
    return [f"{kind} {w} {mark}{n}" for w in who for mark, n in when] + [f"{kind} ={fact.doc}"]


def _who(fact: Fact) -> tuple[list[str], list[str]]:
    """Return the pairs of countries (or what stands for them), and the countries one by one."""
    countries = sorted(fact.countries)[:_MOST_COUNTRIES]
    if not countries:
        return [f"@{w}" for w in sorted(fact.place)[:3]] or [f"#{w}" for w in sorted(fact.names)[:4]], []
    # One country: meets claims that name one more; several: found there by those that name but one.
    return [f"{a}+{b}" for i, a in enumerate(countries) for b in countries[i + 1 :]], countries


def _when(fact: Fact) -> list[tuple[str, int]]:
    when = []
    if fact.published:
        when += [("r", fact.published // WINDOW), ("r+", (fact.published + WINDOW // 2 + 1) // WINDOW)]
    if fact.day and fact.last - fact.day <= 1:
        when += [("d", fact.day // WINDOW), ("d+", (fact.day + WINDOW // 2 + 1) // WINDOW)]
    return when


def shelves(fact: Fact) -> tuple[list[int], list[int]]:
    """Return the blocks that `fact` stands in and those whose claims it meets, as numbers; blocks of articles left out.

    Claims of several countries meet in blocks of pairs, so in the block of one country they meet only claims of that country
    alone: two shelves a block. Numbers begin with the week: what comes in together stands together on the disk. That two keys
    have one number costs a comparison more and changes nothing.
    """
    kind, (groups, single), many = family(fact.type), _who(fact), len(fact.countries) > 1
    own, met = list[int](), list[int]()
    for mark, week in _when(fact):
        both = [_number(week, f"{kind} {w} {mark}") for w in groups]
        alone = [_number(week, f"{kind} {w} {mark}") for w in single]
        own += [*both, *(n + many for n in alone)]
        met += [*both, *alone, *(n + 1 for n in alone if not many)]
    return list(dict.fromkeys(own)), list(dict.fromkeys(met))


@functools.lru_cache(maxsize=100_000)
def _spread(key: str) -> int:
    return int.from_bytes(hashlib.blake2b(key.encode(), digest_size=5).digest(), "big")


def _number(week: int, key: str) -> int:
    return (week << 41) + (_spread(key) << 1)


def comparable(a: Fact, b: Fact) -> bool:
    """Tell whether two claims of one block are worth a score: one article, or all that they can share of countries."""
    if a.doc == b.doc:
        return True
    if len(a.countries) < 2 or len(b.countries) < 2:
        return True
    return len(a.countries & b.countries) >= 2


def components(uids: Iterable[Name], edges: Iterable[tuple[Name, Name]]) -> list[list[Name]]:
    """Return the sets of `uids` (ids or numbers) that `edges` connect, each sorted, in order of their first."""
    parent = {u: u for u in uids}

    def root(u: Name) -> Name:
        while parent[u] != u:
            parent[u] = parent[parent[u]]
            u = parent[u]
        return u

    for a, b in edges:
        x, y = root(a), root(b)
        if x != y:
            parent[max(x, y)] = min(x, y)
    out: dict[Name, list[Name]] = defaultdict(list)
    for u in sorted(parent):
        out[root(u)].append(u)
    return [out[r] for r in sorted(out)]


Pairs = Mapping[tuple[str, str], float]


def groups(
    facts: Sequence[Fact],
    must: Iterable[tuple[str, str]] = (),
    never: Iterable[tuple[str, str]] = (),
    *,
    join: float = JOIN,
) -> list[list[str]]:
    """Return the claims of one component in groups of one event each, ids sorted within and between.

    `must` and `never` are pairs of ids that people judged; they come before any score, `must` before `never`.
    """
    by_uid = {f.uid: f for f in sorted(facts, key=lambda f: f.uid)}
    seeds = components(by_uid, ((a, b) for a, b in must if a in by_uid and b in by_uid))
    bans = {frozenset(p) for p in never}
    worker = _Linkage([[by_uid[u] for u in seed] for seed in seeds], bans, join)
    return worker.run()


class _Linkage:
    """Average linkage over groups, with the sum of scores and the opposed pairs kept for each pair of groups."""

    def __init__(self, seeds: list[list[Fact]], bans: set[frozenset[str]], join: float) -> None:
        self.members = dict(enumerate(seeds))
        self.sums: dict[int, dict[int, float]] = {i: {} for i in self.members}
        self.apart: set[tuple[int, int]] = set()
        self.join = join
        for i, left in enumerate(seeds):
            for j in range(i + 1, len(seeds)):
                total, banned = 0.0, False
                for a in left:
                    for b in seeds[j]:
                        total += score(a, b)
                        banned = banned or opposed(a, b) or frozenset((a.uid, b.uid)) in bans
                self.sums[i][j] = self.sums[j][i] = total
                if banned:
                    self.apart.add((i, j))

    def _mean(self, i: int, j: int) -> float:
        return self.sums[i][j] / (len(self.members[i]) * len(self.members[j]))

    def _offer(self, i: int, j: int) -> tuple[float, str, str, int, int] | None:
        first, second = min(i, j), max(i, j)
        if (first, second) in self.apart:
            return None
        mean = self._mean(i, j)
        if mean <= self.join:
            return None
        return (-round(mean, 9), self.members[first][0].uid, self.members[second][0].uid, first, second)

    def run(self) -> list[list[str]]:
        heap = [o for i in self.members for j in self.sums[i] if i < j and (o := self._offer(i, j)) is not None]
        heapq.heapify(heap)
        fresh = len(self.members)
        while heap:
            _, _, _, i, j = heapq.heappop(heap)
            if i not in self.members or j not in self.members:
                continue
            for offer in self._merge(i, j, fresh):
                heapq.heappush(heap, offer)
            fresh += 1
        return sorted(sorted(f.uid for f in g) for g in self.members.values())

    def _merge(self, i: int, j: int, new: int) -> Iterator[tuple[float, str, str, int, int]]:
        merged = sorted(self.members.pop(i) + self.members.pop(j), key=lambda f: f.uid)
        left, right = self.sums.pop(i), self.sums.pop(j)
        self.members[new], self.sums[new] = merged, {}
        for k in self.members:
            if k == new:
                continue
            self.sums[new][k] = self.sums[k][new] = left[k] + right[k]
            del self.sums[k][i], self.sums[k][j]
            if (min(i, k), max(i, k)) in self.apart or (min(j, k), max(j, k)) in self.apart:
                self.apart.add((k, new))
            offer = self._offer(k, new)
            if offer is not None:
                yield offer


def cut(uids: Sequence[str], edges: Mapping[tuple[str, str], float], largest: int = LARGEST) -> list[list[str]]:
    """Cut a component of more than `largest` claims at its weakest links, as often as it takes."""
    parts, out, least = [list(uids)], list[list[str]](), JOIN
    while parts:
        big = [p for p in parts if len(p) > largest]
        out += [p for p in parts if len(p) <= largest]
        least += 0.5
        where = {u: n for n, p in enumerate(big) for u in p}
        strong: list[list[tuple[str, str]]] = [[] for _ in big]
        # What is too weak, or between two parts, is never asked for again.
        edges = {e: s for e, s in edges.items() if s > least and e[0] in where and where[e[0]] == where.get(e[1])}
        for e in edges:
            strong[where[e[0]]].append(e)
        parts = [part for p, some in zip(big, strong, strict=True) for part in components(p, some)]
    return sorted(out)
