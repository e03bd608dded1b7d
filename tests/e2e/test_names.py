"""The names that are derived are those that the installed generators give."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass

import pytest

from analysis.output.allowlist.names.generators import generator_named
from tests.e2e.installed import drive
from tests.e2e.pins import PINS
from tests.fixtures.api_documents import HOSTILE, REAL, SWAGGER, as_json, operations

pytestmark = pytest.mark.e2e

#: Real documents that a generator reads within minutes: three of them write out every reference, and do not end on others.
SMALL = ("twilio-api-3.0.json", "museum-3.1.yaml", "petstore-3.0.yaml", "oai-tictactoe-3.1.yaml")
XERO = "xero-accounting-3.0.yaml"
BOX = "box-3.0.json"
#: Documents that a generator refuses, of all that it is given, and a part of what it says.
REFUSED = {
    ("fastmcp", "discord-3.1.json"): "Invalid OpenAPI schema",
    ("ivotoby", "a word of the language"): "toUpperCase",
    ("orval", "without id"): "ENOENT",
    ("orval", "same path apart from signs"): "ENOENT",
}


@dataclass(frozen=True)
class Compared:
    """A generator as derived, the program that is installed, its driver, and the driver's arguments."""

    generator: str
    program: str
    driver: str
    arguments: tuple[str, ...] = ()
    documents: tuple[str, ...] = (*REAL, *SWAGGER)  # real ones that are compared

    def __str__(self) -> str:
        return "-".join((self.program, *self.arguments))


COMPARED = [
    Compared("fastmcp", "fastmcp-4.2", "fastmcp_names.py", documents=REAL),
    Compared("fastmcp", "fastmcp-4.1", "fastmcp_names.py", documents=REAL),
    Compared("fastmcp", "fastmcp-3.4", "fastmcp_names.py", documents=REAL),
    Compared("awslabs", "awslabs", "awslabs_names.py", documents=(*SMALL, XERO)),
    Compared("litellm", "litellm", "litellm_names.py"),
    Compared("litellm", "litellm-1.106", "litellm_names.py"),
    Compared("litellm-preview", "litellm", "litellm_names.py", ("preview",)),
    Compared("litellm-preview", "litellm-1.106", "litellm_names.py", ("preview",)),
    Compared("mcp-openapi-proxy", "mcp-openapi-proxy", "mcp_openapi_proxy_names.py"),
    Compared("fastapi-mcp", "fastapi-mcp", "fastapi_mcp_names.py", documents=(*SMALL, BOX, "slack-2.0.json")),
    Compared("openapi-mcp-generator", "openapi-mcp-generator", "openapi_mcp_generator_names.mjs", documents=REAL),
    Compared("ivotoby", "ivotoby", "ivotoby_names.mjs"),
    Compared("orval", "orval", "orval_names.mjs", documents=(*SMALL, XERO, BOX)),
]


def derived(compared, raw):
    """Return what is derived for a whole document: each (method, path, name), and the operation that each name runs."""
    found = operations(raw)
    by_key = {each.key: each for each in found}
    given = generator_named(f"{compared.generator}@{PINS[compared.program][2]}").rule(found)
    listed = Counter((*by_key[key].operation, each.name) for key, each in given.items() if each.name is not None)
    return listed, {each.name: by_key[each.runs].operation for each in given.values() if each.name is not None}


def differences(compared, raw, said):
    """Return the number of tools that the installed program makes, and how they differ from those derived."""
    listed, runs = derived(compared, raw)
    if isinstance(said, str):
        return 0, [f"refused: {said}"]
    rows = said["listed"] if isinstance(said, dict) else said
    found = Counter(each if isinstance(each, str) else tuple(each) for each in rows)
    if any(isinstance(each, str) for each in found):  # names alone
        listed = Counter(name for _, _, name in listed.elements())
    wrong = [f"derived {each}" for each in (listed - found).elements()]
    wrong += [f"real {each}" for each in (found - listed).elements()]
    if isinstance(said, dict):
        really = said["runs"]
        really = really if isinstance(really, dict) else {name: (method, path) for method, path, name in really}
        wrong += [f"{name} runs {each}" for name, each in really.items() if tuple(each) != runs[name]]
    return found.total(), wrong


def answers(compared, documents, folder):
    """Return what the installed program says to each document, by name."""
    paths = [as_json(raw, folder / f"{number}.json") for number, raw in enumerate(documents.values())]
    said = drive(compared.program, compared.driver, *compared.arguments, *paths)
    return dict(zip(documents, json.loads(said.splitlines()[-1]), strict=True))


def check(compared, documents, folder):
    """Compare what the installed program makes of each document with what is derived."""
    found = {}
    for name, said in answers(compared, documents, folder).items():
        refusal = REFUSED.get((compared.generator, name))
        if refusal is not None:
            assert isinstance(said, str), f"{compared} reads {name}"
            assert refusal in said
            continue
        found[name] = differences(compared, documents[name], said)
    print(f"{compared}: { {name: count for name, (count, _) in found.items()} }")
    assert {name: wrong[:5] for name, (_, wrong) in found.items() if wrong} == {}


@pytest.mark.parametrize("compared", COMPARED, ids=str)
def test_invented_documents(compared, tmp_path):
    check(compared, {name: json.dumps(made).encode() for name, made in HOSTILE.items()}, tmp_path)


@pytest.mark.parametrize("compared", COMPARED, ids=str)
def test_real_documents(compared, shared, tmp_path):
    check(compared, {name: (shared / "specs" / name).read_bytes() for name in compared.documents}, tmp_path)


def test_a_word_that_makes_a_generator_fail_is_known():
    raw = json.dumps(HOSTILE["a word of the language"]).encode()
    assert derived(next(each for each in COMPARED if each.generator == "ivotoby"), raw)[0] == Counter()
