"""One name, one meaning: modules, public classes and public functions that share a name, each with its reason."""

import ast
from collections import defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = [
    path
    for room in ("analysis", "tui")
    for path in sorted((ROOT / room).rglob("*.py"))
    if path.stem not in {"__init__", "__main__"} and path.parent.name != "auditor"  # a program of its own
]

_PER_LAYER = "one noun, one file per layer: query or record, command, action, area"
_PER_FAMILY = "one file per subject within a rule family"
MODULES_ALLOWED = {
    "review": "the records of a review, and the desk actions on it",
    "signoff": _PER_LAYER,
    "assignments": _PER_LAYER,
    "changes": _PER_LAYER,
    "conditions": _PER_LAYER,
    "controls": _PER_LAYER,
    "decisions": _PER_LAYER,
    "duplicates": _PER_LAYER,
    "fastmcp": "the rule by which it names tools, and the export target",
    "files": "the list of packet files, and the stored files of a workspace",
    "findings": _PER_LAYER,
    "flows": _PER_LAYER,
    "gates": _PER_LAYER,
    "generator_names": _PER_LAYER,
    "governance": _PER_LAYER,
    "hints": "the rules on hints, and the command that hands corrected ones back",
    "history": _PER_LAYER,
    "inventory": "the inventory of MCP sources, and the command that prints one",
    "keys": "the table of keys, and the command that prints it",
    "litellm": "the rule by which it names tools, and the export target",
    "notes": _PER_LAYER,
    "outcome": "what a command did, and how the command line shows it",
    "overrides": _PER_LAYER,
    "people": _PER_LAYER,
    "policy": _PER_LAYER,
    "preview": "the bytes of a first screen in the file, and the query that interprets them",
    "objects": "the object of a call: what it sends or returns, and what is confidential in it",
    "queue": _PER_LAYER,
    "record": "the record of a review, and the reader of recorded calls",
    "resources": "what a server offers besides tools, and the resource that a name is about",
    "schema_tree": "the tree of one document, and the query for the tree of one tool",
    "secrets": _PER_FAMILY,
    "session": "the open review, and what the desk knows of it",
    "sets": _PER_FAMILY,
    "sources": _PER_LAYER,
    "status": _PER_LAYER,
    "targets": _PER_LAYER,
    "tools": _PER_LAYER,
    "traffic": _PER_LAYER,
    "views": _PER_LAYER,
}
CLASSES_ALLOWED = {}
FUNCTIONS_ALLOWED = {
    "is_draft": "the same question of a document and of a manifest",
    "keep_one": _PER_LAYER,
    "notes": "the notes of a review, and their chapter",
    "page": "a page of the desk, and the key that turns one",
    "policy": "the chapter on the policy, and the desk action",
    "answer": "the record of an answer, and the desk action",
    "make_signature": "for a namespace, and in the role of a sign-off",
    "check_signature": "for a namespace, and in the role of a sign-off",
    "check": "the entry point of a check that runs in its own process or folder",
    "decide": _PER_LAYER,
    "dispose": _PER_LAYER,
    "given_names": "one rule for each generator of MCP tools",
    "import_source": _PER_LAYER,
    "intake": _PER_LAYER,
    "lacking_second_approver": "the computation over events, and the query of a review",
    "main": "the entry point of a process",
    "note": _PER_LAYER,
    "redo": _PER_LAYER,
    "render": "one renderer per format of the packet",
    "run": "the entry point of the command line",
    "save_view": _PER_LAYER,
    "undo": _PER_LAYER,
}


def definitions(node_types):
    """Return public top-level names of a kind with the places that define them."""
    found = defaultdict(list)
    for path in FILES:
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, node_types) and not node.name.startswith("_"):
                found[node.name].append(f"{path.relative_to(ROOT).as_posix()}:{node.lineno}")
    return found


def modules():
    found = defaultdict(list)
    for path in FILES:
        found[path.stem].append(f"{path.relative_to(ROOT).as_posix()}:1")
    return found


KINDS = {
    "modules": (modules, MODULES_ALLOWED),
    "classes": (lambda: definitions(ast.ClassDef), CLASSES_ALLOWED),
    "functions": (
        lambda: definitions(ast.FunctionDef | ast.AsyncFunctionDef), FUNCTIONS_ALLOWED,
    ),
}  # fmt: skip


@pytest.mark.parametrize(("names", "allowed"), KINDS.values(), ids=KINDS)
def test_a_name_has_one_meaning(names, allowed):
    shared = {name: places for name, places in names().items() if len(places) > 1 and name not in allowed}
    listed = [f"{place}: {name!r} has {len(places)} meanings" for name, places in shared.items() for place in places]
    assert not listed, "\n" + "\n".join(listed) + "\nrename all but one, or say in this file why they mean the same"


def test_shared_names_are_found():
    assert len(modules()["findings"]) > 1
    assert set(definitions(ast.ClassDef)) >= {"Finding", "Tool"}
