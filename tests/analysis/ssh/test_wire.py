"""The wire format of SSH: a field is read whole, or its absence is an error."""

from __future__ import annotations

import pytest

from analysis.errors import Unreadable
from analysis.ssh.wire import Wire

DATA = b"\0\0\0\3abc" + b"\7" + b"\0\0\1\0"


def read(data):
    wire = Wire(data)
    found = (wire.string(), wire.byte(), wire.number())
    wire.end()
    return found


def test_written_fields_are_read_back():
    assert read(DATA) == (b"abc", 7, 256)


@pytest.mark.parametrize("length", range(len(DATA)))
def test_truncated_data_raises_one_kind_of_error(length):
    with pytest.raises(Unreadable, match="cut short"):
        read(DATA[:length])


def test_trailing_data_is_refused():
    with pytest.raises(Unreadable, match="after its end"):
        read(DATA + b"\0")


def test_a_length_beyond_the_end_takes_nothing():
    wire = Wire(b"\xff\xff\xff\xffabc")
    with pytest.raises(Unreadable, match="cut short"):
        wire.string()
    assert wire.take(3) == b"abc"
