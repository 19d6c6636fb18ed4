"""Calls GTO's own functions, one for each line that comes in, with the time that the line says."""

import json
import sys
import time

import gto.api
from gto.utils import make_ready_to_serialize

for line in sys.stdin:
    request = json.loads(line)
    if request["time"] is not None:
        time.time = lambda seconds=request["time"]: float(seconds)
    try:
        value = getattr(gto.api, request["call"])(*request["args"], **request["options"])
        if isinstance(value, list) and value and hasattr(value[0], "dict_state"):
            value = [each.dict_state() for each in value]
        answer = {"value": make_ready_to_serialize(value)}
    except Exception as error:  # noqa: BLE001 GTO throws whatever its libraries throw.
        answer = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer), flush=True)
