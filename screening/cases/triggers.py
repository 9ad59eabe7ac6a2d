"""What the database itself refuses about a case and its history, whoever writes."""

from __future__ import annotations

import pgtrigger

from screening.cases.workflow import DECIDED, FINAL

# Whose history a row is part of, by what it names.
_PEOPLE = {
    "case": "(SELECT patient_id FROM screening_case WHERE id = OLD.case_id)",
    "response": "(SELECT patient_id FROM screening_response WHERE id = OLD.response_id)",
    "reminder": "(SELECT patient_id FROM screening_reminder WHERE id = OLD.reminder_id)",
    "two patients": "OLD.kept_id, OLD.joined_id",
}


def append_only(name: str, *, of: str = "case") -> list[pgtrigger.Trigger]:
    """History is added to, never changed: no UPDATE, and no DELETE but with the whole record."""
    return [
        pgtrigger.Protect(name=f"{name}_append_only", operation=pgtrigger.Update),
        *goes_with_record(name, of=of),
    ]


def goes_with_record(name: str, *, of: str = "case", unless: str = "FALSE") -> list[pgtrigger.Trigger]:
    """Deleted only with the whole record of a person, once two people have agreed to that (see `Disposal`).

    `unless` is a condition on OLD under which it may go before. `of` says how a row names the person.
    """
    return [
        pgtrigger.Trigger(
            name=f"{name}_goes_with_record",
            operation=pgtrigger.Delete,
            when=pgtrigger.Before,
            func=f"""
                    IF {unless} OR EXISTS (SELECT 1 FROM screening_disposal
                        WHERE patients && ARRAY[{_PEOPLE[of]}]
                            AND outcome = 'deleted' AND done_at IS NULL) THEN
                        RETURN OLD;
                    END IF;
                    RAISE EXCEPTION 'history is kept until two people agree to delete the whole record';
                """,  # noqa: S608  our own names of columns
        ),
    ]


def kept_while_it_counts(name: str) -> list[pgtrigger.Trigger]:
    """The saves of a form are never changed; they may go with a form that was stopped unsent."""
    unsent = """EXISTS (SELECT 1 FROM screening_response
                        WHERE id = OLD.response_id AND status = 'stopped' AND submitted_at IS NULL)"""
    return [
        pgtrigger.Protect(name=f"{name}_append_only", operation=pgtrigger.Update),
        *goes_with_record(name, of="response", unless=unsent),
    ]


def _two_agree(case: str, state: str) -> str:
    """Two clinicians of the same mind since the last first decision, both about the newest judgement, one of
    them with an entry on the specialist register. `case` and `state` are columns of the new row.
    """
    return f"""
    (SELECT count(DISTINCT clinician_id) >= 2 AND bool_or(register_entry <> '')
     FROM screening_decision
     WHERE case_id = {case} AND outcome = {state}
       AND id >= (SELECT max(id) FROM screening_decision WHERE case_id = {case} AND stage = 'first')
       AND assessment_id = (SELECT max(id) FROM screening_assessment WHERE case_id = {case}))
"""  # noqa: S608  our own names of columns


_REFUSAL = "a final state needs the decisions of two clinicians, one of them on the specialist register"


def final_needs_decisions() -> pgtrigger.Trigger:
    """No case is closed by software: two clinicians have decided the same, each in a row of their own."""
    return pgtrigger.Trigger(
        name="case_final_needs_decision",
        operation=pgtrigger.Insert | pgtrigger.Update,
        when=pgtrigger.Before,
        condition=pgtrigger.Q(new__state__in=sorted(FINAL)),
        func=f"""
                    IF TG_OP = 'UPDATE' AND OLD.state = NEW.state THEN
                        RETURN NEW;
                    END IF;
                    IF {_two_agree("NEW.id", "NEW.state")} IS NOT TRUE THEN
                        RAISE EXCEPTION '{_REFUSAL}';
                    END IF;
                    RETURN NEW;
                """,
    )


def names_its_deciders() -> pgtrigger.Trigger:
    """A case that somebody else has to look at next says truly who has decided: the lists are read off it."""
    final = ", ".join(f"'{state}'" for state in sorted(FINAL))
    return pgtrigger.Trigger(
        name="case_names_its_deciders",
        operation=pgtrigger.Insert | pgtrigger.Update,
        when=pgtrigger.Before,
        condition=pgtrigger.Q(new__state__in=sorted(DECIDED)),
        func=f"""
                    IF NEW.deciders IS DISTINCT FROM (
                        SELECT coalesce(
                            array_agg(DISTINCT clinician_id ORDER BY clinician_id), ARRAY[]::bigint[])
                        FROM screening_decision
                        WHERE case_id = NEW.id AND (NEW.state IN ({final}) OR id >= (
                            SELECT max(id) FROM screening_decision
                            WHERE case_id = NEW.id AND stage = 'first'))
                    ) THEN
                        RAISE EXCEPTION 'a case names those who have decided about it, and nobody else';
                    END IF;
                    RETURN NEW;
                """,  # noqa: S608  our own states
    )


def final_step_needs_decisions() -> pgtrigger.Trigger:
    """The history says of no case that it was closed without them either."""
    return pgtrigger.Trigger(
        name="transition_final_needs_decision",
        operation=pgtrigger.Insert,
        when=pgtrigger.Before,
        condition=pgtrigger.Q(new__to_state__in=sorted(FINAL)),
        func=f"""
                    IF {_two_agree("NEW.case_id", "NEW.to_state")} IS NOT TRUE THEN
                        RAISE EXCEPTION '{_REFUSAL}';
                    END IF;
                    RETURN NEW;
                """,
    )


def decided_with_open_eyes() -> pgtrigger.Trigger:
    """A decision has a reason, and its clinician works at the site and opened the case, as the trail says,
    since its newest judgement.

    The entry on the register is one that is recorded with the membership, not one that was typed in here.
    """
    return pgtrigger.Trigger(
        name="decision_with_open_eyes",
        operation=pgtrigger.Insert,
        when=pgtrigger.Before,
        func="""
                    IF length(coalesce(NEW.reason, '')) = 0 THEN
                        RAISE EXCEPTION 'a decision needs a reason';
                    END IF;
                    IF NOT EXISTS (
                        SELECT 1 FROM screening_case c
                        JOIN audit_auditevent e ON e.site_id = c.site_id AND e.case_reference = c.reference
                        WHERE c.id = NEW.case_id AND e.case_reference <> ''
                          AND e.user_id = NEW.clinician_id AND e.actor_kind = 'staff'
                          AND e.event IN ('case_viewed', 'case_printed') AND e.at = NEW.answers_opened_at
                    ) THEN
                        RAISE EXCEPTION 'a decision needs the answers opened by the clinician who makes it';
                    END IF;
                    IF NEW.answers_opened_at < (
                        SELECT max(made_at) FROM screening_assessment WHERE case_id = NEW.case_id
                    ) THEN
                        RAISE EXCEPTION 'a decision needs the answers opened as they are now';
                    END IF;
                    IF NOT EXISTS (
                        SELECT 1 FROM accounts_membership m JOIN screening_case c ON c.site_id = m.site_id
                        WHERE c.id = NEW.case_id AND m.user_id = NEW.clinician_id
                          AND m.role IN ('clinician', 'lead_clinician')
                          AND (NEW.register_entry = '' OR coalesce(m.specialist_register, '') <> '')
                    ) THEN
                        RAISE EXCEPTION 'a decision needs a clinician of the site, and their recorded entry';
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
