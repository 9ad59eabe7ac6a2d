"""The addresses that need neither signing in nor a form, each with the reason why."""

from __future__ import annotations

# Open without signing in and without a form. Each with the reason why.
PUBLIC = {
    "healthz": "a load balancer asks; the answer says one word",
    "readyz": "a load balancer asks; the answer names checks, no versions",
    "account_login": "the door itself",
    "account_logout": "somebody whose session has ended may still press the button",
    "account_inactive": "where a person lands whose access has ended",
    "account_reset_password": "whoever forgot the password cannot sign in first",
    "account_reset_password_done": "what comes after asking",
    "account_reset_password_from_key": "opened from the mail, by its key",
    "account_reset_password_from_key_done": "what comes after it",
    "mfa_authenticate": "the second half of signing in",
    "intake-home": "the public list of clinics",
    "intake-clinic": "what the service is",
    "intake-privacy": "read before anything is asked",
    "intake-accessibility": "the statement that everybody may read",
    "intake-language": "read before anything is asked",
    "intake-start": "the first two facts; no form exists yet",
    "intake-go": "a link from a mail: opens nothing without the date of birth",
    "intake-code": "a code that was handed out: opens nothing without the date of birth",
    "intake-leave": "closing a form on a device must work when its time is over, too",
    "reminders-stop": "stops messages from a mail; the signed address is the permission",
    "notify-delivered": "a provider says what came back; its token is the permission",
    "notify-received": "a provider says who answered STOP; its token is the permission",
}
# Pressed by mail programs, which have no cookie of ours and so no token (RFC 8058).
WITHOUT_TOKEN = {
    "reminders-stop": "the signed address is the permission, and all it can do is stop messages",
    "notify-delivered": "called by a provider with a token of its own; all it can do is stop messages",
    "notify-received": "called by a provider with a token of its own; all it can do is stop messages",
}
