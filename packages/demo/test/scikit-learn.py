"""What scikit-learn measures of the example: of its own predictions, and of the ONNX model's, in a file of doubles.

Writes {"own": {…}, "onnx": {…}} to standard output, by the names that Modelyard has for the metrics.
"""

import json
import sys

import numpy as np
import polars as pl
from sklearn import metrics as m

AVERAGES = ["macro", "micro", "weighted"]
RATES = {"precision": m.precision_score, "recall": m.recall_score, "f1": m.f1_score, "jaccard": m.jaccard_score}


def measure(late, probability):
    chosen = (probability > 0.5).astype(int)
    return {
        "roc_auc": m.roc_auc_score(late, probability),
        "average_precision": m.average_precision_score(late, probability),
        "brier_score": m.brier_score_loss(late, probability),
        "log_loss": m.log_loss(late, probability),
        "d2_brier_score": m.d2_brier_score(late, probability),
        "d2_log_loss": m.d2_log_loss_score(late, probability),
        "accuracy": m.accuracy_score(late, chosen),
        "balanced_accuracy": m.balanced_accuracy_score(late, chosen),
        "f0.5": m.fbeta_score(late, chosen, beta=0.5),
        "f2": m.fbeta_score(late, chosen, beta=2),
        "matthews_corrcoef": m.matthews_corrcoef(late, chosen),
        "cohen_kappa": m.cohen_kappa_score(late, chosen),
        **{name: rate(late, chosen) for name, rate in RATES.items()},
        **{f"{name}_{way}": rate(late, chosen, average=way) for name, rate in RATES.items() for way in AVERAGES},
    }


holdout = pl.read_parquet("data/holdout.parquet")
own = pl.read_parquet("out/holdout-predictions.parquet")
assert holdout["flight_id"].equals(own["flight_id"])
late = holdout["late"].to_numpy()
found = {"own": own["probability"].to_numpy(), "onnx": np.fromfile(sys.argv[1])}
print(json.dumps({name: measure(late, probability) for name, probability in found.items()}))
