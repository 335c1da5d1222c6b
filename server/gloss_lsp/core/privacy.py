"""What may be sent to a model, and how secrets are masked on the way and put back into the answer."""

from __future__ import annotations

import re
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from attrs import field, frozen

from gloss_lsp.core.secrets import PLACEHOLDER, find_secrets

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pathspec import GitIgnoreSpec

DEFAULT_EXCLUDE: Final = (
    # Environments, and what is loaded into them.
    ".env*",
    "*.env",
    "*.tfvars",
    "*.tfstate*",
    "local.settings.json",
    # Private keys and stores of keys.
    "*.pem",
    "*.key",
    "*.p8",
    "*.p12",
    "*.pfx",
    "*.ppk",
    "*.jks",
    "*.keystore",
    "*.keytab",
    "*.kdb",
    "*.kdbx",
    "*.agekey",
    "*.ovpn",
    "id_rsa*",
    "id_dsa*",
    "id_ecdsa*",
    "id_ed25519*",
    ".ssh/",
    ".gnupg/",
    # What programs log in with.
    ".aws/",
    ".azure/",
    ".config/gcloud/",
    ".kube/",
    "kubeconfig*",
    "*.kubeconfig",
    ".docker/config.json",
    ".dockercfg",
    ".netrc",
    "_netrc",
    ".npmrc",
    ".pypirc",
    ".pgpass",
    "pgpass.conf",
    ".my.cnf",
    ".git-credentials",
    ".htpasswd",
    ".s3cfg",
    ".boto",
    ".vault-token",
    ".vault_pass*",
    ".*_history",
    # Data that is named for what it holds; code such as secrets.py or credentials.ts is not meant.
    "credentials",
    "*credential*.json",
    "*credential*.y*ml",
    "*credential*.toml",
    "*credential*.ini",
    "*credential*.xml",
    "*credential*.csv",
    "*credential*.properties",
    "*secret*.json",
    "*secret*.y*ml",
    "*secret*.toml",
    "*secret*.ini",
    "*secret*.properties",
    ".secrets*",
    "service-account*.json",
    "service_account*.json",
)
"""Patterns of files that are never sent, as gitignore has them, at any depth, in small or capital letters."""


@frozen
class Policy:
    """Which files may be sent, and whether secrets are masked."""

    exclude: tuple[str, ...] = DEFAULT_EXCLUDE
    """gitignore patterns; all of them match at any depth, also those with a slash in the middle."""
    redact: bool = True

    def refuses(self, path: str) -> str | None:
        """Why nothing of the file at this path may be sent, as a sentence; None where it may.

        Args:
            path: absolute or relative, with slashes or backslashes; empty for a text without a file.
        """
        # No pattern sees across a line end, and some systems allow one in a name.
        plain = path.replace("\\", "/").replace("\n", "_").strip("/")
        if not plain:
            return None
        found = self._spec.check_file(plain.lower())
        if not found.include or found.index is None:
            return None
        name, pattern = plain.rpartition("/")[2], self.exclude[found.index]
        return f"Nothing of {name} is sent to a model, because privacy.exclude names {pattern}."

    @cached_property
    def _spec(self) -> GitIgnoreSpec:
        from pathspec import GitIgnoreSpec  # noqa: PLC0415  # not needed before the first prompt

        return GitIgnoreSpec.from_lines([_anywhere(pattern) for pattern in self.exclude])


def _anywhere(pattern: str) -> str:
    """A pattern that matches at any depth, where git would anchor one with a slash in the middle."""
    return "**/" + pattern.strip().lower().removeprefix("**/").lstrip("/")


@frozen
class Masked:
    """Texts as they may be sent."""

    texts: tuple[str, ...]
    secrets: Mapping[str, str] = field(repr=False)
    """What each placeholder in `texts` stands for. Only these are put back: no answer can ask for others."""


class Masker:
    """Replaces secrets by placeholders; the same secret by the same placeholder for as long as this lives.

    The placeholders are numbered as the secrets come, so that nothing can be read out of them, and
    the beginning of a prompt stays the same from one request to the next.
    """

    def __init__(self) -> None:
        self._placeholders: dict[str, str] = {}
        self._count = 0

    def mask(self, *texts: str) -> Masked:
        """Mask what is secret in texts that stand one behind the other, as before and after a cursor.

        A secret that reaches from one text into the next is masked in both.
        """
        spans = find_secrets("".join(texts))
        secrets: dict[str, str] = {}
        masked = []
        begin = 0
        for text in texts:
            here = [(max(start - begin, 0), min(end - begin, len(text))) for start, end in spans]
            masked.append(self._mask(text, [(start, end) for start, end in here if start < end], secrets))
            begin += len(text)
        return Masked(tuple(masked), MappingProxyType(secrets))

    def _mask(self, text: str, spans: list[tuple[int, int]], secrets: dict[str, str]) -> str:
        pieces = []
        at = 0
        for start, end in spans:
            placeholder = self._placeholder(text[start:end])
            secrets[placeholder] = text[start:end]
            pieces += [text[at:start], placeholder]
            at = end
        return "".join([*pieces, text[at:]])

    def _placeholder(self, secret: str) -> str:
        # What is in use moves to the end; what was not seen for long is forgotten first, so that the
        # table stays small while somebody types a password.
        placeholder = self._placeholders.pop(secret, "")
        if not placeholder:
            self._count += 1
            placeholder = f"{PLACEHOLDER}{self._count}"
        self._placeholders[secret] = placeholder
        if len(self._placeholders) > _REMEMBERED:
            del self._placeholders[next(iter(self._placeholders))]
        return placeholder


_REMEMBERED = 1000
_NUMBERED = re.compile(rf"{PLACEHOLDER}\d+")


class Restorer:
    """Puts secrets back into an answer that comes in pieces, also where a placeholder is split.

    What may still become a placeholder is held back: never more than the longest of them.
    """

    def __init__(self, secrets: Mapping[str, str]) -> None:
        self._secrets = secrets
        self._longest = max(map(len, secrets), default=0)
        self._held = ""

    def feed(self, text: str) -> str:
        """The next piece with the secrets in their places, as far as it is certain."""
        if not self._secrets:
            return text
        text = self._held + text
        keep = len(text) - self._uncertain(text)
        self._held = text[keep:]
        return self._restored(text[:keep])

    def flush(self) -> str:
        """What was held back, once nothing more comes."""
        held, self._held = self._held, ""
        return self._restored(held)

    def _uncertain(self, text: str) -> int:
        """How many characters at the end may be the beginning of a placeholder, or of a longer one."""
        for length in range(min(self._longest, len(text)), 0, -1):
            end = text[-length:]
            if any(placeholder.startswith(end) for placeholder in self._secrets):
                return length
        return 0

    def _restored(self, text: str) -> str:
        return _NUMBERED.sub(lambda found: self._secrets.get(found[0], found[0]), text)
