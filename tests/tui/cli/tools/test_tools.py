"""`clearance tools`, `show`."""


def test_tools_are_filtered_by_a_query(run, file):
    ran = run("tools", file, "--where", "risk:high is:undecided", "--json")
    assert [tool["name"] for tool in ran.json] == ["deleteCustomer"]
    assert "1 of 48 tools" in run("tools", file, "--where", "risk:high is:undecided").out


def test_show_prints_the_page_of_the_desk(run, file):
    ran = run("show", file, "deleteCustomer", "--definition")
    for part in ("high risk", "Why", "Inputs", "Text that a model reads", "operationId: deleteCustomer"):
        assert part in ran.out
    assert run("show", file, "deleteCustomer", "--json").json["name"] == "deleteCustomer"


def test_a_mistyped_tool_suggests_the_nearest(run, file):
    assert "did you mean deleteCustomer?" in run("show", file, "deleteCustomr").err


def test_show_prints_related_tools(run, fresh):
    ran = run("show", fresh, "getSupportTicket")
    assert "exfiltration path present; blocking this tool with 2 other tools removes untrusted content" in ran.out
    assert "Recommended controls (read-only)" in ran.out
    related = run("show", fresh, "getCustomer", "--json").json["related"]
    assert related["group"]["reason"] == "the others are deprecated"
    assert related["required_controls"]["conditions"] == ["audit=every call"]


def test_show_prints_the_schemas_as_a_tree(run, fresh):
    assert "  *email: string(email)" in run("show", fresh, "createCustomer", "--schema").out
    report = run("show", fresh, "createCustomer", "--schema", "--json").json["schema"]
    assert {"depth": 1, "name": "email", "required": True}.items() <= report[3].items()


def test_show_prints_the_recommended_controls_of_the_tool_type(run, file):
    ran = run("show", file, "refundPayment")
    assert "Recommended controls (billing)" in ran.out
    assert "if approval=two persons" in ran.out
    assert "appr-flow     evidenced, needs E3" in ran.out
    called = run("show", file, "listPlans", "--json").json["required_controls"]
    assert called == {
        "conditions": ["audit=every call"],
        "questions": {"comp-min": "", "cred-scope": "", "log-config": ""},
    }
