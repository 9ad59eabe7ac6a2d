"""May this person do this? The reason of a No is the sentence on the page beside the disabled button."""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable
from typing import Any, Literal

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import gettext as _

from accounts.models import Membership
from accounts.permissions import Permission
from accounts.roles import permissions_of


@dataclasses.dataclass(frozen=True)
class Yes:
    reason: str = ""

    def __bool__(self) -> Literal[True]:
        return True


@dataclasses.dataclass(frozen=True)
class No:
    reason: str

    def __bool__(self) -> Literal[False]:
        return False


def may(membership: Membership | None, permission: Permission) -> Yes | No:
    """By role alone. What the state of a case adds is asked in the chapter's policies."""
    if membership is None:
        return No(_("Sign in first."))
    if not membership.active or not membership.user.is_active:
        return No(_("Your access to this site has ended."))
    if permission in permissions_of(membership.role):
        return Yes()
    return No(
        _("Your role, %(role)s, may not %(action)s.")
        % {"role": membership.get_role_display().lower(), "action": permission.words}
    )


def refuse_unless(answer: Yes | No) -> None:
    """Raises PermissionDenied with the reason of a No: whoever pressed what the page shows as disabled."""
    if isinstance(answer, No):
        raise PermissionDenied(answer.reason)


View = Callable[..., HttpResponseBase]


def permission_required(permission: Permission) -> Callable[[View], View]:
    """For views of staff. Leaves its name on the view, where the guard that sweeps all routes finds it."""

    def decorate(view: View) -> View:
        @functools.wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            membership = getattr(request, "membership", None)
            if membership is None:
                return redirect_to_login(request.get_full_path())
            answer = may(membership, permission)
            if not answer:
                raise PermissionDenied(answer.reason)
            return view(request, *args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]
        return guarded

    return decorate
