"""The git program, run so that neither a remote nor its contents decide anything here.

No checkout, no hook, no prompt, no submodule, no tag; only the protocols of files, ssh and https; nothing of the
environment but what finds programs, keys and certificates. A limit of the system on the size of written files holds for
git and all it starts, so that an oversized pack ends the transfer while it arrives.
"""

from __future__ import annotations

import contextlib
import os
import shlex
import signal
import subprocess  # git is the one program started, with a list of arguments; a shell only sets its limits
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

from analysis.errors import InputRefused
from analysis.sync.branch_names import is_folder
from analysis.text import visible

#: Time limit of a transfer, seconds.
_SECONDS: Final = 120
#: Maximum size of a file that git may write in one transfer, in bytes: the pack with all new events of all branches.
MAX_PACK: Final = 256 * 1024 * 1024
#: Maximum address space of git, in KiB: a small pack can ask for a large object.
_MAX_MEMORY: Final = 4 * 1024 * 1024
_BLOCK: Final = 512  # bytes in a block of `ulimit -f`
#: Sets the limits, then becomes git. Where a shell knows no limit of memory, that of time still holds.
_LIMITED: Final = 'ulimit -f "$1" || exit 125; ulimit -v "$2" 2>/dev/null; shift 2; exec "$@"'
#: Settings that hold whatever a repository says.
_SETTINGS: Final = (
    "core.hooksPath=/dev/null", "core.fsmonitor=false", "core.symlinks=false", "core.bigFileThreshold=1m", "protocol.allow=never",
    "protocol.file.allow=always", "protocol.ssh.allow=always", "protocol.https.allow=always", "submodule.recurse=false",
    "fetch.recurseSubmodules=false", "fetch.unpackLimit=1", "transfer.fsckObjects=true", "fetch.writeCommitGraph=false",
    "gc.auto=0", "maintenance.auto=false", "receive.autogc=false", "pack.threads=1", "core.compression=1", "push.recurseSubmodules=no",
    "push.gpgSign=false", "advice.detachedHead=false",
)  # fmt: skip
#: Further ones where git serves a folder on this machine: it would run there what the folder's own settings name.
_SERVING: Final = (
    "receive.denyCurrentBranch=refuse",
    "core.alternateRefsCommand=true",
    "safe.directory=*",
)
_KEPT: Final = ("PATH", "HOME", "SSH_AUTH_SOCK", "SSL_CERT_FILE", "SSL_CERT_DIR", "HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy",
                "TMPDIR", "SYSTEMROOT", "USERPROFILE", "LOGNAME", "USER")  # fmt: skip
_SSH: Final = (
    "ssh -oBatchMode=yes -oClearAllForwardings=yes -oForwardAgent=no -oPermitLocalCommand=no -oConnectTimeout=20"
)
#: How git ends where the program that connects had already said why.
_NOT_READ: Final = "fatal: Could not read from remote repository."
#: Settings of the user that a connection may need; a repository cannot name them.
_OF_THE_USER: Final = r"^(credential\.|http\.)"


class GitFailed(Exception):
    """Git ended with an error; the message is what it said, in one line."""


@dataclass(frozen=True, slots=True)
class Git:
    """Git at work in a bare repository of our own."""

    folder: Path

    @classmethod
    def made(cls, folder: Path, *, alternate: Path | None = None) -> Git:
        """Return git in a folder, which becomes an empty bare repository unless it is one. Raises `GitFailed`."""
        git = cls(folder)
        if not (folder / "HEAD").is_file():
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            git.run("init", "--quiet", "--bare", "--template=", "--object-format=sha1", str(folder))
        if alternate is not None:
            (folder / "objects" / "info").mkdir(exist_ok=True)
            (folder / "objects" / "info" / "alternates").write_text(f"{alternate / 'objects'}\n", "utf-8")
        return git

    def command(self, *arguments: str) -> list[str]:
        """Return the command line of git with our settings."""
        settings = [part for setting in _SETTINGS for part in ("-c", setting)]
        return ["git", "--no-pager", "--no-replace-objects", f"--git-dir={self.folder}", *settings, *arguments]

    def run(self, *arguments: str, max_file: int = MAX_PACK, seconds: float = _SECONDS) -> bytes:
        """Run git and return its output, of at most `max_file` bytes. Raises `GitFailed`."""
        limits = [str(max_file // _BLOCK), str(_MAX_MEMORY)]
        with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
            try:
                process = subprocess.Popen(  # noqa: S603 - a list of checked arguments
                    ["/bin/sh", "-c", _LIMITED, "sh", *limits, *self.command(*arguments)],
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=errors,
                    env=environment(),
                    start_new_session=True,
                )
            except OSError as error:
                raise GitFailed(f"git could not be started: {error.strerror}") from None
            try:
                code = process.wait(seconds)
            except subprocess.TimeoutExpired:
                code = -1
            finally:
                _end(process)
            if code != 0:
                raise GitFailed(_said(errors, code, seconds))
            output.seek(0)
            return output.read(max_file)

    def at(self, address: str, service: str) -> list[str]:
        """Return the options by which git talks to a remote, of `upload-pack` or `receive-pack`."""
        if not is_folder(address):
            return []
        settings = " ".join(f"-c {shlex.quote(setting)}" for setting in (*_SETTINGS, *_SERVING))
        return [f"--{service}=git {settings} {service}"]


def environment() -> dict[str, str]:
    """Return the environment of git: nothing that asks, nothing that a repository or another program has put there."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    fixed = {
        "GIT_TERMINAL_PROMPT": "0", "GIT_ASKPASS": "false", "SSH_ASKPASS": "false", "SSH_ASKPASS_REQUIRE": "never",
        "GIT_SSH_COMMAND": _SSH, "GIT_ALLOW_PROTOCOL": "file:ssh:https", "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull, "GIT_NO_REPLACE_OBJECTS": "1", "GIT_NO_LAZY_FETCH": "1", "GIT_OPTIONAL_LOCKS": "0",
        "GIT_ATTR_NOSYSTEM": "1", "LC_ALL": "C",
    }  # fmt: skip
    return kept | fixed | _of_the_user(kept)


def _of_the_user(kept: dict[str, str]) -> dict[str, str]:
    """Return the user's settings for credentials, proxies and certificates, as git takes them from the environment."""
    places = (
        [Path(kept["HOME"], ".gitconfig"), Path(kept["HOME"], ".config", "git", "config")] if "HOME" in kept else []
    )
    found: list[tuple[str, str]] = []
    for place in places:
        if not place.is_file():
            continue
        with contextlib.suppress(OSError, subprocess.SubprocessError, ValueError):
            done = subprocess.run(  # noqa: S603 - reads one file of the user's
                ["git", "config", "--file", str(place), "--null", "--get-regexp", _OF_THE_USER],  # noqa: S607
                capture_output=True, check=True, timeout=10, env=kept | {"GIT_CONFIG_NOSYSTEM": "1"}, stdin=subprocess.DEVNULL,
            )  # fmt: skip
            for entry in done.stdout.decode().split("\0"):
                name, _, value = entry.partition("\n")
                if name:
                    found.append((name, value))
    numbered = {
        f"GIT_CONFIG_{part}_{n}": entry[k] for n, entry in enumerate(found) for k, part in enumerate(("KEY", "VALUE"))
    }
    return numbered | {"GIT_CONFIG_COUNT": str(len(found))} if found else {}


def _end(process: subprocess.Popen[bytes]) -> None:
    """End git and what it has started, such as ssh."""
    if process.poll() is None:
        with contextlib.suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _said(errors: object, code: int, seconds: float) -> str:
    if code == -1:
        return f"no answer within {seconds:.0f} seconds"
    errors.seek(0)  # type: ignore[attr-defined]
    text = errors.read(16_384).decode("utf-8", "replace")  # type: ignore[attr-defined]
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if _NOT_READ in lines:  # what ssh said before says why
        lines = lines[max(lines.index(_NOT_READ) - 1, 0) :]
        lines = [line for line in lines if line != _NOT_READ] or lines
        return visible(lines[0], 300)
    lines = [line for line in lines if "askpass" not in line] or lines  # that nothing is asked is ours
    named = [line for line in lines if line.startswith(("fatal:", "error:", "!", "ERROR"))] or lines
    return visible(" · ".join(named[:3]), 300) or f"git ended with code {code}"


class Objects:
    """Objects of a repository: sizes first, then contents, of at most a number of bytes each. To be closed."""

    def __init__(self, git: Git) -> None:
        self._sizes = self._started(git, "--batch-check")
        self._contents = self._started(git, "--batch")

    @staticmethod
    def _started(git: Git, how: str) -> subprocess.Popen[bytes]:
        try:
            return subprocess.Popen(  # noqa: S603 - a list of checked arguments
                git.command("cat-file", how), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                env=environment(), start_new_session=True,
            )  # fmt: skip
        except OSError as error:
            raise InputRefused("git could not be started", why=str(error.strerror), remedy="install git") from None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for process in (self._sizes, self._contents):
            _end(process)
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    pipe.close()

    def size(self, name: str, kind: str) -> int:
        """Return the size of an object in bytes. Raises `GitFailed` where it is missing or of another kind."""
        header = _asked(self._sizes, name).split()
        if len(header) != 3 or header[1] != kind.encode():
            raise GitFailed(f"{name[:12]} is no {kind}")
        return int(header[2])

    def commit_at(self, reference: str) -> str:
        """Return the commit that a reference of ours names."""
        name, kind, *_ = [*_asked(self._sizes, reference).decode("ascii", "replace").split(), ""]
        if kind != "commit":
            raise GitFailed("its tip is no commit")
        return name

    def read(self, name: str, kind: str, limit: int) -> bytes:
        """Return an object. Raises `GitFailed` where it is larger than a limit, missing, or of another kind."""
        size = self.size(name, kind)
        if size > limit:
            raise GitFailed(f"a {kind} of {size:,} bytes, and at most {limit:,} are read")
        _asked(self._contents, name)
        assert self._contents.stdout is not None, "it is a pipe"
        data = self._contents.stdout.read(size + 1)
        if len(data) != size + 1:
            raise GitFailed(f"{name[:12]} cannot be read")
        return data[:size]


def _asked(process: subprocess.Popen[bytes], name: str) -> bytes:
    assert process.stdin is not None, "it is a pipe"
    assert process.stdout is not None, "it is a pipe"
    try:
        process.stdin.write(name.encode("ascii") + b"\n")
        process.stdin.flush()
        return process.stdout.readline(400)
    except OSError:
        raise GitFailed("git ended while it was read") from None
