"""What holds for every request: one log line, the same headers, a limit on size."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from typing import Any

import structlog
from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils.translation import gettext as _

from clinic.logs import error_places

log = structlog.get_logger("clinic.request")
Respond = Callable[[HttpRequest], HttpResponse]
View = Callable[..., HttpResponseBase]

PERMISSIONS = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer",
        "browsing-topics",
        "camera",
        "display-capture",
        "geolocation",
        "gyroscope",
        "magnetometer",
        "microphone",
        "midi",
        "payment",
        "usb",
    )
)


class SignInMiddleware(LoginRequiredMiddleware):
    """Every page asks to sign in, unless it says otherwise. What was typed until then is given back."""

    def process_view(
        self, request: HttpRequest, view_func: View, view_args: tuple[Any, ...], view_kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        from clinic.errors import signed_out  # views, which cannot be loaded with the settings

        sign_in = super().process_view(request, view_func, view_args, view_kwargs)
        return None if sign_in is None else signed_out(request, sign_in)


class RequestLogMiddleware:
    """One line a request: the route's name, never its path; who by number; how it ended; how long it took."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        request_id = uuid.uuid4().hex
        request.request_id = request_id  # type: ignore[attr-defined]
        with structlog.contextvars.bound_contextvars(request_id=request_id):
            response = self.get_response(request)
            response.headers["X-Request-ID"] = request_id
            if not request.path.startswith(settings.STATIC_URL):
                self._write(request, response, started)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        if isinstance(exception, Http404 | PermissionDenied):
            return  # a refusal is an answer, and its line says 404 or 403
        log.error("request failed", **error_places(type(exception), exception.__traceback__))

    def _write(self, request: HttpRequest, response: HttpResponse, started: float) -> None:
        match = request.resolver_match
        actor = getattr(request, "actor", None)
        log.info(
            "request",
            route=match.view_name if match else None,
            method=request.method if request.method in {"GET", "HEAD", "POST", "OPTIONS"} else "other",
            status=response.status_code,
            actor=str(actor.kind) if actor else None,
            role=actor.role if actor else None,
            user=actor.user_id if actor else None,
            ms=round((time.perf_counter() - started) * 1000, 1),
        )


class ResponseHeadersMiddleware:
    """Nothing we answer is kept by a browser or a proxy, nor may another site use it."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not request.path.startswith(settings.STATIC_URL):
            response.headers["Cache-Control"] = "no-store"
        response.headers["Permissions-Policy"] = PERMISSIONS
        response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
        return response


class CompressionMiddleware(GZipMiddleware):
    """Pages travel compressed: the check of all answers is 47 KB plain, 6 KB so, and phones have poor lines.

    What could be guessed from the length (the BREACH attack) is blurred: Django masks the form's token anew
    on each page and adds random bytes. Files are left as they are: they are compressed already.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if not response.headers.get("Content-Type", "").startswith("text/html"):
            return response
        return super().process_response(request, response)


class RequestSizeMiddleware:
    """Refuses a request that is larger than anything we ask for, before it is read."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            size = int(request.META.get("CONTENT_LENGTH") or 0)
        except ValueError:
            size = 0
        if size > settings.MAX_REQUEST_BYTES:
            return HttpResponse(
                _("The file is too large. Go back and choose a smaller one."),
                status=413,
                content_type="text/plain; charset=utf-8",
            )
        return self.get_response(request)
