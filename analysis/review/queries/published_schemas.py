"""The JSON Schemas of the files that people write or other programs read, by the name under which each is published."""

from __future__ import annotations

import json
from importlib import resources
from typing import Final

#: Name, and where the schema is: package and file. A line here publishes a schema.
SCHEMAS: Final = {
    "allowlist": ("analysis.output.allowlist", "allowlist.schema.json"),
    "answers": ("analysis.governance", "answers.schema.json"),
    "policy": ("analysis.policy", "policy.schema.json"),
}


def schema_text(name: str) -> str:
    """Return a published schema as it is in its file. Raises `KeyError` for a name that is none of `SCHEMAS`."""
    package, file = SCHEMAS[name]
    return resources.files(package).joinpath(file).read_text("utf-8")


def schema_titles() -> dict[str, str]:
    """Return what each schema describes, by name."""
    return {name: json.loads(schema_text(name))["description"] for name in SCHEMAS}
