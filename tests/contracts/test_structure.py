"""Sizes that keep the code findable: modules per folder, members per class, levels of inheritance, no global state."""

import ast
import inspect
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FILES = sorted(path for room in ("analysis", "tui") for path in (ROOT / room).rglob("*.py"))
FOLDERS = sorted({path.parent for path in FILES})
NAMES = [".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__") for path in FILES]

#: Maximum number of modules in a folder, its `__init__` not counted.
MAX_MODULES = 16
#: Maximum number of public members a class defines or inherits from our own classes.
MAX_MEMBERS = 20
#: Maximum number of our own classes above a class, not counting those of libraries.
MAX_LEVELS = 2

#: Folders, classes and modules that are still being cut. Empty these tables; they take no new entries.

#: Module-level state that may stay, with its reason.
STATE_ALLOWED = {
    "analysis/review/queries/decision_proposals.py:built_in_baseline": "of the program's own files, the same for every review",
    "analysis/review/sources/engine_identity.py:code_digest": "of the program's own files, the same for every review",
    "analysis/review/sources/engine_identity.py:engine_digest": "of the program's own files, the same for every review",
}


def relative(path):
    return path.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("folder", FOLDERS, ids=relative)
def test_a_folder_can_be_seen_whole(folder):
    modules = [path.stem for path in folder.glob("*.py") if path.stem != "__init__"]
    assert len(modules) <= MAX_MODULES, f"{relative(folder)} has {len(modules)} modules; make rooms within it"


def our_classes():
    """Yield every class of our modules."""
    for name in NAMES:
        if name == "tui.__main__":
            continue
        for value in vars(import_module(name)).values():
            if inspect.isclass(value) and value.__module__ == name:
                yield value


def is_ours(cls):
    return cls.__module__.split(".")[0] in {"analysis", "tui"}


def public_members(cls):
    """Return the methods and properties of a class that callers may use, those of our base classes included.

    Fields of records are data, and what a library class prescribes (Textual's `on_…`, `action_…`, hooks) is not ours.
    """
    ours = [each for each in cls.__mro__ if is_ours(each)]
    prescribed = {name for each in cls.__mro__ if not is_ours(each) for name in vars(each)}
    return {
        name
        for each in ours
        for name, value in vars(each).items()
        if not name.startswith(("_", "on_", "action_", "watch_", "compute_"))
        and name not in prescribed
        and (inspect.isfunction(value) or isinstance(value, property | classmethod | staticmethod))
    }


def test_no_class_does_too_much():
    large = {f"{cls.__module__}.{cls.__qualname__}": len(public_members(cls)) for cls in our_classes()}
    found = {name: count for name, count in large.items() if count > MAX_MEMBERS}
    assert found == {}, "compose: move members into modules of functions, or into an object the class holds"


def test_inheritance_is_not_a_filing_system():
    deep = {
        f"{cls.__module__}.{cls.__qualname__}": [each.__name__ for each in cls.__mro__[1:] if is_ours(each)]
        for cls in our_classes()
    }
    found = {name: above for name, above in deep.items() if len(above) > MAX_LEVELS}
    assert found == {}, "compose: a class has what it needs, it does not inherit it"


#: Calls and displays that make an object which can change.
_MUTABLE_CALLS = {
    "dict", "list", "set", "bytearray", "defaultdict", "deque", "Counter", "OrderedDict", "WeakKeyDictionary",
    "WeakValueDictionary", "WeakSet", "PerReviewCache", "local", "ContextVar",
}  # fmt: skip
_CACHES = {"cache", "lru_cache"}
_MUTABLE_DISPLAYS = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp)


def called(node):
    node = node.func if isinstance(node, ast.Call) else node
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def global_state(tree):
    """Yield the names of a module that hold state for every review: caches, registries, and what can change.

    A display that is not empty and has the name of a constant is a table, not state.
    """
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            if any(called(each) in _CACHES for each in node.decorator_list):
                yield node.name
        elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            name = ast.unparse(target)
            table = name == "__all__" or (name.isupper() and ast.unparse(node.value) not in {"[]", "{}"})
            makes = isinstance(node.value, ast.Call) and called(node.value) in _MUTABLE_CALLS | _CACHES
            if makes or (isinstance(node.value, _MUTABLE_DISPLAYS) and not table):
                yield name
    for node in ast.walk(tree):
        if isinstance(node, ast.Global):
            yield from node.names


def test_the_review_service_keeps_no_state_between_reviews():
    found = {
        f"{relative(path)}:{name}"
        for path in FILES
        if relative(path).startswith("analysis/review/")
        for name in global_state(ast.parse(path.read_text("utf-8")))
    }
    assert sorted(found - set(STATE_ALLOWED)) == [], "hold it in the session of a review"


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("_KEPT: WeakKeyDictionary[A, B] = WeakKeyDictionary()", ["_KEPT"]),
        ("seen = []", ["seen"]),
        ("seen: set[str] = set()", ["seen"]),
        ("@lru_cache(maxsize=2)\ndef f(): ...", ["f"]),
        ("def f():\n    global n\n    n = 1", ["n"]),
        ("_SEEN: Final = {}", ["_SEEN"]),
        ("_WORDS: Final = {'a': 1}", []),
        ("__all__ = ['a']\nWORDS = ('a', 'b')\nID = compile('x')", []),
    ],
)
def test_state_is_found_in_every_form(source, names):
    assert list(global_state(ast.parse(source))) == names


def test_an_exception_is_kept_no_longer_than_it_is_needed():
    tables = (STATE_ALLOWED,)
    places = {relative(path) for path in (*FILES, *FOLDERS)}
    classes = {f"{cls.__module__}.{cls.__qualname__}" for cls in our_classes()}
    for table in tables:
        assert all(name.partition(":")[0] in places or name in classes for name in table)
