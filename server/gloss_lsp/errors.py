"""Everything that can go wrong with a model, as sentences for the user.

GlossError
├── Refused            private file, nothing to do, a wrong request
├── TooLong            the prompt cannot fit the model's context
├── Superseded         a newer request took this one's place
└── BackendError
    ├── Unreachable    nothing answers at the address
    ├── Unauthorized   the server wants a key, or another one
    ├── NoModel        nothing usable is installed
    ├── ModelMissing   the model that was asked for is not installed
    ├── CannotFill     the model cannot fill in the middle
    ├── OutOfMemory    the model does not fit
    ├── Busy           the server takes no more requests
    ├── Stalled        no piece came for longer than the setting allows
    └── Interrupted    the stream broke, or was not what it should be

Each is raised where the fact is known, and shown once, at the edge, as `str(error)`: one or two
sentences that say what happened and what to do.
"""

from __future__ import annotations


class GlossError(Exception):
    """The parent of all errors that a user may see."""


class Refused(GlossError):
    """What was asked for is not done, for a reason that is not a failure."""


class TooLong(GlossError):
    """The prompt cannot be made to fit the context of the model."""


class Superseded(GlossError):
    """A newer request took the place of this one, or it could not start in time."""


class BackendError(GlossError):
    """The parent of what a backend can raise."""


class Unreachable(BackendError):
    """Nothing answers at the address of the backend."""


class Unauthorized(BackendError):
    """The server refuses the request for want of a valid key."""


class NoModel(BackendError):
    """No usable model is installed."""


class ModelMissing(BackendError):
    """The model that was asked for is not installed."""

    def __init__(self, message: str, model: str) -> None:
        super().__init__(message)
        self.model = model


class CannotFill(BackendError):
    """The model cannot fill in the middle."""


class OutOfMemory(BackendError):
    """The model does not fit into memory."""


class Busy(BackendError):
    """The server takes no more requests now."""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after
        """The seconds after which the server wants to be asked again; None where it does not say."""


class Stalled(BackendError):
    """No piece came for longer than `backend.stallTimeout`."""


class Interrupted(BackendError):
    """The stream broke or was garbage; what had come before was passed on already."""
