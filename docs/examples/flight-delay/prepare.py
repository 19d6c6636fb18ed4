"""Makes the training, hold-out and production data from the airline's monthly exports.

The exports, <month>.parquet in data/exports/ or in $FLIGHT_DELAY_EXPORTS, have a row for each flight: date (when it left), delay (minutes late on
arrival), distance (miles), origin and destination. What is known when a flight leaves becomes a feature; the delay
becomes the label and nothing else.

What no training learned from is production, one file a month: what the check for drift looks at.

Something is known of the airports, too: how many flights left from and towards them within the last two hours.
"""

import os
import time
from datetime import timedelta
from functools import partial
from pathlib import Path

import polars as pl
import yaml

DATA = Path("data")
EXPORTS = [DATA / "exports", Path(os.environ.get("FLIGHT_DELAY_EXPORTS") or DATA / "exports")]
LATE_AFTER = 15  # minutes
RECENTLY = 2 * 60 * 60  # seconds
IMPOSSIBLE = timedelta(hours=-2)  # nobody arrives two hours early: such a flight was filed under the wrong day

say = partial(print, flush=True)


def main() -> None:
    start = time.perf_counter()
    params = yaml.safe_load(Path("params.yaml").read_text())["data"]
    parts = {"train": params["train"], "holdout": params["holdout"]}
    parts |= {f"production/{month}": [month] for month in exported() if month > max(params["train"])}

    flights = read_exports([month for part in parts.values() for month in part])
    for airport in ("origin", "destination"):
        flights = add_traffic(flights, airport)
    flights = add_number(flights)
    for name, months in parts.items():
        keep_every = params["keep_every"][name.split("/")[0]]
        write(name, describe(flights.filter(pl.col("month").is_in(months)).gather_every(keep_every)))
    say(f"done in {time.perf_counter() - start:.1f} s")


def exported() -> dict[str, Path]:
    """Where the export of each month lies, the earliest month first."""
    files = [file for folder in EXPORTS for file in folder.glob("????-??.parquet")]
    return {file.stem: file for file in sorted(files, key=lambda file: file.stem)}


def read_exports(months: list[str]) -> pl.DataFrame:
    """All flights of these months in the order in which they left, without those that cannot have been."""
    files = exported()
    months = sorted(set(months))
    exports = [pl.read_parquet(files[month]).with_columns(month=pl.lit(month)) for month in months]
    flights = pl.concat(exports)
    possible = flights.filter(pl.duration(minutes=pl.col("delay")) > IMPOSSIBLE)
    say(f"read {flights.height:,} flights of {', '.join(months)}, left out {flights.height - possible.height}")
    return possible


def add_traffic(flights: pl.DataFrame, airport: str) -> pl.DataFrame:
    """Adds <airport>_traffic: how many other flights left from (or towards) it within the last two hours.

    It needs no delays, so nothing of the truth is in it.
    """
    return flights.with_columns(count_recent(flights, airport).alias(f"{airport}_traffic"))


def count_recent(flights: pl.DataFrame, airport: str) -> pl.Series:
    """How many other flights from (or towards) the same airport left within the last two hours."""
    seconds = flights["date"].dt.epoch("s")
    # One number line for each airport, far enough from the next that no window reaches across.
    line = flights[airport].cast(pl.Categorical).to_physical().cast(pl.Int64) * (seconds.max() + 2 * RECENTLY)
    rows = pl.DataFrame({"place": line + seconds}).with_row_index("row").sort("place")
    place = rows["place"]
    recent = place.search_sorted(place, "left") - place.search_sorted(place - RECENTLY, "left")
    return rows.select("row", recent=recent.cast(pl.Int32)).sort("row")["recent"]


def add_number(flights: pl.DataFrame) -> pl.DataFrame:
    """Adds a number, from 1, for flights that leave for the same place in the same minute: few have such a twin."""
    minute_and_places = ["date", "origin", "destination"]
    rows = flights.with_row_index("row")
    twins = rows.filter(rows.select(minute_and_places).is_duplicated())
    numbers = twins.select("row", number=pl.int_range(1, pl.len() + 1).over(minute_and_places))
    numbered = rows.join(numbers, on="row", how="left", maintain_order="left").drop("row")
    return numbered.with_columns(pl.col("number").fill_null(1))


def describe(flights: pl.DataFrame) -> pl.DataFrame:
    """One row for each flight: its id, what is known when it leaves, and whether it arrived late."""
    left = pl.col("date").dt
    name = pl.format("{}-{}-{}", left.strftime("%Y%m%d-%H%M"), "origin", "destination")
    return flights.select(
        flight_id=pl.format("{}-{}", name, "number"),
        departure="date",
        flight_date=left.date(),
        weekday=left.weekday().cast(pl.Int32),
        hour=left.hour().cast(pl.Int32),
        origin="origin",
        destination="destination",
        distance=pl.col("distance").cast(pl.Int32),
        origin_traffic="origin_traffic",
        destination_traffic="destination_traffic",
        late=(pl.col("delay") > LATE_AFTER).cast(pl.Int32),
    )


def write(name: str, flights: pl.DataFrame) -> None:
    path = DATA / f"{name}.parquet"
    path.parent.mkdir(exist_ok=True)
    # In one piece: how the file is divided would otherwise follow the number of cores, and with it the file's digest.
    flights.rechunk().write_parquet(path, row_group_size=flights.height)
    days = flights["flight_date"].n_unique()
    say(f"wrote {path}: {flights.height:,} flights of {days} days, {flights['late'].mean():.1%} of them late")


if __name__ == "__main__":
    main()
