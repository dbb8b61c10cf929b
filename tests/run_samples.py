"""Annotators for tests of runs: one that dies once, one that always dies on a page."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import store_samples

from waqai.types import Document, Record


def dies_once(document: Document) -> Record:
    """Read; but the first that finds the file that WAQAI_TEST_KILL names takes it away and its own process down."""
    flag = os.environ["WAQAI_TEST_KILL"]
    if "رقم 7 " in document.text:
        try:
            Path(flag).unlink()
        except FileNotFoundError:
            pass
        else:
            os.kill(os.getpid(), signal.SIGKILL)
    return store_samples.annotate(document)


def dies_always(document: Document) -> Record:
    """Read; but die on one article, every time."""
    if "رقم 7 " in document.text:
        os.kill(os.getpid(), signal.SIGKILL)
    return store_samples.annotate(document)


def breaks(document: Document) -> Record:
    """Read; but raise on one article."""
    if "رقم 7 " in document.text:
        raise ZeroDivisionError("a fault")
    return store_samples.annotate(document)
