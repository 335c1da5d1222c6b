"""The file that the demo opens, and the places in it that the demo asks about."""

from __future__ import annotations

from attrs import frozen

_TEXT = """\
def moving_average(values, n):
    # {average}
    total = 0.0
    averages = []
    for i, value in enumerate(values):
        total += value
        if i >= n:
            # {leaving}
            total -= values[i - n]
        averages.append(total / min(i + 1, n))
    return averages


def clamp(value, low, high):
    # Keeps a value between two limits.
    if value < low:
        """
_COMMENTS = {
    "Chinese": ("计算最近 n 个值的移动平均", "减去不再属于窗口的值"),
    "Portuguese": (
        "Calcula a média móvel das últimas n amostras",
        "Remove a amostra antiga que saiu da janela",
    ),
}


@frozen
class Sample:
    """A file that is short enough for a small model on a slow machine."""

    text: str
    language: str
    """The human language of its comments."""
    name: str = "moving_average.py"
    explained: tuple[int, int] = (0, 10)
    """The first and the last line to explain, from zero."""


def sample(target: str) -> Sample:
    """The file, with comments in a language that is not the one to translate to."""
    language = next(each for each in _COMMENTS if each not in target)
    average, leaving = _COMMENTS[language]
    return Sample(_TEXT.format(average=average, leaving=leaving), language)
