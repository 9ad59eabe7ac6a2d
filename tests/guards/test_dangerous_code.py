"""What an author or a patient writes is data: nothing runs it, and nothing prints it unescaped."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tests.guards.source import calls, modules, name_of, templates

# What runs text, reads objects out of bytes, or prints text as it is. Named exceptions, each with why.
CALLS = {
    "eval": {},
    "exec": {"screening/cql/compile.py": "runs source that we generate from a checked tree"},
    "compile": {"screening/cql/compile.py": "compiles source that we generate from a checked tree"},
    "__import__": {},
    "import_module": {},
    "Template": {},
    "from_string": {},
    "raw": {},
    "extra": {},
    "RawSQL": {},
    "mark_safe": {
        "screening/templatetags/nhs.py": "what the macros of the components made, which escape",
        "screening/templatetags/components.py": "what a template rendered, escaped once already",
        "screening/templatetags/icons.py": "an empty string",
    },
    "SafeString": {
        "screening/templatetags/field_parameters.py": "a literal line break",
        "screening/templatetags/components.py": "what a template rendered, escaped once already",
    },
}
IMPORTS = {"pickle", "marshal", "shelve", "dill", "cPickle", "xmlrpc", "telnetlib"}
# `.format` on something that is not a literal: who wrote that text?
FORMATS = {
    "accounts/mails.py": "our own layout of a mail; what is put into it is escaped",
    "audit/sealing.py": "our own sentences about a broken seal",
    "screening/cql/inline.py": "templates of generated source, with names we made",
    "screening/rules/reader.py": "our own phrases, which read a rule in English",
    "screening/followup/delivery.py": "the address of a made-up outbox for text messages",
}
UNESCAPED = {
    "templates/mfa/totp/activate_form.html": "the QR code that allauth draws",
    "templates/allauth/elements/panel.html": "buttons that allauth's own templates render",
}


def _where(name: str) -> set[str]:
    """Modules that call this, `re.compile` left out: a regular expression runs nothing."""
    return {
        path
        for path, tree in modules().items()
        for call in calls(tree)
        if name_of(call.func) == name and ast.unparse(call.func) != "re.compile"
    }


@pytest.mark.parametrize("name", sorted(CALLS))
def test_what_runs_or_prints_text_is_called_only_where_it_is_named(name: str) -> None:
    assert _where(name) == set(CALLS[name]), f"{name}: find another way, or name the module with its reason"


def test_the_scan_would_find_them() -> None:
    tree = ast.parse("import pickle\nfrom django.utils import safestring\nsafestring.mark_safe(eval(text))")
    assert {name_of(call.func) for call in calls(tree)} == {"mark_safe", "eval"}
    assert set(_imported(tree)) & IMPORTS == {"pickle"}
    assert len(modules()) > 150


def _imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield (node.module or "").split(".")[0]


def test_no_module_reads_objects_out_of_bytes() -> None:
    assert not {path for path, tree in modules().items() if IMPORTS & set(_imported(tree))}


def test_no_stored_text_is_a_format_string() -> None:
    found = {
        path
        for path, tree in modules().items()
        for call in calls(tree)
        if isinstance(call.func, ast.Attribute)
        and call.func.attr in {"format", "format_map"}
        and not (isinstance(call.func.value, ast.Constant) and isinstance(call.func.value.value, str))
    }
    new = sorted(found - set(FORMATS))
    assert not new, f"{new}: replace placeholders one by one, as `followup/messages.py` does"
    assert not set(FORMATS) - found, "an entry of FORMATS has no such call any more: take it out"


def test_no_pattern_comes_from_outside() -> None:
    """A regular expression that somebody else wrote can hang a process."""
    found = {
        f"{path}: {ast.unparse(call)[:60]}"
        for path, tree in modules().items()
        for call in calls(tree)
        if isinstance(call.func, ast.Attribute)
        and ast.unparse(call.func.value) == "re"
        and call.func.attr != "escape"
        and call.args
        and not isinstance(call.args[0], ast.Constant | ast.JoinedStr | ast.BinOp)
    }
    assert not found, "write the pattern where it is used"


def test_nothing_a_request_brings_becomes_the_name_of_a_filter() -> None:
    """`filter(**request.POST)` lets whoever asks choose what is compared with what."""
    found = {
        f"{path}: {ast.unparse(call)[:60]}"
        for path, tree in modules().items()
        for call in calls(tree)
        if name_of(call.func) in {"filter", "exclude", "get", "Q", "annotate", "order_by", "values", "create"}
        for keyword in call.keywords
        if keyword.arg is None and re.search(r"request|GET|POST|data", ast.unparse(keyword.value))
    }
    assert not found


def test_yaml_is_read_by_the_safe_loader() -> None:
    loads = [
        call
        for tree in modules().values()
        for call in calls(tree)
        if ast.unparse(call.func) in {"yaml.load", "yaml.load_all", "yaml.unsafe_load", "yaml.full_load"}
    ]
    assert loads, "the scan found no YAML"
    assert all(ast.unparse(keyword.value) == "SAFE" for call in loads for keyword in call.keywords)


def test_no_template_prints_text_as_it_is() -> None:
    unescaped = re.compile(r"\|\s*(safe|safeseq)\b|{%\s*autoescape\s+off|{%\s*debug")
    found = {path for path, text in templates().items() if unescaped.search(text)}
    assert len(templates()) > 60, "the scan found too few templates"
    assert found == set(UNESCAPED), "let Django escape it, or name the template with its reason"


def test_no_process_is_started_through_a_shell() -> None:
    started = [
        (path, call)
        for path, tree in modules().items()
        for call in calls(tree)
        if ast.unparse(call.func).startswith(("subprocess.", "os.system", "os.popen", "os.exec"))
    ]
    assert started, "the scan found no process being started"
    shells = [path for path, call in started if any(keyword.arg == "shell" for keyword in call.keywords)]
    shells += [
        path for path, call in started if not ast.unparse(call.func).startswith(("subprocess", "os.exec"))
    ]
    assert not shells, "give the program and its arguments as a list"
