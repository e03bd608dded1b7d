"""What the name of an input says of it: a switch, a destination, a secret, a statement. Each name is judged once."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from analysis.words import snake

if TYPE_CHECKING:
    from collections.abc import Mapping


def names(text: str) -> frozenset[str]:
    """Return the words of a list that is written as one text."""
    return frozenset(text.split())


#: Tag -> names in snake case that carry it, whole.
TAGS: Final[Mapping[str, frozenset[str]]] = {
    "mode": names(
        "action mode op operation method command_type verb act event_action force permanent permanently "
        "hard_delete hard force_delete purge cascade irreversible delete_permanently"
    ),
    "method": frozenset(["method", "http_method", "verb", "request_method"]),
    "target": names("path url uri endpoint route api_path resource_path"),
    "tool-name": names("tool_name tool function_name action_name method_name operation_id"),
    "tool-arguments": names("arguments args params tool_arguments tool_input kwargs parameters payload"),
    "selector": names(
        "ids id_list filter filters query where selector label_selector field_selector criteria pattern "
        "all delete_all keys names older_than before"
    ),
    "url": names(
        "url uri webhook callback webhook_url callback_url target_url redirect_uri redirect_url "
        "image_url endpoint endpoint_url source_url file_url host hostname destination_url "
        "notification_url"
    ),
    "recipient": names(
        "to to_address recipient recipients email emails email_address phone phone_number to_number cc bcc"
    ),
    "size": names(
        "limit per_page page_size pagesize max_results max_result count size top rows take maxitems "
        "max_items max_records max_keys max_entries results_per_page items_per_page num_results "
        "max_count"
    ),
    "secret": names(
        "password passwd passphrase passcode secret client_secret api_key apikey private_key "
        "access_token refresh_token auth_token bearer_token secret_key secret_access_key session_token "
        "oauth_token id_token otp pin_code token authorization credential credentials x_api_key "
        "api_token user_token signing_key ssh_key connection_string"
    ),
}
#: Endings that show a secret in a longer name. A `page_token` is none.
_SECRET_ENDS: Final = (
    "_password", "_passphrase", "_secret", "_api_key", "_private_key", "_access_token", "_refresh_token",
    "_auth_token", "_secret_key", "_api_token",
)  # fmt: skip
_URL_ENDS: Final = ("_url", "_uri", "_webhook", "_callback")


@lru_cache(maxsize=65_536)
def plain(name: str) -> str:
    """Return a name in snake case."""
    return snake(name)


@lru_cache(maxsize=65_536)
def tags(name: str) -> tuple[str, ...]:
    """Return what the name of an input says it carries."""
    said = plain(name)
    found = [tag for tag, names in TAGS.items() if said in names]
    if said.endswith(_SECRET_ENDS) and "secret" not in found:
        found.append("secret")
    if said.endswith(_URL_ENDS) and "url" not in found:
        found.append("url")
    return tuple(found)
