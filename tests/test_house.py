"""The invariants that `gloss_lsp/__init__.py` states: layers, no state in modules, one version."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import gloss_lsp

ROOT = Path(gloss_lsp.__file__).parent
TEXTS = {path.relative_to(ROOT).as_posix(): path.read_text("utf-8") for path in sorted(ROOT.rglob("*.py"))}
TREES = {file: ast.parse(text) for file, text in TEXTS.items()}

MAY_IMPORT = {
    "pygls": ("lsp/",),
    "lsprotocol": ("lsp/",),
    "httpx": ("backends/",),
    "xllamacpp": ("backends/embedded/engine.py",),
    "rich": ("cli/",),
    "tree_sitter": ("core/",),
}
"""Who alone may import a package, in whatever way."""

NEEDS = {
    "core/": ("gloss_lsp.core", "gloss_lsp.errors"),
    "actions/": ("gloss_lsp.core", "gloss_lsp.errors", "gloss_lsp.actions"),
    "backends/": ("gloss_lsp.core", "gloss_lsp.errors", "gloss_lsp.backends", "gloss_lsp.address"),
}
"""What of Gloss a layer may need when it runs; for its types it may look at more."""

IMPURE = ("asyncio", "httpx", "lsprotocol", "os", "pygls", "socket", "subprocess")


def imports(tree, *, for_types=True):
    """The modules that a module imports, anywhere in it."""
    for node in ast.walk(tree) if for_types else at_run_time(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module if not node.level else "a relative import"
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module"):
            yield from (name.value for name in node.args[:1] if isinstance(name, ast.Constant))


def at_run_time(node):
    yield node
    for inner in ast.iter_child_nodes(node):
        if not (isinstance(inner, ast.If) and "TYPE_CHECKING" in ast.unparse(inner.test)):
            yield from at_run_time(inner)


def is_of(module, package):
    return module == package or module.startswith(package + ".")


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_a_package_is_imported_where_it_belongs(package):
    places = MAY_IMPORT[package]
    users = [file for file, tree in TREES.items() if any(is_of(module, package) for module in imports(tree))]
    assert [file for file in users if not file.startswith(places)] == []
    assert users, "the table is out of date"


def test_what_is_pure_needs_nothing_that_is_not():
    wrong = [
        f"{file} imports {module}"
        for file, tree in TREES.items()
        if file.startswith(("core/", "actions/"))
        for module in imports(tree, for_types=False)
        if module.split(".")[0] in IMPURE
    ]
    assert wrong == []


@pytest.mark.parametrize("layer", NEEDS)
def test_a_layer_needs_only_what_is_below_it(layer):
    wrong = [
        f"{file} needs {module}"
        for file, tree in TREES.items()
        if file.startswith(layer)
        for module in imports(tree, for_types=False)
        if is_of(module, "gloss_lsp") and not any(is_of(module, package) for package in NEEDS[layer])
    ]
    assert wrong == []


def test_imports_are_absolute():
    assert [file for file, tree in TREES.items() if "a relative import" in imports(tree)] == []


def questions(tree):
    """The lines on which a backend may be asked: every call of something named `chat` or `fill`."""
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in ("chat", "fill")
    ]


def test_nobody_asks_a_backend_but_the_gateway():
    others = {file: tree for file, tree in TREES.items() if not file.startswith(("gateway.py", "backends/"))}
    assert {file: lines for file, tree in others.items() if (lines := questions(tree))} == {}


def test_a_question_around_the_gateway_would_be_seen():
    assert questions(TREES["gateway.py"])
    assert questions(ast.parse("async for piece in self.connection.backend.chat(request): pass")) == [1]
    assert not questions(ast.parse("settings.models.chat or model.fill"))


DISPLAYS = (ast.List, ast.Dict, ast.Set, ast.ListComp, ast.DictComp, ast.SetComp)
MAKERS = re.compile(
    r"\b(list|dict|set|bytearray|deque|\w*dict|Counter|ContextVar|local|Lock|Event|Queue)$", re.IGNORECASE
)
CHANGES = re.compile(
    r"append|add|update|extend|insert|pop|popitem|remove|discard|clear|setdefault|sort|reverse"
)
CONSTANT = re.compile(r"_?[A-Z][A-Z0-9_]*|__all__")


def changeable(tree):
    """The names in a module, with their lines, whose values can be changed in place."""
    for node in tree.body:
        if isinstance(node, (ast.Assign, ast.AnnAssign)):
            value = node.value
            made = isinstance(value, ast.Call) and MAKERS.search(ast.unparse(value.func))
            if made or isinstance(value, DISPLAYS):
                for target in getattr(node, "targets", None) or [node.target]:
                    yield ast.unparse(target), node.lineno


def state(tree):
    """What a module holds that changes, or is not marked as a constant."""
    names = dict(changeable(tree))
    found = [f"line {line}: {name}" for name, line in names.items() if not CONSTANT.fullmatch(name)]
    for node in ast.walk(tree):
        changed = None
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and CHANGES.fullmatch(node.func.attr)
        ):
            changed = node.func.value
        elif isinstance(node, ast.Subscript) and not isinstance(node.ctx, ast.Load):
            changed = node.value
        if isinstance(node, ast.Global) or (changed is not None and ast.unparse(changed) in names):
            found.append(f"line {node.lineno}: {ast.unparse(node)}")
    return found


def test_no_module_holds_state():
    assert {file: found for file, tree in TREES.items() if (found := state(tree))} == {}


STATEFUL = [
    "cache = {}",
    "_seen: list[str] = []",
    "waiting = collections.deque()",
    "CACHE = {}\ndef put(key): CACHE[key] = 1",
    "CACHE = {}\ndef drop(key): del CACHE[key]",
    "SEEN = set()\ndef see(name): SEEN.add(name)",
    "count = 0\ndef more():\n    global count\n    count += 1",
]


@pytest.mark.parametrize("code", STATEFUL)
def test_state_in_a_module_would_be_seen(code):
    assert state(ast.parse(code))


def test_files_and_functions_stay_small():
    large = [file for file, text in TEXTS.items() if text.count("\n") > 250]
    for file, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                begin = node.body[0].end_lineno if ast.get_docstring(node) else node.lineno
                if node.end_lineno - begin > 40:
                    large.append(f"{file}: {node.name}")
    assert large == []


def test_every_module_says_what_it_is():
    assert [file for file, tree in TREES.items() if not ast.get_docstring(tree)] == []


def test_the_version_and_the_changelog_say_the_same():
    changelog = (ROOT.parents[1] / "CHANGELOG.md").read_text("utf-8")
    newest = re.search(r"^## \[(\d+\.\d+\.\d+)\]", changelog, re.MULTILINE)
    assert newest[1] == gloss_lsp.__version__
