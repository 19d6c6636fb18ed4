"""Moves the months of params.yaml on: the newest export becomes the hold-out, those before it are learned from.

As many months as before, so that training takes as long; comments and order of the file stay as they are.
"""

import re
from pathlib import Path

import yaml

from prepare import exported

PARAMS = Path("params.yaml")


def main() -> None:
    text = PARAMS.read_text()
    data = yaml.safe_load(text)["data"]
    months = list(exported())
    first = len(months) - len(data["holdout"])
    moved = {"train": months[max(0, first - len(data["train"])) : first], "holdout": months[first:]}
    for name, new in moved.items():
        text = re.sub(rf"(?m)^(  {name}: )\[.*?\]", lambda found: found[1] + str(new).replace("'", '"'), text, count=1)
        print(f"{name}: {', '.join(data[name])} before, {', '.join(new)} now", flush=True)
    PARAMS.write_text(text)


if __name__ == "__main__":
    main()
