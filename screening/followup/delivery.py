"""Hands one message to the outside world and says what became of it. No database here."""

from __future__ import annotations

import smtplib
import socket
import time
import uuid
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypedDict, cast

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends import filebased, smtp
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import sanitize_address

from accounts.mails import as_bytes, as_mail
from screening.followup import notify
from screening.followup.deadline import ATTEMPT_SECONDS, CONNECT_SECONDS, within
from screening.followup.messages import Outgoing
from screening.followup.replies import NO_PROVIDER, Result, Stage, Verdict, classify

SMTP = "django.core.mail.backends.smtp.EmailBackend"
FILES = "django.core.mail.backends.filebased.EmailBackend"
HANDED_OVER = Verdict(Result.SENT, "accepted")
# A line that was hung up says so at once; after a longer silence no time is left for a second try.
QUICK = 1.0
# An address for a text message in the outbox folder; the domain can never exist (RFC 2606).
SMS_IN_OUTBOX = "{number}@sms.invalid"


class _Words(TypedDict):
    subject: str
    text: str
    sender: str
    to: str
    language: str
    headers: dict[str, str]


class _Plain(smtplib.SMTP):
    """Remembers how far the conversation came, which an exception of smtplib does not tell."""

    stage = Stage.CONNECT

    def __init__(self, *args: Any, opened: Callable[[socket.socket], None], **options: Any) -> None:
        self._opened = opened
        super().__init__(*args, **options)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        """Taking the call is quick or does not happen; what is said afterwards may take longer."""
        line: socket.socket = super()._get_socket(host, port, min(timeout, CONNECT_SECONDS))  # type: ignore[misc]
        line.settimeout(timeout)
        self._opened(line)
        return line

    def ehlo(self, *args: Any, **options: Any) -> tuple[int, bytes]:
        self.stage = Stage.HELLO
        return super().ehlo(*args, **options)

    def login(self, *args: Any, **options: Any) -> tuple[int, bytes]:
        self.stage = Stage.SIGN_IN
        return super().login(*args, **options)

    def mail(self, *args: Any, **options: Any) -> tuple[int, bytes]:
        self.stage = Stage.SENDER
        return super().mail(*args, **options)

    def rcpt(self, *args: Any, **options: Any) -> tuple[int, bytes]:
        self.stage = Stage.RECIPIENT
        return super().rcpt(*args, **options)

    def data(self, *args: Any, **options: Any) -> tuple[int, bytes]:
        self.stage = Stage.DATA
        return super().data(*args, **options)

    def getreply(self) -> tuple[int, bytes]:
        code, text = super().getreply()
        if self.stage is Stage.DATA and code == 354:  # the server asks for the text, which now leaves
            self.stage = Stage.CONTENT
        return code, text


class _Encrypted(_Plain, smtplib.SMTP_SSL):
    """The same over TLS from the first byte."""


class StagedBackend(smtp.EmailBackend):
    """Django's SMTP backend over a connection that knows its stage."""

    _beginning: socket.socket | None = None  # known before its first greeting

    @property
    def line(self) -> socket.socket | None:
        """The open line, also of a conversation that is just beginning."""
        return getattr(self.connection or self._half_open, "sock", None) or self._beginning

    @property
    def connection_class(self) -> Any:
        return partial(_Encrypted if self.use_ssl else _Plain, opened=self._keep)

    def _keep(self, line: socket.socket) -> None:
        self._beginning = line

    @property
    def stage(self) -> Stage:
        return getattr(self.connection or self._half_open, "stage", Stage.CONNECT)

    @property
    def _half_open(self) -> smtplib.SMTP | None:
        return getattr(self, "_partial_connection", None)

    def hand(self, outgoing: Outgoing) -> None:
        """Over the open connection. Raises what smtplib raises, and ValueError for a line that is none."""
        mail = as_bytes(**_words(outgoing))
        to = outgoing.to if outgoing.to.isascii() else sanitize_address(outgoing.to, "utf-8")
        cast("smtplib.SMTP", self.connection).sendmail(outgoing.sender, [to], mail)

    def drop(self) -> None:
        """Forget a connection that failed, without asking the server for a farewell."""
        for connection in (self.connection, self._half_open):
            if connection is not None:
                smtplib.SMTP.close(connection)
        self.connection = self._partial_connection = self._beginning = None


class OutboxBackend(filebased.EmailBackend):
    """Django's folder backend with one file for each message; its own names repeat within a second."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._number = uuid.uuid4().hex[:8]

    def _get_filename(self) -> str:
        name = Path(super()._get_filename())  # type: ignore[misc]
        return str(name.with_stem(f"{name.stem}-{self._number}"))


class Mailer:
    """Keeps one connection open for a batch. Never raises: whatever happens is a verdict."""

    def __init__(self) -> None:
        self._smtp = StagedBackend() if settings.EMAIL_BACKEND == SMTP else None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._smtp is not None:
            try:
                self._smtp.close()
            except OSError:  # the messages are settled; a rude farewell changes nothing
                self._smtp.drop()

    def send(self, outgoing: Outgoing) -> Verdict:
        if notify.is_set(outgoing.channel):
            return notify.send(outgoing)
        if outgoing.channel == "sms":
            return self._send_sms(outgoing)
        backend = self._smtp
        if backend is None:
            folder = OutboxBackend() if settings.EMAIL_BACKEND == FILES else get_connection()
            return _hand_over(folder, _as_email(outgoing))
        with within(ATTEMPT_SECONDS, lambda: backend.line):
            return self._converse(backend, outgoing)

    def _converse(self, backend: StagedBackend, outgoing: Outgoing) -> Verdict:
        kept, began = backend.connection is not None, time.monotonic()
        verdict, stage = self._try(backend, outgoing)
        if (
            kept
            and verdict.result is Result.RETRY
            and verdict.reply in ("no reply", "421")
            and stage < Stage.RECIPIENT
            and time.monotonic() < began + QUICK
        ):
            # Servers hang up on a quiet or long conversation. Nothing had been said about this message.
            verdict, _ = self._try(backend, outgoing)
        return verdict

    def _send_sms(self, outgoing: Outgoing) -> Verdict:
        if settings.EMAIL_BACKEND != FILES:
            return NO_PROVIDER
        return _hand_over(OutboxBackend(), _as_email(outgoing))

    def _try(self, backend: StagedBackend, outgoing: Outgoing) -> tuple[Verdict, Stage]:
        try:
            backend.open()
            backend.hand(outgoing)
        except (OSError, ValueError) as error:  # smtplib's own errors are OSErrors, a bad line a ValueError
            stage = backend.stage
            answered = isinstance(error, smtplib.SMTPResponseException | smtplib.SMTPRecipientsRefused)
            if not answered or getattr(backend.connection, "sock", None) is None:
                backend.drop()  # else smtplib has tidied up, and the line may be used again
            return _verdict_on(error, stage), stage
        return classify(Stage.CONTENT, 250), Stage.CONTENT


def _verdict_on(error: OSError | ValueError, stage: Stage) -> Verdict:
    match error:
        case smtplib.SMTPRecipientsRefused():
            return classify(Stage.RECIPIENT, next(iter(error.recipients.values()))[0])
        case smtplib.SMTPResponseException():
            return classify(stage, error.smtp_code)
        case smtplib.SMTPNotSupportedError() | ValueError():
            return Verdict(Result.FAILED, "address_refused", type(error).__name__)
        case _:
            return classify(stage, None)


def _hand_over(backend: BaseEmailBackend, email: EmailMessage) -> Verdict:
    """Backends without a conversation (folder, memory): it worked or the disk said no."""
    try:
        backend.send_messages([email])
    except OSError as error:
        return Verdict(Result.RETRY, "outbox_unwritable", type(error).__name__)
    return HANDED_OVER


def _as_email(outgoing: Outgoing) -> EmailMessage:
    if outgoing.channel == "sms":
        return EmailMessage(
            subject=outgoing.subject,
            body=outgoing.body,
            from_email=outgoing.sender,
            to=[SMS_IN_OUTBOX.format(number=outgoing.to)],
            headers={**outgoing.headers, "Message-ID": outgoing.message_id},
        )
    return as_mail(**_words(outgoing))


def _words(outgoing: Outgoing) -> _Words:
    return {
        "subject": outgoing.subject,
        "text": outgoing.body,
        "sender": outgoing.sender,
        "to": outgoing.to,
        "language": outgoing.language,
        "headers": {**outgoing.headers, "Message-ID": outgoing.message_id},
    }
