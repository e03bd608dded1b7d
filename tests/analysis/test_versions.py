"""A change of what findings or points mean shows in a golden, which says the version that has to be raised."""

import ast
import hashlib
import io
import json
import re
import tokenize
from pathlib import Path

from analysis import score as score_model
from analysis.model import SCORE_MODEL, Score, Severity, Verdict
from analysis.rules import RULE_PACK, rules
from analysis.score import FAMILIES
from analysis.yaml_tables import load_table
from tests.goldens import check_golden

ROOT = Path(score_model.__file__).parents[1]
RAISE_PACK = (
    "If a trigger or a weight changed since the last release: raise RULE_PACK in analysis/rules/engine/engine.py, once."
)
RAISE_MODEL = (
    "If the points of any finding changed since the last release: raise SCORE_MODEL in analysis/model/finding.py."
)
#: Keys of word lists that explain and decide nothing.
EXPLAINING = {"reason", "example"}


def trigger_text(source):
    """Return what a module does: without comments, docstrings, blanks, and what its rules say of themselves."""
    lines = source.splitlines(keepends=True)
    left_out: set[int] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef):
            for said in node.decorator_list:
                if isinstance(said, ast.Call) and getattr(said.func, "id", "") == "rule":
                    left_out.update(lines_of(said))
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node) is not None:
            left_out.update(lines_of(node.body[0]))
    kept = "".join("\n" if number in left_out else line for number, line in enumerate(lines, 1)).splitlines()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        line, column = token.start
        if token.type == tokenize.COMMENT and line not in left_out:
            kept[line - 1] = kept[line - 1][:column]
    return "".join("".join(kept).split())


def lines_of(node):
    return range(node.lineno, (node.end_lineno or node.lineno) + 1)


def trigger_data(value):
    """Return the word lists of a file as text, without what explains them."""

    def bare(value):
        if isinstance(value, dict):
            return {key: bare(each) for key, each in value.items() if key not in EXPLAINING}
        return [bare(each) for each in value] if isinstance(value, list) else value

    return json.dumps(bare(value), sort_keys=True, default=str)


def _table(path):
    return load_table(".".join(path.relative_to(ROOT).parent.parts), path.name)


def digest(path):
    text = path.read_text("utf-8")
    told = trigger_text(text) if path.suffix == ".py" else trigger_data(_table(path))
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def test_triggers_and_weights_belong_to_their_rule_pack():
    folders = (ROOT / "analysis" / "rules" / name for name in ("pack", "detect"))
    files = [path for folder in folders for path in sorted(folder.rglob("*")) if path.suffix in {".py", ".yaml"}]
    weights = [f"{each.id} {each.kind} {each.severity} {each.confidence}" for each in rules()]
    triggers = [f"{path.relative_to(ROOT).as_posix()} {digest(path)}" for path in files if path.name != "__init__.py"]
    check_golden("rule-pack.txt", "\n".join([f"rule pack {RULE_PACK}", *weights, *triggers, ""]), first=RAISE_PACK)


RULE = '''
"""A module."""
LIMIT = 3  # a limit
@rule(id="TST-001", severity=Severity.LOW)
def check(context):
    """The reason."""
    text = "# no comment"
    yield Hit(text) if context.size > LIMIT else None
'''


def test_only_what_a_rule_does_is_its_trigger():
    same = RULE.replace("A module", "One module").replace("a limit", "the limit").replace("The reason", "A reason")
    same = same.replace("severity=Severity.LOW", 'remedy="Less."').replace("\n    yield", "\n\n    # now\n    yield")
    assert trigger_text(same) == trigger_text(RULE)
    for one, other in (("= 3", "= 4"), ("> LIMIT", ">= LIMIT"), ("# no comment", "# a comment")):
        assert trigger_text(RULE.replace(one, other)) != trigger_text(RULE), other
    words = {"reads": [{"words": ["get"], "reason": "it reads", "example": "getOrder"}]}
    assert trigger_data(words) == trigger_data({"reads": [{"words": ["get"], "reason": "a read", "example": "x"}]})
    assert trigger_data(words) != trigger_data({"reads": [{"words": ["got"], "reason": "it reads"}]})


def test_points_shares_and_caps_belong_to_their_score_model():
    lines = [
        f"score model {SCORE_MODEL}",
        *(f"points {severity} {severity.points}" for severity in Severity),
        *(f"share {family} {full} {largest}" for family, (full, largest) in FAMILIES.items()),
        *(f"{name} {json.dumps(value)}" for name, value in constants_of(score_model)),
        *(f"deduction {family} {deductions(*share)}" for family, share in FAMILIES.items() if any(share)),
    ]
    check_golden("score-model.txt", "\n".join([*lines, ""]), first=RAISE_MODEL)


def constants_of(module):
    """Return the constants of a module that are numbers or tuples, by name."""
    named = sorted((name, value) for name, value in vars(module).items() if name.lstrip("_").isupper())
    return [(name, value) for name, value in named if isinstance(value, int | tuple) and not isinstance(value, bool)]


def deductions(full, largest):
    """Return what some numbers of open points cost, which shows a change of the formula."""
    return " ".join(f"{n}:{score_model._deduction(2 * n, full, largest) / 10}" for n in (1, 3, 10, 30, 100, 1000))


def test_the_largest_deductions_add_up_to_the_whole_score():
    assert sum(largest for _, largest in FAMILIES.values()) == 100


def test_the_version_of_the_score_model_is_stated_once():
    texts = {path: path.read_text("utf-8") for room in ("analysis", "tui") for path in (ROOT / room).rglob("*.*")
             if path.suffix in {".py", ".yaml", ".md"}}  # fmt: skip
    assert [path.name for path, text in texts.items() if re.search(r"model,?\s+v\d", text)] == []
    assert Score(None, None, None, Verdict.BLOCKED, (), (), ()).model == SCORE_MODEL
