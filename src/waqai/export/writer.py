"""Records out: to a file or standard output, as text, JSON or JSON lines; failures and progress to standard error."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import IO, Any

import msgspec

from waqai.types import Document, Failure, Record

__all__ = ["Writer", "report"]


class Writer:
    """Writes records one by one. `form` is "text", "json" (one list) or "jsonl"; `out` None is standard output.

    Raises OSError where the file cannot be written.
    """

    def __init__(self, form: str, lang: str, out: Path | None) -> None:
        self.form, self.lang, self.count = form, lang, 0
        self._owned = out is not None
        self._stream: IO[str] = sys.stdout if out is None else out.open("w", encoding="utf-8", newline="\n")
        self._encoder = msgspec.json.Encoder()
        self._colour = out is None and sys.stdout.isatty()

    def __enter__(self) -> Writer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.form == "json" and kind is None:
            self._stream.write("\n]\n" if self.count else "[]\n")
        if self._owned:
            self._stream.close()
        elif kind is None:
            self._stream.flush()

    def write(self, record: Record) -> None:
        """Write one record."""
        if self.form == "text":
            from waqai.export.text import render

            text = render(record, "en" if self.lang == "en" else "ar", colour=self._colour)
            self._stream.write(("\n" + "─" * 40 + "\n\n" if self.count else "") + text)
        else:
            line = self._encoder.encode(record)
            if self.form == "json":
                self._stream.write(",\n" if self.count else "[\n")
                self._stream.write(msgspec.json.format(line).decode())
            else:
                self._stream.write(line.decode() + "\n")
        self.count += 1


def report(
    found: Iterator[Document | Failure],
    annotate: Callable[[Document], Record],
    writer: Writer,
    *,
    quiet: bool,
) -> int:
    """Annotate and write every document; return the number of failures, each told in a line on standard error."""
    failures = 0
    with _Progress(shown=not quiet and sys.stderr.isatty()) as progress:
        for item in found:
            if isinstance(item, Failure):
                failures += 1
                hint = f"; {item.hint}" if item.hint else ""
                progress.print(f"waqai: {item.source}: {item.message}{hint}")
            else:
                writer.write(annotate(item))
            progress.step(failures)
    if not quiet and (failures or writer.count > 1):
        print(f"{writer.count} read, {failures} failed", file=sys.stderr)
    return failures


class _Progress:
    """A counter on a terminal's standard error from the second article on; nothing when piped."""

    def __init__(self, *, shown: bool) -> None:
        self.shown, self.done = shown, 0
        self._bar: Any = None
        self._task: Any = None

    def __enter__(self) -> _Progress:
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar is not None:
            self._bar.stop()

    def step(self, failures: int) -> None:
        self.done += 1
        if not self.shown or self.done < 2:
            return
        if self._bar is None:
            from rich.console import Console
            from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

            columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
            self._bar = Progress(*columns, console=Console(stderr=True), transient=True)
            self._task = self._bar.add_task("")
            self._bar.start()
        self._bar.update(self._task, description=f"{self.done} articles, {failures} failed")

    def print(self, line: str) -> None:
        if self._bar is not None:
            self._bar.console.print(line, markup=False, highlight=False)
        else:
            print(line, file=sys.stderr)
