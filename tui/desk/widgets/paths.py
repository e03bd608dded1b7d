"""Completion of paths that are typed, and what is wrong with one before anything is done with it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from analysis.text import visible

#: Maximum number of entries of a folder that are offered.
_MAX_OFFERED: Final = 200


def completed_paths(typed: str) -> tuple[str, ...]:
    """Return the paths that begin with what was typed, folders with a slash at the end; none where nothing can be read."""
    folder, slash, begun = typed.rpartition("/")
    place = Path(f"{folder}{slash}" or ".").expanduser()
    try:
        found = sorted(each for each in place.iterdir() if each.name.startswith(begun))
        hidden = begun.startswith(".")
        names = [
            f"{folder}{slash}{each.name}{'/' if each.is_dir() else ''}"
            for each in found
            if hidden or not each.name.startswith(".")
        ]
    except (OSError, ValueError, RuntimeError):
        return ()
    return tuple(name for name in names if visible(name) == name)[:_MAX_OFFERED]


def path_problem(typed: str) -> str:
    """Return why a typed path cannot be read; empty where it exists."""
    try:
        exists = Path(typed).expanduser().exists()
    except (OSError, ValueError, RuntimeError) as error:
        return visible(str(error), 200)
    if exists:
        return ""
    near = completed_paths(typed[:-1]) if typed else ()
    return f"there is no {visible(typed, 200)}" + (
        f"; did you mean {visible(near[0], 200)}?" if near else "; Tab completes a path"
    )
