"""Sign-off from the desk in a real terminal, with a key that has a passphrase: OpenSSH asks, and the desk comes back."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import select
import shutil
import signal
import struct
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest

from analysis.review.packets.export import export
from analysis.review.packets.signing import verify

pytestmark = pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="ssh-keygen is not installed")

PATIENCE = 60  # seconds; only a program that hangs ever takes so long


class Terminal:
    """A program whose controlling terminal is ours to type into."""

    def __init__(self, arguments, folder):
        self.seen = b""
        self.pid, self.master = pty.fork()
        if self.pid == 0:  # pragma: no cover - the program itself
            os.chdir(folder)
            os.environ.update(
                TERM="xterm-256color", HOME=str(folder), XDG_STATE_HOME=str(folder), CLEARANCE_ACTOR="ann@corp"
            )
            os.environ.pop("SSH_ASKPASS", None)
            os.execv(sys.executable, [sys.executable, "-m", "tui", *arguments])
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", 45, 120, 0, 0))

    def until(self, *texts):
        """Wait until one of some texts has been written since the last call."""
        deadline, start = time.monotonic() + PATIENCE, len(self.seen)
        while not any(text in self.seen[start:] for text in texts):
            assert time.monotonic() < deadline, self.seen[-2000:]
            if select.select([self.master], [], [], 0.2)[0]:
                try:
                    self.seen += os.read(self.master, 1 << 16)
                except OSError:
                    raise AssertionError(f"the program ended: {self.seen[-2000:]!r}") from None

    def types(self, text):
        os.write(self.master, text.encode())

    def close(self):
        """End the program, by force where it has not ended by itself: a test run may ignore the hang-up of a terminal."""
        os.kill(self.pid, signal.SIGKILL)
        os.close(self.master)
        os.waitpid(self.pid, 0)


def test_a_key_with_a_passphrase_signs(kept_reviews, tmp_path):
    from analysis.review.session import Review

    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "open sesame", "-f", str(tmp_path / "ann")], check=True)
    review = Review.open(kept_reviews.copy("completed", tmp_path / "completed.clearance"))
    export(review, tmp_path / "completed-packet")
    review.close()
    terminal = Terminal(["open", "completed.clearance"], tmp_path)
    try:
        terminal.until(b"Risk")
        terminal.types("9")
        terminal.until(b"S signs")
        terminal.types("S")
        terminal.until(b"You sign")
        terminal.types(f"approve\riam\r\r\r\r\r{tmp_path / 'ann'}\r")
        terminal.until(b"Do not sign")
        terminal.types("y")
        terminal.until(b"Enter passphrase")
        terminal.types("open sesame\r")
        terminal.until(b"packet signed by 1")
        assert b"open sesame" not in terminal.seen
    finally:
        terminal.close()
    said = json.loads((tmp_path / "completed-packet" / "signoffs" / "iam.ann@corp.json").read_bytes())["predicate"]
    (tmp_path / "signers").write_text(f"ann@corp {Path(tmp_path / 'ann.pub').read_text()}")
    assert verify(tmp_path / "completed-packet", tmp_path / "signers", now=said["signedAt"]).ok
