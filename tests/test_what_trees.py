"""Trees at run time against trees walked by hand, and calibration."""

import hashlib

import msgspec
import numpy as np
import pytest

from waqai.errors import ModelError
from waqai.what.features import Meaning, Shares
from waqai.what.model import load
from waqai.what.trees import Forest, Trees, pack

NODES = np.dtype(
    [
        ("value", "f8"),
        ("feature_idx", "i8"),
        ("num_threshold", "f8"),
        ("left", "u4"),
        ("right", "u4"),
        ("is_leaf", "u1"),
        ("depth", "u4"),
    ]
)
LEFT, RIGHT, DEEP = (-1.0, 0.5, 2.0)


class Tree:
    """x0 <= 0.1: left, else x1 <= 2: right, else deep."""

    nodes = np.array(
        [
            (0.0, 0, 0.1, 1, 2, 0, 0),
            (LEFT, 0, 0.0, 0, 0, 1, 1),
            (0.0, 1, 2.0, 3, 4, 0, 1),
            (RIGHT, 0, 0.0, 0, 0, 1, 2),
            (DEEP, 0, 0.0, 0, 0, 1, 2),
        ],
        dtype=NODES,
    )


class Stump:
    """x1 <= 0: 1, else 10."""

    nodes = np.array([(0.0, 1, 0.0, 1, 2, 0, 0), (1.0, 0, 0.0, 0, 0, 1, 1), (10.0, 0, 0.0, 0, 0, 1, 1)], dtype=NODES)


class Fitted:
    def __init__(self, predictors, baseline):
        self._predictors = predictors
        self._baseline_prediction = np.array(baseline)


ROWS = np.array([[0.0, 5.0], [1.0, 2.0], [1.0, 2.5], [0.1, -1.0]], dtype=np.float32)


def test_every_row_reaches_its_leaf():
    trees = Trees(pack([Fitted([[Tree()]], [[0.25]])]))
    assert trees.raw(ROWS)[:, 0] == pytest.approx([LEFT + 0.25, RIGHT + 0.25, DEEP + 0.25, LEFT + 0.25])


def test_the_trees_of_an_ensemble_are_summed():
    trees = Trees(pack([Fitted([[Tree()], [Stump()]], [[0.0]])]))
    assert trees.raw(ROWS)[:, 0] == pytest.approx([LEFT + 10, RIGHT + 10, DEEP + 10, LEFT + 1])


def test_each_class_has_its_own_trees():
    trees = Trees(pack([Fitted([[Tree(), Stump()]], [[1.0, 2.0]])]))
    assert trees.raw(ROWS[:1]).tolist() == [[LEFT + 1, 12.0]]


def test_probabilities_of_classes_sum_to_one():
    trees = Trees(pack([Fitted([[Tree(), Stump()]], [[0.0, 0.0]])]))
    assert trees.probability(ROWS).sum(axis=1) == pytest.approx([1.0] * 4)


def test_the_probability_of_one_class_is_the_logistic_of_its_score():
    trees = Trees(pack([Fitted([[Tree()]], [[0.0]])]))
    assert trees.probability(ROWS[2:3])[0] == pytest.approx(1 / (1 + np.exp(-DEEP)))


def test_a_forest_comes_back_from_disk_as_it_was():
    forest = pack([Fitted([[Tree()], [Stump()]], [[0.5]])])
    back = msgspec.msgpack.decode(msgspec.msgpack.encode(forest), type=Forest)
    assert back == forest
    assert Trees(back).raw(ROWS).tolist() == Trees(forest).raw(ROWS).tolist()


def test_no_rows_give_no_scores():
    assert Trees(pack([Fitted([[Tree()]], [[0.0]])])).raw(np.zeros((0, 2), dtype=np.float32)).shape == (0, 1)


# --- shares and calibration -----------------------------------------------------------------------------------------------


def test_an_unseen_key_has_the_base_share():
    shares = Shares(table={}, base=0.06)
    assert (shares.share("x", -1), shares.share("x", 3)) == (0.06, pytest.approx(0.02))


def test_a_seen_key_moves_from_the_base_to_its_own_share():
    shares = Shares(table={"x": [16, 3, 8]}, base=0.0)
    assert shares.share("x", 3, weight=4.0) == pytest.approx(8 / 20)
    assert shares.share("x", 5, weight=4.0) == 0.0


def test_what_an_article_gave_is_taken_out_of_its_own_shares():
    shares = Shares(table={"x": [16, 3, 8]}, base=0.0)
    assert shares.share("x", 3, weight=4.0, out={"x": [16, 3, 8]}) == 0.0


def test_confidence_is_interpolated_between_the_points_of_calibration():
    from waqai.what.model import default

    model = default()
    model_x, model_y = model._x, model._y
    assert model_y == sorted(model_y)
    middle = (model_x[0] + model_x[-1]) / 2
    assert 0.0 <= model.calibrated(0.0) <= model.calibrated(middle) <= model.calibrated(1.0) <= 1.0


def test_weights_that_are_missing_are_told(tmp_path):
    with pytest.raises(ModelError, match="cannot be read"):
        load(tmp_path / "none.msgpack")


def test_weights_with_another_hash_are_refused(tmp_path):
    path = tmp_path / "w.msgpack"
    path.write_bytes(b"\x90")
    with pytest.raises(ModelError, match="sha256 differs"):
        load(path, hashlib.sha256(b"other").hexdigest())


def test_weights_that_are_broken_are_told(tmp_path):
    path = tmp_path / "w.msgpack"
    path.write_bytes(b"\xc1")
    with pytest.raises(ModelError, match="cannot be decoded"):
        load(path)


def test_a_stem_that_is_not_in_the_vocabulary_has_the_row_of_none():
    table = np.array([[0.0, 0.0], [1.0, 2.0]], dtype=np.float32)
    word, context = Meaning({"وقع": 1}, table, table + 5).of(["وقع", "شيء"])
    assert word.tolist() == [[1.0, 2.0], [0.0, 0.0]]
    assert context.tolist() == [[6.0, 7.0], [5.0, 5.0]]
