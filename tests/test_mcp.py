"""The MCP server: its tools are read-only and carry evidence."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

pytest.importorskip("mcp.server.mcpserver", reason="the extra `mcp` is not installed")

from web_samples import fill

from waqai.mcp import Tools, server


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> str:
    return fill(tmp_path_factory.mktemp("mcp") / "s.db")


def test_tools(db: str) -> None:
    tools = asyncio.run(server(db).list_tools())
    assert {t.name for t in tools} == {"search_events", "get_event", "relation", "agreements"}
    assert all(t.description for t in tools)


def test_search_carries_evidence(db: str) -> None:
    found = Tools(db).search_events(country=["IRN"])
    assert found["items"]
    assert all("علاقاته" in c["sentence"] and c["outlet"] and c["content_hash"] for c in found["items"])


def test_event_has_all_claims_and_differences(db: str) -> None:
    tools = Tools(db)
    event = tools.search_events(type=["ASSAULT"])["items"][0]["event"]
    page = tools.get_event(event)
    assert len(page["claims"]) == 2
    assert "dead" in {d["what"] for d in page["differences"]}


def test_relation_and_agreements(db: str) -> None:
    tools = Tools(db)
    assert tools.relation("MAR", "Iran", at="2019")["state"] == "severed"
    assert tools.agreements(country=["EGY"])["items"][0]["evidence"]["sentence"]


def test_a_bad_question_is_told(db: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="country"):
        Tools(db).search_events(country=["Atlantis"])
    with pytest.raises(ValueError, match="no store"):
        Tools(str(tmp_path / "none.db")).agreements()


def test_called_as_an_assistant_does(db: str) -> None:
    got = asyncio.run(server(db).call_tool("relation", {"a": "MAR", "b": "IRN"}))
    assert "severed" in str(got)
