"""Names split into words, as people read them."""

import pytest

from analysis.words import nearest, path_segments, snake, split_words


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
