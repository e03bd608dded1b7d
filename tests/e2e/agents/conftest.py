"""A server whose log is the proof, decisions on its tools, and the exported files of a target."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from analysis.model import Condition, ConditionKind, DecisionState, SourceKind
from analysis.output.allowlist import target_named
from analysis.output.allowlist.canonical import canonical
from analysis.output.allowlist.target import ExportSettings, TargetInput

HERE = Path(__file__).parent
ONE = Condition(ConditionKind.APPROVAL, "one person")
RATE = Condition(ConditionKind.RATE, "5 per hour")
LIMIT = Condition(ConditionKind.PARAMETERS, 'limit: {"type": "integer", "minimum": 1, "maximum": 100}')
#: Tool -> what was decided. Those that only some targets can express are approved under a condition.
DECIDED = {
    "listCustomers": (DecisionState.APPROVED,),
    "getCustomer": (DecisionState.APPROVED,),
    "createTicket": (DecisionState.CONDITIONAL, ONE),
    "listInvoices": (DecisionState.CONDITIONAL, LIMIT),
    "nightlyExport": (DecisionState.CONDITIONAL, RATE),
    "deleteCustomer": (DecisionState.BLOCKED,),
    "resetAllData": (DecisionState.BLOCKED,),
    "refundPayment": (None,),
}
NOTHING = dict.fromkeys(DECIDED, (DecisionState.BLOCKED,))
_SCHEMA = {"type": "object", "properties": {"id": {"type": "string"}, "limit": {"type": "integer"}}}


def pytest_collection_modifyitems(items):
    """Mark what runs other people's programs."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker("e2e")


@dataclass(frozen=True)
class Server:
    """A running server: its address, and the calls that reached it."""

    url: str
    log: Path

    def calls(self):
        """Return the tools of the calls that have arrived, in order."""
        return [json.loads(line)["tool"] for line in self.log.read_text("utf-8").splitlines()]


@pytest.fixture
def serving(tmp_path):
    """Start servers with tools of these names; each is stopped after the test."""

    @contextmanager
    def started(names, number):
        folder = tmp_path / f"server-{number}"
        folder.mkdir()
        log, tools = folder / "log", folder / "tools.json"
        log.touch()
        tools.write_text(
            json.dumps([{"name": name, "description": f"About {name}.", "inputSchema": _SCHEMA} for name in names])
        )
        command = [sys.executable, HERE / "crm_server.py", log, tools]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            try:
                yield Server(f"http://127.0.0.1:{process.stdout.readline().strip()}/mcp", log)
            finally:
                process.terminate()

    with ExitStack() as stack:
        count = iter(range(100))
        yield lambda names: stack.enter_context(started(names, next(count)))


@pytest.fixture
def crm(serving):
    """A server with the tools that were decided."""
    return serving(DECIDED)


@pytest.fixture(scope="session")
def review_snapshots():
    path = HERE.parents[1] / "analysis" / "output" / "packet" / "review_snapshots.py"
    spec = importlib.util.spec_from_file_location("agents_review_snapshots", path)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def exported(review_snapshots):
    """Export decisions on the tools of the server `crm` to a target; gives its files."""

    def exporting(target, decided=None, gateway="", **more):
        reviews = []
        for position, (name, (state, *conditions)) in enumerate((decided or DECIDED).items()):
            subject = review_snapshots.tool(name, "", "", id=f"crm:{position:02}", tags=("crm",), operation_id="")
            decision = state and review_snapshots.decision(subject, state, *conditions)
            reviews.append(review_snapshots.review(subject, decision=decision))
        source = review_snapshots.source(kind=SourceKind.MCP)
        snapshot = review_snapshots.plain(tools=tuple(reviews), sources=(source,), **more)
        given = TargetInput(canonical(snapshot), settings=ExportSettings(gateway))
        return target_named(target).render(given).files

    return exporting
