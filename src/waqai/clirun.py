"""The commands for many documents: run and load. No logic: options, one call, output."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from waqai.clistore import _progress, _told

if TYPE_CHECKING:
    from waqai.run import Summary

__all__ = ["register"]


class Engine(StrEnum):
    local = "local"
    daft = "daft"
    ray = "ray"


Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no summary.")]


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    for command in (run, load):
        app.command()(_told(command))


def run(
    inputs: Annotated[list[str], typer.Argument(metavar="INPUT...", help="Files, folders, WARC archives; with daft or ray also s3://, https://.")],
    out: Annotated[str, typer.Option("--out", "-o", metavar="DIR", help="Folder for the Parquet files; with daft or ray also s3://.")],
    engine: Annotated[Engine, typer.Option("--engine", help="local: a process pool; daft; ray: a cluster.")] = Engine.local,
    address: Annotated[str | None, typer.Option("--address", metavar="ray://HOST:PORT", help="The Ray cluster.")] = None,
    jobs: Annotated[int | None, typer.Option("--jobs", "-j", help="Workers at once; all cores by default.")] = None,
    merge: Annotated[bool, typer.Option("--merge", help="Then merge the claims into events (daft and ray).")] = False,
    quiet: Quiet = False,
) -> None:  # fmt: skip
    """Read many articles into Parquet files. What is done already is left as it is; may be killed and run again."""
    from waqai.run import merged
    from waqai.run import run as do

    with _bar(quiet) as tell:
        done = do(inputs, out, engine=engine.value, address=address, jobs=jobs, tell=tell)
    events = merged(out, engine=engine.value, address=address) if merge else None
    if not quiet:
        typer.echo(_summary(done, out) + (f" {events} events merged." if events is not None else ""), err=True)
    if done.failures:
        raise typer.Exit(1)


def load(
    out: Annotated[str, typer.Argument(metavar="DIR", help="What `waqai run` wrote with --out.")],
    db: Annotated[str, typer.Option("--db", metavar="FILE", help="The store: a file, or postgresql://user@host/name.")],
    quiet: Quiet = False,
) -> None:
    """Store the records of a run and merge them. What is stored already is left out."""
    from waqai.run import load as do

    with _progress(quiet) as tell:
        done = do(out, db, tell=tell)
    if not quiet:
        typer.echo(
            f"{done.stored} articles stored, {done.skipped} were there already, {done.failed} failures; {done.events} events merged.",
            err=True,
        )


def _summary(s: Summary, out: str) -> str:
    a = s.archive
    pages = a.arabic + a.foreign + a.other + a.large
    text = f"{s.documents} articles with {s.events} claims in {out}, {s.failures} failures."
    if pages:
        text += (
            f" Of {pages} pages in archives {a.arabic} were Arabic, {a.foreign} in other languages, {a.other} no pages, "
            f"{a.large} too large."
        )
    if a.breaks:
        text += f" {a.breaks} places in archives were broken: {a.lost_bytes} bytes lost."
    if s.skipped:
        text += f" {s.skipped} of {s.shards} shards were done before."
    return text


@contextmanager
def _bar(quiet: bool) -> Iterator[Callable[[Summary], None] | None]:
    """A bar over the shards on a terminal; nothing where standard error is a file."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    columns = (TextColumn("shards"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[rate]}"),
               TimeElapsedColumn(), TimeRemainingColumn())  # fmt: skip
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task, before = bar.add_task("", total=None, rate=""), [0]

        def tell(s: Summary) -> None:
            elapsed = bar.tasks[0].elapsed or 0
            before[0] = before[0] or s.documents if s.finished == s.skipped else before[0]
            rate = f"{(s.documents - before[0]) / elapsed:.0f} articles/s" if elapsed > 1 else ""
            bar.update(task, completed=s.finished, total=s.shards, rate=rate)

        yield tell
