"""What a client is told when something fails: a code and a sentence, never a traceback."""

from __future__ import annotations

import logging
from typing import Any

from attrs import frozen
from pygls.exceptions import JsonRpcException

from gloss_lsp.errors import GlossError

PARSE_ERROR = -32700
INVALID_REQUEST = -32600
METHOD_NOT_FOUND = -32601
INVALID_PARAMS = -32602
INTERNAL_ERROR = -32603
NOT_INITIALIZED = -32002
REQUEST_CANCELLED = -32800
REQUEST_FAILED = -32803
"""The codes of JSON-RPC 2.0 and LSP 3.18 (*Base Protocol*, `ErrorCodes`, `LSPErrorCodes`)."""

BROKEN = "Gloss has a fault and could not do this; its log says more."

logger = logging.getLogger(__name__)


@frozen
class Failure:
    """An error as it is answered."""

    code: int
    message: str
    data: Any = None

    def to_json(self) -> dict[str, Any]:
        """The `ResponseError` of the protocol."""
        more = {} if self.data is None else {"data": self.data}
        return {"code": self.code, "message": self.message, **more}


CANCELLED = Failure(REQUEST_CANCELLED, "The request was cancelled.")


class InvalidParamsError(GlossError):
    """The parameters of a message are not what the protocol says."""


class OfferedError(GlossError):
    """Something failed, and commands of ours may help; a client can offer them."""

    def __init__(self, message: str, commands: list[dict[str, Any]]) -> None:
        super().__init__(message)
        self.commands = commands


def failure_of(error: BaseException, method: str) -> Failure:
    """How an error is answered; what nobody foresaw goes to the log with its traceback."""
    if isinstance(error, InvalidParamsError):
        return Failure(INVALID_PARAMS, str(error))
    if isinstance(error, GlossError):
        # The request was right and failed: editors show this sentence (LSP 3.17, `RequestFailed`).
        data = {"commands": error.commands} if isinstance(error, OfferedError) else None
        return Failure(REQUEST_FAILED, str(error), data)
    if isinstance(error, JsonRpcException):
        return Failure(error.code, error.message)
    logger.error("%s failed", method, exc_info=error)
    return Failure(INTERNAL_ERROR, BROKEN)
