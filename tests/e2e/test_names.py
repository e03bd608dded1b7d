"""The names that are derived are those that the installed generators give."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass

import pytest

from analysis.output.allowlist.names.generators import generator_named
from tests.fixtures.api_documents import HOSTILE, REAL, SWAGGER, as_json, operations
from tests.e2e.installed import drive
from tests.e2e.pins import PINS

pytestmark = pytest.mark.e2e


@dataclass(frozen=True)
class Compared:
    """A generator as derived, the program that is installed, its driver, and the driver's arguments."""

    generator: str
    program: str
    driver: str
    arguments: tuple[str, ...] = ()
    swagger: bool = True  # whether it reads Swagger 2.0 as it is

    def __str__(self) -> str:
        return "-".join((self.program, *self.arguments))


COMPARED = [
    Compared("fastmcp", "fastmcp-4.2", "fastmcp_names.py", swagger=False),
    Compared("fastmcp", "fastmcp-4.1", "fastmcp_names.py", swagger=False),
    Compared("fastmcp", "fastmcp-3.4", "fastmcp_names.py", swagger=False),
    Compared("awslabs", "awslabs", "awslabs_names.py", swagger=False),
    Compared("litellm", "litellm", "litellm_names.py"),
    Compared("litellm", "litellm-1.106", "litellm_names.py"),
    Compared("litellm-preview", "litellm", "litellm_names.py", ("preview",)),
    Compared("litellm-preview", "litellm-1.106", "litellm_names.py", ("preview",)),
    Compared("mcp-openapi-proxy", "mcp-openapi-proxy", "mcp_openapi_proxy_names.py"),
    Compared("fastapi-mcp", "fastapi-mcp", "fastapi_mcp_names.py"),
    Compared("openapi-mcp-generator", "openapi-mcp-generator", "openapi_mcp_generator_names.mjs", swagger=False),
    Compared("ivotoby", "ivotoby", "ivotoby_names.mjs"),
    Compared("orval", "orval", "orval_names.mjs", swagger=False),
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


@pytest.mark.parametrize("compared", COMPARED, ids=str)
def test_invented_documents(compared, tmp_path):
    documents = {name: json.dumps(made).encode() for name, made in HOSTILE.items()}
    said = answers(compared, documents, tmp_path)
    if compared.generator == "ivotoby":  # one word, and the whole generator fails
        assert not derived(compared, documents["a word of the language"])[0]
        assert "toUpperCase" in said.pop("a word of the language")
    found = {name: differences(compared, documents[name], answer) for name, answer in said.items()}
    print(f"{compared}: {sum(count for count, _ in found.values())} tools of {len(found)} invented documents")
    assert {name: wrong for name, (_, wrong) in found.items() if wrong} == {}


@pytest.mark.parametrize("compared", COMPARED, ids=str)
def test_real_documents(compared, shared, tmp_path):
    names = (*REAL, *(SWAGGER if compared.swagger else ()))
    documents = {name: (shared / "specs" / name).read_bytes() for name in names}
    said = answers(compared, documents, tmp_path)
    found = {name: differences(compared, documents[name], answer) for name, answer in said.items()}
    print(f"{compared}: { {name: count for name, (count, _) in found.items()} }")
    assert {name: wrong[:5] for name, (_, wrong) in found.items() if wrong} == {}
