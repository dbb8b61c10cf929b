"""Who: actor phrases, names and their resolution to country, sector and office.

`build` makes the matching index from the words; `find_actors` reads a document's mentions; `resolve` makes them entities.
"""

from waqai.who.find import find_actors
from waqai.who.lexicon import Lexicon, build
from waqai.who.resolve import document_country, resolve

__all__ = ["Lexicon", "build", "document_country", "find_actors", "resolve"]
