"""Secrets in what the gateway records and passes on: names of secrets, shapes of tokens, and the values it knows."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from analysis.ingest.live.redaction import HIDDEN, is_secret_name, redact
from analysis.traffic.secrets import TooDeep, is_secret, without_secrets

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_DEPTH: Final = 60
#: Maximum size of the parameters of a record, characters of JSON; `clearance traffic` reads lines up to 1 MiB.
_MAX_PARAMETERS: Final = 64 * 1024
#: Shorter values would hide ordinary words.
_MIN_SECRET: Final = 6
#: A value that looks like a token under any name: long, with digits and letters.
_TOKEN: Final = re.compile(r"(?=\S*\d)(?=\S*[A-Za-z])\S{16,}")


@dataclass(frozen=True, slots=True)
class Masker:
    """Hides secrets. `known` are values that must appear nowhere: credentials of the upstream and tokens of callers."""

    known: tuple[str, ...] = field(default=(), repr=False)

    @classmethod
    def of(cls, values: Iterable[str]) -> Masker:
        """Return a masker that knows these values, whole and by words: `Bearer abc` hides `abc`."""
        parts = [part for value in values for part in (value, *value.split())]
        wanted = {part for part in parts if len(part) >= _MIN_SECRET and part.lower() not in {"bearer", "digest"}}
        return cls(tuple(sorted(wanted, key=lambda part: (-len(part), part))))

    def and_credentials(self, *named: Mapping[str, str]) -> Masker:
        """Return a masker that also knows the secrets among variables or headers: by their name, or by their look."""
        values = [value for each in named for name, value in each.items() if _is_credential(name, value)]
        return Masker.of([*self.known, *values])

    def parameters(self, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Return the arguments of a call as they are recorded; too large or too deep ones are described instead."""
        try:
            masked = without_secrets(self._redacted(arguments), _DEPTH)
            size = len(json.dumps(masked))
        except (TooDeep, RecursionError, ValueError):
            return {"⟨not recorded⟩": "nested too deeply"}
        if size > _MAX_PARAMETERS:
            return {
                "⟨not recorded⟩": f"{size:,} characters",
                "⟨names⟩": [self.text(str(name))[:80] for name in arguments][:50],
            }
        return dict(masked)

    def _redacted(self, node: Any) -> Any:
        if isinstance(node, str):
            return self.text(node)
        if isinstance(node, dict):
            return {self.text(str(name)): self._redacted(value) for name, value in node.items()}
        if isinstance(node, list):
            return [self._redacted(item) for item in node]
        return node

    def text(self, text: str) -> str:
        """Return text for a record, without what is known or shaped like a secret."""
        return redact(self.without_known(text))

    def without_known(self, text: str) -> str:
        """Return text without the values that are known; all else stays as it is."""
        for value in self.known:
            if value in text:
                text = text.replace(value, HIDDEN)
        return text

    def holds_known(self, text: str) -> bool:
        """Whether text holds a value that must appear nowhere."""
        return any(value in text for value in self.known)


def _is_credential(name: str, value: str) -> bool:
    return is_secret(name) or is_secret_name(name) or redact(value) != value or bool(_TOKEN.search(value))
