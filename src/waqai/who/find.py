"""Find the mentions of actors in a document: one pass over each sentence, the longest phrase at each place."""

from __future__ import annotations

from collections import Counter
from typing import Protocol

import msgspec

from waqai.text import fold, proclitics, tokens, unfold_offset
from waqai.types import Document, EntityKind, Mention, Sentence
from waqai.who.lexicon import Lexicon
from waqai.who.parts import is_doubtful
from waqai.who.phrase import NameSpan, Parser, Phrase

__all__ = ["ActorMention", "NameTagger", "find_actors", "mention_at"]

_SINGULAR_HEADS = frozenset(("نظير",))


class NameTagger(Protocol):
    """Anything that can mark names in sentences; `waqai.who.tagger.Tagger` does."""

    def spans(self, sentences: list[Sentence], lexicon: Lexicon) -> list[list[NameSpan]]:
        """Return the name spans of each sentence, left to right, none overlapping."""
        ...


class ActorMention(Mention):
    """A `Mention` with what only `resolve` needs.

    `near`: countries of where the party is, not of whom it is. `suffix`: the pronoun attached to the head («جنوده»).
    `bare`: nothing in the phrase but the head. `past`: «السابق». `nth`: 0 or 1 of a phrase that stands for two.
    """

    near: list[str] = msgspec.field(default_factory=list)
    suffix: str = ""
    bare: bool = False
    definite: bool = False
    past: bool = False
    foreign: bool = False
    tagged: bool = False
    closed: str = ""
    nth: int = 0
    complement: str | None = None
    transparent: bool = False
    place: bool = False
    via_org: bool = False
    doubtful: bool = False


def find_actors(document: Document, sentences: list[Sentence], lexicon: Lexicon, tagger: NameTagger | None = None) -> list[Mention]:
    """Return every actor phrase of the document, in order of text.

    Nested parties of a longer phrase («موسكو» in «سفارة موسكو») are not mentions of their own. Country and sector are what
    the phrase itself says; `resolve` adds what the document says. Never raises on any text.
    """
    names = tagger.spans(sentences, lexicon) if tagger is not None else None
    out: list[Mention] = []
    meant = _meant(sentences, lexicon)
    for k, sentence in enumerate(sentences):
        _sentence(document.text, sentence, lexicon, names[k] if names else [], meant, out)
    out = _backed(document, sentences, lexicon, out)
    _again(document.text, sentences, lexicon, out)
    return out


def _meant(sentences: list[Sentence], lexicon: Lexicon) -> dict[str, str]:
    """Which state a name of several is in this document: the one whose other names and cues it holds most, else the default."""
    homonyms = lexicon.homonyms
    held = {rest for norm in {t.norm for s in sentences for t in s.tokens} for _, rest in proclitics(norm) if rest in homonyms}
    if not held:
        return {}
    words = Counter(rest for s in sentences for t in s.tokens for _, rest in proclitics(t.norm))
    codes = Counter(
        h.value.country
        for s in sentences
        for h in lexicon.names.scan(s.tokens)
        if h.value.country
        and not h.clitic.endswith("ال")
        and fold(h.value.name) not in held
        and s.tokens[h.first].norm[len(h.clitic) :] not in held
    )
    out: dict[str, str] = {}
    for name in held:
        cues = lexicon.homonym_cues[name]
        score = {code: codes[code] for code, cue in cues.items() if not cue}
        for cue, code in cues.items():
            if code:
                score[code] = score.get(code, 0) + words[cue]
        best = max(score, key=lambda c: (score[c], c == lexicon.homonyms[name]))
        out[name] = best if score[best] else lexicon.homonyms[name]
    return out


def _backed(document: Document, sentences: list[Sentence], lexicon: Lexicon, mentions: list[Mention]) -> list[Mention]:
    """Leave out the doubtful names («الأسد»، «تدمر») that nothing else in the document backs.

    What backs one: the same party by a sure name, another mention of its country; for a body of no one state, any state.
    """
    if not any(isinstance(m, ActorMention) and m.doubtful for m in mentions):
        return mentions
    sure = [m for m in mentions if not (isinstance(m, ActorMention) and m.doubtful)]
    told: set[str | None] = {m.country for m in sure} | {m.ref for m in sure}
    for h in lexicon.names.scan(tokens(document.title or "")):
        if h.value.ref and not h.clitic.endswith("ال") and fold(h.value.name) not in lexicon.doubtful:
            told.update((h.value.country, h.value.ref))
    told.discard(None)
    states = any(c in lexicon.states for c in told)
    out: list[Mention] = []
    for m in mentions:
        if isinstance(m, ActorMention) and m.doubtful:
            if not (m.ref in told or m.country in told or (states and m.country not in lexicon.states)):
                continue
            before = sentences[m.sentence].tokens[m.first - 1].norm if m.first else ""
            if (m.kind == "person" and before == "في") or (m.kind == "place" and not m.place):
                continue
        out.append(m)
    return out


_PROCLITICS = ("", "و", "ل", "ب", "ف", "ول", "وب")
_NAMED_AFTER = frozenset(
    (
        "شارع",
        "مدينه",
        "قريه",
        "مطار",
        "جامعه",
        "مستشفي",
        "ميدان",
        "ساحه",
        "مسجد",
        "مخيم",
        "قصر",
        "سد",
        "بن",
        "ابن",
        "ابو",
        "ابي",
        "ام",
        "عبد",
        "ال",
    )
)


def _again(text: str, sentences: list[Sentence], lexicon: Lexicon, out: list[Mention]) -> None:
    """Add the first names and surnames that stand alone for people named in full («شكيل أفريدي … أفريدي»).

    Left out: words of three letters («حسن»), nouns, adjectives, closed classes, and a word that two people share.
    """
    forms = _alone(lexicon, out)
    if not forms:
        return
    covered: dict[int, set[int]] = {}
    for m in out:
        covered.setdefault(m.sentence, set()).update(range(m.first, m.last))
    more: list[Mention] = []
    for s in sentences:
        for i, tok in enumerate(s.tokens):
            strip = forms.get(tok.norm)
            if strip is None or i in covered.get(s.index, ()) or (i and s.tokens[i - 1].norm in _NAMED_AFTER):
                continue
            p = Phrase(i, i + 1, strip, "name", "person")
            p.number, p.tagged, p.name = "s", True, tok.norm[strip:]
            _emit(text, s, p, lexicon, more)
    if more:
        out += more
        out.sort(key=lambda m: (m.start, -m.end))


def _alone(lexicon: Lexicon, mentions: list[Mention]) -> dict[str, int]:
    """The words that may stand for a person named in full, with proclitics; the values count the letters of those."""
    bearers: dict[str, set[str]] = {}
    for m in mentions:
        if m.kind == "person" and (m.form == "name" or m.name != m.text):
            words = fold(m.name).replace("_", " ").split()
            if 1 < len(words) < 5:
                for w in (words[0], words[-1]):
                    bearers.setdefault(w, set()).add(words[-1])
    foreign = _listed_abroad(mentions, lexicon)
    out: dict[str, int] = {}
    for word, full in bearers.items():
        if len(word) < (3 if word in foreign else 4) or len(full) > 1 or not word.isalpha() or word == "الله":
            continue
        known = lexicon.word(word)
        if not (known.nouns or known.adjective or known.closed):
            for prefix in _PROCLITICS:
                out.setdefault(prefix + word, len(prefix))
    return out


def _listed_abroad(mentions: list[Mention], lexicon: Lexicon) -> set[str]:
    """First and last words of the names of listed people of no Arab state: their three letters («كيم») are no Arabic word."""
    out: set[str] = set()
    for m in mentions:
        if m.kind == "person" and m.ref in lexicon.people and lexicon.people[m.ref].country not in _ARAB:
            words = fold(m.name).split()
            out.update((words[0], words[-1]) if len(words) > 1 else ())
    return out


_ARAB = frozenset((
    "DZA", "BHR", "COM", "DJI", "EGY", "IRQ", "JOR", "KWT", "LBN", "LBY", "MRT", "MAR",
    "OMN", "PSE", "QAT", "SAU", "SOM", "SDN", "SYR", "TUN", "ARE", "YEM", "ESH",
))  # fmt: skip


def mention_at(
    document: Document, sentence: Sentence, first: int, last: int, lexicon: Lexicon, names: list[NameSpan] | None = None
) -> list[ActorMention]:
    """Read the words first:last of a sentence as one party, whatever they are: for a phrase found by its place in the clause.

    What the grammar cannot read is a group of unknown head, with the countries named inside it as evidence. Pass the result to
    `resolve` among the document's mentions, in order of text.
    """
    toks = sentence.tokens
    parser = Parser(toks, lexicon, names or [])
    starts = range(first, min(first + 2, last))
    p = next((q for i in starts if (q := parser.at(i)) is not None), None)
    if p is None:  # «مسلحا»، «انتحاري»: given as a party it is no adjective
        p = parser.noun(first, True, True)
        if p is not None and not p.direct:
            p.direct += [c for i in range(p.last, last) if (q := parser.at(i)) is not None for c in q.direct][:1]
    if p is None:
        p = Phrase(first, last, 0, "phrase", "group")
        for i in range(first, last):
            q = parser.at(i)
            a = parser.words[i].adjective
            if q is not None:
                p.near += q.direct
            elif a is not None and a.country:  # «الأوروبية»، «تقرير أممي»
                p.direct.append(a.country)
                p.sector = a.sector
            elif a is not None and a.lemma in lexicon.foreign:  # «الغربية»، «خليجيين»
                p.foreign = True
        p.number = None
        p.foreign = p.foreign or _anyone(toks[first].norm, toks[first + 1].norm if first + 1 < len(toks) else "")
        if toks[last - 1].norm.endswith("نا") and toks[last - 1].kind == "w":
            p.suffix = "نا"  # «سنرد», «قرارنا»: the speaker's
    p.first, p.last = first, max(last, p.last)
    out: list[Mention] = []
    _emit(document.text, sentence, p, lexicon, out)
    return [m for m in out if isinstance(m, ActorMention)]


_ANYONE = ("منتقد", "صديق", "اصدقا", "احرار")


def _anyone(first: str, second: str) -> bool:
    """Whether a phrase of unknown head is for people of no one country: «كل من يثبت»، «المنتقدون»، «أصدقاؤنا»."""
    bare = first.removeprefix("و").removeprefix("ال")
    return (bare in ("كل", "اي") and second in ("من", "احد", "احرار")) or bare.startswith(_ANYONE)


def _sentence(text: str, sentence: Sentence, lexicon: Lexicon, names: list[NameSpan], meant: dict[str, str], out: list[Mention]) -> None:
    toks = sentence.tokens
    parser = Parser(toks, lexicon, names, meant)
    words, tagged = parser.words, parser.tagged
    i, n = 0, len(toks)
    while i < n:
        w = words[i]
        kind = toks[i].kind
        if kind == "p" or (kind == "w" and not (w.starts or w.nouns or w.closed) and i not in tagged and "_" not in toks[i].norm):
            i += 1
            continue
        p = parser.at(i)
        if p is not None and w.closed and p.last == i + 1 and _is_anaphor(w.closed):
            p = None
        if p is not None:
            _emit(text, sentence, p, lexicon, out)
            i = max(p.last, i + 1)
            continue
        if w.closed:
            _closed(text, sentence, i, w.closed, parser, out)
        i += 1


def _is_anaphor(closed: frozenset[str]) -> bool:
    return any(c.startswith("anaphor.") for c in closed)


def _start(text: str, sentence: Sentence, p: Phrase) -> int:
    tok = sentence.tokens[p.first]
    if not p.strip:
        return tok.start
    if tok.end - tok.start == len(tok.norm):
        return tok.start + p.strip
    return tok.start + unfold_offset(text[tok.start : tok.end], p.strip)


_BOTH = frozenset(("البلدين", "الدولتين", "الجانبين", "الطرفين", "الحكومتين", "الجارتين", "الحليفين"))
_LANDS = frozenset(("البلدان", "الدول", "الاطراف"))
_COUNTED = frozenset(("دوله", "بلد", "وزير", "وزير خارجيه", "رءيس", "زعيم", "قاءد", "حكومه"))
_NUMBERS = {"الثلاث": 3, "الثلاثه": 3, "الاربع": 4, "الاربعه": 4, "الخمس": 5, "الخمسه": 5}


def _emit(text: str, sentence: Sentence, p: Phrase, lexicon: Lexicon, out: list[Mention]) -> None:
    countries = list(dict.fromkeys(c for c in p.direct if c))
    several = p.cls == "several" and len(countries) > 1
    start, end = _start(text, sentence, p), sentence.tokens[p.last - 1].end
    pair = p.number == "d" and p.definite and not countries and not p.complement and p.form == "phrase" and not p.suffix
    if not countries and p.form == "phrase" and (n := _told_number(sentence, p)):
        for nth in range(n):
            mention = _mention(text, sentence, p, lexicon, (start, end), None, nth, False)
            mention.form, mention.closed = "anaphor", f"states {n}"
            out.append(mention)
        return
    for nth, country in enumerate(countries if several else [*countries[:1], None][: 2 if pair else 1] if not pair else [None, None]):
        out.append(_mention(text, sentence, p, lexicon, (start, end), country, nth, pair))


def _told_number(sentence: Sentence, p: Phrase) -> int:
    """For how many states said before a phrase stands: «مسؤولي البلدين» 2, «الدول الثلاث»، «وزراء خارجية البلدان الثلاثة» 3; else 0."""
    toks = sentence.tokens
    last = toks[p.last - 1].norm
    if last in _BOTH and p.number in ("p", "d") and p.last - p.first > 1:
        return 2
    counted = p.definite and p.number == "p" and p.head in _COUNTED
    if not counted and last not in _LANDS and toks[max(p.last - 2, p.first)].norm not in _LANDS:
        return 0
    return _NUMBERS.get(last) or (_NUMBERS.get(toks[p.last].norm, 0) if p.last < len(toks) else 0)


def _mention(
    text: str, sentence: Sentence, p: Phrase, lexicon: Lexicon, span: tuple[int, int], country: str | None, nth: int, pair: bool
) -> ActorMention:
    start, end = span
    surface = text[start:end]
    office = _office(text, sentence, p) if p.head and p.kind == "person" else None
    return ActorMention(
        sentence=sentence.index, start=start, end=end, first=p.first, last=p.last, text=surface,
        form="anaphor" if pair else p.form, kind=p.kind, name=p.name or surface, country=country, sector=p.sector, office=office,
        head=p.head, ref=p.ref, number=p.number, gender=p.gender, loaded=p.loaded, near=[c for c in p.near if c], suffix=p.suffix,
        bare=p.last - p.first == 1, definite=p.definite, past=p.past, foreign=p.foreign, tagged=p.tagged,
        closed="pair" if pair else "", nth=nth, complement=p.complement, transparent=p.transparent,
        place=_placed(sentence, p), via_org=p.via_org, doubtful=is_doubtful(fold(surface), lexicon), why=_why(p, country),
    )  # fmt: skip


_KINDS: dict[str, EntityKind] = {"country": "state", "kingdom": "state", "country_pair": "state", "counterpart": "person"}
_PLACING = frozenset(
    (
        "في",
        "داخل",
        "شرق",
        "غرب",
        "شمال",
        "جنوب",
        "وسط",
        "شرقي",
        "غربي",
        "شمالي",
        "جنوبي",
        "قرب",
        "مدينه",
        "بمدينه",
        "بلده",
        "ببلده",
        "محافظه",
        "بمحافظه",
        "ولايه",
        "بولايه",
        "منطقه",
        "بمنطقه",
        "العاصمه",
        "بالعاصمه",
        "انحاء",
    )
)


def _placed(sentence: Sentence, p: Phrase) -> bool:
    """Whether a state's or city's name stands for where something is: «في مصر»، «بدمشق»."""
    if p.form != "state":
        return False
    first = sentence.tokens[p.first].norm
    before = sentence.tokens[p.first - 1].norm if p.first else ""
    return before.removeprefix("و") in _PLACING or (p.strip > 0 and first[p.strip - 1] == "ب")


def _office(text: str, sentence: Sentence, p: Phrase) -> str | None:
    toks = sentence.tokens
    first, last = p.office_start, min(p.office_end, p.last)
    if first >= last:
        return None
    start = _start(text, sentence, p) if first == p.first else toks[first].start
    return text[start : toks[last - 1].end].strip(' ،,:"«»()') or None


def _why(p: Phrase, country: str | None) -> str:
    parts = [p.form if p.form != "name" else "tagger name" if p.tagged and not p.ref else "listed name"]
    if p.head:
        parts.append(f"head {p.head}")
    if country:
        parts.append(f"country {country} in the phrase")
    return ", ".join(parts)


def _closed(text: str, sentence: Sentence, i: int, closed: frozenset[str], parser: Parser, out: list[Mention]) -> None:
    """Anaphors and pronouns: words of closed classes that stand for a party."""
    tok = sentence.tokens[i]
    for c in sorted(closed):
        table, _, name = c.partition(".")
        if table not in ("anaphor", "pronoun"):
            continue
        if name == "last" and i and parser.norm(i - 1).startswith(("ال", "وال", "بال", "لل")):
            return  # «الأشهر الأخيرة»
        last = i + 1
        countries: list[str | None] = [None]
        if name == "counterpart":
            last, countries = _counterpart(parser, i)
        times: list[str | None] = [*countries]
        number = "p"
        if name in ("pair", "country_pair", "d"):
            times, number = [None, None], "d"
        elif name in ("ms", "fs", "country", "kingdom", "last", "counterpart"):
            number = "s"
        gender = {"ms": "m", "fs": "f"}.get(name)
        end = sentence.tokens[last - 1].end
        strip = parser.lexicon.closed_strip.get(tok.norm, 0) if table == "anaphor" else 0
        start = tok.start + unfold_offset(text[tok.start : tok.end], strip)
        for nth, country in enumerate(times):
            out.append(
                ActorMention(
                    sentence=sentence.index, start=start, end=end, first=i, last=last, text=text[start:end],
                    form=table, kind=_KINDS.get(name, "group"),
                    name=text[start:end], country=country, number=number, gender=gender, closed=name, nth=nth, definite=True,
                    why=f"{table} {tok.norm}",
                )
            )  # fmt: skip
        return


def _counterpart(parser: Parser, i: int) -> tuple[int, list[str | None]]:
    """«نظيره الإسرائيلي»، «نظيريه السوداني والإثيوبي»، «نظيره التركي فلان»."""
    countries: list[str | None] = []
    j = i + 1
    while j < len(parser.toks):
        h = parser.item(j, ("demonym",), bare=False)
        if h is None or h.clitic not in ("", "و") or (h.clitic == "و" and not countries):
            break
        countries.append(h.value.country)
        j = h.last
    comma = parser.norm(j) in ("،", ",")
    name = parser.person(j + comma) if j + comma < len(parser.toks) else None
    if name is not None and len(countries) < 2:
        j = name.last
        countries = countries or [name.direct[0] if name.direct else None]
    return j, countries or [None]
