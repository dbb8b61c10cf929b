"""The examples of saying.toml, stance.toml, light.toml and contexts.toml."""

from __future__ import annotations

from collections.abc import Callable

from waqai.checks.base import Miss, Read, Report, Stage, at_word, overlap, place_of
from waqai.text import proclitics
from waqai.what.context import Contexts
from waqai.words import Anonymous, Attribution, Context, Cue, Example, Light, Saying, Words

__all__ = ["check_speech"]

ENOUGH = 0.5
"""Share of words (F1) that a source found must have in common with the one named."""


def check_speech(source: Words, stage: Stage) -> Report:
    """Run the examples of speech, status, light verbs and contexts.

    Saying, attribution, unnamed source: somebody speaks, whose words are `source` (F1 of words from 0.5). Status: a
    cue of the entry's class stands at `word`. Light verb: a verb of the entry's voice stands before `word`. Context: the
    sentence is of the entry's context.
    """
    report = Report()
    contexts = Contexts(source.contexts)

    def run(kind: str, entry: Saying | Attribution | Anonymous | Cue | Light | Context, judge: Callable[[Example, Read], str]) -> None:
        for k, example in enumerate(entry.example):
            report.run[kind] += 1
            why = judge(example, stage.read(example.text))
            if why:
                report.misses.append(Miss(at=place_of(stage.folder, entry.at, k), kind=kind, text=example.text, why=why))

    for saying in source.sayings:
        run("saying", saying, _speaks)
    for attribution in source.attributions:
        run("attribution", attribution, _speaks)
    for anonymous in source.anonymous:
        run("unnamed source", anonymous, _speaks)
    for cue in source.cues:
        run("status", cue, lambda example, read, cue=cue: _cue(cue, example, read))  # type: ignore[misc]
    for light in source.lights:
        run("light verb", light, lambda example, read, light=light: _light(light, example, read))  # type: ignore[misc]
    for context in source.contexts:
        run("context", context, lambda example, read, context=context: _context(contexts, context, read))  # type: ignore[misc]
    return report


def _speaks(example: Example, read: Read) -> str:
    word = example.word or ""
    if not any(at_word(example.text, s, word) for s in read.sentences):
        return f"does not hold the word «{word}»"
    if example.source is None:
        return ""  # a phrase of side "none" only marks a document
    found = [example.text[a.start : a.end] for said in read.said for a in said.attributions]
    if any(overlap(words, example.source) >= ENOUGH for words in found):
        return ""
    return f"has {'the source «' + '», «'.join(found) + '»' if found else 'no source'}, not «{example.source}»"


def _cue(cue: Cue, example: Example, read: Read) -> str:
    if cue.words == ["س"]:
        told = any(c == "س" for s in read.sentences for t in s.tokens for c, _ in proclitics(t.norm))
        return "" if told else "has no future prefix"
    found = []
    for s, said in zip(read.sentences, read.said, strict=True):
        places = at_word(example.text, s, example.word or "")
        for hit in [*said.cues, *said.loose]:
            found.append(hit.kind)
            if hit.kind == cue.class_ and places & set(range(hit.first, hit.last)):
                return ""
    return f"has {', '.join(found) or 'no cue'}, not {cue.class_} at «{example.word}»"


def _light(light: Light, example: Example, read: Read) -> str:
    found = []
    for s, said in zip(read.sentences, read.said, strict=True):
        places = at_word(example.text, s, example.word or "")
        for hit in said.lights:
            found.append(hit.voice)
            if places and hit.voice == light.voice and hit.token < max(places):
                return ""
    return f"has {', '.join(found) or 'no light verb'}, not {light.voice} before «{example.word}»"


def _context(contexts: Contexts, context: Context, read: Read) -> str:
    found = [name for s in read.sentences for name in contexts.of(s)]
    return "" if context.name in found else f"is of {', '.join(found) or 'no context'}, not {context.name}"
