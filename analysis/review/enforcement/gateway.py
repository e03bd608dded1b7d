"""A gateway put together: the approved set with its checks, the upstream, the supervision, and what agents see."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from analysis.errors import CheckFailed, InputRefused
from analysis.ingest.document.canonical_json import canonical_json
from analysis.model import PRODUCT, CapabilityKind, SourceKind
from analysis.output.corrected_hints import DEFAULTS
from analysis.output.enforce.approved_capabilities import ApprovedCapabilities, NotServed
from analysis.output.enforce.argument_check import ArgumentCheck, UncheckableSchema, argument_check
from analysis.output.enforce.audit import AuditLog, check_chain
from analysis.output.enforce.call_check import uncheckable
from analysis.output.enforce.caller import People, read_people
from analysis.output.enforce.gateway_store import STORE, GatewayStore
from analysis.review.enforcement.api_requests import CannotBuild, ServedOperation, operations
from analysis.review.enforcement.api_upstream import ApiUpstream
from analysis.review.enforcement.gatekeeper import Gatekeeper, Rules, ServedTool
from analysis.review.enforcement.masking import Masker
from analysis.review.enforcement.mcp_upstream import McpUpstream
from analysis.review.enforcement.plan import VerifiedPacket, approved_of, source_for, verified_packet
from analysis.review.enforcement.supervision import Supervision
from analysis.text import visible

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from analysis.output.enforce.approved_capabilities import Approved
    from analysis.output.enforce.caller import Caller
    from analysis.review.enforcement.gateway_options import GatewayOptions
    from analysis.review.enforcement.upstream import Upstream

#: Name of the file next to the audit that stops every gateway of its packet.
STOP: Final = "stop"
_OPEN: Final = {"type": "object"}


@dataclass
class Gateway:
    """A gateway that is ready to run. `people` is read again when its file changes."""

    options: GatewayOptions
    keeper: Gatekeeper
    upstream: Upstream
    supervision: Supervision
    shown: Mapping[str, Any]
    people: People | None
    left_out: tuple[NotServed, ...]
    _tokens: set[str] = field(default_factory=set, repr=False)
    _people_stamp: tuple[int, int] = (0, 0)

    @property
    def version(self) -> str:
        """Version of the product."""
        return PRODUCT.version

    @property
    def over_http(self) -> bool:
        """Whether agents come over HTTP."""
        return self.options.front.over_http

    @property
    def started_for(self) -> Caller:
        """Who calls where no token says it."""
        return self.options.front.started_for

    @property
    def forward_headers(self) -> tuple[str, ...]:
        """Headers of callers that are passed on."""
        return self.options.front.forward_headers

    @property
    def mcp_upstream(self) -> McpUpstream:
        """The upstream as an MCP server; only one has resources and prompts."""
        assert isinstance(self.upstream, McpUpstream)
        return self.upstream

    def without_credentials(self, node: Any) -> Any:
        """Return an answer without the credentials that the upstream was given: agents never see them."""
        if isinstance(node, str):
            return self.keeper.masker.without_known(node)
        if isinstance(node, dict):
            return {name: self.without_credentials(value) for name, value in node.items()}
        return [self.without_credentials(item) for item in node] if isinstance(node, list) else node

    def saw_token(self, token: str) -> None:
        """Remember a valid token, so that it is in no record."""
        if token not in self._tokens:
            self._tokens.add(token)
            self.keeper.masker = Masker.of([*self.keeper.masker.known, token])

    def read_people_again(self) -> None:
        """Read the file of people when it has changed; one that cannot be read lets no one in."""
        place = self.options.front.tokens
        if place is None:
            return
        try:
            facts = place.stat()
            stamp = (facts.st_mtime_ns, facts.st_size)
        except OSError:
            stamp = (-1, -1)
        if stamp == self._people_stamp:
            return
        first, self._people_stamp = self._people_stamp == (0, 0), stamp
        if first:
            return
        try:
            self.people = people_of(place)
            self.options.say(f"read again: {visible(str(place), 200)}")
        except InputRefused as error:
            self.people = People()
            self.options.say(f"no one is let in: {error.what}: {error.why}")


class _FromPacket(NamedTuple):
    """What a packet says of its tools besides their conditions, by id."""

    operations: Mapping[str, ServedOperation]
    hints: Mapping[str, Mapping[str, bool]]


def people_of(place: Path) -> People:
    """Return the people of a file. Raises `InputRefused`."""
    try:
        return read_people(place.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise InputRefused(
            "the file of tokens cannot be read",
            place=str(place),
            why=visible(str(error), 200),
            remedy="correct the file",
        ) from None


def gateway(options: GatewayOptions) -> Gateway:
    """Put a gateway together from a packet that is an approval. Raises `CheckFailed`, `UsageError`, `InputRefused`."""
    stamp = options.place.stamp()
    now = options.clock().strftime("%Y-%m-%dT%H:%M:%SZ")
    packet = verified_packet(options.place, now=now)
    is_api = options.upstream.document is not None
    source = source_for(packet, [SourceKind.OPENAPI] if is_api else [SourceKind.MCP], options.upstream.source)
    approved = approved_of(packet, source, options.upstream.server)
    people = people_of(options.front.tokens) if options.front.tokens is not None else None
    found, absent = operations(packet.files[source], [a for a in approved.served if a.method]) if is_api else ({}, [])
    from_packet = _FromPacket(found, packet.hints)
    served, shown, left_out = _served(options, approved, from_packet, vouches=people is not None)
    left_out = [*approved.left_out, *absent, *left_out]
    for each in left_out:
        options.say(f"NOT SERVED  {visible(each.name, 80)}: {visible(each.why, 300)}")
    if not served:
        raise CheckFailed(
            "nothing is left to serve",
            place=str(options.place.folder),
            why=left_out[0].why if left_out else "the packet approves nothing of this source",
            remedy="meet the conditions that are named above, or name another source with --source",
        )
    keeper = _keeper(options, packet, served, people)
    upstream = _upstream(options, source, found, keeper)
    names = tuple(each.approved for each in served.values())
    supervision = Supervision(options.place, keeper, upstream, names, options.look_seconds, options.say)
    supervision.began_with(stamp)
    made = Gateway(options, keeper, upstream, supervision, shown, people, tuple(left_out))
    made.read_people_again()
    supervision.on_look = made.read_people_again
    return made


def _served(
    options: GatewayOptions, approved: ApprovedCapabilities, made: _FromPacket, *, vouches: bool
) -> tuple[dict[str, ServedTool], dict[str, Any], list[NotServed]]:
    """Return what is served with its checks, the tools as clients see them, and what cannot be served."""
    from analysis.review.enforcement.front.server import shown_tool  # noqa: PLC0415 - loads FastMCP

    served: dict[str, ServedTool] = {}
    shown: dict[str, Any] = {}
    left_out: list[NotServed] = []
    for each in approved.served:
        operation = made.operations.get(each.id)
        if each.method and operation is None:
            continue  # named among those without a request
        check = _check(options, each, operation, vouches=vouches or options.front.started_for.vouched)
        definition = _definition(each, operation, made.hints.get(each.id, {}))
        wire = shown_tool(each, definition) if each.kind is CapabilityKind.TOOL else None
        fault = next((fault for fault in (check, wire) if isinstance(fault, NotServed)), None)
        if fault is None and each.name in served:
            fault = NotServed(each.name, "another capability has the same name")
        if isinstance(check, ArgumentCheck) and fault is None:
            same = definition == each.definition
            served[each.name] = ServedTool(each, check, "" if same else canonical_digest(definition))
            shown |= {each.name: wire} if wire is not None else {}
        elif fault is not None:
            left_out.append(fault)
    return served, shown, left_out


def _check(
    options: GatewayOptions, approved: Approved, operation: ServedOperation | None, *, vouches: bool
) -> ArgumentCheck | NotServed:
    """Return the checks of a capability, or why this run cannot make them."""
    needed = approved.requirements
    why = uncheckable(needed, vouches=vouches, environment=options.environment, log=options.audit_name)
    if approved.kind is CapabilityKind.CLIENT_REQUEST:
        why = "this gateway passes on no request of a server to the client"
    elif approved.kind is CapabilityKind.INSTRUCTIONS and (needed.of_people or needed.approvals or needed.rates):
        why = "no person can be asked, and none is known, when a session begins"
    elif approved.kind is not CapabilityKind.TOOL and needed.limits:
        why = "limits on its parameters cannot be checked"
    if why:
        return NotServed(approved.name, why)
    try:
        if operation is not None:
            return argument_check(operation.schema, map(operation.argument_limit, needed.limits))
        schema = approved.definition.get("inputSchema") if approved.kind is CapabilityKind.TOOL else _OPEN
        if not isinstance(schema, dict):
            return NotServed(approved.name, "its definition states no input schema in the form of MCP")
        return argument_check(schema, needed.limits)
    except (UncheckableSchema, CannotBuild) as error:
        return NotServed(approved.name, str(error))


def _definition(approved: Approved, operation: ServedOperation | None, hints: Mapping[str, bool]) -> dict[str, Any]:
    """Return the definition that agents see: the approved one, with its hints as the reviewers see them."""
    if approved.kind is not CapabilityKind.TOOL:
        return dict(approved.definition)
    definition = dict(approved.definition) | {"name": approved.name}
    if operation is not None:
        definition |= {"description": operation.description, "inputSchema": dict(operation.schema)}
    stated = definition.get("annotations")
    annotations = {k: v for k, v in stated.items() if k not in DEFAULTS} if isinstance(stated, dict) else {}
    annotations |= hints
    return definition | ({"annotations": annotations} if annotations else {})


def canonical_digest(definition: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a definition in its canonical form."""
    return hashlib.sha256(canonical_json(dict(definition)).encode("utf-8", "surrogatepass")).hexdigest()


def _keeper(
    options: GatewayOptions, packet: VerifiedPacket, served: Mapping[str, ServedTool], people: People | None
) -> Gatekeeper:
    if options.audit.exists():
        chain = check_chain(options.audit)
        broken = [problem for problem in chain.problems if "cut off" not in problem]
        if broken:
            raise CheckFailed(
                "the audit file is not whole",
                place=str(options.audit),
                why=broken[0],
                remedy="keep it for those who look into it, and name another with --audit",
            )
    return Gatekeeper(
        tools=served,
        rules=Rules(packet.manifest, options.environment, options.approval_seconds, options.max_result, people),
        audit=AuditLog(options.audit),
        store=GatewayStore(options.state / STORE),
        masker=Masker().and_credentials(*options.upstream.credentials()),
        clock=options.clock,
        stop_file=options.state / STOP,
    )


def _upstream(
    options: GatewayOptions, source: str, found: Mapping[str, ServedOperation], keeper: Gatekeeper
) -> Upstream:
    asked = options.upstream

    def credentials() -> tuple[Mapping[str, str], Mapping[str, str]]:
        env, headers = asked.credentials()
        keeper.masker = keeper.masker.and_credentials(env, headers)  # new ones may be in no record either
        return env, headers

    if asked.document is None:
        return McpUpstream(asked.spec, source, credentials, seconds=asked.seconds)
    return ApiUpstream(
        asked.document, source, asked.base_url, found, credentials,
        seconds=asked.seconds, max_result=options.max_result,
    )  # fmt: skip
