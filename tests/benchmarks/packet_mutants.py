"""Damages a signed packet and looks for what passes: python -m tests.benchmarks.packet_mutants [--mutations N] [--every N].

Random mutations of every file of the packet, then each bit (or every Nth) of manifest, sign-off and signature flipped.
A mutant that is accepted, or that ends in an exception, is printed. The exit code says whether there was one. The
program of an auditor without the product, `verify.py`, gets the same mutants with --program.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import random
import runpy
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.output.packet import auditor
from analysis.output.packet.folder import SIGNOFF_PAGE
from analysis.output.packet.signing.verdicts import SignoffVerdict
from analysis.review.packets.export import export
from analysis.review.packets.signing import SignoffText, sign, verify
from analysis.review.sources.sample import build_sample

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

NOW = "2026-03-20T09:00:00Z"
SIGNOFF = "signoffs/iam.ann@corp.json"
#: What is flipped bit by bit: whoever can change one of these could change the verdict.
BITWISE = ("manifest.json", SIGNOFF, f"{SIGNOFF}.sig")
PUT = (b"\0", b"\xff", b"\n", b"\r\n", b"[" * 2000, b"9" * 5000, b"NaN", b'"', b"{}", b"null,", b'"draft":false,')
VALUES: tuple[Any, ...] = (
    None,
    True,
    0,
    -1.5,
    "",
    "approve",
    "approvable",
    [],
    {},
    [[]],
    [None],
    {"a": 1},
    "\u202e",
    "../x",
)


@dataclass
class Outcome:
    """How many mutants were verified, and those that were accepted or raised."""

    tried: int = 0
    accepted: list[str] = field(default_factory=list)
    raised: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def clean(self) -> bool:
        """Whether nothing was accepted and nothing raised."""
        return not self.accepted and not self.raised


def signed_packet(folder: Path) -> tuple[Path, Path]:
    """Make a key and the packet of the completed sample review, signed; return the packet and the list of signers."""
    key = folder / "ann"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    review = build_sample(folder / "sample.clearance", completed=True)
    export(review, folder / "packet")
    review.close()
    sign(folder / "packet", SignoffText("iam", "ann@corp", SignoffVerdict.APPROVE, "2026-03-12T08:00:00Z"), key=key)
    signers = folder / "signers"
    signers.write_text(f'ann@corp namespaces="iam.signoff@clearance" {key.with_suffix(".pub").read_text()}')
    return folder / "packet", signers


def mutations(files: dict[str, bytes], count: int, seed: int) -> Iterator[tuple[str, str, bytes]]:
    """Yield (label, file, bytes) of random mutations: half of them of the files that are signed or that bind."""
    chance = random.Random(seed)
    for number in range(count):
        name = chance.choice(BITWISE if number % 2 else sorted(files))
        json_file = name.endswith(".json") and len(files[name]) < 100_000
        data = unfolded(files[name], chance) if json_file and chance.random() < 0.4 else damaged(files[name], chance)
        if data != files[name]:
            yield f"mutation {number} of {name}", name, data


def flips(files: dict[str, bytes], every: int) -> Iterator[tuple[str, str, bytes]]:
    """Yield every Nth bit flip of manifest, sign-off and signature."""
    for name in BITWISE:
        for bit in range(0, len(files[name]) * 8, every):
            data = bytearray(files[name])
            data[bit // 8] ^= 1 << bit % 8
            yield f"bit {bit} of {name}", name, bytes(data)


def damaged(data: bytes, chance: random.Random) -> bytes:
    """Return bytes with a wound: flipped, cut, doubled, moved, or with something put in."""
    place = chance.randrange(len(data))
    length = min(chance.choice((1, 1, 4, 40)), len(data) - place)
    match chance.randrange(6):
        case 0:
            return data[:place] + bytes([data[place] ^ 1 << chance.randrange(8)]) + data[place + 1 :]
        case 1:
            return data[:place]
        case 2:
            return data[:place] + data[place + length :]
        case 3:
            return data[:place] + data[place : place + length] * 2 + data[place + length :]
        case 4:
            return data[:place] + chance.choice(PUT) + data[place + chance.choice((0, length)) :]
        case _:
            other = chance.randrange(len(data))
            return data[:place] + data[other : other + length] + data[place + length :]


def unfolded(data: bytes, chance: random.Random) -> bytes:
    """Return JSON with something else in one place, written anew."""
    root = json.loads(data)
    places = [(root, key) for key in root]
    for holder, key in places:
        inner = holder[key]
        keys = inner if isinstance(inner, dict) else range(len(inner)) if isinstance(inner, list) else ()
        places += [(inner, each) for each in keys]
    holder, key = chance.choice(places)
    holder[key] = chance.choice(VALUES)
    return json.dumps(root).encode()


def by_verify(packet: Path, signers: Path) -> bool:
    """Whether `clearance verify` accepts a packet."""
    return verify(packet, signers, now=NOW).ok


def by_program(packet: Path, signers: Path) -> bool:
    """Whether the auditor's program accepts a packet; it runs in this process, and shares nothing with the product."""
    main = _program()
    with contextlib.redirect_stdout(io.StringIO()):
        return main([str(packet), str(signers), "--at", NOW[:10]]) == 0


def _program() -> Callable[[list[str]], int]:
    found: Callable[[list[str]], int] = runpy.run_path(str(Path(auditor.__file__).with_name(auditor.PROGRAM)))["main"]
    return found


def run(
    packet: Path, signers: Path, mutants: Iterator[tuple[str, str, bytes]], accepts: Callable[[Path, Path], bool]
) -> Outcome:
    """Verify each mutant, one file changed at a time. The whole packet has to be accepted before and after."""
    outcome, start = Outcome(), time.process_time()
    assert accepts(packet, signers), "the packet itself is not accepted"
    whole = {name: (packet / name).read_bytes() for name in _names(packet)}
    for label, name, data in mutants:
        (packet / name).write_bytes(data)
        outcome.tried += 1
        try:
            if accepts(packet, signers):
                outcome.accepted.append(label)
        except Exception as error:  # noqa: BLE001 - any exception is what is looked for
            outcome.raised.append(f"{label}: {type(error).__name__}: {error}")
        (packet / name).write_bytes(whole[name])
    assert accepts(packet, signers)
    outcome.seconds = time.process_time() - start
    return outcome


def _names(packet: Path) -> list[str]:
    return sorted(path.relative_to(packet).as_posix() for path in packet.rglob("*") if path.is_file())


def files_of(packet: Path) -> dict[str, bytes]:
    """Return the bytes of every file of a packet."""
    return {name: (packet / name).read_bytes() for name in _names(packet)}


def checked_files(files: dict[str, bytes], accepts: Callable[[Path, Path], bool]) -> dict[str, bytes]:
    """Return the files that a verifier claims to check: the program says that it does not look at the page."""
    return {name: data for name, data in files.items() if accepts is not by_program or name != SIGNOFF_PAGE}


def main() -> int:
    """Run the mutants and print what was found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--mutations", type=int, default=5_000)
    parser.add_argument("--every", type=int, default=1, help="flip every Nth bit")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--program", action="store_true", help="the auditor's verify.py instead of clearance verify")
    given = parser.parse_args()
    accepts, counts = by_program if given.program else by_verify, Counter[str]()
    with tempfile.TemporaryDirectory() as name:
        packet, signers = signed_packet(Path(name))
        files = checked_files(files_of(packet), accepts)
        for what, mutants in (
            ("random mutations", mutations(files, given.mutations, given.seed)),
            ("bit flips", flips(files, given.every)),
        ):
            found = run(packet, signers, mutants, accepts)
            for line in (*found.accepted, *found.raised):
                print(line)
            print(
                f"{found.tried:,} {what}: {len(found.accepted)} accepted, {len(found.raised)} raised, {found.seconds:.0f} s CPU"
            )
            counts["bad"] += len(found.accepted) + len(found.raised)
    return 1 if counts["bad"] else 0


if __name__ == "__main__":
    sys.exit(main())
