"""Settings, from the environment only. Safe for production as it stands; the demo loosens what it must."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from csp.constants import NONCE, NONE, SELF

from clinic.env import Environment
from clinic.half_said import half_said
from clinic.logs import logging_config

BASE_DIR = Path(__file__).resolve().parent.parent
env = Environment(BASE_DIR)

# --- What this installation is --------------------------------------------------------------------

DEMO = env.flag("THRESHOLD_DEMO", "whether this is a demo on one's own machine", default=False)
DEBUG = False  # never: an error page with local variables would show answers
SECRET_KEY = env.secret(
    "SECRET_KEY", "the key that signs sessions and tokens, 50 characters or more", least=50
)
SECRET_KEY_FALLBACKS = env.words("SECRET_KEY_FALLBACKS", "the keys that signed before, commas between", [])
FIELD_KEYS = env.keys("FIELD_KEYS", "the keys that encrypt personal fields, newest first, commas between")
LOOKUP_KEY = env.secret(
    "LOOKUP_KEY", "the key to look encrypted values up by, 32 characters or more; it never changes", least=32
)
BASE_URL = env.address("BASE_URL", "the address people use, such as https://clinic.example.org, and no more")
ALLOWED_HOSTS = env.words(
    "ALLOWED_HOSTS", "the host names this service answers to", [urlsplit(BASE_URL).hostname or ""]
)
VAR_DIR = BASE_DIR / env.text("VAR_DIR", "the folder for documents and other files", "var")

if DEMO and (urlsplit(BASE_URL).hostname or "") not in ("127.0.0.1", "localhost", "::1"):
    env.problems.append("THRESHOLD_DEMO is on, but BASE_URL is not this machine: the demo shows passwords.")
if not DEMO and BASE_URL and not BASE_URL.startswith("https://"):
    env.problems.append("BASE_URL must start with https://. Answers about health never travel in the clear.")

# --- The parts ------------------------------------------------------------------------------------

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "pgtrigger",
    "crispy_forms",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "accounts",
    "audit",
    "screening",
    "clinic",
]

MIDDLEWARE = [
    "clinic.middleware.RequestLogMiddleware",
    "clinic.middleware.ResponseHeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "clinic.middleware.CompressionMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "clinic.middleware.RequestSizeMiddleware",  # below what adds headers: a refusal carries them too
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "clinic.middleware.SignInMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "accounts.middleware.StaffMiddleware",
    "screening.intake.middleware.IntakeMiddleware",
]

ROOT_URLCONF = "clinic.urls"
WSGI_APPLICATION = "clinic.wsgi.application"
APPEND_SLASH = True
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "clinic.navigation.navigation",
            ],
        },
    }
]
CRISPY_ALLOWED_TEMPLATE_PACKS = ("threshold",)
CRISPY_TEMPLATE_PACK = "threshold"

# --- Where things are kept ------------------------------------------------------------------------

DATABASES = {"default": env.database("DATABASE_URL", "the address of the PostgreSQL database")}
_pool = env.number("DATABASE_POOL_SIZE", "how many connections a process keeps at most; 0 keeps none", 4)
_statement = env.number("DATABASE_STATEMENT_TIMEOUT", "milliseconds a statement may take; 0: any", 15_000)
_lock = env.number("DATABASE_LOCK_TIMEOUT", "milliseconds to wait for a lock; 0: any", 2_000)
DATABASES["default"]["CONN_MAX_AGE"] = 0  # the pool keeps connections, not the thread
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True  # or each stale connection is one error after a restart
DATABASES["default"].setdefault("OPTIONS", {}).update(
    {
        "application_name": "threshold",
        "connect_timeout": 5,
        "options": f"-c statement_timeout={_statement} -c lock_timeout={_lock}"
        " -c idle_in_transaction_session_timeout=60000",
    }
)
if _pool:
    DATABASES["default"]["OPTIONS"]["pool"] = {"min_size": 1, "max_size": _pool, "timeout": 5}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Limits on sign-in tries are counted here: every process has to see the same count.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"}}
MEDIA_ROOT = VAR_DIR / "documents"
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024  # a page of answers, files not counted
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000  # a reference table of the rules is one page with a box for each cell
DATA_UPLOAD_MAX_NUMBER_FILES = 10
MAX_REQUEST_BYTES = 64 * 1024 * 1024  # everything, files counted
CLAMD_ADDRESS = env.text(
    "CLAMD_ADDRESS", "where clamd checks files for viruses: host:port or the path of its socket", ""
)
CLAMD_SECONDS = env.number("CLAMD_SECONDS", "seconds that clamd may take for one file", 20, least=1)
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage",
        # Or they were as private as documents are: the image collects them as root and serves them as nobody.
        "OPTIONS": {"file_permissions_mode": 0o644, "directory_permissions_mode": 0o755},
    },
}

# --- People ---------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
ACCOUNT_ADAPTER = "accounts.adapters.StaffAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_SESSION_REMEMBER = False  # nobody asks to stay signed in: accounts.sessions decides
ACCOUNT_EMAIL_NOTIFICATIONS = True  # a person hears of every change to how they sign in
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # no mail to strangers whose address somebody typed
ALLAUTH_TRUSTED_PROXY_COUNT = env.number(
    "TRUSTED_PROXIES", "how many proxies of ours stand in front; they name the caller's address", 0
)
MFA_ADAPTER = "accounts.adapters.StaffMFAAdapter"
MFA_ALLOW_UNVERIFIED_EMAIL = True  # an administrator entered the address; nobody signs up
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", "webauthn"]
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEMO
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "staff-home"
LOGOUT_REDIRECT_URL = LOGIN_URL  # not the first page of all, which is for patients

# --- Words and time -------------------------------------------------------------------------------

LANGUAGE_CODE = "en-gb"
LANGUAGES = [(LANGUAGE_CODE, "English")] + [
    (code, code) for code in env.words("LANGUAGES", "the languages besides English that are installed", [])
]
LOCALE_PATHS = [BASE_DIR / "locale", VAR_DIR / "locale"]
TIME_ZONE = "Europe/London"
USE_I18N = True
USE_TZ = True

# --- Mail and the alarm clock ---------------------------------------------------------------------

EMAIL_BACKEND = env.text(
    "EMAIL_BACKEND", "the way mail leaves", "django.core.mail.backends.smtp.EmailBackend"
)
EMAIL_HOST = env.text("EMAIL_HOST", "the mail server", "localhost")
EMAIL_PORT = env.number("EMAIL_PORT", "the mail server's port", 25, least=1, most=65_535)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER", "the name we sign in to the mail server with", "")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD", "the password for the mail server", "")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS", "whether to start TLS on the mail connection", default=False)
EMAIL_USE_SSL = env.flag("EMAIL_USE_SSL", "whether the mail connection is TLS from the start", default=False)
EMAIL_FILE_PATH = str(VAR_DIR / "outbox")  # read only when the file backend is chosen: the demo
EMAIL_TIMEOUT = 10  # seconds; a lease of a reminder is longer than this
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "the sender's address on mail", "clinic@example.org")
SERVER_EMAIL = DEFAULT_FROM_EMAIL
NOTIFY_API_KEY = env.text("NOTIFY_API_KEY", "the key of GOV.UK Notify, which sends texts and emails", "")
NOTIFY_EMAIL_TEMPLATE = env.text(
    "NOTIFY_EMAIL_TEMPLATE", "the id of Notify's template of ((subject)) and ((body))", ""
)
NOTIFY_SMS_TEMPLATE = env.text("NOTIFY_SMS_TEMPLATE", "the id of Notify's template of ((body)) for texts", "")
NOTIFY_CALLBACK_TOKEN = env.text(
    "NOTIFY_CALLBACK_TOKEN", "the token with which Notify reports what came back, 32 characters or more", ""
)
NOTIFY_URL = env.text("NOTIFY_URL", "Notify's own address", "https://api.notifications.service.gov.uk")
BROKER_URL = env.text("BROKER_URL", "the message broker", "filesystem://")
TICK_SECONDS = env.number("TICK_SECONDS", "seconds between two looks for reminders that are due", 60, least=1)
REMINDER_LEASE_SECONDS = env.number(
    "REMINDER_LEASE_SECONDS", "seconds after which a silent worker's reminders are taken back", 300, least=1
)

# --- What a browser is told -----------------------------------------------------------------------

CONTENT_SECURITY_POLICY: dict[str, Any] = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],  # data: is the QR code for a second factor
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"  # not no-referrer: the check against forged forms reads it
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_SSL_REDIRECT = not DEMO
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]  # asked from inside, without TLS
SECURE_HSTS_SECONDS = 0 if DEMO else 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = not DEMO
SECURE_HSTS_PRELOAD = not DEMO
if env.flag("PROXY_SETS_HTTPS", "whether our own proxy ends TLS and says so", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# A browser takes a __Host- cookie over TLS only, and from this very host only.
_cookie = "" if DEMO else "__Host-"
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_NAME = f"{_cookie}session"
SESSION_COOKIE_AGE = 10 * 3600  # at most; the chapters end idle sessions sooner
SESSION_COOKIE_SECURE = not DEMO
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_FAILURE_VIEW = "clinic.errors.forged"
CSRF_COOKIE_NAME = f"{_cookie}csrf"
CSRF_COOKIE_SECURE = not DEMO
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_NAME = f"{_cookie}language"
LANGUAGE_COOKIE_SECURE = not DEMO
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
KEYS_COOKIE_NAME = f"{_cookie}keys"  # whether somebody of staff has switched the keys of one letter off
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

LOGGING_CONFIG = None
LOG_LEVEL = env.choice(
    "LOG_LEVEL", "how much is logged: INFO, WARNING or ERROR", "INFO", others=["WARNING", "ERROR"]
)
env.problems += half_said(globals())
env.finish()
logging_config(LOG_LEVEL)
