"""Operation ids as frameworks write them: the method in them is no second verb, and the act of the author is found."""

import re

import pytest

from analysis.assess import assess_all
from analysis.model import Effect, SourceId, Tool, ToolId

#: (function of the author, path): acts that somebody has put behind GET.
ACTS = """
rebuild_catalog      /api/v1/catalog/rebuild
deactivate_member    /api/v1/members/{member_id}/deactivate
send_reminder        /api/v1/bills/{bill_id}/send
logout               /api/v1/session/logout
unsubscribe_reader   /api/v1/readers/{reader_id}/unsubscribe
approve_claim        /api/v1/claims/{claim_id}/approve
reset_counters       /api/v1/counters/reset
restart_worker       /api/v1/workers/{worker_id}/restart
purge_drafts         /api/v1/drafts/purge
cancel_booking       /api/v1/bookings/{booking_id}/cancel
"""
#: Reads whose names and paths hold words that act elsewhere.
READS = """
read_bird            /api/v1/birds/{bird_id}
list_birds           /api/v1/birds
get_merge_state      /api/v1/pulls/{pull_id}/merge
list_cancellations   /api/v1/cancellations
deploy_logs          /api/v1/deploys/{deploy_id}/logs
reset_history        /api/v1/resets/history
export_file          /api/v1/export
order_detail         /api/v1/orders/{order_id}
cancel_reasons       /api/v1/cancel-reasons
get_archive          /api/v1/nests/{nest_id}/archive
birds                /api/v1/birds/all
delete_policy        /api/v1/nests/{nest_id}/delete-policy
login_form           /api/v1/login
subscription         /api/v1/readers/{reader_id}/subscription
restart_count        /api/v1/workers/{worker_id}/restarts
reset_limits         /api/v1/reset-limits
download_report      /api/v1/reports/{report_id}/download
search_nests         /api/v1/nests/search
check_name           /api/v1/names/check
"""


def _words(path):
    return [word for word in re.split(r"\W+", path) if word]


def _camel(words):
    return words[0] + "".join(word.title() for word in words[1:])


def _pascal(words):
    return "".join(word.title() for word in words)


def _fixed(path):
    return [part for part in path.split("/")[3:] if part and not part.startswith("{")]


def _split(words):
    return [part for word in words for part in word.replace("-", "_").split("_")]


STYLES = {
    "fastapi": lambda f, p: f + re.sub(r"\W", "_", p) + "_get",
    "springfox": lambda f, p: _camel(f.split("_")) + "UsingGET",
    "springfox numbered": lambda f, p: _camel(f.split("_")) + "UsingGET_2",
    "springdoc": lambda f, p: _camel(f.split("_")) + "_1",
    "drf-spectacular": lambda f, p: "_".join(_split(_fixed(p))) + "_retrieve",
    "drf-spectacular list": lambda f, p: "_".join(_split(_fixed(p))) + "_list",
    "nswag": lambda f, p: f"{_pascal(_split(_fixed(p))[:1])}_{_pascal(f.split('_'))}",
    "nswag with the method": lambda f, p: f"{_pascal(f.split('_'))}GET",
    "rails": lambda f, p: f"{_fixed(p)[0]}#{f}",
    "asp.net": lambda f, p: "Api" + _pascal(_split(_fixed(p))) + "Get",
    "asp.net with ids": lambda f, p: "ApiV1" + _pascal([w for part in _words(p)[2:] for w in part.split("_")]) + "Get",
    "go-swagger": lambda f, p: "Get" + _pascal(_split(_fixed(p))),
    "huma": lambda f, p: "get-" + "-".join(_split(_fixed(p))),
    "tsoa": lambda f, p: _pascal(f.split("_")),
    "nest": lambda f, p: f"{_pascal(_split(_fixed(p))[:1])}Controller_{_camel(f.split('_'))}",
    "django-ninja": lambda f, p: f"aviary_api_{f}",
    "micronaut": lambda f, p: _camel(f.split("_")),
    "openapi-generator": lambda f, p: _camel(_split(_fixed(p))) + "Get",
    "flask-restx": lambda f, p: f"get_{f}",
    "grape": lambda f, p: "getApiV1" + _pascal(_split(_fixed(p))),
    "connexion": lambda f, p: f"aviary.handlers.{f}",
    "enunciate": lambda f, p: f"resource_AviaryApi_{_camel(f.split(chr(95)))}_GET",
    "laravel": lambda f, p: f"{_fixed(p)[0]}.{_camel(f.split('_'))}",
    "grpc-gateway": lambda f, p: f"AviaryService_{_pascal(f.split('_'))}",
    "no id": lambda f, p: "",
}


def _document(rows, style, method="GET"):
    cases = [row.split() for row in rows.strip().splitlines()]
    names = [(STYLES[style](function, path), path) for function, path in cases]
    return [
        Tool(ToolId(f"s:{at}"), SourceId("s"), name or f"{method} {path}", method, path, name, "", "", "0" * 64, "")
        for at, (name, path) in enumerate(names)
    ]


@pytest.mark.parametrize("style", STYLES)
def test_an_act_behind_get_is_found_whatever_the_framework(style):
    tools = _document(ACTS, style)
    missed = [tool.name for tool, said in zip(tools, assess_all(tools), strict=True) if said.effect is Effect.READ]
    assert missed == []


@pytest.mark.parametrize("style", STYLES)
def test_no_read_behind_get_is_accused(style):
    tools = _document(READS, style)
    accused = [tool.name for tool, said in zip(tools, assess_all(tools), strict=True) if said.effect is not Effect.READ]
    assert accused == []
