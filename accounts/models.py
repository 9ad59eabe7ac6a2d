"""Who: people of the clinic, the sites they work at, and what they are at each."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

import pgtrigger
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.wording import validate_neutral


class People(BaseUserManager["User"]):
    """Makes people; email addresses are compared without regard to case."""

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)

    def create_user(self, *, email: str, name: str, password: str | None = None, **extra: Any) -> User:
        user = self.model(email=email.strip(), name=name.strip(), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, *, email: str, name: str, password: str | None = None, **extra: Any) -> User:
        # The flag opens no page of ours: what a person may do comes from memberships alone.
        return self.create_user(
            email=email, name=name, password=password, is_staff=True, is_superuser=True, **extra
        )


class User(AbstractBaseUser, PermissionsMixin):
    """A member of staff. Patients have no account.

    `role_stamp` is raised whenever something about the person changes that must end the sessions
    they have open, such as a role; a session remembers the stamp it began with.
    """

    email = models.EmailField(_("email address"), max_length=254, unique=True)
    name = models.CharField(_("name"), max_length=150)
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("staff"), default=False)
    role_stamp = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[People] = People()

    EMAIL_FIELD = "email"
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_unique",
                violation_error_message=_("Another person already signs in with this email address."),
            ),
            models.CheckConstraint(condition=~Q(name=""), name="user_has_name"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name


class Nation(models.TextChoices):
    ENGLAND = "england", _("England")
    SCOTLAND = "scotland", _("Scotland")
    WALES = "wales", _("Wales")
    NORTHERN_IRELAND = "northern_ireland", _("Northern Ireland")


def monday_to_friday() -> list[int]:
    return [1, 2, 3, 4, 5]


class Site(models.Model):
    """A clinic. Everything personal belongs to one and is reached only through it."""

    slug = models.SlugField(_("short address"), max_length=64, unique=True)
    name = models.CharField(_("name"), max_length=150)
    neutral_sender = models.CharField(
        _("name used in messages"),
        max_length=40,
        validators=[validate_neutral],
        help_text=_("Shown in emails and texts. It must not hint at a condition or a treatment."),
    )
    nation = models.CharField(_("nation"), max_length=20, choices=Nation, default=Nation.ENGLAND)
    phone = models.CharField(_("phone number"), max_length=30)
    duty_email = models.EmailField(_("email address of the duty team"), max_length=254)
    address = models.TextField(_("address"), blank=True)
    opening_days = models.JSONField(
        _("opening days"), default=monday_to_friday, help_text=_("1 is Monday, 7 is Sunday.")
    )
    opens_at = models.TimeField(_("opens at"), default=dt.time(9, 0))
    closes_at = models.TimeField(_("closes at"), default=dt.time(17, 0))
    opening_hours = models.CharField(
        _("opening hours, as patients read them"), max_length=200, default="Monday to Friday, 9am to 5pm"
    )
    tier_1_hours = models.PositiveSmallIntegerField(
        _("working hours until a tier 1 answer is acted on"), default=1, validators=[MinValueValidator(1)]
    )
    tier_2_days = models.PositiveSmallIntegerField(
        _("working days until a tier 2 answer is acted on"), default=0, help_text=_("0 is the same day.")
    )
    tier_3_days = models.PositiveSmallIntegerField(
        _("working days until a tier 3 answer is acted on"), default=1
    )
    flagged_days = models.PositiveSmallIntegerField(
        _("working days until a flagged case is reviewed"), default=2
    )
    not_currently_days = models.PositiveSmallIntegerField(
        _("working days until a case that does not meet the criteria is confirmed"), default=5
    )
    link_days = models.PositiveSmallIntegerField(
        _("days a link stays valid"),
        default=14,
        validators=[MinValueValidator(1), MaxValueValidator(14)],
    )
    sign_with_code = models.BooleanField(
        _("ask for the code of the second step again to sign a decision"), default=False
    )
    helplines = models.JSONField(
        _("crisis numbers of its own"),
        default=dict,
        blank=True,
        help_text=_("By the names of the questionnaire's helplines: number, owner, checked_on."),
    )
    is_fictional = models.BooleanField(_("fictional"), default=False)

    class Meta:
        verbose_name = _("site")
        verbose_name_plural = _("sites")
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(link_days__gte=1, link_days__lte=14), name="site_link_days_in_range"
            ),
            models.CheckConstraint(condition=Q(tier_1_hours__gte=1), name="site_tier_1_hours_positive"),
            models.CheckConstraint(
                condition=Q(opens_at__lt=models.F("closes_at")), name="site_opens_before_closing"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class SettingsVersion(models.Model):
    """One change of a site's settings: which, from what, to what, by whom. Added, never changed.

    `changes` lists {"name", "was", "now"}; the newest number is what somebody has seen before they change.
    """

    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="settings_versions")
    number = models.PositiveIntegerField()
    changes = models.JSONField()
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = _("version of the settings")
        verbose_name_plural = _("versions of the settings")
        ordering = ["site", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["site", "number"], name="settings_version_number_unique"),
        ]
        triggers = [
            pgtrigger.Protect(name="settings_version_kept", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.site}, settings {self.number}"


class Role(models.TextChoices):
    CLINICIAN = "clinician", _("Clinician")
    LEAD_CLINICIAN = "lead_clinician", _("Lead clinician")
    QUESTIONNAIRE_MANAGER = "questionnaire_manager", _("Questionnaire manager")
    ADMINISTRATOR = "administrator", _("Administrator")


class MembershipQuerySet(models.QuerySet["Membership"]):
    def at_work(self) -> MembershipQuerySet:
        """Those that open a door today: the membership and the person are both active."""
        return self.filter(active=True, user__is_active=True)


class Membership(models.Model):
    """One person at one site in one role."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships")
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="memberships")
    role = models.CharField(_("role"), max_length=30, choices=Role)
    active = models.BooleanField(_("active"), default=True)
    register_body = models.CharField(_("who keeps the register"), max_length=60, default="GMC")
    specialist_register = models.CharField(  # noqa: DJ001  not checked is not an empty number
        _("number on the specialist register"), max_length=20, null=True, blank=True
    )
    specialty = models.CharField(_("specialty"), max_length=100, null=True, blank=True)  # noqa: DJ001
    register_checked_on = models.DateField(_("register checked on"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["site__name", "user__name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["user", "site"], name="membership_one_role_per_site"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="membership_role_known"),
            models.CheckConstraint(
                condition=Q(specialist_register__isnull=True)
                | Q(specialist_register="")
                | (~Q(register_body="") & Q(register_checked_on__isnull=False)),
                name="membership_register_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.get_role_display()}, {self.site}"

    @property
    def register_entry(self) -> str:
        """The entry on the specialist register that is recorded here, in one line; empty without one."""
        if not self.specialist_register or self.register_checked_on is None:
            return ""
        parts = (f"{self.register_body} {self.specialist_register}", self.specialty or "")
        said = ", ".join(part for part in parts if part)
        return f"{said}, checked on {self.register_checked_on:%-d %B %Y}"
