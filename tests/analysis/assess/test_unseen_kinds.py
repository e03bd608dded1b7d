"""Kinds met on servers and documents that nobody had tuned for, each with examples of our own."""

import pytest

from analysis.assess import assess, assess_all
from analysis.model import Area, Effect, FlowRole, Parameter, Risk, SourceId, Tool, ToolId, ToolType


def tool(name, text="", *inputs, method="", path="", summary="", fields=(), returned=()):
    place = "body" if method else "argument"
    parameters = tuple(Parameter(each, place, required=True, type="string", description="") for each in inputs)
    return Tool(
        ToolId(f"s:{name}"), SourceId("s"), name, method, path, name if method else "", summary, text, "0" * 64, "",
        parameters=parameters, request_fields=fields, response_fields=returned,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("said", "risk"),
    [
        (tool("access_show", "Get the access settings of the robot as a kubeconfig file"), Risk.HIGH),
        (tool("access_show", "Get the access settings of the robot as a table", returned=("size",)), Risk.LOW),
        (tool("greenhouse_log", "Get the log of a greenhouse", summary="Greenhouses: Log"), Risk.MEDIUM),
        (tool("pump_logs_grep", "Filter pump logs by a word"), Risk.MEDIUM),
        (tool("pump_status_get", "Get the status of a pump, including recent logs"), Risk.MEDIUM),
        (tool("pump_status_get", "Get the status of a pump"), Risk.LOW),
        (tool("list_bed_code", "Search for code within a greenhouse"), Risk.MEDIUM),
        (tool("get_resource", "Get a resource", "kind", "label"), Risk.MEDIUM),
        (tool("get_resource", "Get a resource", "label", returned=("size",)), Risk.LOW),
        (tool("describe_object", "Describe the columns of an object", "object_name"), Risk.LOW),
        (tool("aggregate", "Aggregates the rows that match", "collection"), Risk.MEDIUM),
        (tool("get_seeds_export", "Get a finished export of seeds"), Risk.MEDIUM),
        (tool("get_bed_details", "Get details of a bed, including variables and size"), Risk.MEDIUM),
        (tool("list_beds", "Lists the beds with the phone numbers of those who water them"), Risk.MEDIUM),
        (tool("list_beds", "Lists the beds with their size", returned=("size",)), Risk.LOW),
        (tool("list_slips", "Vulnerability reports sent in by gardeners"), Risk.MEDIUM),
        (tool("get_picture", "Photo of a gardener's identity card"), Risk.MEDIUM),
        (tool("get_picture", "Photo of a bed", returned=("size",)), Risk.LOW),
        (tool("find_slip", "Scans the letters for a slip", returned=("size",)), Risk.LOW),
        (tool("get_wallet_mnemonic", "Shows the recovery phrase"), Risk.HIGH),
    ],
    ids=lambda each: each.description if isinstance(each, Tool) else each.value,
)
def test_the_risk_of_reads(said, risk):
    assert assess(said).risk is risk


@pytest.mark.parametrize(
    "said",
    [
        tool("greenhouse_run", "Run a container in the greenhouse", "image"),
        tool("pump_run", "Runs a pod", "container_image"),
        tool("helper_install", "Install a package", "package"),
        tool("resources_apply", "Create or update any resource", "manifest"),
        tool("deploy_function", "Deploy a function", "name", "source_code"),
        tool("execute_mill", "Executes what is written", "millCode"),
        tool("invoke_greenhouse_tool", "Invoke a tool found before", "name", "arguments"),
        tool("show-routes", "Execute route commands on a machine", "command"),
        tool("pumpcon", "Runs a console command on the pump", "command"),
        tool("mill_feed", "Feeds a program to the mill", "gcode"),
        tool("sendAll", "", method="POST", path="/v1/batch", fields=("actions", "method", "relative_path")),
    ],
    ids=lambda each: each.name,
)
def test_programs_that_a_caller_brings_along(said):
    found = assess(said)
    assert FlowRole.CODE_EXECUTION in {signal.flow_role for signal in found.flow_roles}
    assert found.risk is Risk.HIGH


@pytest.mark.parametrize(
    "said",
    [
        tool("list_images", "List images", "image"),
        tool("create_picture", "Create a picture", "image"),
        tool("resource_rename", "Update the label of a resource", "label"),
        tool("update_bed_code", "Update the postal code of a bed", "postal_code"),
        tool("sendAll", "", method="POST", path="/v1/letters/batch", fields=("letters", "text")),
    ],
    ids=lambda each: each.name,
)
def test_what_brings_no_program_along(said):
    assert FlowRole.CODE_EXECUTION not in {signal.flow_role for signal in assess(said).flow_roles}


@pytest.mark.parametrize(
    "said",
    [
        tool("protect_bed", "Protect a bed against changes"),
        tool("add_crew_to_bed", "Grant a crew access to a bed"),
        tool("drop_crew", "Revoke a crew's access to a bed"),
        tool("put_sheet", "Shares a sheet with a group", method="PUT", path="/sheets/{id}/{part}"),
        tool("sftp_user_remove", "Remove a user of the transfer service"),
        tool("mill_create_access_list", "Allow addresses to reach the mill"),
        tool("replace_ips_rule", "Replace an IPS rule"),
        tool("cancelAccount", "", method="DELETE", path="/accounts/{id}"),
        tool("op_gardener", "Makes a gardener operator", "name"),
        tool("restore_gardener", "Lifts a ban", "name"),
        tool("revoke_badge", "Ends the use of a badge", "badge"),
    ],
    ids=lambda each: each.description or each.name,
)
def test_acts_on_access(said):
    assert ToolType.ADMINISTRATIVE in assess(said).types


@pytest.mark.parametrize(
    "said",
    [
        tool("add_note", "Give a bed a label"),
        tool("transferOriginUpdate", "Update the origin", method="POST", path="/transfer/origin/update"),
        tool("send_sheet", "Sends a sheet by post"),
        tool("make_bed", "Makes the owner a new bed"),
    ],
    ids=lambda each: each.description,
)
def test_what_is_no_act_on_access(said):
    assert ToolType.ADMINISTRATIVE not in assess(said).types


def test_a_subscription_to_messages_is_no_bill():
    text = "Adds a kind of letters that the gardener has opted in to"
    letters = tool("addSubscription", text, method="POST", path="/gardeners/{id}/subscriptions")
    plan = tool("addSubscription", "Adds a plan", method="POST", path="/gardeners/{id}/subscriptions")
    assert [Area.BILLING in found.areas for found in assess_all([letters, plan])] == [False, True]


def test_people_who_are_allocated_are_no_bill():
    assert Area.BILLING not in assess(tool("createAllocation", method="POST", path="/allocations")).areas


@pytest.mark.parametrize(
    ("said", "reads"),
    [
        (tool("beds_by_owner_and_type", "Search beds by owner and type"), True),
        (tool("mill_create_access_list", "Allow addresses to reach the mill"), False),
        (tool("MillController_issueToken", "Generate a token", method="POST", path="/mill/token"), False),
    ],
    ids=lambda each: each.name if isinstance(each, Tool) else str(each),
)
def test_verbs_of_names(said, reads):
    assert (ToolType.READ in assess(said).types) is reads


def test_a_removal_whose_text_says_that_it_deletes_is_one():
    path, text = "/beds/remove", "This endpoint is used to delete a bed for good"
    said = assess(tool("bedRemove", text, method="POST", path=path, summary="Remove a bed"))
    unlinked = assess(tool("bedRemove", "Takes a bed off the list", method="POST", path=path, summary="Remove a bed"))
    assert [ToolType.CRITICAL in found.types for found in (said, unlinked)] == [True, False]


@pytest.mark.parametrize(
    ("said", "leaves"),
    [
        (tool("open_diary", "Makes a diary public", "diary"), True),
        (tool("ship_seeds", "Exports the seeds to an SFTP server", "host"), True),
        (tool("store_seeds", "Copies the seeds to a cloud bucket", "place"), True),
        (tool("turn_down", "Turns a gardener down and mails the refusal", "gardener"), True),
        (tool("turn_down", "Turns a gardener down", "gardener"), False),
        (tool("say", "Broadcasts a text to all gardeners", "text"), True),
        (tool("open_gate", "Makes a gate wider", "gate"), False),
    ],
    ids=lambda each: each.description if isinstance(each, Tool) else str(each),
)
def test_what_hands_data_out(said, leaves):
    roles = {signal.flow_role for signal in assess(said).flow_roles}
    assert (FlowRole.EXFILTRATION_SINK in roles) is leaves


@pytest.mark.parametrize(
    ("text", "lost"),
    [
        ("Overwrites the bed with an older one", True),
        ("Files a plan with the office; it cannot be withdrawn", True),
        ("Puts a bed in the place of another", False),
    ],
)
def test_what_a_text_says_is_lost(text, lost):
    assert (ToolType.CRITICAL in assess(tool("put_bed", text, "bed")).types) is lost


@pytest.mark.parametrize(
    ("said", "replaces"),
    [
        (tool("bed_put", "Creates or updates a bed"), True),
        (tool("bed_put", "Creates a bed. This tool creates or replaces its fence too"), True),
        (tool("bed_upsert", "Saves a bed"), True),
        (tool("bed_put", "Creates a bed, or a fence"), False),
        (tool("bed_cache_reset", "Drops the cached beds"), False),
    ],
    ids=lambda each: each.description if isinstance(each, Tool) else str(each),
)
def test_a_call_that_creates_or_updates_replaces_what_exists(said, replaces):
    found = assess(said)
    assert (found.destructive, found.effect) == (replaces, Effect.SIDE_EFFECT)
