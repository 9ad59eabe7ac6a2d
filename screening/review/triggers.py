"""What the database itself refuses about a letter, whoever writes."""

from __future__ import annotations

import pgtrigger

from screening.cases.triggers import goes_with_record


def letter_is_kept() -> list[pgtrigger.Trigger]:
    """A letter never changes but for when it was read and how its copy was made; a GP's needs agreement."""
    return [
        pgtrigger.Trigger(
            name="letter_kept",
            operation=pgtrigger.Update,
            when=pgtrigger.Before,
            func="""
                    IF (to_jsonb(NEW) - 'read_at' - 'made_as' - 'made_by_id' - 'made_at')
                       <> (to_jsonb(OLD) - 'read_at' - 'made_as' - 'made_by_id' - 'made_at')
                       OR OLD.made_at IS NOT NULL AND NEW.made_at IS DISTINCT FROM OLD.made_at THEN
                        RAISE EXCEPTION 'a letter cannot be changed';
                    END IF;
                    RETURN NEW;
                """,
        ),
        pgtrigger.Trigger(
            name="letter_to_gp_agreed",
            operation=pgtrigger.Insert,
            when=pgtrigger.Before,
            condition=pgtrigger.Q(new__to="gp"),
            func="""
                    IF NOT EXISTS (SELECT 1 FROM screening_case c
                        JOIN screening_patient p ON p.id = c.patient_id
                        WHERE c.id = NEW.case_id AND p.gp_sharing_agreed) THEN
                        RAISE EXCEPTION 'the patient did not agree to a letter to the GP';
                    END IF;
                    RETURN NEW;
                """,
        ),
        *goes_with_record("letter"),
    ]
