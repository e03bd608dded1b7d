"""The modules of the rule pack, loaded by what is asked of the rules in them: each once."""

from __future__ import annotations

import pkgutil
from functools import cache
from importlib import import_module

from analysis.rules.pack import FAMILY_MODULES, REVIEW_MODULES


@cache
def load_family(family: str) -> None:
    """Load the rules of a family, such as `EXP`."""
    module = import_module(f"analysis.rules.pack.{FAMILY_MODULES[family]}")
    for part in pkgutil.walk_packages(getattr(module, "__path__", ()), f"{module.__name__}."):
        import_module(part.name)


@cache
def load_review_modules() -> None:
    """Load the rules that look at no definitions."""
    for name in REVIEW_MODULES:
        import_module(f"analysis.rules.pack.{name}")
