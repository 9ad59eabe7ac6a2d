"""What changes versions and the words beside them."""

from screening.questionnaires.services.drafts import (
    MovedOn,
    NotADraft,
    Unstorable,
    change_draft,
    discard_draft,
)
from screening.questionnaires.services.translations import (
    Written,
    add_translations,
    approve_translations,
    offer_translation,
)
from screening.questionnaires.services.versions import NotReady, draft_version, publish_version

__all__ = [
    "MovedOn",
    "NotADraft",
    "NotReady",
    "Unstorable",
    "Written",
    "add_translations",
    "approve_translations",
    "change_draft",
    "discard_draft",
    "draft_version",
    "offer_translation",
    "publish_version",
]
