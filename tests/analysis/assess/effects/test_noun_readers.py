"""Tools named by a noun: those that only look something up, and acts that are named in the same way."""

import pytest

from analysis.assess import assess
from analysis.model import Effect, Parameter, SourceId, Tool, ToolId


def tool(name, text, *inputs, hints=(), values=(), returns=""):
    parameters = tuple(
        Parameter(each, "argument", required=True, type="string", description="", values=values) for each in inputs
    )
    return Tool(
        ToolId(f"s:{name}"), SourceId("s"), name, "", "", "", "", text, "0" * 64, "",
        parameters=parameters, hints=hints, returns=returns,
    )  # fmt: skip


@pytest.mark.parametrize(
    "said",
    [
        tool("well_history", "Level of a well by the hour", "well"),
        tool("parcel-status", "Where a parcel is at the moment", "parcel"),
        tool("herd_stats", "Wool and eggs per animal"),
        tool("beekeepers", "Beekeepers of a valley with the number of hives", "valley"),
        tool("orchard_map", "A map of the trees", "orchard"),
        tool("claims_overview", "Claims by region", "year"),
        tool("order_status", "How far an order has got", "order"),
        tool("manage_ferries", "Returns the ferries that sail today"),
        tool("park_manage_ferries", "Lists and fetches ferries. Operations: - 'list': all - 'get': one with its crew"),
        tool("tram_index_query", "Queries the trams of a depot", "words"),
        tool("seeds_offered", "Seeds that a shop offers", "shop"),
        tool("pond_quality", "Latest samples of a pond", "pond"),
        tool("swim_history", "Whether and when a lane was used", "lane"),
        tool("pond_quota", "", "mill", returns="described"),
        tool("harvests", "The harvests of a year", "kind", values=("list", "count")),
    ],
    ids=lambda each: each.name,
)
def test_what_is_only_looked_up(said):
    found = assess(said)
    assert found.effect is Effect.READ
    assert found.confidence < 0.95


@pytest.mark.parametrize(
    "said",
    [
        tool("berth_upgrade", "Puts a boat into a better berth", "boat"),
        tool("sluice_gates", "Opens the gates of a sluice"),
        tool("boat_cancellations", "Cancellation of trips", "ids"),
        tool("pump_restarts", "Restart of a pump", "pump"),
        tool("hive_history", "History of a hive, then clears it", "hive"),
        tool("hive_entries", "Entries of a hive. Removes them afterwards."),
        tool("silo_status", "Status of a silo; starts the fan where it is warm"),
        tool("silo_levels", "Adjusts the levels of a silo", "silo"),
        tool("squash_logs", "Squash logs of a month", "month"),
        tool("thaw_stores", "Thaw stores of the cellar"),
        tool("barn_lights", "Lights of a barn", "barn", "on"),
        tool("barn_heaters", "Heaters of a barn", "action", values=("list", "start")),
        tool("manage_ferries", "Lists the ferries, and moors them"),
        tool("park_manage_ferries", "Lists ferries. Operations: - 'list': all - 'create': a new one"),
        tool("manage_moorings", "The moorings of a port"),
        tool("boat_tours", "Books a tour", "tour"),
        tool("boat_fares", "Fares of a line", "line", hints=(("readOnlyHint", False),)),
        tool("boat_fares", "Fares of a line", "line", hints=(("destructiveHint", True),)),
        tool("crew_notices", "Notices for a crew", "message"),
        tool("pond_quota", "", "mill"),
        tool("hurl_crates", "Hurl crates into the hold"),
    ],
    ids=lambda each: f"{each.name}: {each.description}",
)
def test_an_act_is_never_called_a_read(said):
    assert assess(said).effect is not Effect.READ
