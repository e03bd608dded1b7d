"""The chapter on information flows: what is known of the exfiltration path, and what is not settled."""

from dataclasses import replace

from analysis.model import (
    TRIFECTA,
    ExfiltrationPath,
    FlowRole,
    OpenFlowRole,
)
from analysis.output.packet.document.review_document import document
from analysis.output.packet.render import markdown
from tests.analysis.output.packet.review_snapshots import plain


def rendered(review):
    """Return the chapter as Markdown."""
    text = markdown.render(document(review, ()))
    return text.partition(" Exfiltration path\n")[2].partition("\n## ")[0]


def path(snapshot, *, played=(), possible=(), **more):
    tools = [reviewed.tool.id for reviewed in snapshot.tools[:1]]
    return ExfiltrationPath(
        {role: tuple(tools) if role in played else () for role in TRIFECTA},
        {role: tuple(tools) if role in (*played, *possible) else () for role in TRIFECTA},
        **more,
    )


def test_a_state_is_stated_for_approved_tools_and_for_all_that_are_not_blocked():
    base = plain()
    found = rendered(
        replace(
            base,
            approved_path=path(base, played=TRIFECTA[:1]),
            exposed_path=path(base, played=TRIFECTA),
        )
    )
    assert "Absent among allowed tools" in found
    assert "With the undecided tools the path is present." in found
    assert "Not settled" not in found


def test_what_is_not_settled_is_named_with_its_reason():
    base = plain()
    first = base.tools[0]
    row = replace(first.state.row, open_flow_roles=(OpenFlowRole(FlowRole.EXFILTRATION_SINK, "the effect is unclear"),))
    tools = (replace(first, state=replace(first.state, row=row)), *base.tools[1:])
    open_path = path(base, played=TRIFECTA[:2], possible=TRIFECTA, unread=(base.sources[0].id,))
    found = rendered(replace(base, tools=tools, approved_path=open_path, exposed_path=open_path))
    assert "Not known" in found
    assert first.tool.name in found
    assert "the effect is unclear" in found
    assert "the source was read with errors" in found


def test_a_sink_that_a_person_approves_is_named():
    base = plain()
    held = path(base, played=TRIFECTA[:2], held=(base.tools[0].tool.id,))
    found = rendered(replace(base, approved_path=held, exposed_path=held))
    assert "Broken by condition" in found
    assert "What breaks the path: the proven run-time approval on 1 tool: `getCustomer`" in found


def test_a_review_without_a_statement_has_no_chapter():
    assert rendered(plain(approved_path=None, exposed_path=None)) == ""
