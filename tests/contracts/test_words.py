"""One vocabulary: words that code, screens and documents avoid, each with the plain word to use instead."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("analysis", "tui", "sample_data", "README.md", "ARCHITECTURE.md", "REFERENCE.md", "SECURITY.md")
SUFFIXES = {".py", ".yaml", ".md", ".css", ".tcss"}

#: Pattern -> what to write instead. Matched without case, in text and in the parts of identifiers.
BANNED = {
    # not in product, documents or code
    r"gather(s|ed|ing)?": "group, grouped",
    r"grave": "severe (finding), high-risk (tool)",
    r"mend(s|ed|ing)?": "fix, sanitize",
    r"stands?|stood": "is, applies, is in force",
    r"legs?": "flow role",
    r"foreign words?": "untrusted content",
    r"ways? out": "exfiltration sink",
    r"twins?": "duplicate, counterpart",
    r"beside": "next to, in the background",
    r"hands rest": "idle time",
    r"nobody|whoever": "no one named: say who, or use the passive",
    # the column "do not say"
    r"sitting": "review",
    r"seals?|sealed": "definition digest, row checksum",
    r"lapse[sd]?": "stale (decision), expired",
    r"alike": "similar, duplicates, a group",
    r"famil(y|ies)": "group, duplicates; for rules: rule family",
    r"sprawl": "duplicate tools",
    r"ceilings?": "cap",
    r"wins": "gain",
    r"costs(?= \d)": "penalty",
    r"lends?|lent": "has a flow role",
    # the left column of "Words of the desk"
    r"better kept": "suggested",
    r"any of them would do": "no preference",
    r"trifecta (is )?(closed|broken)": "exfiltration path present / absent",
    r"asks for a state": "read",
    r"mostly asks|sometimes acts": "usually read, sometimes write",
    r"calls? for": "recommended controls, requires",
    r"settled by": "acceptable evidence",
    r"usual proofs?": "acceptable evidence",
    r"before anybody looks": "access request",
    r"what voids it": "ends early if",
    r"were not looked at": "not opened in this session",
    r"the key is not there": "key file not found",
    r"the desk has said": "Messages",
    r"lapses first": "Earliest expiry",
    r"nobody named": "no owner",
    # dialect of the first edition
    r"worked out": "computed",
    r"so (many|much|long)": "maximum number of, at most",
    r"people say": "what it is",
    r"anybody|somebody": "a person: name the role",
    r"strangers?": "untrusted source, third party",
    r"in passing": "say what it is",
    r"way back": "undo",
}

#: File or folder -> pattern -> why this word is right there.
ALLOWED = {
    "analysis/assess/sensitivity/data_classes.yaml": {r"famil(y|ies)": "a noun in field names"},
    "analysis/assess/administration.yaml": {
        r"famil(y|ies)": "a noun in paths",
        r"seals?|sealed": "verbs of operations",
    },
    "analysis/assess/sensitivity/protected.yaml": {"*": "what names and texts call protected resources, as data"},
    "analysis/assess/flow.yaml": {r"anybody|somebody": "a word of texts, as data"},
    "analysis/rules/detect/injection.yaml": {"*": "phrases that attackers write, as data"},
    "analysis/rules/detect/acts.yaml": {"*": "words of orders in any text, as data"},
    "analysis/rules/pack/injection/concealed.py": {r"twins?": "a key of findings, part of review files"},
    "tui/desk/shell/palette.py": {r"gather(s|ed|ing)?": "a hook of the library"},
    "tui/desk/widgets/layout.py": {r"gather(s|ed|ing)?": "asyncio.gather"},
    "analysis/assess/nouns.yaml": {
        r"famil(y|ies)": "a noun in field names",
        r"legs?": "a noun in field names",
        r"gather(s|ed|ing)?": "verbs of operations",
        r"mend(s|ed|ing)?": "verbs of operations",
    },
    "analysis/assess/verbs.yaml": {r"mend(s|ed|ing)?": "verbs of operations", r"lends?|lent": "verbs of operations"},
    "analysis/governance/standards.yaml": {
        r"seals?|sealed": "titles of the standards",
        r"famil(y|ies)": "their titles",
    },
    "sample_data/sample-review.yaml": {"*": "recorded data: event values and texts of the worked example"},
    "sample_data/customer-management.yaml": {"*": "the description of an API, as a third party would write it"},
    "sample_data/poisoned-tools.json": {"*": "hostile text, for teaching"},
    "analysis/ingest/document/duplicate_keys.py": {r"wins": "the value that takes precedence, not points"},
    "analysis/traffic": {r"wins": "the match that takes precedence, not points"},
    "analysis/model": {r"famil(y|ies)": "rule family, the term of the score model"},
    "analysis/workspace": {r"seals?|sealed": "the column of the row checksum in every review file"},
    "analysis/workspace/keys.py": {r"legs?": "register texts of every review file"},
    "analysis/rules": {r"famil(y|ies)": "rule family, the term of the score model"},
    "analysis/score.py": {r"famil(y|ies)": "rule family, the term of the score model"},
    "analysis/governance/questions/README.md": {r"famil(y|ies)": "rule family"},
    "analysis/review/queries/status.py": {r"ceilings?": "a field of the score, to be renamed there"},
    "analysis/review/record/state.py": {
        r"legs?": "persisted register keys",
        r"ways? out": "a persisted register key, and a member of the flow roles",
    },
    "analysis/review/sources/sample.py": {r"legs?": "a key of the sample data"},
    "ARCHITECTURE.md": {r"famil(y|ies)": "rule family"},
    "tui/cli/browser/page.py": {r"famil(y|ies)": "a property of a style sheet"},
    "tui/cli/findings.py": {r"alike": "the name of a query of the review, to be renamed there"},
}

_WORD_BREAK = re.compile(r"_|(?<=[a-z])(?=[A-Z])")
_PATTERNS = {pattern: re.compile(rf"\b(?:{pattern})\b", re.IGNORECASE) for pattern in BANNED}


def within(path, place):
    return path == place or path.startswith(f"{place}/")


def allowed(path, pattern):
    return any(within(path, place) and (pattern in words or "*" in words) for place, words in ALLOWED.items())


def banned_words(text):
    """Yield (line number, word, what to write) of a text."""
    for number, line in enumerate(text.splitlines(), 1):
        spaced = _WORD_BREAK.sub(" ", line)
        for pattern, expression in _PATTERNS.items():
            for match in expression.finditer(spaced):
                yield number, match[0], pattern


def files():
    for room in ROOMS:
        place = ROOT / room
        for path in sorted(place.rglob("*")) if place.is_dir() else [place]:
            if path.is_file() and path.suffix in SUFFIXES:
                yield path.relative_to(ROOT).as_posix(), path


def test_every_room_uses_the_vocabulary():
    found = [
        f"{name}:{number}: {word!r}: write {BANNED[pattern]}"
        for name, path in files()
        for number, word, pattern in banned_words(path.read_text("utf-8"))
        if not allowed(name, pattern)
    ]
    assert not found, "\n" + "\n".join(found)


def test_every_exception_names_a_place_and_a_word_that_exist():
    for place, words in ALLOWED.items():
        assert (ROOT / place).exists() or place == "REFERENCE.md", place
        assert set(words) <= set(BANNED) | {"*"}, place


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Findings gathered from grave tools", ["gathered", "grave"]),
        ("def mended_rows(): ...", ["mended"]),
        ("class WayOut: ...", ["Way Out"]),
        ("where it stands", ["stands"]),
        ("standard, legend, besides, aggregate, standing order", []),
    ],
)
def test_words_are_found_in_text_and_in_identifiers(text, words):
    assert [word for _, word, _ in banned_words(text)] == words
