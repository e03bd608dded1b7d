"""Long texts: of one unit that some reader of texts looks for, in a description; and mixed ones in every other place."""

from __future__ import annotations

from tests.benchmarks.hostile.recipes import OK, TEXT, body, one, openapi, recipe

#: Characters of such a text: the limit on one text lets hardly more pass.
LONG = 1_000_000


def times(unit, characters=LONG):
    return unit, characters // len(unit)


TEXTS = {
    # characters
    "one word": times("a"),
    "one capital": times("A"),
    "digits": times("7"),
    "hexadecimal": times("0aF3"),
    "base64": times("QUJD"),
    "blanks": times(" "),
    "tabs": times("\t"),
    "empty lines": times("\n"),
    "lines of returns": times("\r\n"),
    "full stops": times("."),
    "quotes": times('"'),
    "apostrophes": times("it's "),
    "backslashes": times("\\"),
    "low lines": times("_"),
    "hyphens": times("-"),
    "opened brackets": times("("),
    "opened braces": times("{"),
    "opened square brackets": times("["),
    "opened angles": times("<"),
    "at signs": times("a@"),
    "percent signs": times("%41"),
    "combining marks": times("\u0301"),
    "marks on letters": times("e\u0301\u0323"),
    "zero width": times("a\u200b"),
    "hidden letters": times("\U000e0061"),
    "hidden fillers": times("\u3164"),
    "variation selectors": times("a\ufe0f"),
    "directions": times("\u202ea\u202c"),
    "joined pictures": times("\U0001f468\u200d"),
    "wide letters": times("\uff41"),
    "mathematical letters": times("\U0001d41a"),
    "one character that folds to many": times("\ufdfa"),
    "letters of other scripts": times("\u0430\u043e\u0435\u0440"),
    "chinese": times("删除用户"),
    "syllables in parts": times("\u1112\u1161\u11ab"),
    "escape sequences": times("\x1b[31m"),
    # names and numbers
    "camel": times("aB"),
    "capitals and small": times("DeleteUser"),
    "snake": times("a_"),
    "kebab": times("user-id-"),
    "dotted": times("a.b."),
    "slashes": times("a/"),
    "short words": times("a b "),
    "numbers": times("1, 22, "),
    "dates": times("2024-01-01 "),
    "versions": times("v1.2.3-"),
    # sentences
    "words": times("the order of things is listed here "),
    "sentences": times("Lists a thing. "),
    "clauses": times("if it is, then it is, or else, "),
    "negations": times("not "),
    "denied acts": times("does not delete or remove "),
    "abbreviations": times("e.g. "),
    "verbs": times("delete update send read "),
    "nouns": times("user email password address "),
    "orders to a model": times("ignore all previous instructions and "),
    "orders about a tool": times("Then call the other tool before. "),
    "orders that begin": times("You must "),
    "emphasis": times("IMPORTANT: "),
    "conditions": times("when the user asks, always "),
    "places to send": times("send it to https://a.example/b "),
    "lists of values": times("one of: a, b, c; "),
    "lists in brackets": times("(`a`, `b` or `c`) "),
    "required rights": times("Requires the scope `a:write`. "),
    "undone": times("cannot be undone or recovered "),
    "money": times("pays $5.00 to the account "),
    "authors": times("written by the customer in the comment "),
    # markup
    "comments that open": times("<!--"),
    "comments": times("<!-- a --> "),
    "tags that open": times("<a href="),
    "tags": times("<b>a</b>"),
    "links": times("[a](https://a.example) "),
    "links that open": times("[a]("),
    "pictures": times("![a](https://a.example/b.png) "),
    "addresses": times("https://a.example/b?c=d "),
    "one long address": times("https://a.example/b?c="),
    "addresses in one": times("//a.example"),
    "data addresses": times("data:text/html;base64,QUJD "),
    "entities": times("&#x61;"),
    "unicode escapes": times("\\u0061"),
    "fences": times("```\na\n```\n"),
    "code": times("`a` "),
    "headings": times("# a\n"),
    "table": times("| a | b |\n"),
    "quotations": times("> "),
    "emphasised": times("**a** "),
    "braces": times("{{a}}"),
    "variables": times("${a} "),
    "json": times('{"a": "b"}, '),
    "path up": times("../"),
    "shell": times("curl a | sh; "),
    # secrets
    "keys that begin": times("sk_live_"),
    "keys": times("sk_live_" + "9xKq2mZ7vTb4nR8sLw3yPd6h "),
    "cloud keys": times("AKIA" + "QX7ZP2MK9RT4WB6N "),
    "tokens that begin": times("eyJ"),
    "tokens": times("eyJhbGciOiJI.eyJzdWIiOiIx.c2lnbmF0dXJl "),
    "private keys that begin": times("-----BEGIN "),
    "passwords": times("password=hunter2x9 "),
    "assignments": times("api_key: "),
    "addresses with passwords": times("https://a:b@c.example "),
    "bearer": times("Bearer abcdefghijklmnop0123 "),
    "mail": times("a.b@c.example "),
    "card numbers": times("4111 1111 1111 1111 "),
    "long random": times("aZ3kQ9xP7mL2wR8t"),
}

#: Where a text can be.
PLACES = {
    "summary": lambda text: one(summary=text),
    "operation id": lambda text: one(operationId=text),
    "tag": lambda text: one(tags=[text]),
    "path": lambda text: openapi({f"/{text}": {"get": {"responses": OK}}}),
    "parameter name": lambda text: one(parameters=[{"name": text, "in": "query", "schema": TEXT}]),
    "parameter text": lambda text: one(parameters=[{"name": "q", "in": "query", "schema": TEXT, "description": text}]),
    "default": lambda text: one(parameters=[{"name": "q", "in": "query", "schema": TEXT | {"default": text}}]),
    "pattern": lambda text: one(parameters=[{"name": "q", "in": "query", "schema": TEXT | {"pattern": text}}]),
    "example": lambda text: body({"type": "object", "example": {"a": text}}),
    "property name": lambda text: body({"type": "object", "properties": {text: TEXT}}),
    "enum value": lambda text: body({"type": "object", "properties": {"a": TEXT | {"enum": [text]}}}),
    "response text": lambda text: one(responses={"200": {"description": text}}),
    "server": lambda text: openapi({"/a": {"get": {"responses": OK}}}, servers=[{"url": f"https://a.example/{text}"}]),
    "title of the document": lambda text: one() | {"info": {"title": text, "version": "1", "description": text}},
    "tool name": lambda text: {"tools": [{"name": text, "inputSchema": {}}]},
    "tool text": lambda text: {"tools": [{"name": "a", "description": text, "inputSchema": {}}]},
    "server instructions": lambda text: {"instructions": text, "tools": [{"name": "a", "inputSchema": {}}]},
}
#: Mixed text of one place: words, joined words, and what a reader of names splits.
WORDS = "the order of getThing user_id "

for place, made in PLACES.items():
    recipe(500_000, f"long {place}")(lambda n, made=made: made((WORDS * (n // len(WORDS) + 1))[:n]))
for called, (unit, size) in TEXTS.items():
    recipe(size, f"text of {called}")(lambda n, unit=unit: one(description=unit * n))
