"""The commands on a store: output for people and programs, exit codes, errors in one line."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
import typer
from store_samples import attack, severs
from typer.testing import CliRunner, Result

from waqai.clistore import register
from waqai.store import Store

app = typer.Typer()
register(app)


@pytest.fixture
def db(tmp_path: Path) -> str:
    path = str(tmp_path / "news.db")
    with Store.open(path, "rw") as store:
        store.add_all([severs("الأولى"), severs("الثانية"), attack("=الثالثة", 3)])
        store.remerge()
    return path


def call(*args: str) -> Result:
    return CliRunner().invoke(app, list(args))


ASKS = {
    "status": ["status"], "search": ["search", "قطع"], "timeline": ["timeline"], "relation": ["relation", "MAR", "IRN"],
    "agreements": ["agreements"], "visits": ["visits"], "deals": ["deals"], "names": ["names", "المغرب"], "actor": ["actor", "المغرب"],
    "verify": ["verify"],
}  # fmt: skip


@pytest.mark.parametrize("name", ASKS)
def test_each_question_in_all_three_formats(db: str, name: str) -> None:
    for form in ("text", "json", "csv"):
        result = call(*ASKS[name], "--db", db, "--format", form)
        assert result.exit_code == 0, result.output
        if form == "json":
            json.loads(result.stdout)
        if form == "csv":
            assert len({len(row) for row in csv.reader(io.StringIO(result.stdout))}) == 1


def test_search_goes_on_after_a_cursor(db: str) -> None:
    first = json.loads(call("search", "قطع", "--db", db, "--order", "newest", "-n", "1", "-f", "json").stdout)
    second = json.loads(call("search", "قطع", "--db", db, "--order", "newest", "-n", "1", "-f", "json", "--after", first["next"]).stdout)
    assert first["items"][0]["id"] != second["items"][0]["id"]
    assert second["next"] is None


def test_filters_reach_the_question(db: str) -> None:
    found = json.loads(call("timeline", "--db", db, "-f", "json", "--pair", "MAR", "IRN", "--type", "SANCTION").stdout)
    assert [e["outlets"] for e in found["items"]] == [2]


def test_a_cell_that_begins_like_a_formula_is_quoted(db: str) -> None:
    rows = list(csv.DictReader(io.StringIO(call("search", "هجوم", "--db", db, "-f", "csv").stdout)))
    assert rows[0]["outlet"] == "'=الثالثة"


def test_judging_and_taking_it_back(db: str) -> None:
    ids = [c["id"] for c in json.loads(call("search", "قطع", "--db", db, "--order", "newest", "-f", "json").stdout)["items"]]
    assert call("judge", "different", *ids, "--db", db).exit_code == 0
    assert len(json.loads(call("event", ids[0], "--db", db, "-f", "json").stdout)["claims"]) == 1
    assert call("judge", "undo", *ids, "--db", db).exit_code == 0
    assert len(json.loads(call("event", ids[0], "--db", db, "-f", "json").stdout)["claims"]) == 2


def test_merge_rebuild_gives_the_same(db: str) -> None:
    before = call("timeline", "--db", db, "-f", "json").stdout
    assert call("merge", "--db", db, "--rebuild").exit_code == 0
    assert call("timeline", "--db", db, "-f", "json").stdout == before


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        (["relation", "XYZ", "MAR"], 2, "country: 'XYZ' is unknown"),
        (["relation", "MAR", "IRN", "--at", "soon"], 2, "at: 'soon' is no date"),
        (["search", "x", "--from", "2021-99"], 2, "date_from"),
        (["actor", "لا أحد"], 2, "nobody is called"), (["event", "zzz"], 2, "no event"),
        (["timeline", "--type", "WAR"], 2, "type: 'WAR' is unknown"), (["judge", "same", "a", "b"], 1, "no claim or event"),
        (["build"], 2, "nothing to read"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_one_line_and_a_code(db: str, args: list[str], code: int, said: str) -> None:
    result = call(*args, "--db", db)
    assert result.exit_code == code
    assert said in result.stderr
    assert len(result.stderr.strip().splitlines()) == 1


def test_a_store_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    result = call("status", "--db", str(tmp_path / "none.db"))
    assert result.exit_code == 1
    path = f"{tmp_path}/none.db"
    assert result.stderr.strip().splitlines() == [f"waqai: no store at {path}: make one with `waqai build INPUT --db {path}`"]


def test_verify_exits_with_1_where_there_is_a_fault(db: str) -> None:
    with Store.open(db, "rw") as store:
        store.db.run("DELETE FROM merged_claims WHERE claim = 1")
    assert call("verify", "--db", db).exit_code == 1
