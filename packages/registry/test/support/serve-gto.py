"""Calls GTO's own functions, one for each line that comes in, at the time that the line says."""

import functools
import json
import os
import sys
from unittest.mock import patch

import gto.api
import gto.index
import pygit2
from click.testing import CliRunner
from gto.cli import app
from gto.registry import GitRegistry
from gto.utils import make_ready_to_serialize
from scmrepo.git.backend.pygit2 import Pygit2Backend

now = None
committer = Pygit2Backend.committer.fget


def committer_then(backend):
    """libgit2 asks the clock and no variable of the environment."""
    who = committer(backend)
    return who if now is None else pygit2.Signature(who.name, who.email, now, 0)


Pygit2Backend.committer = property(committer_then)
# GTO reads its configuration again for each version: most of its time.
gto.index.read_registry_config = functools.cache(gto.index.read_registry_config)


def say(repo, *args):
    """What the command prints; run as GTO's own tests run it."""
    os.chdir(repo)
    result = CliRunner().invoke(app, args)
    return (result.stderr if result.exit_code else result.stdout).rstrip()


def check_refs(repo, refs):
    """What `check_ref` says of each, of one state."""
    with GitRegistry.from_url(repo) as registry:
        state = registry.get_state()
        with patch.object(GitRegistry, "get_state", lambda _: state):
            return [event.dict_state() for ref in refs for event in registry.check_ref(ref)]


OWN = {"say": say, "check_refs": check_refs}

for line in sys.stdin:
    request = json.loads(line)
    now = request["time"]
    try:
        call = OWN.get(request["call"]) or getattr(gto.api, request["call"])
        value = call(*request["args"], **request["options"])
        answer = {"value": make_ready_to_serialize(value)}
    except Exception as error:  # noqa: BLE001 GTO throws whatever its libraries throw.
        answer = {"error": f"{type(error).__name__}: {error}"}
    print(json.dumps(answer), flush=True)
