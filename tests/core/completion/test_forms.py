"""Which models can fill in the middle, in which form, and that the user's text cannot break a form."""

import pytest

from gloss_lsp.core.completion.forms import defuse, form_for

CHATML = (
    "{{ range .Messages }}<|im_start|>{{ .Role }}\n{{ .Content }}<|im_end|>\n{{ end }}<|im_start|>assistant\n"
)
QWEN = "{{- if .Suffix }}<|fim_prefix|>{{ .Prompt }}<|fim_suffix|>{{ .Suffix }}<|fim_middle|>{{ end }}"
STARCODER = (
    "<file_sep>{{- if .Suffix }}<fim_prefix>\n{{ .Prompt }}<fim_suffix>{{ .Suffix }}<fim_middle>{{ end }}"
)
MELLUM = "{{- if .Suffix }}<fim_suffix>{{ .Suffix }}<fim_prefix>{{ .Prompt }}<fim_middle>{{ end }}"
DEEPSEEK = "{{- if .Suffix }}<｜fim▁begin｜>{{ .Prompt }}<｜fim▁hole｜>{{ .Suffix }}<｜fim▁end｜>{{ end }}"
CODESTRAL = "{{- if .Suffix }}[SUFFIX]{{ .Suffix }}[PREFIX] {{ .Prompt }}{{ end }}"
CODELLAMA = "{{- if .Suffix }}<PRE> {{ .Prompt }} <SUF>{{ .Suffix }} <MID>{{ end }}"

KNOWN = [
    # template, architecture, what it is called, the prompt for "a" and "b"
    (QWEN, "qwen2", "anything", "<|fim_prefix|>a<|fim_suffix|>b<|fim_middle|>"),
    (QWEN, "", "", "<|fim_prefix|>a<|fim_suffix|>b<|fim_middle|>"),
    (CHATML, "qwen2", "my-coder:latest", "<|fim_prefix|>a<|fim_suffix|>b<|fim_middle|>"),
    (CHATML, "qwen2", "work Qwen2.5-Coder 1.5B Instruct", "<|fim_prefix|>a<|fim_suffix|>b<|fim_middle|>"),
    ("{{ .Prompt }}", "qwen2", "qwen2.5-coder:1.5b-base", "<|fim_prefix|>a<|fim_suffix|>b<|fim_middle|>"),
    ("", "qwen3moe", "qwen3-coder:30b", "<|fim_prefix|>a<|fim_suffix|>b<|fim_middle|>"),
    (QWEN, "gemma", "codegemma:7b-code", "<|fim_prefix|>a<|fim_suffix|>b<|fim_middle|>"),
    ("{{ .Prompt }}", "gemma", "codegemma:2b", "<|fim_prefix|>a<|fim_suffix|>b<|fim_middle|>"),
    ("", "granitehybrid", "granite4:tiny-h", "<|fim_prefix|>a<|fim_suffix|>b<|fim_middle|>"),
    (STARCODER, "starcoder2", "starcoder2:3b", "<fim_prefix>a<fim_suffix>b<fim_middle>"),
    ("{{ .Prompt }}", "starcoder2", "mine", "<fim_prefix>a<fim_suffix>b<fim_middle>"),
    ("", "llama", "granite-code:3b", "<fim_prefix>a<fim_suffix>b<fim_middle>"),
    ("", "stablelm", "stable-code:3b-code", "<fim_prefix>a<fim_suffix>b<fim_middle>"),
    ("", "qwen2", "codeqwen:7b", "<fim_prefix>a<fim_suffix>b<fim_middle>"),
    (MELLUM, "llama", "mine", "<fim_suffix>b<fim_prefix>a<fim_middle>"),
    (STARCODER, "llama", "mellum-4b", "<fim_suffix>b<fim_prefix>a<fim_middle>"),
    ("", "llama", "hf.co/JetBrains/Mellum-4b-base-gguf", "<fim_suffix>b<fim_prefix>a<fim_middle>"),
    (DEEPSEEK, "deepseek2", "deepseek-coder-v2:16b", "<｜fim▁begin｜>a<｜fim▁hole｜>b<｜fim▁end｜>"),
    ("", "llama", "deepseek-coder:6.7b", "<｜fim▁begin｜>a<｜fim▁hole｜>b<｜fim▁end｜>"),
    (CODESTRAL, "llama", "codestral:22b", "[SUFFIX]b[PREFIX] a"),
    ("[INST] {{ .Prompt }} [/INST]", "llama", "codestral", "[SUFFIX]b[PREFIX] a"),
    (CODELLAMA, "llama", "codellama:7b-code", "<PRE> a <SUF>b <MID>"),
    ("", "llama", "hf.co/TheBloke/CodeLlama-13B-GGUF", "<PRE> a <SUF>b <MID>"),
    ("", "llama", "Seed-Coder-8B-Base", "<[fim-suffix]>b<[fim-prefix]>a<[fim-middle]>"),
    # Of servers that say nothing but a name.
    ("", "", "Qwen/Qwen2.5-Coder-7B", "<|fim_prefix|>a<|fim_suffix|>b<|fim_middle|>"),
    ("", "", "/srv/qwen3-coder-30b-a3b-q4_k_m.gguf", "<|fim_prefix|>a<|fim_suffix|>b<|fim_middle|>"),
    ("", "", "google/codegemma-2b", "<|fim_prefix|>a<|fim_suffix|>b<|fim_middle|>"),
    ("", "", "bigcode/starcoder2-7b", "<fim_prefix>a<fim_suffix>b<fim_middle>"),
    ("", "", "deepseek-ai/DeepSeek-Coder-V2-Lite-Base", "<｜fim▁begin｜>a<｜fim▁hole｜>b<｜fim▁end｜>"),
    ("", "", "mistralai/Codestral-22B-v0.1", "[SUFFIX]b[PREFIX] a"),
]

UNKNOWN = [
    (CHATML, "qwen2", "qwen2.5:7b Qwen2.5 Instruct"),
    (CHATML, "qwen2", "deepcoder:14b"),
    (CHATML, "qwen3", "qwen3:8b"),
    (CHATML, "llama", "my-coder:latest"),
    ("", "gemma", "codegemma:7b"),
    ("", "gemma3", "gemma3:4b"),
    ("", "llama", "codellama:7b-python"),
    ("", "llama", "codellama:34b"),
    ("", "mamba", "codestral-mamba"),
    ("{{ .Prompt }} <PRE>", "llama", "llama3.2:3b"),
    ("", "gptoss", "gpt-oss:20b"),
    ("", "", ""),
    ("", "", "my-coder"),
    ("", "", "Qwen/Qwen2.5-7B-Instruct"),
    ("", "", "agentica-org/DeepCoder-14B-Preview"),
    ("", "", "google/codegemma-7b-it"),
]


@pytest.mark.parametrize(("template", "architecture", "name", "prompt"), KNOWN)
def test_a_model_is_asked_in_the_form_that_it_knows(template, architecture, name, prompt):
    form = form_for(template, architecture, name)
    assert form is not None
    assert form.render("a", "b") == prompt


@pytest.mark.parametrize(("template", "architecture", "name"), UNKNOWN)
def test_a_model_that_was_not_taught_to_fill_is_not_asked_to(template, architecture, name):
    assert form_for(template, architecture, name) is None


def test_a_model_stops_at_every_token_that_begins_a_part():
    for template, architecture, name, _ in KNOWN:
        form = form_for(template, architecture, name)
        parts = {form.prefix.strip(), form.suffix.strip(), form.middle.strip()} - {""}
        assert parts <= set(form.stops), form.name


def test_the_stops_of_a_family_are_its_own():
    assert "<|file_separator|>" in form_for(QWEN, "gemma", "codegemma:2b-code").stops
    assert "<|im_end|>" in form_for(QWEN, "qwen2", "").stops


DEFUSED = [
    # prefix, suffix, what of both is sent
    ("def f():\n    ", "\n    return 1\n", "def f():\n    ", "\n    return 1\n"),
    ('a = 1\nmarker = "<|fim_middle|>"\nb = ', "", "a = 1\nb = ", ""),
    ("", '\nmarker = "<|fim_suffix|>"\nb = 2', "", "\nb = 2"),
    ('x = ("<|fim_prefix|>", ', ', "<|fim_suffix|>")\ny', '", ', ', "\ny'),
    ("<|im_end|>\n<|im_end|>\n", "<|im_end|>", "", ""),
    ("<|fim_<|fim_middle|>middle|>\nx", "", "x", ""),
    ("<|fim_", "middle|>", "<|fim_", "middle|>"),
]


@pytest.mark.parametrize(("prefix", "suffix", "before", "after"), DEFUSED)
def test_markers_in_the_users_text_do_not_act(prefix, suffix, before, after):
    form = form_for(QWEN, "qwen2", "")
    assert form.render(prefix, suffix) == f"<|fim_prefix|>{before}<|fim_suffix|>{after}<|fim_middle|>"


def test_markers_of_other_families_stay_where_they_mean_nothing():
    assert form_for(QWEN, "qwen2", "").render("[PREFIX]\n", "") == (
        "<|fim_prefix|>[PREFIX]\n<|fim_suffix|><|fim_middle|>"
    )


def test_for_a_template_that_is_not_known_the_markers_of_all_are_left_out():
    assert defuse("[PREFIX]\n<PRE>\n<|fim_middle|>\nx", "y\n<｜fim▁hole｜>") == ("x", "y")
