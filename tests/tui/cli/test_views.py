"""`clearance view`, `views`."""


def test_a_saved_view_is_used_by_its_name(run, file):
    run("view", file, "money", "class:billing")
    names = {tool["name"] for tool in run("tools", file, "--view", "money", "--json").json}
    assert names == {"refundPayment", "chargePaymentMethod", "issuePayout"}
    assert run("views", file, "--json").json == [{"name": "money", "query": "class:billing", "tools": 3}]
    run("view", file, "money", "")
    assert "no saved views" in run("views", file).out
