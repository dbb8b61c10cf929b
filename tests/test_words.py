"""Every example of every word file, and how a wrong one is told."""

import shutil
import tomllib
from pathlib import Path

import pytest

from waqai import checks, words
from waqai.checks.base import Stage, place_of
from waqai.checks.triggers import check_triggers
from waqai.errors import WordsError
from waqai.words import Words

FLOORS = tomllib.loads((Path(__file__).parents[1] / "evals/floors.toml").read_text(encoding="utf-8"))["ceiling"]
ENTRY = """[[trigger]]
verb = "أدان"
root = "دين"
pattern = "IV"
type = "ACCUSE"
with = [
  "هجوم",
]

"""


@pytest.fixture(scope="module")
def report():
    return checks.run()


@pytest.fixture
def folder(tmp_path):
    """A folder of words with one trigger file, to be written by the test."""
    (tmp_path / "triggers").mkdir()
    shutil.copy(words.FOLDER / "ontology.toml", tmp_path)

    def write(examples):
        (tmp_path / "triggers/accuse.toml").write_text(ENTRY + examples, encoding="utf-8")
        return tmp_path

    return write


def run(folder):
    source = Words.load(folder)
    return check_triggers(source, Stage(source, folder))


def test_all_classes_of_examples_are_run(report):
    wanted = {
        "trigger", "trigger trap", "agent", "name trap", "loaded wording", "saying", "attribution", "unnamed source", "status",
        "light verb", "context", "time", "time trap", "residue",
    }  # fmt: skip
    assert {k for k, n in report.run.items() if n > 10} == wanted


def test_no_more_examples_fail_than_the_ceiling(report):
    assert len(report.misses) <= FLOORS["examples misses"], "\n".join(map(str, report.misses))


def test_no_more_traps_are_left_to_the_scorer_than_the_ceiling(report):
    assert len(report.left) <= FLOORS["examples left to the scorer"]


def test_more_than_98_of_100_examples_hold(report):
    assert 1 - len(report.misses) / sum(report.run.values()) > 0.98


def test_an_example_that_holds_is_not_told(folder):
    found = run(folder('[[trigger.example]]\ntext = "أدانت الوزارة الهجوم على السفارة."\n'))
    assert (found.misses, found.left, found.run["trigger"]) == ([], [], 1)


def test_an_example_whose_condition_is_not_met_is_told_with_file_and_line(folder):
    (miss,) = run(folder('[[trigger.example]]\ntext = "أدانت الوزارة التصريح."\n')).misses
    assert miss.at == "triggers/accuse.toml:10"
    assert "conditions" in miss.why


def test_an_example_that_no_rule_could_see_is_told(folder):
    (miss,) = run(folder('[[trigger.example]]\ntext = "استنكرت الوزارة الهجوم."\n')).misses
    assert "no rule could ever see it" in miss.why


def test_a_word_that_is_not_in_the_text_is_told(folder):
    (miss,) = run(folder('[[trigger.example]]\ntext = "أدانت الوزارة الهجوم."\nword = "يدين"\n')).misses
    assert "«يدين»" in miss.why


def test_a_trap_that_the_conditions_keep_out_holds(folder):
    found = run(folder('[[trigger.example]]\ntext = "أدانت المحكمة المتهم."\ntype = "SANCTION"\n'))
    assert (found.misses, found.left, found.run["trigger trap"]) == ([], [], 1)


def test_a_trap_that_the_words_do_not_tell_is_left_to_the_scorer(folder):
    (left,) = run(folder('[[trigger.example]]\ntext = "أدانت المحكمة متهما بالهجوم."\ntype = "SANCTION"\n')).left
    assert "only the scorer" in left.why


def test_a_party_that_the_text_does_not_name_is_told(folder):
    (miss,) = run(folder('[[trigger.example]]\ntext = "أدانت مصر الهجوم."\nactor = "FRA"\n')).misses
    assert "no party of actor FRA" in miss.why


def test_the_second_example_has_its_own_line(folder):
    path = folder('[[trigger.example]]\ntext = "أ"\n\n[[trigger.example]]\ntext = "ب"\n')
    assert place_of(path, "triggers/accuse.toml:1", 1) == "triggers/accuse.toml:13"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('colour = "red"\n', "colour"),
        ('[[trigger.example]]\ntext = "أ"\nkolor = "x"\n', "kolor"),
        ("[[verb]]\n", "unknown table 'verb'"),
    ],
)
def test_an_unknown_key_does_not_load(folder, text, told):
    with pytest.raises(WordsError, match=told):
        Words.load(folder(text))


def test_an_unknown_mode_does_not_load(folder):
    path = folder("")
    file = path / "triggers/accuse.toml"
    file.write_text(file.read_text(encoding="utf-8").replace('type = "ACCUSE"', 'type = "ACCUSE"\nmode = "riot"'), encoding="utf-8")
    with pytest.raises(WordsError, match=r"accuse\.toml:1.*riot"):
        Words.load(path)


def test_broken_toml_is_told_with_its_file(folder):
    with pytest.raises(WordsError, match=r"accuse\.toml"):
        Words.load(folder("[[trigger.example\n"))
