"""What the bench is held against: numpy, scikit-learn and ONNX Runtime, as one writes it in Python.

peer.py bootstrap FOLDER REPLICATES | delong FOLDER | model FOLDER | score FOLDER
"""

import json
import sys
import time
from pathlib import Path

import numpy as np


def load(folder):
    return [np.fromfile(folder / f"{name}.f64") for name in ("labels", "candidate", "champion")]


def timed(work, times=1):
    """The least of some times in seconds, and the last result."""
    best = float("inf")
    for _ in range(times):
        started = time.perf_counter()
        result = work()
        best = min(best, time.perf_counter() - started)
    return best, result


def measure(y, p):
    from sklearn import metrics as m

    chosen = p > 0.5
    return [
        m.roc_auc_score(y, p),
        m.average_precision_score(y, p),
        m.brier_score_loss(y, p),
        m.log_loss(y, p),
        m.accuracy_score(y, chosen),
        m.balanced_accuracy_score(y, chosen),
        m.precision_score(y, chosen),
        m.recall_score(y, chosen),
        m.f1_score(y, chosen),
        m.matthews_corrcoef(y, chosen),
    ]


def bootstrap(folder, replicates):
    y, candidate, champion = load(folder)
    random = np.random.default_rng(1)

    def replicate():
        rows = random.integers(0, len(y), len(y))
        drawn = y[rows]
        return np.subtract(measure(drawn, candidate[rows]), measure(drawn, champion[rows]))

    seconds, _ = timed(lambda: [replicate() for _ in range(replicates)])
    return {"seconds": seconds / replicates, "values": [measure(y, candidate), measure(y, champion)]}


def midrank(x):
    order = np.argsort(x)
    ordered = x[order]
    starts = np.flatnonzero(np.concatenate(([True], ordered[1:] != ordered[:-1])))
    ends = np.append(starts[1:], len(x))
    ranks = np.empty(len(x))
    ranks[order] = np.repeat((starts + ends + 1) / 2, ends - starts)
    return ranks


def delong(folder):
    """Sun and Xu (2014), with every step on whole arrays."""
    y, *scores = load(folder)

    def work():
        positive = y == 1
        m, n = positive.sum(), (~positive).sum()
        auc, of_positives, of_negatives = [], [], []
        for score in scores:
            x, z = score[positive], score[~positive]
            ranks = midrank(np.concatenate((x, z)))
            auc.append(ranks[:m].sum() / m / n - (m + 1) / 2 / n)
            of_positives.append((ranks[:m] - midrank(x)) / n)
            of_negatives.append(1 - (ranks[m:] - midrank(z)) / m)
        return auc, np.cov(of_positives) / m + np.cov(of_negatives) / n

    seconds, (auc, covariance) = timed(work, 10)
    return {"seconds": seconds, "values": [auc, *covariance.tolist()]}


FEATURES = [f"x{i}" for i in range(10)]


def model(folder):
    """A hundred trees, and a million rows for them."""
    import polars as pl
    from skl2onnx import to_onnx
    from sklearn.ensemble import HistGradientBoostingClassifier

    random = np.random.default_rng(1)
    x = random.normal(size=(1_000_000, len(FEATURES))).astype(np.float32)
    y = (x[:, :3].sum(axis=1) + random.normal(size=len(x)) > 1).astype(int)
    trees = HistGradientBoostingClassifier(max_iter=100, early_stopping=False).fit(x[:50_000], y[:50_000])
    onnx = to_onnx(trees, x[:1], options={"zipmap": False}, target_opset=17)
    (folder / "model.onnx").write_bytes(onnx.SerializeToString())
    pl.DataFrame(x, schema=FEATURES).with_columns(y=pl.Series(y)).write_parquet(folder / "rows.parquet")
    return {}


def score(folder):
    """From the file to probabilities, on one thread as ours, ten thousand rows at a time."""
    import onnxruntime
    import polars as pl

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name

    def work():
        rows = pl.read_parquet(folder / "rows.parquet", columns=FEATURES).to_numpy().astype(np.float32)
        parts = [session.run(None, {name: rows[i : i + 10_000]})[1][:, 1] for i in range(0, len(rows), 10_000)]
        return float(np.concatenate(parts).sum(dtype=np.float64))

    seconds, total = timed(work, 3)
    return {"seconds": seconds, "values": [[total]]}


if __name__ == "__main__":
    task, folder, *rest = sys.argv[1:]
    works = {"bootstrap": bootstrap, "delong": delong, "model": model, "score": score}
    print(json.dumps(works[task](Path(folder), *map(int, rest))))
