"""Help and version of every command."""

import pytest

from analysis import __version__
from tui.cli import _COMMANDS


@pytest.mark.parametrize("command", _COMMANDS)
@pytest.mark.parametrize("flag", ["--help", "-h"])
def test_every_command_explains_itself_with_an_example(run, tree, command, flag):
    before = tree()
    ran = run(command, flag)
    assert (ran.code, ran.err) == (0, "")
    assert f"Usage: clearance {command} " in ran.out
    assert f"Example: clearance {command} " in " ".join(ran.out.split())
    assert tree() == before


def test_the_help_lists_every_command_and_what_exit_codes_mean(run):
    ran = run("--help")
    listed = [line.split()[0] for line in ran.out.partition("Commands:")[2].splitlines() if line.startswith("  ")]
    assert set(_COMMANDS) <= set(listed)
    assert "Exit codes: 0 fine, 1 the answer is no, 2 usage, 3 input refused" in " ".join(ran.out.split())


def test_the_version_is_one_line(run):
    ran = run("--version")
    assert (ran.code, ran.out, ran.err) == (0, f"clearance {__version__}\n", "")
