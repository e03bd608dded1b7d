"""The side of the gateway that agents see. `components` and `server` are the only modules that import FastMCP."""
