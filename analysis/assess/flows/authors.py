"""Texts that say who wrote what a call returns: `What visitors filled into a form`, `The complaint in the customer's words`.

The name of a thing tells content of others where it is one of the known ones; a text also tells it of any other.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Final

from analysis.words import with_plurals

if TYPE_CHECKING:
    from collections.abc import Iterable

    from analysis.assess.vocabulary import Vocabulary

_MAX_TEXT: Final = 240  # characters
_SENTENCE_END: Final = re.compile(r"[.;!?](?:\s|$)|\n")
#: What a text begins with that is no content of anyone: a figure, a name, a shape, a yes or no.
_FIGURE: Final = re.compile(
    r"\W*(?:(?:returns?|gets?|gives?|shows?|lists?) )?(?:the )?(?:how (?:many|much|often|long)|number|count|counts|total|whether|if|names?|kinds?|types?|ids?|titles? only|state|status|size|length"
    r"|percentage|share|sum|average|median|metadata|schema|settings?)\b"
)
_WROTE: Final = r"(?:wrote|writes?|written|said|says?|saying|typed?|posted|left|sent|sends?|submitted|filled|entered|asked|answered|replied|reported|told|uploaded|proposed|published|contributed|raised|filed|complained|mention(?:ed)?|dictated|spoke|spoken|claims?|claimed|alleged?|states?|stated|noted|stored|describes?|described|thinks?|recommend(?:ed)?)"
#: Of these, what someone did who is named before: `questions bidders asked`, and not `users created in May`.
_ACTIVE: Final = "wrote|left|sent|gave|said|mailed|e-?mailed|typed|posted|uploaded|submitted|asked|answered|raised|filled|drew|dictated"
#: Marks of content that comes from outside.
_RECEIVED: Final = (
    r"(?:received|inbound|incoming) (?:at|on|from|via|through|in|messages?|texts?|mails?|e-?mails?|calls?|requests?|payloads?|letters?|faxes|faxs?|documents?|webhooks?)\b"
    r"|\bas (?:uploaded|published|received|submitted|sent|typed|dictated|written)\b|\b(?:came|comes|arrived|arrives) (?:with|in|from|by)\b|\bfrom the post\b"
    r"|\b(?:search engine|top hits|public (?:repository|repo|registry|forum|group|channel|timeline|thread)|free[- ]text (?:answers?|comments?|fields?|responses?|remarks?|entries)|user[- ]generated|front page|classified ads?|marketplace listings?|bulletin board|access logs?|request logs?"
    r"|(?:of|from|in) (?:an?|the|any|each|several) (?:[\w-]+ )?(?:feeds?|forums?|communit(?:y|ies)|mailing lists?|newsgroups?|inbox|mailbox|(?:public|job|message|image|discussion|notice) boards?|hub)"
    r"|from (?:an?|the|any) (?:[\w-]+ )?(?:web ?sites?|web ?pages?|sites?)|(?:search|question|query|quer(?:y|ies)|answers?) (?:over|across|from|against|on) (?:the |your |all )?(?:uploaded|indexed|ingested|shared|crawled)|(?:uploaded|crawled|scraped|ingested|third[- ]party) (?:[\w-]+ )?"
    r"(?:documents?|files?|manuals?|pages?|content|texts?|data|pdfs?|images?))\b"
)


_WORD: Final = re.compile(r"[a-z]+")
#: After the object of a text, which is no part of a compound: `exchange rates` are no exchange of letters.
_AFTER: Final = (
    r"(?=\s*(?:$|[,(]|\b(?:of|by|from|with|in|on|at|for|that|who|which|left|sent|between|received|written|posted|to|about|since|as|and|or|via"
    r"|across|within|under|asked|made|given)\b))"
)
#: Verbs that hand out what is there.
_READS: Final = (
    r"(?:returns?|gets?|gives?|shows?|lists?|reads?|loads?|fetch(?:es)?|extracts?|recogni[sz]es?|transcribes?|downloads?|opens?|search(?:es)?|finds?|retrieves?"
    r"|exports?|pulls?|converts?|summari[sz]es?|displays?|prints?|collects?|looks?|views?)"
)
#: After a verb that does something: `Sends the letter`, and not `Replies in a topic`.
_ONE: Final = r"(?:an?|the|all|every|each|any|some|your|it|them|one|this|that)"


class AuthorReader:
    """Reader of authors by the words for people outside. Caches texts, which tools share.

    Each pattern is compiled when a text first needs it: that takes longer than a small document.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        lists = vocabulary.lists
        self._lists = lists
        self._verbs = frozenset(verb for verb, kind in vocabulary.verbs.items() if kind not in {"read", "asking"})
        self._people = _words(lists["authors"]) | {"words"}
        self._works = _words(lists["works"]) | {"text", "texts", "words", "wording", "body", "content", "contents"}
        self._found: dict[str, str] = {"": ""}

    @cached_property
    def _said(self) -> re.Pattern[str]:
        people, works = with_plurals(self._lists["authors"]), with_plurals(self._lists["works"])
        who = rf"(?:(?:an?|the|each|every|some|other|outside|several) )?(?:[\w-]+ )?{people}"
        return re.compile(
            rf"\bwhat {who} (?:have |has |had )?{_WROTE}\b|\b{_WROTE}(?: (?:in|into|down|up))? by {who}\b"
            rf"|\bin (?:the |their |his |her )?(?:{people}['\u2019]s? |{people}s['\u2019] )?(?:own )?words\b"
            rf"|\b{people}(?:['\u2019]s|s['\u2019]) (?:[\w-]+ )?{works}\b|\b{works} (?:of|by|from|with) {who}\b"
            rf"|\b{people} (?:(?:have|has|had) (?:\w+ )?{_WROTE}|{_ACTIVE})\b(?! (?:to|for|in|on|at|after|before|since|by)\b)"
            rf"|\b{people}['\u2019]s? (?:own |self-)\w+"
        )

    @cached_property
    def _begins(self) -> re.Pattern[str]:
        works = with_plurals(self._lists["works"])
        return re.compile(
            rf"\W*(?:{_READS} )?(?:(?:the|all|an?|newest|latest|recent|full|raw|new|its) )*(?P<before>[\w-]+ )?(?:{works}{_AFTER}|(?:text|texts|words|wording|body|contents?) (?:on|in|inside|found|read|behind)\b)"
        )

    @cached_property
    def _received(self) -> re.Pattern[str]:
        return re.compile(
            rf"\bwhat (?:was|is|has been|were) {_WROTE}\b|\bwhat [a-z]+s (?:(?:have|had) )?(?:written|wrote|said|left|typed|sent|asked|told)\b|\b(?:exchanges?|conversations?) with\b|\b(?:handed|turned|phoned|called|mailed|typed|keyed) in\b|\b{_RECEIVED}|\bin (?:their|his|her) own words\b"
        )

    @cached_property
    def _acts(self) -> re.Pattern[str]:
        return re.compile(rf"\W*(?!{_READS}\b)[a-z]+ {_ONE}\b")

    def is_figure(self, text: str) -> bool:
        """Whether a text begins with a figure, a name or a yes or no, which no one wrote."""
        return bool(_FIGURE.match(text[:_MAX_TEXT].lower()))

    def begins_with_act(self, text: str) -> bool:
        """Whether a text begins with a verb and its object: `Sends the letter`, and not `Replies in a topic`."""
        return bool(self._acts.match(text[:_MAX_TEXT].lower()))

    def of_text(self, text: str) -> str:
        """Return the words of the first sentence of a text that say that others wrote what is returned, or an empty string."""
        found = self._found.get(text)
        if found is None:
            head = _SENTENCE_END.split(text[:_MAX_TEXT].lower(), maxsplit=1)[0]
            words = set(_WORD.findall(head))
            hit = None if _FIGURE.match(head) else self._received.search(head)
            if hit is None and not _FIGURE.match(head):
                hit = None if self._people.isdisjoint(words) else self._said.search(head)
                hit = hit or (None if self._works.isdisjoint(words) else self._titled(head))
            found = self._found[text] = hit.group().strip() if hit else ""
        return found

    def _titled(self, head: str) -> re.Match[str] | None:
        """Return where a text begins with what people write, of which no verb is said: not `Add attachments`."""
        hit = self._begins.match(head)
        return None if hit is None or (hit["before"] or "").strip() in self._verbs else hit


def _words(listed: Iterable[str]) -> frozenset[str]:
    """Return every word of the forms of some words."""
    return frozenset(part for word in listed for form in _forms(word) for part in form.replace("-", " ").split())


def _forms(word: str) -> tuple[str, ...]:
    return word, f"{word}s", f"{word[:-1]}ies" if word.endswith("y") else word
