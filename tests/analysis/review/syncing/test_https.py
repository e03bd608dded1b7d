"""An exchange over https: certificates and credentials are the user's, and nothing asks for either."""

import shutil
import subprocess

import pytest

from tests.fixtures.git_over_https import served
from tests.fixtures.git_team import Team, git

pytestmark = pytest.mark.skipif(
    any(shutil.which(program) is None for program in ("git", "ssh-keygen", "openssl"))
    or subprocess.run(["git", "http-backend"], capture_output=True, check=False).returncode not in {0, 1, 128},
    reason="git, its http-backend, ssh-keygen or openssl is not installed",
)


def test_two_exchange_over_https(tmp_path, monkeypatch):
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    team = Team(tmp_path / "team", ["ann", "bob"])
    git(team.bare, "config", "http.receivepack", "true")
    ann, bob = team.members
    ann.decide([0])
    settings = home / ".gitconfig"
    with served(team.folder, tmp_path) as (address, certificate):
        remote = f"{address}/reviews.git"
        unknown = ann.sync(remote=remote)
        assert not unknown.reached
        assert "certificate" in unknown.why
        settings.write_text(f"[http]\n\tsslCAInfo = {certificate}\n")
        nameless = ann.sync(remote=remote)
        assert not nameless.reached
        assert "Username" in nameless.why
        settings.write_text(
            f'{settings.read_text()}[credential]\n\thelper = "!f() {{ echo username=ann; echo password=secret; }}; f"\n'
        )
        assert ann.sync(remote=remote).pushed == 3
        assert bob.sync(remote=remote).received == 1
        bob.decide([1])
        assert bob.sync(remote=remote).pushed == 1
        assert ann.sync(remote=remote).received == 1
    assert ann.states() == bob.states()
    assert ann.proven() == bob.proven() == {"ann": 3, "bob": 1}
    assert "secret" not in "".join(path.read_text("latin-1") for path in ann.home.rglob("*") if path.is_file())
