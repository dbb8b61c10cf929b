"""Who did it to whom: one row of numbers for each actor phrase that could be a party of an event.

Shallow syntax only: where the phrase stands from the trigger, what preposition or clitic is on it, how many bare phrases lie
between, what the trigger's frame asks for, whether verb and phrase agree, and whose mouth it is. Phrases of the two sentences
before may be carried over.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import msgspec
import numpy as np
from numpy.typing import NDArray

from waqai.says import Said
from waqai.text import fold
from waqai.types import Mention, Sentence, Token
from waqai.what.candidates import Candidate
from waqai.what.features import TYPE_INDEX, Learnt

if TYPE_CHECKING:
    from waqai.what.decide import Draft

__all__ = ["Group", "Option", "RoleScene", "Seat", "assign", "echoes", "groups", "options", "preposition", "scene"]

_PREPS = {
    w: k
    for k, group in enumerate(
        (
            ("في",), ("من",), ("علي",), ("الي",), ("عن",), ("مع",), ("بين",), ("ضد",), ("قبل",), ("يد", "ايدي"), ("بعد", "عقب", "اثر"),
            ("خلال",), ("ان", "بان"), ("بحق", "حق"), ("تجاه", "نحو", "ازاء", "حيال", "باتجاه"), ("لدي",), ("التي", "الذي", "الذين"),
            ("،",), ("\"", "«", "“"), ("(",), ("جانب",), ("و",), ("باسم",), ("لصالح",), ("بقياده", "برءاسه"), ("كل",),
        ),
        start=1,
    )
    for w in group
}  # fmt: skip
_FOR, _BY, _LIKE, _AND, _FIRST, _FAR = 30, 31, 32, 33, 40, 41
_BARE = frozenset((0, 18, 19, 20, 22, _AND, _FIRST))
_SECTORS = (
    "GOV", "MIL", "COP", "JUD", "LEG", "SPY", "PTY", "OPP", "REB", "PRM", "UAF", "BUS", "CVL", "CRM", "EDU", "ELI", "JRN", "LAB", "MED",
    "REF", "REL", "SOC", "AGR", "PRE", "UNK",
)  # fmt: skip
_SECTOR = {s: i for i, s in enumerate(_SECTORS)}
_FORM = {f: i for i, f in enumerate(("name", "phrase", "state", "demonym", "pronoun", "anaphor", "place"))}
_KIND = {f: i for i, f in enumerate(("person", "organization", "state", "group", "place", "company"))}
_WORLD = frozenset(("IGO", "UNO", "EUR", "NGO", "MNC", "IMG", "ISM"))
_FRAME = {
    "subject": 1, "object": 2, "none": 3, "ب": 4, "ل": 5, "من": 6, "علي": 7, "الي": 8, "عن": 9, "مع": 10, "في": 11,
    "ضد": 12, "بين": 13, "بحق": 14, "لدي": 15,
}  # fmt: skip
_THAT = frozenset(("ان", "بان", "انه", "انها", "بانه", "بانها"))
_WHICH = frozenset(("التي", "الذي", "الذين", "اللذان", "اللتان"))
_WHEN = frozenset(("بعد", "قبل", "خلال", "عقب", "اثر", "منذ", "فيما", "بينما", "حيث"))
_QUOTES = frozenset('"«»“”')
BACK = 2
"""How many sentences before may lend a party."""


class Option(msgspec.Struct):
    """A phrase that may be a party; `back` sentences before the event's. `keys`: what its role was is learnt by these."""

    mention: Mention
    back: int
    row: list[float]
    keys: tuple[str, str] = ("", "")


class RoleScene(msgspec.Struct):
    """What the rows need of a document."""

    sentences: list[Sentence]
    mentions: list[list[Mention]]
    said: list[Said]
    country: str | None
    weight: dict[str, int]
    """Mentions by entity, for how much the article is about it."""
    preps: list[list[int]]
    known: dict[int, tuple[list[float], float]] = {}
    """What a phrase is in itself, by its `id`."""


def scene(sentences: list[Sentence], mentions: list[list[Mention]], said: list[Said], country: str | None) -> RoleScene:
    """Prepare a document for `options`."""
    weight = Counter(m.entity for here in mentions for m in here if m.entity)
    preps = [[preposition(m, s.tokens) for m in here] for s, here in zip(sentences, mentions, strict=True)]
    return RoleScene(sentences, mentions, said, country, dict(weight), preps)


def preposition(m: Mention, toks: list[Token]) -> int:
    """Return the class of what governs the phrase: a preposition, a clitic, a mark, the sentence's start, or 0 nothing."""
    tok = toks[m.first]
    if tok.norm.startswith("لل"):
        return _FOR
    if m.start > tok.start:
        clitic = tok.norm[: m.start - tok.start]
        for letter, kind in (("ل", _FOR), ("ب", _BY), ("ك", _LIKE)):
            if letter in clitic.removeprefix("و").removesuffix("ال"):
                return kind
        return _AND
    if m.first == 0:
        return _FIRST
    word = toks[m.first - 1].norm
    got = _PREPS.get(word)
    if got is None and word[:1] in "وف":
        got = _PREPS.get(word[1:])
    return got or 0


def _frame(spec: str | list[str] | None) -> int:
    if isinstance(spec, list):
        spec = spec[0] if spec else "none"
    return _FRAME.get(fold(spec), 20) if spec else 0


def _wants(spec: str | list[str] | None) -> frozenset[int]:
    """The classes of preposition that a frame asks for (as `preposition` numbers them); bare positions are not among them."""
    if not spec:
        return frozenset()
    out: set[int] = set()
    for w in [spec] if isinstance(spec, str) else spec:
        f = fold(w)
        out |= {_FOR} if f == "ل" else {_BY} if f == "ب" else {_PREPS[f]} if f in _PREPS else set()
        if f == "ضد":
            out.add(_PREPS["تجاه"])
    return frozenset(out)


_AGENT = frozenset((_PREPS["قبل"], _PREPS["يد"], _PREPS["جانب"]))


def options(
    scene: RoleScene, number: int, c: Candidate, shares: Learnt, lexeme: str, out: dict[str, list[int]] | None = None
) -> list[Option]:
    """Return the options of the event `c` of sentence `number`; `shares` are learnt over their keys (`out`: see `Shares`)."""
    sentence = scene.sentences[number]
    here = scene.mentions[number]
    made: list[Option] = []
    base = _base(c, sentence, here, scene.said[number])
    sources = {id(a.mention) for a in scene.said[number].attributions if a.mention is not None and not a.carried}
    countries = Counter(m.country for m in here if m.country)
    heads = _heads(here, scene.preps[number])
    after = [k for k, m in enumerate(here) if m.first >= c.last and scene.preps[number][heads[k]] in _BARE and heads[k] == k]
    before = [k for k, m in enumerate(here) if m.last <= c.token and scene.preps[number][heads[k]] in _BARE and heads[k] == k]
    asked = (_wants(c.entry.actor), _wants(c.entry.recipient)) if c.entry is not None else (frozenset(), frozenset())
    verbs = {a.cue for a in scene.said[number].attributions}
    kind = f"{c.type}{c.reading.part if c.reading else ''}{'p' if c.reading and c.reading.passive else ''}"
    for index, m in enumerate(here):
        head = heads[index]
        prep = scene.preps[number][head]
        slot = _slot(c, m, prep, head, after, before)
        keys = ("r" + lexeme + slot, "t" + kind + slot)
        row = base + _near(scene, number, c, index, verbs) + _self(m, scene, index, id(m) in sources, countries[m.country or ""])
        row += _match(c, m, prep, head, index, after, before, asked) + [shares.share(k, r, 4.0, out) for k in keys for r in (1, 2)]
        made.append(Option(m, 0, row, keys))
    for back in range(1, BACK + 1):
        past = number - back
        if past < 0:
            break
        spoke = {id(a.mention) for a in scene.said[past].attributions if a.mention is not None}
        far = [*base, float(back), -60.0 - 20 * back, 60.0 + 20 * back, 0.0, 0.0, 0.0, float(_FAR), *([0.0] * 8)]
        learnt: dict[str, list[float]] = {}
        for index, m in enumerate(scene.mentions[past]):
            if m.form != "pronoun":
                row = far + _self(m, scene, index, id(m) in spoke, countries[m.country or ""])
                slot = f"f{back}{'s' if id(m) in spoke else ''}{min(index, 2)}"
                keys = ("r" + lexeme + slot, "t" + kind + slot)
                if slot not in learnt:
                    learnt[slot] = [0.0] * 9 + [shares.share(k, r, 4.0, out) for k in keys for r in (1, 2)]
                row += learnt[slot]
                made.append(Option(m, back, row, keys))
    return made


def _heads(here: list[Mention], preps: list[int]) -> list[int]:
    """For each phrase the first of its coordination: «مصر والسودان» share what governs «مصر»."""
    heads: list[int] = []
    for k, m in enumerate(here):
        joined = k > 0 and preps[k] in (_AND, 22) and 0 <= m.first - here[k - 1].last <= 3
        heads.append(heads[k - 1] if joined else k)
    return heads


def _slot(c: Candidate, m: Mention, prep: int, head: int, after: list[int], before: list[int]) -> str:
    if m.first <= c.token < m.last:
        return "in"
    if m.first >= c.last:
        return f"a{min(after.index(head), 3)}" if head in after else f"ap{prep}"
    return f"b{min(len(before) - 1 - before.index(head), 3)}" if head in before else f"bp{prep}"


def _match(
    c: Candidate,
    m: Mention,
    prep: int,
    head: int,
    index: int,
    after: list[int],
    before: list[int],
    asked: tuple[frozenset[int], frozenset[int]],
) -> list[float]:
    """Whether the phrase stands where the entry's frame puts the actor and the recipient; `asked` are its prepositions for them."""
    e = c.entry
    behind = m.first >= c.last
    actor = float(behind and prep in asked[0])
    recipient = float(behind and prep in asked[1])
    order = after.index(head) if head in after else -1
    passive = c.reading is not None and c.reading.passive
    object_is_actor = e is not None and e.actor == "object"
    subject = float(order == 0 and not passive)
    thing = float((order == 0 and passive) or order == 1)
    if object_is_actor:
        subject, thing = thing, subject
    return [
        actor, recipient, float(behind and prep in _AGENT), float(order), float(before.index(head) - len(before) if head in before else 0),
        subject, thing, float(prep), float(index - head),
    ]  # fmt: skip


def _base(c: Candidate, sentence: Sentence, here: list[Mention], said: Said) -> list[float]:
    r, e = c.reading, c.entry
    light = min((h for h in said.lights if 0 < c.token - h.token <= 6), key=lambda h: c.token - h.token, default=None)
    clitic = r.clitic if r else ""
    person = r.person if r else ""
    n = len(sentence.tokens)
    return [
        float(TYPE_INDEX[c.type]),
        float({"v": 1, "n": 2, "a": 3, "p": 4}.get(r.part, 0) if r else 0),
        float(r.passive if r else False),
        float({"past": 1, "present": 2}.get(r.tense, 0) if r else 0),
        float("ال" in clitic),
        1.0 if "ب" in clitic else 2.0 if "ل" in clitic.replace("ال", "") else 0.0,
        float(len(r.enclitic) if r else 0),
        float(_frame(e.actor) if e else 0),
        float(_frame(e.recipient) if e else 0),
        float(e.reciprocal if e else False),
        float({"m": 1, "f": 2}.get(person[1:2], 0)),
        float("p" in person or "d" in person),
        float(n),
        c.token / n,
        float(len(here)),
        float(sentence.index) if light is None else {"active": -1.0, "passive": -2.0}.get(light.voice, -3.0),
    ]


def _near(scene: RoleScene, number: int, c: Candidate, index: int, verbs: set[int]) -> list[float]:
    toks = scene.sentences[number].tokens
    here, preps = scene.mentions[number], scene.preps[number]
    m = here[index]
    after = m.first >= c.last
    if after:
        distance, low, high = m.first - c.last, c.last, m.first
        between = [k for k, x in enumerate(here) if c.last <= x.first < m.first]
    else:
        distance, low, high = m.last - 1 - c.token, m.last, c.token
        between = [k for k, x in enumerate(here) if x.last <= c.token and x.first >= m.last]
    words = [t.norm for t in toks[low:high]] if high > low else []
    bare = sum([preps[k] in _BARE for k in between])
    following = _PREPS.get(toks[m.last].norm, 0) if m.last < len(toks) else 0
    return [
        0.0, float(distance), float(abs(distance)), float(len(between)), float(bare), float(m.first <= c.token < m.last),
        float(preps[index]), float(following),
        float(not _THAT.isdisjoint(words)), float(not _WHICH.isdisjoint(words)), float(words.count("،")),
        float(not _QUOTES.isdisjoint(words)), float(not verbs.isdisjoint(range(low, high))),
        float(not _WHEN.isdisjoint(words)), float(preps.count(preps[index])),
    ]  # fmt: skip


def _self(m: Mention, scene: RoleScene, index: int, speaks: bool, same_country: int) -> list[float]:
    known = scene.known.get(id(m))
    if known is None:
        known = scene.known[id(m)] = (
            [
                float(_FORM.get(m.form, 9)), float(_KIND.get(m.kind, 9)), float(_SECTOR.get(m.sector or "", -1)),
                float(m.country is None), float(m.country is not None and m.country == scene.country), float(m.country in _WORLD),
                float(index), float({"s": 1, "d": 2, "p": 3}.get(m.number or "", 0)), float({"m": 1, "f": 2}.get(m.gender or "", 0)),
                float(m.last - m.first),
            ],
            float(scene.weight.get(m.entity or "", 0)),
        )  # fmt: skip
    return [float(speaks), *known[0], float(same_country), known[1]]


# --- a country's phrases together -------------------------------------------------------------------------------------

RECIPROCAL = frozenset(("CONSULT", "SUPPORT", "AGREE", "COOPERATE"))


class Group(msgspec.Struct):
    """All phrases of one country (or of none) as a possible party in one role (0 actor, 1 recipient)."""

    role: int
    country: str | None
    options: list[Option]
    chances: list[float]
    row: list[float]


def groups(opts: list[Option], score: NDArray[np.float64], c: Candidate) -> list[Group]:
    """Return the (role, country) pairs of an event with a row each, from the phrases' scores (rows, 3: none, actor, recipient)."""
    by: dict[tuple[int, str | None], Group] = {}
    for o, p in zip(opts, score.tolist(), strict=True):
        for role in (0, 1):
            if p[1 + role] < 0.03:
                continue
            g = by.setdefault((role, o.mention.country), Group(role, o.mention.country, [], [], []))
            g.options.append(o)
            g.chances.append(p[1 + role])
    found = list(by.values())
    tops = [max(g.chances) for g in found]
    for k, g in enumerate(found):
        rest = [t for j, t in enumerate(tops) if j != k and found[j].role == g.role]
        other = next((tops[j] for j, x in enumerate(found) if x.country == g.country and x.role != g.role), 0.0)
        none = 1.0
        for p in g.chances:
            none *= 1.0 - p
        best = g.options[g.chances.index(tops[k])]
        first = best.row
        g.row = [
            float(TYPE_INDEX[c.type]), float(g.role), tops[k], 1.0 - none, sum(g.chances), float(len(g.chances)), max(rest, default=0.0),
            float(sum(1 for t in rest if t > tops[k])), other, float(len(found)), float(best.back), float(g.country is None),
            *first[1:4], first[6], first[7], first[8], first[9], first[17], first[19], first[20], first[22], first[31], first[32],
            first[33], first[34], first[36], *first[43:],
            float(sum(1 for o in g.options if o.back == 0)), max((t for j, t in enumerate(tops) if found[j].role != g.role), default=0.0),
        ]  # fmt: skip
    return found


class Seat(msgspec.Struct):
    """Where an event stands, for `echoes`: its sentence, token, type and word."""

    sentence: int
    token: int
    type: str
    lexeme: str


def echoes(seats: list[Seat], found: list[list[Group]]) -> list[list[list[float]]]:
    """Return, for each event's groups, a row on what the first pass thought of the country in the article's other events.

    One who acts in the clause beside, or all through the article against the same other side, likely does so here.
    """
    tops = [{(g.role, g.country): max(g.chances) for g in gs} for gs in found]
    spans = [{id(o.mention): (g.role, p) for g in gs for o, p in zip(g.options, g.chances, strict=True) if p >= 0.3} for gs in found]
    total: Counter[tuple[int, str | None]] = Counter()
    by_type: Counter[tuple[str, int, str | None]] = Counter()
    sizes: Counter[str] = Counter(s.type for s in seats)
    for s, t in zip(seats, tops, strict=True):
        for (role, country), p in t.items():
            total[role, country] += p  # type: ignore[assignment]
            by_type[s.type, role, country] += p  # type: ignore[assignment]
    out: list[list[list[float]]] = []
    n = len(seats)
    for i, (s, gs) in enumerate(zip(seats, found, strict=True)):
        beside = [j for j in range(max(0, i - 6), min(n, i + 7)) if j != i and seats[j].sentence == s.sentence]
        close = min(beside, key=lambda j: abs(seats[j].token - s.token), default=None)
        twins = [j for j in range(max(0, i - 12), min(n, i + 13)) if j != i and seats[j].type == s.type]
        twin = min(twins, key=lambda j: (abs(seats[j].sentence - s.sentence), abs(seats[j].token - s.token)), default=None)
        words = [j for j in range(max(0, i - 25), min(n, i + 26)) if j != i and seats[j].lexeme == s.lexeme != "?"]
        word = min(words, key=lambda j: abs(seats[j].sentence - s.sentence), default=None)
        rows: list[list[float]] = []
        for g in gs:
            key, opposite = (g.role, g.country), (1 - g.role, g.country)
            own = tops[i][key]
            row: list[float] = []
            for j in (close, twin, word, i - 1 if i else None):
                row += [-1.0, -1.0] if j is None else [tops[j].get(key, 0.0), tops[j].get(opposite, 0.0)]
            row += [
                float(abs(seats[twin].sentence - s.sentence)) if twin is not None else 30.0,
                float(abs(seats[close].token - s.token)) if close is not None else 60.0,
                (total[key] - own) / max(1, n - 1), (total[opposite] - tops[i].get(opposite, 0.0)) / max(1, n - 1),
                (by_type[(s.type, *key)] - own) / max(1, sizes[s.type] - 1),
                (by_type[(s.type, *opposite)] - tops[i].get(opposite, 0.0)) / max(1, sizes[s.type] - 1),
                float(n),
            ]  # fmt: skip
            best = g.options[g.chances.index(own)]
            acts = [0.0, 0.0]
            for j in beside:
                role, p = spans[j].get(id(best.mention), (0, 0.0))
                acts[role] = max(acts[role], p)
            rows.append(row + acts)
        out.append(rows)
    return out


def assign(d: Draft, found: list[Group], final: NDArray[np.float64], threshold: float) -> None:
    """Put the parties that pass into the draft; a country is actor or recipient, not both, where one is clearly likelier."""
    # What counts is the chance that the act took place and that this country did it: a doubtful act names fewer parties.
    kept = [(float(p), g) for p, g in zip(final, found, strict=True) if p * d.score >= threshold]
    kept.sort(key=lambda x: -x[0])
    taken: dict[str | None, float] = {}
    used: set[int] = set()
    for p, g in kept:
        if g.country in taken and (p < 0.6 * taken[g.country] or (g.country is not None and d.candidate.type in RECIPROCAL)):
            continue
        # One phrase is not both sides of an act: the other side of a country is another phrase of it, or not named.
        free = [k for k, o in enumerate(g.options) if id(o.mention) not in used]
        if not free or (len(free) < len(g.options) and max(g.chances[k] for k in free) < 0.1):
            continue
        taken.setdefault(g.country, p)
        best = max(free, key=lambda k: g.chances[k])
        chosen = [g.options[best].mention]
        # A second phrase of the same country is a party of its own where it is as likely and of another sector.
        for k, o in enumerate(g.options):
            if k != best and k in free and o.back == 0 and g.chances[k] >= 0.5 and o.mention.sector not in [m.sector for m in chosen]:
                chosen.append(o.mention)
        used.update(id(m) for m in chosen)
        (d.recipients if g.role else d.actors).extend(chosen)
        d.why.append(f"{'recipient' if g.role else 'actor'} {chosen[0].text}, score {p:.2f}")
