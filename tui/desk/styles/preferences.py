"""What a person chose for the desk and keeps: the theme, in `$XDG_CONFIG_HOME/clearance/desk.toml`."""

from __future__ import annotations

import os
from pathlib import Path

from tui.desk.styles.themes import DEFAULT, THEMES


def preferences_file() -> Path:
    """Return the path of the file."""
    return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "clearance" / "desk.toml"


def read_theme() -> tuple[str, str]:
    """Return the theme that was chosen, and what is wrong with the file, empty where nothing is.

    A file that is missing or wrong means the default theme: it is no reason to stop.
    """
    import tomllib  # noqa: PLC0415 - only a person with a choice needs it

    path = preferences_file()
    try:
        chosen = tomllib.loads(path.read_text("utf-8")).get("theme", DEFAULT)
    except (FileNotFoundError, NotADirectoryError):
        return DEFAULT, ""
    except (OSError, ValueError) as error:
        return DEFAULT, f"{path} was not read: {error}"
    if chosen not in THEMES:
        return DEFAULT, f"{path}: there is no theme {chosen!r}; there are {', '.join(THEMES)}"
    return chosen, ""


def keep_theme(theme: str) -> str:
    """Write the theme that was chosen, and return why it could not be kept, empty where it was."""
    path = preferences_file()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f'theme = "{theme}"\n', "utf-8")
    except OSError as error:
        return f"the theme is not kept for the next time: {error}"
    return ""
