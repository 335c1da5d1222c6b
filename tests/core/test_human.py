import pytest

from gloss_lsp.core.human import is_in, prior_of, script, script_shares


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("abc", "latin"),
        ("计算 average 值", "han"),
        ("引数を返す", "kana"),
        ("한국어", "hangul"),
        ("настройка HTTP", "cyrillic"),
        ("مرحبا", "arabic"),
        ("α of the sum", "latin"),
        ("Ελληνικά", "greek"),
        ("123 --- ???", None),
    ],
)
def test_the_script_of_most_letters(text, expected):
    assert script(text) == expected


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("计算平均值", "English", False),
        ("Compute the average", "English", True),
        ("Compute the average", "German", False),
        ("Berechnet die Summe", "English", False),
        ("Berechnet die Summe", "German", True),
        ("Anzahl Zeilen", "English", False),
        ("Größe x", "English", False),
        ("sau chuỗi thô", "English", False),
        ("Tính tổng", "Vietnamese", True),
        ("Vérifie que la liste est vide", "French", True),
        ("Calcula el tamaño de la lista", "Spanish", True),
        ("Calcula o tamanho da lista", "Brazilian Portuguese", True),
        ("это новое значение", "Russian", True),
        ("это новое значение", "Ukrainian", False),
        ("引数を返す", "Japanese", True),
        ("引数を返す", "Chinese", False),
        ("这是说明", "Simplified Chinese", True),
        ("這是說明", "Simplified Chinese", False),
        ("這是說明", "Traditional Chinese", True),
        ("설명", "Korean", True),
        ("counter", "English", True),
        ("HTTP_TIMEOUT", "English", True),
        ("set the `Größe` of foo_bar()", "English", True),
        ("Use HTTP", "Klingon", None),
        ("12 / 3", "English", None),
    ],
)
def test_whether_a_text_is_in_a_language(text, language, expected):
    assert is_in(text, language) is expected


@pytest.mark.parametrize(
    ("text", "language", "prior", "expected"),
    [
        ("resume", "English", None, True),
        ("resume", "English", "German", False),
        ("resume", "English", "Japanese", True),
        ("引数", "Japanese", "Japanese", True),
        ("引数", "Chinese", "Japanese", False),
        ("参数", "Chinese", None, True),
    ],
)
def test_short_texts_follow_their_file(text, language, prior, expected):
    assert is_in(text, language, prior) is expected


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        (["Liste der Werte", "gibt die Summe zurück"], "German"),
        (["説明です", "Return"], "Japanese"),
        (["计算", "Return"], "Chinese"),
        (["x", "y"], None),
        ([], None),
    ],
)
def test_the_language_of_a_file(texts, expected):
    assert prior_of(texts) == expected


def test_shares_leave_code_out():
    assert script_shares("`计算` is_ok value") == {"latin": 1.0}
    assert script_shares("ab计算") == {"latin": 0.5, "han": 0.5}
    assert script_shares("`x`") == {}
