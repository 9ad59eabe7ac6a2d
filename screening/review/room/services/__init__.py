"""What a patient does after sending the form, and what the clinic answers. The only writers here."""

from screening.review.room.services.amending import Amended, amend
from screening.review.room.services.looks import answer_look, ask_for_look
from screening.review.room.services.messages import (
    read_messages,
    reply,
    settle_news,
    write_to_patient,
)
from screening.review.room.services.objecting import OtherValue, fingerprint, object_to, value_of

__all__ = [
    "Amended",
    "OtherValue",
    "amend",
    "answer_look",
    "ask_for_look",
    "fingerprint",
    "object_to",
    "read_messages",
    "reply",
    "settle_news",
    "value_of",
    "write_to_patient",
]
