"""The wire format of SSH: whatever is asked for is there, or it is said that it is not."""

from __future__ import annotations

import pytest

from analysis.output.packet.folder import Unreadable
from analysis.output.packet.signing.wire import Wire

DATA = b"\0\0\0\3abc" + b"\7" + b"\0\0\1\0"


def read(data):
    wire = Wire(data)
    found = (wire.string(), wire.byte(), wire.number())
    wire.end()
    return found


def test_what_was_written_is_read():
    assert read(DATA) == (b"abc", 7, 256)


@pytest.mark.parametrize("length", range(len(DATA)))
def test_whatever_is_cut_is_one_kind_of_error(length):
    with pytest.raises(Unreadable, match="cut short"):
        read(DATA[:length])


def test_nothing_may_follow():
    with pytest.raises(Unreadable, match="after its end"):
        read(DATA + b"\0")


def test_a_length_beyond_the_end_takes_nothing():
    wire = Wire(b"\xff\xff\xff\xffabc")
    with pytest.raises(Unreadable, match="cut short"):
        wire.string()
    assert wire.take(3) == b"abc"
