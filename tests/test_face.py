"""The public face: what `waqai` exports, and that it costs nothing until it is used."""

import json
import subprocess
import sys

import pytest

import waqai


@pytest.mark.parametrize("name", waqai.__all__)
def test_every_exported_name_is_there(name):
    assert getattr(waqai, name) is not None


def test_nothing_else_is_offered():
    assert dir(waqai) == sorted(waqai.__all__)


def test_a_name_that_is_not_there_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'raed'"):
        _ = waqai.raed


def test_importing_loads_no_module_of_the_package():
    code = "import sys, waqai; print(sorted(m for m in sys.modules if m.startswith('waqai.')))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"


def test_annotate_is_the_function_after_its_module_was_imported():
    code = "import waqai.annotate, waqai; print(callable(waqai.annotate))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "True"


def test_read_yields_a_record_for_an_article():
    (record,) = waqai.read("وصل وزير الخارجية الأردني إلى بغداد أمس الاثنين.", published="2021-11-23", outlet="البيان")
    assert record.document.outlet == "البيان"
    assert [t.value for t in record.times] == ["2021-11-22"]


def test_read_yields_a_failure_for_what_cannot_be_read(tmp_path):
    (failure,) = waqai.read(tmp_path / "missing.html")
    assert isinstance(failure, waqai.Failure)
    assert failure.source.endswith("missing.html")


def test_read_refuses_a_malformed_date_at_once():
    with pytest.raises(ValueError, match="2021-13"):
        waqai.read("نص", published="2021-13")


def test_the_module_can_be_run():
    done = subprocess.run([sys.executable, "-m", "waqai", "schema"], capture_output=True, text=True, check=True)
    assert "Record" in json.loads(done.stdout)["$defs"]
