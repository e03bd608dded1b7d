"""Who calls: the file of tokens, and names as they are compared."""

import hashlib
import json

import pytest

from analysis.output.enforce.caller import read_people

DIGEST = hashlib.sha256(b"token").hexdigest()


def people(*entries):
    return read_people(json.dumps({"people": list(entries)}))


def test_a_token_has_an_owner_with_teams():
    found = people({"user": "ann", "teams": ["support"], "token_sha256": DIGEST}, {"user": "ben"})
    caller = found.of_token("token")
    assert (caller.user, caller.teams, caller.vouched) == ("ann", ("support",), True)
    assert found.of_token("Token") is None
    assert found.of_token("") is None
    assert found.teams_of(" ANN") == ("support",)
    assert found.teams_of("cy") == ()
    assert DIGEST not in repr(found)


@pytest.mark.parametrize(
    "text",
    [
        "", "[]", "{}", '{"people": []}', '{"people": [{}]}', '{"people": [{"user": ""}]}', '{"people": [{"user": 3}]}',
        '{"people": [{"user": "a", "teams": "x"}]}', '{"people": [{"user": "a", "token": "plain"}]}',
        '{"people": [{"user": "a", "token_sha256": "short"}]}', '{"people": [{"user": "a"}, {"user": "A"}]}',
        '{"people": [{"user": "a\\u202e"}]}',
    ],
)  # fmt: skip
def test_a_file_that_is_not_clear_lets_no_one_in(text):
    with pytest.raises(ValueError, match=r"."):
        read_people(text)


def test_two_people_have_two_tokens():
    with pytest.raises(ValueError, match="is the token of ann"):
        people({"user": "ann", "token_sha256": DIGEST}, {"user": "ben", "token_sha256": DIGEST})
