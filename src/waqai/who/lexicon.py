"""The matching index of the actor words: names in one phrase table, nouns by word type.

`build` is a pure function of the words. Analyses of a word type are made at its first sight and kept, so that the cost of a
token is one dictionary look-up (Note [Word types]).

Note [Word types]
-----------------
A word type's analysis (`Word`) holds what does not depend on context: the agent nouns it may be, with the proclitics and
pronouns read off; its adjective reading; closed classes; and whether a name may start there. A news article has some 150
types, and nearly all have been met after a few dozen articles.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from waqai import words as wordfiles
from waqai.text import Phrases, fold, proclitics, tokens
from waqai.types import EntityKind
from waqai.who.forms import SUFFIXES, NounForm, adjective_forms, demonym_forms, noun_forms, phrase_forms
from waqai.words import Agent, Org, Person, State, Words

__all__ = ["Item", "Lexicon", "Noun", "Reading", "Word", "build"]


class Item(NamedTuple):
    """A name or fixed phrase of the lexicon. `cls`: state, capital, metonym, city, demonym, org, person, title, agent."""

    cls: str
    name: str
    country: str | None = None
    sector: str | None = None
    ref: str | None = None
    kind: EntityKind = "organization"
    number: str | None = None
    gender: str | None = None
    definite: bool = True
    loaded: bool = False
    absolute: bool = False
    noun: Noun | None = None


class Noun(NamedTuple):
    """An agent noun of agents.toml with its grammar classes."""

    lemma: str
    sector: str | None
    kind: EntityKind
    foreign: bool
    country: str | None
    transparent: bool
    force: bool
    ministry: bool
    near: str | None = None


class Reading(NamedTuple):
    """One way to read a word as an agent noun. `strip`: code points of the folded word that are proclitics."""

    noun: Noun
    number: str
    gender: str
    state: str
    definite: bool
    suffix: str
    clitic: str
    strip: int


class Adjective(NamedTuple):
    """An adjective reading: of a modifier class, or a plain one. `lemma` is the masculine singular."""

    sector: str | None
    country: str | None
    strong: bool
    definite: bool
    number: str
    gender: str
    lemma: str


class Word(NamedTuple):
    """What a word type may be, context aside."""

    nouns: tuple[Reading, ...]
    adjective: Adjective | None
    closed: frozenset[str]
    starts: bool


_OWN_SECTOR = frozenset(("PTY", "BUS", "JRN", "EDU", "SOC"))
"""Sectors that a noun of several words keeps, whatever it belongs to: «مدير حملة الرئيس»."""
_PAIRED = frozenset(("والد", "نظير", "ولد", "نجل"))
NOTHING = Word((), None, frozenset(), False)


class Lexicon:
    """The index. Make it with `build`; read it with `word` and `names`."""

    def __init__(self) -> None:
        self.names: Phrases[Item] = Phrases()
        self.nouns: dict[str, list[tuple[Noun, Any]]] = {}
        self.adjectives: dict[str, tuple[str | None, str | None, bool, str, str, str]] = {}
        self.closed: dict[str, set[str]] = {}
        self.people: dict[str, Person] = {}
        self.orgs: dict[str, Org] = {}
        self.states: dict[str, State] = {}
        self.international: tuple[str, ...] = ()
        self.outlets: dict[str, str | None] = {}
        self.clear_cut: set[str] = set()
        self.not_nouns: set[str] = set()
        self.not_before: dict[str, frozenset[str]] = {}
        self.unclear: set[str] = set()
        self.not_names: frozenset[str] = frozenset()
        self.doubtful: set[str] = set()
        self.waters: frozenset[str] = frozenset()
        self.pacts: frozenset[str] = frozenset()
        self.homonyms: dict[str, str] = {}
        self.homonym_cues: dict[str, dict[str, str]] = {}
        self.not_there: dict[str, tuple[frozenset[str], frozenset[str]]] = {}
        self.name_first: frozenset[str] = frozenset()
        self.demonyms: dict[str, str] = {}
        self.default_country: dict[str, str] = {}
        self.fallback_country: dict[str, str] = {}
        self.closed_strip: dict[str, int] = {}
        self.transnational: dict[tuple[str, str], str] = {}
        self.foreign: frozenset[str] = frozenset()
        self.force: frozenset[str] = frozenset()
        self.strikes: frozenset[str] = frozenset()
        self.known: dict[str, Word] = {}

    def word(self, norm: str) -> Word:
        """Return the analysis of a folded word (see Note [Word types])."""
        got = self.known.get(norm)
        if got is None:
            if len(self.known) > 60_000:
                self.known.clear()
            got = self.known[norm] = self._analyse(norm)
        return got

    def starts_name(self, norm: str) -> bool:
        """Whether a name or fixed phrase starts with exactly this folded word."""
        return norm in self.names

    def _analyse(self, norm: str) -> Word:
        nouns = tuple(self._noun_readings(norm))
        starts = any(self.starts_name(rest) for clitic, rest in proclitics(norm) if not clitic.endswith("ال"))
        adjective = self._adjective(norm)
        closed = frozenset(self.closed.get(norm, ()))
        if not nouns and adjective is None and not closed and not starts:
            return NOTHING
        return Word(nouns, adjective, closed, starts)

    def _noun_readings(self, norm: str) -> list[Reading]:
        out: list[Reading] = []
        for clitic, rest in proclitics(norm):
            if clitic.endswith("س") or clitic.endswith("ك"):
                continue
            definite = "ال" in clitic or clitic.endswith("لل")
            strip = _strip(norm, clitic)
            for noun, form in self.nouns.get(rest, ()):
                if not (definite and form.state == "construct"):
                    known = definite or rest.startswith("ال")
                    out.append(Reading(noun, form.number, form.gender, form.state, known, "", clitic, strip))
            if not definite and not out:
                out.extend(self._with_pronoun(rest, clitic, strip))
        if any(r.gender == "f" and r.number == "s" and r.noun.lemma.endswith(("ي", "يون")) for r in out):
            # «عسكرية» is an adjective far more often than a woman soldier
            out = [r for r in out if not (r.gender == "f" and r.number == "s" and not r.suffix)]
        out.sort(key=lambda r: (len(r.clitic.replace("ال", "")), bool(r.suffix), r.state == "construct"))
        return out

    def _with_pronoun(self, rest: str, clitic: str, strip: int) -> list[Reading]:
        for suffix in SUFFIXES:
            stem = rest[: -len(suffix)]
            if len(stem) < 3 or not rest.endswith(suffix):
                continue
            options = [stem[:-1] + "ه"] if stem.endswith("ت") else []
            options += [stem, stem[:-1] + "ء" if stem.endswith(("و", "ي")) else stem]
            for option in dict.fromkeys(options):
                known = self.nouns.get(option, ())
                got = [(n, f) for n, f in known if f.state != "absolute" and (f.text.endswith("ه") == option.endswith("ه"))]
                if option == stem and stem.endswith("ه"):
                    got = []
                if stem.endswith("ي") and suffix == "ه":
                    # «مسؤوليه» is "his officials", but «عسكرية», «رئيسية» and the like are adjectives
                    got = [(n, f) for n, f in got if f.state == "construct" and (f.number == "p" or n.lemma in _PAIRED)]
                if got:
                    return [Reading(n, f.number, f.gender, f.state, True, suffix, clitic, strip) for n, f in got]
        return []

    def _adjective(self, norm: str) -> Adjective | None:
        for prefix, definite in (("ال", True), ("", False), ("وال", True)):
            if norm.startswith(prefix):
                got = self.adjectives.get(norm[len(prefix) :])
                if got is not None:
                    sector, country, strong, number, gender, lemma = got
                    return Adjective(sector, country, strong, definite, number, gender, lemma)
        return None


def _strip(norm: str, clitic: str) -> int:
    """How many letters of the word are proclitics to leave out of a phrase; «لل…» stays whole."""
    n = len(clitic)
    if clitic.endswith("لل") or (clitic.endswith("ل") and not clitic.endswith("ال") and norm[n - 1 : n + 1] == "لل"):
        return len(clitic.rstrip("ل"))
    return len(clitic[:-2]) if clitic.endswith("ال") else len(clitic)


def build(words: Words) -> Lexicon:
    """Build the index from the actor words and agent nouns; closed classes come from ``phrases.toml``."""
    lexicon = Lexicon()
    data = wordfiles.raw("phrases.toml")
    _closed(lexicon, data)
    transparent, force = _folds(data["transparent"]["words"]), _folds(data["transparent"]["force"])
    ministry = _folds(data["ministry"]["words"])
    lexicon.force = frozenset(force)
    for state in words.states:
        for d in state.demonym:
            for f in demonym_forms(d)[:2]:
                lexicon.demonyms.setdefault(f.text, state.code)
    lexicon.unclear = {lexicon.demonyms[w] for w in lexicon.demonyms if "ambiguous_demonym" in lexicon.closed.get(w, ())}
    extra = [Agent(at="phrases.toml", **block) for block in data["noun"]]
    for agent in [*words.agents, *extra]:
        _agent(lexicon, agent, transparent, force, ministry)
    for state in words.states:
        _state_names(lexicon, state)
    for state in words.states:
        _demonyms(lexicon, state)
    for org in words.orgs:
        _org(lexicon, org)
    for person in words.people:
        _person(lexicon, person)
    _doubtful(lexicon, words)
    return lexicon


def _doubtful(lexicon: Lexicon, words: Words) -> None:
    """Note the names that a trap shows as another word: they count only where the document backs them (`find`).

    A state's own names are left out: a single one in a text is enough («أعلنت قطر»); `not_there` is for those.
    """
    entries: list[State | Org | Person] = [*words.states, *words.orgs, *words.people]
    for entry in entries:
        if isinstance(entry, State):
            names = [*entry.also, *entry.capital, *entry.metonym, *entry.city, *entry.loaded]
            names += [f.text for d in entry.demonym for f in demonym_forms(d)]
            names += ["ال" + n for n in names if not n.startswith("ال")]
        else:
            names = [entry.name, *entry.also, *entry.loaded]
        for trap in entry.trap:
            held = {rest for t in tokens(trap.text) for _, rest in proclitics(t.norm)}
            joined = f" {fold(trap.text)} "
            names = [n for n in map(fold, names) if n not in lexicon.homonyms and "ambiguous_state" not in lexicon.closed.get(n, ())]
            lexicon.doubtful.update(n for n in names if n in held or (" " in n and f" {n} " in joined))


def _folds(values: list[str]) -> set[str]:
    return {fold(v) for v in values}


def _mark(lexicon: Lexicon, word: str, name: str) -> None:
    lexicon.closed.setdefault(word, set()).add(name)


def _closed(lexicon: Lexicon, data: dict[str, Any]) -> None:
    for table in ("quantifier", "anaphor", "pronoun"):
        for name, values in data[table].items():
            for v in values:
                _mark(lexicon, fold(v), f"{table}.{name}")
                if table == "quantifier" and len(v) > 2:
                    _with_clitics(lexicon, fold(v), name)
                elif table == "anaphor":
                    for prefix in ("و", "ف", "ل", "ب", "ول", "وب"):
                        _mark(lexicon, prefix + fold(v), f"{table}.{name}")
                        lexicon.closed_strip.setdefault(prefix + fold(v), len(prefix))
    for table in ("stop", "ministry_short", "function", "ambiguous_demonym", "ambiguous_state", "everywhere"):
        for v in data[table]["words"]:
            _mark(lexicon, fold(v), table)
    for block in data["not_there"]:
        sides = frozenset(_folds(block.get("before", []))), frozenset(_folds(block.get("after", [])))
        for w in _folds(block["words"]):
            lexicon.not_there[w] = sides
    for block in data["homonym"]:
        cues = {fold(cue): code for code, words in block["cues"].items() for cue in words}
        lexicon.homonyms.update((fold(w), block["default"]) for w in block["words"])
        lexicon.homonym_cues.update(
            (fold(w), {**dict.fromkeys(set(block["cues"]) - set(block.get("by_cue", [])), ""), **cues}) for w in block["words"]
        )
    lexicon.waters, lexicon.pacts = frozenset(_folds(data["named_for"]["waters"])), frozenset(_folds(data["named_for"]["pacts"]))
    lexicon.international = tuple(fold(v) for v in data["outlet"]["international"])
    lexicon.not_names = frozenset(_folds(data["not_name"]["words"]))
    lexicon.name_first = frozenset(_folds(data["name_first"]["words"]))
    lexicon.not_nouns = _folds(data["not_noun"]["words"])
    for block in data["not_before"]:
        lexicon.not_before.update(dict.fromkeys(_folds(block["words"]), frozenset(_folds(block["after"]))))
    lexicon.strikes = frozenset(_folds(data["strike"]["words"]))
    lexicon.foreign = frozenset(_folds(data["foreign_adjective"]["words"]))
    for block in data["noun_country"]:
        countries = lexicon.default_country if block.get("always") else lexicon.fallback_country
        for v in block["words"]:
            countries[_bare(fold(v))] = block["country"]
    for block in data["transnational"]:
        for head in block["head"]:
            for adjective in block["adjective"]:
                lexicon.transnational[fold(head), fold(adjective)] = block["country"]
    _adjectives(lexicon, data)
    _fixed_names(lexicon, data)


def _bare(phrase: str) -> str:
    """A folded phrase without the article of any of its words."""
    return " ".join(w[2:] if w.startswith("ال") and len(w) > 4 else w for w in phrase.split())


def _with_clitics(lexicon: Lexicon, word: str, name: str) -> None:
    """A quantifier with what may be written before it: «وعشرات»، «بثلاثة»، «الثلاثة»."""
    for prefix in ("و", "ب", "ل", "ف"):
        _mark(lexicon, prefix + word, f"quantifier.{name}")
        lexicon.closed_strip.setdefault(prefix + word, 1)
    if name == "number":
        for prefix in ("ال", "وال", "بال", "لل"):
            _mark(lexicon, prefix + word, f"quantifier.{name}")
            lexicon.closed_strip.setdefault(prefix + word, 1 if prefix in ("وال", "بال") else 0)


def _adjectives(lexicon: Lexicon, data: dict[str, Any]) -> None:
    for block in data["modifier"]:
        for v in block["words"]:
            _adjective(lexicon, v, block.get("sector"), None, bool(block.get("all")))
    for block in data["adjective_country"]:
        for v in block["words"]:
            _adjective(lexicon, v, block.get("sector"), block["country"], False)
    for v in data["adjective"]["words"]:
        _adjective(lexicon, v, None, None, False)


def _fixed_names(lexicon: Lexicon, data: dict[str, Any]) -> None:
    for block in data["title"]:
        for v in block["words"]:
            lexicon.names.add(v, Item("title", v, sector=block.get("sector"), kind="person"))
    for block in data["world"]:
        for v in block["words"]:
            lexicon.names.add(v, Item("org", block["name"], block["country"], block["sector"], None, "state"))
    for block in data["states"]:
        for v in block["words"]:
            lexicon.names.add(v, Item("state", v, " ".join(block["countries"]), "GOV", None, "state", "p"))
    for block in data["group_demonym"]:
        for f in (f for v in block["words"] for f in demonym_forms(v)):
            for text, definite in ((f.text, False), ("ال" + f.text, True)):
                item = Item(
                    "demonym", text, block["country"], block["sector"], kind="group", number=f.number, gender=f.gender,
                    definite=definite, absolute=f.state == "absolute",
                )  # fmt: skip
                lexicon.names.add(text, item)


def _adjective(lexicon: Lexicon, word: str, sector: str | None, country: str | None, strong: bool) -> None:
    for f in adjective_forms(word):
        lexicon.adjectives.setdefault(f.text, (sector, country, strong, f.number, f.gender, fold(word)))


def _agent(lexicon: Lexicon, agent: Agent, transparent: set[str], force: set[str], ministry: set[str]) -> None:
    lemma = fold(agent.noun)
    kind: EntityKind = agent.kind if agent.kind in ("person", "organization", "group", "company", "state", "place") else "person"  # type: ignore[assignment]
    if " " in lemma:
        lemma = _bare(lemma)
    first = lemma.split(" ")[0]
    country = agent.country or lexicon.default_country.get(lemma) or _demonym_in(lexicon, lemma)
    clear = lemma in transparent or (first in transparent and agent.sector not in _OWN_SECTOR)
    noun = Noun(
        lemma, agent.sector, kind, agent.foreign, country, clear, lemma in force or first in force,
        first in ministry, lexicon.fallback_country.get(lemma) or _nowhere(lexicon, lemma),
    )  # fmt: skip
    if " " not in lemma:
        for form in noun_forms(agent.noun, agent.forms):
            lexicon.nouns.setdefault(form.text, []).append((noun, form))
    for form, definite in phrase_forms(agent.noun, agent.forms):
        item = Item("agent", lemma, agent.country, agent.sector, None, kind, form.number, form.gender, definite, noun=noun)
        lexicon.names.add(form.text, item)


def _demonym_in(lexicon: Lexicon, lemma: str) -> str | None:
    """The country of a noun of several words that holds a demonym: «المستشار الألماني»."""
    words = lemma.split()[1:]
    clear = (w for w in words if "ambiguous_demonym" not in lexicon.closed.get(w, ()))
    return next((lexicon.demonyms[w] for w in clear if w in lexicon.demonyms), None)


def _nowhere(lexicon: Lexicon, lemma: str) -> str | None:
    """The country code of a noun of two words that names no one state's body: «جماعة إرهابية»."""
    words = lemma.split()
    if len(words) != 2:
        return None
    return lexicon.transnational.get((words[0], words[1].removesuffix("ه")))


def _state_names(lexicon: Lexicon, s: State) -> None:
    lexicon.states[s.code] = s
    ref = s.code
    for n in dict.fromkeys([s.name, *s.also]):
        lexicon.names.add(n, Item("state", s.name, s.code, "GOV", ref, "state"))
        lexicon.clear_cut.add(fold(n))
    for n in s.loaded:
        lexicon.names.add(n, Item("state", s.name, s.code, "GOV", ref, "state", loaded=True))
    for cls, values in (("capital", s.capital), ("metonym", s.metonym), ("city", s.city)):
        for n in values:
            lexicon.names.add(n, Item(cls, n, s.code, "GOV", ref if cls != "city" else None, "state" if cls != "city" else "place"))
            lexicon.clear_cut.add(fold(n))


def _demonyms(lexicon: Lexicon, s: State) -> None:
    seen: set[str] = set()
    accusative: list[NounForm] = []  # «روسا»، «أتراكا»
    forms = [f for d in s.demonym for f in demonym_forms(d)]
    for p in s.plural:
        forms += demonym_forms(p)[:1]
        if not fold(p).endswith(("ه", "ء", "ا", "ون", "ات")) and " " not in p:
            accusative.append(NounForm(fold(p) + "ا", "p", "m", "absolute"))
    forms = accusative + forms
    for k, f in enumerate(forms):
        if f.text in seen:
            continue
        seen.add(f.text)
        number = "p" if k >= len(forms) - len(s.plural) else f.number
        for definite in (False, True):
            text = " ".join("ال" + w for w in f.text.split()) if definite else f.text
            if not (definite and f.state == "construct") and text not in lexicon.clear_cut:
                absolute = f.state == "absolute"
                lexicon.names.add(
                    text, Item("demonym", s.name, s.code, None, s.code, "state", number, f.gender, definite, absolute=absolute)
                )


def _kind(kind: str) -> EntityKind:
    return kind if kind in ("person", "organization", "state", "group", "place", "company") else "organization"  # type: ignore[return-value]


def _org(lexicon: Lexicon, o: Org) -> None:
    ref = "org:" + o.name
    lexicon.orgs[ref] = o
    for n in dict.fromkeys([o.name, *o.also, *o.loaded]):
        item = Item("org", o.name, o.country, o.sector, ref, _kind(o.kind), loaded=n in o.loaded)
        lexicon.names.add(n, item)
    if o.sector == "JRN":
        for n in (o.name, *o.also, o.en or ""):
            lexicon.outlets.setdefault(fold(n), o.country)


def _person(lexicon: Lexicon, p: Person) -> None:
    ref = "person:" + p.name
    lexicon.people[ref] = p
    for n in dict.fromkeys([p.name, *p.also, *p.loaded]):
        lexicon.names.add(n, Item("person", p.name, p.country, p.sector, ref, "person", "s", loaded=n in p.loaded))
