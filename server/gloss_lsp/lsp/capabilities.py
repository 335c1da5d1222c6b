"""What is declared in the answer to `initialize`, and what of the client's introduction is read for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from lsprotocol import types
from pygls.capabilities import ServerCapabilitiesBuilder

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pygls.feature_manager import FeatureManager

    from gloss_lsp.core.text import Encoding

SCHEME = "gloss"
"""The scheme of the virtual documents that pages are shown in."""

CHEAPEST_FIRST = ("utf-32", "utf-16", "utf-8")
"""Encodings of columns: Python counts code points, which is what utf-32 means."""

_READ = (("textDocument", "synchronization"), ("textDocument", "rename"), ("workspace", "fileOperations"))
"""The capabilities that pygls itself reads."""


def introduction(raw: Mapping[str, Any]) -> dict[str, Any]:
    """The params of `initialize` without what nobody reads in the form of lsprotocol's classes.

    Structuring all the capabilities of VS Code costs some 75 ms of the start; Gloss reads them raw.
    """
    given = capabilities_of(raw)
    kept: dict[str, Any] = {}
    for group, name in _READ:
        if isinstance(given.get(group), dict) and isinstance(given[group].get(name), dict):
            kept.setdefault(group, {})[name] = given[group][name]
    trace = {"trace": raw["trace"]} if raw.get("trace") in [value.value for value in types.TraceValue] else {}
    return {**{key: value for key, value in raw.items() if key != "trace"}, **trace, "capabilities": kept}


def capabilities_of(raw: Mapping[str, Any]) -> dict[str, Any]:
    """The capabilities in the params of `initialize`, as they were sent."""
    given = raw.get("capabilities")
    return given if isinstance(given, dict) else {}


def choose_encoding(capabilities: Mapping[str, Any]) -> Encoding:
    """The cheapest encoding that the client offers; utf-16 where it offers none (LSP 3.17)."""
    general = capabilities.get("general")
    offered = general.get("positionEncodings") if isinstance(general, dict) else None
    for encoding in CHEAPEST_FIRST:
        if isinstance(offered, list) and encoding in offered:
            return cast("Encoding", encoding)
    return "utf-16"


def declared(
    client: types.ClientCapabilities,
    features: FeatureManager,
    sync: types.TextDocumentSyncKind,
    encoding: Encoding,
) -> types.ServerCapabilities:
    """What the registered features amount to, with what pygls cannot declare."""
    known = {*features.features, *features.builtin_features}
    capabilities: types.ServerCapabilities = ServerCapabilitiesBuilder(
        client, known, features.feature_options, list(features.commands), sync, None, encoding
    ).build()  # type: ignore[no-untyped-call]
    commands = capabilities.execute_command_provider
    if commands is not None:
        commands.work_done_progress = True
    if types.TEXT_DOCUMENT_INLINE_COMPLETION in known and capabilities.inline_completion_provider is None:
        capabilities.inline_completion_provider = types.InlineCompletionOptions()
    if types.WORKSPACE_TEXT_DOCUMENT_CONTENT in known and capabilities.workspace is not None:
        content = types.TextDocumentContentOptions(schemes=[SCHEME])
        capabilities.workspace.text_document_content = content
    return capabilities
