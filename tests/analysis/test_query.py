"""The filter language: what each term selects, what is refused and where, and two laws for any text."""

from dataclasses import replace
from time import process_time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from analysis.errors import UsageError
from analysis.query import (
    FIELDS,
    FIXED_VALUES,
    FLAGS,
    MAX_DEPTH,
    QueryRow,
    completed_field,
    completions,
    parse,
    tally,
)
from analysis.yaml_tables import load_table

REFUND = QueryRow(
    name="refundPayment",
    method="POST",
    path="/v1/payments/{id}/refund",
    text="refundpayment /v1/payments/{id}/refund gives a payment back (once)",
    effect="critical",
    type="billing",
    types=("billing", "critical"),
    risk="high",
    reversibility="irreversible",
    status="conditional",
    flags=frozenset({"mine", "noted"}),
    data=("financial", "card"),
    tags=("Payments", "Back office"),
    rules=("EXP-002", "FLO-007"),
    severities=("critical", "high"),
    findings=2,
    source="customer-api",
    scopes=("payments:write",),
    notes="Ask Ana, she owns this.",
)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "refund",
        "REFUND",
        '"a payment back"',
        '"(once)"',
        "zzz OR refund",
        "(zzz OR refund) -yyy",
        "-zzz",
        "-(zzz refund)",
        "zzz OR yyy OR risk:high",
        "risk:high",
        "RISK:High",
        "risk:low,high",
        'risk:"high"',
        "is:conditional",
        "is:mine is:noted -is:stale",
        "class:critical type:billing",
        "effect:critical",
        "undo:irreversible",
        "method:post",
        "path:payments",
        "path:^/v1/",
        'path:"^/v1/payments/{id}"',
        "name:fundpay",
        "tag:payments",
        'tag:"back office"',
        "data:personal,card",
        "data:*",
        "rule:EXP",
        "rule:flo-007",
        "severity:critical",
        "source:customer-api",
        "scope:write",
        'note:"she owns"',
        "note:*",
        "findings>=2 findings>1 findings<=2 findings<3",
        "findings:2",
        "findings:02",
        "findings:1,2",
        "findings:*",
        "risk:low,*",
        "/v1/payments/{id}/refund",
        "refund(payment)",
    ],
)
def test_selects(text):
    assert parse(text).matches(REFUND)


@pytest.mark.parametrize(
    "text",
    [
        "zzz",
        "refund zzz",
        "-refund",
        "-risk:*",
        "risk:low",
        "is:stale",
        "class:administrative",
        "path:^payments",
        "tag:office",  # a label is compared whole
        "source:customer",
        "rule:002",  # a rule from its beginning
        'rule:"*"',  # quoted, a star is a star
        "findings>2",
        "findings:1",
        "-(zzz OR refund)",
        '"OR"',
    ],
)
def test_leaves_out(text):
    assert not parse(text).matches(REFUND)


def test_any_value_needs_a_value():
    bare = QueryRow()
    missing = [name for name in FIELDS if not parse(f"{name}:*").matches(bare)]
    assert missing == [name for name in FIELDS if name != "is"]
    assert parse("is:undecided").matches(bare)
    assert not parse("findings:*").matches(replace(REFUND, findings=0))


@pytest.mark.parametrize(
    ("text", "what", "column", "remedy"),
    [
        ("post rsk:high", 'unknown field "rsk"', 5, "did you mean risk?"),
        ("risk:hihg", 'risk has no value "hihg"', 5, "did you mean high?"),
        ("risk:low,hihg", 'risk has no value "hihg"', 9, "did you mean high?"),
        ("effect:read", 'effect has no value "read"', 7, "did you mean read-only?"),
        ("risk:", "a value is missing here", 5, "low, medium, high"),
        ("path:", "a value is missing here", 5, "path:*"),
        ("risk:low,", "a value is missing here", 9, "low, medium, high"),
        ("path:^", 'path has no value "^"', 5, "path:*"),
        ("risk>low", "risk does not take >", 4, "risk:value"),
        ("-risk=high", "risk does not take =", 5, "risk:value"),
        ("risk!=high", "risk does not take !=", 4, "-risk:value"),
        ("findings=2", "findings does not take =", 8, "findings:value"),
        ("findings:many", 'findings has no value "many"', 9, ""),
        ("findings>*", 'findings has no value "*"', 9, ""),
        ("findings>٣", 'findings has no value "٣"', 9, ""),
        ("findings:99999999999999999999", "findings has no value", 9, ""),
        ("http://x", 'unknown field "http"', 0, "quotes"),
        (":x", 'unknown field ""', 0, "fields are risk"),
        ("a (b", "this parenthesis is not closed", 2, ")"),
        ("a) b", "no parenthesis is open here", 1, ""),
        ("a ()", "a term is missing here", 3, ""),
        ("a OR", "a term is missing here", 4, ""),
        ("OR a", "a term is missing here", 0, ""),
        ("a OR OR b", "a term is missing here", 5, ""),
        ("a AND b", "AND is not valid here", 2, "without a word between"),
        ("NOT a", "NOT is not valid here", 0, "-term"),
        ("-OR", "OR is not valid here", 1, "both sides"),
        ("a - b", "nothing to negate here", 2, ""),
        ("(-)", "nothing to negate here", 1, ""),
        ('a "b', "this quote is not closed", 2, ""),
        ('a ""', "the quoted text is empty", 2, ""),
        ('path:a"b"', "a blank is missing here", 6, ""),
        ('"a"b', "a blank is missing here", 3, ""),
        ("\x1b[31m rsk:\u202ehigh", "unknown field", 6, ""),
    ],
)
def test_refuses_under_the_column(text, what, column, remedy):
    with pytest.raises(UsageError) as caught:
        parse(text)
    shown, caret = caught.value.place.split("\n")
    assert what in caught.value.what
    assert caret == " " * column + "^"
    assert len(shown) == len(text)
    assert shown.isprintable()
    assert remedy in caught.value.remedy
    assert caught.value.remedy


def test_a_fault_far_to_the_right_stays_in_view():
    with pytest.raises(UsageError) as caught:
        parse("word " * 100 + "risk:hihg " + "word " * 100)
    shown, caret = caught.value.place.split("\n")
    assert shown[len(caret) - 1 :].startswith("hihg")
    assert len(shown) <= 100


@pytest.mark.parametrize("opening", ["(", "-", "-("])
def test_depth_is_limited(opening):
    levels = MAX_DEPTH // len(opening)
    parse(opening * levels + "a" + ")" * (opening.count("(") * levels))
    with pytest.raises(UsageError, match="nested deeper than 50 levels"):
        parse(opening * 100_000 + "a")


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("  ", ""),
        ("A  b", "a b"),
        ("a (b c)", "a (b c)"),
        ("(a b) OR c", "(a b) OR c"),
        ("a b OR c", "(a b) OR c"),
        ("--a", "--a"),
        ("-(a OR b)", "-(a OR b)"),
        ("type:Billing,billing", "class:billing"),
        ("is:*,mine", "is:*"),
        ('note:"*"', 'note:"*"'),
        ("findings>=007", "findings>=7"),
        (r'"a \"b\" \\"', r'"a \"b\" \\"'),
        ('"-a"', '"-a"'),
        ("a\\b", "a\\b"),
    ],
)
def test_canonical_text(text, canonical):
    query = parse(text)
    assert str(query) == canonical
    assert query.text == text
    assert parse(canonical) == query


PIECES = r"""a "b c" - ( ) OR risk:high is:mine,new path:^/v1 x" findings>2 findings:* note:"\"" , : < AND \ İ"""
WORDS = st.sampled_from([*PIECES.split(" "), " ", " OR ", "\n", "\x00"])
TEXTS = st.text(max_size=40) | st.lists(WORDS, max_size=12).map("".join) | st.lists(WORDS, max_size=12).map(" ".join)


@given(TEXTS)
@example("\ud800 risk:\ud800")
def test_any_text_is_a_query_or_a_usage_error_and_canonical_text_means_the_same(text):
    try:
        query = parse(text)
    except UsageError:
        return
    again = parse(str(query))
    assert again == query
    assert str(again) == str(query)
    assert again.matches(REFUND) == query.matches(REFUND)


TERMS = st.one_of(
    st.text(min_size=1, max_size=8).map(lambda t: '"' + t.replace("\\", "\\\\").replace('"', '\\"') + '"'),
    st.sampled_from([f"{name}:{value}" for name, values in FIXED_VALUES.items() for value in values]),
    st.integers(0, 9).map(lambda n: f"findings>={n}"),
)
TREES = st.recursive(
    TERMS,
    lambda part: st.one_of(
        part.map(lambda p: f"-({p})"),
        st.tuples(part, part).map(lambda p: f"({p[0]}) ({p[1]})"),
        st.tuples(part, part).map(lambda p: f"({p[0]}) OR ({p[1]})"),
    ),
    max_leaves=12,
)


@given(TREES)
def test_every_tree_survives_its_own_text(text):
    query = parse(text)
    assert parse(str(query)) == query
    assert parse(f"-({text})").matches(REFUND) is not query.matches(REFUND)


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("ri", ["risk:"]),
        ("post -(s", ["-(severity:", "-(source:", "-(scope:", "-(since:"]),
        ("risk:", ["risk:low", "risk:medium", "risk:high"]),
        ("a risk:low,", ["risk:low,medium", "risk:low,high"]),
        ("RISK:H", ["risk:high"]),
        ("status:con", ["status:conditional", "status:conflict"]),
        ("risk:low", []),
        ("path:", []),
        ("http://", []),
    ],
)
def test_completions(text, offered):
    assert completions(text) == offered


def test_completions_offer_all_fields_and_only_what_parses():
    assert completions("") == completions("risk:low ") == [f"{name}:" for name in FIELDS]
    for name in FIXED_VALUES:
        for offer in completions(f"{name}:"):
            parse(offer)


@given(TEXTS)
def test_completions_never_fail(text):
    completions(text)


@pytest.mark.parametrize(
    ("text", "field"),
    [("tag:", "tag"), ("-tag:a", "tag"), ("risk:h", "risk"), ("tag", ""), ("path:a", ""), ("nofield:", ""), ("", "")],
)
def test_which_field_is_being_completed(text, field):
    assert completed_field(text) == field


def test_values_are_counted_once_a_row_and_offered():
    counted = tally("tag", [REFUND, replace(REFUND, tags=("Payments", "Payments")), QueryRow()])
    assert counted == {"payments": 2, "back office": 1}
    assert completions("-tag:pa", list(counted)) == ["-tag:payments"]


@given(TREES)
def test_selecting_many_is_matching_each(text):
    rows = [REFUND, QueryRow(), replace(REFUND, risk="low", path="/V1/PAY", flags=frozenset({"stale"}), findings=7)]
    query = parse(text)
    assert query.select(rows) == [row for row in rows if query.matches(row)]


@pytest.mark.parametrize(
    ("later", "earlier", "narrows"),
    [
        ("refu", "ref", True),
        ("ref risk:high", "ref", True),
        ("ref", "refu", False),
        ("ref OR pay", "ref", False),
        ("-refu", "-ref", False),
        ("(ref OR pay) b", "(ref OR pay) ", True),
        ("anything", "", True),
        ("", "ref", False),
    ],
)
def test_a_longer_query_may_search_the_earlier_result(later, earlier, narrows):
    assert parse(later).narrows(parse(earlier)) is narrows


@given(TREES, TREES)
def test_what_narrows_selects_no_more(one, other):
    rows = [REFUND, QueryRow(), replace(REFUND, risk="low", text="abc", status="blocked", data=())]
    later, earlier = parse(f"({one}) ({other})"), parse(one)
    if later.narrows(earlier):
        assert set(map(id, later.select(rows))) <= set(map(id, earlier.select(rows)))


def test_a_query_tells_what_it_looks_at():
    assert parse("a risk:low -(is:seen,marked OR findings>2)").fields() == {
        "",
        "risk",
        "is",
        "seen",
        "marked",
        "findings",
    }


def test_since_takes_a_date():
    row = replace(REFUND, decided="2026-03-05")
    assert parse("since:2026-03-01 by:ana").matches(replace(row, by="ana@corp.example"))
    assert not parse("since:2026-03-06").matches(row)
    assert not parse("since:2026").matches(QueryRow())
    with pytest.raises(UsageError):
        parse("since:yesterday")


def test_the_classes_of_data_are_those_of_the_assessment():
    assert set(FIXED_VALUES["data"]) == set(load_table("analysis.assess.sensitivity", "data_classes.yaml")["classes"])


def test_is_knows_every_flag():
    for flag in FLAGS:
        assert parse(f"is:{flag}").matches(QueryRow(flags=frozenset({flag})))


def test_a_large_inventory_is_filtered_at_typing_speed():
    rows = [replace(REFUND, text=f"{REFUND.text} {n}") for n in range(20_000)]
    query = parse("refund -is:stale (risk:high OR path:^/v2) findings>1")
    start = process_time()
    assert all(query.matches(row) for row in rows)
    assert process_time() - start < 3  # measured 0.1 s
