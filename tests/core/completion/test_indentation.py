"""What a model wrote is indented as the file is."""
# ruff: noqa: E501  # a row of the table is one line

from __future__ import annotations

import pytest
from places import context_of

from gloss_lsp.core.completion.filters import clean

TABS = "func f() {\n\tif a {\n\t\tb()\n\t}\n"


@pytest.mark.parametrize(
    ("language", "place", "answer", "expected"),
    [
        ("go", TABS + "\t‸\n}\n", "if c {\n        d()\n    }\n", "if c {\n\t\td()\n\t}"),
        ("go", TABS + "\t‸\n}\n", "if c {\n    d()\n  }\n", "if c {\n\t\td()\n\t}"),
        ("go", TABS + "\t‸\n}\n", "if c {\n\t\td()\n\t}\n", "if c {\n\t\td()\n\t}"),
        ("go", TABS + "‸\n}\n", "    c()\n    d()\n", "\tc()\n\td()"),
        ("python", "def f():\n    a = 1\n    ‸\n", "if a:\n\t\treturn 1\n\treturn 2\n", "if a:\n        return 1\n    return 2"),
        ("javascript", "f(() => {\n  a();\n  ‸\n});\n", "if (a) {\n\t\tb();\n\t}\n", "if (a) {\n    b();\n  }"),
        # Nothing tells how the file is indented, or both ways do.
        ("python", "def f():‸\n", "\n\treturn 1\n", "\n\treturn 1"),
        ("c", "void f() {\n\ta();\n    b();\n    ‸\n}\n", "if (a) {\n\t\tb();\n\t}\n", "if (a) {\n\t\tb();\n\t}"),
        # Comments stand one space in, under tabs too.
        ("c", "\ta();\n\tb();\n‸", "/*\n * Why.\n */\n", "/*\n * Why.\n */"),
    ],
)  # fmt: skip
def test_indentation(language: str, place: str, answer: str, expected: str) -> None:
    assert clean(answer, context_of(place, language)) == expected
