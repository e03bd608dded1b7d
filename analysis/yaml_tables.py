"""Tables of words and weights that people tune, as YAML next to the code that reads them."""

from __future__ import annotations

from importlib import resources
from typing import Any, Final

_TEXT: Final = "tag:yaml.org,2002:str"


def load_table(package: str, name: str) -> dict[str, Any]:
    """Return the table `name` of a package as plain data.

    Nodes are read here, and by the library only where they are no text, list or mapping: this takes half the time, and
    most runs read a dozen tables.
    """
    import yaml  # noqa: PLC0415 - commands that read no table do not need it

    text = resources.files(package).joinpath(name).read_text("utf-8")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(text)
    try:
        loaded: dict[str, Any] = _plain(loader.get_single_node(), loader)
    finally:
        loader.dispose()
    return loaded


def _plain(node: Any, loader: Any) -> Any:
    if node.tag == _TEXT:
        return node.value
    if node.id == "sequence":
        return [_plain(each, loader) for each in node.value]
    if node.id == "mapping":
        return {_plain(key, loader): _plain(value, loader) for key, value in node.value}
    return loader.construct_object(node)
