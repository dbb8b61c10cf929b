"""The command line: one command a verb, no logic. Every command imports what it needs when it runs.

A new command is one more function with ``@app.command()``: options, one call, output. A family of commands is a module
with ``register(app)`` that imports nothing heavy, named in `_FAMILIES`.
"""

from __future__ import annotations

import gc
import importlib
import sys
from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from waqai.types import Document, Failure, Record

__all__ = ["app", "main"]

app = typer.Typer(
    name="waqai",
    help="Reads Arabic news and keeps the record: who did what, to whom, when, where, and according to whom.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


class Format(StrEnum):
    text = "text"
    json = "json"
    jsonl = "jsonl"


class Lang(StrEnum):
    ar = "ar"
    en = "en"


class KindName(StrEnum):
    html = "html"
    text = "text"
    jsonl = "jsonl"
    feed = "feed"
    warc = "warc"


Published = Annotated[str | None, typer.Option(metavar="DATE", help="Date of publication, YYYY-MM-DD.")]
OutputFormat = Annotated[Format, typer.Option("--format", "-f", help="How records are written.")]
OutputLang = Annotated[Lang, typer.Option("--lang", help="Language of the text format.")]
Out = Annotated[Path | None, typer.Option("--out", "-o", metavar="FILE", help="Write to this file.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no summary on standard error.")]
Text = Annotated[str, typer.Argument(help="An Arabic sentence or text; - reads standard input.")]


@app.command()
def read(
    paths: Annotated[list[str], typer.Argument(metavar="PATH...", help="Pages, texts, JSONL, feeds, folders; - is stdin.")],
    published: Published = None,
    outlet: Annotated[str | None, typer.Option(help="Name of the outlet.")] = None,
    url: Annotated[str | None, typer.Option(help="Address of the article; it is never opened.")] = None,
    title: Annotated[str | None, typer.Option(help="Title of the article.")] = None,
    kind: Annotated[KindName | None, typer.Option(help="Read the input as this, whatever it looks like.")] = None,
    form: OutputFormat = Format.text,
    lang: OutputLang = Lang.ar,
    out: Out = None,
    quiet: Quiet = False,
) -> None:
    """Read articles and print what they report."""
    from waqai.intake import documents

    what = kind.value if kind else None
    try:
        found = [documents(path, published=published, outlet=outlet, url=url, title=title, kind=what) for path in paths]
    except ValueError as error:
        _refuse(str(error))
    _write((d for documents_ in found for d in documents_), form, lang, out, quiet=quiet)


@app.command()
def demo(form: OutputFormat = Format.text, lang: OutputLang = Lang.ar, quiet: Quiet = False) -> None:
    """Read the sample pages that ship with Waqai."""
    from waqai.intake import documents

    _write(documents(Path(__file__).parent / "samples"), form, lang, None, quiet=quiet)


@app.command()
def schema() -> None:
    """Print the JSON Schema of a record."""
    import msgspec

    from waqai.types import Record

    _print(msgspec.json.format(msgspec.json.encode(msgspec.json.schema(Record))).decode() + "\n")


@app.command()
def check() -> None:
    """Run the examples of every word file and the lint; exit code 1 if one does not hold."""
    from waqai import checks

    report = checks.run()
    for miss in [*report.lint, *report.misses]:
        _print(f"{miss}\n")
    total, bad = sum(report.run.values()), len(report.misses)
    typer.echo(f"{total - bad} of {total} examples hold; {len(report.left)} traps are left to the scorer", err=True)
    if bad or report.lint:
        raise typer.Exit(1)


@app.command()
def explain(text: Text, published: Published = None) -> None:
    """Print how a sentence is read: times, parties and events, each with the rules that made it."""
    record = _of_text(text, published)
    for time in record.times:
        _print(f"time {time.value} «{time.text}»\n" + (f"    {time.why}\n" if time.why else ""))
    for entity in record.entities:
        _print(f"entity {entity.id} {entity.kind} {entity.country or '?'} {entity.sector or '?'} «{entity.name}»\n")
        if entity.reason:
            _print(f"    {entity.reason}\n")
    for event in record.events:
        modes = "/".join([event.type, *event.mode])
        _print(f"event {event.id} {modes} {event.status} {event.date or 'undated'} «{event.trigger.text}»\n")
        for line in event.why:
            _print(f"    {line}\n")


@app.command()
def times(text: Text, published: Published = None) -> None:
    """Print the time expressions of a text as JSON lines."""
    _print_each(_of_text(text, published).times)


@app.command()
def actors(
    text: Annotated[str, typer.Argument(metavar="TEXT|import", help="An Arabic text, - for standard input; or the word import.")],
    table: Annotated[Path | None, typer.Argument(metavar="FILE.csv", help="After import: a table of your own actors to add.")] = None,
    published: Published = None,
    form: Annotated[Format, typer.Option("--format", "-f", help="text: each phrase with why; json or jsonl: the entities.")] = Format.text,
) -> None:
    """Print the actor phrases of a text and why each was read so; or import a table of your own actors."""
    if text == "import" and table is not None:
        from waqai import words
        from waqai.who.own import import_actors

        count, target = import_actors(table, words.default())
        _print(f"{count} actors added to {target}\n")
        return
    if table is not None:
        _refuse(f"{table}: a file comes after the word import only: waqai actors import FILE.csv")
    record = _of_text(text, published)
    if form is not Format.text:
        _print_each(record.entities)
        return
    from waqai.annotate import Tools
    from waqai.who.show import main_actors

    tools = Tools.default()
    _print(main_actors(record.document.text, published, lexicon=tools.lexicon, tagger=tools.tagger))


@app.command()
def code(text: Text, published: Published = None) -> None:
    """Print the events of a text as JSON lines."""
    _print_each(_of_text(text, published).events)


_READING = ("read", "demo", "explain", "times", "actors", "code")
_FAMILIES = ("waqai.clistore", "waqai.clirun", "waqai.web.command")


def _register() -> None:
    for name in _FAMILIES:
        importlib.import_module(name).register(app)


_register()


# --- what the commands share -----------------------------------------------------------------------------------------


def _annotate(document: Document) -> Record:
    try:
        from waqai.annotate import annotate
    except ModuleNotFoundError as error:
        if error.name != "waqai.annotate":
            raise
        from waqai.types import Record

        return Record(document=document)
    record = annotate(document)
    if not gc.isenabled():  # see `main`
        gc.freeze()
        gc.enable()
    return record


def _of_text(text: str, published: str | None) -> Record:
    """The record of one text from the command line; leaves with exit code 2 where it cannot be read."""
    from waqai.intake import documents
    from waqai.types import Failure

    if text == "-":
        text = sys.stdin.buffer.read().decode("utf-8", errors="replace")
    try:
        found = next(documents(text.encode("utf-8", errors="replace"), published=published, kind="text"))
    except ValueError as error:
        _refuse(str(error))
    if isinstance(found, Failure):
        _refuse(found.message)
    return _annotate(found)


def _write(found: Iterator[Document | Failure], form: Format, lang: Lang, out: Path | None, *, quiet: bool) -> None:
    """Annotate and print documents as they come; report failures; exit code 1 if there was one."""
    from waqai.export.writer import Writer, report

    try:
        with Writer(form.value, lang.value, out) as writer:
            failures = report(found, _annotate, writer, quiet=quiet)
    except OSError as error:
        if isinstance(error, BrokenPipeError):
            raise  # the reader closed the pipe: typer ends quietly
        _refuse(f"cannot write {out}: {error.strerror}")
    if failures:
        raise typer.Exit(1)


def _print_each(items: Sequence[object]) -> None:
    import msgspec

    for item in items:
        _print(msgspec.json.encode(item).decode() + "\n")


def _print(text: str) -> None:
    sys.stdout.write(text)


def _refuse(message: str) -> NoReturn:
    typer.echo(f"waqai: {message}", err=True)
    raise typer.Exit(2)


def main() -> None:
    """Run the command line. What stops the run is one line on standard error and exit code 2."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(encoding="utf-8", errors="backslashreplace")
    from waqai.errors import WaqaiError

    # What loading makes stays: no garbage is looked for among it, here until the first record, and never later (`gc.freeze`).
    if sys.argv[1:2] and sys.argv[1] in _READING:
        gc.disable()
    try:
        app()
    except WaqaiError as error:  # a word file or a model is wrong: nothing can be read
        typer.echo(f"waqai: {error}", err=True)
        sys.exit(2)
