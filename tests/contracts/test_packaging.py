"""What is shipped, and what is run: our own packages, wherever the program is started."""

import os
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from analysis import __version__
from tests.goldens import check_golden
from tui.__main__ import main

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def wheel(tmp_path_factory):
    """The wheel of this checkout, built offline with what is installed."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert built.returncode == 0, built.stderr
    (made,) = folder.glob("*.whl")
    return made


@pytest.fixture(scope="session")
def names(wheel):
    with zipfile.ZipFile(wheel) as archive:
        return sorted(archive.namelist())


def test_the_version_is_the_one_of_the_source(wheel):
    assert wheel.name == f"mcp_clearance-{__version__}-py3-none-any.whl"


def test_the_wheel_holds_the_files_it_always_has(names):
    check_golden("wheel-files.txt", "".join(f"{name}\n" for name in names).replace(__version__, "{version}"))


def test_the_wheel_holds_our_packages_and_nothing_else(names):
    tops = {name.partition("/")[0] for name in names}
    (about,) = tops - {"analysis", "tui"}
    assert about.endswith(".dist-info")
    kinds = {Path(name).suffix for name in names if not name.startswith(about)}
    assert kinds <= {".py", ".yaml", ".json", ".css", ".tcss", ".md", ".typed", ".typ", ".otf", ".txt"}
    assert [name for name in names if Path(name).name.startswith(("test_", "conftest"))] == []


def test_every_module_and_every_file_a_module_reads_is_in_the_wheel(names, tracked):
    kept = [path.relative_to(ROOT).as_posix() for path in tracked]
    sample = {f"analysis/{name}" for name in kept if name.startswith("sample_data/")}
    assert {name for name in kept if name.startswith(("analysis/", "tui/"))} | sample <= set(names)
    assert "analysis/sample_data/customer-management.yaml" in sample


def test_the_unpacked_wheel_works_without_the_checkout(wheel, tmp_path, python):
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    code = (
        "from analysis.review.sources.sample import sample_folder, DOCUMENT, RECORD\n"
        "folder = sample_folder()\n"
        "assert (folder / DOCUMENT).is_file() and (folder / RECORD).is_file()\n"
        "print(folder)"
    )
    ran = python("-c", code, path=tmp_path / "site")
    assert (ran.returncode, ran.stdout) == (0, f"{tmp_path / 'site' / 'analysis' / 'sample_data'}\n"), ran.stderr
    ran = python("-m", "tui", "demo", "--no-desk", path=tmp_path / "site")
    assert ran.returncode == 0, ran.stderr
    assert "85 / 100 · blocked" in ran.stdout


def test_the_command_is_named_and_its_start_exists():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["scripts"] == {"clearance": "tui.__main__:main"}
    assert callable(main)


# --- started in a stranger's folder --------------------------------------------------------------------

TRAP = (
    "import pathlib\npathlib.Path(__file__).with_name('RUN').write_text('x')\nraise SystemExit('a stranger was run')\n"
)


@pytest.mark.parametrize("package", ["analysis/__init__.py", "analysis.py"])  # the one would hide the other
@pytest.mark.parametrize("command", [["--version"], ["demo", "--no-desk"]], ids=["version", "demo"])
def test_nothing_of_the_current_folder_is_run(tmp_path, python, package, command):
    hostile = tmp_path / "checkout"
    for trap in (package, "click.py", "yaml/__init__.py", "sqlite_utils.py", "rich.py"):
        (hostile / trap).parent.mkdir(parents=True, exist_ok=True)
        (hostile / trap).write_text(TRAP)
    ran = python("-m", "tui", *command, cwd=hostile)
    assert ran.returncode == 0, ran.stderr
    assert list(hostile.rglob("RUN")) == []


def test_the_trap_works(tmp_path, python):
    (tmp_path / "click.py").write_text(TRAP)
    python("-c", "import click")
    assert (tmp_path / "RUN").exists()


@pytest.mark.parametrize("package", ["analysis/__init__.py", "analysis.py"])
def test_a_foreign_package_of_our_name_is_refused_in_one_sentence(tmp_path, python, package):
    """First on the path, as in an environment that is shared with another program."""
    shadow = tmp_path / "shadow"
    (shadow / package).parent.mkdir(parents=True)
    (shadow / package).write_text("")
    ran = python("-m", "tui", "--version", path=f"{shadow}{os.pathsep}{ROOT}")
    lines = ran.stderr.splitlines()
    assert (ran.returncode, ran.stdout) == (70, "")
    assert lines[0] == "error: another package called 'analysis' was found"
    assert str(shadow) in lines[1]
    assert lines[2].startswith("next: ")
    assert len(lines) == 3


def test_a_foreign_package_of_our_name_is_refused_before_it_is_run(tmp_path, python):
    shadow = tmp_path / "shadow"
    (shadow / "analysis").mkdir(parents=True)
    (shadow / "analysis" / "__init__.py").write_text(TRAP)
    ran = python("-m", "tui", "--version", path=f"{shadow}{os.pathsep}{ROOT}")
    assert list(shadow.rglob("RUN")) == []
    assert ran.stderr.startswith("error: another package called 'analysis' was found")


def test_the_program_runs_in_its_own_checkout_too(python):
    assert python("-m", "tui", "--version", cwd=ROOT, path="").stdout == f"clearance {__version__}\n"


NO_METADATA = """
import importlib.metadata, sys
def refuse(name): raise importlib.metadata.PackageNotFoundError(name)
importlib.metadata.version = importlib.metadata.distribution = refuse
from tui.cli import run
sys.exit(run(["--version"]))
"""


def test_the_version_needs_no_installed_package(python):
    assert python("-c", NO_METADATA).stdout == f"clearance {__version__}\n"
