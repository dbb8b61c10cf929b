"""The application: handlers, errors, the API's own description, and the gate that every request passes."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import msgspec
from litestar import Litestar, Request, Response
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.static_files import create_static_files_router

import waqai
from waqai.web import api, edit, pages
from waqai.web.ask import Question
from waqai.web.problems import problem_of, said
from waqai.web.render import render
from waqai.web.schema import Viewer
from waqai.web.settings import MOST_PASTE, Settings
from waqai.web.site import Site

__all__ = ["ENVIRONMENT", "create_app", "from_environment"]

ENVIRONMENT = "WAQAI_SERVE"
"""The variable that hands the settings to the processes of one server."""

_STATIC = Path(__file__).parent / "static"
_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'self'"
)
_HEADERS = (
    (b"content-security-policy", _CSP.encode()), (b"x-content-type-options", b"nosniff"), (b"referrer-policy", b"same-origin"),
    (b"x-frame-options", b"SAMEORIGIN"), (b"cross-origin-opener-policy", b"same-origin"),
)  # fmt: skip
_Scope = dict[str, Any]
_Send = Callable[[dict[str, Any]], Awaitable[None]]
_Receive = Callable[[], Awaitable[dict[str, Any]]]


def create_app(settings: Settings) -> Gate:
    """Return the site as an ASGI application."""
    site = Site(settings)
    static = create_static_files_router(path="/static", directories=[_STATIC], include_in_schema=False, cache_control=None)
    app = Litestar(
        route_handlers=[*pages.handlers(site), *api.handlers(site), *edit.handlers(site), static],
        exception_handlers={Exception: lambda request, error: _problem(site, request, error)},
        openapi_config=OpenAPIConfig(
            title="Waqai", version=_version(), path="/schema",
            render_plugins=[JsonRenderPlugin(path="/openapi.json"), Viewer(settings)],
            description="Who did what, to whom, when, where, and according to whom, with the words it was read from.",
        ),
        on_shutdown=[site.close], request_max_body_size=MOST_PASTE, logging_config=None, debug=False,
    )  # fmt: skip
    return Gate(app, site)


def from_environment() -> Gate:
    """Return the site that `waqai serve --workers` described to its processes, ready to read."""
    app = create_app(msgspec.json.decode(os.environ[ENVIRONMENT], type=Settings))
    threading.Thread(target=app.site.reader.warm, daemon=True).start()
    return app


def _version() -> str:
    return str(getattr(waqai, "__version__", "0.1.0"))


def _problem(site: Site, request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    problem = problem_of(error)
    headers = {"Cache-Control": "no-store"}
    if problem.status == 503:
        headers["Retry-After"] = "30"
    path = request.scope["path"]
    if path.startswith(("/api", "/read", "/schema")) or path.endswith((".json", ".csv", ".atom", ".ics")):
        return Response(msgspec.json.encode(problem), status_code=problem.status, media_type="application/json", headers=headers)
    ask = Question(lang="en" if b"lang=en" in request.scope["query_string"] else "ar")
    detail = problem.message if problem.code in ("bad_value", "bad_query", "bad_param") else None
    body = render("problem.html", site.settings, ask, "/", status=problem.status, message=said(problem, ask.lang), detail=detail)
    return Response(body, status_code=problem.status, media_type="text/html", headers=headers)


class Gate:
    """Before the application: the path prefix, HEAD; after it: the headers that keep pages safe."""

    def __init__(self, app: Litestar, site: Site) -> None:
        self.app = app
        self.site = site

    async def __call__(self, scope: _Scope, receive: _Receive, send: _Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)  # type: ignore[arg-type]
            return
        prefix = self.site.settings.prefix
        scope = dict(scope, root_path="")
        if prefix and (scope["path"] == prefix or scope["path"].startswith(prefix + "/")):
            scope["path"] = scope["path"][len(prefix) :] or "/"
            scope["raw_path"] = scope["path"].encode()
        head = scope["method"] == "HEAD"
        if head:
            scope["method"] = "GET"

        async def answer(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                names = {k for k, _ in message["headers"]}
                message["headers"] = [*message["headers"], *(h for h in _HEADERS if h[0] not in names)]
                if scope["path"].startswith("/static/") and b"v=" in scope["query_string"] and message["status"] == 200:
                    message["headers"].append((b"cache-control", b"public, max-age=31536000, immutable"))
            elif head:
                message = dict(message, body=b"")
            await send(message)

        await self.app(scope, receive, answer)  # type: ignore[arg-type]


logging.getLogger("waqai.web").addHandler(logging.NullHandler())
