"""The Rego policy of every export, and what it can check."""

from __future__ import annotations

from typing import Final

#: Types of JSON Schema that the policy checks.
TYPES: Final = frozenset({"string", "number", "integer", "boolean", "array", "object", "null"})
#: Keywords of JSON Schema that the policy checks.
KEYWORDS: Final = (
    "type", "enum", "const", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "minLength", "maxLength",
    "minItems", "maxItems",
)  # fmt: skip

POLICY: Final = b"""\
# Default deny. Input: {"server", "tool", "user", "teams": [...], "environment", "arguments": {...}}.
# Take nothing but `true` of data.clearance.allow for a yes.
package clearance

import rego.v1

default allow := false

allow if {
    terms := data.clearance_allowlist.servers[input.server][input.tool]
    every names in object.get(terms, "users", []) { input.user in names }
    every names in object.get(terms, "teams", []) { some team in input.teams; team in names }
    every names in object.get(terms, "environments", []) { input.environment in names }
    every end in object.get(terms, "ends_ns", []) { time.now_ns() < end }
    every limit in object.get(terms, "limits", []) { within(limit) }
}

# A limited parameter has to be sent; a forbidden one may not.
within(limit) if {
    limit.forbidden
    not sent(limit.path)
}

within(limit) if {
    not limit.forbidden
    sent(limit.path)
    value := object.get(input.arguments, limit.path, null)
    every keyword, wanted in limit.schema { meets(keyword, wanted, value) }
}

sent(path) if {
    above := array.slice(path, 0, count(path) - 1)
    object_above := object.get(input.arguments, above, {})
    is_object(object_above)
    path[count(path) - 1] in object.keys(object_above)
}

meets("type", "string", value) if is_string(value)

meets("type", "number", value) if is_number(value)

meets("type", "integer", value) if {
    is_number(value)
    round(value) == value
}

meets("type", "boolean", value) if is_boolean(value)

meets("type", "array", value) if is_array(value)

meets("type", "object", value) if is_object(value)

meets("type", "null", value) if is_null(value)

meets("enum", wanted, value) if value in wanted

meets("const", wanted, value) if value == wanted

meets("minimum", wanted, value) if not below(value, wanted)

meets("maximum", wanted, value) if not below(wanted, value)

meets("exclusiveMinimum", wanted, value) if not at_most(value, wanted)

meets("exclusiveMaximum", wanted, value) if not at_most(wanted, value)

meets("minLength", wanted, value) if not short(value, wanted)

meets("maxLength", wanted, value) if not long(value, wanted)

meets("minItems", wanted, value) if not few(value, wanted)

meets("maxItems", wanted, value) if not many(value, wanted)

# As in JSON Schema, a bound says nothing of a value of another type.
below(one, other) if {
    is_number(one)
    is_number(other)
    one < other
}

at_most(one, other) if {
    is_number(one)
    is_number(other)
    one <= other
}

short(value, wanted) if {
    is_string(value)
    count(value) < wanted
}

long(value, wanted) if {
    is_string(value)
    count(value) > wanted
}

few(value, wanted) if {
    is_array(value)
    count(value) < wanted
}

many(value, wanted) if {
    is_array(value)
    count(value) > wanted
}
"""
