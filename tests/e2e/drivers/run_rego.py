"""Decides requests with Rego: `POLICY DATA REQUESTS`; REQUESTS is a list of inputs. Prints what the engine says of each."""

import json
import sys
from pathlib import Path

import regopy

policy, data, requests = (Path(name).read_text("utf-8") for name in sys.argv[1:])
made = []
for one in json.loads(requests):
    engine = regopy.Interpreter()
    engine.add_module("clearance.rego", policy)
    engine.add_data_json(data)
    engine.set_input_term(json.dumps(one, ensure_ascii=False))
    made.append(str(engine.query("data.clearance.allow")))
print(json.dumps(made))
