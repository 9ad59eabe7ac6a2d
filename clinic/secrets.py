"""Makes the secrets of a new installation: `python -m clinic.secrets` prints them for an environment file."""

from __future__ import annotations

import base64
import secrets


def new_secrets() -> dict[str, str]:
    """Fresh values for every key that must never be shared between installations."""
    return {
        "SECRET_KEY": secrets.token_urlsafe(60),
        "FIELD_KEYS": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        "LOOKUP_KEY": secrets.token_urlsafe(48),
    }


if __name__ == "__main__":
    print("\n".join(f"{name}={value}" for name, value in new_secrets().items()))
