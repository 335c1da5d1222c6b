"""`python -m gloss_lsp` is `gloss`."""

from __future__ import annotations

import sys

from gloss_lsp.cli import main

sys.exit(main())
