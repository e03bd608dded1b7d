"""Whole commands of other people's programs on the same documents in the same run: see `tests.benchmarks.report`.

They are installed as for the end-to-end tests (`tests/e2e/installed.py`); where that fails, the report says why.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pytest

from tests.benchmarks.documents import cost, real_documents, size_of
from tests.benchmarks.processes import clearance, run
from tests.benchmarks.tables import Figure, Section
from tests.e2e.installed import installed

#: What a run of ours may cost, in runs of a peer, on documents of 1 MB and more.
GOALS = {"redocly": 0.45, "spectral + owasp": 1 / 40, "fastmcp": 0.1}
#: The same where a peer does more, or less, on a document than on others.
GOALS_OF = {
    ("redocly", "github-3.0.json"): 0.2, ("redocly", "box-3.0.json"): 0.3, ("fastmcp", "stripe-3.0.yaml"): 0.03,
    ("fastmcp", "github-3.0.json"): 0.2, ("fastmcp", "box-3.0.json"): 0.15,
}  # fmt: skip
#: Documents that peers are measured on, at least so large, MB.
SMALLEST = 0.5
#: Of a peer that takes minutes on larger ones: the largest document it is measured on, MB.
LARGEST = {"spectral + owasp": 1.8}
#: CPU seconds that a peer may take.
PATIENCE = 300

FASTMCP = """
import asyncio, json, sys
from pathlib import Path
import yaml
try:
    import httpx2 as httpx
except ImportError:
    import httpx
from fastmcp import FastMCP
text = Path(sys.argv[1]).read_text()
document = json.loads(text) if text.lstrip()[:1] == "{" else yaml.load(text, Loader=yaml.CSafeLoader)
server = FastMCP.from_openapi(document, client=httpx.AsyncClient(base_url="http://127.0.0.1:9"))
print(len(asyncio.run(server.list_tools())))
"""
VALIDATE = """
const parser = require("@apidevtools/swagger-parser");
(parser.default ?? parser).validate(process.argv[2]).then(() => {}, (error) => { console.error(error.message); process.exit(1); });
"""


def programs(folder):
    """Yield (name, command that takes a document, or why there is none)."""
    for name, command in (
        ("redocly", _redocly), ("spectral + owasp", _spectral), ("fastmcp", _fastmcp), ("swagger-parser", _validator),
    ):  # fmt: skip
        try:
            yield name, command(folder)
        except pytest.skip.Exception as why:
            yield name, str(why)


def _redocly(_):
    return [installed("redocly") / "node_modules/.bin/redocly", "lint", "--extends=recommended", "--format=json"]


def _spectral(folder):
    rules = folder / "owasp.json"
    package = installed("spectral-owasp") / "node_modules/@stoplight/spectral-owasp-ruleset/dist/ruleset.js"
    rules.write_text(json.dumps({"extends": [str(package)]}))
    return [installed("spectral") / "node_modules/.bin/spectral", "lint", "--quiet", "-f", "json", "-r", rules]


def _fastmcp(_):
    return [installed("fastmcp-4.2") / "bin/python", "-c", FASTMCP]


def _validator(_):
    place = installed("swagger-parser")
    (place / "validate.cjs").write_text(VALIDATE)
    return ["node", place / "validate.cjs"]


def section(options):
    """Measure ours and theirs on every real document of some size."""
    with tempfile.TemporaryDirectory() as name:
        known = dict(programs(Path(name)))
        usable = {each: command for each, command in known.items() if isinstance(command, list)}
        columns = (column for each in usable for column in (each, f"ours / {each}"))
        made = Section(
            "Other programs",
            "CPU seconds and peak memory of whole commands, one run each, one after the other: `clearance inspect --json`;"
            " `redocly lint` and `spectral lint` with the OWASP rules as JSON; fastmcp making tools; swagger-parser validating."
            " They do not do the same work, and spectral is not run on documents on which it takes minutes. Linters end with 1 where they found something.",
            ("document", "clearance", *columns),
        )  # fmt: skip
        for each in known.keys() - usable.keys():
            made.note(f"Left out: {known[each]}")
        for place in real_documents():
            if place.is_file() and SMALLEST <= size_of(place) <= options.up_to:
                made.add(*_row(place, usable, Path(name)))
        if not made.rows:
            made.note("Left out: no real documents of this size are on this machine.")
        return made


def _row(place, usable, folder):
    ours = clearance(folder, "inspect", place, "--json")
    cells: list[object] = []
    for name, command in usable.items():
        if size_of(place) > LARGEST.get(name, 1_000):
            cells += ["not run", ""]
            continue
        ran = run([*command, place], folder, seconds=PATIENCE, PYTHONPATH="", REDOCLY_TELEMETRY="off")
        works = ran.exit in ({0, 1} if name in {"redocly", "spectral + owasp"} else {0})
        goal = GOALS_OF.get((name, place.name), GOALS.get(name)) if size_of(place) >= 1 else None
        cells += [cost(ran) if works else ran.ending, Figure(ours.seconds / ran.seconds, goal=goal) if works else ""]
    return place.name, cost(ours), *cells
