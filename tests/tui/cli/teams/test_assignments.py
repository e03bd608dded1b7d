"""`clearance assign`: by query, with a due day; found by queries, counted by `team`, undone, no decision."""


def test_tools_are_assigned_found_and_counted(run, file):
    before = run("status", file, "--json").json
    ran = run("assign", file, "--where", "name:deleteCustomer", "--to", "ben", "--due", "2020-01-31")
    assert ran.out == "deleteCustomer: assigned to ben, due 2020-01-31\n"
    for query in ("assigned:ben", "is:overdue", "is:assigned"):
        assert "1 of 48 tools" in run("tools", file, "--where", query).out
    assert "1 of 48 tools" in run("tools", file, "--where", "is:mine is:undecided", "--actor", "ben").out
    assert "1 assigned and undecided, 1 overdue" in run("team", file).out
    after = run("status", file, "--json").json
    assert {name for name in before if before[name] != after[name]} <= {"events", "as_of", "chains", "people"}
    assert "assigned deleteCustomer to ben, due 2020-01-31" in run("log", file).out
    run("undo", file)
    assert "0 of 48 tools" in run("tools", file, "--where", "assigned:ben").out


def test_what_is_decided_is_not_overdue(run, file):
    run("assign", file, "--where", "name:listCustomers,deleteCustomer", "--to", "ben", "--due", "2020-01-31")
    assert "1 of 48 tools" in run("tools", file, "--where", "is:overdue").out  # the other one is decided


def test_assignments_are_taken_back(run, file):
    run("assign", file, "--where", "name:deleteCustomer", "--to", "ben")
    assert run("assign", file, "--where", "is:assigned", "--clear").code == 0
    assert "0 of 48 tools" in run("tools", file, "--where", "is:assigned").out
    assert run("assign", file, "--where", "risk:high", "--clear").code == 2


def test_what_is_faulty_is_refused(run, file):
    named = ["assign", file, "--where", "name:deleteCustomer"]
    assert run(*named).code == 2
    assert run(*named, "--to", "ben", "--clear").code == 2
    assert run(*named, "--to", "ben", "--due", "2026-02-30").code == 2
    assert run("assign", file, "--where", " ", "--to", "ben").code == 2
    assert "no tool matches" in run("assign", file, "--where", "name:nothing", "--to", "ben").out


def test_two_copies_agree_on_the_later_assignment_and_it_is_no_conflict(run, file):
    assert run("share", file, "other.clearance").code == 0
    run("assign", file, "--where", "name:deleteCustomer", "--to", "ben")
    run("assign", "other.clearance", "--where", "name:deleteCustomer", "--to", "cara")
    assert run("merge", file, "other.clearance").code == 0
    assert run("conflicts", file).code == 0
    found = [name for name in ("ben", "cara") if "1 of 48" in run("tools", file, "--where", f"assigned:{name}").out]
    assert len(found) == 1
