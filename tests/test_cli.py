"""The command line: formats, exit codes, what goes to which stream."""

import json
import os
import subprocess
import sys

import jsonschema
import pytest
from typer.testing import CliRunner

from waqai.cli import app

TEXT = "وصل وزير الخارجية إلى المدينة صباح اليوم.\nوقال إن الاتفاق يوقع غدا.\n"


@pytest.fixture
def run():
    return lambda *args, **kw: CliRunner().invoke(app, [str(a) for a in args], **kw)


@pytest.fixture
def article(tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_jsonl_is_one_record_a_line(run, article):
    result = run("read", article, article, "--format", "jsonl", "--published", "2021-11-24")
    records = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 0
    assert [r["document"]["text"] for r in records] == [TEXT, TEXT]
    assert records[0]["document"]["published_basis"] == "given"


def test_json_is_one_list(run, article):
    assert len(json.loads(run("read", article, article, "--format", "json").stdout)) == 2


def test_json_of_nothing_is_an_empty_list(run):
    assert json.loads(run("read", "missing", "--format", "json").stdout) == []


def test_records_of_the_demo_keep_to_the_schema(run):
    schema = json.loads(run("schema").stdout)
    lines = run("demo", "--format", "jsonl").stdout.splitlines()
    assert len(lines) >= 6
    for line in lines:
        jsonschema.validate(json.loads(line), schema)


def test_every_span_of_the_demo_slices_back(run):
    def spans(value):
        if isinstance(value, dict):
            if {"start", "end", "text"} <= value.keys():
                yield value
            for v in value.values():
                yield from spans(v)
        elif isinstance(value, list):
            for v in value:
                yield from spans(v)

    for line in run("demo", "--format", "jsonl").stdout.splitlines():
        record = json.loads(line)
        text = record["document"]["text"]
        assert all(text[s["start"] : s["end"]] == s["text"] for s in spans(record))


def test_a_failure_is_one_line_and_the_rest_is_read(run, article):
    result = run("read", "missing.txt", article, "--format", "jsonl")
    assert result.exit_code == 1
    assert len(result.stdout.splitlines()) == 1
    assert result.stderr.splitlines()[0].startswith("waqai: missing.txt: no such file")
    assert "1 read, 1 failed" in result.stderr


def test_quiet_leaves_only_failures_on_standard_error(run, article):
    assert run("read", article, article, "--quiet").stderr == ""


@pytest.mark.parametrize("args", [("--published", "tomorrow"), ("--kind", "pdf"), ("--format", "xml")])
def test_a_wrong_option_is_exit_code_2(run, article, args):
    assert run("read", article, *args).exit_code == 2


def test_out_writes_a_file(run, article, tmp_path):
    out = tmp_path / "out.jsonl"
    assert run("read", article, "--format", "jsonl", "--out", out).exit_code == 0
    assert json.loads(out.read_text(encoding="utf-8"))["document"]["text"] == TEXT


def test_out_that_cannot_be_written_is_said(run, article, tmp_path):
    result = run("read", article, "--out", tmp_path / "no" / "out")
    assert result.exit_code == 2
    assert "cannot write" in result.stderr


def test_standard_input(run):
    result = run("read", "-", "--format", "jsonl", input=TEXT)
    assert json.loads(result.stdout)["document"]["source"] == "standard input"


def test_text_when_piped_has_no_colour_codes(run):
    assert "\x1b" not in run("demo").stdout


def test_check_runs_the_examples(run):
    result = run("check")
    assert result.exit_code == (1 if result.stdout.strip() else 0)


@pytest.mark.parametrize("verb", ["times", "actors", "code", "explain"])
def test_views_of_one_text_run(run, verb):
    assert run(verb, "وقعت مصر والأردن اتفاقا في عمّان أمس.", "--published", "2021-11-24").exit_code == 0


def test_a_view_of_a_text_that_is_not_arabic_is_refused(run):
    result = run("times", "no Arabic here")
    assert result.exit_code == 2
    assert "not Arabic" in result.stderr


def test_help_imports_nothing_heavy():
    heavy = ("lxml", "trafilatura", "numpy", "feedparser", "waqai.words")
    code = f"import sys, waqai.cli; print([m for m in {heavy} if m in sys.modules])"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ)
    assert out.stdout.strip() == "[]"


def test_what_stops_the_run_is_one_line(monkeypatch, capsys):
    import waqai.cli
    from waqai.errors import ModelError

    def broken():
        raise ModelError("models.toml: another hash; reinstall waqai")

    monkeypatch.setattr(waqai.cli, "app", broken)
    with pytest.raises(SystemExit) as stopped:
        waqai.cli.main()
    assert stopped.value.code == 2
    assert capsys.readouterr().err == "waqai: models.toml: another hash; reinstall waqai\n"
