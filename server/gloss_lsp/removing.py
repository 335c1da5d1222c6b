"""Removes a model: out of memory first, then from the disk, and says what was set to it."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from gloss_lsp.core.choose import TASKS, find, same_model
from gloss_lsp.errors import BackendError

if TYPE_CHECKING:
    from gloss_lsp.backends.base import Model
    from gloss_lsp.gateway import Gateway
    from gloss_lsp.settings import Settings


async def installed(gateway: Gateway, name: str) -> Model | None:
    """What is known of a model; None where it is not there, or nothing is known."""
    with suppress(BackendError):
        return find(await gateway.models(), name)
    return None


async def remove(gateway: Gateway, settings: Settings, name: str) -> str:
    """Remove a model; a sentence about the tasks that are still set to it, empty where none is.

    Raises:
        Refused: the models of this backend cannot be removed.
        BackendError: it could not be removed, and why.
    """
    library = await gateway.library()
    model = await installed(gateway, name)
    if model is not None and model.loaded:
        # Where that fails, the removal says what is wrong.
        with suppress(BackendError):
            await library.unload(model.name)
    await library.delete(name)
    # Another look, so that nothing is chosen that is gone.
    await installed(gateway, name)
    left = [f"models.{task}" for task in TASKS if same_model(getattr(settings.models, task) or "", name)]
    if not left:
        return ""
    return f"{name} is removed, but {' and '.join(left)} still {'name' if left[1:] else 'names'} it: choose another."
