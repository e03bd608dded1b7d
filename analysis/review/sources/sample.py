"""The sample reviews, built from the sample document and records of decisions. They are never stored as binaries."""

from __future__ import annotations

from datetime import datetime, timedelta
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.errors import WorkspaceRefused
from analysis.model import (
    AnswerState,
    Condition,
    ConditionKind,
    Disposition,
    Evidence,
    FlowRole,
    Intake,
    Risk,
    Status,
    ToolType,
    recorded_state,
)
from analysis.review import commands
from analysis.review.session import Review
from analysis.review.sources.importing import examine_source
from analysis.workspace import from_plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from analysis.model import FindingId, ToolId

#: The document and the record of decisions of the sample.
DOCUMENT = "customer-management.yaml"
RECORD = "sample-review.yaml"
#: The record of what followed, until the review could be signed.
COMPLETION = "completed-review.yaml"
#: Default path of the sample review.
PLACE = Path("clearance-demo") / "sample-review.clearance"
COMPLETED_PLACE = PLACE.with_name("completed-review.clearance")


def sample_folder() -> Path:
    """Return the folder of the sample data: inside the installed package, or next to it in a checkout."""
    installed = Path(str(resources.files("analysis"))) / "sample_data"
    return installed if installed.is_dir() else Path(__file__).resolve().parents[3] / "sample_data"


def _clock(start: str) -> Iterator[str]:
    """Yield times a minute apart, so that the same record always gives the same events."""
    at = datetime.fromisoformat(start)
    while True:
        yield at.strftime("%Y-%m-%dT%H:%M:%SZ")
        at += timedelta(minutes=1)


def build_sample(path: Path, *, completed: bool = False) -> Review:
    """Write the sample review to a new file and return it open: blocked, or completed so that it can be signed."""
    record = _record(RECORD)
    clock = _clock(record["begins"])
    source = examine_source(str(sample_folder() / DOCUMENT))
    review = Review.create(path, [source], actor=record["requester"], at=next(clock), title=record["title"])
    _replay(review, record, clock)
    if completed:
        record = _record(COMPLETION)
        _replay(review, record, _clock(record["begins"]))
    return review


def _record(name: str) -> dict[str, Any]:
    import yaml  # noqa: PLC0415 - only the sample needs it here

    record: dict[str, Any] = yaml.safe_load((sample_folder() / name).read_text("utf-8"))
    return record


def _replay(review: Review, record: dict[str, Any], clock: Iterator[str]) -> None:
    for entry in record.get("retags", ()):
        _override(review, entry, next(clock))
    for entry in record.get("decisions", ()):
        _decide(review, entry, next(clock))
    for entry in record.get("answers", ()):
        _answer(review, entry, next(clock))
    for entry in record.get("dispositions", ()):
        _dispose(review, entry, next(clock))
    for entry in record.get("notes", ()):
        commands.note(review, _subject(review, entry["subject"]), entry["text"], actor=entry["by"], at=next(clock))
    if "request" in record:
        _request(review, record["request"], next(clock))


def open_or_build(path: Path = PLACE, *, now: str, completed: bool = False) -> tuple[Review, bool]:
    """Open a sample review at a time, and build it first where it is missing. Returns whether it existed."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        exists = path.exists()
    except (OSError, ValueError) as error:
        raise WorkspaceRefused(
            "the sample review cannot be written",
            place=str(path.absolute()),
            why=str(error),
            remedy="go to a folder you may write to, or name a file with --workspace",
        ) from None
    if not exists:
        build_sample(path, completed=completed).close()
    return Review.open(path, now=now), exists


def _by_name(review: Review, names: list[str]) -> list[ToolId]:
    ids = {tool.row.name: tool.row.id for tool in review.tools()}
    return [ids[name] for name in names]


def _subject(review: Review, name: str) -> str:
    return next((tool.row.id for tool in review.tools() if tool.row.name == name), name)


def _override(review: Review, entry: dict[str, Any], at: str) -> None:
    (tool,) = _by_name(review, [entry["tool"]])
    if "flow_role" in entry:
        flow_role, present = FlowRole(entry["flow_role"]), entry["present"]
        commands.override_flow_role(
            review, tool, flow_role, present=present, reason=entry["reason"], actor=entry["by"], at=at
        )
    elif "risk" in entry:
        commands.override_risk(review, tool, Risk(entry["risk"]), reason=entry["reason"], actor=entry["by"], at=at)
    else:
        commands.override_type(review, tool, ToolType(entry["type"]), reason=entry["reason"], actor=entry["by"], at=at)


def _decide(review: Review, entry: dict[str, Any], at: str) -> None:
    conditions = [
        Condition(ConditionKind(c["kind"]), c["value"], c.get("evidence", "")) for c in entry.get("conditions", ())
    ]
    tools = _by_name(review, entry["tools"])
    decision_state = recorded_state(entry["exposure"])
    commands.decide(
        review,
        tools,
        decision_state,
        reason=entry["reason"],
        actor=entry["by"],
        at=at,
        conditions=conditions,
        opened=tools,
    )


def _answer(review: Review, entry: dict[str, Any], at: str) -> None:
    evidence = [Evidence(e["title"], e["level"], e.get("where", "")) for e in entry.get("evidence", ())]
    answered = AnswerState(entry["state"])
    commands.answer(review, entry["control"], answered, text=entry["text"], actor=entry["by"], at=at, evidence=evidence)


def _request(review: Review, entry: dict[str, Any], at: str) -> None:
    stated = {name: value for name, value in entry.items() if name != "by"}
    commands.record_intake(review, from_plain(Intake, stated), actor=entry["by"], at=at)


def _dispose(review: Review, entry: dict[str, Any], at: str) -> None:
    found: list[FindingId] = [f.id for f in review.summary().findings if f.rule == entry["rule"]]
    disposition = Disposition(
        Status(entry["status"]),
        entry["reason"],
        entry["by"],
        at,
        code=entry.get("code", ""),
        evidence=entry["evidence"],
    )
    commands.dispose(review, found, disposition)
