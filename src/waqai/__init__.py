"""Waqai (وقائع): reads Arabic news and keeps the record.

    import waqai

    for item in waqai.read("saved-pages/", outlet="الشرق الأوسط"):
        if isinstance(item, waqai.Failure):
            print(item.message)
        else:
            print(item.document.title, len(item.events))

The public face, and nothing else. Names are imported when they are first used, so that ``import waqai`` costs nothing.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path
    from typing import BinaryIO

    from waqai.annotate import annotate
    from waqai.errors import (
        EncodingError,
        FormatError,
        InputError,
        LanguageError,
        ModelError,
        QueryError,
        SizeError,
        StoreError,
        WaqaiError,
        WordsError,
    )
    from waqai.store import Store
    from waqai.types import Document, Event, Failure, Record, Time
    from waqai.when import find_times
    from waqai.words import Words

__all__ = [
    "Document",
    "EncodingError",
    "Event",
    "Failure",
    "FormatError",
    "InputError",
    "LanguageError",
    "ModelError",
    "QueryError",
    "Record",
    "SizeError",
    "Store",
    "StoreError",
    "Time",
    "WaqaiError",
    "Words",
    "WordsError",
    "annotate",
    "find_times",
    "read",
]

_HOME = {
    "annotate": "waqai.annotate",
    "find_times": "waqai.when",
    "Words": "waqai.words",
    "Store": "waqai.store",
    **dict.fromkeys(("Document", "Event", "Failure", "Record", "Time"), "waqai.types"),
    **dict.fromkeys((n for n in __all__ if n.endswith("Error")), "waqai.errors"),
}


def __getattr__(name: str) -> Any:
    home = _HOME.get(name)
    if home is None:
        raise AttributeError(f"module 'waqai' has no attribute {name!r}")
    value = getattr(importlib.import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)


class _Face(ModuleType):
    """The module itself: ``waqai.annotate`` is the function, also after something has imported the module of that name."""

    def __setattr__(self, name: str, value: Any) -> None:
        super().__setattr__(name, getattr(value, name) if name in _HOME and isinstance(value, ModuleType) else value)


sys.modules[__name__].__class__ = _Face


def read(
    source: str | Path | bytes | BinaryIO,
    *,
    published: str | None = None,
    outlet: str | None = None,
    url: str | None = None,
    title: str | None = None,
    kind: str | None = None,
) -> Iterator[Record | Failure]:
    """Return an iterator: a `Record` for each article of `source`, a `Failure` for each input that cannot be read.

    `source`: a path, a folder, "-" for standard input, bytes, an open binary file, or the content itself as a string. `published`
    (YYYY-MM-DD), `outlet`, `url` and `title` win over what the input says; `kind` forces how it is read (`waqai.intake.KINDS`).
    Raises ValueError for a malformed date or kind; `WordsError` or `ModelError` where nothing can be read.
    """
    from waqai.annotate import annotate
    from waqai.intake import documents
    from waqai.types import Failure

    found = documents(source, published=published, outlet=outlet, url=url, title=title, kind=kind)
    return (x if isinstance(x, Failure) else annotate(x) for x in found)
