"""The requests that the server has sent and the client has not answered yet.

An answer always ends the waiting: an odd one as an error, and one that comes after nobody waits any
more without a word. What is in an answer is never logged: it can be settings, and so keys.
"""

from __future__ import annotations

import logging
import uuid
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

from attrs import frozen
from lsprotocol import types
from pygls.exceptions import JsonRpcException

if TYPE_CHECKING:
    from cattrs import Converter

logger = logging.getLogger(__name__)


@frozen
class Question:
    """One request to the client."""

    method: str
    answer: Future[Any]


class Asked:
    """The questions that are open."""

    def __init__(self, converter: Converter) -> None:
        self._converter = converter
        self._open: dict[str | int, Question] = {}

    def __len__(self) -> int:
        return len(self._open)

    def ask(self, method: str, request: str | int | None) -> tuple[str | int, Future[Any]]:
        """Note a question; the id to send it with, and where its answer will be."""
        request = str(uuid.uuid4()) if request is None else request
        question = Question(method, Future())
        self._open[request] = question
        # Whoever stops waiting cancels the future; nothing is kept for an answer that may never come.
        question.answer.add_done_callback(lambda _: self._open.pop(request, None))
        return request, question.answer

    def answered(self, message: dict[str, Any]) -> None:
        """Take an answer of the client."""
        request = message.get("id")
        question = self._open.get(request) if isinstance(request, str | int) else None
        if question is None or not question.answer.set_running_or_notify_cancel():
            logger.debug("An answer that nobody waits for: %s", request)
            return
        if "error" in message:
            question.answer.set_exception(_refusal(message["error"]))
            return
        try:
            question.answer.set_result(self._structured(question.method, message.get("result")))
        except Exception as error:  # noqa: BLE001  # whatever the client sent, the waiting has to end
            kind = type(error).__name__
            question.answer.set_exception(JsonRpcException(f"an odd answer to {question.method}: {kind}"))

    def abandon(self) -> None:
        """No more answers will come: the client has gone."""
        for question in list(self._open.values()):
            if question.answer.set_running_or_notify_cancel():
                question.answer.set_exception(JsonRpcException("the client has gone"))

    def _structured(self, method: str, result: Any) -> Any:  # noqa: ANN401  # as the method has it
        answer_type = types.METHOD_TO_TYPES.get(method, (None, None))[1]
        if answer_type is None:
            return result
        return self._converter.structure({"jsonrpc": "2.0", "id": 0, "result": result}, answer_type).result


def _refusal(error: object) -> JsonRpcException:
    if not isinstance(error, dict) or not isinstance(error.get("code"), int):
        return JsonRpcException("an odd error")
    return JsonRpcException(str(error.get("message")), error["code"])
