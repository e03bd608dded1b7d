"""An operation between two steps of reading: its own facts are known, what it reaches is not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from analysis.ingest.openapi.inputs import OperationInputs
    from analysis.ingest.openapi.responses import Response
    from analysis.model import SchemeUse


@dataclass(slots=True)
class OperationDraft:
    """An operation whose own facts are read; what it reaches is added when all units are known."""

    method: str
    path: str
    node: dict[str, Any]
    file: str
    pointer: str  # of the operation, inside its file
    address: str  # the pointer people are shown
    above: str  # the pointer of the path item
    common: dict[str, Any]  # what the path says for all its operations: summary, description, parameters
    servers: tuple[str, ...]
    inputs: OperationInputs
    response: Response
    success: Response  # the part of the response that comes when all went well
    operation_id: str
    security: tuple[tuple[SchemeUse, ...], ...]
    schemes: Mapping[str, str]  # security scheme to the digest of its definition
    tags: tuple[str, ...]
