"""What `waqai actors TEXT` prints: every actor phrase with what was read from it and why."""

from __future__ import annotations

from waqai.text import sentences
from waqai.types import Document
from waqai.who.find import NameTagger, find_actors
from waqai.who.lexicon import Lexicon
from waqai.who.resolve import document_country, resolve

__all__ = ["main_actors"]


def main_actors(text: str, published: str | None = None, *, lexicon: Lexicon | None = None, tagger: NameTagger | None = None) -> str:
    """Return the analysis of `text` as lines for a terminal.

    `published` (YYYY-MM-DD) tells who held an office then; None for unknown. `lexicon` and `tagger` default to the package's.
    """
    if lexicon is None:
        from waqai import words
        from waqai.who.lexicon import build
        from waqai.who.own import with_user

        lexicon = build(with_user(words.default()))
    if tagger is None:
        from waqai.who.tagger import load

        tagger = load()
    document = Document(id="", content_hash="", text=text, published=published)
    sents = sentences(text)
    mentions = find_actors(document, sents, lexicon, tagger)
    entities = resolve(mentions, document, sents, lexicon)
    home = document_country(document, sents, lexicon, mentions)
    lines = [f"article's country: {home.code or '-'} ({home.reason})", ""]
    for m in mentions:
        office = f", {m.office}" if m.office and m.office != m.text else ""
        lines.append(f"{m.start}-{m.end}\t{m.text}\t{m.country or '-'}\t{m.sector or '-'}\t{m.entity}{office}\t[{m.why}]")
    lines.append("")
    for e in entities:
        reason = f" ({e.reason})" if e.reason else ""
        lines.append(f"{e.id}\t{e.name}\t{e.kind}\t{e.country or '-'}\t{e.sector or '-'}\t{len(e.mentions)} mentions{reason}")
    return "\n".join(lines) + "\n"
