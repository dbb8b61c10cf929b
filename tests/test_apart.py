"""Very long articles: the record of any other process, and what happens to that process stays there."""

from __future__ import annotations

import os
import sys

import pytest

from waqai import apart
from waqai.apart import read_apart
from waqai.types import Document, Record

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="forks on Linux only")
LONG = Document(id="a", content_hash="b", text="قال الوزير. " * 9_000)
SHORT = Document(id="a", content_hash="b", text="قال الوزير.")


def told(document: Document) -> Record:
    """A record that says which process made it."""
    return Record(document=Document(id=str(os.getpid()), content_hash="", text=document.text))


def test_a_long_article_is_read_elsewhere_a_short_one_here() -> None:
    assert len(LONG.text) >= apart.LONG
    assert read_apart(told, SHORT).document.id == str(os.getpid())
    made = read_apart(told, LONG)
    assert made.document.id != str(os.getpid())
    assert made.document.text == LONG.text


def test_its_error_is_raised_here() -> None:
    def fail(document: Document) -> Record:
        raise ValueError(document.id)

    with pytest.raises(ValueError, match="a"):
        read_apart(fail, LONG)


def test_a_process_that_does_not_survive_is_an_error() -> None:
    def die(document: Document) -> Record:
        os._exit(9)

    with pytest.raises(MemoryError, match="ended with 9"):
        read_apart(die, LONG)
