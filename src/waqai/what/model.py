"""The learned scorer: its stored form and what is rebuilt from it at start.

Trained by scripts/train_coder.py on annotated articles; the file holds counts of words and stems, a projection of word
meanings and small tree ensembles, nothing from which a text could be read back. Its sha256 stands in models/models.toml.
"""

from __future__ import annotations

import functools
import hashlib
import tomllib
from collections.abc import Callable
from pathlib import Path

import msgspec
import numpy as np

from waqai.errors import ModelError
from waqai.what.features import Learnt, Lookup, Meaning, Shares
from waqai.what.linear import Linear, Stored
from waqai.what.trees import Forest, Trees

__all__ = ["Model", "Weights", "default", "load"]

FOLDER = Path(__file__).parent.parent / "models"


class Weights(msgspec.Struct, array_like=True):
    """The stored form (msgpack). Matrices are little-endian float16, (len(vocabulary) + 1, types)."""

    vocabulary: list[str]
    word: bytes
    context: bytes
    stems: dict[str, list[str]]
    shares: Shares
    status_shares: Shares
    mode_shares: Shares
    date_shares: Shares
    role_shares: Shares
    modes: list[str]
    records: dict[str, dict[str, int]]
    forests: dict[str, Forest]
    settings: dict[str, float]
    calibration: list[tuple[float, float]]
    source_shares: Shares = msgspec.field(default_factory=lambda: Shares({}, 0.6))
    linear: dict[str, Stored] = {}


class Model:
    """The scorer at run time."""

    def __init__(self, weights: Weights, *, training: bool = False) -> None:
        self.weights = weights
        learnt: Callable[[Shares], Learnt] = (lambda s: s) if training else Lookup
        self.shares: Shares | Lookup = weights.shares if training else Lookup(weights.shares)
        self.status_shares: Learnt = learnt(weights.status_shares)
        self.mode_shares: Learnt = learnt(weights.mode_shares)
        self.date_shares: Learnt = learnt(weights.date_shares)
        self.role_shares: Learnt = learnt(weights.role_shares)
        self.source_shares: Learnt = learnt(weights.source_shares)
        self.stems = {s: dict.fromkeys(t, 1.0) for s, t in weights.stems.items()}
        self.mode_index = {m: i for i, m in enumerate(weights.modes)}
        self.trees = {name: Trees(f) for name, f in weights.forests.items()}
        self.linear = {name: Linear(x) for name, x in weights.linear.items()}
        self.settings = weights.settings
        self.records = weights.records
        n = len(weights.vocabulary) + 1
        word = np.frombuffer(weights.word, dtype="<f2").reshape(n, -1).astype(np.float32)
        context = np.frombuffer(weights.context, dtype="<f2").reshape(n, -1).astype(np.float32)
        self.meaning = Meaning({w: i + 1 for i, w in enumerate(weights.vocabulary)}, word, context)
        points = weights.calibration or [(0.0, 0.0), (1.0, 1.0)]
        self._x = [p[0] for p in points]
        self._y = [p[1] for p in points]

    def calibrated(self, p: float) -> float:
        """Return the share of events scored `p` that were right in cross-validation (isotonic, interpolated)."""
        return float(np.interp(p, self._x, self._y))


def load(path: Path, sha256: str | None = None) -> Model:
    """Read a weight file; raises `ModelError` where it is missing, broken or not the one that is named."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ModelError(f"weights {path} cannot be read ({error.strerror}): reinstall waqai") from error
    if sha256 is not None and hashlib.sha256(data).hexdigest() != sha256:
        raise ModelError(f"weights {path} are not the ones models.toml names (sha256 differs): reinstall waqai")
    try:
        return Model(msgspec.msgpack.decode(data, type=Weights))
    except msgspec.MsgspecError as error:
        raise ModelError(f"weights {path} cannot be decoded: {error}") from error


@functools.lru_cache(maxsize=1)
def default() -> Model:
    """Return the package's own scorer."""
    try:
        listed = tomllib.loads((FOLDER / "models.toml").read_text(encoding="utf-8"))
        entry = listed["coder"]
    except (OSError, KeyError, tomllib.TOMLDecodeError) as error:
        raise ModelError(f"{FOLDER / 'models.toml'} does not name the coder: reinstall waqai") from error
    return load(FOLDER / str(entry["file"]), str(entry["sha256"]))
