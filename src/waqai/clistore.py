"""The commands on a store: build, status, merge, judge, verify and the questions. No logic: options, one call, output."""

from __future__ import annotations

import functools
import inspect
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, get_type_hints

import typer

from waqai.clistore_output import (
    Form,
    claim_text,
    claims_csv,
    csv_out,
    event_text,
    events,
    json_out,
    more,
    put,
    table,
)  # fmt: skip
from waqai.errors import QueryError, WaqaiError

if TYPE_CHECKING:
    from waqai.build import Progress
    from waqai.query import Filters
    from waqai.store import Store

__all__ = ["register"]


class Sort(StrEnum):
    ranked = "ranked"
    newest = "newest"
    oldest = "oldest"


class Verdict(StrEnum):
    same = "same"
    different = "different"
    undo = "undo"


Db = Annotated[str, typer.Option("--db", metavar="FILE", help="The store: a file, or postgresql://user@host/name.")]
Format = Annotated[Form, typer.Option("--format", "-f", help="text for people, json or csv for programs.")]
Limit = Annotated[int, typer.Option("--limit", "-n", help="Rows at most, 1 to 500.")]
Cursor = Annotated[str | None, typer.Option("--after", metavar="CURSOR", help="Go on after the page that gave this.")]
Types = Annotated[list[str] | None, typer.Option("--type", help="PLOVER type, such as SUPPORT.")]
Modes = Annotated[list[str] | None, typer.Option("--mode", help="PLOVER mode, such as visit.")]
Countries = Annotated[list[str] | None, typer.Option("--country", help="Code or name of a country.")]
Pair = Annotated[tuple[str, str] | None, typer.Option("--pair", help="Two countries, both parties.")]
Actor = Annotated[str | None, typer.Option("--actor", help="Name of a party.")]
Source = Annotated[str | None, typer.Option("--source", help="Name of who says so inside the article.")]
Sectors = Annotated[list[str] | None, typer.Option("--sector", help="Sector of a party, such as GOV.")]
Outlets = Annotated[list[str] | None, typer.Option("--outlet", help="Name of the outlet.")]
From = Annotated[str | None, typer.Option("--from", metavar="DATE", help="First date: YYYY, YYYY-MM or YYYY-MM-DD.")]
To = Annotated[str | None, typer.Option("--to", metavar="DATE", help="Last date.")]
Statuses = Annotated[list[str] | None, typer.Option("--status", help="actual, future, hypothetical or negated.")]
Records = Annotated[list[str] | None, typer.Option("--record", help="agreement, visit, meeting, relation, deal, statement.")]
Place = Annotated[str | None, typer.Option("--place", help="Name of the place.")]


def _filters(
    type: Types = None, mode: Modes = None, country: Countries = None, pair: Pair = None, actor: Actor = None, source: Source = None,
    sector: Sectors = None, outlet: Outlets = None, date_from: From = None, date_to: To = None, status: Statuses = None,
    record: Records = None, place: Place = None,
) -> Filters:  # fmt: skip
    """Return the filters of the options. Its parameters are the options themselves (`_choosing`)."""
    from waqai.query import Filters

    return Filters(
        type=type or [], mode=mode or [], country=country or [], pair=list(pair or ()), actor=actor, source=source,
        sector=sector or [], outlet=outlet or [], date_from=date_from, date_to=date_to, status=status or [], record=record or [],
        place=place,
    )  # fmt: skip


def _choosing(*names: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Give a command the options of `_filters` (those of `names`, or all) in place of its parameter `chosen`."""
    options = [p.replace(kind=p.KEYWORD_ONLY) for p in _parameters(_filters) if p.name in names or not names]

    def wrap(command: Callable[..., None]) -> Callable[..., None]:
        @functools.wraps(command)
        def run(**given: Any) -> None:
            chosen = _filters(**{o.name: given.pop(o.name, None) for o in options})
            command(**given, chosen=chosen)

        told = [*(p for p in _parameters(command) if p.name != "chosen"), *options]
        run.__signature__ = inspect.Signature(told)  # type: ignore[attr-defined]
        run.__annotations__ = {p.name: p.annotation for p in told}
        return run

    return wrap


def _parameters(function: Callable[..., object]) -> list[inspect.Parameter]:
    """Return the parameters of a function with what their annotations stand for."""
    hints = get_type_hints(function, localns={"Filters": object}, include_extras=True)
    return [p.replace(annotation=hints[n]) for n, p in inspect.signature(function).parameters.items()]


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    for command in (build, status, search, timeline, event, actor, agreements, visits, deals, relation, names, verify, judge, merge):
        app.command()(_told(command))


def _told(command: Callable[..., None]) -> Callable[..., None]:
    """Turn the program's own errors into one line and an exit code: 2 for a question, 1 for the rest."""

    @functools.wraps(command)
    def run(*args: Any, **kwargs: Any) -> None:
        try:
            command(*args, **kwargs)
        except WaqaiError as error:
            typer.echo(f"waqai: {error}", err=True)
            raise typer.Exit(2 if isinstance(error, QueryError) else 1) from error

    return run


@contextmanager
def _store(where: str, mode: str = "r") -> Iterator[Store]:
    from waqai.store import Store

    with Store.open(where, mode) as store:
        yield store


# --- filling ------------------------------------------------------------------------------------------------------------


def build(
    db: Db,
    inputs: Annotated[list[str] | None, typer.Argument(metavar="INPUT...", help="Files, folders; - is stdin.")] = None,
    jobs: Annotated[int | None, typer.Option("--jobs", "-j", help="Worker processes; all cores by default.")] = None,
    watch: Annotated[str | None, typer.Option("--watch", metavar="FOLDER", help="Store what comes into this folder.")] = None,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No progress and no summary.")] = False,
) -> None:
    """Read articles into a store and merge them. What is stored already is left out; may be killed and run again."""
    from waqai.build import build as run
    from waqai.build import watch as look

    if not inputs and watch is None:
        raise QueryError("nothing to read: name files or folders, or a folder with --watch")
    with _progress(quiet) as tell:
        done = run(inputs, db, jobs=jobs, tell=tell) if inputs else None
        if watch is not None:
            try:
                done = look(watch, db, jobs=jobs, tell=tell)
            except KeyboardInterrupt:
                done = None
    if done is not None and not quiet:
        typer.echo(
            f"{done.stored} articles stored, {done.skipped} were there already, {done.failed} failed; "
            f"{done.events} events merged. `waqai status --db {db}` tells more.",
            err=True,
        )
    if done is not None and done.failed:
        raise typer.Exit(1)


_FAILURES_SHOWN = 20


@contextmanager
def _progress(quiet: bool) -> Iterator[Callable[[Progress], None] | None]:
    """Failures as they come, and on a terminal a bar with rate and time left."""
    if quiet:
        yield None
        return
    if not sys.stderr.isatty():
        yield lambda p: _failures(p, lambda line: typer.echo(line, err=True))
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TextColumn("{task.fields[rate]}"),
               TimeElapsedColumn(), TimeRemainingColumn())  # fmt: skip
    with Bar(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task("articles", total=None, rate="")

        def tell(p: Progress) -> None:
            _failures(p, lambda line: bar.console.print(line, markup=False, highlight=False))
            elapsed = bar.tasks[0].elapsed or 0
            rate = f"{p.seen / elapsed:.0f}/s" if elapsed else ""
            bar.update(task, completed=p.seen, total=max(p.total, p.seen) if p.total else None, rate=rate)

        yield tell


def _failures(p: Progress, say: Callable[[str], None]) -> None:
    """Tell the first failures, one line each."""
    before = p.failed - len(p.failures)
    for f in p.failures[: max(0, _FAILURES_SHOWN - before)]:
        say(f"waqai: {f.source}: {f.message}{f'; {f.hint}' if f.hint else ''}")
    if before <= _FAILURES_SHOWN < p.failed:
        say("waqai: more failed; `waqai status` lists them")


def merge(db: Db, rebuild: Annotated[bool, typer.Option("--rebuild", help="Make all merged events again.")] = False) -> None:
    """Bring the merged events up to date with claims and judgements."""
    with _store(db, "rw") as store:
        typer.echo(f"{store.remerge(rebuild=rebuild)} events made", err=True)


def judge(
    verdict: Verdict,
    a: Annotated[str, typer.Argument(help="Id of a claim or event.")],
    b: Annotated[str, typer.Argument(help="Id of the other.")],
    db: Db,
    who: Annotated[str, typer.Option("--who", help="Who judges.")] = "cli",
    note: Annotated[str | None, typer.Option("--note", help="Why.")] = None,
) -> None:
    """Say that two claims tell the same event, or different ones; undo takes that back. The last word counts."""
    with _store(db, "rw") as store:
        number = store.judge(verdict.value, a, b, who=who, note=note)
        store.remerge()
    typer.echo(f"judgement {number} added", err=True)


def verify(db: Db, form: Format = Form.text) -> None:
    """Check that every stored span still gives its words and every merged event can be made again; exit code 1 if not."""
    from waqai.store.verify import verify as check

    with _store(db) as store:
        found = check(store.db)
    if form is Form.json:
        json_out(found)
    elif form is Form.csv:
        csv_out(["what", "where"], [[f.what, f.where] for f in found.faults])
    else:
        for f in found.faults:
            put(f"{f.where}: {f.what}\n")
        put(f"{found.documents} articles, {found.claims} claims, {found.spans} spans, {found.events} merged events checked: "
               f"{len(found.faults) or 'no'} faults\n")  # fmt: skip
    if found.faults:
        raise typer.Exit(1)


def status(db: Db, form: Format = Form.text) -> None:
    """Print what is in a store: rows, size, runs, failures."""
    from waqai.query import status as ask

    with _store(db) as store:
        s = ask(store)
    if form is Form.json:
        json_out(s)
        return
    if form is Form.csv:
        csv_out(["what", "rows"], [[k, v] for k, v in s.rows.items()])
        return
    put(f"{s.where} ({s.engine}, schema {s.schema}, {s.size / 1e6:.1f} MB)\n")
    for name, n in s.rows.items():
        put(f"  {name:12} {n}\n")
    if s.unmerged:
        put(f"  {s.unmerged} claims wait for `waqai merge --db {s.where}`\n")
    for r in s.runs:
        put(f"run {r.id}: {r.started} to {r.finished or 'broken off (build again to go on)'}, waqai {r.code_version}, "
               f"words {r.words_digest[:12]}, {r.documents} articles, {r.failures} failures\n")  # fmt: skip
    for f in s.failures:
        put(f"failed: {f.source}: {f.message}{f' ({f.hint})' if f.hint else ''}\n")


# --- asking -------------------------------------------------------------------------------------------------------------


@_choosing()
def search(
    query: Annotated[str, typer.Argument(help='Words; "a phrase"; -word for what must not occur.')],
    db: Db,
    form: Format = Form.text,
    order: Annotated[Sort, typer.Option("--order", help="ranked shows one claim an event.")] = Sort.ranked,
    limit: Limit = 20,
    after: Cursor = None,
    *,
    chosen: Filters,
) -> None:
    """Find claims by words and filters."""
    from waqai.query import search as ask

    with _store(db) as store:
        hits = ask(store, query, chosen, order=order.value, cursor=after, limit=limit)
    if form is Form.json:
        json_out(hits)
    elif form is Form.csv:
        claims_csv(hits.items)
    else:
        for claim in hits.items:
            put(claim_text(claim))
        put(f"{hits.total if hits.exact else f'more than {hits.total}'} claims" + more(hits.next))


@_choosing()
def timeline(
    db: Db,
    words: Annotated[str, typer.Argument(metavar="[QUERY]", help="Words that must occur.")] = "",
    form: Format = Form.text,
    order: Annotated[Sort, typer.Option("--order", help="newest or oldest first.")] = Sort.oldest,
    limit: Limit = 50,
    after: Cursor = None,
    *,
    chosen: Filters,
) -> None:
    """List merged events by day."""
    from waqai.query import timeline as ask

    with _store(db) as store:
        found = ask(store, chosen, q=words, order=order.value, cursor=after, limit=limit)
    events(found.items, found, form, more(found.next))


def event(id: Annotated[str, typer.Argument(help="Id of an event or claim.")], db: Db, form: Format = Form.text) -> None:
    """Print one merged event: its claims and where they differ."""
    from waqai.query import event as ask

    with _store(db) as store:
        page = ask(store, id)
    if form is Form.json:
        json_out(page)
    elif form is Form.csv:
        claims_csv(page.claims)
    else:
        put(event_text(page.event))
        for d in page.differences:
            put(f"  differs in {d.what}: " + "; ".join(f"{v} ({len(c)})" for v, c in d.values.items()) + "\n")
        for claim in page.claims:
            put(claim_text(claim))


def actor(
    name: Annotated[str, typer.Argument(help="Name, or id such as a12.")], db: Db, form: Format = Form.text
) -> None:
    """Print what is known of a person, body or state: offices, names, whom with, events."""
    from waqai.query import actor as ask

    with _store(db) as store:
        page = ask(store, name)
    if form is Form.json:
        json_out(page)
        return
    if form is Form.csv:
        events(page.events, page, form, "")
        return
    a = page.actor
    put(f"{a.name} ({a.id}, {a.kind}, {a.country or '?'}): {a.claims} claims in {a.documents} articles\n")
    for o in page.offices:
        put(f"  office: {o.office} ({o.first or '?'} to {o.last or '?'}, {o.documents})\n")
    for n in page.names[:20]:
        put(f"  called: {n.text} ({n.outlet or '?'}, {n.n}){' loaded' if n.loaded else ''}\n")
    for w in page.with_actors[:10]:
        put(f"  with: {w.name}\n")
    for e in page.events:
        put(event_text(e))
    for o2 in page.others:
        put(f"also called so: {o2.name} ({o2.id}, {o2.kind}, {o2.country or '?'}), {o2.claims} claims\n")


@_choosing("country", "pair", "outlet", "date_from", "date_to")
def agreements(
    db: Db, form: Format = Form.text, limit: Limit = 50, after: Cursor = None, *, chosen: Filters
) -> None:
    """List agreements, one row each over its life."""
    from waqai.query import agreements as ask

    with _store(db) as store:
        found = ask(store, chosen, cursor=after, limit=limit)
    head = ["id", "kind", "parties", "status", "date", "title", "areas", "outlets", "url"]
    rows = [[a.id, a.kind, " ".join(a.parties), a.status, a.date, a.title, "; ".join(a.areas), a.outlets, a.evidence.document.url]
            for a in found.items]  # fmt: skip
    table(found, head, rows, form, more(found.next))


@_choosing("country", "pair", "outlet", "date_from", "date_to")
def visits(
    db: Db, form: Format = Form.text, limit: Limit = 50, after: Cursor = None, *, chosen: Filters
) -> None:
    """List visits."""
    from waqai.query import visits as ask

    with _store(db) as store:
        found = ask(store, chosen, cursor=after, limit=limit)
    head = ["id", "visitors", "from", "hosts", "date", "date_end", "status", "outlets", "url"]
    rows = [["; ".join(v.visitors), " ".join(v.countries), " ".join(v.hosts), v.date, v.date_end, v.status, v.outlets,
             v.evidence.document.url] for v in found.items]  # fmt: skip
    table(found, head, [[v.id, *r] for v, r in zip(found.items, rows, strict=True)], form, more(found.next))


@_choosing("country", "pair", "outlet", "date_from", "date_to")
def deals(
    db: Db, form: Format = Form.text, limit: Limit = 50, after: Cursor = None, *, chosen: Filters
) -> None:
    """List contracts and purchases."""
    from waqai.query import deals as ask

    with _store(db) as store:
        found = ask(store, chosen, cursor=after, limit=limit)
    head = ["id", "parties", "object", "amount", "currency", "date", "status", "outlets", "url"]
    rows = [["; ".join(d.parties), d.object, d.amount, d.currency, d.date, d.status, d.outlets, d.evidence.document.url]
            for d in found.items]  # fmt: skip
    table(found, head, [[d.id, *r] for d, r in zip(found.items, rows, strict=True)], form, more(found.next))


def relation(
    a: Annotated[str, typer.Argument(help="A country.")],
    b: Annotated[str, typer.Argument(help="Another.")],
    db: Db,
    at: Annotated[str | None, typer.Option("--at", metavar="DATE", help="The state at the end of this date.")] = None,
    form: Format = Form.text,
) -> None:
    """Print the diplomatic relations of two countries as dated steps, and what else is between them."""
    from waqai.query import relation as ask

    with _store(db) as store:
        page = ask(store, a, b, at=at)
    if form is Form.json:
        json_out(page)
        return
    head = ["date", "change", "level", "state", "status", "event", "outlets", "independent", "url", "sentence"]
    rows = [[s.date, s.change, s.level, s.state, s.status, s.event, s.outlets, s.independent, s.evidence[0].document.url,
             s.evidence[0].sentence.text] for s in page.steps]  # fmt: skip
    if form is Form.csv:
        csv_out(head, rows)
        return
    when = f" at {at}" if at else ""
    put(f"{page.pair[0]} – {page.pair[1]}{when}: {page.state or 'unknown'}{f' since {page.since}' if page.since else ''}\n")
    for s in page.steps:
        put(f"  {s.date or 'undated':10} {s.change} → {s.state}{'' if s.actual else f' ({s.status})'}, {s.outlets} outlets, "
               f"{s.independent} independent\n    {s.evidence[0].sentence.text}\n")  # fmt: skip
    put(f"{page.events} events, {len(page.agreements)} agreements, {len(page.visits)} visits, {len(page.deals)} deals\n")
    for m in page.months[-24:]:
        mean = "" if m.intensity is None else f"{m.intensity:+.1f}"
        put(f"  {m.month} {m.cooperation:5} cooperation {m.conflict:5} conflict  intensity {mean}\n")


def names(country: Annotated[str, typer.Argument(help="Code or name.")], db: Db, form: Format = Form.text, limit: Limit = 200) -> None:
    """Print what each outlet calls the actors of a country."""
    from waqai.query import names as ask

    with _store(db) as store:
        found = ask(store, country, limit)
    rows = [[n.outlet, n.text, n.n, "loaded" if n.loaded else "", n.actor] for n in found.items]
    table(found, ["outlet", "text", "n", "loaded", "actor"], rows, form, "")
