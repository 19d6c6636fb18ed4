"""Makes the suite that the tests import, and what Great Expectations finds in data.csv. Written once by its 1.24.1:

    pip install great_expectations==1.24.1 && python make.py
"""

import csv
import json
from pathlib import Path

import great_expectations as gx
import great_expectations.expectations as gxe
import pandas as pd
from great_expectations.expectations.row_conditions import Column

HERE = Path(__file__).parent
ROWS = [
    # id, name, code, age, score, kind, low, high, day, twin, json
    (i, f"Name {i % 7}", ["ABC", "XYZ", "QRS"][i % 3], 20 + i % 40, round(i * 0.37, 2), ["red", "blue", "red", "green"][i % 4],
     i % 10, i % 10 + 5, f"2024-01-{i % 28 + 1:02}", i // 2, '{"a": 1}' if i % 5 else "no")
    for i in range(200)
]
NAMES = ["id", "name", "code", "age", "score", "kind", "low", "high", "day", "twin", "json"]


def main() -> None:
    with (HERE / "data.csv").open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(NAMES)
        # Some values are missing: nulls are not held against a value's rule.
        writer.writerows([*row[:4], "" if row[0] % 10 == 3 else row[4], *row[5:]] for row in ROWS)

    context = gx.get_context(mode="ephemeral")
    suite = context.suites.add(gx.ExpectationSuite(name="shop floor"))
    for expectation in expectations():
        suite.add_expectation(expectation)
    # As a file of the context has it, without ids.
    asked = suite.to_json_dict()
    asked["id"] = None
    for each in asked["expectations"]:
        each.pop("id", None)
    batch = (
        context.data_sources.add_pandas("pandas")
        .add_dataframe_asset("data")
        .add_batch_definition_whole_dataframe("all")
        .get_batch({"dataframe": pd.read_csv(HERE / "data.csv")})
    )
    results = [batch.validate(expectation) for expectation in expectations()]
    broken = [each.exception_info for each in results if each.exception_info.get("raised_exception")]
    assert not broken, broken
    found = [bool(each.success) for each in results]
    (HERE / "suite.json").write_text(json.dumps(asked, indent=1) + "\n")
    (HERE / "found.json").write_text(json.dumps(found) + "\n")
    print(sum(found), "of", len(found), "pass")


def expectations():
    """Each in one way that passes and one that does not, where there are two."""
    yield gxe.ExpectColumnToExist(column="id")
    yield gxe.ExpectColumnValuesToNotBeNull(column="id")
    yield gxe.ExpectColumnValuesToNotBeNull(column="score")
    yield gxe.ExpectColumnValuesToNotBeNull(column="score", mostly=0.9)
    yield gxe.ExpectColumnValuesToNotBeNull(column="score", mostly=0.91)
    yield gxe.ExpectColumnValuesToBeNull(column="score", mostly=0.1)
    yield gxe.ExpectColumnValuesToBeNull(column="score")
    yield gxe.ExpectColumnValuesToBeUnique(column="id")
    yield gxe.ExpectColumnValuesToBeUnique(column="twin")
    yield gxe.ExpectColumnValuesToBeUnique(column="twin", mostly=0.01)
    yield gxe.ExpectColumnValuesToBeInSet(column="kind", value_set=["red", "blue", "green"])
    yield gxe.ExpectColumnValuesToBeInSet(column="kind", value_set=["red", "blue"])
    yield gxe.ExpectColumnValuesToBeInSet(column="kind", value_set=["red", "blue"], mostly=0.75)
    yield gxe.ExpectColumnValuesToBeInSet(column="kind", value_set=["red", "blue"], mostly=0.76, severity="warning")
    yield gxe.ExpectColumnValuesToBeInSet(column="kind", value_set=["red"], row_condition=Column("low") == 0)
    yield gxe.ExpectColumnValuesToBeInSet(
        column="kind", value_set=["red"], row_condition=(Column("low") > 0) & Column("kind").is_in(["red"])
    )
    yield gxe.ExpectColumnDistinctValuesToBeInSet(column="code", value_set=["ABC", "XYZ", "QRS", "TUV"])
    yield gxe.ExpectColumnDistinctValuesToContainSet(column="code", value_set=["ABC", "TUV"])
    yield gxe.ExpectColumnDistinctValuesToEqualSet(column="code", value_set=["ABC", "XYZ", "QRS"])
    yield gxe.ExpectColumnValuesToNotBeInSet(column="age", value_set=[0, 99])
    yield gxe.ExpectColumnValuesToNotBeInSet(column="age", value_set=[20, 99])
    yield gxe.ExpectColumnValuesToBeBetween(column="age", min_value=20, max_value=59)
    yield gxe.ExpectColumnValuesToBeBetween(column="age", min_value=20, max_value=59, strict_max=True)
    yield gxe.ExpectColumnValuesToBeBetween(column="score", min_value=0.1, mostly=0.99)
    yield gxe.ExpectColumnValuesToBeBetween(column="score", min_value=0.5, mostly=0.99)
    yield gxe.ExpectColumnValueLengthsToBeBetween(column="name", min_value=6, max_value=6)
    yield gxe.ExpectColumnValueLengthsToEqual(column="code", value=4)
    yield gxe.ExpectColumnValuesToMatchRegex(column="name", regex=r"^Name \d$")
    yield gxe.ExpectColumnValuesToMatchRegex(column="name", regex=r"[0-5]")
    yield gxe.ExpectColumnValuesToMatchRegex(column="name", regex=r"[0-5]", mostly=0.8)
    yield gxe.ExpectColumnValuesToMatchRegex(column="name", regex=r"^(?!Bob)")
    yield gxe.ExpectColumnValuesToNotMatchRegex(column="name", regex=r"[7-9]")
    yield gxe.ExpectColumnValuesToMatchRegexList(column="code", regex_list=["^A", "^X"], match_on="any")
    yield gxe.ExpectColumnValuesToMatchRegexList(column="code", regex_list=["^[A-Z]", "[A-Z]$"], match_on="all")
    yield gxe.ExpectColumnValuesToNotMatchRegexList(column="code", regex_list=["^1", "C$"])
    yield gxe.ExpectColumnValuesToMatchStrftimeFormat(column="day", strftime_format="%Y-%m-%d")
    yield gxe.ExpectColumnValuesToBeJsonParseable(column="json")
    yield gxe.ExpectColumnValuesToBeJsonParseable(column="json", mostly=0.8)
    yield gxe.ExpectColumnValuesToBeOfType(column="age", type_="int64")
    yield gxe.ExpectColumnValuesToBeInTypeList(column="score", type_list=["float64", "int64"])
    yield gxe.ExpectColumnValuesToBeIncreasing(column="id")
    yield gxe.ExpectColumnValueZScoresToBeLessThan(column="age", threshold=3, double_sided=True)
    yield gxe.ExpectColumnMaxToBeBetween(column="age", min_value=59, max_value=59)
    yield gxe.ExpectColumnMinToBeBetween(column="age", min_value=20, strict_min=True)
    yield gxe.ExpectColumnMeanToBeBetween(column="age", min_value=39, max_value=40)
    yield gxe.ExpectColumnMedianToBeBetween(column="age", max_value=39)
    yield gxe.ExpectColumnStdevToBeBetween(column="age", min_value=11.57, max_value=11.58)
    yield gxe.ExpectColumnSumToBeBetween(column="low", min_value=900, max_value=900)
    yield gxe.ExpectColumnUniqueValueCountToBeBetween(column="kind", min_value=3, max_value=4)
    yield gxe.ExpectColumnProportionOfUniqueValuesToBeBetween(column="twin", min_value=0.5, max_value=0.5)
    yield gxe.ExpectColumnProportionOfNonNullValuesToBeBetween(column="score", min_value=0.9, strict_min=True)
    yield gxe.ExpectColumnQuantileValuesToBeBetween(
        column="low", quantile_ranges={"quantiles": [0.1, 0.9], "value_ranges": [[0, 1], [8, 9]]}
    )
    yield gxe.ExpectColumnMostCommonValueToBeInSet(column="kind", value_set=["red"])
    yield gxe.ExpectColumnPairValuesAToBeGreaterThanB(column_A="high", column_B="low")
    yield gxe.ExpectColumnPairValuesAToBeGreaterThanB(column_A="low", column_B="score")
    yield gxe.ExpectColumnPairValuesToBeEqual(column_A="high", column_B="low")
    yield gxe.ExpectColumnPairValuesToBeInSet(column_A="code", column_B="kind", value_pairs_set=[("ABC", "red")])
    yield gxe.ExpectCompoundColumnsToBeUnique(column_list=["twin", "code"])
    yield gxe.ExpectCompoundColumnsToBeUnique(column_list=["kind", "code"])
    yield gxe.ExpectMulticolumnSumToEqual(column_list=["low", "high"], sum_total=5)
    yield gxe.ExpectSelectColumnValuesToBeUniqueWithinRecord(column_list=["low", "high"])
    yield gxe.ExpectTableRowCountToBeBetween(min_value=100, max_value=200)
    yield gxe.ExpectTableRowCountToEqual(value=199)
    yield gxe.ExpectTableColumnCountToEqual(value=11)
    yield gxe.ExpectTableColumnsToMatchSet(column_set=["id", "name"], exact_match=False)
    yield gxe.ExpectTableColumnsToMatchOrderedList(column_list=NAMES)


if __name__ == "__main__":
    main()
