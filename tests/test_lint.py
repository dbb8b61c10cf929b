"""What the lint finds in a word file, each on a file of its own."""

import shutil

import pytest

from waqai import words
from waqai.checks.lint import check_lint
from waqai.words import FOLDER, Words

EXAMPLE = '\n[[trigger.example]]\ntext = "شجب الوزير القرار."\n'
NOUN = '[[trigger]]\nnoun = [\n  "شجب",\n]\ntype = "ACCUSE"\n' + EXAMPLE


@pytest.fixture
def lint(tmp_path):
    """Write files into a folder of words and return what the lint says."""
    shutil.copy(words.FOLDER / "ontology.toml", tmp_path)

    def run(**files):
        for name, text in files.items():
            path = tmp_path / (name.replace("__", "/") + ".toml")
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return [f"{m.at} {m.why}" for m in check_lint(Words.load(tmp_path), tmp_path)]

    return run


def test_the_words_that_ship_are_clean():
    assert [str(m) for m in check_lint(Words.load(), FOLDER)] == []


def test_a_clean_file_has_no_finding(lint):
    assert lint(triggers__accuse=NOUN) == []


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("ﺷﺠﺐ", "presentation form"),
        ("\u202bشجب", "bidirectional control"),
        ("شـجب", "tatweel"),
        ("شج\u200bب", "zero-width"),
        ("شجک", "Persian"),
    ],
)
def test_characters_that_match_nothing_are_told_with_their_line(lint, given, told):
    (found,) = lint(triggers__accuse=NOUN.replace('"شجب"', f'"{given}"'))
    assert found.startswith("triggers/accuse.toml:3 ")
    assert told in found


def test_tatweel_before_a_number_is_spelling(lint):
    assert lint(triggers__accuse=NOUN.replace("القرار", "القرار الـ22")) == []


def test_one_folded_form_in_two_entries_of_a_type_is_told(lint):
    (found,) = lint(triggers__accuse=NOUN + "\n" + NOUN)
    assert "triggers/accuse.toml:1 too" in found


def test_one_form_under_different_conditions_is_two_entries(lint):
    other = NOUN.replace('type = "ACCUSE"', 'type = "ACCUSE"\nwith = [\n  "القرار",\n]')
    assert lint(triggers__accuse=NOUN + "\n" + other) == []


def test_spellings_that_fold_to_one_form_are_one(lint):
    agent = '[[agent]]\nnoun = "{}"\nsector = "MED"\n\n[[agent.example]]\ntext = "وصل الطبيب."\nword = "الطبيب"\n\n'
    (found,) = lint(agents=agent.format("أخصائي") + agent.format("اخصائى"))
    assert "too (agent)" in found


def test_an_entry_without_example_is_told(lint):
    (found,) = lint(triggers__accuse=NOUN.replace(EXAMPLE, ""))
    assert found == "triggers/accuse.toml:1 has no example: write a sentence in which it counts"


@pytest.mark.parametrize(
    ("key", "told"),
    [
        ('actor = "EGP"', "no country code"),
        ('status = "done"', "no status"),
        ('type = "CONDEMN"', "no PLOVER type"),
    ],
)
def test_codes_of_examples_that_do_not_exist_are_told(lint, key, told):
    (found,) = lint(triggers__accuse=NOUN + key + "\n")
    assert found.startswith("triggers/accuse.toml:7 ")
    assert told in found


@pytest.mark.parametrize(
    ("key", "told"), [('record = "treaty"', "no record"), ("prior = 1.5", "no share"), ('actor = "agent"', "nor a preposition")]
)
def test_keys_of_a_trigger_outside_their_lists_are_told(lint, key, told):
    (found,) = lint(triggers__accuse=NOUN.replace('type = "ACCUSE"', f'type = "ACCUSE"\n{key}'))
    assert told in found


def test_a_country_of_an_organisation_that_does_not_exist_is_told(lint):
    (found,) = lint(actors__x='[[org]]\nname = "هيئة الماء"\ncountry = "XXX"\n')
    assert found == "actors/x.toml:1 is no country code"


def test_a_line_that_begins_with_arabic_is_told(lint):
    (found,) = lint(triggers__accuse=NOUN.replace('"شجب الوزير القرار."', '"""\nشجب الوزير القرار."""'))
    assert "begins with Arabic" in found


def test_an_unknown_class_of_cue_is_told(lint):
    cue = '[[cue]]\nclass = "soon"\nwords = [\n  "قريبا",\n]\n\n[[cue.example]]\ntext = "يصل قريبا."\nword = "قريبا"\n'
    (found,) = lint(stance=cue)
    assert "no class and scope of a cue" in found
