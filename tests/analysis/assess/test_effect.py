"""What calling a tool does, judged from method, name and path: the cases that decide whether we are trusted."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.assess import assess, assess_all
from analysis.assess.vocabulary import built_in_vocabulary
from analysis.model import Effect, Reversibility, SchemeUse, SourceId, Tool, ToolId, ToolType
from analysis.words import split_words


def tool(name="", method="", path="", summary="", description="", **more):
    """An API operation (with a method) or an MCP tool."""
    return Tool(
        ToolId("s:t"), SourceId("s"), name or f"{method} {path}", method, path, name if method else "",
        summary, description, "0" * 64, "", **more,
    )  # fmt: skip


def words(said):
    """An assessment in one line: types from the one shown to the effect, reversibility, doubt."""
    types = "+".join(kind.value for kind in said.types)
    return f"{types}, {said.reversibility.value}{', unclear' if said.unclear else ''}"


READ = "read-only, read-only"
WRITE = "side-effect, reversible"
UNCLEAR = "side-effect, unknown, unclear"
DESTROY = "critical, irreversible"
SENT = "side-effect, externally-reversible"
MONEY = "billing+critical, irreversible"
ADMIN = "administrative+critical, reversible"

CASES = """
GET     /things                         listThings              read
GET     /things                         -                       read
GET     /things/{id}/status             checkStatus             read
HEAD    /things                         -                       read
OPTIONS /things                         -                       read
QUERY   /things                         -                       read
GET     /deletions                      listDeletions           read
GET     /invoices                       listInvoices            read
GET     /roles                          listRoles               read

GET     /things/{id}                    deleteThing             destroy
GET     /report                         sendReport              sent
GET     /notifications                  markNotificationRead    write
GET     /topic                          confirmTopicRule        write
GET     /pods/{name}/exec               connectGetPodExec       unclear
GET     /pods/{name}/attach             connectGetPodAttach     unclear
GET     /pods/{name}/portforward        readPodPort             unclear
GET     /nodes/{name}/proxy/{path}      -                       unclear

POST    /customers/search               searchCustomers         read
POST    /customers/search               -                       read
POST    /logs-queries/list              -                       read
POST    /rpc                            users.list              read
POST    /rpc                            admin/things/list       read
POST    /things                         -                       write
POST    /things                         createThing             write
POST    /things                         addThing                write
POST    /things/{id}/archive            archiveThing            write
POST    /things/{id}                    deleteThing             destroy
POST    /rpc                            users.purge             destroy
POST    /markdown                       renderMarkdown          read
POST    /thing                          -                       unclear
POST    /x                              foo                     unclear

POST    /token                          getToken                write
POST    /x                              getAccessToken          admin
POST    /x                              retrieveCredentials     admin

POST    /x                              runReport               unclear
POST    /x                              executeQuery            unclear
POST    /x                              testFailover            unclear
POST    /x                              verifyEmail             unclear
POST    /x                              exportData              unclear
POST    /x                              invokeAgent             unclear
POST    /x                              count                   unclear
POST    /x                              thing_get_all           read

PUT     /things/{id}                    getThing                write
PATCH   /things/{id}                    searchThings            write
PUT     /things/{id}                    archiveThing            write
PUT     /things/{id}                    purgeThing              destroy
DELETE  /things/{id}                    getThing                destroy
DELETE  /things/{id}                    -                       destroy
DELETE  /things/{id}/labels/{name}      removeLabel             write
DELETE  /things/{id}                    archiveThing            write

POST    /messages                       sendMessage             sent
POST    /comments                       createComment           sent
POST    /rpc                            chat.postMessage        sent
PUT     /report                         publishReport           sent

POST    /refunds                        createRefund            money
POST    /payments/{id}/refunds          refundPayment           money
POST    /customers/{id}/charges         -                       money
POST    /x                              payBill                 money

PUT     /users/{id}/role                updateUserRole          admin
POST    /users/{id}/password-reset      resetUserPassword       admin
POST    /admin/users                    createUser              admin

PURGE   /cache                          -                       unclear

-       -                               get_weather             read
-       -                               list_rooms              read
-       -                               read_file               read
-       -                               query_db                unclear
-       -                               files_list_more         read
-       -                               write_file              write
-       -                               issue_write             write
-       -                               mark_all_read           write
-       -                               browser_navigate        write
-       -                               create_and_get          write
-       -                               delete_file             destroy
-       -                               send_email              sent
-       -                               execute_sql             unclear
-       -                               run_tests               write
-       -                               run_thing               unclear
-       -                               summarize_document      read
-       -                               batch_get_items         read
-       -                               shell                   unclear
-       -                               list_tokens             read
-       -                               update_user_roles       admin
-       -                               refund_payment          money
"""
MEANING = {
    "read": READ, "write": WRITE, "unclear": UNCLEAR, "destroy": DESTROY, "sent": SENT, "money": MONEY, "admin": ADMIN,
}  # fmt: skip


def cases(text):
    rows = [["" if cell == "-" else cell for cell in line.split()] for line in text.splitlines() if line]
    return [pytest.param(*row, id=" ".join(filter(None, row[:3]))) for row in rows]


@pytest.mark.parametrize(("method", "path", "name", "meaning"), cases(CASES))
def test_what_a_call_does(method, path, name, meaning):
    assert words(assess(tool(name, method, path))) == MEANING[meaning]


def test_removing_a_role_cannot_be_undone_and_is_administrative():
    said = assess(tool("deleteRole", "DELETE", "/roles/{id}"))
    assert words(said) == "administrative+critical, irreversible"


def test_a_bill_that_is_changed_is_billing_but_moves_no_money():
    assert words(assess(tool("updateInvoice", "PUT", "/invoices/{id}"))) == "billing+side-effect, reversible"


# --- where a single read word must not decide ---------------------------------------------------------


@pytest.mark.parametrize(
    "name", ["getOrCreateUser", "find_or_create_customer", "fetchAndDelete", "list_and_purge", "read_and_write_file"]
)
@pytest.mark.parametrize(("method", "path"), [("POST", "/x"), ("", "")])
def test_a_name_with_two_verbs_is_not_read_only(name, method, path):
    """`get_or_create` creates; the second verb must not be overlooked where no method speaks against it."""
    assert assess(tool(name, method, path)).effect is not Effect.READ


@pytest.mark.parametrize(
    ("path", "meaning"),
    [
        ("/users/{id}:delete", DESTROY),
        ("/users/{id}:archive", WRITE),
        ("/users/{id}:search", READ),
        ("/users:purge", DESTROY),
    ],
)
def test_a_custom_method_behind_a_parameter_speaks(path, meaning):
    """`POST /users/{id}:delete`, the way Google's APIs write it."""
    assert words(assess(tool("", "POST", path))) == meaning


# --- hints and scopes are claims -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "claim", "against"),
    [
        ("get_thing", True, False),
        ("get_thing", False, True),
        ("delete_thing", True, True),
        ("delete_thing", False, False),
    ],
)
def test_a_hint_agrees_or_is_shown_as_disagreeing(name, claim, against):
    said = assess(tool(name, hints=(("readOnlyHint", claim),)))
    (hint,) = (reason for reason in said.reasons if reason.where == "hint")
    assert hint.against is against
    assert (said.confidence <= 0.6) is against


@pytest.mark.parametrize(
    ("scope", "says", "against"),
    [
        ("things:read", "read", True),
        ("Things.ReadOnly", "read", True),
        ("things:write", "write", False),
        ("things-admin", "write", False),
        ("things", "", False),
    ],
)
def test_a_scope_confirms_or_contradicts_and_decides_nothing(scope, says, against):
    plain = tool("updateThing", "PUT", "/things/{id}")
    said = assess(replace(plain, security=((SchemeUse("o", "oauth2", (scope,)),),)))
    assert words(said) == words(assess(plain)) == WRITE
    assert [(r.says, r.against) for r in said.reasons if r.where == "scope"] == ([(says, against)] if says else [])


# --- laws ----------------------------------------------------------------------------------------------

LISTS = built_in_vocabulary().lists
VERBS = sorted(built_in_vocabulary().verbs)
NOUNS = sorted(
    LISTS["paid-acts"] | LISTS["administrative"] | LISTS["credential"] | LISTS["readings"] | {"thing", "all", "or"}
)
ASKING = {word for word, kind in built_in_vocabulary().verbs.items() if kind in {"read", "asking"}} | LISTS["readings"]
WORDS = st.lists(st.sampled_from(VERBS) | st.sampled_from(NOUNS), max_size=4)
NAMES = WORDS.map("_".join) | WORDS.map(lambda w: "".join(word.title() for word in w)) | st.text(max_size=12)
PATHS = st.lists(st.sampled_from([*VERBS, *NOUNS, "{id}", "v1", "exec"]), max_size=4).map(lambda p: "/" + "/".join(p))
METHODS = st.sampled_from(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "PURGE", "QUERY"])
HINTS = st.sampled_from(["readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint"])
CLAIMS = st.dictionaries(HINTS, st.booleans()).map(lambda declared_hints: tuple(sorted(declared_hints.items())))
TOOLS = st.builds(tool, NAMES, METHODS, PATHS) | st.builds(tool, NAMES)


ORDER = [Effect.READ, Effect.SIDE_EFFECT, Effect.CRITICAL]


@given(TOOLS, CLAIMS)
def test_no_hint_lowers_what_is_said(plain, hints):
    bare, said = assess(plain), assess(replace(plain, hints=hints))
    assert ORDER.index(said.effect) >= ORDER.index(bare.effect)
    assert said.risk.rank >= bare.risk.rank
    assert said.destructive >= bare.destructive
    assert set(bare.types) - set(said.types) <= {ToolType.READ, ToolType.SIDE_EFFECT}
    assert said.confidence <= bare.confidence


@given(TOOLS, CLAIMS.filter(lambda hints: ("destructiveHint", True) not in hints))
def test_only_a_hint_that_warns_changes_a_class(plain, hints):
    bare, said = assess(plain), assess(replace(plain, hints=hints))
    assert (said.effect, said.types, said.risk, said.data) == (bare.effect, bare.types, bare.risk, bare.data)


@given(NAMES, st.sampled_from(["DELETE", "PUT", "PATCH"]), PATHS)
def test_what_replaces_changes_or_removes_is_never_read_only(name, method, path):
    assert assess(tool(name, method, path)).effect is not Effect.READ


@pytest.mark.parametrize("method", ["delete", "Patch"])
def test_also_in_other_letters(method):
    """OpenAPI 3.2 lets a document spell further methods as it likes, and many servers do not care."""
    assert assess(tool("getThing", method, "/things/{id}")).effect is not Effect.READ


@given(TOOLS)
def test_an_assessment_is_whole(plain):
    said = assess(plain)
    assert said.reasons
    assert 0 < said.confidence <= 1
    assert said.types[-1] is ToolType(said.effect.value)
    assert len(set(said.types)) == len(said.types)
    assert (said.effect is Effect.READ) == (said.reversibility is Reversibility.READ)
    assert said.effect is Effect.SIDE_EFFECT or not said.unclear
    if said.reversibility is Reversibility.IRREVERSIBLE:
        assert said.effect is Effect.CRITICAL
    if ToolType.ADMINISTRATIVE in said.types:
        assert said.effect is Effect.CRITICAL


@given(NAMES, st.sampled_from(["POST", "PURGE", ""]), PATHS)
def test_without_a_safe_method_only_a_read_word_makes_a_read(name, method, path):
    plain = tool(name, method, path if method else "")
    if assess(plain).effect is Effect.READ:
        said = set(split_words(plain.operation_id or plain.name)) | set(split_words(plain.path))
        assert said & ASKING


TEXTS = st.builds("{} the things{}.".format, st.sampled_from(["Returns", "Lists", "Gets", "Deletes", "Runs", "Hm"]),
                  st.sampled_from(["", " and removes them", " of a shop"]))  # fmt: skip


@given(
    st.sampled_from(sorted(v for v, kind in built_in_vocabulary().verbs.items() if kind == "destroy")),
    METHODS,
    PATHS,
    TEXTS,
)
def test_no_text_makes_a_read_of_what_plainly_destroys(verb, method, path, text):
    plain = tool(f"{verb}Thing", method, path) if method not in {"GET", "HEAD", "QUERY"} else tool(f"{verb}_thing")
    assert assess(replace(plain, summary=text, description=text)).effect is not Effect.READ


@given(NAMES, st.sampled_from(["POST", ""]), TEXTS)
def test_a_destroying_verb_added_to_a_name_leaves_no_read(name, method, text):
    plain = tool(f"{name}_and_purge", method, "/x" if method else "", summary=text) if name.strip() else tool("purge")
    if split_words(name):
        assert assess(plain).effect is not Effect.READ


@given(st.text(max_size=40))
def test_one_text_alone_makes_no_read(text):
    """Whoever writes the description must not choose the class by it."""
    for method, path in (("POST", "/x"), ("", "")):
        assert assess(tool("frobnicator", method, path, description=text)).effect is not Effect.READ


def test_a_path_that_is_a_verb_is_not_judged_by_one_that_only_has_it():
    named, noun = tool("", "GET", "/rebuild"), tool("", "GET", "/rebuild/benchmark")
    first, second = assess_all([named, noun]), assess_all([noun, named])
    assert first == second[::-1]
    assert first[0].effect is not Effect.READ


@given(st.lists(TOOLS, max_size=6), st.randoms())
def test_the_order_of_tools_does_not_matter(tools, random):
    order = random.sample(range(len(tools)), len(tools))
    said = assess_all(tools)
    assert assess_all(tools[at] for at in order) == [said[at] for at in order]
