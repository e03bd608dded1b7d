"""Identity of the program: a digest of the files that decide what is derived from a source, and one of all files.

Derived rows are trusted only where this engine derived them. A word more, another weight or a fixed reader gives
other rows from the same bytes; without the identity, a file would keep the earlier ones on this machine and get the
present ones on every other. The digest covers contents and no dates, so it is the same wherever the version is.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

#: Folders and files of `analysis` that decide what the derived rows of a source are, with their vocabulary.
ENGINE: Final = (
    "assess", "ingest", "model", "policy", "rules", "field_names.py", "second_process.py", "text.py", "text_folded.py", "words.py", "yaml_tables.py",
    "review/record/forms.py", "review/record/imports.py", "review/record/people/proven_events.py", "review/record/policy.py", "review/record/signed_packet.py", "review/record/state.py",
    "review/record/understanding.py", "review/sources", "workspace/codec.py", "workspace/json_texts.py", "workspace/order.py", "workspace/stored_rows",
)  # fmt: skip
_ANALYSIS: Final = Path(__file__).parents[2]
_ENDINGS: Final = (".py", ".yaml", ".json")


@cache
def engine_digest() -> str:
    """Return the SHA-256 of the names and contents of all files of the engine, in hexadecimal.

    Some 130 files are read, once a process, in about 3 ms.
    """
    return _digest(ENGINE, _ENDINGS)


@cache
def code_digest() -> str:
    """Return the SHA-256 of all files of `analysis`: the same code makes the same packet from the same events."""
    parts = sorted(child.name for child in _ANALYSIS.iterdir() if child.name != "sample_data")
    return _digest(parts, (*_ENDINGS, ".css", ".typ"))


def _digest(parts: Sequence[str], endings: tuple[str, ...]) -> str:
    whole = hashlib.sha256()
    for part in parts:
        for name, raw in _contents(_ANALYSIS / part, part, endings):
            whole.update(f"{name} {len(raw)}\n".encode())
            whole.update(raw)
    return whole.hexdigest()


def _contents(place: Path, name: str, endings: tuple[str, ...]) -> Iterator[tuple[str, bytes]]:
    """Yield names and contents of a file, or of all files in a folder, in the order of their names."""
    if name.endswith(endings):
        yield name, place.read_bytes()
    elif not name.endswith("__pycache__") and place.is_dir():
        for child in sorted(place.iterdir(), key=lambda child: child.name):
            yield from _contents(child, f"{name}/{child.name}", endings)
