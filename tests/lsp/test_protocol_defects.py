"""The defects of pygls 2.1.1 that our protocol closes, run on ours and on pygls as it is.

On our server no row may raise; on pygls's own every row has to, so that we learn when a defect has
been mended there and its patch can go.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import defect_rows as rows
import pytest
from raw_client import AnswerError, ServerProcess

if TYPE_CHECKING:
    from collections.abc import Callable

    Row = Callable[[ServerProcess], None]

PROBE = Path(__file__).with_name("probe_server.py")

ROWS: list[Row] = [
    rows.cancellation_reaches_commands,
    rows.what_was_cancelled_before_it_ran_does_not_run,
    rows.nothing_is_kept_per_message,
    rows.a_malformed_request_is_answered,
    rows.a_malformed_notification_does_not_pop_up,
    rows.a_key_named_jsonrpc_may_stand_anywhere,
    rows.bad_json_is_answered,
    rows.what_is_no_message_is_answered,
    rows.shutdown_ends_work_in_flight,
    rows.exit_without_shutdown_is_a_failure,
    rows.after_shutdown_requests_are_refused,
    rows.before_initialize_requests_are_refused,
    rows.threads_that_hang_leave_the_server_listening,
    rows.an_answer_that_nobody_waits_for_is_silent,
    rows.an_empty_answer_is_no_answer,
    rows.a_button_without_a_title_is_no_answer,
    rows.errors_hold_no_tracebacks,
    rows.a_sentence_for_the_user_is_a_failed_request,
    rows.a_notification_that_fails_does_not_pop_up,
    rows.a_result_that_is_not_json_is_an_error,
    rows.progress_forgets_its_tokens,
    rows.params_of_our_own_methods_are_plain,
    rows.all_capabilities_can_be_declared,
    rows.the_cheapest_encoding_is_chosen,
    rows.a_stray_print_is_not_a_message,
    rows.a_client_that_does_not_read_blocks_nobody,
]


def start(kind: str) -> ServerProcess:
    return ServerProcess([sys.executable, str(PROBE), kind])


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.__name__)
def test_is_closed_in_gloss(row: Row) -> None:
    with start("gloss") as client:
        row(client)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.__name__)
def test_is_open_in_pygls(row: Row) -> None:
    with (
        start("stock") as client,
        pytest.raises((AssertionError, AnswerError, OSError, ValueError, KeyError, EOFError)),
    ):
        row(client)
