"""How long a reviewer waits, measured at a pseudo-terminal: python -m tests.benchmarks.desk_latency SPEC [--runs N].

Start: from the start of the process to the first row of the table. Key: from the key to the first and to the last byte
that it causes; the last one is the line of state or the evidence, which wait until the hands rest. Wall times: compare
them only with others of the same run, such as the bare Textual application that is measured beside them.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import pty
import re
import select
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
QUIET = 0.3  # seconds without a byte after which a key has had its effect; a cursor blinks every half second
PATIENCE = 120
HELLO = """
from textual.app import App
from textual.widgets import Static
class Hello(App):
    def compose(self):
        yield Static("RISK low hello")
Hello().run()
"""
ROW = re.compile(r"RISK.*?(?:HIGH|MED|low) +\S", re.DOTALL)
ESCAPES = re.compile(r"\x1b\][^\x07]*\x07|\x1b\[[0-?]*[ -/]*[@-~]")


class Terminal:
    """A program in a pseudo-terminal."""

    def __init__(self, arguments, folder, size=(120, 40)):
        self.started = time.perf_counter()
        self.master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
        kept = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        self.process = subprocess.Popen(
            [sys.executable, *arguments], cwd=folder, stdin=slave, stdout=slave, stderr=slave, start_new_session=True,
            env=kept | {"TERM": "xterm-256color", "PYTHONPATH": str(ROOT), "HOME": str(folder),
                        "XDG_STATE_HOME": str(folder), "CLEARANCE_ACTOR": "bench", "PYTHONDONTWRITEBYTECODE": ""},
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
        """Return how long it took until the first row stood there (seconds)."""
        seen, data = b"", b"..."
        while data:
            data, at = self.read(PATIENCE)
            seen += data
            if ROW.search(ESCAPES.sub("", seen.decode("utf-8", "replace"))):
                while self.read(QUIET)[0]:
                    pass
                return at - self.started
        raise SystemExit(f"no row came: {seen[-500:]!r}")

    def key(self, keys):
        """Press and return (time to the first byte, time to the last byte), in seconds."""
        at = time.perf_counter()
        os.write(self.master, keys.encode())
        first = last = None
        while True:
            data, came = self.read(QUIET)
            if not data:
                return (first or at) - at, (last or at) - at
            first, last = first or came, came

    def end(self):
        os.write(self.master, b"q")
        deadline = time.perf_counter() + 10
        while self.process.poll() is None and time.perf_counter() < deadline:
            self.read(0.05)
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        os.close(self.master)


def tell(name, seconds):
    """Print a line: median, 95th percentile, worst, in milliseconds."""
    times = sorted(1000 * second for second in seconds)
    p95 = times[min(len(times) - 1, round(0.95 * (len(times) - 1)))]
    print(
        f"{name:34} n={len(times):<3} median {statistics.median(times):7.0f}   p95 {p95:7.0f}   max {times[-1]:7.0f} ms"
    )


def start(name, arguments, runs, folder):
    """Measure starts."""
    times = []
    for run in range(runs + 1):  # the first one fills caches and is not counted
        made = [each.replace("{run}", f"{name.split()[0]}{run}") for each in arguments]
        terminal = Terminal(made, folder)
        times.append(terminal.first_row())
        terminal.end()
    tell(f"start: {name}", times[1:])


def main():
    parser = argparse.ArgumentParser(description=__doc__.split(":")[0])
    parser.add_argument("spec", type=Path)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args()
    spec = str(options.spec.resolve())
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        start("bare Textual application", ["-c", HELLO], options.runs, folder)
        start("review SPEC", ["-m", "tui", "review", spec, "-w", "{run}.clearance"], options.runs, folder)
        start("open FILE", ["-m", "tui", "open", "review1.clearance"], options.runs, folder)
        desk = Terminal(["-m", "tui", "open", "review1.clearance"], folder)
        desk.first_row()
        for title, keys in (
            ("j", "j" * 30),
            ("page down", ["\x1b[6~"] * 12),
            ("b (decide, commit, advance)", "b" * 20),
            ("a letter of the filter", "list user OR path:repos"),
        ):
            if title.startswith("a letter"):
                desk.key("/")
            times = [desk.key(key) for key in keys]
            tell(f"{title}: first byte", [first for first, _ in times])
            tell(f"{title}: last byte", [last for _, last in times])
        desk.key("\x1b")
        desk.end()
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")


if __name__ == "__main__":
    main()
