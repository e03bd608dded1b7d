"""Texts that say who receives something: `Reminds a customer`, `Passes a case on to the regulator`, `Shares a list with a guest`."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Final

from analysis.words import with_plurals

if TYPE_CHECKING:
    from collections.abc import Mapping

_MAX_TEXT: Final = 200  # characters
_SENTENCE_END: Final = re.compile(r"[.;!?](?:\s|$)|\n")
_WORD: Final = re.compile(r"\w+")
_ONE: Final = r"(?:an?|the|all|every|each|any|some|your|our|its|their|several|everyone|those)"

#: What others can read once they have access to it.
_SHARED: Final = r"(?:file|folder|document|drive|album|calendar|page|dataset|record|list|board|note|report|sheet|spreadsheet|recording)"

#: A text that begins with making something public, hands it to a server elsewhere, or mails it besides.
LEAVES: Final = re.compile(
    r"\W*(?:makes?\b[^.;,]{1,40} public\b(?! key)|"
    r"(?:exports?|delivers?|copies|copy|ships?|uploads?|backs? up)\b[^.;]{1,60} to (?:an?|the|your) "
    r"(?:sftp|ftps?|ssh|webdav|smb|remote|external|outside|third.party|(?:cloud |s3 )?bucket)\b|"
    r"(?:makes?|creates?|generates?|returns?|gets?|gives?|stores?|saves?|hosts?)\b[^.]{1,80}\b(?:(?:public|shareable|share|guest|unauthenticated) (?:address|link|url|page)\b"
    r"|(?:without|with no) (?:sign(?:ing)?[- ]?in|log(?:ging)?[- ]?in|an? account|password)\b|anyone (?:can|with|who)\b)|"
    r"(?:sets?|turns? on|enables?|adds?|creates?|configures?)\b[^.;,]{1,40} (?:auto(?:matic)?[- ]?)?(?:forwarding|redirection|mirroring) (?:of|for|to)\b|"
    r"(?:places?|makes?|starts?) (?:an? )?(?:automated |outbound |phone |voice |telephone )*calls?\b|(?:dials?|phones?|rings?) (?:an?|the|any)\b|"
    r"[^.]{1,100}? (?:that|which|who) (?:e-?mails?|mails?|posts?|faxes) (?:it|them)\b|"
    r"[^.]{1,100}? and (?:e-?mails?|mails?) (?:it|the|a|an|them)\b)",
    re.IGNORECASE,
)


#: Verbs of recipients that take one object or place alone.
_OTHER_VERBS: Final = ("give", "grant", "leave", "record", "update", "edit", "change", "set", "write", "replace")


class RecipientReader:
    """Reader of recipients in the first sentence of a text. Caches texts, which tools share."""

    def __init__(self, lists: Mapping[str, frozenset[str]]) -> None:
        self._lists = lists
        verbs = {*lists["telling-verbs"], *lists["handing-verbs"], *_OTHER_VERBS}
        self._begins = {form for verb in verbs for form in _forms(_WORD.findall(verb)[0])}
        self._found: dict[str, str] = {"": ""}

    @cached_property
    def _told(self) -> re.Pattern[str]:
        """Compiled when a text first begins with one of the verbs: that takes longer than a small document."""
        lists = self._lists
        telling, handing = (with_plurals(lists[name], "(?:es|s|)") for name in ("telling-verbs", "handing-verbs"))
        outside = "|".join(sorted(lists["outside-recipients"], key=lambda word: (-len(word), word)))
        return re.compile(
            rf"\W*(?:{telling}) (?:{_ONE}\b|(?:{outside}|people|person|someone)(?:e?s)?\b)"
            rf"|\W*(?:{handing})\b[^;:]{{1,80}}? (?:to|with|into|onto|at|on)(?: {_ONE})?(?: [\w-]+)?? (?:{outside})(?:e?s)?\b"
            rf"|\W*(?:{handing})\b[^;:]{{1,80}}? for(?: {_ONE})? (?:subscribers|followers|readers|the public|everyone|guests|customers)\b"
            rf"|\W*(?:gives?|grants?)\b[^;:]{{1,60}}? access to(?: {_ONE})? (?:[\w-]+ )?{_SHARED}s?\b"
            rf"|\W*(?:leaves?|records?) (?:an? )(?:voicemail|message|comment|review|reply|greeting)\b"
            rf"|\W*(?:updates?|edits?|changes?|sets?|writes?|replaces?)(?: {_ONE})? public (?:[\w-]+ )?(?:page|profile|site|website|listing|post|feed|link|status|album|repository|channel|notice|announcement)\b"
            rf"|\W*(?:{handing})\b[^;:]{{1,80}}? (?:online|in public|publicly|off-?site|elsewhere|outside|for everyone|to whom)\b"
        )

    def of_text(self, text: str) -> str:
        """Return the words of a text that name a recipient of what the call hands over, or an empty string."""
        found = self._found.get(text)
        if found is None:
            head = _SENTENCE_END.split(text[:_MAX_TEXT].lower(), maxsplit=1)[0]
            word = _WORD.search(head)
            hit = self._told.match(head) if word and word.group() in self._begins else None
            found = self._found[text] = hit.group().strip() if hit else ""
        return found


def _forms(word: str) -> tuple[str, ...]:
    return word, f"{word}s", f"{word}es", f"{word[:-1]}ies" if word.endswith("y") else word
