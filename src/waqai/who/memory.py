"""What has been read so far of a document, for `resolve` and `corefer`."""

from __future__ import annotations

from typing import NamedTuple

from waqai.types import Document, Mention, Sentence
from waqai.who.home import DocumentCountry, outlet_country
from waqai.who.lexicon import Lexicon

__all__ = ["FAR", "Known", "Memory", "key_of"]

FAR = 60
"""How many mentions back an anaphor may look: more than an article has between a party and what stands for it."""


class Known(NamedTuple):
    mention: Mention
    entity: int


class Memory:
    """What has been read so far."""

    def __init__(self, document: Document, lexicon: Lexicon, home: DocumentCountry, sentences: list[Sentence]) -> None:
        self.document, self.lexicon, self.home, self.sentences = document, lexicon, home, sentences
        self.local = home.code is not None and home.code == outlet_country(document, lexicon)
        self.named: set[str] = set()
        self.codes: set[str | None] = set()
        self.migrants = False
        self.told_at: dict[int, list[tuple[int, str]]] = {}
        self.placed: dict[int, set[str]] = {}
        self.entities: list[dict[str, object]] = []
        self.by_key: dict[str, int] = {}
        self.history: list[Known] = []
        self.by_head: dict[str, list[Known]] = {}
        self.by_generic: dict[str, list[Known]] = {}
        self.names: dict[str, int] = {}
        self.reasons: dict[int, str] = {}
        self.surnames: dict[str, str] = {}
        self.fullnames: dict[str, Known] = {}
        self.firstnames: dict[str, Known] = {}
        self.late: list[tuple[Mention, str]] = []
        self.owned: list[tuple[Mention, Mention]] = []


def key_of(s: Memory, entity: int) -> str:
    key = f"@{entity}"
    s.by_key[key] = entity
    return key
