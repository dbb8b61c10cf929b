"""A folder to write into: of this machine, or any that Arrow's file systems know (s3://, gs://, hdfs://)."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from waqai.errors import StoreError

__all__ = ["Place", "is_remote"]


def is_remote(where: str) -> bool:
    """Tell whether `where` is an address and no path."""
    return "://" in where


class Place:
    """Files below one folder. A file is there whole or not at all. Raises StoreError where it cannot be reached or written."""

    def __init__(self, where: str) -> None:
        self.where = where
        self._fs: Any = None
        self._base = where
        if is_remote(where):
            try:
                from pyarrow.fs import FileSystem
            except ModuleNotFoundError as error:
                raise StoreError(f"{where} is on another machine: pip install 'waqai[scale]'") from error
            try:
                self._fs, self._base = FileSystem.from_uri(where.rstrip("/"))
            except (OSError, ValueError) as error:
                raise StoreError(f"{where} cannot be reached ({error})") from error

    def write(self, name: str, data: bytes) -> None:
        """Write a file; one that is there is replaced."""
        path = os.path.join(self._base, name)
        try:
            if self._fs is not None:
                with self._fs.open_output_stream(path) as stream:  # an object is there when the stream is closed
                    stream.write(data)
                return
            Path(path).parent.mkdir(parents=True, exist_ok=True)
            part = f"{path}.{os.getpid()}.part"
            with open(part, "wb") as out:
                out.write(data)
                out.flush()
                os.fsync(out.fileno())
            os.replace(part, path)
        except OSError as error:
            raise StoreError(f"{self.where}: {name} cannot be written ({error.strerror or error})") from error

    def read(self, name: str) -> bytes:
        """Return the bytes of a file."""
        path = os.path.join(self._base, name)
        try:
            if self._fs is None:
                return Path(path).read_bytes()
            with self._fs.open_input_stream(path) as stream:
                return bytes(stream.read())
        except OSError as error:
            raise StoreError(f"{self.where}: {name} cannot be read ({error.strerror or error})") from error

    def names(self, folder: str) -> list[str]:
        """Return the names of the files in `folder`, sorted; none where there is no such folder."""
        path = os.path.join(self._base, folder)
        if self._fs is None:
            return sorted(n for n in os.listdir(path) if not n.endswith(".part")) if os.path.isdir(path) else []
        from pyarrow.fs import FileSelector

        found = self._fs.get_file_info(FileSelector(path, allow_not_found=True))
        return sorted(str(f.base_name) for f in found)

    def remove(self, name: str) -> None:
        """Remove a file; one that is not there is no matter."""
        path = os.path.join(self._base, name)
        if self._fs is None:
            Path(path).unlink(missing_ok=True)
        else:
            self._fs.delete_file(path)
