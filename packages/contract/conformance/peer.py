"""Runs datacontract-cli on contracts, one a line of standard input, and answers one outcome a line."""

import json
import logging
import sys

from datacontract.data_contract import DataContract

logging.disable(logging.CRITICAL)

COLUMNS = {"field_is_present", "field_type"}
ORDER = ["none", "pass", "warn", "fail"]
WORDS = {"passed": "pass", "warning": "warn", "failed": "fail", "error": "fail"}


def outcome(contract, columns):
    """The gravest of the checks that are about what is asked; what it did not check is "none"."""
    run = DataContract(data_contract_str=contract).test()
    asked = [check for check in run.checks if (check.type in COLUMNS) == columns or check.type == "general"]
    found = [WORDS.get(check.result.value, "none") for check in asked if check.result is not None]
    return max(found, key=ORDER.index, default="none")


for line in sys.stdin:
    asked = json.loads(line)
    print(json.dumps(outcome(asked["contract"], asked["columns"])), flush=True)
