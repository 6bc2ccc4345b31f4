# SPDX-License-Identifier: Apache-2.0
"""What the platform serves, as its router's table says, and what docs/platform-api.yaml says of it: a parameter is {} in
both, for a segment or all that is left of a path."""
import os
import re

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
ROW = re.compile(r'\{"(GET|POST|PUT|DELETE|PATCH)",\s*"([^"]+)",\s*([^,]+),')


def served():
    """Methods and paths, but for those where nothing is."""
    text = open(os.path.join(TOP, "src/server/api.c"), encoding="utf-8").read()
    return {(method, re.sub(r"\*$", "{}", path)) for method, path, flags in ROW.findall(text) if "NOWHERE" not in flags}


def described(api):
    return {(method.upper(), re.sub(r"\{\w+\}", "{}", path)) for path, item in api["paths"].items()
            for method in item if method in ("get", "post", "put", "delete", "patch")}


def is_served(method, path, routes=None):
    return any(m == method and re.fullmatch(re.escape(p).replace(r"\{\}", "[^/]+"), path) for m, p in routes or served())
