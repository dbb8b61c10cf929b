"""The viewer of the API's description: a page made on the server, from the OpenAPI document itself."""

from __future__ import annotations

from typing import Any

from litestar import Request
from litestar.openapi.plugins import OpenAPIRenderPlugin

from waqai.web.ask import Question
from waqai.web.render import render
from waqai.web.settings import Settings

__all__ = ["Viewer"]


class Viewer(OpenAPIRenderPlugin):
    """Shows the endpoints and types of the API at /schema."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(path="/", media_type="text/html")  # type: ignore[arg-type]
        self.settings = settings

    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        """Return the page."""
        ask = Question(lang="en" if request.query_params.get("lang") == "en" else "ar")
        types = {name: _fields(s) for name, s in openapi_schema.get("components", {}).get("schemas", {}).items()}
        return render("schema.html", self.settings, ask, "/schema", operations=list(_operations(openapi_schema)), types_=types)


def _operations(document: dict[str, Any]) -> Any:
    for path, methods in document.get("paths", {}).items():
        for method, op in methods.items():
            answers = [(code, _answer(r)) for code, r in op["responses"].items()]
            example = path if method == "get" and "{" not in path else None
            yield path, method, {"parameters": [], "summary": "", "description": "", **op, "answers": answers, "example": example}


def _answer(response: dict[str, Any]) -> str:
    contents = list(response.get("content", {}).values())
    return _ref(contents[0].get("schema", {})) if contents else ""


def _ref(schema: dict[str, Any]) -> str:
    ref = schema.get("$ref") or schema.get("items", {}).get("$ref") or ""
    if not ref:
        ref = next((s["$ref"] for s in schema.get("oneOf", schema.get("anyOf", [])) if "$ref" in s), "")
    return str(ref).rsplit("/", 1)[-1]


def _fields(schema: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [(name, _said(s), _ref(s)) for name, s in schema.get("properties", {}).items()]


def _said(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return _ref(schema)
    if "enum" in schema:
        return ", ".join(map(str, schema["enum"]))
    if schema.get("type") == "array":
        return f"list of {_said(schema.get('items', {}))}"
    kinds = schema.get("oneOf") or schema.get("anyOf")
    if kinds:
        return " or ".join(_said(k) for k in kinds)
    kind = schema.get("type", "object")
    return " or ".join(kind) if isinstance(kind, list) else str(kind)
