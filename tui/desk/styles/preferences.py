"""What a person chose for the desk and keeps: theme and columns, in `$XDG_CONFIG_HOME/clearance/desk.toml`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Final

from tui.desk.styles.themes import DEFAULT, THEMES

_THEME: Final = "theme"
_COLUMNS: Final = "columns"


def preferences_file() -> Path:
    """Return the path of the file."""
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "clearance" / "desk.toml"


def read_theme() -> tuple[str, str]:
    """Return the theme that was chosen, and what is wrong with the file, empty where nothing is.

    A file that is missing or wrong means the default theme: it is no reason to stop.
    """
    path = preferences_file()
    try:
        chosen = _read().get(_THEME, DEFAULT)
    except (OSError, ValueError) as error:
        return DEFAULT, f"{path} was not read: {error}"
    if chosen not in THEMES:
        return DEFAULT, f"{path}: there is no theme {chosen!r}; there are {', '.join(THEMES)}"
    return chosen, ""


def read_columns() -> tuple[str, ...]:
    """Return the names of the columns that were chosen for the inventory; the usual ones where none were, or wrongly."""
    from tui.desk.areas.tool_row import CHOICES, USUAL  # noqa: PLC0415 - the areas are drawn in these styles

    try:
        chosen = _read().get(_COLUMNS, USUAL)
    except (OSError, ValueError):
        return USUAL
    known = isinstance(chosen, list | tuple) and all(name in CHOICES for name in chosen)
    return tuple(chosen) if known else USUAL


def keep_theme(theme: str) -> str:
    """Write the theme that was chosen, and return why it could not be kept, empty where it was."""
    return _keep(_THEME, theme)


def keep_columns(names: tuple[str, ...]) -> str:
    """Write the columns that were chosen, and return why they could not be kept, empty where they were."""
    return _keep(_COLUMNS, list(names))


def _read() -> dict[str, Any]:
    """Return what the file says; nothing where it is missing. Raises `OSError`, `ValueError`."""
    import tomllib  # noqa: PLC0415 - only a person with a choice needs it

    try:
        return tomllib.loads(preferences_file().read_text("utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        return {}


def _keep(name: str, value: str | list[str]) -> str:
    path = preferences_file()
    try:
        kept = {key: each for key, each in _read().items() if key in {_THEME, _COLUMNS}}
    except (OSError, ValueError):
        kept = {}
    kept[name] = value
    lines = [f"{key} = {_toml(each)}" for key, each in kept.items() if isinstance(each, str | list)]
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(lines) + "\n", "utf-8")
    except OSError as error:
        return f"the {name} {'is' if name == _THEME else 'are'} not kept for the next time: {error}"
    return ""


def _toml(value: str | list[Any]) -> str:
    """Return a string, or a list of strings, as TOML writes it."""
    import json  # noqa: PLC0415 - only a person who chooses needs it

    return json.dumps(value)
