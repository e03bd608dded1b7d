"""A program in a fresh process: processor time and peak memory of it and of all that it starts, and how it ends.

A small launcher starts the program, as Linux counts into the peak of a program what its parent held before.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
#: Processor seconds after which a program is ended.
MAX_SECONDS = 900
#: Wall seconds after which it is ended: a program that waits uses none.
PATIENCE = 3_600

LAUNCHER = """
import json, os, resource, signal, sys
limit, patience, out, *command = sys.argv[1:]
child = os.fork()
if not child:
    os.setpgid(0, 0)
    resource.setrlimit(resource.RLIMIT_CPU, (int(limit), int(limit) + 1))
    try:
        os.execvp(command[0], command)
    finally:
        os._exit(127)
def late(number, frame):
    os.killpg(child, signal.SIGKILL)
signal.signal(signal.SIGALRM, late)
signal.alarm(int(patience))
_, status, used = os.wait4(child, 0)
with open(out, "w") as answer:
    json.dump([used.ru_utime + used.ru_stime, used.ru_maxrss, os.waitstatus_to_exitcode(status)], answer)
"""
#: Appended to a program that tells what a part of it took: see `part`.
_TELL = "import json as _json; print('\\n' + _json.dumps({'seconds': taken, 'told': told}))"


@dataclass(frozen=True, slots=True)
class Run:
    """A program that has ended: seconds of CPU, peak memory in MB, exit code (negative: the signal), and what it wrote."""

    seconds: float
    peak: float
    exit: int
    output: str
    error: str

    @property
    def ending(self):
        """How it ended, in words; empty where it did its work."""
        if self.exit in {-24, -9}:
            return "ended: it took too long"
        last = (self.error.strip().splitlines() or [""])[0][:120]
        return f"exit {self.exit}{f': {last}' if last else ''}" if self.exit else ""


def run(command, folder, *, seconds=MAX_SECONDS, keep=False, **environment):
    """Run a command in a folder and return its `Run`; what it prints is discarded unless it is to be kept."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LD_LIBRARY_PATH") if name in os.environ}
    ours = {"HOME": str(folder), "XDG_STATE_HOME": str(folder), "CLEARANCE_ACTOR": "bench", "PYTHONPATH": str(ROOT)}
    with tempfile.TemporaryDirectory() as name:
        out, error, used = (Path(name) / each for each in ("out", "error", "used"))
        launcher = [sys.executable, "-I", "-S", "-c", LAUNCHER, str(seconds), str(PATIENCE), str(used)]
        with out.open("wb") as into, error.open("wb") as said:
            subprocess.run(
                [*launcher, *map(str, command)], cwd=folder, env=kept | ours | environment, stdin=subprocess.DEVNULL,
                stdout=into if keep else subprocess.DEVNULL, stderr=said, check=True,
            )  # fmt: skip
        cpu, peak, code = json.loads(used.read_text())
        unit = 1024**2 if sys.platform == "darwin" else 1024
        return Run(cpu, peak / unit, code, out.read_text("utf-8", "replace"), error.read_text("utf-8", "replace"))


def clearance(folder, *arguments, **options):
    """Run our command line."""
    return run([sys.executable, "-m", "tui", *arguments], folder, **options)


def part(folder, work, *arguments, before="", **options):
    """Run Python code in a fresh process; return (CPU seconds of `work` alone, what it left in `told`, the whole `Run`).

    `before` runs first and is not counted; the start of the interpreter is not either. Both find `arguments` in `sys.argv`.
    """
    code = (
        f"import sys, time\ntold = None\n{before}\nbegan = time.process_time()\n{work}\n"
        f"taken = time.process_time() - began\n{_TELL}"
    )
    ran = run([sys.executable, "-c", code, *arguments], folder, keep=True, **options)
    if ran.exit:
        return None, None, ran
    answer = json.loads(ran.output.strip().splitlines()[-1])
    return answer["seconds"], answer["told"], ran
