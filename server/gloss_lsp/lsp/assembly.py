"""Puts a language server together: what lives as long as a session, and the features that use it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gloss_lsp.connect import Connector
from gloss_lsp.gateway import Gateway
from gloss_lsp.lsp import (
    code_actions,
    commands,
    completion,
    documents,
    hover,
    inline_completion,
    jobs,
    lifecycle,
    models,
    pages,
)
from gloss_lsp.lsp.advice import Advice
from gloss_lsp.lsp.apply import Applier
from gloss_lsp.lsp.client import Client
from gloss_lsp.lsp.explanations import Explanations
from gloss_lsp.lsp.selections import Selections
from gloss_lsp.lsp.server import Server
from gloss_lsp.lsp.status import Status
from gloss_lsp.pulls import Pulls

if TYPE_CHECKING:
    from gloss_lsp.configuration import Configuration

FEATURES = (
    lifecycle, documents, jobs, code_actions, commands, models, hover, pages, inline_completion, completion
)  # fmt: skip
"""Each declares its handlers in `register(server)`."""


def assemble(configuration: Configuration) -> Server:
    """A language server with all that Gloss does, not yet connected to a client."""
    server = Server()
    server.configuration = configuration
    server.client = Client(server, {}, None)
    connector = Connector(configuration, lambda notice: server.client.say("info", notice))
    server.gateway = Gateway(connector, lambda: configuration.settings)
    server.pulls = Pulls(server.gateway)
    server.documents = documents.Documents()
    server.jobs = jobs.Jobs(server)
    server.status = Status(server)
    server.selections = Selections()
    server.explanations = Explanations(server)
    server.pages = pages.Pages(server)
    server.applier = Applier(server)
    server.advice = Advice(server)
    for feature in FEATURES:
        feature.register(server)
    return server
