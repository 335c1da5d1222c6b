"""What of JSON becomes lsprotocol's classes and what is refused, and what is read of an introduction."""

from __future__ import annotations

import pytest
from lsprotocol import types

from gloss_lsp.lsp.capabilities import choose_encoding, introduction
from gloss_lsp.lsp.converter import make_converter


@pytest.mark.parametrize(
    ("offered", "chosen"),
    [
        (["utf-8", "utf-16", "utf-32"], "utf-32"),
        (["utf-8", "utf-16"], "utf-16"),
        (["utf-8"], "utf-8"),
        (["utf-16"], "utf-16"),
        (["utf-7"], "utf-16"),
        ([], "utf-16"),
        (None, "utf-16"),
        ("utf-32", "utf-16"),
    ],
)
def test_the_encoding_of_columns(offered: object, chosen: str) -> None:
    assert choose_encoding({"general": {"positionEncodings": offered}}) == chosen


def test_capabilities_of_any_shape_are_an_introduction() -> None:
    for capabilities in (None, [], "x", {"textDocument": 5}, {"textDocument": {"synchronization": [1]}}):
        params = make_converter().structure(
            introduction({"capabilities": capabilities}), types.InitializeParams
        )
        assert params.capabilities == types.ClientCapabilities()


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        (types.ExecuteCommandParams, {"command": None}),
        (types.ExecuteCommandParams, {"command": "x", "arguments": "abc"}),
        (types.ExecuteCommandParams, {"command": "x", "arguments": {"a": 1}}),
        (types.HoverParams, {"textDocument": {"uri": 5}, "position": {"line": 0, "character": 0}}),
        (types.HoverParams, {"textDocument": {"uri": "a"}, "position": {"line": -1, "character": 0}}),
        (types.HoverParams, {"textDocument": {"uri": "a"}, "position": {"line": None, "character": 0}}),
        (types.HoverParams, []),
    ],
)
def test_params_of_the_wrong_shape_are_not_bent_into_the_right_one(kind: type, raw: object) -> None:
    with pytest.raises((TypeError, ValueError, KeyError)):
        make_converter().structure(raw, kind)


def test_arrays_are_lists() -> None:
    raw = {"command": "x", "arguments": [{"uri": 1}]}
    assert make_converter().structure(raw, types.ExecuteCommandParams).arguments == [{"uri": 1}]
