"""Programs of `pins.py`, installed once in a folder outside the repository; a test skips where a registry cannot deliver."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.pins import PINS

#: Environment variable that names the folder of installed programs.
VARIABLE = "CLEARANCE_E2E_CACHE"
#: Maximum time of one installation, seconds.
INSTALL_SECONDS = 900
#: Last lines of an installer's output that a skip shows.
MAX_LINES = 2


def cache() -> Path:
    """Return the folder of installed programs."""
    return Path(os.environ.get(VARIABLE, Path.home() / ".cache" / "clearance-e2e"))


def installed(name: str) -> Path:
    """Return the folder of a pinned program, which is installed first where it is not; skips where that fails.

    It is a virtual environment, or a folder with `node_modules`. A half-made one is made again.
    """
    registry, package, version = PINS[name]
    folder = cache() / f"{name}-{version}"
    done = folder / ".installed"
    if done.exists():
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    if registry == "npm":
        if shutil.which("npm") is None:
            pytest.skip(f"{package} {version}: there is no npm")
        command = ["npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", f"{package}@{version}"]
        (folder / "package.json").write_text('{"private": true}', "utf-8")
    else:
        run([sys.executable, "-m", "venv", str(folder)], folder, package, version)
        command = [str(folder / "bin" / "python"), "-m", "pip", "install", "-q", f"{package}=={version}"]
    run(command, folder, package, version)
    done.touch()
    return folder


def run(command: list[str], folder: Path, package: str, version: str) -> None:
    """Run one step of an installation; skips, with the last lines of its output, where it fails."""
    try:
        ended = subprocess.run(
            command, cwd=folder, capture_output=True, text=True, timeout=INSTALL_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        pytest.skip(f"{package} {version} cannot be installed: {error}")
    if ended.returncode:
        said = " ".join(f"{ended.stdout}\n{ended.stderr}".strip().splitlines()[-MAX_LINES:])
        pytest.skip(f"{package} {version} cannot be installed: {said[:300]}")


def drive(name: str, driver: str, *arguments: object, seconds: int = 1200) -> str:
    """Run a driver of `tests/e2e/drivers` with an installed program, and return what it prints on standard output."""
    folder = installed(name)
    script = Path(__file__).parent / "drivers" / driver
    if script.suffix == ".py":
        command = [str(folder / "bin" / "python"), str(script)]
    else:
        # Node looks for packages beside the script, so it has to run from where they are.
        command = ["node", str(shutil.copy(script, folder / driver))]
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "LITELLM_LOCAL_MODEL_COST_MAP": "True",
        "NO_COLOR": "1",
    }
    ended = subprocess.run(
        [*command, *map(str, arguments)],
        cwd=folder, env=environment, capture_output=True, text=True, timeout=seconds, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, f"{name} {driver}: {ended.stderr[-2000:]}"
    return ended.stdout
