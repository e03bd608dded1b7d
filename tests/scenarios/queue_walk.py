"""The walk of a reviewer through the queue, counted in keys: as proposed where that is one thing, else a block."""

from __future__ import annotations

from analysis.model import Risk
from analysis.review import queries

#: Keys that a reason of a person's own may take, once; afterwards it is recalled.
REASON = "not for agents before the next quarter"


class QueueWalk:
    """Decides every group of an open desk, then looks at each tool of the sample. `pressed` counts the keys."""

    def __init__(self, hand):
        self.hand = hand
        self.pressed = 0

    async def press(self, keys, typed=""):
        """Press keys; `typed` takes the place of TEXT."""
        self.pressed += len(keys.split()) + len(typed)
        await self.hand.types(keys if not typed else keys.replace("TEXT", f'"{typed}"'))

    async def decide_groups(self):
        """Go through the groups with work."""
        await self.press("2")
        area = self.hand.desk.list_area
        typed = False
        for _ in range(len(area._groups)):
            group, proposals = area.group(), area.proposals()
            if group is None or not group.undecided:
                break
            same = len({(p.decision, p.conditions) for p in proposals}) == 1 and len(proposals) == group.undecided
            if same and group.key.risk is not Risk.HIGH and not group.key.executes:
                await self.press("y enter")
                continue
            if typed:
                await self.press(".")
                continue
            await self.press("b TEXT enter", REASON)  # a reason of one's own, typed once and then recalled
            typed = len(group.tools) > 1

    async def look_at_sample(self):
        """Decide each tool of the sample with its evidence on the whole screen, and return their number."""
        drawn = queries.select(self.hand.review, "is:sampled")
        if drawn:
            await self.press("3 / TEXT enter", "is:sampled")
            await self.press("enter")
            for _ in drawn:
                assert self.hand.desk.tools_area.has_class("-evidence-only")
                assert self.hand.desk.tools_area.tool in drawn
                await self.press("a enter")
        return len(drawn)
