"""The commands `serve` and `mcp`. Nothing heavy is imported before one of them runs."""

from __future__ import annotations

import ipaddress
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from waqai.web.settings import Search

__all__ = ["register"]

Db = Annotated[str, typer.Option("--db", metavar="FILE", help="The store: a file, or postgresql://user@host/name.")]


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    app.command()(serve)
    app.command()(mcp)


def serve(
    db: Db,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port to listen on.")] = 8080,
    url: Annotated[str | None, typer.Option(metavar="URL", help="Public address behind a proxy, with its path.")] = None,
    edit: Annotated[bool, typer.Option("--edit", help="Let readers judge which claims are one event.")] = False,
    token: Annotated[str | None, typer.Option(envvar="WAQAI_TOKEN", help="What editors must show, with --edit.")] = None,
    topojson: Annotated[Path | None, typer.Option(metavar="FILE", help="TopoJSON whose first object the map draws.")] = None,
    searches: Annotated[Path | None, typer.Option(metavar="FILE", help='TOML of saved searches: [[search]] with name and query.')] = None,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Server processes; each has a reader of its own.")] = 1,
    timeout: Annotated[float, typer.Option(min=0.1, help="Seconds that an answer may take.")] = 20.0,
) -> None:
    """Open the record as a web site with a REST API. Nothing is requested from another host."""
    try:
        import msgspec
        import uvicorn

        from waqai.web.app import ENVIRONMENT
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("waqai"):
            raise
        _refuse(f"the web interface needs more packages ({error.name} is missing): pip install 'waqai[web]'")
    from waqai.web.settings import Settings

    if edit and not token and not _loopback(host):
        _refuse("--edit on an address that others reach needs --token (or WAQAI_TOKEN)")
    if url is not None and not url.startswith(("http://", "https://")):
        _refuse(f"--url {url!r} is no address: write it whole, such as https://news.example/waqai")
    settings = Settings(
        db=db, url=url.rstrip("/") if url else None, edit=edit, token=token or None, topojson=_shapes(topojson),
        searches=_searches(searches), timeout=timeout,
    )  # fmt: skip
    from waqai.store import Store

    Store.open(db).close()  # what is wrong with the store is better said here than on every page
    shown = f"[{host}]" if ":" in host else host
    typer.echo(f"Waqai at http://{shown}:{port}{settings.prefix}/ (Ctrl-C to stop)", err=True)
    os.environ[ENVIRONMENT] = msgspec.json.encode(settings).decode()
    uvicorn.run("waqai.web.app:from_environment", factory=True, host=host, port=port, workers=workers, log_level="warning",
                server_header=False, proxy_headers=False)  # fmt: skip


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _shapes(file: Path | None) -> str | None:
    if file is None:
        return None
    import msgspec

    try:
        found = msgspec.json.decode(file.read_bytes())
    except (OSError, msgspec.DecodeError) as error:
        _refuse(f"--topojson {file}: {error}: give a TopoJSON file")
    if not isinstance(found, dict) or found.get("type") != "Topology" or not found.get("objects"):
        _refuse(f"--topojson {file} is no TopoJSON: its type must be Topology")
    return str(file)


def _searches(file: Path | None) -> list[Search]:
    if file is None:
        return []
    import tomllib
    from urllib.parse import parse_qsl

    import msgspec

    from waqai.errors import QueryError
    from waqai.web.ask import question
    from waqai.web.settings import Search

    try:
        found = msgspec.convert(tomllib.loads(file.read_text(encoding="utf-8")).get("search", []), list[Search])
        for one in found:
            question(parse_qsl(one.query))
    except (OSError, ValueError, msgspec.ValidationError, QueryError) as error:
        _refuse(f"--searches {file}: {error}")
    return found


def mcp(db: Db) -> None:
    """Answer an assistant's questions to the record over standard input and output (MCP), read-only."""
    try:
        from waqai.mcp import server
    except ModuleNotFoundError as error:
        if (error.name or "").startswith("waqai"):
            raise
        _refuse(f"the MCP server needs more packages ({error.name} is missing): pip install 'waqai[mcp]'")
    from waqai.store import Store

    Store.open(db).close()
    server(db).run()


def _refuse(message: str) -> NoReturn:
    typer.echo(f"waqai: {message}", err=True)
    raise typer.Exit(2)
