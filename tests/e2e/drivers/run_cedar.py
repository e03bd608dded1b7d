"""Decides requests with Cedar: `POLICIES REQUESTS`; REQUESTS is a list of {request, entities}. Prints a list of decisions."""

import json
import sys
from pathlib import Path

import cedarpy

policies = Path(sys.argv[1]).read_text("utf-8")
made = []
for one in json.loads(Path(sys.argv[2]).read_text("utf-8")):
    result = cedarpy.is_authorized(one["request"], policies, one["entities"])
    made.append([result.decision.value, list(result.diagnostics.errors)])
print(json.dumps(made))
