"""`clearance duplicates`."""


def test_one_of_a_group_is_kept(run, fresh):
    (group,) = run("duplicates", fresh, "--json").json
    assert group["similarity"] == "version"
    assert {"what": "deprecated", "values": ["no", "yes"]} in group["differences"]
    assert "suggested: getCustomer (the others are deprecated)" in run("duplicates", fresh).out
    done = run("duplicates", fresh, "--keep", "getCustomer", "--reason", "one is enough", "--json").json
    assert done["done"] == "blocked: getCustomerLegacy"
    assert run("duplicates", fresh, "--keep", "getCustomer", "--reason", "again").code == 1
    assert run("duplicates", fresh, "--keep", "listTags", "--reason", "x").code == 1
