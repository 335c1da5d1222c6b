"""What goes to the engine, llama.cpp's server, and what it says where it fails."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from gloss_lsp.backends.failures import shown
from gloss_lsp.backends.openai import requests
from gloss_lsp.backends.openai.wire import Chunk, Error
from gloss_lsp.backends.structure import NoObject, read, structure
from gloss_lsp.core.completion.anchor import anchored
from gloss_lsp.errors import Busy, GlossError, Interrupted, TooLong, Unauthorized

if TYPE_CHECKING:
    from gloss_lsp.backends.base import Chat, Fill
    from gloss_lsp.core.completion.forms import Form

_UNAUTHORIZED: Final = 401
_UNAVAILABLE: Final = 503
_NOT_NEEDED: Final = ("chat_template_kwargs",)
"""The models that come with Gloss do not think aloud."""


def chat_body(request: Chat) -> dict[str, Any]:
    """The body of a chat."""
    return requests.chat(request, _NOT_NEEDED)


def fill_body(request: Fill, form: Form) -> tuple[dict[str, Any], str]:
    """The body of a request that fills in the middle, and how the answer begins.

    In the anchored form a grammar holds the engine to that beginning, which is cut off from the answer.
    """
    body, anchor = requests.fill(request, form), None
    if request.since_anchor is not None:
        anchor = anchored(form, request.prefix, request.suffix, request.since_anchor)
    if anchor is None:
        return body, ""
    body["prompt"] = anchor.prompt
    if anchor.begins:
        # Blanks and letters alone: of them, only a tab has to be written otherwise.
        beginning = anchor.begins.replace("\t", "\\t")
        body["grammar"] = f'root ::= "{beginning}" [^\\x00]*'
    return body, anchor.begins


class Sentences:
    """Makes the errors of the engine."""

    def refusal(self, status: int, body: bytes) -> GlossError:
        """The error for what the engine says instead of an answer; a status of 0 is none."""
        try:
            said = read(body, Chunk)
        except NoObject:
            text = body.decode("utf-8", "replace")
            return self._error(status, Error(message=shown(text) or f"status {status}"))
        error = said.error if said.error is not None else said.message
        return self._error(
            status, Error(message=error) if isinstance(error, str) else structure(error, Error)
        )

    def failure(self, said: Any) -> GlossError:  # noqa: ANN401  # JSON
        """The error that an error event reports."""
        return self._error(0, Error(message=said) if isinstance(said, str) else structure(said, Error))

    def broken_off(self) -> GlossError:
        """The answer has no end."""
        return Interrupted("The embedded engine stopped in the middle of an answer: try again.")

    def foreign(self) -> GlossError:
        """What comes is no answer."""
        return Interrupted("The embedded engine says something that Gloss does not understand.")

    def _error(self, status: int, error: Error) -> GlossError:
        if error.type == "exceed_context_size_error":
            return TooLong(
                f"The prompt has {error.n_prompt_tokens} tokens, and the context of the embedded model "
                f"is {error.n_ctx}: ask about less, or set `gloss.models.contextLength` higher."
            )
        message = shown(error.message) or f"status {status}"
        if status == _UNAUTHORIZED:
            return Unauthorized("The embedded engine does not accept its own key: restart Gloss.")
        if status == _UNAVAILABLE:
            return Busy(f"The embedded engine takes no request now ({message}): try again.")
        return Interrupted(f"The embedded engine could not answer ({message}).")
