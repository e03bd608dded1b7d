"""The wire format of SSH (RFC 4251, section 5), read front to back and never past the end."""

from __future__ import annotations

from analysis.errors import Unreadable

_NUMBER = 4  # bytes


class Wire:
    """Bytes in the wire format of SSH. Each read returns the next field, or raises `Unreadable`."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def take(self, count: int) -> bytes:
        """Return the next bytes."""
        end = self._at + count
        if end > len(self._data):
            raise Unreadable("is cut short")
        taken = self._data[self._at : end]
        self._at = end
        return taken

    def byte(self) -> int:
        """Return the next byte as a number."""
        return self.take(1)[0]

    def number(self) -> int:
        """Return the next number of 32 bits."""
        return int.from_bytes(self.take(_NUMBER), "big")

    def string(self) -> bytes:
        """Return the next string, which its length precedes."""
        return self.take(self.number())

    def end(self) -> None:
        """Raise `Unreadable` unless all was read."""
        if self._at != len(self._data):
            raise Unreadable("continues after its end")
