"""The one error tree of Waqai.

::

    WaqaiError
    ├── WordsError      a word file, or a compiled artefact made of them, is wrong: stops the run
    ├── ModelError      a trained weight file is missing or has another hash than models.toml: stops the run
    ├── InputError      one input cannot be read: becomes a Failure, the run goes on
    │   ├── EncodingError   bytes in no encoding we can tell
    │   ├── FormatError     not the kind of file it says, or broken inside
    │   ├── SizeError       larger than the limit
    │   └── LanguageError   not Arabic
    ├── QueryError      a question that cannot be answered as asked (unknown country, malformed date): exit code 2
    │   └── NotFound        no such document, claim, event, actor or outlet in the store
    └── StoreError      the store cannot be opened or written

Messages say what, where and what to do; they are written for the person who runs the command.
"""

from __future__ import annotations

__all__ = [
    "EncodingError",
    "FormatError",
    "InputError",
    "LanguageError",
    "ModelError",
    "NotFound",
    "QueryError",
    "SizeError",
    "StoreError",
    "WaqaiError",
    "WordsError",
]


class WaqaiError(Exception):
    """Base of every error that Waqai raises on purpose."""


class WordsError(WaqaiError):
    """A word file is wrong. The message names file and line."""


class ModelError(WaqaiError):
    """A trained weight file is missing or is not the one that models.toml names."""


class InputError(WaqaiError):
    """One input cannot be read. Intake turns it into a `Failure`."""


class EncodingError(InputError):
    """Bytes in no encoding we can tell."""


class FormatError(InputError):
    """Not the kind of file it says, or broken inside."""


class SizeError(InputError):
    """Larger than the limit."""


class LanguageError(InputError):
    """The text is not Arabic."""


class QueryError(WaqaiError):
    """A question that cannot be answered as asked."""


class NotFound(QueryError):
    """No such document, claim, event, actor or outlet in the store."""


class StoreError(WaqaiError):
    """The store cannot be opened or written."""
