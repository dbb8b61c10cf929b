"""The name tagger: shipped weights, what they find, and that the pruned search is the full one."""

from __future__ import annotations

import functools
import hashlib
import tomllib

import numpy as np
import pytest

from waqai.errors import ModelError
from waqai.text import sentences
from waqai.who import Lexicon, build, tagger
from waqai.who.tagger import MODELS, Tagger, load
from waqai.words import State, Words


@functools.lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    return build(Words(states=[State(code="FRA", name="فرنسا", en="France", demonym=["فرنسي"])]))


def found(text: str) -> list[tuple[str, str]]:
    sents = sentences(text)
    return [
        (" ".join(t.norm for t in s.tokens[n.first : n.last]), n.label)
        for s, names in zip(sents, load().spans(sents, lexicon()), strict=True)
        for n in names
    ]


def test_the_weights_are_those_of_models_toml() -> None:
    entry = tomllib.loads((MODELS / "models.toml").read_text(encoding="utf-8"))["tagger"]
    data = (MODELS / entry["file"]).read_bytes()
    assert hashlib.sha256(data).hexdigest() == entry["sha256"]
    assert len(data) < 10_000_000
    assert entry["licence"] == "CC BY-SA 4.0"


def test_a_wrong_hash_stops_the_run(monkeypatch: pytest.MonkeyPatch, tmp_path) -> None:
    (tmp_path / "tagger.npz").write_bytes(b"x")
    (tmp_path / "models.toml").write_text((MODELS / "models.toml").read_text(encoding="utf-8"), encoding="utf-8")
    monkeypatch.setattr(tagger, "MODELS", tmp_path)
    with pytest.raises(ModelError, match=r"tagger\.npz.*train_tagger"):
        load.__wrapped__()


def test_a_person_no_list_has_is_found() -> None:
    assert ("خالد الزهراني", "PER") in found("وقال المدير خالد الزهراني إن العمل انتهى.")


def test_a_surname_is_found_again_with_its_conjunction() -> None:
    text = "وصل المهندس خالد الزهراني أمس. ثم تحدث الزهراني والزهراني."
    assert [name for name, label in found(text) if label == "PER"].count("الزهراني") >= 1


def test_the_pruned_search_finds_what_the_full_one_does() -> None:
    texts = ["التقى سمير الخوري وزير المالية في بلدة تبنين قرب صور يوم الأحد.", "أعلنت شركة النجم الأبيض فوز نادي الصفاء على العهد."]
    data = (MODELS / "tagger.npz").read_bytes()
    fast, full = Tagger(data), Tagger(data)
    full.slack = full.slack + np.float32(1000.0)
    for text in texts:
        assert fast.spans(sentences(text), lexicon()) == full.spans(sentences(text), lexicon())


def test_no_text_no_names() -> None:
    assert load().spans([], lexicon()) == []
