"""The product that writes packets and review files, by name and version."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from analysis import __version__


@dataclass(frozen=True, slots=True)
class Product:
    """A program and its version; as text, for reading only: `clearance 1.2.3`."""

    name: str
    version: str

    def __str__(self) -> str:
        """Return name and version in one line."""
        return f"{self.name} {self.version}"


PRODUCT: Final = Product("clearance", __version__)
