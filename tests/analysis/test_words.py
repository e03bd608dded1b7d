"""Names split into words, as people read them; patterns of words."""

import re

import pytest

from analysis.words import has_letter_of, nearest, path_segments, snake, split_words, with_plurals


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("getCustomer", "get customer"),
        ("get-customer_v2", "get customer v2"),
        ("getCustomerV2", "get customer v2"),
        ("GET_CUSTOMER", "get customer"),
        ("listAWSAccounts", "list aws accounts"),
        ("HTTPServer", "http server"),
        ("parseJSON", "parse json"),
        ("S3Bucket", "s3 bucket"),
        ("hashSha256", "hash sha256"),
        ("base64Encode", "base64 encode"),
        ("oauth2-token", "oauth2 token"),
        ("page2", "page 2"),
        ("issues/list-labels", "issues list labels"),
        ("admin.users.list", "admin users list"),
        ("  spaced  out  ", "spaced out"),
        ("2fa", "2 fa"),
        ("a", "a"),
        ("", ""),
        ("___", ""),
        ("\u524a\u9664", ""),  # no Latin letter: no word we could know
    ],
)
def test_split_words(name, words):
    assert " ".join(split_words(name)) == words


@pytest.mark.parametrize(
    ("name", "spelled"),
    [
        ("billingEmail", "billing_email"),
        ("billing-email", "billing_email"),
        ("BILLING_EMAIL", "billing_email"),
        ("accountID", "account_id"),
        ("addressLine1", "address_line_1"),
        ("", ""),
    ],
)
def test_snake(name, spelled):
    assert snake(name) == spelled


@pytest.mark.parametrize(
    ("path", "segments"),
    [
        ("/v1/users/{id}", ["users"]),
        ("/api/V2/users/{id}/keys/", ["api", "users", "keys"]),
        ("/users//keys", ["users", "keys"]),
        ("/{tenant}/{id}", []),
        ("/", []),
        ("", []),
        ("/vault/v1x", ["vault", "v1x"]),
        ("/rest/api/3/search", ["rest", "api", "3", "search"]),
    ],
)
def test_path_segments(path, segments):
    assert path_segments(path) == segments


@pytest.mark.parametrize(
    ("word", "meant"), [("efect", "effect"), ("risks", "risk"), ("methd", "method"), ("zzz", None), ("", None)]
)
def test_nearest(word, meant):
    assert nearest(word, ["effect", "risk", "method", "type"]) == meant


PEOPLE = ["guest", "guest house", "party", "part", "lady", "user", "end-user", "c++"]


def forms(word):
    return {word, f"{word}s"} | ({f"{word[:-1]}ies"} if word.endswith("y") else set())


@pytest.mark.parametrize("end", [r"\b", r"(?!\w)", "$", ""])
def test_a_pattern_of_words_finds_the_longest_form_first(end):
    every = sorted({form for word in PEOPLE for form in forms(word)}, key=lambda form: (-len(form), form))
    plain = re.compile(f"(?:{'|'.join(map(re.escape, every))}){end}")
    pattern = re.compile(f"{with_plurals(PEOPLE)}{end}")
    texts = [*every, *(f"{one} {other}" for one in every for other in every), "partis", "guestss", "ladie", "nobody"]
    for text in texts:
        found, expected = pattern.match(text), plain.match(text)
        assert (found and found.group()) == (expected and expected.group()), text


def test_other_endings_are_tried_in_their_order():
    pattern = re.compile(with_plurals(["pass", "reply"], "(?:es|s|)"))
    assert [pattern.match(text).group() for text in ("passes", "passs", "pass", "replies", "replys")] == [
        "passes", "passs", "pass", "replies", "replys",
    ]  # fmt: skip


def test_letters_are_looked_for_in_ranges():
    kana, hangul = "\u3040\u30ff", "\uac00\ud7af"
    assert has_letter_of("a \u304b", (hangul, kana))
    assert not has_letter_of("a \u304b", (hangul,))
    assert not has_letter_of("plain", (kana,))
