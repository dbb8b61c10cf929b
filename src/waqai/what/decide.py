"""From candidates to events: the one place where rules and learned scores meet.

The table of precedence, in the order in which it is applied:

====================  =============================================================================================
question              who decides
====================  =============================================================================================
is it an act, which   scorer over lexicon readings (stage 1), then over the whole sentence (stage 2); an entry's
                      `not_with` forbids a reading outright, one type a token, the best above its threshold
when                  scorer over the dates that stand near, publication and "none"
status                scorer over cues of stance; a negation or a plan right before the word is its strongest input
according to whom     scorer over the attributions in reach, "none" where none passes
to whom               scorer over actor phrases, summed over a country's phrases
how (mode)            scorer over the type's modes with the entry's own mode as input
record                the entry's, else the type's default, else what its lexeme had in training
====================  =============================================================================================
"""

from __future__ import annotations

from bisect import bisect_left
from operator import attrgetter

import msgspec
import numpy as np
from numpy.typing import NDArray

from waqai.says import Attribution, Said
from waqai.types import Mention, Sentence, Time
from waqai.what import bags as bags_of
from waqai.what import dates as D
from waqai.what import features as F
from waqai.what import links as L
from waqai.what import roles as R
from waqai.what import sources as S
from waqai.what.candidates import Candidate, ConditionTable, find_candidates
from waqai.what.model import Model
from waqai.what.second import second_rows
from waqai.what.triggers import Triggers

__all__ = ["Draft", "Reader", "Reading"]

MODES = {
    "CONSULT": ["visit", "third-party", "multilateral", "phone"],
    "RETREAT": ["withdraw", "release", "disarm", "ceasefire", "access", "resign"],
    "REQUEST": ["assist", "change", "yield", "meet"],
    "ACCUSE": ["disapprove", "investigate", "allege"],
    "REJECT": ["assist", "change", "yield", "meet"],
    "THREATEN": ["restrict", "arrest", "relations", "expel", "territory", "violence"],
    "PROTEST": ["demo", "riot", "strike", "hunger", "boycott", "obstruct", "vandalize"],
    "SANCTION": ["convict", "expel", "withdraw", "discontinue"],
    "MOBILIZE": ["troops", "weapons", "police", "militia"],
    "COERCE": [
        "seize", "restrict", "censor", "curfew", "martial-law", "arrest", "deport", "withhold", "misinformation", "cyber",
    ],
    "ASSAULT": [
        "abduct", "beat", "torture", "sexual", "targeted", "destroy", "primitive", "firearms", "explosives", "suicide-attack",
        "aerial", "drone", "heavy-weapons", "crowd-control", "unconventional",
    ],
}  # fmt: skip
_TIES = ("علاق", "سفار", "سفير", "سفرا", "دبلوماس", "قنصلي")
_NEAR = 80
"""How many events on either side, and how many sentences before, tell a date."""
_SENTENCE = attrgetter("sentence")
_HOPELESS = 0.05
"""The stage-1 score below which a candidate is not scored again: of 5,247 events of 546 articles, read without it, none had less than 0.126."""
_AT_ONCE = 200
"""Events whose parties are looked for together: each has rows for some ten phrases."""
ACT = 0.3
"""The prior from which a trigger entry's reading counts as an act where the cues of status look for one."""
STATEMENTS = frozenset(("ACCUSE", "REQUEST", "REJECT", "THREATEN"))


class Reading(msgspec.Struct):
    """One document prepared for coding: what the stages before have found, by sentence."""

    sentences: list[Sentence]
    mentions: list[list[Mention]]
    times: list[Time]
    dated: list[D.Dated]
    said: list[Said]
    country: str | None
    published: str | None
    scene: F.Scene
    roles: R.RoleScene
    _words: dict[int, bags_of.Coded] = {}

    def words(self, number: int) -> bags_of.Coded:
        """Return the words of sentence `number` as the linear scorers' sets take them; kept."""
        have = self._words.get(number)
        if have is None:
            have = self._words[number] = bags_of.coded(self.sentences[number], self.scene.stems[number])
        return have


class Draft(msgspec.Struct):
    """An event being decided."""

    sentence: int
    candidate: Candidate
    score: float
    actors: list[Mention] = []
    recipients: list[Mention] = []
    date: str | None = None
    date_end: str | None = None
    date_basis: str = "none"
    time: int | None = None
    status: str = "actual"
    source: Attribution | None = None
    mode: list[str] = []
    record: str | None = None
    why: list[str] = []


class Reader:
    """The coder: triggers and a model, applied to prepared documents."""

    def __init__(self, triggers: Triggers, model: Model) -> None:
        self.triggers = triggers
        self.model = model
        self.conditions = ConditionTable(triggers.entries)

    # --- preparing ------------------------------------------------------------------------------------------------

    def prepare(
        self, sentences: list[Sentence], mentions: list[list[Mention]], times: list[Time],
        dates: list[tuple[str | None, str | None]], said: list[Said], country: str | None, published: str | None,
        stems: dict[str, dict[str, float]] | None = None,
    ) -> Reading:
        """Collect a document's findings; `dates` are the event dates of `times` (when.event_date)."""
        known = self.model.stems if stems is None else stems
        by_sentence: list[list[Time]] = [[] for _ in sentences]
        dated: list[D.Dated] = []
        at = 0
        for index, (t, (date, date_end)) in enumerate(zip(times, dates, strict=True)):
            while at < len(sentences) and sentences[at].end <= t.start:
                at += 1
            if at == len(sentences):
                break
            if sentences[at].start > t.start:
                continue
            by_sentence[at].append(t)
            token = next((i for i, k in enumerate(sentences[at].tokens) if k.end > t.start), 0)
            dated.append(D.Dated(index, t, date, date_end, at, token))
        candidates = [find_candidates(s, self.triggers, self.conditions, known) for s in sentences]
        scene = F.Scene(sentences, [F.stems_of(s) for s in sentences], candidates, mentions, by_sentence, said)
        return Reading(
            sentences, mentions, times, dated, said, country, published, scene, R.scene(sentences, mentions, said, country)
        )

    # --- deciding -------------------------------------------------------------------------------------------------

    def code(self, reading: Reading, minimum: float | None = None) -> list[Draft]:
        """Return the events of a document in text order. `minimum` replaces the thresholds (0..1, stage-2 score)."""
        drafts = self.detect(reading, minimum)
        self.complete(reading, drafts)
        return drafts

    def complete(self, reading: Reading, drafts: list[Draft]) -> None:
        """Decide everything about drafts but whether they are events."""
        self.date(reading, drafts)
        self.status(reading, drafts)
        self.attribute(reading, drafts)
        self.parties(reading, drafts)
        self.modes(reading, drafts)
        for d in drafts:
            d.record = self.record(d, reading.sentences[d.sentence])

    def detect(self, reading: Reading, minimum: float | None = None) -> list[Draft]:
        """Choose the acts: at most one type a token."""
        table, cands, where = F.rows(reading.scene, self.model.shares, self.model.meaning)
        if not cands:
            return []
        first = self.model.trees["detect1"].probability(table)
        # Stage 2 raises few candidates that stage 1 gave next to nothing; those are neighbours of the others, and no more.
        keep = np.flatnonzero(first >= min(_HOPELESS, minimum if minimum is not None else 1.0))
        if not len(keep):
            return []
        second = second_rows(table, first, cands, where, reading.sentences, keep)
        score = self.model.trees["detect2"].probability(second)
        kept = keep.tolist()
        cands, where = [cands[j] for j in kept], [where[j] for j in kept]
        return self.pick(score, cands, where, minimum)

    def pick(
        self, score: NDArray[np.float64], cands: list[Candidate], where: list[int], minimum: float | None = None
    ) -> list[Draft]:
        """Take the best type of each token where it passes its threshold."""
        best: dict[tuple[int, int], tuple[float, Candidate]] = {}
        general = self.model.settings["detect"]
        for p, c, w in zip(score.tolist(), cands, where, strict=True):
            needed = minimum if minimum is not None else self.model.settings.get(f"detect/{c.type}", general)
            if p >= needed and ((w, c.token) not in best or p > best[w, c.token][0]):
                best[w, c.token] = (p, c)
        return [Draft(w, c, p) for (w, _), (p, c) in sorted(best.items())]

    def date(self, reading: Reading, drafts: list[Draft]) -> None:
        """Choose each event's date: first alone, then again knowing what the others got."""
        if not drafts:
            return
        events = [(d.sentence, d.candidate) for d in drafts]
        opts = [self.date_options(reading, number, c) for number, c in events]
        bags, pairs = self.date_bags(reading, events, opts)
        told_of, own = self.model.linear["date"].score(bags), self.model.linear["dated"].score([x for row in pairs for x in row])[:, 0]
        ends = np.cumsum([len(found) for found in opts])[:-1]
        for found, x, y in zip(opts, told_of, np.split(own, ends), strict=True):
            D.with_words(found, x, y, reading.published)
        first = self.model.trees["date"].probability(np.array([o.row for found in opts for o in found], dtype=np.float32))
        told = [
            D.first_pass(c, number, F.lexeme(c), found, p) for (number, c), found, p in zip(events, opts, np.split(first, ends), strict=True)
        ]
        # The article's other events, but of a very long one only those near: the cost stays linear.
        rows = [
            row
            for i, (found, p) in enumerate(zip(opts, np.split(first, ends), strict=True))
            for row in self.date_rows(found, p, events[i], told[i], told[max(0, i - _NEAR) : i + _NEAR])
        ]
        final = self.model.trees["date2"].probability(np.array(rows, dtype=np.float32))
        for d, found, p in zip(drafts, opts, np.split(final, ends), strict=True):
            o = D.best(found, p)
            d.date, d.date_end, d.date_basis, d.time = o.date, o.date_end, o.basis, o.time
            d.why.append(f"date {o.date} by {o.basis}, score {max(p):.2f}")

    @staticmethod
    def date_bags(
        reading: Reading, events: list[tuple[int, Candidate]], opts: list[list[D.DateOption]]
    ) -> tuple[list[set[int]], list[list[set[int]]]]:
        """Return the events' sets of words, and those of their date options, for the linear scorers."""
        bags, pairs = [], []
        for (number, c), found in zip(events, opts, strict=True):
            words = reading.words(number)
            bags.append(bags_of.event(c, number, len(reading.sentences), reading.words))
            pairs.append([
                bags_of.dated(c, reading.sentences[number], words, o.basis, o.date, None if o.time is None else reading.times[o.time])
                for o in found
            ])  # fmt: skip
        return bags, pairs

    @staticmethod
    def date_rows(
        found: list[D.DateOption], p: NDArray[np.float64], event: tuple[int, Candidate], own: D.Told, told: list[D.Told]
    ) -> list[list[float]]:
        """Return the second-pass rows of an event's date options."""
        others = D.beside(event[1], event[0], own.lexeme, told)
        return [[*o.row, x, *own.bases, *D.coherence(others, o.date)] for o, x in zip(found, p.tolist(), strict=True)]

    def date_options(
        self, reading: Reading, number: int, c: Candidate, out: dict[str, list[int]] | None = None
    ) -> list[D.DateOption]:
        """Return the date options with what such words had in training as input; `out` as in `Shares.share`."""
        keys = self.status_keys(reading, number, c)
        shares = [self.model.date_shares.share(k, kind, 5.0, out) for k in keys for kind in (0, 1)]
        acts = [x.token for x in reading.scene.candidates[number] if x.prior >= 0.5 and x.token != c.token]
        times = reading.dated
        if len(times) > _NEAR:
            # Of a very long article the opening and what stands near: the cost stays linear.
            low, high = (bisect_left(times, number + k, key=_SENTENCE) for k in (-_NEAR, 5))
            times = [*times[: min(low, bisect_left(times, 2, key=_SENTENCE))], *times[low:high]]
        return D.date_options(c, number, reading.sentences, reading.said, times, reading.published, shares, acts, reading.scene.stems)

    def status_keys(self, reading: Reading, number: int, c: Candidate) -> list[str]:
        """Return the keys whose shares of each status are learnt."""
        toks = reading.sentences[number].tokens
        stems = reading.scene.stems[number]
        i = c.token
        return [
            "p" + (toks[i - 1].norm if i else "#"),
            "q" + (toks[i - 2].norm if i > 1 else "#") + " " + (toks[i - 1].norm if i else "#"),
            "n" + (stems[c.last] if c.last < len(stems) else "#"),
            "l" + F.lexeme(c),
            "t" + c.type,
        ]

    def status_row(
        self, reading: Reading, number: int, c: Candidate, date: str | None, out: dict[str, list[int]] | None = None
    ) -> list[float]:
        """Return the status row of a candidate."""
        acts = [k.token for k in reading.scene.candidates[number] if k.prior > ACT]
        return L.status_row(
            c, reading.sentences[number], reading.said[number], self.model.status_shares, self.status_keys(reading, number, c), out,
            date, reading.published, acts,
        )  # fmt: skip

    def status(self, reading: Reading, drafts: list[Draft]) -> None:
        """Choose each event's status."""
        if not drafts:
            return
        rows = [self.status_row(reading, d.sentence, d.candidate, d.date) for d in drafts]
        score = self.model.trees["status"].probability(np.array(rows, dtype=np.float32))
        for d, p in zip(drafts, score, strict=True):
            marked = 1.0 - float(p[0])
            k = int(p[1:].argmax()) + 1 if marked >= self.model.settings["status"] else 0
            d.status = L.STATUSES[k]
            if k:
                d.why.append(f"status {d.status}, score {float(p[k]):.2f}")

    def attribute(self, reading: Reading, drafts: list[Draft]) -> None:
        """Choose each event's source, or none: first each attribution alone, then the best against none."""
        found = [
            S.options(d.candidate, d.sentence, reading.sentences, reading.said, self.model.source_shares) for d in drafts
        ]
        rows = [o.row for opts in found for o in opts]
        if not rows:
            return
        score = self.model.trees["source"].probability(np.array(rows, dtype=np.float32))
        parts = np.split(score, np.cumsum([len(opts) for opts in found])[:-1])
        places = [S.Place(d.sentence, d.candidate) for d in drafts]
        second = np.array(S.second_rows(places, found, parts, reading.sentences), dtype=np.float32)
        # The best option is taken where it is likelier right than the event is likely to have no source at all.
        right = self.model.trees["source2"].probability(second)
        none = 1.0 - self.model.trees["sourced"].probability(second)
        for d, opts, p, yes, no in zip(drafts, found, parts, right.tolist(), none.tolist(), strict=True):
            if opts and yes - no >= self.model.settings["source"]:
                d.source = opts[int(p.argmax())].attribution
                d.why.append(f"source by {d.source.by} of {d.source.kind}, score {yes:.2f}")

    def parties(self, reading: Reading, drafts: list[Draft]) -> None:
        """Choose actors and recipients: phrases of one country speak for it together."""
        for at in range(0, len(drafts), _AT_ONCE):
            self._parties(reading, drafts[at : at + _AT_ONCE])

    @staticmethod
    def role_bags(reading: Reading, number: int, c: Candidate, opts: list[R.Option]) -> list[set[int]]:
        """Return the sets of words of an event with each phrase, for the linear scorer."""
        words, lexeme = reading.words(number), F.lexeme(c)
        return [bags_of.party(c, lexeme, o.mention, o.back, words) for o in opts]

    def _parties(self, reading: Reading, drafts: list[Draft]) -> None:
        rows: list[list[float]] = []
        spans: list[tuple[int, list[R.Option]]] = []
        for d in drafts:
            opts = R.options(reading.roles, d.sentence, d.candidate, self.model.role_shares, F.lexeme(d.candidate))
            spans.append((len(rows), opts))
            rows.extend(o.row for o in opts)
        if not rows:
            return
        bags = [x for d, (_, opts) in zip(drafts, spans, strict=True) for x in self.role_bags(reading, d.sentence, d.candidate, opts)]
        linear = self.model.linear["role"].score(bags)
        score = self.model.trees["role"].probability(np.hstack([np.array(rows, dtype=np.float32), linear]))
        second: list[list[float]] = []
        groups: list[list[R.Group]] = []
        for d, (at, opts) in zip(drafts, spans, strict=True):
            found = R.groups(opts, score[at : at + len(opts)], d.candidate)
            groups.append(found)
        seats = [R.Seat(d.sentence, d.candidate.token, d.candidate.type, F.lexeme(d.candidate)) for d in drafts]
        for found, extra in zip(groups, R.echoes(seats, groups), strict=True):
            second.extend(g.row + e for g, e in zip(found, extra, strict=True))
        final = self.model.trees["party"].probability(np.array(second, dtype=np.float32)) if second else np.zeros(0)
        at = 0
        for d, found in zip(drafts, groups, strict=True):
            R.assign(d, found, final[at : at + len(found)], self.model.settings["party"])
            at += len(found)

    def mode_keys(self, reading: Reading, number: int, c: Candidate) -> tuple[list[str], list[str]]:
        """Return the keys of the trigger itself, and of the words around it, whose shares of modes are learnt."""
        stems = reading.scene.stems[number]
        i = c.token
        own = ["l" + F.lexeme(c), "s" + stems[i], "b" + stems[i] + " " + (stems[c.last] if c.last < len(stems) else "#")]
        window = stems[max(0, i - 8) : i] + stems[c.last : c.last + 10]
        return own, [f"{c.type} {s}" for s in window if len(s) > 2]

    def modes(self, reading: Reading, drafts: list[Draft]) -> None:
        """Choose each event's mode among its type's, or none."""
        rows: list[list[float]] = []
        spans: list[tuple[int, list[str]]] = []
        for d in drafts:
            modes = MODES.get(d.candidate.type, [])
            keys, bag = self.mode_keys(reading, d.sentence, d.candidate)
            spans.append((len(rows), modes))
            rows.extend(L.mode_rows(d.candidate, modes, self.model.mode_shares, keys, bag, self.model.mode_index, None))
        if not rows:
            return
        score = self.model.trees["mode"].probability(np.array(rows, dtype=np.float32))
        for d, (at, modes) in zip(drafts, spans, strict=True):
            if modes:
                part = score[at : at + len(modes)]
                k = int(part.argmax())
                if part[k] >= self.model.settings["mode"]:
                    d.mode = [modes[k]]
                    d.why.append(f"mode {modes[k]}, score {float(part[k]):.2f}")

    def record(self, d: Draft, sentence: Sentence) -> str | None:
        """Return the register an event belongs to."""
        c = d.candidate
        entry = c.entry.record if c.entry is not None else None
        if entry == "none":
            return None
        if c.type in STATEMENTS:
            return "statement"
        counts = self.model.records.get(f"{c.type} {F.lexeme(c)}")
        if counts is not None:
            top = max(counts, key=lambda k: counts[k])
            if counts[top] / sum(counts.values()) >= 0.7:
                return None if top == "-" else top
            # A word that cuts or restores now this, now that: relations where they stand beside it.
            around = sentence.tokens[max(0, c.token - 8) : c.last + 8]
            if "relation" in counts and any(t.norm.lstrip("وبل").removeprefix("ال").startswith(_TIES) for t in around):
                return "relation"
        if entry is not None or (c.entry is not None and c.type != "CONSULT"):
            return entry
        if c.entry is not None:
            return "visit" if "visit" in d.mode else "meeting"
        fallback = self.model.records.get(c.type, {"-": 1})
        top = max(fallback, key=lambda k: fallback[k])
        return None if top == "-" else top
