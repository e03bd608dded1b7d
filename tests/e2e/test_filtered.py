"""Filtered documents in the installed generators: each loads what it loaded before, and exposes what is approved alone."""

from __future__ import annotations

import json
import random

import pytest

from analysis.output.allowlist.document.document_tree import read_tree, write_tree
from analysis.output.allowlist.document.filtering import filtered
from analysis.output.allowlist.document.pointers import FileSet
from analysis.output.allowlist.names.generator import NoTool
from analysis.output.allowlist.names.generators import generator_named
from tests.e2e.test_names import COMPARED, REFUSED, answers, differences
from tests.fixtures.api_documents import HOSTILE, operations

pytestmark = pytest.mark.e2e

#: One version of each generator. What LiteLLM registers by itself and for its preview are the same operations.
GENERATORS = [each for each in COMPARED if each.program in {
    "fastmcp-4.2", "awslabs", "litellm", "mcp-openapi-proxy", "fastapi-mcp", "openapi-mcp-generator", "ivotoby",
} and not each.arguments]  # fmt: skip
SHARES = (1, 0.1)


def cut(raw, approved):
    """Return the filtered document of a source of one file."""
    source = read_tree(raw)
    return write_tree(filtered(source, FileSet([("document", raw)], source.root), approved))


def exposed(compared, raw):
    """Return the operations of which a generator makes a tool."""
    found = operations(raw)
    given = generator_named(f"{compared.generator}").rule(found)
    return {each.operation for each in found if given[each.key].name is not None}


def lost(compared, raw):
    """Return the operations whose place another one of the same name takes."""
    found = operations(raw)
    given = generator_named(f"{compared.generator}").rule(found)
    return {each.operation for each in found if given[each.key].why is NoTool.OVERWRITTEN}


def check(compared, cases, folder):
    """Compare filtered documents, each with the operations approved in it."""
    said = answers(compared, {name: raw for name, (raw, _, _) in cases.items()}, folder)
    count = 0
    for name, (raw, approved, before) in cases.items():
        assert isinstance(said[name], dict | list), f"{compared} {name}: {said[name]}"
        tools, wrong = differences(compared, raw, said[name])
        assert wrong == [], (name, wrong[:5])
        found = exposed(compared, raw)
        assert found <= approved, name
        # What was behind a reference is written out. What is lost to a name is lost by the generator's own rule.
        assert found | lost(compared, raw) >= approved & before, name
        count += tools
    print(f"{compared}: {count} tools of {len(cases)} filtered documents")


@pytest.mark.parametrize("compared", GENERATORS, ids=str)
def test_real_documents(compared, shared, tmp_path):
    dice, cases = random.Random(3), {}
    for name in compared.documents:
        if (compared.generator, name) in REFUSED:
            continue
        raw = (shared / "specs" / name).read_bytes()
        for share in SHARES:
            approved = {each.operation for each in operations(raw) if dice.random() < share}
            cases[f"{name} {share}"] = cut(raw, approved), approved, exposed(compared, raw)
    check(compared, cases, tmp_path)


@pytest.mark.parametrize("compared", GENERATORS, ids=str)
def test_each_of_every_neighbouring_pair_is_the_one_that_stays(compared, tmp_path):
    cases = {}
    for name, made in HOSTILE.items():
        raw = json.dumps(made).encode()
        if (compared.generator, name) in REFUSED:
            continue
        addresses = [each.operation for each in operations(raw)]
        for start in range(2):
            approved = set(addresses[start::2])
            cases[f"{name} {start}"] = cut(raw, approved), approved, exposed(compared, raw)
        cases[f"{name} none"] = cut(raw, set()), set(), set()
    check(compared, cases, tmp_path)
