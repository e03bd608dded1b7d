"""An operation between the two steps of reading: its own facts are read, referenced parts are not yet joined."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from analysis.ingest.openapi.operation_inputs import OperationInputs
    from analysis.ingest.openapi.responses import Response
    from analysis.model import SchemeUse


@dataclass(slots=True)
class OperationDraft:
    """An operation whose own facts are read; facts of referenced parts follow when the graph is closed."""

    method: str
    path: str
    node: dict[str, Any]
    file: str
    pointer: str  # of the operation, inside its file
    address: str  # the pointer for display
    path_pointer: str  # the pointer of the path item
    common: dict[str, Any]  # of the path, for all its operations: summary, description, parameters
    servers: tuple[str, ...]
    inputs: OperationInputs
    response: Response
    success: Response  # the responses of successful calls
    operation_id: str
    security: tuple[tuple[SchemeUse, ...], ...]
    schemes: Mapping[str, str]  # security scheme to the digest of its definition
    tags: tuple[str, ...]
