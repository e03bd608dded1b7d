"""orval with `client: 'mcp'` (npm). A generated server in which two tools have one name does not start."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from analysis.output.allowlist.names.generator import GivenName, NoTool

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from analysis.output.allowlist.document.operations import ApiOperation

_METHODS: Final = frozenset({"post", "put", "get", "patch", "delete", "head"})
_NO_LOWER: Final = re.compile("[^a-z\u00df-\u00f6\u00f8-\u00ff]+", re.DOTALL)
_WORDS: Final = re.compile("[a-zA-Z0-9\u00c0-\u017f]+")
_SIGNS: Final = re.compile(r"""[!"`'#%&,:;<>=@{}~$()*+/\\?\[\]^|]""")
_SPACES: Final = re.compile(r"[\s'_.]")
#: Words of the language, which get an underscore in front.
_KEYWORDS: Final = frozenset({
    "implements", "interface", "package", "private", "protected", "public", "static", "let", "if", "in", "do", "var",
    "for", "new", "try", "this", "else", "case", "void", "with", "enum", "while", "break", "catch", "throw", "const",
    "yield", "class", "super", "return", "typeof", "delete", "switch", "export", "import", "default", "finally",
    "extends", "function", "continue", "debugger", "instanceof",
})  # fmt: skip


def given_names(operations: Sequence[ApiOperation]) -> Mapping[str, GivenName]:
    """Return the names of the generated tools. Of operations with one operationId the last one stays."""
    made: dict[str, GivenName] = {}
    by_id: dict[str, str] = {}
    for operation in operations:
        if operation.method.lower() not in _METHODS:
            made[operation.key] = GivenName(None, NoTool.METHOD)
            continue
        stated = operation.operation_id or _from_path(operation)
        if stated in by_id:
            made[by_id[stated]] = GivenName(None, NoTool.OVERWRITTEN)
        by_id[stated] = operation.key
        name = _camel(stated).replace("_", "")
        name = f"_{name}" if name in _KEYWORDS else name
        made[operation.key] = GivenName(name, None, name, cut=False, runs=operation.key)
    return made


def _from_path(operation: ApiOperation) -> str:
    parts = [_SPACES.sub("-", _SIGNS.sub("", part)) for part in operation.path.split("/")]
    return _pascal("-".join([operation.method.lower(), *parts]))


def _pascal(text: str) -> str:
    if _NO_LOWER.fullmatch(text):
        text = text.lower()
    return "".join(word[:1].upper() + word[1:] for word in _WORDS.findall(text))


def _camel(text: str) -> str:
    joined = _pascal(text)
    return joined[:1].lower() + joined[1:]
