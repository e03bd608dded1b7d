"""Documents whose names are compared with real generators: invented hostile ones here, real ones of the shared folder."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from analysis.output.allowlist.document.tree import Branch, read_tree
from analysis.output.allowlist.document.operations import operations_of

if TYPE_CHECKING:
    from pathlib import Path

    from analysis.output.allowlist.document.operations import ApiOperation

#: Real documents in the shared folder. Those of Swagger 2.0 are read only by generators that do not check the version.
REAL = (
    "github-3.0.json", "stripe-3.0.yaml", "box-3.0.json", "discord-3.1.json", "twilio-api-3.0.json",
    "xero-accounting-3.0.yaml", "openai-3.1.json", "museum-3.1.yaml", "petstore-3.0.yaml", "oai-tictactoe-3.1.yaml",
)  # fmt: skip
SWAGGER = ("slack-2.0.json", "kubernetes-2.0.yaml", "petstore-expanded-2.0.yaml")


def document(paths: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return an OpenAPI document with these paths."""
    return {
        "openapi": "3.0.3",
        "info": {"title": "Invented", "version": "1"},
        "servers": [{"url": "http://127.0.0.1:9"}],
        "paths": paths,
    } | more


def op(identity: str | None = None, **more: Any) -> dict[str, Any]:
    """Return an operation with this operationId."""
    return ({"operationId": identity} if identity is not None else {}) | {"responses": {"200": {"description": "ok"}}} | more


def _numbered(*identities: str | None, **more: Any) -> dict[str, Any]:
    return document({f"/n{number}": {"get": op(identity, **more)} for number, identity in enumerate(identities)})


_LONG = "synchroniseWarehouseReplenishmentForecastBetweenRegionalDistributionCentres"

HOSTILE = {
    "separators": _numbered(
        "purge-user", "purge_user", "purge.user", "purge user", "purgeUser", "PurgeUser", "purge/user", "purge_user_2",
        "purge--user", "_purge_user_", "purge_user_3", "purge+user", "purge:user", "purge(user)", "user{purge}",
    ),
    "numbers first": _numbered("drop_2", "drop_3", "drop", "drop-", "drop.", "drop_2_2", "-drop", "drop_4", "drop_2-"),
    "double underscore": _numbered("ledger__close_post", "ledger", "ledger__reopen", "__ledger", "a__", "__"),
    "other scripts": _numbered(
        "заказы", "注文一覧", "größeÄndern", "naïveCafé", "emoji🙂tool", "🙂", "---", "...", "İstanbul", "ÆON", "ÿes",
        "dot．wide", "zero\u200bwidth", "tab\tname", "line\nname", "no\u00a0break", "ǅungla",
    ),
    "long": _numbered(
        _LONG, f"{_LONG}V2", f"{_LONG}V3", _LONG[:56], _LONG[:57], _LONG[:63], _LONG[:64], _LONG[:65],
        f"{_LONG}_{_LONG}", "x" * 64, "x" * 65, "x" * 130, f"{'y' * 127}ab", f"{'y' * 127}ac", "a-" * 40, "Ab" * 40,
        "list_every_customer_subscription_payment_method_transaction_and_its_history_by_region",
        f"{'🙂' * 33}", "resumeCronWorkflowsWithServiceAccountPermissionsAndConfiguration",
    ),
    "words": _numbered(
        "listUsers", "listUSERS", "USERSList", "getAPIDescription", "web3GetBalance", "createOAuth2Token", "HTTPStatus",
        "retrieveTheDocumentsForTheManager", "api", "for", "the_and_with", "list_2_users", "deleteUserV10beta", "updateXMLHttp",
        "service_configuration_value", "ALLCAPS", "a", "A1", "delete", "new", "yield", "eval", "_class", "class_", "Get",
    ),
    "without id": document({
        "/": {"get": op(), "post": op()},
        "/restaurants/{id}": {"get": op(), "put": op(summary="Change a place")},
        "/api/rest/public/items": {"get": op()},
        "/apis/{group}/{version}/things/{name}:approve": {"post": op()},
        "/a/{x}/b/{y}": {"delete": op(), "patch": op()},
        "/a/{x}/b/{z}/": {"delete": op()},
        "/a//b": {"get": op()},
        "/files/{name}.json": {"get": op()},
        "/dot.path/dash-path/plus+path": {"get": op(summary="Plus")},
        "/sp ace/{p}": {"get": op()},
        "/日本": {"get": op(summary="一覧"), "put": op(summary="---")},
        "/Mixed/{ID}/Case": {"get": op()},
        "/q/{a}{b}/{c}-{d}": {"get": op()},
        "/trailing/{x}": {"get": op(summary="Plus")},
        "/v1/orders/reports.csv": {"get": op()},
        "/v2/api/companies": {"post": op()},
    }),
    "same path apart from signs": document({
        "/users": {"get": op("one")},
        "/users/": {"get": op("two")},
        "/us ers": {"get": op("three")},
        "/things/{x}": {"delete": op("four")},
        "/things/---x": {"delete": op("five")},
        "/things/{x}/": {"delete": op("six")},
    }),
    "methods": document({
        "/m": {
            "trace": op("t"), "patch": op("same"), "head": op("h"), "options": op("o"), "delete": op("same-"),
            "post": op("same."), "put": op("same "), "get": op("SAME"),
        },
    }),
    "same ids": document({
        "/first": {"get": op("charge"), "post": op("charge")},
        "/second": {"get": op("charge"), "delete": op("Charge")},
        "/third": {"patch": op("charge_2"), "put": op("charge_")},
    }),
    "exclusions": document({
        "/x": {"get": op("whole"), "post": op("own", **{"x-mcp": False}), "x-mcp": True},
        "/y": {"get": op("text", **{"x-mcp": "off"}), "put": op("odd", **{"x-mcp": {"enabled": False}}), "x-mcp": False},
        "/z": {"get": op("root"), "post": op("yes", **{"x-mcp": " YES "})},
    }, **{"x-mcp": False}),
    "references": document({
        "/behind": {"$ref": "#/components/x-paths/Shared"},
        "/plain": {"get": op("plain")},
    }, components={"x-paths": {"Shared": {"get": op("sharedGet"), "delete": op("sharedDelete")}}}),
    "a word of the language": _numbered("listRaces", "getConstructorStandings"),
    "empty": document({}),
}  # fmt: skip


def plain(value: Any) -> Any:
    """Return a tree of the product as plain data of JSON, its YAML scalars by the rules of JSON."""
    if isinstance(value, Branch):
        return {key: plain(below) for key, below in value.items()}
    if isinstance(value, list):
        return [plain(below) for below in value]
    if not hasattr(value, "style"):
        return value
    if value.style is None:
        try:
            return json.loads(value.value or "null")
        except ValueError:
            return value.value
    return value.value


def as_json(raw: bytes, path: Path) -> Path:
    """Write a document as JSON, the one form that every generator reads in the same way, and return its path."""
    path.write_text(json.dumps(plain(read_tree(raw).root)), "utf-8")
    return path


def operations(raw: bytes) -> tuple[ApiOperation, ...]:
    """Return the operations of a document."""
    return operations_of([("document", raw)], {})
