"""What the bench is held against: the rules of contract.yaml, as one writes them for other programs.

peer.py pandera | duckdb | datacontract | great_expectations FILE
"""

import json
import os
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

KINDS = [f"kind {i}" for i in range(8)]
PLACE = "^place [0-9]+$"


def check_with_pandera(file):
    import pandera.polars as pa
    import polars as pl

    def column(kind, *checks, nullable=False, **options):
        return pa.Column(kind, list(checks), nullable=nullable, **options)

    few_gaps = pa.Check(lambda data: data.lazyframe.select(pl.col(data.key).is_null().mean() <= 0.06))
    short = pa.Check.str_length(max_value=11)
    schema = pa.DataFrameSchema(
        {
            "id": column(pl.Int64, pa.Check.ge(0), unique=True),
            "score": column(pl.Float64, pa.Check.ge(-10), pa.Check.le(10)),
            "amount": column(pl.Float64, pa.Check.gt(0)),
            "count": column(pl.Int32, pa.Check.ge(0), pa.Check.le(1000)),
            "gappy": column(pl.Float64, pa.Check.ge(0), pa.Check.le(100), few_gaps, nullable=True),
            "kind": column(pl.String, pa.Check.isin(KINDS)),
            "place": column(pl.String, pa.Check.str_matches(PLACE), nullable=True),
            "user": column(pl.String, short, nullable=True),
            "flag": column(pl.Boolean),
            "at": column(pl.Datetime),
        }
    )
    schema.validate(pl.read_parquet(file), lazy=True)
    return True


def check_with_duckdb(file):
    import duckdb

    kinds = ", ".join(f"'{kind}'" for kind in KINDS)
    required = ["id", "score", "amount", "count", "kind", "flag", "at"]
    broken = [
        *[f'"{name}" IS NULL' for name in required],
        *["id < 0", "score < -10", "score > 10", "amount <= 0", "count < 0", "count > 1000", "gappy < 0", "gappy > 100"],
        f"kind NOT IN ({kinds})",
        f"NOT regexp_matches(place, '{PLACE}')",
        'length("user") > 11',
    ]
    counts = ", ".join(f"count(*) FILTER (WHERE {each})" for each in broken)
    found = duckdb.sql(
        f"SELECT {counts}, count(id) - count(DISTINCT id), count(*) FILTER (WHERE gappy IS NULL) > 0.06 * count(*)"
        f" FROM read_parquet('{file}')"
    ).fetchone()
    return not any(found)


def check_with_datacontract(file):
    from datacontract.data_contract import DataContract

    text = (Path(__file__).parent / "contract.yaml").read_text()
    server = f"servers:\n- {{server: here, type: local, path: '{file}', format: parquet}}\n"
    with tempfile.TemporaryDirectory() as folder:
        contract = Path(folder) / "contract.yaml"
        contract.write_text(text.replace("schema:", server + "schema:", 1))
        run = DataContract(data_contract_file=str(contract)).test()
    # It warns that it does not look at the types of Parquet.
    return run.result.value in ("passed", "warning")


def check_with_great_expectations(file):
    import great_expectations as gx
    import pandas as pd
    from great_expectations import expectations as e

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    asset = context.data_sources.add_pandas("here").add_dataframe_asset("data")
    batch = asset.add_batch_definition_whole_dataframe("all").get_batch({"dataframe": pd.read_parquet(file)})
    ranges = {
        "id": {"min_value": 0},
        "amount": {"min_value": 0, "strict_min": True},
        "score": {"min_value": -10, "max_value": 10},
        "count": {"min_value": 0, "max_value": 1000},
        "gappy": {"min_value": 0, "max_value": 100},
    }
    required = ["id", "score", "amount", "count", "kind", "flag", "at"]
    suite = gx.ExpectationSuite(
        "rules",
        [
            *[e.ExpectColumnValuesToNotBeNull(column=name) for name in required],
            *[e.ExpectColumnValuesToBeBetween(column=name, **limits) for name, limits in ranges.items()],
            e.ExpectColumnValuesToNotBeNull(column="gappy", mostly=0.94),
            e.ExpectColumnValuesToBeUnique(column="id"),
            e.ExpectColumnValuesToBeInSet(column="kind", value_set=KINDS),
            e.ExpectColumnValuesToMatchRegex(column="place", regex=PLACE),
            e.ExpectColumnValueLengthsToBeBetween(column="user", max_value=11),
        ],
    )
    return batch.validate(suite, result_format="BOOLEAN_ONLY").success


def peak_mb():
    """The most memory that this process had: VmHWM of the kernel."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024


PEERS = {
    "pandera": (check_with_pandera, ["pandera", "polars"]),
    "duckdb": (check_with_duckdb, ["duckdb"]),
    "datacontract": (check_with_datacontract, ["datacontract-cli"]),
    "great_expectations": (check_with_great_expectations, ["great_expectations", "pandas"]),
}

if __name__ == "__main__":
    name, file = sys.argv[1:]
    check, packages = PEERS[name]
    # Peers tell of themselves on standard output.
    answer = os.dup(1)
    os.dup2(2, 1)
    holds = check(file)
    result = {
        "program": " + ".join(f"{package} {version(package)}" for package in packages),
        "holds": bool(holds),
        "cpu_seconds": sum(os.times()[:2]),
        "peak_mb": peak_mb(),
    }
    os.write(answer, json.dumps(result).encode())
