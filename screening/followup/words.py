"""Why a message is not sent, in the words staff read. Codes are what the rows keep."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

REASONS: dict[str, Promise] = {
    "suppressed": _("Nothing is sent to this person"),
    "opted_out": _("They switched these messages off"),
    "not_wanted": _("They did not ask for these messages"),
    "no_address": _("There is no address or number that was checked and that they chose"),
    "superseded": _("A later message of the same kind takes its place"),
    "too_late": _("Its time has passed"),
    "not_known_then": _("Its time had passed before we knew of it"),
    "anchor_gone": _("What it was about has changed"),
    "submitted": _("The form was sent"),
    "deleted": _("The form has ended"),
    "red_flag": _("Somebody of the clinic gets in touch instead"),
    "urgent": _("An urgent answer waits for a clinician"),
    "records_received": _("The document has come"),
    "permission_given": _("We may ask for the records ourselves"),
    "answered": _("They have answered"),
    "read": _("They have read it"),
    "reviewed": _("A clinician has looked at it"),
    "cancelled": _("The appointment was cancelled"),
    "moved": _("The appointment was moved"),
    "completed": _("It is done"),
    "rebooked": _("There is a new appointment"),
    "renewed": _("They agreed again"),
    "withdrawn": _("They withdrew"),
    "case_closed": _("The case is closed"),
    "text_too_long": _("The text message is too long"),
    "no_way_to_stop": _("The text message does not say how to stop"),
    "bounced": _("It came back: the address does not exist"),
    "came_back": _("It came back: the provider could not deliver it"),
    "number_refused": _("The provider does not know the number"),
    "not_delivered": _("The phone could not be reached"),
    "no_provider": _("There is no provider for text messages"),
    "address_malformed": _("The address is not a valid one"),
    "address_refused": _("The mail server does not know the address"),
    "message_refused": _("The mail server did not take the message"),
    "header_injection": _("The address, name or subject holds signs that must not be sent, as a new line"),
    "placeholder_unknown": _("The text needs something that is not known for this case"),
    "opened": _("Somebody opened the case"),
    "cleared": _("Somebody wrote down what was done"),
    "left": _("They do not lead this clinic any more"),
    "no_message_text": _("There is no published text for it"),
    "mailbox_full": _("The mailbox was full for three days"),
    "no_answer": _("The mail server did not answer for three days"),
    "no_answer_after_text": _("The mail server took the text but did not say whether it will deliver it"),
    "not_now": _("The mail server put us off for three days"),
    "server_going_away": _("The mail server put us off for three days"),
    "our_server_refused": _("The mail server did not accept us as a sender"),
    "strange_answer": _("The mail server answered in a way nobody understands"),
    "outbox_unwritable": _("The outbox folder could not be written"),
    "worker_lost": _("The worker stopped while it was being sent"),
    "by_staff": _("Staff cancelled it"),
    "unexpected_error": _("Something unexpected went wrong"),
    "no_anchor": _("Cannot be sent: what it counts from is not recorded"),
    "paused": _("The worker was paused"),
}


def reason_in_words(code: str) -> str:
    return str(REASONS.get(code, code))
