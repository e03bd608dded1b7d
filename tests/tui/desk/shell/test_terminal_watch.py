"""A desk whose terminal is gone ends, also where the hang-up of the terminal is ignored."""

from __future__ import annotations

import os
import pty
import select
import signal
import sys
import time

from tui.desk.shell.terminal_watch import terminal_is_gone

PATIENCE = 60  # seconds; only a program that hangs ever takes so long


def test_a_closed_terminal_is_gone():
    master, slave = pty.openpty()
    assert not terminal_is_gone(slave)
    os.close(master)
    assert terminal_is_gone(slave)
    os.close(slave)


def test_a_desk_without_its_terminal_ends(kept_reviews, tmp_path):
    review = kept_reviews.copy("sample", tmp_path / "sample.clearance")
    pid, master = pty.fork()
    if pid == 0:  # pragma: no cover - the program itself
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        os.environ.update(TERM="xterm-256color", HOME=str(tmp_path), XDG_STATE_HOME=str(tmp_path))
        os.execv(sys.executable, [sys.executable, "-m", "tui", "open", str(review)])
    deadline, seen = time.monotonic() + PATIENCE, b""
    while b"Customer" not in seen:
        assert time.monotonic() < deadline, seen[-2000:]
        if select.select([master], [], [], 0.2)[0]:
            seen += os.read(master, 1 << 16)
    os.close(master)
    while os.waitpid(pid, os.WNOHANG) == (0, 0):
        if time.monotonic() > deadline:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            raise AssertionError("the desk outlived its terminal")
        time.sleep(0.1)
