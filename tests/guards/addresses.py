"""What stands in the addresses of the routes: of this clinic, and of what its world holds."""

from __future__ import annotations

from typing import Any

from tests.guards.world import World


def nothing(world: World) -> dict[str, Any]:
    return {}


def clinic(world: World) -> dict[str, Any]:
    return {"slug": world.here.site.slug}


def case(world: World) -> dict[str, Any]:
    return {"reference": world.here.case.reference}


def looked_at(world: World) -> dict[str, Any]:
    return {"reference": world.here.look.reference}


def entered(world: World) -> dict[str, Any]:
    return {"reference": world.here.entered.case.reference}


def appointment(world: World) -> dict[str, Any]:
    return {**case(world), "appointment": world.here.appointment.pk}


def reminder(world: World) -> dict[str, Any]:
    return {"reminder": world.here.reminder.pk}


def suppression(world: World) -> dict[str, Any]:
    """One that is over: it stands in the way of nothing else here."""
    return {**case(world), "suppression": world.here.case.patient.suppressions.get().pk}


def channel(world: World) -> dict[str, Any]:
    return {**case(world), "channel": "email"}


def task(world: World) -> dict[str, Any]:
    return {"task": world.here.task.pk}


def letter(world: World) -> dict[str, Any]:
    return {**looked_at(world), "number": 1}


def version(world: World) -> dict[str, Any]:
    draft = world.here.version
    return {"kind": draft.kind, "code": draft.code, "number": draft.number}


def questions(world: World) -> dict[str, Any]:
    """A draft of the questionnaire."""
    draft = world.here.rewritten
    return {"kind": draft.kind, "code": draft.code, "number": draft.number}


def new_question(world: World) -> dict[str, Any]:
    return {**questions(world), "part": "item"}


def question(world: World) -> dict[str, Any]:
    return {**new_question(world), "key": "helper"}


def rules(world: World) -> dict[str, Any]:
    draft = world.here.rules
    return {"kind": draft.kind, "code": draft.code, "number": draft.number}


def rule(world: World) -> dict[str, Any]:
    return {**rules(world), "rule": "EXC_PREGNANCY"}


def worked_case(world: World) -> dict[str, Any]:
    return {**rules(world), "case": "O01"}


def reference_table(world: World) -> dict[str, Any]:
    return {**rules(world), "table": "interactions"}


def change(world: World) -> dict[str, Any]:
    """Past cases that a draft of the rules changes alike."""
    run = world.here.rules.impact_runs.get()
    return {**rules(world), "change": run.changes.first().pk}


def schedule(world: World) -> dict[str, Any]:
    draft = world.here.schedule
    return {"kind": draft.kind, "code": draft.code, "number": draft.number}


def schedule_step(world: World) -> dict[str, Any]:
    return {**schedule(world), "step": "FU01"}


def first_text(world: World) -> dict[str, Any]:
    return {**version(world), "part": "messages", "place": 0}


def document(world: World) -> dict[str, Any]:
    return {**case(world), "document": world.here.document.pk}


def own_file(world: World) -> dict[str, Any]:
    return {"document_id": world.here.draft_document.pk}


def page(world: World) -> dict[str, Any]:
    return {"page_id": "rf-saddle"}


def first(world: World) -> dict[str, Any]:
    return {"number": 1}


def entries(world: World) -> dict[str, Any]:
    return {"page_id": "treatments"}


def entry(world: World) -> dict[str, Any]:
    return {**entries(world), "number": 1}


def ticked(world: World) -> dict[str, Any]:
    return {"page_id": "before-you-send", "item_id": "cs1"}


def treatment(world: World) -> dict[str, Any]:
    return {**entry(world), "item_id": "treatments"}


def words(world: World) -> dict[str, Any]:
    form = world.here.questionnaire
    return {"kind": form.kind, "code": form.code, "number": form.number, "language": "en-xa"}


def somebody(world: World) -> dict[str, Any]:
    """One of the clinic's people."""
    author = world.here.version.author
    return {"member": author.memberships.get().pk if author else 0}


def disposal(world: World) -> dict[str, Any]:
    """A record that was put forward."""
    return {"disposal": world.here.disposal.pk}
