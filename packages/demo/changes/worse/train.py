"""Learns from data/train.parquet which flights arrive late, and writes the model as ONNX.

The model takes the columns of the prepared data by their names, so that whoever serves it needs to know no order and no
encoding of airports.
"""

import time
from functools import partial
from pathlib import Path

import polars as pl
import yaml
from skl2onnx import to_onnx
from skl2onnx.common.data_types import FloatTensorType, StringTensorType
from skl2onnx.sklapi import CastTransformer
from sklearn.compose import make_column_transformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OrdinalEncoder, TargetEncoder
from threadpoolctl import threadpool_limits

AIRPORTS = ["origin", "destination"]
ROUTE = ["route"]
NUMBERS = ["weekday", "hour", "distance", "origin_traffic", "destination_traffic"]
LABEL = "late"
OUT = Path("out")

say = partial(print, flush=True)


def main() -> None:
    params = yaml.safe_load(Path("params.yaml").read_text())["training"]
    flights = pl.read_parquet("data/train.parquet")

    earlier, latest = split_by_time(flights, params["validation_days"])
    encoder = learn_encoding(flights)
    trial = train(earlier, encoder, params["booster"])
    score = roc_auc_score(latest[LABEL], probability(trial, latest))
    say(f"validation on the last {params['validation_days']} days, {latest.height:,} flights: AUC {score:.4f}")

    model = train(flights, encoder, params["booster"])
    export(model, OUT / "model.onnx")
    predict_holdout(model, OUT / "holdout-predictions.parquet")


def split_by_time(flights: pl.DataFrame, days: int) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The flights before the last `days` days, and those of these days: the future is what the model will see."""
    is_late_in_time = pl.col("flight_date") > pl.col("flight_date").max() - pl.duration(days=days)
    return flights.filter(~is_late_in_time), flights.filter(is_late_in_time)


def learn_encoding(flights: pl.DataFrame) -> Pipeline:
    """The codes of the airports, and how often each route runs late: learned once, for both trainings."""
    airports = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1)
    history = TargetEncoder(target_type="binary")
    columns = make_column_transformer((airports, AIRPORTS), (history, ROUTE), ("passthrough", NUMBERS))
    # Cast, so that scikit-learn compares the same 32-bit numbers as ONNX will.
    return make_pipeline(columns, CastTransformer()).fit(features(flights), flights[LABEL].to_numpy())


def train(flights: pl.DataFrame, encoder: Pipeline, booster: dict[str, float]) -> Pipeline:
    start = time.perf_counter()
    model = HistGradientBoostingClassifier(**booster, early_stopping=False)
    # One thread is as fast at this size, does not suffer on a busy machine, and sums in the same order everywhere.
    with threadpool_limits(1):
        model.fit(encoder.transform(features(flights)), flights[LABEL].to_numpy())
    say(f"trained on {flights.height:,} flights in {time.perf_counter() - start:.1f} s")
    return make_pipeline(encoder, model)


def features(flights: pl.DataFrame) -> pl.DataFrame:
    """What the model takes: numbers as 32-bit floats, which is how ONNX will see them."""
    return flights.select(*AIRPORTS, *ROUTE, pl.col(NUMBERS).cast(pl.Float32))


def probability(model: Pipeline, flights: pl.DataFrame):
    """How likely each flight is to arrive late."""
    return model.predict_proba(features(flights))[:, 1]


def export(model: Pipeline, path: Path) -> None:
    """Writes the pipeline, encoders included, as one ONNX graph; the same model gives the same bytes."""
    inputs = [(name, StringTensorType([None, 1])) for name in AIRPORTS + ROUTE]
    inputs += [(name, FloatTensorType([None, 1])) for name in NUMBERS]
    graph = to_onnx(model, initial_types=inputs, name="flight-delay", options={"zipmap": False})
    # skl2onnx lists the operator sets in the order of a Python set, which differs from run to run.
    graph.opset_import.sort(key=lambda opset: opset.domain)
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(graph.SerializeToString(deterministic=True))
    say(f"wrote {path}: {path.stat().st_size / 1024:,.0f} KiB")


def predict_holdout(model: Pipeline, path: Path) -> None:
    """Leaves scikit-learn's own predictions, to check that the exported model says the same; learns nothing."""
    holdout = pl.read_parquet("data/holdout.parquet")
    late = probability(model, holdout)
    holdout.select("flight_id", probability=late, prediction=(late > 0.5).astype("int32")).write_parquet(path)
    say(f"wrote {path}: {holdout.height:,} predictions")


if __name__ == "__main__":
    main()
