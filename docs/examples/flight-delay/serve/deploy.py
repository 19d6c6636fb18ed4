"""Puts a model where the flight-delay service reads it, and says what lies there.

Reads one request as JSON on standard input and answers with one JSON object on standard output:

    {"verb": "deploy", "model", "stage", "version", "sha256", "path", "replaces"}  ->  {"ok", "sha256", "version"}
    {"verb": "status", "model", "stage"}                          ->  {"ok", "sha256", "version", "healthy", "message"}

The service watches <folder>/<stage>/current.json, which names the model's file. Both are moved into place in one step,
so that it never reads half a file. Beside it lies health.json, in which the service says how it fares with a version:
{"version", "healthy", "message"}. The folder is $FLIGHT_DELAY_SERVING, or .serve here.
"""

import hashlib
import json
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

Json = dict[str, Any]

FOLDER = Path(os.environ.get("FLIGHT_DELAY_SERVING") or ".serve")


class Refusal(Exception):
    """A request that cannot be met; its message is for the person who deploys."""


def main() -> None:
    try:
        answer = {"ok": True, **handle(json.load(sys.stdin))}
    except (Refusal, OSError, ValueError) as error:
        answer = {"ok": False, "message": str(error)}
    print(json.dumps(answer))
    sys.exit(0 if answer["ok"] else 1)


def handle(request: Any) -> Json:
    if not isinstance(request, dict):
        raise Refusal("The request is not a JSON object.")
    verbs: dict[str, Callable[[Json], Json]] = {"deploy": deploy, "status": status}
    verb = text(request, "verb")
    if verb not in verbs:
        raise Refusal(f"{verb} is not a verb that this target knows: {', '.join(verbs)}.")
    return verbs[verb](request)


def deploy(request: Json) -> Json:
    source = Path(text(request, "path"))
    sha256, version = text(request, "sha256"), name(request, "version")
    found = digest(source)
    if found != sha256:
        raise Refusal(f"{source} has the SHA-256 {found}, not {sha256}.")

    place = stage_folder(request)
    place.mkdir(parents=True, exist_ok=True)
    file = f"{version}.onnx"
    replace(place / file, lambda temporary: shutil.copyfile(source, temporary))
    pointer = {"model": text(request, "model"), "version": version, "file": file}
    replace(place / "current.json", lambda temporary: temporary.write_text(json.dumps(pointer, indent=2) + "\n"))
    return status(request)


def status(request: Json) -> Json:
    """What the service reads now, and how it fares: the digest is of the file that is really there."""
    place = stage_folder(request)
    try:
        pointer = json.loads((place / "current.json").read_text())
        served = {"sha256": digest(place / pointer["file"]), "version": pointer["version"]}
    except FileNotFoundError:
        return {"sha256": None, "version": None}
    return served | health(place, pointer["version"])


def health(place: Path, version: str) -> Json:
    """What the service says of this very version; nothing until it has said something."""
    try:
        said = json.loads((place / "health.json").read_text())
    except FileNotFoundError:
        return {}
    return {key: said[key] for key in ("healthy", "message") if key in said} if said["version"] == version else {}


def stage_folder(request: Json) -> Path:
    return FOLDER / name(request, "stage")


def text(request: Json, key: str) -> str:
    value = request.get(key)
    if not isinstance(value, str) or not value:
        raise Refusal(f"The request has no {key}.")
    return value


def name(request: Json, key: str) -> str:
    """A text that is safe as the name of a file or folder."""
    value = text(request, key)
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._+-]*", value):
        raise Refusal(f"{value!r} is not a {key} that can name a file.")
    return value


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def replace(path: Path, write: Callable[[Path], object]) -> None:
    """Writes beside the path and then moves it there: a reader sees the old file or the new one."""
    descriptor, temporary = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    os.close(descriptor)
    try:
        write(Path(temporary))
        os.chmod(temporary, 0o644)
        with open(temporary, "rb") as file:
            os.fsync(file.fileno())
        os.replace(temporary, path)
    finally:
        Path(temporary).unlink(missing_ok=True)


if __name__ == "__main__":
    main()
