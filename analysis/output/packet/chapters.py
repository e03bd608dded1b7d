"""The chapters about the review as a whole: scope, findings, governance, history and verification."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from analysis.output.packet.blocks import (
    Block,
    Cell,
    Code,
    Commands,
    FactList,
    Heading,
    Inline,
    Para,
    SafeText,
    Table,
    badge,
    codes,
    number,
    timestamp,
    word,
)

if TYPE_CHECKING:
    from collections.abc import Iterator


def scope(doc: dict[str, Any]) -> Iterator[Block]:
    """Yield what was looked at, how, and what was not: no clean page without it."""
    yield Heading(2, SafeText("Scope and method"), "scope")
    if said := doc["intake"]:
        yield Heading(3, SafeText("What was asked for"))
        asked = (
            (SafeText("Server"), said["server"]),
            (SafeText("Owner"), said["owner"]),
            (SafeText("Purpose"), said["purpose"]),
        )
        yield FactList((*asked, (SafeText("Data"), codes(said["data"])), (SafeText("Writes"), said["writes"])))
    for source in doc["sources"]:
        yield Heading(3, source["title"] or source["file"])
        yield _source(source)
    made_with = (
        (SafeText("Product"), Code("{name} {version}".format(**doc["product"]))),
        (SafeText("Rule pack"), Code(doc["rule_pack"])),
    )
    yield FactList(((SafeText("Review"), Code(doc["workspace"])), *made_with))
    yield Para(
        SafeText(
            "Effects, data classes and findings are read from the definitions by word lists and rules. They say what "
            "a definition claims, not what a server does; a person settles what they leave open."
        )
    )
    yield from _listed(
        SafeText("Not checked"),
        ("Check", "Why it did not run"),
        [(row["check"], row["reason"]) for row in doc["not_checked"]],
    )
    yield from _listed(
        SafeText("Rules that did not run"),
        ("Rule", "Why"),
        [(Code(row["rule"]), row["reason"]) for row in doc["rules_not_run"]],
    )
    problems: list[tuple[Cell, ...]] = [
        (badge(p["level"]), p["what"], Code(p["pointer"]), number(p["line"]), p["next"]) for p in doc["problems"]
    ]
    yield from _listed(SafeText("Problems of the input"), ("Level", "Problem", "Where", "Line", "Next"), problems)


def _source(source: dict[str, Any]) -> FactList:
    return FactList(
        (
            (SafeText("File"), Code(source["file"])),
            (SafeText("Format"), source["format"]),
            (SafeText("Version"), Code(source["version"])),
            (SafeText("SHA-256"), Code(source["sha256"])),
            (SafeText("Size"), (number(source["size"]), SafeText(" bytes"))),
            (SafeText("Tools"), number(source["tools"])),
            (SafeText("Read with"), _review_context(source)),
            (SafeText("Parts"), codes([f["file"] for f in source["files"]], 20)),
            (SafeText("Listed, not callable"), codes(source["not_callable"], 20)),
        )
    )


def _review_context(source: dict[str, Any]) -> Cell:
    """Return how a source was read, where that was not as usual: other limits, the credential of a live listing."""
    stated = [f"{fact['fact']}: {fact['value']}" for fact in source["facts"]]
    return codes(stated, 20) if stated else SafeText("the usual limits")


def _listed(caption: SafeText, head: tuple[str, ...], rows: list[tuple[Cell, ...]]) -> Iterator[Block]:
    """Yield a titled table, or the statement that there is nothing to list."""
    yield Heading(3, caption)
    yield Table(caption, head, tuple(rows)) if rows else Para(SafeText("None."))


def findings(doc: dict[str, Any]) -> Iterator[Block]:
    """Yield every finding with its disposition, worst first."""
    yield Heading(2, SafeText("Findings and dispositions"), "findings")
    if not doc["findings"]:
        yield Para(SafeText("No rule hit. What did not run stands under scope and method."))
        return
    names = {row["id"]: row["name"] for row in doc["inventory"]}
    rows = [(badge(f["severity"]), _what(f), _where(f, names), _disposition(f)) for f in doc["findings"]]
    head = ("Severity", "Finding", "Where", "Status and disposition")
    yield Table(SafeText("All findings"), head, tuple(rows))


def _what(finding: dict[str, Any]) -> Cell:
    """Return what is wrong, what was found, why it matters, and what mending it wins."""
    out: list[Inline] = [finding["title"], SafeText(" ("), Code(finding["rule"]), SafeText("). ")]
    out += [SafeText("Found: "), Code(finding["matched"]), SafeText(". ")] if finding["matched"] else []
    out += [finding["why"]]
    out += [SafeText(" Remedy: "), finding["remedy"]] if finding["remedy"] else []
    out += [SafeText(" Fixing it wins "), number(finding["wins"]), SafeText(".")] if finding["wins"] else []
    return tuple(out)


def _where(finding: dict[str, Any], names: dict[str, str]) -> Cell:
    if finding["tools"]:
        return codes([names.get(tool, tool) for tool in finding["tools"]], 5)
    subject = finding["tool_name"] or finding["control"]
    place: Inline = Code(subject) if subject else SafeText("the review")
    return place if finding["line"] is None else (place, SafeText(", line "), number(finding["line"]))


def _disposition(finding: dict[str, Any]) -> Cell:
    said = finding["disposition"]
    out: list[Inline] = [badge(finding["status"])]
    if said:
        out += [
            SafeText(": "),
            said["reason"],
            SafeText(" ("),
            said["actor"],
            SafeText(", "),
            timestamp(said["at"]),
            SafeText(")"),
        ]
        for name, value in ((SafeText(" code "), said["code"]), (SafeText(" evidence "), said["evidence"])):
            out += [name, Code(value)] if value else []
        out += [SafeText(" owner "), said["owner"]] if said["owner"] else []
        out += [SafeText(" until "), timestamp(said["until"])] if said["until"] else []
        out += [SafeText(" void if this changes: "), "; ".join(said["voids"])] if said["voids"] else []
    return tuple(out)


def accepted_risks(doc: dict[str, Any]) -> Iterator[Block]:
    """Yield the risks that a named person carries, and until when."""
    yield Heading(2, SafeText("Accepted risks"), "acceptances")
    by_id = {f["id"]: f for f in doc["findings"]}
    rows: list[tuple[Cell, ...]] = []
    for finding in (by_id[i] for i in doc["acceptances"]):
        said = finding["disposition"] or {"reason": "", "owner": "", "until": "", "actor": ""}
        owner = said["owner"] or SafeText("nobody named")
        until = timestamp(said["until"]) if said["until"] else SafeText("no date")
        what = (finding["title"], SafeText(" · "), Code(finding["tool_name"] or finding["control"] or finding["rule"]))
        rows.append((badge(finding["severity"]), what, said["reason"], owner, until, said["actor"]))
    if rows:
        head = ("Severity", "Risk", "Reason", "Carried by", "Until", "Recorded by")
        yield Table(SafeText("Accepted risks"), head, tuple(rows))
    else:
        yield Para(SafeText("No risk was accepted."))


def overrides(doc: dict[str, Any]) -> Iterator[Block]:
    """Yield every correction that made the picture friendlier."""
    yield Heading(2, SafeText("Overrides"), "overrides")
    counted = doc["overrides"]
    yield Para(
        (SafeText("Corrections by reviewers that lowered a risk, a type or a finding: "), number(counted["count"]))
    )
    said = {d["id"]: d for d in doc["decisions"]}
    found = {f["id"]: f for f in doc["findings"]}
    rows: list[tuple[Cell, ...]] = []
    for key, field in (("risk_lowered", "risk_retag"), ("type_lowered", "type_retag")):
        for row in (said[i] for i in counted[key]):
            tag = row[field]
            change: Cell = (word(tag["from"]), SafeText(" → "), word(tag["to"]))
            rows.append((Code(row["name"]), change, tag["reason"], tag["actor"], timestamp(tag["at"])))
    for row in (found[i] for i in counted["false_positives"]):
        tag = row["disposition"] or {"reason": "", "actor": "", "at": ""}
        change = (Code(row["rule"]), SafeText(" is a false positive"))
        rows.append((Code(row["tool_name"]), change, tag["reason"], tag["actor"], timestamp(tag["at"])))
    if rows:
        yield Table(SafeText("Overrides"), ("Tool", "Change", "Reason", "By", "When"), tuple(rows))


def governance(doc: dict[str, Any]) -> Iterator[Block]:
    """Yield the governance checklist with answers and evidence."""
    yield Heading(2, SafeText("Governance checklist"), "governance")
    if doc["profile"] != "L1":
        yield Para((SafeText("Asked by assurance profile "), word(doc["profile"]), SafeText(".")))
    rows: list[tuple[Cell, ...]] = []
    for c in doc["controls"]:
        who = (SafeText(" ("), c["actor"], SafeText(", "), timestamp(c["at"]), SafeText(")")) if c["actor"] else ()
        rows.append((Code(c["id"]), c["question"], badge(c["state"]), (c["text"], *who), _evidence(c)))
    if rows:
        head = ("Control", "Question", "State", "Answer", "Evidence")
        yield Table(SafeText("Governance checklist"), head, tuple(rows))
        yield Para(
            SafeText("E1 statement, E2 document, E3 export or log sample, E4 performed again by the reviewer."), "note"
        )
    else:
        yield Para(SafeText("No governance question belongs to this review."))


def _evidence(control: dict[str, Any]) -> tuple[Inline, ...]:
    out: list[Inline] = []
    for e in control["evidence"]:
        out += [SafeText("; ")] if out else []
        out += [e["level"], SafeText(" "), e["title"]]
        out += [SafeText(", "), e["where"]] if e["where"] else []
        out += [SafeText(", valid until "), timestamp(e["valid_until"])] if e["valid_until"] else []
        out += [SafeText(", sha256 "), Code(e["sha256"][:12])] if e["sha256"] else []
    return tuple(out)


def mapping(doc: dict[str, Any]) -> Iterator[Block]:
    """Yield which control speaks to which standard."""
    rows: list[tuple[Cell, ...]] = [
        (Code(c["id"]), c["title"], badge(c["state"]), codes(c["maps_to"], 20)) for c in doc["controls"] if c["maps_to"]
    ]
    if rows:
        yield Heading(2, SafeText("Control mapping"), "mapping")
        yield Table(SafeText("Controls by standard"), ("Control", "Title", "State", "Standards"), tuple(rows))


def policy(doc: dict[str, Any]) -> Iterator[Block]:
    """Yield what the organisation's policy changed, where one is in force."""
    said = doc["policy"]
    if said is None:
        return
    yield Heading(2, SafeText("Policy"), "policy")
    signed = (number(said["sign_off"]["needed"]), SafeText(" of "), *codes(said["sign_off"]["roles"], 20))
    yield FactList(
        (
            (SafeText("Policy"), said["name"]),
            (SafeText("File"), Code(said["file"])),
            (SafeText("SHA-256"), Code(said["sha256"])),
            (SafeText("Sign-offs wanted"), signed if said["sign_off"]["roles"] else SafeText("none named")),
        )
    )
    rows: list[tuple[Cell, ...]] = [
        (Code(row["rule"]), badge(row["severity"]), row["reason"]) for row in said["severities"]
    ]
    rows += [(Code(row["rule"]), SafeText("switched off"), row["reason"]) for row in said["switched_off"]]
    yield from _listed(SafeText("Rules set by policy"), ("Rule", "Set to", "Reason"), rows)


def notes(doc: dict[str, Any]) -> Iterator[Block]:
    """Yield the remarks of reviewers."""
    rows: list[tuple[Cell, ...]] = [
        (Code(n["subject"]), n["text"], n["actor"], timestamp(n["at"])) for n in doc["notes"]
    ]
    if rows:
        yield Heading(2, SafeText("Notes"), "notes")
        yield Table(SafeText("Notes"), ("About", "Note", "By", "When"), tuple(rows))


def history(doc: dict[str, Any]) -> Iterator[Block]:
    """Yield the last sentences of the log; the whole of it is a file of its own."""
    log = doc["history"]
    yield Heading(2, SafeText("Change history"), "history")
    shown = (SafeText("The last "), number(log["shown"]), SafeText(" of "), number(log["events"]))
    yield Para((*shown, SafeText(" events; events.jsonl holds all of them as they were stored.")))
    rows: list[tuple[Cell, ...]] = [
        (timestamp(e["at"]), e["actor"], e["sentence"], Code(e["id"][:12])) for e in log["entries"]
    ]
    if rows:
        yield Table(SafeText("Change history"), ("When", "Who", "What", "Event"), tuple(rows))


def verification(doc: dict[str, Any]) -> Iterator[Block]:
    """Yield how a reader checks the packet without trusting it."""
    yield Heading(2, SafeText("Sign-offs and how to verify them"), "verify")
    yield Para(
        SafeText(
            "This document does not say who signed: sign-offs are made over the finished packet and lie beside it "
            "in the folder signoffs. These commands check them with nothing but OpenSSH and coreutils."
        )
    )
    yield Commands(tuple(doc["how_to_verify"]))


def vocabulary(doc: dict[str, Any]) -> Iterator[Block]:
    """Yield the words a reader may not know; the same in every packet."""
    del doc
    yield Heading(2, SafeText("Words used"), "words")
    yield FactList(
        (
            (
                SafeText("Critical"),
                SafeText("an effect that cannot be undone, moves money, or changes who may do what"),
            ),
            (SafeText("Unclear"), SafeText("no signal explained the tool; it is treated as one with side effects")),
            (SafeText("Allowed"), SafeText("approved, or approved with conditions; everything else is not allowed")),
            (SafeText("Stale"), SafeText("decided, but the definition has changed since: not allowed")),
            (SafeText("Conflicting"), SafeText("reviewers differ and nobody has settled it: not allowed")),
            (SafeText("Expired"), SafeText("approved until a date that has passed: not allowed")),
            (SafeText("Awaiting-second"), SafeText("a high risk that one person alone has let through: not allowed")),
            (
                SafeText("Residual risk"),
                SafeText("a finding that is open, being fixed or accepted, on a tool that is not blocked"),
            ),
            (
                SafeText("Definition"),
                SafeText("all that a model reads of a tool or may send to it, as one SHA-256 digest"),
            ),
            (
                SafeText("Override"),
                SafeText("a person put a risk or type lower than the engine, or called a finding false"),
            ),
        )
    )
