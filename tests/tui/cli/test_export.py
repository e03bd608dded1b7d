"""`clearance export`: the packet, and the preview of its changes."""

import json


def test_export_of_a_draft_says_that_it_allows_nothing(run, file, tmp_path):
    ran = run("export", file, tmp_path / "packet")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"DRAFT packet written to {tmp_path / 'packet'}\n")
    assert "allows nothing; decided so far: 33 allowed, 6 with conditions, 9 blocked" in ran.out
    assert ran.out.endswith("  open: 2 of 16 questions unanswered\n")


def test_export_writes_the_packet_and_counts_the_allowlist(run, completed, tmp_path):
    ran = run("export", completed, tmp_path / "packet")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"packet written to {tmp_path / 'packet'}\n")
    assert "allowlist: 33 allowed, 6 with conditions, 9 blocked (default deny)" in ran.out
    allowlist = json.loads((tmp_path / "packet" / "allowlist.json").read_bytes())
    assert {tool["decision"] for tool in allowlist["tools"]} == {"allow", "conditional", "block"}
    assert {"method", "path"} <= set(allowlist["tools"][0]["operation"])


def test_a_dry_run_writes_nothing_and_lists_each_difference(run, file, tree):
    before = tree()
    assert "no earlier export in this folder" in run("export", file, "packet", "--dry-run").out
    assert tree() == before
    assert run("export", file, "packet", "--json").json["open_gates"] != []
    run("decide", file, "--where", "name:listTags", "--block", "--reason", "x")
    run("decide", file, "--where", "name:refundPayment", "--condition", "rate=1", "--reason", "x")
    report = run("export", file, "packet", "--dry-run", "--json").json
    assert {line["name"]: (line["sign"], line["now"]) for line in report["lines"]} == {
        "listTags": ("-", ""), "refundPayment": ("~", "rate=1")
    }  # fmt: skip
    ran = run("export", file, "packet", "--dry-run")
    assert "- listTags  (without conditions)" in ran.out
    assert ran.out.endswith(
        "+0 -1 ~1 against the last export in this folder; 38 of 48 tools approved so far; a DRAFT allows none\n"
    )
