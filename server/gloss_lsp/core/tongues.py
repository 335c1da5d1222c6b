"""Human languages by their names: what a setting or a locale says, and what a model understands."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

NAMES: Mapping[str, str] = MappingProxyType({
    "af": "Afrikaans", "ar": "Arabic", "az": "Azerbaijani", "be": "Belarusian", "bg": "Bulgarian",
    "bn": "Bengali", "bs": "Bosnian", "ca": "Catalan", "cs": "Czech", "cy": "Welsh", "da": "Danish",
    "de": "German", "el": "Greek", "en": "English", "eo": "Esperanto", "es": "Spanish", "et": "Estonian",
    "eu": "Basque", "fa": "Persian", "fi": "Finnish", "fr": "French", "ga": "Irish", "gl": "Galician",
    "gu": "Gujarati", "he": "Hebrew", "hi": "Hindi", "hr": "Croatian", "hu": "Hungarian", "hy": "Armenian",
    "id": "Indonesian", "is": "Icelandic", "it": "Italian", "ja": "Japanese", "ka": "Georgian",
    "kk": "Kazakh", "km": "Khmer", "kn": "Kannada", "ko": "Korean", "lo": "Lao", "lt": "Lithuanian",
    "lv": "Latvian", "mk": "Macedonian", "ml": "Malayalam", "mn": "Mongolian", "mr": "Marathi",
    "ms": "Malay", "my": "Burmese", "nb": "Norwegian", "ne": "Nepali", "nl": "Dutch", "nn": "Norwegian Nynorsk",
    "no": "Norwegian", "pa": "Punjabi", "pl": "Polish", "pt": "Portuguese", "ro": "Romanian",
    "ru": "Russian", "si": "Sinhala", "sk": "Slovak", "sl": "Slovenian", "sq": "Albanian", "sr": "Serbian",
    "sv": "Swedish", "sw": "Swahili", "ta": "Tamil", "te": "Telugu", "th": "Thai", "tl": "Filipino",
    "tr": "Turkish", "uk": "Ukrainian", "ur": "Urdu", "uz": "Uzbek", "vi": "Vietnamese", "zh": "Chinese",
    "pt-br": "Brazilian Portuguese", "zh-cn": "Simplified Chinese", "zh-sg": "Simplified Chinese",
    "zh-hans": "Simplified Chinese", "zh-tw": "Traditional Chinese", "zh-hk": "Traditional Chinese",
    "zh-hant": "Traditional Chinese",
})  # fmt: skip
"""English names by language tags in lower case (ISO 639-1; with a region or script where it changes the writing)."""


def tongue(wanted: str, locale: str = "") -> str:
    """The English name of the language that a setting means.

    Args:
        wanted: a tag (``de``, ``pt-BR``, ``zh_CN.UTF-8``), an English name, or ``auto``.
        locale: what ``auto`` means here, as a tag; English where it is empty or ``C``.

    A name that is not known here is passed on as it is: the model may know it.
    """
    if wanted.strip().lower() in ("", "auto"):
        named = _by_tag(locale)
        return named or "English"
    return _by_tag(wanted) or wanted.strip()[:40]


def tags(name: str) -> tuple[str, ...]:
    """The primary tags of a language by its English name: ``Brazilian Portuguese`` gives ``pt``."""
    found = {tag.split("-")[0] for tag, known in NAMES.items() if known.lower() == name.lower()}
    return tuple(sorted(found))


def _by_tag(text: str) -> str | None:
    tag = text.strip().split(".")[0].split("@")[0].replace("_", "-").lower()
    parts = tag.split("-")
    for length in range(len(parts), 0, -1):
        named = NAMES.get("-".join(parts[:length]))
        if named:
            return named
    return next((name for name in NAMES.values() if name.lower() == text.strip().lower()), None)
