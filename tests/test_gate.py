"""The gate of quality: what it judges, and that floors only rise."""

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FLOORS = {"floor": {"a F1": 0.8}, "ceiling": {"b misses": 3}}


@pytest.fixture(scope="module")
def gate():
    spec = importlib.util.spec_from_file_location("gate", ROOT / "evals/gate.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("measured", [{"a F1": 0.8}, {"a F1": 0.9, "b misses": 3}, {"b misses": 0}])
def test_what_reaches_its_floor_passes(gate, measured):
    assert gate.judge(measured, FLOORS) == []


@pytest.mark.parametrize(
    ("measured", "told"),
    [({"a F1": 0.79}, "a F1: 0.79 is below 0.8"), ({"b misses": 4}, "b misses: 4 is above 3"), ({"c": 1.0}, "c: 1 has no floor")],
)
def test_what_is_worse_or_unknown_is_told(gate, measured, told):
    assert gate.judge(measured, FLOORS) == [told]


def test_raising_keeps_the_better_of_both(gate):
    assert gate.moved({"a F1": 0.7, "b misses": 5}, FLOORS, lower=False) == FLOORS
    assert gate.moved({"a F1": 0.9006, "b misses": 1}, FLOORS, lower=False) == {"floor": {"a F1": 0.895}, "ceiling": {"b misses": 1}}


def test_a_floor_goes_down_only_when_told(gate):
    assert gate.moved({"a F1": 0.7, "b misses": 5}, FLOORS, lower=True) == {"floor": {"a F1": 0.695}, "ceiling": {"b misses": 5}}


@pytest.mark.parametrize(("ci", "code"), [("true", 1), ("", 0)])
def test_without_the_material_it_fails_only_where_it_must_be_there(tmp_path, ci, code):
    done = subprocess.run(
        [sys.executable, ROOT / "evals/gate.py", "--shared", tmp_path / "none"],
        env={"CI": ci, "PATH": ""}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == code
    assert "not checked" in done.stdout
