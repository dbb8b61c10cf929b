"""A very long article is read in a process forked for it: the worker does not keep the memory that reading took.

Reading holds 1.4 kB for each word of an article, and the allocator gives little of it back: a worker that has met a page of 400,000
words would stay three times its size. What such a page does to its process (out of memory) is one failure, not the worker's end.
"""

from __future__ import annotations

import ctypes
import gc
import multiprocessing
import pickle
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection

import msgspec

from waqai.types import Document, Record

__all__ = ["LONG", "read_apart", "release"]

LONG = 100_000
"""From how many characters on: some 17,000 words, 25 MB. Of 5,768 articles of news the longest has 13,464."""


def read_apart(read: Callable[[Document], Record], document: Document) -> Record:
    """Return ``read(document)``, made in another process where the text is long and forking is safe (Linux).

    Raises what `read` raises, and MemoryError where the process did not survive. For processes without threads that work.
    """
    if len(document.text) < LONG or sys.platform != "linux":
        return read(document)
    context = multiprocessing.get_context("fork")
    receiving, sending = context.Pipe(duplex=False)
    child = context.Process(target=_send, args=(read, document, sending))
    child.start()
    sending.close()
    try:
        answer = receiving.recv_bytes()
    except EOFError:
        child.join()
        raise MemoryError(f"the process that read this article of {len(document.text)} characters ended with {child.exitcode}") from None
    finally:
        receiving.close()
    child.join()
    if answer[:1] == b"!":
        raise pickle.loads(answer[1:])
    return msgspec.msgpack.decode(answer[1:], type=Record)


def _send(read: Callable[[Document], Record], document: Document, sending: Connection) -> None:
    try:
        answer = b"=" + msgspec.msgpack.encode(read(document))
    except Exception as error:  # said by the parent, which knows what to do with it
        try:
            answer = b"!" + pickle.dumps(error)
        except (pickle.PicklingError, TypeError, AttributeError):
            answer = b"!" + pickle.dumps(RuntimeError(f"{type(error).__name__}: {error}"))
    sending.send_bytes(answer)
    sending.close()


def release() -> None:
    """Give freed memory back to the system, where its allocator can be told to (glibc)."""
    gc.collect()
    try:
        ctypes.CDLL(None).malloc_trim(0)
    except (AttributeError, OSError, TypeError):
        return
