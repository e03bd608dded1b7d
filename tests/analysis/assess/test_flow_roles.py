"""Legs of an information flow, areas, paging, and what may overwrite: facts beside the effect."""

import gc
from dataclasses import replace

import pytest

from analysis.assess import assess
from analysis.assess.areas import AreaClassifier
from analysis.assess.flows.facts import FactReader
from analysis.assess.sensitivity.data_classifier import DataClassifier
from analysis.assess.sensitivity.known_people import KnownPeople
from analysis.field_names import FieldTable
from analysis.model import Area, Assessment, Effect, FlowRole, Parameter, SourceId, Tool, ToolId
from analysis.workspace import from_plain, to_plain


def tool(name, method="", path="", params=(), near=(), **more):
    parameters = tuple(Parameter(one, "argument", required=False, type="string", description="") for one in params)
    return Tool(
        ToolId("s:t"), SourceId("s"), name, method, path, name if method else "", more.pop("summary", ""), "", "0" * 64, "",
        parameters=parameters, shallow_fields=near, response_fields=near, **more,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("said", "flow_roles"),
    [
        (assess(tool("get_customer", near=("email", "id"))), {FlowRole.PRIVATE_DATA: ("response", "email")}),
        (assess(tool("list_issues")), {FlowRole.PRIVATE_DATA: ("name", "issue"), FlowRole.UNTRUSTED_CONTENT: ("name", "issues")}),
        (assess(tool("read_inbox")), {FlowRole.PRIVATE_DATA: ("name", "inbox"), FlowRole.UNTRUSTED_CONTENT: ("name", "inbox")}),
        (assess(tool("send_report")), {FlowRole.EXFILTRATION_SINK: ("name", "send")}),
        (
            assess(tool("fetch_posts", params=("url",))),
            {FlowRole.UNTRUSTED_CONTENT: ("parameters", "url"), FlowRole.EXFILTRATION_SINK: ("parameters", "url")},
        ),
        (assess(tool("create_webhook")), {FlowRole.EXFILTRATION_SINK: ("name", "webhook")}),
        (assess(tool("PostCoupons", "POST", "/v1/coupons")), {}),
        (assess(tool("chat.post", "POST", "/chat.post")), {FlowRole.EXFILTRATION_SINK: ("name", "post")}),
        (assess(tool("mark_notifications", "PUT", "/notifications")), {}),
        (assess(tool("conversations.archive", "POST", "/conversations.archive", params=("channel",))), {}),
        (assess(tool("archive_page", params=("url",))), {FlowRole.EXFILTRATION_SINK: ("parameters", "url")}),
        (assess(tool("execute_sql", params=("sql",))), {FlowRole.CODE_EXECUTION: ("parameters", "sql")}),
        (assess(tool("run_shell", params=("command",))), {FlowRole.CODE_EXECUTION: ("parameters", "command")}),
        (assess(tool("query_db", params=("query",))), {FlowRole.CODE_EXECUTION: ("parameters", "query")}),
        (assess(tool("connectPodExec", "GET", "/pods/{name}/exec")), {FlowRole.CODE_EXECUTION: ("path", "exec")}),
        (assess(tool("update_role")), {FlowRole.SELF_MODIFICATION: ("name", "role")}),
        (assess(tool("get_role")), {}),
        (assess(tool("update_alert_policy")), {}),
        (assess(tool("add_or_update_membership")), {FlowRole.SELF_MODIFICATION: ("name", "membership")}),
        (assess(tool("admin_emoji_rename", "POST", "/admin.emoji.rename")), {}),
        (assess(tool("admin_users_setAdmin", "POST", "/admin.users.setAdmin")), {FlowRole.SELF_MODIFICATION: ("name", "admin")}),
        (assess(tool("get_planet", near=("id", "name"))), {}),
        (assess(tool("get_customer", near=("id", "name"))), {FlowRole.PRIVATE_DATA: ("name", "customer")}),
        (assess(tool("list_planets", params=("limit",))), {}),
    ],
)  # fmt: skip
def test_a_leg_is_shown_by_one_signal(said, flow_roles):
    assert {flow_role.flow_role: (flow_role.where, flow_role.matched) for flow_role in said.flow_roles} == flow_roles
    assert all(flow_role.says for flow_role in said.flow_roles)


@pytest.mark.parametrize(
    ("call", "place", "opens"),
    [
        ("POST /settings/{id}/attach attachSettings", "body", False),
        ("POST /containers/{id}/attach ContainerAttach", "query", True),
        ("GET /pods/{id}/attach connectPodAttach", "query", True),
        ("POST /containers/{id}/exec ContainerExec", "body", True),
        ("POST /roles/{id}/assume assumeRole", "body", True),
    ],
)
def test_what_is_attached_with_a_body_opens_no_session(call, place, opens):
    method, path, name = call.split(" ")
    stream = Parameter("stdin", place, required=False, type="boolean", description="")
    said = assess(replace(tool(name, method, path), parameters=(stream,)))
    assert (FlowRole.CODE_EXECUTION in {flow_role.flow_role for flow_role in said.flow_roles}) is opens
    assert said.effect is not Effect.READ


@pytest.mark.parametrize(
    ("plain", "areas"),
    [
        (tool("attachRolePolicy", "POST", "/"), (Area.ACCESS_CONTROL,)),
        (tool("getRolePolicy", "POST", "/"), ()),
        (tool("putScalingPolicy", "POST", "/"), ()),
        (tool("createAccessKey", "POST", "/"), (Area.ACCESS_CONTROL,)),
        (tool("updateRole", "POST", "/"), (Area.ACCESS_CONTROL,)),
        (tool("addTeamMember", "POST", "/"), (Area.ACCESS_CONTROL,)),
        (tool("listDeployKeys", "GET", "/keys"), (Area.ACCESS_CONTROL,)),
        (tool("updateScalingPolicy", "POST", "/"), ()),
        (tool("listMembers", "GET", "/admin/members"), (Area.ACCESS_CONTROL,)),
        (tool("listFields", "GET", "/fields", summary="Needs admin access"), (Area.ACCESS_CONTROL,)),
        (tool("listInvoices", "GET", "/invoices"), (Area.BILLING,)),
        (tool("listThings", "GET", "/things"), ()),
    ],
)
def test_areas_hold_for_reads_too(plain, areas):
    assert assess(plain).areas == areas


@pytest.mark.parametrize(
    ("name", "destructive"),
    [
        ("delete_file", True), ("remove_label", True), ("update_file", False), ("write_file", True), ("send_email", False),
        ("overwrite_page", True), ("restore_disk", True), ("edit_title", False), ("execute_sql", True), ("run_job", True), ("create_issue", False), ("add_comment", False), ("get_file", False),
        ("frobnicate", False),
    ],
)  # fmt: skip
def test_what_removes_overwrites_or_runs_is_destructive_and_an_edit_is_not(name, destructive):
    assert assess(tool(name)).destructive is destructive


def test_paging_and_filters_are_told_apart():
    said = assess(tool("list_things", params=("pageSize", "nextToken", "status", "colour")))
    assert (said.paginated, said.page_parameters, said.filter_parameters) == (
        True,
        ("pageSize", "nextToken"),
        ("status",),
    )
    assert not assess(tool("create_things", params=("limit",))).paginated


def test_an_assessment_stored_before_these_facts_existed_can_still_be_read():
    stored = to_plain(assess(tool("list_things", params=("limit",))))
    for name in ("paginated", "filter_parameters", "destructive", "areas", "flow_roles"):
        del stored[name]
    assert from_plain(Assessment, stored).flow_roles == ()
    with pytest.raises((KeyError, TypeError)):
        from_plain(Assessment, {name: value for name, value in stored.items() if name != "effect"})


def test_what_assesses_is_not_kept_with_the_names_of_fields():
    """Its caches have every name and text of a source, and the tools stay for as long as a review is open."""

    def readers():
        gc.collect()
        kinds = AreaClassifier | DataClassifier | FactReader | KnownPeople
        return sum(isinstance(each, kinds) for each in gc.get_objects())

    before, table = readers(), FieldTable()
    fields = table.set_of(table.bits_of(["email", "id", "remark"]))
    assert assess(tool("list_customers", near=fields)).data
    assert assess(tool("update_user", request_fields=table.set_of(table.bits_of(["is_admin", "id"])))).areas
    assert assess(tool("create_subscription", request_fields=fields)).areas
    assert readers() == before
