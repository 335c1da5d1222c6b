import pytest

from gloss_lsp.core.comments.reply import is_finished, read_reply


@pytest.mark.parametrize(
    ("reply", "words", "expected"),
    [
        ("Computes the sum", "计算总和", "Computes the sum"),
        ("  Computes the sum.\n", "计算总和", "Computes the sum"),
        ("Computes the sum.", "计算总和。", "Computes the sum."),
        ("Computes\nthe sum", "计算总和", "Computes the sum"),
        ('"Computes the sum"', "计算总和", "Computes the sum"),
        ("“Computes the sum”", "计算总和", "Computes the sum"),
        ('"a" and "b"', '"a" 和 "b"', '"a" and "b"'),
        ("# Computes the sum", "计算总和", "Computes the sum"),
        ("// Computes the sum", "计算总和", "Computes the sum"),
        ("/* Computes the sum */", "计算总和", "Computes the sum"),
        ("/**\n * Computes\n * the sum\n */", "计算总和", "Computes the sum"),
        ('"""Computes the sum"""', "计算总和", "Computes the sum"),
        ("```\nComputes the sum\n```", "计算总和", "Computes the sum"),
        ("```python\n# Computes the sum\n```", "计算总和", "Computes the sum"),
        ("Here is the translation: Computes the sum", "计算总和", "Computes the sum"),
        ("Sure! Here's the translation in English:\n\nComputes the sum", "计算总和", "Computes the sum"),
        ("The comment translates to: Computes the sum", "计算总和", "Computes the sum"),
        ('The comment translates to: "Computes the sum"', "计算总和", "Computes the sum"),
        ("Translation: Computes the sum", "计算总和", "Computes the sum"),
        ("English: Computes the sum", "计算总和", "Computes the sum"),
        ("Here is the translation:\n```\nComputes the sum\n```", "计算总和", "Computes the sum"),
        ("Computes the sum\n\nNote: this is about sums.", "计算总和", "Computes the sum"),
        ("<think>hmm</think>Computes the sum", "计算总和", "Computes the sum"),
        ("Note: computes the sum", "注意：计算总和", "Note: computes the sum"),
    ],
)
def test_what_is_around_a_translation_is_taken_off(reply, words, expected):
    read = read_reply(reply, words, "English", last=False)
    assert read.problem == ""
    assert read.words == expected


@pytest.mark.parametrize(
    ("reply", "words", "target", "problem"),
    [
        ("", "计算", "English", "the model answered nothing"),
        ("...", "计算", "English", "the model answered nothing"),
        ("I'm sorry, but I can't", "计算", "English", "the model refused"),
        ("Xin lỗi, tôi không thể", "compute", "Vietnamese", "the model refused"),
        ("总和", "总和", "English", "the model gave it back as it was"),
        ("This comment translates into a sum", "计算", "English", "the model spoke about it"),
        ("The comment says to compute it", "计算", "English", "the model spoke about it"),
        ("The translation is a sum", "计算", "English", "the model spoke about it"),
        ("In English, this is a sum", "计算", "English", "the model spoke about it"),
        ("It computes <code>a", "计算 <code>a</code>", "English", "the model lost </code>"),
        ("To compute it, use this:\n\n```", "计算", "English", "the model spoke about it"),
        ("word " * 100, "计算", "English", "the model's answer was far too long"),
        ("Sum", "计算" * 100, "English", "the model's answer was far too short"),
        ("Use it", "使用 `deque`", "English", "the model lost `deque`"),
        ("See there", "见 https://a.b/c", "English", "the model lost https://a.b/c"),
        ("Sum of x", "{@code x} 的总和", "English", "the model lost {@code x}"),
        ("Reads the config", "读取 config_path", "English", "the model lost config_path"),
        ("Prints it %d times", "打印 %s 次", "English", "the model lost %s"),
        ("计算总和并返回", "Compute the sum, return it", "Japanese", "the model's answer was not in Japanese"),
        ("Compute the sum", "Berechne die Summe", "Russian", "the model's answer was not in Russian"),
        ("Computes 总和", "计算总和", "English", "the model's answer was not in English"),
        ("Berechnet die Summe der Werte und gibt sie zurück", "计算总和并返回", "English",
         "the model's answer was not in English"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_reply(reply, words, target, problem):
    assert read_reply(reply, words, target, last=False).problem == problem


@pytest.mark.parametrize(
    ("reply", "words", "target"),
    [
        ("A translation of the comment", "注释的翻译", "English"),
        ("See the comment above", "见上文", "English"),
        ("Translated text", "说明文字", "English"),
        ("Names in English", "英文名称", "English"),
        ("トークンを返す", "return the token", "Japanese"),
        ("See https://a.b/c, please", "请见https://a.b/c。", "English"),
        ("HTTP", "超文本传输协议", "English"),
        ("значение HTTP", "the value of HTTP", "Russian"),
        ("i18n für Größe", "尺寸的国际化", "German"),
    ],
)
def test_good_replies_pass(reply, words, target):
    assert read_reply(reply, words, target, last=False).problem == ""


def test_a_name_in_another_script_is_borne_with_the_second_time():
    assert read_reply("Computes the price in 元", "计算以元为单位的价格", "English", last=False).problem
    assert not read_reply("Computes the price in 元", "计算以元为单位的价格", "English", last=True).problem


@pytest.mark.parametrize(
    ("reply", "finished"),
    [
        ("A sum", False),
        ("A sum\n", False),
        ("A sum\n\n", True),
        ("\n\nA sum", False),
        ("Here:\n\nA", False),
        ("```\n\nA", False),
        ("Here:\n\nA\n\nNote", True),
    ],
)
def test_a_reply_is_finished_after_its_first_paragraph(reply, finished):
    assert is_finished(reply) is finished
