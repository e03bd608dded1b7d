"""A program in a pseudo-terminal, with a stopwatch: wall time of what it writes, and processor time of what it does."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PATIENCE = 180
ROW = re.compile(r"(?:RISK|Risk).*?(?:high|med|low) +\S", re.DOTALL)
ESCAPES = re.compile(r"\x1b\][^\x07]*\x07|\x1b\[[0-?]*[ -/]*[@-~]")


@dataclass(frozen=True)
class Pressed:
    """What a key took, in milliseconds: to the first byte, to the last one, and of the processor."""

    first: float
    last: float
    cpu: float


class Terminal:
    """A program in a pseudo-terminal."""

    def __init__(self, arguments, folder, size=(120, 40)):
        self.started = time.perf_counter()
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
        kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        self.process = subprocess.Popen(
            [sys.executable, "-m", *arguments], cwd=folder, stdin=slave, stdout=slave, stderr=slave,
            start_new_session=True,
            env=kept | {"TERM": "xterm-256color", "PYTHONPATH": str(ROOT), "HOME": str(folder),
                        "XDG_STATE_HOME": str(folder), "CLEARANCE_ACTOR": "bench"},
        )  # fmt: skip
        os.close(slave)

    def read(self, wait):
        """Return what comes within a time, and when it came."""
        if not select.select([self.master], [], [], wait)[0]:
            return b"", 0.0
        try:
            data = os.read(self.master, 1 << 16)
        except OSError:
            data = b""
        return data, time.perf_counter()

    def first_row(self):
        """Return how long it took until the first row stood there (ms)."""
        seen, data = b"", b"..."
        while data:
            data, at = self.read(PATIENCE)
            seen += data
            if ROW.search(ESCAPES.sub("", seen.decode("utf-8", "replace"))):
                return 1000 * (at - self.started)
        raise SystemExit(f"no row came: {seen[-500:]!r}")

    def rest(self, quiet=0.4, idle=0.004):
        """Wait until nothing is written and next to no processor time is used any more."""
        deadline = time.perf_counter() + PATIENCE
        while time.perf_counter() < deadline:
            before = self.cpu()
            written = False
            end = time.perf_counter() + quiet
            while (left := end - time.perf_counter()) > 0:
                written = bool(self.read(left)[0]) or written
            if not written and self.cpu() - before < idle:
                return

    def press(self, keys, quiet=0.25):
        """Press, wait until nothing more is written, and return what it took."""
        used, at = self.cpu(), time.perf_counter()
        os.write(self.master, keys.encode())
        first = last = at
        while True:
            data, came = self.read(quiet)
            if not data:
                break
            first, last = (came if first == at else first), came
        return Pressed(1000 * (first - at), 1000 * (last - at), 1000 * (self.cpu() - used))

    def cpu(self):
        """Return the processor time of all its threads (seconds)."""
        total = 0
        for task in Path(f"/proc/{self.process.pid}/task").iterdir():
            total += int((task / "schedstat").read_text().split()[0])
        return total / 1e9

    def memory(self):
        """Return its resident memory (MiB)."""
        text = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(re.search(r"VmRSS:\s+(\d+)", text)[1]) / 1024

    def end(self, *keys):
        """End it by its own keys."""
        for key in keys:
            os.write(self.master, key.encode())
        deadline = time.perf_counter() + 10
        while self.process.poll() is None and time.perf_counter() < deadline:
            self.read(0.05)
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self.master)
