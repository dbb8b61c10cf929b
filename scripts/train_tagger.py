"""Train the name tagger (src/waqai/who/tagger.py) on ANERcorp train; test on its published test split.

    python scripts/train_tagger.py --corpora DIR --articles unlabelled.jsonl.gz [--quick] [--no-write]

Needs: pip install python-crfsuite scikit-learn scipy faker. Writes models/tagger.npz and its entry in models/models.toml.
DIR holds ANERcorp (CC BY-SA 4.0) and camel_morph (CC BY 4.0); the articles give word clusters only.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import io
import json
import re
import time
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
import pycrfsuite
from scipy.sparse import csr_matrix
from sklearn.cluster import MiniBatchKMeans
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import normalize

from waqai.text import fold, sentences, tokens
from waqai.types import Sentence, Token
from waqai.who.lexicon import Lexicon, build
from waqai.who.tagger import LABELS, OFFSETS, Likeness, Tagger, grams, hit_tags, stem_of, type_features
from waqai.words import Words

ROOT = Path(__file__).parents[1]
MODELS = ROOT / "src/waqai/models"
NEAR = ("e1", "e2", "e3", "b1", "b2", "b3", "len", "k", "shape")
"""Features that count for the word and its two neighbours only."""


def read_conll(path: Path) -> list[tuple[list[Token], list[str]]]:
    out, words, labels = [], [], []
    for line in [*path.read_text(encoding="utf-8").splitlines(), ""]:
        parts = line.split("\t") if "\t" in line else line.split(" ")
        if len(parts) < 2:
            if words:
                out.append((words, labels))
            words, labels = [], []
            continue
        norm = fold(parts[0]) or parts[0]
        kind = "n" if norm[0].isdigit() else "w" if norm[0].isalpha() else "p"
        words.append(Token(0, len(parts[0]), norm, kind))
        label = parts[1].strip().replace("PERS", "PER")
        labels.append("O" if label.endswith("MISC") else label)
    return out


def spans(labels: list[str]) -> set[tuple[int, int, str]]:
    out, i = set(), 0
    while i < len(labels):
        if labels[i] == "O":
            i += 1
            continue
        kind, j = labels[i][2:], i + 1
        while j < len(labels) and labels[j] == "I-" + kind:
            j += 1
        out.add((i, j, kind))
        i = j
    return out


# --- what is known of words -------------------------------------------------------------------------------------------


def name_lists(corpora: Path) -> dict[str, set[str]]:
    """Person and other proper nouns of Camel Morph, first and last names of Faker's Arabic locales."""
    out: dict[str, set[str]] = defaultdict(set)
    marks = re.compile(r"[\u064b-\u0652\u0670]")
    for line in (corpora / "camel_morph/proper_nouns.tsv").read_text(encoding="utf-8").splitlines()[2:]:
        lemma, _, _, human = line.split("\t")
        out[fold(marks.sub("", lemma))].add("pn=" + human)
    from faker import Faker

    for locale in ("ar_AA", "ar_PS", "ar_SA"):
        provider = Faker(locale).provider("person")
        for attr in ("first_names", "first_names_male", "first_names_female", "last_names"):
            for name in getattr(provider, attr, ()):
                parts = fold(name).split()
                if len(parts) == 1:
                    out[parts[0]].add("fn" if attr.startswith("first") else "ln")
    cities = ROOT / "src/waqai/words/gazetteer/cities.tsv"
    for line in cities.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        cols = line.split("\t")
        for name in cols[7].split("|"):
            parts = fold(name).split()
            out[parts[0]].add(("gz=" if len(parts) == 1 else "gzb=") + cols[2])
            for p in parts[1:]:
                out[p].add("gzi")
    return out


def name_likeness(lists: dict[str, set[str]], texts: list[list[str]], lexicon: Lexicon) -> Likeness:
    """Log-odds that a word is of a person's or a place's name by its letters: names of the lists against common words."""
    count = Counter(w for t in texts for w in t)
    kinds: dict[str, tuple[int, int]] = {}
    for w, marks in lists.items():
        person = bool(marks & {"pn=r", "fn", "ln"})
        place = "pn=i" in marks or any(m.startswith(("gz=", "gzb=")) for m in marks)
        if person or place:
            kinds[stem_of(w)[1]] = (int(person), int(place))
    for p in lexicon.people.values():
        for w in fold(p.name).split():
            kinds[stem_of(w)[1]] = (1, kinds.get(stem_of(w)[1], (0, 0))[1])
    for w, c in count.items():
        stem = stem_of(w)[1]
        if c >= 15 and w.isalpha() and stem not in kinds and w not in lists:
            kinds[stem] = (0, 0)
    words = sorted(kinds)
    vectors = CountVectorizer(analyzer=grams, min_df=4, binary=True)
    x = vectors.fit_transform(words)
    columns = []
    for k in (0, 1):
        y = np.array([kinds[w][k] for w in words])
        columns.append(LogisticRegression(C=0.3, max_iter=300).fit(x, y))
    out = {"": (float(columns[0].intercept_[0]), float(columns[1].intercept_[0]))}
    for g, i in vectors.vocabulary_.items():
        out[g] = (float(columns[0].coef_[0][i]), float(columns[1].coef_[0][i]))
    return out


def news_words(path: Path) -> list[list[str]]:
    texts = []
    with gzip.open(path, "rt", encoding="utf-8") as f:
        for line in f:
            for part in json.loads(line)["text"].split("\n"):
                got = ["9" if t.kind == "n" else t.norm for t in tokens(part)]
                if got:
                    texts.append(got)
    return texts


def clusters(texts: list[list[str]], sizes: tuple[int, ...], floor: int = 4) -> dict[str, set[str]]:
    """Cluster words by what stands left and right of them: PPMI, SVD, k-means, at several grains."""
    count = Counter(w for t in texts for w in t)
    vocab = [w for w, c in count.most_common(40000) if c >= floor]
    index = {w: k for k, w in enumerate(vocab)}
    context = {w: k for k, (w, _) in enumerate(count.most_common(6000))}
    pairs: Counter[tuple[int, int]] = Counter()
    width = len(context)
    for t in texts:
        padded = ["<s>", *t, "</s>"]
        for i in range(1, len(padded) - 1):
            k = index.get(padded[i])
            if k is None:
                continue
            for d, block in ((-1, 0), (1, 1), (-2, 2), (2, 3)):
                if 0 <= i + d < len(padded):
                    c = context.get(padded[i + d])
                    if c is not None:
                        pairs[k, c + block * width] += 1
    rows, cols = np.array(list(pairs), dtype=np.int64).T
    data = np.array(list(pairs.values()), dtype=np.float64)
    m = csr_matrix((data, (rows, cols)), shape=(len(vocab), 4 * width))
    rs, cs, total = np.asarray(m.sum(1)).ravel(), np.asarray(m.sum(0)).ravel() ** 0.75, m.sum()
    cs *= total / cs.sum()
    lift = np.maximum(np.log(data * total / (rs[rows] * cs[cols] + 1e-9)), 0.0)
    m = csr_matrix((lift, (rows, cols)), shape=(len(vocab), 4 * width))
    vectors = normalize(TruncatedSVD(120, random_state=1, n_iter=4).fit_transform(m))
    out: dict[str, set[str]] = defaultdict(set)
    for size in sizes:
        got = MiniBatchKMeans(size, random_state=1, n_init=3, batch_size=4096).fit_predict(vectors)
        for w, c in zip(vocab, got, strict=True):
            out[w].add(f"u{size}={c}")
    return out


# --- training ---------------------------------------------------------------------------------------------------------


def template(feature: str, offset: int) -> bool:
    return abs(offset) < 2 or feature.partition("=")[0].lstrip("~^") not in NEAR


def sentence_features(
    toks: list[Token], cache: dict[str, list[str]], known: dict[str, tuple[str, ...]], lexicon: Lexicon, table: Likeness
) -> list[list[str]]:
    own = []
    for t in toks:
        got = cache.get(t.norm)
        if got is None:
            got = cache[t.norm] = type_features(t.norm, known, lexicon, table)
        own.append(got)
    hits = hit_tags(toks, lexicon)
    out = []
    for i in range(len(toks)):
        row = []
        for o in OFFSETS:
            if 0 <= i + o < len(toks):
                row += [f"{o}|{f}" for f in own[i + o] if template(f, o)]
                if hits[i + o] != "-":
                    row.append(f"{o}|H{hits[i + o]}")
            else:
                row.append(f"{o}|edge")
        out.append(row)
    return out


def train(data, known, lexicon, table: Likeness, c1: float, c2: float, rounds: int, path: Path) -> None:
    trainer = pycrfsuite.Trainer(verbose=False)
    cache: dict[str, list[str]] = {}
    for toks, labels in data:
        trainer.append(sentence_features(toks, cache, known, lexicon, table), labels)
    trainer.set_params({"c1": c1, "c2": c2, "max_iterations": rounds, "feature.possible_transitions": True, "feature.minfreq": 2})
    trainer.train(str(path))


def export(path: Path, known: dict[str, tuple[str, ...]], table: Likeness, bias: float) -> bytes:
    tagger = pycrfsuite.Tagger()
    tagger.open(str(path))
    info = tagger.info()
    n = len(LABELS)
    at = {label: k for k, label in enumerate(LABELS)}
    rows: dict[str, np.ndarray] = {}
    hits: dict[str, np.ndarray] = {}
    for (feature, label), weight in info.state_features.items():
        offset, name = feature.split("|", 1)
        target = hits if name.startswith("H") else rows
        name = name[1:] if name.startswith("H") else name
        row = target.setdefault(name, np.zeros(len(OFFSETS) * n, np.float32))
        row[OFFSETS.index(int(offset)) * n + at[label]] = weight
    transitions = np.full((n, n), -4.0, np.float32)
    for (a, b), weight in info.transitions.items():
        transitions[at[a], at[b]] = weight
    for j, name in enumerate(LABELS):
        if name.startswith("I-"):
            for i, before in enumerate(LABELS):
                if before[2:] != name[2:]:
                    transitions[i, j] = -30.0
    names = sorted(k for k, r in rows.items() if np.abs(r).max() > 0.02)
    weights = np.array([rows[k] for k in names])
    scale = np.abs(weights).max(axis=1, keepdims=True) / 127.0
    used = {f.lstrip("~^") for f in names}
    kept = {w: [t for t in tags if t in used] for w, tags in known.items()}
    kept = {w: t for w, t in sorted(kept.items()) if t}
    out = io.BytesIO()

    def text(values) -> np.ndarray:
        return np.frombuffer("\n".join(values).encode(), dtype=np.uint8)

    np.savez_compressed(
        out, features=text(names), weights=np.round(weights / scale).astype(np.int8), scale=scale.astype(np.float16), hits=text(sorted(hits)),
        hit_weights=np.array([hits[k] for k in sorted(hits)], dtype=np.float16), transitions=transitions.astype(np.float16), words=text(kept), tags=text(" ".join(t) for t in kept.values()),
        grams=text(table), odds=np.array(list(table.values()), dtype=np.float16), bias=np.float32(bias),
    )  # fmt: skip
    return out.getvalue()


def own_labels(tagger: Tagger, path: Path, lexicon: Lexicon) -> dict[str, set[str]]:
    """How a first model labels each word over the unlabelled articles: what a word mostly is, as a feature of a second."""
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    with gzip.open(path, "rt", encoding="utf-8") as f:
        for line in f:
            sents = sentences(json.loads(line)["text"])
            for s, found in zip(sents, tagger.spans(sents, lexicon), strict=True):
                inside = {i: ("B" if i == n.first else "I") + n.label for n in found for i in range(n.first, n.last)}
                for i, t in enumerate(s.tokens):
                    if t.kind == "w":
                        seen[t.norm][inside.get(i, "O")] += 1
    out: dict[str, set[str]] = {}
    for w, c in seen.items():
        total = c.total()
        if total < 3:
            continue
        marks = set()
        for kind in ("PER", "LOC", "ORG"):
            share = (c["B" + kind] + c["I" + kind]) / total
            if share > 0.05:
                marks.add(f"own={kind}{1 if share < 0.25 else 2 if share < 0.6 else 3 if share < 0.9 else 4}")
                if share > 0.25:
                    marks.add(f"ownI={kind}{int(4 * c['I' + kind] / (c['B' + kind] + c['I' + kind]))}")
        out[w] = marks or {"own=O"}
    return out


def evaluate(tagger: Tagger, data, lexicon: Lexicon) -> dict[str, float]:
    sents = [Sentence(k, 0, 0, toks) for k, (toks, _) in enumerate(data)]
    tagger.spans(sents, lexicon)
    t = time.perf_counter()
    for k in range(0, len(sents), 12):
        tagger.spans(sents[k : k + 12], lexicon)
    spent = time.perf_counter() - t
    got = tagger.spans(sents, lexicon)
    tp, fp, fn = Counter(), Counter(), Counter()
    for (_, labels), found in zip(data, got, strict=True):
        gold, pred = spans(labels), {(s.first, s.last, s.label) for s in found}
        for s in gold & pred:
            tp[s[2]] += 1
        for s in pred - gold:
            fp[s[2]] += 1
        for s in gold - pred:
            fn[s[2]] += 1
    out = {}
    for k in ("PER", "LOC", "ORG"):
        out[k] = round(2 * tp[k] / (2 * tp[k] + fp[k] + fn[k]), 4)
    a, b, c = tp.total(), fp.total(), fn.total()
    out.update(precision=round(a / (a + b), 4), recall=round(a / (a + c), 4), all=round(2 * a / (2 * a + b + c), 4))
    out["tokens_per_second"] = round(sum(len(t) for t, _ in data) / spent)
    return out


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--articles", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=120)
    parser.add_argument("--passes", type=int, default=2)
    parser.add_argument("--c1", type=float, default=0.1)
    parser.add_argument("--c2", type=float, default=0.02)
    parser.add_argument("--bias", type=float, default=0.0, help="taken from the score of O; chosen on held-out sentences of train")
    parser.add_argument("--tune", action="store_true", help="train on 17/20 of train and test on the rest, at several biases")
    parser.add_argument("--no-write", action="store_true")
    parser.add_argument("--work", type=Path, default=Path("/tmp/waqai-tagger"))
    return parser.parse_args()


def main() -> None:
    args = arguments()
    args.work.mkdir(exist_ok=True)
    lexicon = build(Words.load())
    data = read_conll(args.corpora / "ANERcorp/train.conll")
    test = read_conll(args.corpora / "ANERcorp/test.conll")
    if args.tune:
        cut = len(data) * 17 // 20
        data, test = data[:cut], data[cut:]
    texts = news_words(args.articles) + [["9" if t.kind == "n" else t.norm for t in toks] for toks, _ in data]
    cached = args.work / "clusters.json"
    if cached.exists():
        groups = {w: set(t) for w, t in json.loads(cached.read_text()).items()}
    else:
        groups = clusters(texts, (80, 320, 1000))
        cached.write_text(json.dumps({w: sorted(t) for w, t in groups.items()}, ensure_ascii=False))
    lists = name_lists(args.corpora)
    table = name_likeness(lists, texts, lexicon)
    known = {w: tuple(sorted(groups.get(w, set()) | lists.get(w, set()))) for w in {*groups, *lists}}
    print(f"{len(known)} words known", flush=True)
    for step in range(args.passes):
        t = time.perf_counter()
        train(data, known, lexicon, table, args.c1, args.c2, args.rounds, args.work / "model.crfsuite")
        blob = export(args.work / "model.crfsuite", known, table, args.bias)
        tagger = Tagger(blob)
        print(f"trained in {time.perf_counter() - t:.0f} s, {len(blob) / 1e6:.2f} MB", flush=True)
        scores = evaluate(tagger, test, lexicon)
        print(scores, flush=True)
        if args.tune:
            for bias in (0.5, 1.0, 1.5, 2.0):
                tagger.bias = bias
                print(bias, evaluate(tagger, test, lexicon), flush=True)
            tagger.bias = 0.0
        if step + 1 < args.passes:
            own = own_labels(tagger, args.articles, lexicon)
            known = {w: tuple(sorted(groups.get(w, set()) | lists.get(w, set()) | own.get(w, set()))) for w in {*groups, *lists, *own}}
    if not args.no_write and not args.tune:
        write(blob, scores)


def write(blob: bytes, scores: dict[str, float]) -> None:
    MODELS.mkdir(exist_ok=True)
    (MODELS / "tagger.npz").write_bytes(blob)
    path = MODELS / "models.toml"
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    blocks = re.split(r"(?=^\[[a-z]+\]$)", text, flags=re.MULTILINE)
    text = "\n\n".join(b.strip() for b in blocks if b.strip() and not b.startswith("[tagger]"))
    block = (
        "[tagger]\n"
        'file = "tagger.npz"\n'
        f'sha256 = "{hashlib.sha256(blob).hexdigest()}"\n'
        'licence = "CC BY-SA 4.0"\n'
        'attribution = "ANERcorp (Benajiba, Rosso and Benedi Ruiz 2007), CAMeL Lab splits (Obeid et al. 2020), CC BY-SA 4.0; proper nouns of Camel Morph MSA (CAMeL Lab), CC BY 4.0; word clusters from the ANT corpus"\n'
        'recipe = "python scripts/train_tagger.py --corpora DIR --articles FILE"\n'
        f"f1 = {{ PER = {scores['PER']}, LOC = {scores['LOC']}, ORG = {scores['ORG']}, all = {scores['all']} }}\n"
    )
    path.write_text((text + "\n\n" if text else "") + block, encoding="utf-8")


if __name__ == "__main__":
    main()
