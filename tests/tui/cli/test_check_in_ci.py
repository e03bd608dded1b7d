"""The snippets for GitHub Actions and GitLab: their shell is run, as those services run it."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="ssh-keygen is not installed on this machine"),
]
SNIPPETS = Path(__file__).parents[3] / "sample_data"
ANN = "ann@corp.example"


@pytest.fixture
def project(run, completed, source, tmp_path):
    """A repository with a signed packet, the allowed signers and the document."""
    folder = tmp_path / "project"
    (folder / "review").mkdir(parents=True)
    key = tmp_path / "ann"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    (folder / "review" / "allowed_signers").write_text(
        f'{ANN} namespaces="iam.signoff@clearance" {key.with_suffix(".pub").read_text()}'
    )
    assert run("export", completed, folder / "review" / "packet").code == 0
    assert run("sign", folder / "review" / "packet", "--role", "iam", "--key", key, "--verdict", "approve").code == 0
    shutil.copy(source, folder / "openapi.yaml")
    return folder


def shell(script, project, variables):
    """Run a script as the services do: `bash -e`, in the repository, with the program on the path."""
    bin_folder = project.parent / "bin"
    bin_folder.mkdir(exist_ok=True)
    program = bin_folder / "clearance"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m tui "$@"\n')
    program.chmod(0o755)
    root = str(SNIPPETS.parent)
    environment = os.environ | {"PATH": f"{bin_folder}:{os.environ['PATH']}", "PYTHONPATH": root} | variables
    return subprocess.run(
        ["bash", "-e", "-o", "pipefail", "-c", script],
        cwd=project,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def github():
    workflow = yaml.safe_load((SNIPPETS / "drift-check.github.yaml").read_text("utf-8"))
    steps = [step["run"] for step in workflow["jobs"]["drift"]["steps"] if "run" in step and step["name"] != "Install"]
    # Every step is a shell of its own; the first that fails ends the job.
    return " && ".join(f"({step})" for step in steps), workflow["env"], "drift.sarif"


def gitlab():
    job = yaml.safe_load((SNIPPETS / "drift-check.gitlab.yaml").read_text("utf-8"))["approved-tool-definitions"]
    return "\n".join(job["script"]), job["variables"], "drift.json"


@pytest.mark.parametrize("snippet", [github, gitlab])
def test_a_snippet_passes_finds_drift_and_stops_at_what_it_cannot_read(snippet, project):
    script, variables, report = snippet()
    equal = shell(script, project, variables)
    assert (equal.returncode, (project / report).is_file()) == (0, True), equal.stderr
    document = project / "openapi.yaml"
    text = document.read_text("utf-8")
    document.write_text(text.replace("summary: List customers", "summary: List the customers"))
    drifted = shell(script, project, variables)
    assert drifted.returncode == 1
    assert "List the customers" in (project / report).read_text("utf-8")
    json.loads((project / report).read_text("utf-8"))
    document.write_text("no document")
    unread = shell(script, project, variables)
    assert (unread.returncode, (project / report).exists()) == (3, False)
    document.write_text(text)
    (project / "review" / "packet" / "allowlist.json").write_text("{}")
    assert shell(script, project, variables).returncode in {1, 4}
