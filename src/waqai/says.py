"""According to whom, and whether it happened: attributions, cues of status and light verbs, found in one pass a sentence.

`find` marks, for each sentence, where somebody is said to speak (verbs of saying with their subject, «بحسب …», unnamed
sources) and which words take an act out of the told-as-done (plans, conditions, denials, negation). What they mean for one
event is decided in ``what/``; here is only what stands in the text.
"""

from __future__ import annotations

import functools

import msgspec

from waqai import verbs, words
from waqai.text import Phrases, proclitics, tokens
from waqai.types import Mention, Sentence, SourceKind, Token
from waqai.words import Words

__all__ = ["Attribution", "CueHit", "LightHit", "Said", "Speech", "default"]

_CACHE_LIMIT = 200_000
_PRONOUNS = ("هما", "هم", "ها", "هن", "نا", "ه")
_QUOTES = frozenset("\"«»“”")
_THAT = frozenset(("ان", "بان", "انه", "انها", "انهم", "بانه", "بانها", "بانهم", "انهما", "وان"))
_FILLERS = frozenset(("ايضا", "كذلك", "كما", "امس", "اليوم", "في", "من", "جانبه", "جهته", "جانبها", "،"))


_PREPOSITIONS = frozenset(("ب", "ل", "الي", "علي", "من", "عن", "في", "دون"))


class Form(msgspec.Struct, frozen=True, array_like=True):
    """A verb form that matters here. `role` "say" | "cue" | "light"; `kind` its class; `extra` scope, voice or prep."""

    role: str
    kind: str
    extra: str = ""
    needs: str = ""
    """Words of which one must follow, space between; empty for none."""
    preps: str = ""
    """Prepositions through which a cue takes an act, space between."""


class Phrase(msgspec.Struct, frozen=True, array_like=True):
    """A fixed phrase. `glue`: the letter that the next word must carry («وفقا ل»)."""

    text: str
    role: str
    kind: str
    extra: str = ""
    glue: str = ""
    preps: str = ""


class Table(msgspec.Struct, array_like=True):
    """The compiled saying.toml, stance.toml and light.toml."""

    forms: dict[str, list[Form]]
    phrases: list[Phrase]


class CueHit(msgspec.Struct, frozen=True):
    """A cue of status at tokens first:last. `scope` "after" | "clause".

    `preps` are the prepositions through which it takes an act («ب», "الي"; space between). `loose`: its preposition does not
    follow at once («دعوات … لإغلاق»), so it counts only for an act led by one of them.
    """

    first: int
    last: int
    kind: str
    scope: str
    preps: str = ""
    loose: bool = False


class LightHit(msgspec.Struct, frozen=True):
    """A light verb at a token: `voice` "active" | "passive" | "none"."""

    token: int
    voice: str


class Attribution(msgspec.Struct):
    """Somebody speaks in a sentence.

    `cue` is the token of the verb or phrase; `start`, `end`, `text` the source's words (offsets in the text), None where the
    subject is not named here (`carried`: taken from the sentence before). `by` "verb" | "phrase"; `kind` of the verb.
    `governs` is the first token of what is said; what stands before it is said too where `by` is "phrase".
    """

    sentence: int
    cue: int
    by: str
    kind: str
    governs: int
    start: int | None = None
    end: int | None = None
    text: str | None = None
    source_kind: SourceKind = "person"
    mention: Mention | None = None
    carried: bool = False


class Said(msgspec.Struct):
    """What `find` saw in one sentence."""

    attributions: list[Attribution]
    cues: list[CueHit]
    lights: list[LightHit]
    loose: list[CueHit] = []


def build(source: Words) -> Table:
    """Compile the entries (see `Table`)."""
    forms: dict[str, list[Form]] = {}
    phrases: list[Phrase] = []

    def put(root: str, pattern: str, value: Form, passive: bool) -> None:
        for form, slots in verbs.table(root, pattern).items():
            if any((s.person[0] == "3" or s.person == "1p") and s.tense != "imperative" for s in slots):
                if not passive and all(s.passive for s in slots):
                    continue
                have = forms.setdefault(form, [])
                if value not in have:
                    have.append(value)

    for s in source.sayings:
        put(s.root, s.pattern, Form("say", s.kind), True)
    for light in source.lights:
        prep = light.prep if isinstance(light.prep, str) else ""
        put(light.root, light.pattern, Form("light", light.voice, prep), True)
    for c in source.cues:
        preps = _preps(c.words)
        if c.root and c.pattern:
            # «حال دون», «كف عن»: where every wording has a second word, the verb alone is no cue.
            second = {t[1].norm for t in map(tokens, c.words) if len(t) > 1}
            needs = " ".join(sorted(second)) if c.words and all(len(tokens(w)) > 1 for w in c.words) else ""
            put(c.root, c.pattern, Form("cue", c.class_, c.scope, needs, preps), True)
        phrases.extend(msgspec.structs.replace(_phrase(w, "cue", c.class_, c.scope), preps=preps) for w in c.words)
        for head in {t[0].norm for t in map(tokens, c.words) if len(t) == 2 and t[1].norm in _PREPOSITIONS}:
            value = Form("loose", c.class_, c.scope, "", preps)
            have = forms.setdefault(head, [])
            if value not in have:
                have.append(value)
    for a in source.attributions:
        for p in [a.phrase] if isinstance(a.phrase, str) else a.phrase:
            phrases.append(_phrase(p, "attribution", a.kind or "", a.side))
    for x in source.anonymous:
        for p in [x.phrase] if isinstance(x.phrase, str) else x.phrase:
            phrases.append(_phrase(p, "anonymous", x.kind, ""))
    return Table(forms=forms, phrases=[p for p in phrases if p.text])


def _preps(phrases: list[str]) -> str:
    """The prepositions that end a cue's wordings."""
    return " ".join(sorted({t[-1].norm for t in map(tokens, phrases) if len(t) > 1 and t[-1].norm in _PREPOSITIONS}))


def _phrase(text: str, role: str, kind: str, extra: str) -> Phrase:
    toks = tokens(text)
    if len(toks) > 1 and toks[-1].norm in ("ل", "ب", "ك"):
        return Phrase(" ".join(t.norm for t in toks[:-1]), role, kind, extra, toks[-1].norm)
    if len(toks) == 1 and len(toks[0].norm) == 1:
        return Phrase("", role, kind, extra)  # the prefix «س» is read off the verb, not looked up
    return Phrase(text, role, kind, extra)


class Speech:
    """The compiled tables at run time; `find` is the one entry."""

    def __init__(self, table: Table) -> None:
        self._forms = table.forms
        self._phrases: Phrases[Phrase] = Phrases()
        for p in table.phrases:
            self._phrases.add(p.text, p)
        self._known: dict[str, tuple[Form, ...]] = {}

    def _read(self, norm: str) -> tuple[Form, ...]:
        known = self._known.get(norm)
        if known is not None:
            return known
        if len(self._known) > _CACHE_LIMIT:
            self._known.clear()
        out: list[Form] = []
        for clitic, rest in proclitics(norm):
            if "ال" in clitic or clitic[-1:] in ("ب", "ك"):
                out.extend(f for f in self._forms.get(rest, ()) if f.role == "loose" and f not in out)
                continue
            for form in (rest, *(rest[: -len(p)] for p in _PRONOUNS if rest.endswith(p) and len(rest) > len(p) + 2)):
                out.extend(f for f in self._forms.get(form, ()) if f not in out)
            if any(f.role != "loose" for f in out):
                break
        known = self._known[norm] = tuple(out)
        return known

    def find(self, sentences: list[Sentence], mentions: list[list[Mention]]) -> list[Said]:
        """Return what is said in each sentence; `mentions` are the actor phrases by sentence."""
        out: list[Said] = []
        last: Attribution | None = None
        for sentence, here in zip(sentences, mentions, strict=True):
            said = self._sentence(sentence, here)
            for a in said.attributions:
                if a.start is None and last is not None:
                    a.start, a.end, a.text, a.source_kind, a.mention, a.carried = (
                        last.start, last.end, last.text, last.source_kind, last.mention, True,
                    )  # fmt: skip
                elif a.start is not None:
                    last = a
            said.attributions = [a for a in said.attributions if a.start is not None]
            out.append(said)
        return out

    def _sentence(self, sentence: Sentence, mentions: list[Mention]) -> Said:
        said = Said([], [], [], [])
        toks = sentence.tokens
        first_of = {m.first: m for m in sorted(mentions, key=lambda m: m.last) if m.form != "pronoun"}
        for i, tok in enumerate(toks):
            if tok.kind != "w":
                continue
            for hit in self._phrases.at(toks, i):
                self._phrase_hit(hit.value, sentence, i, hit.last, first_of, said)
            for form in self._read(tok.norm):
                if form.role == "say":
                    said.attributions.extend(_by_verb(sentence, i, form.kind, first_of, mentions))
                elif form.role == "cue":
                    following = toks[i + 1].norm if i + 1 < len(toks) else ""
                    if not form.needs or any(following.startswith(w) for w in form.needs.split()):
                        said.cues.append(CueHit(i, i + 1, form.kind, form.extra or "after", form.preps))
                    elif form.preps:
                        said.loose.append(CueHit(i, i + 1, form.kind, form.extra or "after", form.preps, True))
                elif form.role == "loose":
                    said.loose.append(CueHit(i, i + 1, form.kind, form.extra or "after", form.preps, True))
                else:
                    said.lights.append(LightHit(i, form.kind))
        return said

    def _phrase_hit(
        self, p: Phrase, sentence: Sentence, i: int, last: int, first_of: dict[int, Mention], said: Said
    ) -> None:
        toks = sentence.tokens
        if p.glue and not (last < len(toks) and toks[last].norm.startswith(p.glue)):
            return
        if p.role == "cue":
            said.cues.append(CueHit(i, last, p.kind, p.extra or "after", p.preps))
        elif p.role == "anonymous":
            kind: SourceKind = "document" if p.kind == "document" else "outlet" if p.kind == "outlet" else "anonymous"
            # An unnamed source speaks where a verb of saying or «بحسب» stands beside it; alone it is only named.
            if not any(a.start == toks[i].start for a in said.attributions):
                said.attributions.append(
                    Attribution(sentence.index, i, "anonymous", kind, last, toks[i].start, toks[last - 1].end,
                                "", source_kind=kind)
                )  # fmt: skip
        else:
            a = Attribution(sentence.index, i, "phrase", p.kind or "say", last)
            if _fill(a, sentence, last, p.extra, first_of, self):
                said.attributions.append(a)


def _fill(
    a: Attribution, sentence: Sentence, last: int, side: str, first_of: dict[int, Mention], speech: Speech
) -> bool:
    toks = sentence.tokens
    if side == "none":
        return False
    steps = range(last, min(last + 4, len(toks))) if side == "after" else range(max(0, a.cue - 1), max(-1, a.cue - 12), -1)
    for j in steps:
        m = first_of.get(j)
        if m is not None and (side == "after" or m.last >= a.cue - 1):
            _take(a, m)
            return True
        if side == "after" and toks[j].norm in _QUOTES:
            break
    if side == "after" and last < len(toks) and toks[last].kind == "w":
        stop = _phrase_end(toks, last)
        a.start, a.end, a.source_kind = toks[last].start, toks[stop - 1].end, "document"
        return True
    return False


def _phrase_end(toks: list[Token], first: int) -> int:
    """The end of an unlisted source: at most five words, up to punctuation or a new clause."""
    stop = first + 1
    while stop < min(len(toks), first + 5) and toks[stop].kind == "w" and toks[stop].norm not in _THAT:
        stop += 1
    return stop


def _take(a: Attribution, m: Mention) -> None:
    a.mention, a.start, a.end, a.text = m, m.start, m.end, m.text
    a.source_kind = _kind_of(m)


def _kind_of(m: Mention) -> SourceKind:
    if m.sector == "JRN" and m.kind != "person":
        return "outlet"
    if m.kind == "person":
        return "person"
    return "anonymous" if m.head in ("مصدر", "مصادر", "شهود", "شاهد") else "organization"


def _by_verb(
    sentence: Sentence, i: int, kind: str, first_of: dict[int, Mention], mentions: list[Mention]
) -> list[Attribution]:
    """The attribution of a verb of saying: its subject after it, before it, or the speaker of the sentence before."""
    toks = sentence.tokens
    a = Attribution(sentence.index, i, "verb", kind, i + 1)
    j = i + 1
    while j < min(len(toks), i + 4):
        m = first_of.get(j)
        if m is not None:
            _take(a, m)
            a.governs = m.last
            return [a, *_chain(sentence, a, m.last, first_of)]
        if toks[j].norm in _THAT or toks[j].norm in _QUOTES or toks[j].norm == ":":
            break
        if toks[j].norm not in _FILLERS and toks[j].kind == "w" and j > i + 1:
            break
        j += 1
    before = [m for m in mentions if m.last <= i and m.last >= i - 3 and m.form != "pronoun"]
    if before and not any(t.norm in "،.:" for t in toks[before[-1].last : i]):
        _take(a, before[-1])
        return [a]
    subject = toks[i + 1] if i + 1 < len(toks) else None
    if subject is not None and subject.kind == "w" and subject.norm not in _THAT and subject.norm not in _FILLERS:
        stop = _phrase_end(toks, i + 1)
        a.start, a.end, a.governs = toks[i + 1].start, toks[stop - 1].end, stop
        a.source_kind = "person"
    return [a]


def _chain(sentence: Sentence, a: Attribution, last: int, first_of: dict[int, Mention]) -> list[Attribution]:
    """«نقلت رويترز عن المتحدث»: the second source is the one who says it."""
    toks = sentence.tokens
    for j in range(last, min(len(toks) - 1, last + 8)):
        if toks[j].norm == "عن" and j + 1 in first_of:
            b = Attribution(sentence.index, a.cue, "chain", a.kind, first_of[j + 1].last)
            _take(b, first_of[j + 1])
            return [b]
        if toks[j].norm in _THAT:
            break
    return []


@functools.lru_cache(maxsize=1)
def default() -> Speech:
    """Return the package's own speech tables."""
    return Speech(words.cached("speech", Table, lambda: build(Words.load())))


def text_of(a: Attribution, document_text: str) -> str:
    """Return the source's words as they stand in the text."""
    return document_text[a.start : a.end] if a.start is not None else ""


