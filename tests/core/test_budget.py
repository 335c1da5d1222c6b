"""Estimates against what the tokenizer of Qwen2.5-Coder says, and which parts of a prompt are kept."""

from __future__ import annotations

import pytest

from gloss_lsp.core.budget import Fitted, Part, estimate, fit
from gloss_lsp.errors import TooLong

MEASURED = [
    (
        "Python",
        83,
        (
            "def moving_average(values: list[float], width: int) -> list[float]:\n"
            '    """Average each value with those before it."""\n'
            "    total = 0.0\n    averages = []\n    for index, value in enumerate(values):\n"
            "        total += value\n        if index >= width:\n            total -= values[index - width]\n"
            "        averages.append(total / min(index + 1, width))\n    return averages\n"
        ),
    ),
    (
        "Go",
        64,
        (
            "func (s *Store) Get(ctx context.Context, key string) ([]byte, error) {\n\ts.mu.RLock()\n"
            "\tdefer s.mu.RUnlock()\n\tif value, ok := s.items[key]; ok {\n\t\treturn value, nil\n\t}\n"
            '\treturn nil, fmt.Errorf("no item %q", key)\n}\n'
        ),
    ),
    (
        "C",
        68,
        (
            "static int parse_header(const uint8_t *buf, size_t len, struct header *out)\n{\n"
            "\tif (len < HEADER_SIZE || memcmp(buf, MAGIC, 4) != 0)\n\t\treturn -EINVAL;\n"
            "\tout->flags = buf[4] | (buf[5] << 8);\n\treturn 0;\n}\n"
        ),
    ),
    (
        "minified JavaScript",
        41,
        "function a(b,c){return b?c[b]:null}var d=[1,2,3].map(e=>e*2),f={g:d,h:function(){return this.g}};",
    ),
    ("numbers", 73, "0.1837, 12.55, 99182, 0x7fff, 3.14159265, 2718281828, 1e-9, 65535, 40, 8192"),
    ("German", 21, "Berechnet den gleitenden Durchschnitt der letzten Messwerte und gibt ihn zurück.\n"),
    ("Russian", 14, "Возвращает скользящее среднее последних измерений.\n"),
    ("Greek", 50, "Επιστρέφει τον κινητό μέσο όρο των τελευταίων μετρήσεων.\n"),
    ("Japanese", 17, "直近の測定値の移動平均を計算して返します。\n"),
    ("Chinese", 11, "计算并返回最近测量值的移动平均值。\n"),
    ("Korean", 20, "최근 측정값의 이동 평균을 계산하여 반환합니다.\n"),
    ("Arabic", 15, "تحسب المتوسط المتحرك لآخر القياسات وتعيده.\n"),
    ("Hindi", 32, "पिछले मापों का चल औसत लौटाता है।\n"),
    ("Vietnamese", 16, "Tính trung bình động của các phép đo gần nhất và trả về.\n"),
    ("Armenian", 47, "Վերադարձնում է վերջին չափումների սահող միջինը։\n"),
    ("emoji", 12, "✅ done 🎉 ❌ failed 🔥🔥\n"),
]


@pytest.mark.parametrize(("tokens", "text"), [pytest.param(*rest, id=name) for name, *rest in MEASURED])
def test_an_estimate_is_too_high_rather_than_too_low(tokens, text):
    assert tokens <= estimate(text) <= 3 * tokens


def test_an_estimate_grows_with_the_text_and_is_never_nothing():
    sizes = [estimate("x = f(y)\n" * count) for count in range(50)]
    assert sizes == sorted(sizes)
    assert sizes[0] == 1
    assert sizes[49] > 40 * sizes[1] / 2


def part(name, words, rank=0):
    return Part(name, "word " * words, rank)


COST = estimate("word " * 100)

FITS = [
    ("all", 4, ["selection", "imports", "helpers"], []),
    ("the least useful goes first", 3, ["selection", "imports"], ["helpers"]),
    ("then the next", 2, ["selection"], ["imports", "helpers"]),
]


@pytest.mark.parametrize(("room", "kept", "left_out"), [pytest.param(*rest, id=name) for name, *rest in FITS])
def test_what_is_kept(room, kept, left_out):
    parts = [part("imports", 100, 1), part("helpers", 100, 2), part("selection", 200)]
    fitted = fit(parts, room * COST)
    assert sorted(part.name for part in fitted.kept) == sorted(kept)
    assert list(fitted.left_out) == left_out
    assert [part for part in parts if part in fitted.kept] == list(fitted.kept), "their order has changed"


def test_a_part_that_is_too_large_does_not_take_the_smaller_ones_with_it():
    parts = [part("enclosing", 5000, 1), part("imports", 10, 2), part("selection", 100)]
    fitted = fit(parts, 2 * COST)
    assert fitted == Fitted((parts[1], parts[2]), ("enclosing",))


def test_equals_are_kept_in_their_order():
    parts = [part("first", 100, 1), part("second", 100, 1)]
    assert fit(parts, COST) == Fitted((parts[0],), ("second",))


def test_what_has_to_be_there_and_does_not_fit_is_said():
    with pytest.raises(TooLong, match=rf"about {2 * COST} tokens, and {COST} are free"):
        fit([part("selection", 100), part("instruction", 100), part("imports", 1, 1)], COST)


def test_nothing_fits_into_nothing():
    assert fit([], 0) == Fitted((), ())
    assert fit([part("imports", 1, 1)], 0) == Fitted((), ("imports",))
