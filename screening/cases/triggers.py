"""What the database itself refuses about a case and its history, whoever writes."""

from __future__ import annotations

import pgtrigger

from screening.cases.workflow import FINAL


def append_only(name: str) -> list[pgtrigger.Trigger]:
    """History is added to, never changed: the database refuses UPDATE and DELETE."""
    return [pgtrigger.Protect(name=f"{name}_append_only", operation=pgtrigger.Update | pgtrigger.Delete)]


def kept_while_it_counts(name: str) -> list[pgtrigger.Trigger]:
    """The saves of a form are never changed; they may go only with a form that was stopped unsent."""
    return [
        pgtrigger.Protect(name=f"{name}_append_only", operation=pgtrigger.Update),
        pgtrigger.Trigger(
            name=f"{name}_kept",
            operation=pgtrigger.Delete,
            when=pgtrigger.Before,
            func="""
                    IF NOT EXISTS (SELECT 1 FROM screening_response
                        WHERE id = OLD.response_id AND status = 'stopped' AND submitted_at IS NULL) THEN
                        RAISE EXCEPTION 'the saves of a form that counts cannot be deleted';
                    END IF;
                    RETURN OLD;
                """,
        ),
    ]


def final_needs_decisions() -> pgtrigger.Trigger:
    """No case is closed by software: two clinicians have decided the same, each in a row of their own."""
    return pgtrigger.Trigger(
        name="case_final_needs_decision",
        operation=pgtrigger.Insert | pgtrigger.Update,
        when=pgtrigger.Before,
        condition=pgtrigger.Q(new__state__in=sorted(FINAL)),
        func="""
                    IF (SELECT count(DISTINCT clinician_id) FROM screening_decision
                        WHERE case_id = NEW.id AND outcome = NEW.state) < 2 THEN
                        RAISE EXCEPTION 'a final state needs the decisions of two clinicians';
                    END IF;
                    RETURN NEW;
                """,
    )


def copied(name: str) -> list[pgtrigger.Trigger]:
    """History of which a packed copy is kept: what is erased here is gone from there, whoever erases it."""
    forgets = pgtrigger.Trigger(
        name=f"{name}_forgets_its_pack",
        operation=pgtrigger.Delete | pgtrigger.UpdateOf("judged"),  # type: ignore[no-untyped-call]
        when=pgtrigger.After,
        func="""
                    DELETE FROM screening_packedcases WHERE after < OLD.case_id AND upto >= OLD.case_id;
                    RETURN NULL;
                """,
    )
    return [*append_only(name), forgets]
