"""A small shop with three tools, and the sample review: real files, and short words for the commands."""

import json
from itertools import count

import pytest

from analysis.model import Condition, ConditionKind, DecisionState
from analysis.review import commands, queries
from analysis.review.session import Review
from analysis.review.sources.importing import examine_source

OPERATIONS = {
    "listOrders": ("get", "/orders"),
    "createOrder": ("post", "/orders"),
    "deleteOrder": ("delete", "/orders/{id}"),
    "refundOrder": ("post", "/orders/{id}/refunds"),
}
SHOP = ("listOrders", "createOrder", "deleteOrder")


class Work:
    """A review and short words for what people do to it. Time passes by itself."""

    def __init__(self, review):
        self.review = review
        self.minutes = count()

    def at(self):
        minute = next(self.minutes)
        return f"2026-03-02T{9 + minute // 60:02}:{minute % 60:02}:00Z"

    def id(self, name):
        return next((t.row.id for t in self.review.tools() if t.row.name == name), name)

    def tool(self, name):
        return self.review.tool(self.id(name))

    def decide(self, names, decision_state, reason="because", actor="ann", conditions=()):
        ids = [self.id(name) for name in names.split()]
        made = [Condition(ConditionKind(kind), value, evidence) for kind, value, evidence in conditions]
        return commands.decide(
            self.review, ids, decision_state, reason=reason, actor=actor, at=self.at(), conditions=made, opened=ids
        )

    def approve(self, names, **more):
        return self.decide(names, DecisionState.APPROVED, **more)

    def block(self, names, **more):
        return self.decide(names, DecisionState.BLOCKED, **more)

    def clear(self, names, **more):
        return self.decide(names, None, **more)

    def conditional(self, names, *conditions, **more):
        return self.decide(
            names, DecisionState.CONDITIONAL, conditions=conditions or [("rate", "5 per hour", "")], **more
        )

    def risk(self, name, risk, reason="", actor="ann"):
        return commands.override_risk(self.review, self.id(name), risk, reason=reason, actor=actor, at=self.at())

    def type(self, name, kind, reason="", actor="ann"):
        return commands.override_type(self.review, self.id(name), kind, reason=reason, actor=actor, at=self.at())

    def note(self, name, text, actor="ann"):
        return commands.note(self.review, self.id(name), text, actor=actor, at=self.at())

    def answer(self, control, state, text="", actor="ann", evidence=()):
        return commands.answer(self.review, control, state, text=text, actor=actor, at=self.at(), evidence=evidence)

    def undo(self, actor="ann"):
        return commands.undo(self.review, actor=actor, at=self.at())

    def redo(self, actor="ann"):
        return commands.redo(self.review, actor=actor, at=self.at())

    def load(self, source, actor="ann", name=None):
        return commands.import_source(self.review, source, actor=actor, at=self.at(), name=name)

    def seen(self):
        """Return what counts of every tool: never who, when, or in which order."""
        return {
            t.row.name: (
                t.decision_state.simple, t.stale, t.conflict, t.risk.value, t.type.value, t.effect.value, t.notes,
                t.decision and (t.decision.reason, t.decision.conditions),
                sorted(note.text for note in queries.notes(self.review, t.row.id)),
            )
            for t in self.review.tools()
        }  # fmt: skip


@pytest.fixture(scope="session")
def document():
    """Make an OpenAPI document of some operations; `summaries` change what one says, and so its definition."""

    def making(*names, title="Shop", paths=(), **summaries):
        made = {}
        for name, (method, path) in [(n, OPERATIONS[n]) for n in names or SHOP] + [(p, ("post", p)) for p in paths]:
            operation = {
                "operationId": name,
                "summary": summaries.get(name, name),
                "responses": {"200": {"description": ""}},
            }
            made.setdefault(path, {})[method] = operation
        return json.dumps({"openapi": "3.1.0", "info": {"title": title, "version": "1"}, "paths": made}).encode()

    return making


@pytest.fixture
def opened():
    """Open review files (or make one from a document), and close them all at the end."""
    reviews = []

    def opening(path, source=None):
        if source is None:
            reviews.append(Review.open(path))
        else:
            reviews.append(Review.create(path, [examine_source(source)], actor="ann", at="2026-03-02T08:00:00Z"))
        return Work(reviews[-1])

    yield opening
    for review in reviews:
        review.close()


@pytest.fixture
def shop(opened, document, tmp_path):
    """A review of three tools, nothing decided."""
    return opened(tmp_path / "shop.clearance", document())


@pytest.fixture
def sample_review(opened, kept_reviews, tmp_path):
    """A copy of the sample review, open for work."""
    return opened(kept_reviews.copy("sample", tmp_path / "sample.clearance"))
