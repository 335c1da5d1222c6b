"""The node types of each grammar that Gloss looks for.

Node types change between the releases of a grammar, so the wheels are pinned exactly and each row
here has a test of its own. Types with ``identifier`` in them are names in every grammar.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from attrs import field, frozen

if TYPE_CHECKING:
    from collections.abc import Mapping

Kind = Literal["function", "method", "class", "type", "implementation", "module", "constant", "macro"]


@frozen
class Grammar:
    """Where a grammar is, and what its node types mean."""

    module: str
    comments: frozenset[str]
    definitions: Mapping[str, Kind]
    """A function inside a class, a type or an implementation is a method."""
    wrappers: frozenset[str] = frozenset()
    """Hold one definition or several, and belong to it: decorators, ``export``, ``const (…)``."""
    containers: frozenset[str] = frozenset()
    """May hold definitions of the module's level or of a class, and are none themselves."""
    imports: frozenset[str] = frozenset()
    import_commands: frozenset[str] = frozenset()
    """Calls that import: ``require``, ``source``."""
    functions: frozenset[str] = frozenset()
    """Values that make a function of the constant that is given them."""
    names: frozenset[str] = frozenset()
    """Leaves that are names though their type does not hold ``identifier``."""
    attributes: frozenset[str] = frozenset()
    """Siblings that stand before a definition and belong to it."""
    function: str = "language"
    """What in the module gives the grammar."""
    strings: frozenset[str] = field(default=frozenset())
    """Strings that may be documentation."""


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_JAVASCRIPT: dict[str, Kind] = {
    "function_declaration": "function",
    "generator_function_declaration": "function",
    "method_definition": "method",
    "class_declaration": "class",
    "variable_declarator": "constant",
    "field_definition": "constant",
}
_TYPESCRIPT: dict[str, Kind] = _JAVASCRIPT | {
    "abstract_class_declaration": "class",
    "interface_declaration": "type",
    "type_alias_declaration": "type",
    "enum_declaration": "type",
    "function_signature": "function",
    "method_signature": "method",
    "abstract_method_signature": "method",
    "public_field_definition": "constant",
    "internal_module": "module",
    "module": "module",
}
_C: dict[str, Kind] = {
    "function_definition": "function",
    "struct_specifier": "type",
    "union_specifier": "type",
    "enum_specifier": "type",
    "type_definition": "type",
    "declaration": "constant",
    "preproc_def": "macro",
    "preproc_function_def": "macro",
}
_CPP: dict[str, Kind] = _C | {
    "class_specifier": "class",
    "alias_declaration": "type",
    "concept_definition": "type",
    "namespace_definition": "module",
    "field_declaration": "constant",
}
_JS_WRAPPERS = _set("export_statement lexical_declaration variable_declaration")
_JS_CONTAINERS = _set("if_statement statement_block class_body")
_JS_FUNCTIONS = _set("arrow_function function_expression generator_function class")
_TYPESCRIPT_GRAMMAR = Grammar(
    "tree_sitter_typescript",
    _set("comment hash_bang_line html_comment"),
    _TYPESCRIPT,
    _JS_WRAPPERS | _set("ambient_declaration expression_statement"),
    _JS_CONTAINERS | _set("interface_body declaration_list"),
    _set("import_statement import_alias"),
    _set("require"),
    _JS_FUNCTIONS,
    function="language_typescript",
)
_C_CONTAINERS = _set(
    "preproc_if preproc_ifdef preproc_else preproc_elif preproc_elifdef linkage_specification "
    "declaration_list"
)

GRAMMARS: Mapping[str, Grammar] = {
    "python": Grammar(
        "tree_sitter_python",
        _set("comment"),
        {
            "function_definition": "function",
            "class_definition": "class",
            "assignment": "constant",
            "type_alias_statement": "type",
        },
        _set("decorated_definition expression_statement"),
        _set(
            "if_statement else_clause elif_clause try_statement except_clause finally_clause "
            "with_statement block"
        ),
        _set("import_statement import_from_statement future_import_statement"),
        functions=_set("lambda"),
        strings=_set("string"),
    ),
    "javascript": Grammar(
        "tree_sitter_javascript",
        _set("comment hash_bang_line html_comment"),
        _JAVASCRIPT,
        _JS_WRAPPERS,
        _JS_CONTAINERS,
        _set("import_statement"),
        _set("require"),
        _JS_FUNCTIONS,
    ),
    "typescript": _TYPESCRIPT_GRAMMAR,
    "tsx": Grammar(
        "tree_sitter_typescript",
        _TYPESCRIPT_GRAMMAR.comments,
        _TYPESCRIPT,
        _TYPESCRIPT_GRAMMAR.wrappers,
        _TYPESCRIPT_GRAMMAR.containers,
        _TYPESCRIPT_GRAMMAR.imports,
        _TYPESCRIPT_GRAMMAR.import_commands,
        _JS_FUNCTIONS,
        function="language_tsx",
    ),
    "c": Grammar(
        "tree_sitter_c", _set("comment"), _C, containers=_C_CONTAINERS, imports=_set("preproc_include")
    ),
    "cpp": Grammar(
        "tree_sitter_cpp",
        _set("comment"),
        _CPP,
        _set("template_declaration"),
        _C_CONTAINERS | _set("field_declaration_list"),
        _set("preproc_include using_declaration import_declaration"),
        functions=_set("lambda_expression"),
    ),
    "java": Grammar(
        "tree_sitter_java",
        _set("line_comment block_comment"),
        {
            "class_declaration": "class",
            "record_declaration": "class",
            "interface_declaration": "type",
            "enum_declaration": "type",
            "annotation_type_declaration": "type",
            "method_declaration": "method",
            "constructor_declaration": "method",
            "compact_constructor_declaration": "method",
            "field_declaration": "constant",
            "constant_declaration": "constant",
        },
        containers=_set("class_body interface_body enum_body enum_body_declarations annotation_type_body"),
        imports=_set("import_declaration"),
        functions=_set("lambda_expression"),
    ),
    "go": Grammar(
        "tree_sitter_go",
        _set("comment"),
        {
            "function_declaration": "function",
            "method_declaration": "method",
            "type_spec": "type",
            "type_alias": "type",
            "const_spec": "constant",
            "var_spec": "constant",
        },
        _set("type_declaration const_declaration var_declaration var_spec_list"),
        imports=_set("import_declaration"),
        functions=_set("func_literal"),
    ),
    "rust": Grammar(
        "tree_sitter_rust",
        _set("line_comment block_comment"),
        {
            "function_item": "function",
            "function_signature_item": "function",
            "struct_item": "type",
            "enum_item": "type",
            "union_item": "type",
            "type_item": "type",
            "associated_type": "type",
            "trait_item": "class",
            "impl_item": "implementation",
            "mod_item": "module",
            "const_item": "constant",
            "static_item": "constant",
            "macro_definition": "macro",
        },
        containers=_set("declaration_list foreign_mod_item"),
        imports=_set("use_declaration extern_crate_declaration"),
        functions=_set("closure_expression"),
        attributes=_set("attribute_item"),
    ),
    "bash": Grammar(
        "tree_sitter_bash",
        _set("comment"),
        {"function_definition": "function", "variable_assignment": "constant"},
        _set("declaration_command variable_assignments"),
        _set("if_statement else_clause elif_clause"),
        import_commands=_set("source ."),
        names=_set("variable_name word special_variable_name"),
    ),
}
