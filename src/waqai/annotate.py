"""One document through all stages: the file to read first.

`annotate` is pure: no clock, no disk, no network, no state that a document could change. The tables it needs are loaded
once (`Tools.default`) and shared; any worker may redo any document and gets the same record.
"""

from __future__ import annotations

import functools
import gc

import msgspec

from waqai import says, text, when, where, who, wording, words
from waqai.says import Speech
from waqai.types import (
    Document,
    Event,
    Extent,
    Mention,
    Party,
    Place,
    Record,
    Sentence,
    Source,
    Span,
)
from waqai.what import context, lone, quotes, registers, triggers
from waqai.what import model as models
from waqai.what.decide import Draft, Reader
from waqai.what.numbers import count_at
from waqai.what.registers import Registers
from waqai.who import own, tagger
from waqai.who.lexicon import Lexicon

__all__ = ["Tools", "annotate"]

_MOVES = frozenset(("CONSULT", "MOBILIZE", "RETREAT"))
_CASUALTIES = frozenset(("ASSAULT", "COERCE", "PROTEST", "MOBILIZE", "SANCTION", "RETREAT"))


class Tools(msgspec.Struct):
    """The loaded knowledge that reading needs."""

    lexicon: Lexicon
    tagger: tagger.Tagger
    speech: Speech
    reader: Reader
    registers: Registers
    contexts: context.Contexts
    wording: wording.Table
    lone: lone.Judge | None = None
    """Judges a text of one sentence; None reads it as any article, as examples of the word files are."""

    @staticmethod
    @functools.lru_cache(maxsize=1)
    def default() -> Tools:
        """Return the package's own, loaded once a process. Raises `WordsError` or `ModelError`."""
        # Loading makes hundreds of thousands of objects that all stay: looking for garbage among them costs a third of the time.
        collecting = gc.isenabled()
        gc.disable()
        try:
            return Tools(
                lexicon=who.build(own.with_user(words.default())),
                tagger=tagger.load(),
                speech=says.default(),
                reader=Reader(triggers.default(), models.default()),
                registers=registers.default(),
                contexts=context.default(),
                wording=wording.default(),
                lone=lone.default(),
            )
        finally:
            if collecting:
                gc.enable()


def annotate(document: Document, tools: Tools | None = None, *, min_confidence: float = 0.0) -> Record:
    """Read one document into its record.

    `min_confidence` (0..1) leaves out events whose calibrated confidence is lower. The order of the stages: sentences, times,
    actors, entities, who says what, events, registers. Never raises on any text.
    """
    t = tools or Tools.default()
    sentences = text.sentences(document.text, document.boilerplate, document.title)
    times = when.find_times(document.text, document.published, sentences=sentences, residue=document.boilerplate)
    found = who.find_actors(document, sentences, t.lexicon, t.tagger)
    entities = who.resolve(found, document, sentences, t.lexicon)
    country = who.document_country(document, sentences, t.lexicon, found).code
    mentions: list[list[Mention]] = [[] for _ in sentences]
    for m in found:
        mentions[m.sentence].append(m)
    said = t.speech.find(sentences, mentions)
    dates = [when.event_date(x, times) for x in times]
    reading = t.reader.prepare(sentences, mentions, times, dates, said, country, document.published)
    drafts = t.reader.code(reading)
    sure: dict[str, float] = {}
    if t.lone is not None and lone.is_lone(document, sentences):
        drafts, sure = t.lone.judge(t.reader, reading, document.text, drafts)
    places = where.find_places(document, sentences, t.lexicon, found) if drafts else []
    events: list[Event] = []
    abouts: dict[int, list[str]] = {}
    for d in drafts:
        confidence = sure.get(d.candidate.type, t.reader.model.calibrated(d.score))
        if confidence >= min_confidence:
            sentence = sentences[d.sentence]
            spans = [(m.first, m.last) for m in [*d.actors, *d.recipients] if m.sentence == d.sentence]
            place = where.choose(places, sentence, d.candidate.token, movement=d.candidate.type in _MOVES, kind=d.candidate.type, parties=spans)
            about = abouts.get(d.sentence)
            if about is None:
                about = abouts[d.sentence] = t.contexts.of(sentence, sentences[max(0, d.sentence - 1) : d.sentence])
            events.append(_event(document, len(events) + 1, d, sentence, place, list(about), confidence))
    drawn = t.registers.draw(document.text, events, sentences, mentions)
    return Record(
        document=document,
        times=times,
        entities=entities,
        events=events,
        agreements=drawn.agreements,
        relations=drawn.relations,
        visits=drawn.visits,
        deals=drawn.deals,
        quotes=quotes.find(document.text, sentences, said),
        wording=t.wording.find(document.text, sentences, found),
    )


def _event(
    document: Document, number: int, d: Draft, sentence: Sentence, place: Place | None, about: list[str], confidence: float
) -> Event:
    c = d.candidate
    toks = sentence.tokens
    start, end = toks[c.token].start, toks[c.last - 1].end
    sources: list[Source] = []
    if d.source is not None:
        sources.append(quotes.source_of(d.source, document.text, d.source.mention.entity if d.source.mention else None))
    why = list(d.why)
    if c.entry is not None:
        why.insert(0, f"{c.type} by {c.entry.at}" + (" (reduced: the act is still to come)" if c.reduced else ""))
    else:
        why.insert(0, f"{c.type} by a learned stem")
    return Event(
        id=f"v{number}",
        type=c.type,
        mode=d.mode,
        context=about,
        trigger=Span(start=start, end=end, text=document.text[start:end]),
        sentence=Extent(start=sentence.start, end=sentence.end),
        actors=[_party(m) for m in d.actors],
        recipients=[_party(m) for m in d.recipients],
        date=d.date,
        date_end=d.date_end,
        date_basis=d.date_basis,  # type: ignore[arg-type]
        time=d.time,
        place=place,
        counts=count_at(document.text, toks, c.token) if c.type in _CASUALTIES else [],
        status=d.status,  # type: ignore[arg-type]
        sources=sources,
        record=d.record,  # type: ignore[arg-type]
        confidence=round(confidence, 3),
        why=why,
    )


def _party(m: Mention) -> Party:
    return Party(start=m.start, end=m.end, text=m.text, entity=m.entity, country=m.country, sector=m.sector)
