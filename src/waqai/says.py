"""According to whom, and whether it happened: attributions, cues of status and light verbs, found in one pass a sentence.

`find` marks, for each sentence, where somebody is said to speak (verbs of saying with their subject, «بحسب …», unnamed
sources) and which words take an act out of the told-as-done (plans, conditions, denials, negation). What they mean for one
event is decided in ``what/``; here is only what stands in the text.
"""

from __future__ import annotations

import functools

import msgspec

from waqai import verbs, words
from waqai.speakers import Attribution, by_noun, by_verb, fill, same_gender
from waqai.text import Known, Phrases, fold, proclitics, tokens
from waqai.types import Mention, Sentence, SourceKind, Token
from waqai.words import Words

__all__ = ["Attribution", "CueHit", "LightHit", "Said", "Speech", "default"]

_PRONOUNS = ("هما", "هم", "ها", "هن", "نا", "ه")
_REACH = 14
_ORDER = {"phrase": 0, "verb": 1, "chain": 2, "noun": 3, "anonymous": 4}
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


class Said(msgspec.Struct):
    """What `find` saw in one sentence."""

    attributions: list[Attribution]
    """By place; one for each source named."""
    cues: list[CueHit]
    lights: list[LightHit]
    loose: list[CueHit] = []
    thread: Attribution | None = None
    """Who was speaking when the sentence began."""


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
        for noun in s.noun:
            forms.setdefault(fold(noun), []).append(Form("noun", s.kind))
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
        self._known: Known[tuple[Form, ...]] = Known(self._read)

    def _read(self, norm: str) -> tuple[Form, ...]:
        out: list[Form] = []
        for clitic, rest in proclitics(norm):
            if "ال" in clitic or clitic[-1:] in ("ب", "ك"):
                out.extend(f for f in self._forms.get(rest, ()) if f.role in ("loose", "noun") and f not in out)
                continue
            for form in (rest, *(rest[: -len(p)] for p in _PRONOUNS if rest.endswith(p) and len(rest) > len(p) + 2)):
                out.extend(f for f in self._forms.get(form, ()) if f not in out)
            if any(f.role not in ("loose", "noun") for f in out):
                break
        return tuple(out)

    def find(self, sentences: list[Sentence], mentions: list[list[Mention]]) -> list[Said]:
        """Return what is said in each sentence; `mentions` are the actor phrases by sentence."""
        out: list[Said] = []
        speakers: list[Attribution] = []
        for sentence, here in zip(sentences, mentions, strict=True):
            said = self._sentence(sentence, here)
            said.thread = speakers[-1] if speakers else None
            for a in said.attributions:
                if a.start is None and speakers:
                    verb = sentence.tokens[a.cue].norm
                    last = next((x for x in reversed(speakers[-3:]) if same_gender(verb, x)), speakers[-1])
                    a.start, a.end, a.text, a.source_kind, a.mention, a.carried = (
                        last.start, last.end, last.text, last.source_kind, last.mention, True,
                    )  # fmt: skip
                    speakers.append(last)
            said.attributions = _merged([a for a in said.attributions if a.start is not None])
            solid = [a for a in said.attributions if a.solid and not a.carried]
            if solid:
                speakers.extend(reversed(solid))
            out.append(said)
        return out

    def _sentence(self, sentence: Sentence, mentions: list[Mention]) -> Said:
        said = Said([], [], [], [])
        toks = sentence.tokens
        first_of = {m.first: m for m in sorted(mentions, key=lambda m: m.last) if m.form != "pronoun"}
        norms = [t.norm for t in toks]
        forms, begins = list(map(self._known.__getitem__, norms)), self._phrases.beginning(norms)
        for i, tok in enumerate(toks):
            if not (forms[i] or begins[i]) or tok.kind != "w":
                continue
            for hit in self._phrases.at(toks, i):
                self._phrase_hit(hit.value, sentence, i, hit.last, first_of, said)
            for form in forms[i]:
                if form.role == "say":
                    said.attributions.extend(by_verb(sentence, i, form.kind, first_of, mentions))
                elif form.role == "noun":
                    owner = by_noun(sentence, i, first_of)
                    if owner is not None:
                        said.attributions.append(owner)
                elif form.role == "cue":
                    following = toks[i + 1].norm if i + 1 < len(toks) else ""
                    if not form.needs or any(following.startswith(w) for w in form.needs.split()):
                        said.cues.append(CueHit(i, i + 1, form.kind, form.extra or "after", form.preps))
                    elif form.preps and _led(toks, i + 1, form.preps):
                        said.cues.append(CueHit(i, i + 1, form.kind, form.extra or "after", form.preps, True))
                elif form.role == "loose":
                    if _led(toks, i + 1, form.preps):
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
            if fill(a, sentence, last, p.extra, first_of):
                said.attributions.append(a)


def _led(toks: list[Token], at: int, preps: str) -> bool:
    """Whether one of the prepositions stands within reach of token `at`, as a word or as the letter of one."""
    wanted = preps.split()
    for tok in toks[at : at + _REACH]:
        w = tok.norm
        if w in ".؛؟!":
            return False
        if w in wanted or (len(w) > 3 and w[0] in wanted):
            return True
    return False


def _merged(found: list[Attribution]) -> list[Attribution]:
    """One attribution for each source named in a sentence: the cue that tells most, with the number of the others."""
    best: dict[tuple[int | None, bool], Attribution] = {}
    for a in found:
        key = (a.start, a.carried)
        old = best.get(key)
        if old is None:
            best[key] = a
            continue
        keep, drop = (old, a) if _ORDER[old.by] <= _ORDER[a.by] else (a, old)
        keep.votes = old.votes + 1
        keep.solid, keep.opens = keep.solid or drop.solid, keep.opens or drop.opens
        best[key] = keep
    return sorted(best.values(), key=lambda a: a.cue)


@functools.lru_cache(maxsize=1)
def default() -> Speech:
    """Return the package's own speech tables."""
    return Speech(words.cached("speech", Table, lambda: build(Words.load())))
