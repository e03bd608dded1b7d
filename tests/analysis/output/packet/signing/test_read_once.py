"""Each file of a packet is read once and checked as read: a concurrent writer gains nothing."""

from __future__ import annotations

import io
import json
import os
import shutil
import threading
from collections import Counter
from hashlib import sha256
from pathlib import Path

import pytest

from analysis.errors import CheckFailed
from analysis.output import files
from analysis.review.packets.signing import verify

pytestmark = pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="ssh-keygen is not installed")

AT = "2026-11-21T08:00:00Z"


@pytest.fixture
def opens(monkeypatch):
    """Count what is opened, and call `after` behind each: everything that opens a file ends in one of these."""

    class Opens(Counter):
        after = staticmethod(lambda name: None)

    seen = Opens()

    def watching(real):
        def opening(file, *args, **kwargs):
            handle = real(file, *args, **kwargs)
            if isinstance(file, (str, Path)) and not any(ours in str(file) for ours in ("clearance-", "auditor")):
                seen[Path(file).name] += 1
                seen.after(Path(file).name)
            return handle

        return opening

    monkeypatch.setattr(os, "open", watching(os.open))
    monkeypatch.setattr(io, "open", watching(io.open))
    monkeypatch.setattr("builtins.open", watching(open))
    return seen


def test_each_file_is_read_once(signed, allowed, opens):
    assert verify(signed, allowed, now=AT).ok
    names = [path.name for path in signed.rglob("*") if path.is_file()]
    assert {name: opens[name] for name in (*names, allowed.name)} == Counter([*names, allowed.name])


def test_each_file_is_read_once_for_signing(packet, sign_as, opens):
    sign_as(packet)
    for path in packet.iterdir():
        was_there = path.is_file() and path.name != "signoffs.html"
        assert opens[path.name] == (1 if was_there else 0), path.name


@pytest.fixture
def forgery(signed, completed_snapshot):
    """The files of a forged packet: another allowlist, and the manifest and sums that fit it."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(files, "record_pieces", lambda _: (b'{"default": "allow"}\n',))
        forged = files.make(files.PacketContent(completed_snapshot))
    names = ("manifest.json", "SHA256SUMS")
    genuine = {name: (signed / name).read_bytes() for name in names}
    (signed / "allowlist.json").write_bytes(forged["allowlist.json"])
    return {name: forged[name] for name in names}, genuine


def put(folder, files):
    for name, data in files.items():
        part = folder.parent / f"{name}.part"
        part.write_bytes(data)
        part.replace(folder / name)


def once(moment, act):
    """Return what acts behind so many openings, once."""
    left = moment

    def after(name):
        nonlocal left
        left -= not name.endswith(".part")
        if left == 0:
            left = -1
            act()

    return after


@pytest.mark.parametrize("moment", range(1, 14))
def test_a_forged_allowlist_is_never_verified_whenever_files_are_replaced(signed, allowed, opens, forgery, moment):
    """The allowlist is forged all the time; the manifest that fits it gives way to the signed one as files are read."""
    forged, genuine = forgery
    put(signed, forged)
    opens.after = once(moment, lambda: put(signed, genuine))
    assert not verify(signed, allowed, now=AT).ok


def test_a_forged_allowlist_is_never_verified_under_a_concurrent_writer(signed, allowed, forgery):
    stop = threading.Event()

    def writing():
        while not stop.is_set():
            for made in forgery:
                put(signed, made)

    writer = threading.Thread(target=writing)
    writer.start()
    try:
        assert not any(verify(signed, allowed, now=AT).ok for _ in range(25))
    finally:
        stop.set()
        writer.join()


@pytest.mark.parametrize("moment", range(1, 14))
def test_what_is_signed_is_what_was_checked(signed, opens, forgery, sign_as, moment):
    """The manifest of an intact packet is replaced while it is signed: the forged one is never signed."""
    forged, genuine = forgery
    (signed / "allowlist.json").write_bytes(b"{}\n")
    opens.after = once(moment, lambda: put(signed, forged))
    try:
        text = sign_as(signed, replace=True).read_bytes()
    except CheckFailed as refused:
        assert refused.what == "the packet is not intact"  # noqa: PT017 - either outcome is right
    else:
        assert json.loads(text)["subject"][0]["digest"]["sha256"] == sha256(genuine["manifest.json"]).hexdigest()
