"""Which claims to compare (blocks), and how pairs become groups (average linkage over the pairs that may be one event).

Note [Chaining]
---------------
Joining whatever is linked would chain «attack on Monday» to «attack on Friday» over a vague report of both. Two groups are joined
while the mean over all pairs of their claims is above 0, where a pair that may not be one event counts against it (`_STEPS`) and
no pair more than `_MOST` for it: so the greater part of the pairs has to agree, a vague claim goes to the group that it fits best
and cannot draw two together, and one wrong date among fifty does not part what the rest joins. When nothing more joins so, groups
of three and more are joined where a fair share of their pairs agrees: a story told for days falls apart in wordings, not in events.
All choices go by score and then by id, never by order of arrival. Only pairs with a score are looked at, so that any size of
component is grouped whole.
"""

from __future__ import annotations

import functools
import hashlib
import heapq
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar

from waqai.merge.facts import Fact
from waqai.merge.profile import Profile, apart, profile, strangers, too_early
from waqai.merge.score import family

__all__ = ["JOIN", "LARGEST", "block_keys", "comparable", "components", "groups", "shelves"]

Name = TypeVar("Name", str, int)
JOIN = 0.0
WINDOW = 7  # days of a block; each claim stands in two, half a window apart
LARGEST = 1  # claims that are grouped without the scores of their pairs
_MOST = 3.0  # what one pair's score counts at most: a copied sentence does not outweigh all others
# Thousandths that a pair without a score counts against joining two groups: much at first; little where both have several claims,
# for what is rightly apart has next to no links between them (step 2: claims in the smaller group, thousandths).
_STEPS = ((1, 2000), (2, 300), (2, 120))
_LARGE = 4  # claims of a group that has an opinion of its own
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
    countries = sorted(fact.countries)[:_MOST_COUNTRIES] or ([fact.place_country] if fact.place_country else [])
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
    uids: Iterable[str], edges: Pairs, must: Iterable[tuple[str, str]] = (), never: Iterable[tuple[str, str]] = (),
    facts: Mapping[str, Fact] | None = None,
) -> list[list[str]]:
    """Return the claims of one component in groups of one event each, ids sorted within and between.

    `edges`: the scores of pairs that may be one event; no other pair is. `must` and `never` are pairs of ids that people judged;
    they come before any score, `must` before `never`. `facts` keep groups apart that tell of different events as a whole.
    """
    known = sorted(uids)
    inside = set(known)
    seeds = components(known, (p for p in must if p[0] in inside and p[1] in inside))
    found = _Linkage(seeds, edges, never, facts).run()
    if facts is None:
        return found
    out, kept = list[list[str]](), {u for seed in seeds if len(seed) > 1 for u in seed}
    for group in found:
        out += _parted(group, edges, never, facts, kept) if len(group) >= _LARGE else [group]
    return sorted(out)


def _parted(
    group: list[str], edges: Pairs, never: Iterable[tuple[str, str]], facts: Mapping[str, Fact], kept: set[str]
) -> list[list[str]]:
    """Return a group without those that are strangers in it, and these in groups of their own. `kept` stays."""
    strange = set(strangers({u: facts[u] for u in group})) - kept
    if not strange:
        return [group]
    inside = {(a, b): v for (a, b), v in edges.items() if a in strange and b in strange}
    return [[u for u in group if u not in strange], *_Linkage([[u] for u in sorted(strange)], inside, never, facts).run()]


class _Linkage:
    """Groups with, for each pair of them that any edge joins, how many edges there are and what they sum to.

    Scores are kept in thousandths, as whole numbers: their sums do not depend on the order of adding.
    """

    def __init__(self, seeds: list[list[str]], edges: Pairs, never: Iterable[tuple[str, str]], facts: Mapping[str, Fact] | None) -> None:
        self.members = dict(enumerate(seeds))
        self.facts = facts
        self.told: dict[int, Profile] = {}
        self.fresh = len(seeds)
        self.least, self.missing = _STEPS[0]
        self.sums: dict[int, dict[int, int]] = {i: {} for i in self.members}
        self.links: dict[int, dict[int, int]] = {i: {} for i in self.members}
        self.banned: dict[int, set[int]] = defaultdict(set)
        at = {u: i for i, seed in enumerate(seeds) for u in seed}
        for (a, b), score in edges.items():
            i, j = at[a], at[b]
            if i != j:
                value = round(min(score, _MOST) * 1000)
                self.sums[i][j] = self.sums[j][i] = self.sums[i].get(j, 0) + value
                self.links[i][j] = self.links[j][i] = self.links[i].get(j, 0) + 1
        for a, b in never:
            if a in at and b in at and at[a] != at[b]:
                self.banned[at[a]].add(at[b])
                self.banned[at[b]].add(at[a])

    def _offer(self, i: int, j: int) -> tuple[float, str, str, int, int] | None:
        if j in self.banned[i]:
            return None
        m, n = len(self.members[i]), len(self.members[j])
        pairs = m * n
        if min(m, n) < self.least or (1 < min(m, n) < _LARGE and self.links[i][j] * 3 < pairs):
            return None
        total = self.sums[i][j] - self.missing * (pairs - self.links[i][j])
        if total <= 0 or self._apart(i, j):
            return None
        first, second = sorted((i, j), key=lambda n: self.members[n][0])
        return (-total / pairs, self.members[first][0], self.members[second][0], first, second)

    def _apart(self, i: int, j: int) -> bool:
        if self.facts is None or max(len(self.members[i]), len(self.members[j])) < _LARGE:
            return False
        one, other = self._profile(i), self._profile(j)
        return too_early(one, other) or (self.least > 1 and apart(one, other))

    def _profile(self, i: int) -> Profile:
        if i not in self.told and self.facts is not None:
            self.told[i] = profile(self.facts[u] for u in self.members[i])
        return self.told[i]

    def run(self) -> list[list[str]]:
        for self.least, self.missing in _STEPS:
            self._join()
        return sorted(self.members.values())

    def _join(self) -> None:
        heap = [o for i in self.members for j in self.sums[i] if i < j and (o := self._offer(i, j)) is not None]
        heapq.heapify(heap)
        while heap:
            _, _, _, i, j = heapq.heappop(heap)
            if i not in self.members or j not in self.members:
                continue
            self.fresh += 1
            for offer in self._merge(i, j, self.fresh):
                heapq.heappush(heap, offer)

    def _merge(self, i: int, j: int, new: int) -> Iterator[tuple[float, str, str, int, int]]:
        self.members[new] = sorted(self.members.pop(i) + self.members.pop(j))
        left, right = self.sums.pop(i), self.sums.pop(j)
        many, more = self.links.pop(i), self.links.pop(j)
        del left[j], right[i]
        for k in self.banned.pop(i, set()) | self.banned.pop(j, set()):
            self.banned[k].add(new)
            self.banned[new].add(k)
        for k, value in right.items():
            left[k] = left.get(k, 0) + value
            many[k] = many.get(k, 0) + more[k]
        self.sums[new], self.links[new] = left, many
        for k, value in left.items():
            for table, what in ((self.sums[k], value), (self.links[k], many[k])):
                table.pop(i, None)
                table.pop(j, None)
                table[new] = what
            offer = self._offer(k, new)
            if offer is not None:
                yield offer
