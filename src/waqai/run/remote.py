"""Input on other machines (s3://, gs://, https://), through Daft's readers; only the engines daft and ray come here."""

from __future__ import annotations

import gzip
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any
from urllib.parse import urljoin

from waqai.errors import QueryError

__all__ = ["daft", "listed", "opened"]

_BLOCK = 8 * 2**20


def daft() -> Any:
    """Return the module daft. Raises QueryError where it is not installed."""
    try:
        import daft as module
    except ModuleNotFoundError as error:
        raise QueryError("the engines daft and ray need more packages: pip install 'waqai[scale]'") from error
    return module


def listed(address: str) -> list[tuple[str, int]]:
    """Return what stands behind an address as (address, size in bytes), sorted; size 0 where it is not told.

    A pattern (``s3://bucket/2021/*.warc.gz``) or prefix (ending in "/") is listed by the object store; a web server cannot
    list, so there a list of paths as Common Crawl publishes it (``…/warc.paths.gz``) names the files, from the server's root.
    """
    if address.endswith((".paths", ".paths.gz")):
        try:
            with opened(address) as stream:
                data = stream.read()
        except OSError as error:
            raise QueryError(f"{error}: check the address") from error
        lines = (gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data).decode("utf-8", errors="replace").split()
        return [(urljoin(address, line if "://" in line else "/" + line.lstrip("/")), 0) for line in lines]
    pattern = address + "**" if address.endswith("/") else address
    try:
        found = daft().from_glob_path(pattern).to_pydict()
    except (OSError, ValueError, RuntimeError) as error:
        what = "nothing is there" if "MicroPartition" in str(error) else _first(error)  # Daft's words for an empty listing
        raise QueryError(f"{address} cannot be listed ({what}): check the address and the credentials") from error
    return sorted((str(p), int(s or 0)) for p, s in zip(found["path"], found["size"], strict=True))


@contextmanager
def opened(address: str) -> Iterator[IO[bytes]]:
    """Open an address as a file that may be sought in: it is first copied to a temporary one. Raises OSError."""
    with tempfile.TemporaryFile() as copy:
        try:
            with daft().open_file(address, "rb") as source:
                shutil.copyfileobj(source, copy, _BLOCK)
        except (ValueError, RuntimeError) as error:
            raise OSError(f"{address} cannot be fetched ({_first(error)})") from error
        copy.seek(0)
        yield copy


def _first(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]
