"""The generators of MCP tools whose names are derived, one file each.

To add one, write its rule and put its records into `GENERATORS`: names in the allowlist, the command and the desk follow.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from analysis.errors import UsageError
from analysis.output.allowlist.names.generator import Generator
from analysis.output.allowlist.names.generators import (
    cnoe,
    fastapi_mcp,
    fastmcp,
    ivotoby,
    litellm,
    mcp_openapi_proxy,
    openapi_mcp_generator,
    orval,
    speakeasy,
    swagger_mcp,
)
from analysis.text import visible
from analysis.words import nearest

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Every generator with each of its rules, the newest rule of a generator last.
GENERATORS: Final = (
    Generator("fastmcp", "FastMCP", ("3.4.10", "3.4.11"), fastmcp.names_3),
    Generator("fastmcp", "FastMCP", ("4.1.2",), fastmcp.names_4_1),
    Generator("fastmcp", "FastMCP", ("4.2.3",), fastmcp.names_4_2),
    Generator("awslabs", "AWS Labs openapi-mcp-server (on FastMCP 3.4)", ("1.1.6",), fastmcp.names_awslabs),
    Generator("openapi-mcp-generator", "openapi-mcp-generator", ("4.0.1",), openapi_mcp_generator.given_names),
    Generator("ivotoby", "@ivotoby/openapi-mcp-server", ("1.16.1",), ivotoby.given_names),
    Generator("litellm", "LiteLLM proxy, spec_path", ("1.106.2", "1.108.7"), litellm.given_names),
    Generator("litellm-preview", "LiteLLM's preview of a document", ("1.106.2", "1.108.7"), litellm.preview_names),
    Generator("mcp-openapi-proxy", "mcp-openapi-proxy", ("0.4.0",), mcp_openapi_proxy.given_names),
    Generator("fastapi-mcp", "fastapi-mcp", ("0.4.0",), fastapi_mcp.given_names),
    Generator("orval", "orval, client mcp", ("7.13.2",), orval.given_names),
    Generator("speakeasy", "x-speakeasy-mcp of the document", ("extension",), speakeasy.given_names),
    Generator("swagger-mcp", "Vizioz Swagger-MCP", ("git-e7f7e39",), swagger_mcp.given_names),
    Generator("cnoe", "CNOE openapi-mcp-codegen", ("git-d0d9e1d",), cnoe.given_names),
)


def current_generators(generators: Iterable[Generator] = GENERATORS) -> tuple[Generator, ...]:
    """Return each generator once, with its newest rule."""
    return tuple({generator.name: generator for generator in generators}.values())


def generator_named(wanted: str, generators: Iterable[Generator] = GENERATORS) -> Generator:
    """Return a generator by `NAME` or `NAME@VERSION`.

    Raises `UsageError` for a name or version that is not in the table: rules change between versions, so none is guessed.
    """
    listed = tuple(generators)
    name, _, version = wanted.strip().partition("@")
    current = {generator.name: generator for generator in current_generators(listed)}
    if name not in current:
        near = nearest(name, list(current))
        remedy = f"did you mean {near}?" if near else f"known are {', '.join(current)}"
        raise UsageError("there is no such generator", place=visible(wanted, 80), remedy=remedy)
    if not version:
        return current[name]
    lines = [generator for generator in listed if generator.name == name]
    found = [generator for generator in lines if version in generator.versions]
    if not found:
        known = ", ".join(f"{name}@{each}" for generator in lines for each in generator.versions)
        raise UsageError(
            "the names of this version are not known",
            place=visible(wanted, 80),
            why="generators change their rules between versions, and a name that is guessed may denote another operation",
            remedy=f"known are {known}",
        )
    return replace(found[0], versions=(version,))
