"""Tags of parameter names: mode, destination, secret, statement and others. Cached by name."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from analysis.words import snake

if TYPE_CHECKING:
    from collections.abc import Mapping


def name_set(text: str) -> frozenset[str]:
    """Return the space-separated words of a text."""
    return frozenset(text.split())


#: Tag -> whole names in snake case.
TAGS: Final[Mapping[str, frozenset[str]]] = {
    "mode": name_set(
        "action mode op operation method command_type verb act event_action force permanent permanently "
        "hard_delete hard force_delete purge cascade irreversible delete_permanently"
    ),
    "method": frozenset(["method", "http_method", "verb", "request_method"]),
    "target": name_set("path url uri endpoint route api_path resource_path"),
    "tool-name": name_set("tool_name tool function_name action_name method_name operation_id"),
    "tool-arguments": name_set("arguments args params tool_arguments tool_input kwargs parameters payload"),
    "selector": name_set(
        "ids id_list filter filters query where selector label_selector field_selector criteria pattern "
        "all delete_all keys names older_than before"
    ),
    "url": name_set(
        "url uri webhook callback webhook_url callback_url target_url redirect_uri redirect_url "
        "image_url endpoint endpoint_url source_url file_url host hostname destination_url "
        "notification_url"
    ),
    "recipient": name_set(
        "to to_address recipient recipients email emails email_address phone phone_number to_number cc bcc"
    ),
    "size": name_set(
        "limit per_page page_size pagesize max_results max_result count size top rows take maxitems "
        "max_items max_records max_keys max_entries results_per_page items_per_page num_results "
        "max_count"
    ),
    "secret": name_set(
        "password passwd passphrase passcode secret client_secret api_key apikey private_key "
        "access_token refresh_token auth_token bearer_token secret_key secret_access_key session_token "
        "oauth_token id_token otp pin_code token authorization credential credentials x_api_key "
        "api_token user_token signing_key ssh_key connection_string"
    ),
}
#: Endings of secrets in longer names. `page_token` is not one.
_SECRET_ENDS: Final = (
    "_password", "_passphrase", "_secret", "_api_key", "_private_key", "_access_token", "_refresh_token",
    "_auth_token", "_secret_key", "_api_token",
)  # fmt: skip
_URL_ENDS: Final = ("_url", "_uri", "_webhook", "_callback")


def _tags_of_names() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for tag, names in TAGS.items():
        for name in names:
            found.setdefault(name, []).append(tag)
    return found


_OF_NAME: Final = _tags_of_names()


@lru_cache(maxsize=65_536)
def parameter_tags(name: str) -> tuple[str, ...]:
    """Return the tags of a parameter name."""
    plain = snake(name)
    found = [*_OF_NAME.get(plain, ())]
    if plain.endswith(_SECRET_ENDS) and "secret" not in found:
        found.append("secret")
    if plain.endswith(_URL_ENDS) and "url" not in found:
        found.append("url")
    return tuple(found)
