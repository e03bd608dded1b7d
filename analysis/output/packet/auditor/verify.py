#!/usr/bin/env python3
"""Verify a Clearance review packet without Clearance.

Usage: python3 verify.py PACKET ALLOWED_SIGNERS [--at YYYY-MM-DD]

Needs Python 3.9 or newer and ssh-keygen. Writes nothing and opens no connection. Compare the SHA-256 of this file with
the one your organisation, or the product's README, names before you run it. ALLOWED_SIGNERS is your own list of keys
and roles in OpenSSH's format; never take it from the packet. Keys in a file revoked_keys next to it count for nothing.

Checked: every byte (SHA256SUMS, manifest.json), every signature and its role, sign-offs that were removed, the chain of
events and its end, that each decision in allowlist.json follows from the events, drafts, verdicts and dates.
Not checked: that score, findings and documents follow from the definitions (`clearance verify` computes them again), the
sign-offs that a policy requires, time stamps (keys count as of today), proofs.jsonl (whether the people who are named
recorded the events: here every event counts as signed by its author), and signoffs.html.
Exit code 0: the packet is an approval. 1: it is not, and the reasons are printed. 2: wrong usage.
"""

import base64
import hashlib
import json
import os
import re
import stat
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

MAX_BYTES = 256 * 1024 * 1024
EVENT_DOMAIN = b"clearance/event/1\0"
STATEMENT = "https://in-toto.io/Statement/v1"
REVIEW = "https://clearance/predicates/tool-exposure-review/v1"
SIGNOFF = "https://clearance/predicates/sign-off/v2"
FIELDS = {"role", "signer", "verdict", "conditions", "statement", "signedAt", "validUntil", "before", "draft"}
NAME = re.compile(r"\.?[A-Za-z0-9_][A-Za-z0-9._@+-]{0,99}(/[A-Za-z0-9_][A-Za-z0-9._@+-]{0,99}){0,2}", re.ASCII)
SIGNED = re.compile(r"signoffs/([a-z][a-z0-9-]{0,30})\.([A-Za-z0-9._@+-]{1,64})\.json", re.ASCII)
DAY = re.compile(r"\d{4}-\d{2}-\d{2}(?!\d)", re.ASCII)
APPROVALS = {"approve", "approve-with-conditions"}
CONDITIONAL = {"approve-with-conditions", "approvable with conditions"}


class NotVerified(Exception):
    """A reason why the packet cannot be relied on."""


def shown(text):
    """Return text without control characters, for a terminal."""
    return "".join(c if c.isprintable() else "?" for c in str(text))[:300]


def read_folder(folder):
    """Return every file of the packet by name. Links, devices and files that are too large are refused."""
    found = {}
    for place, folders, names in os.walk(folder):
        for name in [*names, *(each for each in folders if os.path.islink(os.path.join(place, each)))]:
            path = Path(place, name)
            label = path.relative_to(folder).as_posix()
            info = path.lstat()
            if not stat.S_ISREG(info.st_mode) or info.st_size > MAX_BYTES or not NAME.fullmatch(label):
                raise NotVerified(f"{shown(label)}: not a plain file of a packet")
            found[label] = path.read_bytes()
    return found


def unique(pairs):
    """Return a JSON object; one that names a key twice means two things to two readers."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise NotVerified("a JSON file names a key twice")
    return found


def parse(data, name):
    """Return JSON data that is an object."""
    try:
        value = json.loads(data.decode("utf-8"), object_pairs_hook=unique)
    except (ValueError, RecursionError):
        raise NotVerified(f"{name}: is not JSON") from None
    if not isinstance(value, dict):
        raise NotVerified(f"{name}: is not a JSON object")
    return value


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def check_bytes(files):
    """Check that manifest and sums list exactly the files that are there, with their digests. Return the manifest."""
    for name in ("manifest.json", "SHA256SUMS", "allowlist.json", "events.jsonl", "review.json"):
        if name not in files:
            raise NotVerified(f"{name}: is missing")
    manifest = parse(files["manifest.json"], "manifest.json")
    if manifest.get("_type") != STATEMENT or manifest.get("predicateType") != REVIEW:
        raise NotVerified("manifest.json: is not the manifest of a review")
    listed = {each["name"]: each["digest"]["sha256"] for each in manifest["subject"]}
    if len(listed) != len(manifest["subject"]):
        raise NotVerified("manifest.json: lists a file twice")
    if b"\r\n" in files["SHA256SUMS"]:
        raise NotVerified("SHA256SUMS: has Windows line ends: the packet was converted; fetch the original")
    lines = files["SHA256SUMS"].decode("ascii").splitlines()
    sums = {name: digest for digest, name in (line.split("  ", 1) for line in lines if not line.startswith("#"))}
    if sums != {name: digest for name, digest in listed.items() if name != "SHA256SUMS"}:
        raise NotVerified("SHA256SUMS: disagrees with manifest.json")
    for name, digest in listed.items():
        if name not in files:
            raise NotVerified(f"{shown(name)}: is missing")
        if sha256(files[name]) != digest:
            crlf = files[name].replace(b"\r\n", b"\n")
            why = "has Windows line ends" if sha256(crlf) == digest else "has been changed since the packet was made"
            raise NotVerified(f"{shown(name)}: {why}")
    added = {"manifest.json", "manifest.json.tsr", "signoffs.html"}
    for name in files:
        if not (name in listed or name in added or SIGNED.fullmatch(re.sub(r"\.sig(\.tsr)?$", "", name))):
            raise NotVerified(f"{shown(name)}: is not listed in manifest.json")
    return manifest


def check_signature(files, name, role, signer, signers, day):
    """Check one signature with ssh-keygen and return the fingerprint of the key."""
    if f"{name}.sig" not in files:
        raise NotVerified(f"{name}: its signature is missing")
    code = base64.b64encode(base64.b64decode(b"".join(files[f"{name}.sig"].split(b"\n")[1:-2]))).decode()
    armour = ["-----BEGIN SSH SIGNATURE-----", *re.findall(".{1,70}", code), "-----END SSH SIGNATURE-----", ""]
    if "\n".join(armour).encode() != files[f"{name}.sig"] or not code.startswith("U1NIU0lHAAAAAQ"):  # version 1
        raise NotVerified(f"{name}.sig: is not in the form that OpenSSH writes")
    with tempfile.TemporaryDirectory() as folder:
        signature, revoked = Path(folder, "signature"), signers.with_name("revoked_keys")
        signature.write_bytes(files[f"{name}.sig"])
        command = ["ssh-keygen", "-Y", "verify", "-f", str(signers), "-I", signer, "-n", f"{role}.signoff@clearance"]
        command += ["-r", str(revoked)] if os.path.lexists(revoked) else []
        if day:
            command.append(f"-Overify-time={day.replace('-', '')}235959Z")
        done = subprocess.run([*command, "-s", str(signature)], input=files[name], capture_output=True, check=False)
    key = re.search(rb"key (SHA256:[A-Za-z0-9+/]{43})", done.stdout)
    if done.returncode != 0 or not key:
        why = shown(done.stderr.decode("utf-8", "replace").strip())
        raise NotVerified(f"{name}: not signed by {signer} as {role}: {why}")
    return key.group(1).decode()


def check_signoffs(files, manifest, signers, day, asked):
    """Return the sign-offs, each with its key, after checking that they are genuine and that none is missing."""
    found = []
    for name in sorted(name for name in files if SIGNED.fullmatch(name)):
        role, signer = SIGNED.fullmatch(name).groups()
        key = check_signature(files, name, role, signer, signers, day if asked else "")
        statement = parse(files[name], name)
        said = statement.get("predicate", {})
        subject = [{"name": "manifest.json", "digest": {"sha256": sha256(files["manifest.json"])}}]
        if statement.get("_type") != STATEMENT or statement.get("predicateType") != SIGNOFF or set(said) != FIELDS:
            raise NotVerified(f"{name}: does not have the form of a sign-off")
        if statement["subject"] != subject:
            raise NotVerified(f"{name}: is about another manifest.json")
        if (said["role"], said["signer"], said["draft"]) != (role, signer, manifest["predicate"]["draft"]):
            raise NotVerified(f"{name}: its text and its file name, or the manifest, disagree")
        found.append({**said, "key": key})
    there = {f"signoffs/{each['role']}.{each['signer']}.json{end}" for each in found for end in ("", ".sig")}
    for each in found:
        for other in found:
            if other is not each and (other["key"] == each["key"] or other["signer"].lower() == each["signer"].lower()):
                raise NotVerified(f"{each['signer']} has signed in two roles; one person counts in one")
        for before in each["before"]:
            if before["name"] not in there:
                raise NotVerified(f"{shown(before['name'])}: has been removed; {each['signer']} saw it when signing")
    return found


def check_events(files, predicate):
    """Return the events after checking every chain, and that the manifest names their end."""
    header, *lines = files["events.jsonl"].splitlines()
    if parse(header, "events.jsonl").get("events") != len(lines):
        raise NotVerified("events.jsonl: does not hold as many events as it states")
    heads, events = {}, []
    for line in lines:
        event = parse(line, "events.jsonl")
        body = line
        if set(event) == {"id", "body"}:
            body = event["body"].encode("utf-8")
            event = parse(body, "events.jsonl")
        if (event["seq"] - 1, event["prev"]) != heads.get(event["replica"], (0, "")):
            raise NotVerified(f"events.jsonl: the chain is broken at event {shown(event['seq'])}")
        event["id"] = hashlib.sha256(EVENT_DOMAIN + body).hexdigest()
        heads[event["replica"]] = (event["seq"], event["id"])
        events.append(event)
    stated = {replica: (head["seq"], head["id"]) for replica, head in predicate["workspace"]["heads"].items()}
    if stated != heads or predicate["workspace"]["events"] != len(events):
        raise NotVerified("manifest.json: names another end of the log than the events have")
    return events


def said(head):
    """Return what people have to agree on, when it ends, and all conditions. Reasons and evidence may differ, and ends."""
    data = head["data"]
    conditions = [(each["kind"], each["value"]) for each in data.get("conditions", [])]
    ends = [DAY.match(value) for kind, value in conditions if kind == "expires"]
    lasting = {each for each in conditions if each[0] != "expires"}
    agreed = (data["exposure"], data.get("definition", ""), lasting) if data.get("exposure") else None
    return agreed, min((end.group() for end in ends if end), default="9999"), conditions


def decision(heads, digest, day):
    """Return (allow, conditional or block, conditions) of a tool from the live events of its decision."""
    first = min(heads, key=lambda head: (said(head)[1], head["id"]), default={"data": {}})
    agreed, end, conditions = said(first)
    if not agreed or any(said(head)[0] != agreed for head in heads) or agreed[1] != digest or end < day:
        return "block", []
    word = {"approved": "allow", "conditional": "conditional"}.get(agreed[0], "block")
    return word, conditions if word == "conditional" else []


def check_decisions(files, predicate, events):
    """Check that each decision in the allowlist follows from the events, and return how many tools may be called."""
    live, replaced = {}, {(event["key"], gone) for event in events for gone in event["replaces"]}
    for event in events:
        if (event["key"], event["id"]) not in replaced:
            live.setdefault(event["key"], []).append(event)
    allowlist = parse(files["allowlist.json"], "allowlist.json")
    tools = [each for listed in allowlist.values() if isinstance(listed, list) for each in listed if "decision" in each]
    if allowlist["default"] != "deny" or len({tool["id"] for tool in tools}) != len(tools):
        raise NotVerified("allowlist.json: does not deny by default, or lists a tool twice")
    alone, allowed = set(predicate.get("withoutSecondApprover", ())), 0
    for tool in tools:
        stated = [(each["kind"], each["value"]) for each in tool["conditions"]]
        heads = live.get(f"tool/{tool['id']}/decision", [])
        expected = decision(heads, tool["digest"], predicate["issuedAt"][:10])
        if predicate["draft"] is not False or tool["id"] in alone:
            expected = ("block", stated)
        if (tool["decision"], stated) != expected:
            raise NotVerified(f"allowlist.json: the decision on {shown(tool['id'])} does not follow from the events")
        allowed += tool["decision"] != "block"
    return allowed, len(tools)


def objections(predicate, signoffs, day):
    """Yield why an intact packet is no approval."""
    for each in signoffs:
        if each["verdict"] not in APPROVALS:
            yield f"REJECTED: {each['role']} ({each['signer']}): {each['verdict']}: {shown(each['statement'])}"
    if predicate.get("draft") is not False or predicate.get("openGates") != []:
        yield "DRAFT: the review was not complete"
    if predicate.get("verdict") not in ("approvable", "approvable with conditions"):
        yield f"BLOCKED: the verdict of the review is {shown(predicate.get('verdict'))}"
    if not signoffs:
        yield "NOT SIGNED: no one has signed this packet"
    if predicate.get("withoutSecondApprover"):
        yield "NOT VERIFIED: high-risk tools lack a second approver"
    ends = [(each["validUntil"], each["signer"]) for each in signoffs]
    for end, item in [(predicate.get("reviewBy"), predicate.get("reviewByItem")), *ends]:
        if end and not (DAY.fullmatch(end) and day <= end):
            yield f"EXPIRED: the approval ended on {shown(end)}: {shown(item)}"
    for role in set(predicate.get("requiredRoles", ())) - {s["role"] for s in signoffs if s["verdict"] in APPROVALS}:
        yield f"NOT VERIFIED: the access request wants a sign-off as {shown(role)}"
    for each in signoffs:
        if each["signedAt"][:10] > day:
            yield f"NOT SIGNED: {each['signer']} signed on {shown(each['signedAt'][:10])}, after {day}"
        people = {name.lower() for name in predicate["people"]["requesters"]}
        alone = {name.lower() for name in predicate["people"]["deciders"]}
        name = each["signer"].lower()
        if predicate["profile"] != "L1" and each["verdict"] in APPROVALS and (name in people or alone == {name}):
            yield f"NOT VERIFIED: {each['signer']} requested the access, or alone decided; another person has to approve"


def main(arguments):
    asked = "--at" in arguments
    if len(arguments) != (4 if asked else 2) or (asked and not DAY.fullmatch(arguments[3])):
        print(__doc__)
        return 2
    day = arguments[3] if asked else date.today().isoformat()
    try:
        folder, signers = Path(arguments[0]).resolve(strict=True), Path(arguments[1]).resolve(strict=True)
        if folder in signers.parents:
            raise NotVerified("the list of signers is inside the packet; a packet cannot say who may sign it")
        files = read_folder(folder)
        predicate = check_bytes(files)["predicate"]
        signoffs = check_signoffs(files, {"predicate": predicate}, signers, day, asked)
        events = check_events(files, predicate)
        allowed, tools = check_decisions(files, predicate, events)
        why = list(objections(predicate, signoffs, day))
        stated = {predicate["verdict"], *(each["verdict"] for each in signoffs)} & CONDITIONAL
    except NotVerified as error:
        print(f"NOT VERIFIED: {error}")
        return 1
    except (OSError, KeyError, TypeError, ValueError, AttributeError, IndexError, RecursionError) as error:
        print(f"NOT VERIFIED: the packet cannot be read: {type(error).__name__}: {shown(error)}")
        return 1
    approved = f"APPROVED{' WITH CONDITIONS' if stated else ''} as of {day}: {allowed} of {tools} tools may be called, each as allowlist.json states"
    print("\n".join(why) or approved)
    for each in signoffs:
        print(f"  {each['role']}: {each['signer']}, {each['verdict']}, {shown(each['signedAt'])}, key {each['key']}")
    print(f"  {len(events)} events in whole chains give every decision. Not checked: by whom, score, findings, texts.")
    unread = [name for name in files if name.endswith((".tsr", "signoffs.html", "proofs.jsonl"))]
    if unread:
        print(f"  Not checked here, see VERIFY.md: {shown(', '.join(unread))}")
    return 1 if why else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
