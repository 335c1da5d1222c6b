"""What the tests of explain ask about, and how they play the model.

`python tests/actions/explain_cases.py` writes the golden files anew.
"""

from __future__ import annotations

from pathlib import Path

from gloss_lsp.actions.base import Page, Prompt, Selection
from gloss_lsp.actions.explain import ACTION
from gloss_lsp.core.text import Source, Span

GOLDEN = Path(__file__).parent / "golden"

PYTHON = '''\
from decimal import Decimal

from shop.money import rounded

RATE = Decimal("0.19")


def apply(price):
    """The price with the tax that the law wants."""
    return rounded(price * (1 + RATE))


def unused():
    return 0


class Cart:
    def __init__(self, items):
        self.items = items

    def total(self):
        amount = Decimal(0)
        for item in self.items:
            price = item.price * item.count
            amount += apply(price)
        return amount
'''

GO = """\
package queue

import (
\t"errors"
\t"sync"
)

var ErrFull = errors.New("queue is full")

const limit = 64

type Queue struct {
\tmu    sync.Mutex
\titems []string
}

func (q *Queue) grow() {
\tnext := make([]string, len(q.items), 2*cap(q.items)+1)
\tcopy(next, q.items)
\tq.items = next
}

// Push adds an item.
func (q *Queue) Push(item string) error {
\tq.mu.Lock()
\tdefer q.mu.Unlock()
\tif len(q.items) >= limit {
\t\treturn ErrFull
\t}
\tif len(q.items) == cap(q.items) {
\t\tq.grow()
\t}
\tq.items = append(q.items, item)
\treturn nil
}
"""

TYPESCRIPT = """\
import { Store } from "./store";

export interface Line { sku: string; count: number }

const KEY = "cart";

export class Cart {
  private lines: Line[] = [];

  constructor(private store: Store) {}

  add(sku: string): void {
    this.lines.push({ sku, count: 1 });
    this.save();
  }

  private save(): void {
    this.store.put(KEY, JSON.stringify(this.lines));
  }
}
"""

DOCKERFILE = """\
FROM alpine

RUN apk add --no-cache curl && \\
  curl -fsSL https://example.org/i.sh | sh

USER 1000
"""

LONG = PYTHON.replace("        return amount\n", "        amount += 0\n" * 60 + "        return amount\n")


def select(text: str, language: str, path: str, first: str, **more: object) -> Selection:
    """The selection of `first` in `text`; a ``^`` in it stands for the cursor, and nothing is selected."""
    at = text.index(first.replace("^", ""))
    span = (
        Span(at, at + len(first)) if "^" not in first else Span(at + first.index("^"), at + first.index("^"))
    )
    return Selection(Source(text, language, path=path), span, **more)


CASES = {
    "python_line_of_method": select(PYTHON, "python", "shop/cart.py", "amount += apply(price)"),
    "python_cursor_in_method": select(PYTHON, "python", "shop/cart.py", "amount = ^Decimal"),
    "python_problem": select(
        PYTHON, "python", "shop/cart.py", "amount += apply(price)", target="German", diagnostic='"+" not\nsupported'
    ),
    "python_question": select(PYTHON, "python", "shop/cart.py", "for item in", instruction="Why is it a loop?"),
    "python_fits_partly": select(LONG, "python", "shop/cart.py", "amount += apply(price)", room=640),
    "go_cursor_in_method": select(GO, "go", "queue/queue.go", "q.mu.^Lock()"),
    "typescript_method": select(TYPESCRIPT, "typescript", "src/cart.ts", "^add(sku"),
    "no_grammar": select(DOCKERFILE, "dockerfile", "Dockerfile", "apk add --no-cache curl", target="Japanese"),
    "no_path": select("x\r\n\r\n  a ```` b\r\n    c\r\n", "plaintext", "", "  a ```` b\r\n    c\r\n"),
}  # fmt: skip


def written(prompt: Prompt) -> str:
    return f"{prompt.system}\n\n----- user, at most {prompt.max_tokens} tokens of answer\n\n{prompt.user}\n"


def first_prompt(selection: Selection) -> Prompt:
    prompt = next(ACTION.converse(selection))
    assert isinstance(prompt, Prompt)
    return prompt


def play(selection: Selection, *replies: str) -> tuple[list[Prompt], Page]:
    """The whole conversation, with the replies of a model; the last one again where there are too few."""
    conversation = ACTION.converse(selection)
    prompts: list[Prompt] = []
    page: object = None
    try:
        prompt = next(conversation)
        while True:
            assert isinstance(prompt, Prompt)
            prompts.append(prompt)
            prompt = conversation.send(replies[min(len(prompts), len(replies)) - 1])
    except StopIteration as ended:
        page = ended.value
    assert isinstance(page, Page)
    return prompts, page


if __name__ == "__main__":
    for name, case in CASES.items():
        (GOLDEN / f"explain_{name}.txt").write_text(
            written(first_prompt(case)), encoding="utf-8", newline="\n"
        )
