"""Every service writes one line of the trail, and cannot be called with its arguments mixed up."""

from __future__ import annotations

import ast
import functools

from tests.guards.source import calls, dotted, modules, name_of

# Services that leave no line of their own, and why that is right. Whoever adds one here has thought.
SILENT = {
    "screening.cases.services.move": "a step inside a service that says why; its row in the history is kept",
    "screening.intake.services.withdrawal.end_erased": "a step inside clearing, which records",
    "screening.followup.services.checking.check": "decides only; what it does is issue_link, which records",
}
# Steps inside a service, called with a locked object first; everything else names its arguments.
STEPS = {
    "screening.cases.services.move": "called as move(case, Move.X) inside every service that moves",
    "screening.followup.services.checking.check": "a question about one reminder, asked by the fence",
    "screening.followup.services.alerting.record_alert": "the line about an alert, inside what changes it",
    "screening.intake.services.documents.add_uploads": "a part of saving a page",
    "screening.intake.services.safety.raise_red_flags": "a part of saving a page",
    "screening.intake.services.drafts.raise_due_advice": "a part of saving a page",
    "screening.intake.services.writing.write": "a part of every save",
}
Function = tuple[str, str]


def is_services(path: str) -> bool:
    return path.endswith("/services.py") or "/services/" in path


@functools.cache
def functions() -> dict[Function, ast.FunctionDef]:
    """Every function of every services module, private ones too, by module and name."""
    return {
        (dotted(path), node.name): node
        for path, tree in modules().items()
        if is_services(path)
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
    }


def services() -> dict[str, ast.FunctionDef]:
    """The public ones that somebody does at some time: what takes `by` and `at` is a service."""
    return {
        f"{module}.{name}": node
        for (module, name), node in functions().items()
        if module.startswith("screening.") and not name.startswith("_") and {"by", "at"} <= _arguments(node)
    }


def _arguments(node: ast.FunctionDef) -> set[str]:
    return {argument.arg for argument in (*node.args.args, *node.args.kwonlyargs)}


@functools.cache
def _names(module: str) -> dict[str, Function]:
    """What a name means in a module: its own functions, and those it imports."""
    path = next(path for path in modules() if dotted(path) == module)
    meant = {name: (home, name) for home, name in functions() if home == module}
    for node in ast.walk(modules()[path]):
        if isinstance(node, ast.ImportFrom) and node.module:
            meant |= {alias.asname or alias.name: (node.module, alias.name) for alias in node.names}
    return meant


def _called(function: Function) -> set[Function]:
    meant = _names(function[0])
    return {meant[name] for call in calls(functions()[function]) if (name := name_of(call.func)) in meant}


@functools.cache
def recording() -> frozenset[Function]:
    """Functions that write to the trail, themselves or through one that does, whichever module has it."""
    found = {
        ("audit.services", "record"),
        ("audit.services", "record_each"),
        ("screening.cases.trail", "record_about"),
    }
    while True:
        more = {function for function in functions() if _called(function) & found} - found
        if not more:
            return frozenset(found)
        found |= more


def test_the_scan_finds_the_services() -> None:
    assert len(services()) > 25
    assert "screening.review.decision.services.decide" in services()
    assert "screening.intake.services.drafts.save_page" in services()
    assert len(recording()) > 25


def test_every_service_writes_to_the_trail() -> None:
    heard = {f"{module}.{name}" for module, name in recording()}
    silent = set(services()) - heard
    new = sorted(silent - set(SILENT))
    assert not new, f"call audit.services.record in {new}, or say in SILENT why no line is right"
    assert not set(SILENT) - silent, "an entry of SILENT is gone or records by now: take it out"


def test_every_service_names_its_arguments() -> None:
    loose = {name for name, node in services().items() if node.args.args or node.args.vararg}
    new = sorted(loose - set(STEPS))
    assert not new, f"start the arguments of {new} with a star, so that none can be taken for another"
    assert not set(STEPS) - loose, "an entry of STEPS is gone or names its arguments by now: take it out"


def test_every_service_is_one_transaction() -> None:
    """Who records outside of a transaction may keep the line and lose the deed, or the other way round."""
    bare = {
        name
        for name, node in services().items()
        if name not in STEPS and not any(name_of(call.func) == "atomic" for call in calls(node))
    }
    assert bare == set(ONE_CALL), "write inside `with transaction.atomic():`, or say why it needs none"


ONE_CALL = {
    "screening.intake.services.withdrawal.expire_drafts": "each form goes in a transaction of its own",
    "screening.intake.services.scanning.scan_documents": "each verdict is a transaction of its own",
    "screening.intake.services.links.issue_link": "issue_links for one",
    "screening.cases.services.judge": "called inside the transaction that changed the answers",
}


def test_no_service_reads_the_clock() -> None:
    reads = {
        path
        for path, tree in modules().items()
        if is_services(path) or path.endswith(("/policies.py", "/selectors.py", "/presenters.py"))
        for call in calls(tree)
        if name_of(call.func) in {"now", "today", "utcnow", "localdate", "localtime"}
        and not (isinstance(call.func, ast.Name) and call.func.id == "now")  # a clock that was handed in
    }
    assert reads == set(), "the time is an argument (`at`): read it in the view, the task or the command"


def test_only_views_tasks_and_commands_read_the_clock() -> None:
    readers = {
        path
        for path, tree in modules().items()
        if path.startswith("screening/")
        for call in calls(tree)
        if ast.unparse(call.func) in {"timezone.now", "dt.datetime.now", "datetime.now", "dt.date.today"}
    }
    assert len(readers) > 10, "the scan found too few readers of the clock"
    allowed = ("views", "tasks.py", "commands/", "middleware.py", "gallery.py")
    assert not [path for path in readers if not any(part in path for part in allowed)]
