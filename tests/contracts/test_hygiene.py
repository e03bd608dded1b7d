"""Contents the repository must not have, and properties every module must have."""

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted(path for room in ("analysis", "tui") for path in (ROOT / room).rglob("*.py"))
#: Maximum number of lines of a module; exceptions with their limit and reason.
MAX_LINES = 300
LONGER: dict[str, tuple[int, str]] = {}

# Made from pieces, so that this file does not contain them.
ADDRESSES = ("py" + "pi.org", "python" + "hosted", "registry.npm" + "js", "/wo" + "rk/")


def test_no_file_names_a_package_index_or_a_path_of_one_machine(tracked):
    found = [
        f"{path.relative_to(ROOT)}: {address}"
        for path in tracked
        for address in ADDRESSES
        if address.encode() in path.read_bytes()
    ]
    assert found == []


def test_this_file_does_not_contain_what_it_searches_for():
    assert [address for address in ADDRESSES if address.encode() in Path(__file__).read_bytes()] == []


REQUIREMENTS = sorted(ROOT.glob("requirements*.txt"))
PINNED = re.compile(
    r"[a-z0-9._-]+(\[[a-z0-9,._-]+\])?==[0-9][0-9a-z.+!]*( ; [^\\]+)? ?((--hash=sha256:[0-9a-f]{64}) ?)+", re.IGNORECASE
)


def test_there_are_requirements_for_running_and_for_development():
    assert [path.name for path in REQUIREMENTS] == ["requirements-dev.txt", "requirements.txt"]


@pytest.mark.parametrize("path", REQUIREMENTS, ids=lambda path: path.name)
def test_every_requirement_is_pinned_with_hashes_and_without_an_address(path):
    entries = [" ".join(entry.split()) for entry in path.read_text().replace("\\\n", " ").splitlines() if entry.strip()]
    assert len(entries) > 10
    assert [entry for entry in entries if not PINNED.fullmatch(entry)] == []
    assert "://" not in path.read_text()


def test_run_time_requirements_have_the_same_pins_in_development():
    def pins(path):
        return set(re.findall(r"^([\w.-]+(?:\[[\w,]+\])?==[^ ]+)", path.read_text(), re.MULTILINE))

    use, development = pins(ROOT / "requirements.txt"), pins(ROOT / "requirements-dev.txt")
    assert use
    assert use <= development


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_module_has_a_docstring_and_a_limited_length(path):
    text = path.read_text("utf-8")
    docstring = ast.get_docstring(ast.parse(text))
    assert docstring
    assert docstring.splitlines()[0].endswith((".", ":", "`"))
    limit, _reason = LONGER.get(path.relative_to(ROOT).as_posix(), (MAX_LINES, ""))
    assert len(text.splitlines()) <= limit


def test_an_exception_is_kept_no_longer_than_it_is_needed():
    long = {
        path.relative_to(ROOT).as_posix() for path in MODULES if len(path.read_text("utf-8").splitlines()) > MAX_LINES
    }
    assert set(LONGER) <= long
    assert all(reason for _, reason in LONGER.values())
