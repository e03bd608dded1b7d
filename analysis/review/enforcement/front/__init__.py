"""The side of the gateway that agents see. `approved_components` and `server` are the only modules that import FastMCP."""
