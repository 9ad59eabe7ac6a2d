"""Pass a case on, record a call, make a task and do it. Each checks its policy again, inside the lock."""

from screening.review.desk.services.calls import record_call
from screening.review.desk.services.holding import hand_over, take_over
from screening.review.desk.services.people import join_records, part_records
from screening.review.desk.services.tasks import DoneAlready, add_task, finish_task, note_task

__all__ = [
    "DoneAlready",
    "add_task",
    "finish_task",
    "hand_over",
    "join_records",
    "note_task",
    "part_records",
    "record_call",
    "take_over",
]
