"""Tables of words and weights that people tune, as YAML next to the code that reads them.

`!list` before a plain text makes a list of what a comma and a blank separate in it. The library takes some microseconds
for each node, and the tables that a command reads have 25,000 words.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any, Final

_TEXT: Final = "tag:yaml.org,2002:str"
_LIST: Final = "!list"


def load_table(package: str, name: str) -> Any:
    """Return the table `name` of a package, in it or in a folder of it, as plain data."""
    import yaml  # noqa: PLC0415 - commands that read no table do not need it

    text = Path(import_module(package).__path__[0], name).read_text("utf-8")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(text)
    try:
        return _plain(loader.get_single_node(), loader)
    finally:
        loader.dispose()


def _plain(node: Any, loader: Any) -> Any:
    """Return the data of a node; the library is asked for it only where it is no text, list or mapping."""
    if node.tag == _TEXT:
        return node.value
    if node.tag == _LIST:
        return node.value.split(", ")
    if node.id == "sequence":
        return [_plain(each, loader) for each in node.value]
    if node.id == "mapping":
        return {_plain(key, loader): _plain(value, loader) for key, value in node.value}
    return loader.construct_object(node)
