"""An editor for the tests of a file: one server for them all, which each test finds as new."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from session import Session, session

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    with session(tmp_path_factory.mktemp("home")) as made:
        yield made


@pytest.fixture
def editor(shared: Session) -> Session:
    shared.anew()
    return shared
