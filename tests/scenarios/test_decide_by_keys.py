"""Keys typed, events recorded: every key of the inventory, as a table."""

from __future__ import annotations

from dataclasses import dataclass

import pytest


@dataclass(frozen=True)
class Case:
    """A script of keys on a review, and the expected events, message and screen."""

    name: str
    keys: str
    events: tuple[str, ...] = ()
    tool: str | None = None  # under the cursor at the end
    said: str = ""  # part of the last message
    sees: str = ""  # part of the screen
    review: str = "fresh"
    actions: int | None = None  # how many steps undo would take; default: one per event
    sizes: tuple[tuple[int, int], ...] = ((80, 24),)


SIZES = ((80, 24), (120, 40), (200, 60))  # without and with the column of facets; the second is one of `make e2e`
TAGGED = ("listTags", "addCustomerTag")
UNSEEN = "HIGH risk and were not opened, first deleteCustomer"
DELETE = '/ "name:deleteCustomer" enter '
DECIDED = "tool.decided"
ON = "on the assessment"

CASES = (
    # one tool
    Case("approve", "a enter", (f"{DECIDED} listCustomers approved {ON}",), "createCustomer", sizes=SIZES),
    Case("block", "b enter", (f"{DECIDED} listCustomers blocked {ON}",), "createCustomer"),
    Case("conditions", "c enter", (f"{DECIDED} listCustomers conditional if audit=every call {ON}",), "createCustomer",
         sizes=SIZES),
    Case("conditions written anew", 'c shift+tab ctrl+u "approval=two persons; rate=9 per day | GW-1" enter enter',
         (f"{DECIDED} listCustomers conditional if approval=two persons if rate=9 per day {ON}",), "createCustomer"),
    Case("conditions last used come first", 'c shift+tab ctrl+u "rate=9 per day" enter enter c enter',
         (f"{DECIDED} listCustomers conditional if rate=9 per day {ON}",
          f"{DECIDED} createCustomer conditional if rate=9 per day {ON}"), "searchCustomers"),
    Case("a faulty condition is told and nothing recorded", 'c shift+tab ctrl+u "approve=me" enter enter',
         sees="this is not a condition"),
    Case("no condition at all", "c shift+tab ctrl+u enter enter", sees="Conditions is required"),
    Case("conditions left", "c escape", tool="listCustomers"),
    Case("decided twice: the last one holds", "a enter k b enter",
         (f"{DECIDED} listCustomers approved {ON}", f"{DECIDED} listCustomers blocked {ON}"), "createCustomer"),
    Case("advance to the next undecided", "j a enter k k a enter",
         (f"{DECIDED} createCustomer approved {ON}", f"{DECIDED} listCustomers approved {ON}"), "searchCustomers"),
    Case("at the end the cursor stays", "G a enter", (f"{DECIDED} listAuditEvents approved {ON}",), "listAuditEvents"),
    Case("advance within the filter", '/ "tag" enter b enter', (f"{DECIDED} listTags blocked {ON}",), "addCustomerTag"),
    Case("advance where decided tools vanish", '/ "is:undecided risk:medium" enter b enter a enter',
         (f"{DECIDED} listCustomers blocked {ON}", f"{DECIDED} createCustomer approved {ON}"), "searchCustomers"),
    Case("sample: decides the one that is left", '] b "not needed" enter', (f"{DECIDED} deleteCustomer blocked because 'not needed'",), "deleteCustomer",
         review="sample"),
    # high risk
    Case("approving HIGH asks for a reason", DELETE + 'a "asked for by support" enter',
         (f"{DECIDED} deleteCustomer approved because 'asked for by support'",), "deleteCustomer"),
    Case("approving HIGH: Esc leaves everything", DELETE + 'a "asked" escape', tool="deleteCustomer"),
    Case("approving HIGH: no reason, no decision", DELETE + "a enter", sees="Reason is required"),
    Case("approving HIGH: blanks are no reason", DELETE + 'a "   " enter', sees="Reason is required"),
    Case("blocking HIGH asks for a reason too", DELETE + 'b "not needed" enter', (f"{DECIDED} deleteCustomer blocked because 'not needed'",)),
    # clearing
    Case("clear", "a enter k - enter", (f"{DECIDED} listCustomers approved {ON}",
         f"{DECIDED} listCustomers nothing {ON}"), "listCustomers"),
    Case("nothing to clear", "-", tool="listCustomers"),
    Case("clear in bulk asks for a reason", '/ "tag" enter * - "was wrong" enter', (
         f"{DECIDED} listTags nothing because 'was wrong'", f"{DECIDED} addCustomerTag nothing because 'was wrong'"),
         review="sample", actions=1),
    # marks
    Case("mark two and block them", 'space space b "no use" enter', (
         f"{DECIDED} listCustomers blocked because 'no use'", f"{DECIDED} createCustomer blocked because 'no use'"),
         "searchCustomers", actions=1),
    Case("a mark is taken off again", "space k space b enter", (f"{DECIDED} createCustomer blocked {ON}",), "searchCustomers"),
    Case("one marked tool is decided like one; the cursor loses no undecided tool", "space b enter",
         (f"{DECIDED} listCustomers blocked {ON}",), "createCustomer"),
    Case("all that the filter shows", '/ "tag" enter * a "harmless" enter',
         tuple(f"{DECIDED} {name} approved because 'harmless'" for name in TAGGED), "listTags",
         "approved: 2 tools", actions=1, sizes=SIZES),
    Case("all, and none again", "* * b enter", (f"{DECIDED} listCustomers blocked {ON}",), "createCustomer"),
    Case("all with conditions", '/ "tag" enter * c "by hand" enter', tuple(
         f"{DECIDED} {name} conditional if audit=every call because 'by hand'" for name in TAGGED), actions=1),
    Case("bulk: no reason, no decision", "space space b enter", sees="Reason is required"),
    Case("bulk: Esc leaves everything, marks too", 'space space b "no" escape', tool="searchCustomers",
         sees="2 marked"),
    Case("bulk says what it would touch", "* b", sees="Block: 48 tools, 9 HIGH, 47 already decided", review="sample"),
    Case("bulk approval of unseen HIGH", "* a", said=UNSEEN, tool="listCustomers"),
    Case("bulk conditions on unseen HIGH", "* c", said=UNSEEN, tool="listCustomers"),
    Case("bulk block of unseen HIGH is allowed", '/ "risk:high class:billing" enter * b "finance only" enter', tuple(
         f"{DECIDED} {name} blocked because 'finance only'" for name in (
         "refundPayment", "chargePaymentMethod", "issuePayout")), actions=1),
    Case("bulk approval of HIGH once each was seen",
         '/ "risk:high class:billing" enter ~ j ~ j ~ * a "pilot" enter', tuple(
         f"{DECIDED} {name} approved because 'pilot'" for name in (
         "refundPayment", "chargePaymentMethod", "issuePayout")), actions=1),
    Case("one of them unseen is one too many", '/ "risk:high class:billing" enter ~ G ~ * a',
         said="1 of the 3 tools are HIGH risk and were not opened, first chargePaymentMethod"),
    Case("marks outlast the filter", '/ "tag" enter * / ctrl+u "name:getRole" enter space b "x" enter', tuple(
         f"{DECIDED} {name} blocked because 'x'" for name in (*TAGGED, "getRole")), actions=1),
    # over the whole evidence
    Case("decided while the evidence fills the screen", "enter a enter b enter", (f"{DECIDED} listCustomers approved {ON}",
         f"{DECIDED} createCustomer blocked {ON}"), "searchCustomers", sizes=SIZES),
    Case("evidence opened, a question answered, decided", 'enter r h enter b "raw" enter', (
         "tool.retagged listCustomers risk high", f"{DECIDED} listCustomers blocked because 'raw'"), "createCustomer"),
    Case("evidence opened and closed, a question answered, decided", 'enter enter r h enter b "raw" enter', (
         "tool.retagged listCustomers risk high", f"{DECIDED} listCustomers blocked because 'raw'"), "createCustomer"),
    Case("evidence opened and closed, a question left, decided", "enter escape n escape j b enter", (
         f"{DECIDED} createCustomer blocked {ON}",), "searchCustomers"),
    # re-tags
    Case("risk raised needs no reason", "r h enter", ("tool.retagged listCustomers risk high",), "listCustomers"),
    Case("risk raised with a reason", 'r h "bulk reads" enter',
         ("tool.retagged listCustomers risk high because 'bulk reads'",), "listCustomers",
         "risk of listCustomers is now high"),
    Case("risk lowered", DELETE + 'r l "only test data" enter',
         ("tool.retagged deleteCustomer risk low because 'only test data'",), "deleteCustomer"),
    Case("risk lowered without a reason", DELETE + "r l enter", sees="Reason is required"),
    Case("risk: Esc leaves everything", "r escape", tool="listCustomers"),
    Case("risk: Esc at the reason leaves everything", 'r h "x" escape', tool="listCustomers"),
    Case("risk: another letter is no answer", "r x", sees="Risk of listCustomers"),
    Case("a raised risk asks for a reason to approve", 'r h enter a "still fine" enter',
         ("tool.retagged listCustomers risk high", f"{DECIDED} listCustomers approved because 'still fine'")),
    Case("type", 't b "fees apply" enter', ("tool.retagged listCustomers type billing because 'fees apply'",),
         "listCustomers", "type of listCustomers is now billing"),
    Case("type needs a reason", "t b enter", sees="Reason is required"),
    Case("type: Esc leaves everything", "t escape", tool="listCustomers"),
    # notes
    Case("note", 'n "ask the owner" enter', ("note.written listCustomers 'ask the owner'",), "listCustomers", "noted",
         ),
    Case("two notes both stand", 'n "one" enter n "two" enter',
         ("note.written listCustomers 'one'", "note.written listCustomers 'two'")),
    Case("note: Esc leaves everything", 'n "never" escape', tool="listCustomers"),
    Case("an empty note is none", "n enter", sees="Text is required"),
    Case("letters that are keys are letters in a note", 'n "q a b ?/*-" enter',
         ("note.written listCustomers 'q a b ?/*-'",), "listCustomers"),
    # undo
    Case("nothing to undo", "u", said="there is nothing to undo"),
    Case("nothing to redo", "ctrl+r", said="there is nothing to redo"),
    Case("undo: the cursor goes back", "j j a enter u", (f"{DECIDED} searchCustomers approved {ON}",
         f"undoing {DECIDED} searchCustomers nothing"), "searchCustomers", "undone: approved searchCustomers", actions=2),
    Case("undo twice, redo once", "a enter b enter u u ctrl+r", (
         f"{DECIDED} listCustomers approved {ON}", f"{DECIDED} createCustomer blocked {ON}",
         f"undoing {DECIDED} createCustomer nothing", f"undoing {DECIDED} listCustomers nothing",
         f"undoing {DECIDED} listCustomers approved {ON}"), "listCustomers"),
    Case("redo says what stands again", "a enter u ctrl+r", (f"{DECIDED} listCustomers approved {ON}",
         f"undoing {DECIDED} listCustomers nothing", f"undoing {DECIDED} listCustomers approved {ON}"),
         said="done again: approved listCustomers"),
    Case("a new action forgets what could be redone", "a enter u b enter ctrl+r", (f"{DECIDED} listCustomers approved {ON}",
         f"undoing {DECIDED} listCustomers nothing", f"{DECIDED} listCustomers blocked {ON}"),
         said="there is nothing to redo"),
    Case("undo of a bulk is one step", '/ "tag" enter * b "no" enter u', (
         *(f"{DECIDED} {name} blocked because 'no'" for name in TAGGED),
         *(f"undoing {DECIDED} {name} nothing" for name in TAGGED)), "listTags", "undone: 2 changes", actions=2),
    Case("redo of a bulk is one step", '/ "tag" enter * b "no" enter u ctrl+r', (
         *(f"{DECIDED} {name} blocked because 'no'" for name in TAGGED),
         *(f"undoing {DECIDED} {name} nothing" for name in TAGGED),
         *(f"undoing {DECIDED} {name} blocked because 'no'" for name in TAGGED)), "listTags", actions=3),
    Case("undo of a note", 'n "x" enter u', ("note.written listCustomers 'x'",
         "undoing note.written listCustomers nothing"), "listCustomers"),
    Case("undo of a risk", "r h enter u", ("tool.retagged listCustomers risk high",
         "undoing tool.retagged listCustomers risk nothing"), "listCustomers"),
    Case("undo takes back one's own only", "u", said="there is nothing to undo", review="sample"),
)  # fmt: skip

RECORDING = [(case, size) for case in CASES if case.events for size in case.sizes]
QUIET = [case for case in CASES if not case.events]


async def _check(case, hand):
    if case.tool is not None:
        assert hand.tool == case.tool
    if case.said:
        assert case.said in hand.said[-1]
    if case.sees:
        await hand.shows(case.sees)


@pytest.mark.parametrize(
    ("case", "size"),
    [
        pytest.param(c, size, marks=[pytest.mark.e2e] * (size == SIZES[1]), id=f"{c.name}-{size[0]}x{size[1]}")
        for c, size in RECORDING
    ],
)
async def test_keys_become_events(case, size, open_review, at_desk):
    async with at_desk(open_review(case.review), size=size) as hand:
        await hand.types(case.keys)
        assert hand.recorded() == list(case.events)
        assert {event.actor for event in hand.events()} == {"rev"}
        assert hand.actions() == (len(case.events) if case.actions is None else case.actions)
        await _check(case, hand)


@pytest.mark.parametrize("review", ["fresh", "sample"])
async def test_keys_that_record_nothing(review, open_review, at_desk, subtests):
    """All in one session: between two scripts, Esc cancels what is open and `g` goes to the first tool."""
    async with at_desk(open_review(review)) as hand:
        for case in QUIET:
            if case.review == review:
                with subtests.test(case.name):
                    hand.said.clear()
                    await hand.types(case.keys)
                    assert hand.recorded() == []
                    await _check(case, hand)
                    assert bool(hand.said) == bool(case.said)
                await hand.types("escape escape escape escape 3 g")
                hand.desk.session.opened.clear()
                hand.desk.session.last_conditions = ""
