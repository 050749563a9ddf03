"""Every setting of the portal; the only reader of the environment (docs/settings.md explains each name)."""

import sys
from datetime import timedelta
from pathlib import Path

from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

from lltp_portal import env, logs

BASE_DIR = Path(__file__).resolve().parent.parent

# --- What kind of house this is -------------------------------------------------------------------------------
# Unset means production: weak settings, demo data, test keys and failpoints are refused there.
LLTP_MODE = env.text("LLTP_MODE", "production")
if LLTP_MODE not in {"production", "demo"}:
    raise ImproperlyConfigured("LLTP_MODE must be 'production' or 'demo'.")
DEMO = LLTP_MODE == "demo"
DEBUG = False
LLTP_HOME = Path(env.text("LLTP_HOME", str(BASE_DIR / ".local"))).resolve()
LLTP_ROLE = env.text("LLTP_ROLE", "web")
if LLTP_ROLE not in {"web", "worker", "signer", "beat", "command"}:
    raise ImproperlyConfigured("LLTP_ROLE must be web, worker, signer, beat or command.")
LLTP_REGIME = env.text("LLTP_REGIME", "P2")
if LLTP_REGIME not in {"P2", "calendar"}:
    raise ImproperlyConfigured("LLTP_REGIME must be 'P2' or 'calendar'.")
LLTP_REGISTRY_BACKEND = env.text("LLTP_REGISTRY_BACKEND", "records.backends.OwnDatabase")
LLTP_FAILPOINT = env.text("LLTP_FAILPOINT", "")
# Tests run leases and sweepers faster than shipped; the order talk < soft < hard < lease always holds.
LLTP_TEMPO = env.number("LLTP_TEMPO", 1)
if not DEMO and (LLTP_FAILPOINT or LLTP_TEMPO != 1):
    raise ImproperlyConfigured("LLTP_FAILPOINT and LLTP_TEMPO are for tests (LLTP_MODE=demo).")

_DEMO_ONLY = "demo-only-not-secret-" * 3
SECRET_KEY = env.secret("SECRET_KEY", _DEMO_ONLY if DEMO else None)
# Keys the HMAC under which a staff member's 12-digit number is kept (four eyes are about persons, not accounts).
PERSON_KEY_SECRET = env.secret("PERSON_KEY_SECRET", _DEMO_ONLY if DEMO else None)
if not DEMO and min(len(SECRET_KEY), len(PERSON_KEY_SECRET)) < 50:
    raise ImproperlyConfigured("SECRET_KEY and PERSON_KEY_SECRET need at least 50 characters each.")
PUBLIC_BASE_URL = env.text("PUBLIC_BASE_URL", "http://127.0.0.1:8000" if DEMO else None).rstrip("/")
if not DEMO and not PUBLIC_BASE_URL.startswith("https://"):
    raise ImproperlyConfigured("PUBLIC_BASE_URL must begin with https://: it is printed on every certificate.")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", "127.0.0.1,localhost" if DEMO else "")
CSRF_TRUSTED_ORIGINS = [PUBLIC_BASE_URL]
# Printed on pages and papers as the one place to call; an authority's own number comes with its settings.
SUPPORT_PHONE = env.text("SUPPORT_PHONE", "(024) 3999 0190")

# --- Applications -----------------------------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "rest_framework",
    "drf_spectacular",
    "csp",
    "lltp_portal",
    "lltp_portal.accounts",
    "allauth",
    "allauth.account",
    "lltp_portal.audit",
    "lltp_portal.calendars",
    "records",
    "records.register",
    "records.central",
    "certificates",
    "requests",
    "dashboards",
]
MIDDLEWARE = [
    "lltp_portal.middleware.access_log",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "lltp_portal.languages.in_chosen_language",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "lltp_portal.middleware.keep_typed",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "lltp_portal.middleware.private_pages",
    "lltp_portal.middleware.portal_errors",
]
ROOT_URLCONF = "lltp_portal.urls"
WSGI_APPLICATION = "lltp_portal.wsgi.application"
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
                "lltp_portal.pages.portal",
            ],
        },
    }
]
FORM_RENDERER = "lltp_portal.forms_look.LookRenderer"

# --- Databases: two, and two roles (docs/adr/0004) ----------------------------------------------------------------
# Owners make and change tables; everything that runs connects as the application's role.
OWNER_COMMANDS = {"migrate", "createcachetable", "grant_app_role"}
_as_owner = len(sys.argv) > 1 and sys.argv[0].endswith("manage.py") and sys.argv[1] in OWNER_COMMANDS
_prefix, _suffix = ("", "_OWNER_URL") if _as_owner else ("", "_URL")
_nowhere = "postgres://lltp_app@127.0.0.1:5432/lltp" if DEMO else None
DATABASES = {
    "default": env.database(f"DATABASE{_suffix}", _nowhere),
    "central": env.database(f"CENTRAL_DATABASE{_suffix}", f"{_nowhere}_central" if DEMO else None),
}
DATABASE_APP_ROLE = env.text("DATABASE_APP_ROLE", "lltp_app")
for _database in DATABASES.values():
    _database["CONN_MAX_AGE"] = 60
    _database["CONN_HEALTH_CHECKS"] = True
    _database["OPTIONS"] = {
        "connect_timeout": 3,
        "keepalives_idle": 10,
        "keepalives_interval": 3,
        "keepalives_count": 3,
    }
    if not _as_owner:
        _database["OPTIONS"]["options"] = (
            "-c statement_timeout=15s -c lock_timeout=5s -c idle_in_transaction_session_timeout=30s"
        )
DATABASE_ROUTERS = ["lltp_portal.routers.CentralRegister"]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "portal_cache"}}

# --- Who --------------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"lltp_portal.accounts.password_rules.{name}"}
    for name in ("NotLikeTheUser", "MinimumLength", "NotCommon", "NotOnlyDigits")
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "after_sign_in"
ACCOUNT_LOGOUT_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "lltp_portal.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "lltp_portal.accounts.forms.SignUpForm"
ACCOUNT_FORMS = {
    name: f"lltp_portal.accounts.sign_in_forms.{form}"
    for name, form in {
        "login": "LoginForm",
        "signup": "SignupForm",
        "add_email": "AddEmailForm",
        "change_password": "ChangePasswordForm",
        "set_password": "SetPasswordForm",
        "reset_password": "ResetPasswordForm",
        "reset_password_from_key": "ResetPasswordKeyForm",
        "reauthenticate": "ReauthenticateForm",
    }.items()
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none" if DEMO else "mandatory"
ACCOUNT_UNIQUE_EMAIL = True
# Limits count by address: behind the TLS proxy that is the one the proxy names, or all the world would be one caller.
ALLAUTH_TRUSTED_PROXY_COUNT = 0 if DEMO else 1
# Added to allauth's own. track: the secret of a request has 40 bits, and these leave nobody the time to try them.
# typed: what was typed after a session ended, by address and in all; 2000 rows of at most 30,000 characters.
ACCOUNT_RATE_LIMITS = {"track": "30/10m/ip,20/h/key", "typed": "60/10m/ip,2000/h/key"}
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_SESSION_REMEMBER = False
SESSION_COOKIE_AGE = int(timedelta(hours=8).total_seconds())
SESSION_EXPIRE_AT_BROWSER_CLOSE = True

# --- Web --------------------------------------------------------------------------------------------------------
LANGUAGE_CODE = "vi"
LANGUAGES = [("vi", "Tiếng Việt"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "lltp_portal" / "locale"]
LANGUAGE_COOKIE_AGE = int(timedelta(days=365).total_seconds())
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = not DEMO
TIME_ZONE = "Asia/Ho_Chi_Minh"
USE_TZ = True
USE_I18N = True
STATIC_URL = "/static/"
STATIC_ROOT = env.text("STATIC_ROOT", "") or None
WHITENOISE_USE_FINDERS = STATIC_ROOT is None
# The sources of minified scripts are large, nobody fetches them, and compressing them took ten times the rest.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ("jpg", "jpeg", "png", "gif", "webp", "zip", "gz", "br", "woff", "woff2", "map")
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if STATIC_ROOT
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "lltp_portal.pages.csrf_failure"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not DEMO
SECURE_SSL_REDIRECT = not DEMO
SECURE_REDIRECT_EXEMPT = [r"^healthz$"]
SECURE_HSTS_SECONDS = 0 if DEMO else 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = not DEMO
SECURE_PROXY_SSL_HEADER = None if DEMO else ("HTTP_X_FORWARDED_PROTO", "https")
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
        "img-src": [SELF, "data:"],
    }
}
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
# Files go to disk block by block, only at addresses of papers, and within limits (requests/attachments/limits.py).
FILE_UPLOAD_HANDLERS = ["requests.attachments.receiving.PaperUpload"]
# ClamAV's daemon, host:port or unix:/path; empty: papers are kept as unscanned, and whoever opens one is told.
CLAMD_ADDRESS = env.text("CLAMD_ADDRESS", "")
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "lltp_portal.errors.api_error",
    "NUM_PROXIES": 1,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Cổng Lý lịch tư pháp",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    # One set of choices, one name, whichever field carries it.
    "ENUM_NAME_OVERRIDES": {
        "PaperKind": "requests.models.attachment.Attachment.Kind",
        "Sex": "requests.models.declaration.Declaration.Sex",
        "State": "requests.states.State",
    },
}

# --- Work in the background (docs/adr/0003) -----------------------------------------------------------------------


def _pace(seconds: float) -> float:
    """How often something is looked at: as shipped, or faster in tests."""
    return seconds / LLTP_TEMPO


def _limit(seconds: float) -> float:
    """How long something may take: never so short that a slow machine would be called a crash."""
    return seconds / min(LLTP_TEMPO, 3)


SWEEP_EVERY = _pace(15)  # seconds
LEASE_SECONDS = _limit(30)
TALK_SECONDS = _limit(10)  # all the talking to the outside that one task does
CRASHES_BEFORE_PARKED = 5
BACKOFF_SECONDS = [_pace(s) for s in (15, 30, 60, 120, 300)]
REGISTRY_MAX_AGE = timedelta(hours=1)  # an answer whose as_of is older is refused at the door
ANSWER_RENEW_AFTER = timedelta(hours=12)  # a verified request's answer is asked for again
ANSWER_MAX_AGE = timedelta(hours=24)  # approve refuses an older answer
TWO_PEOPLE_PERCENT = int(env.number("TWO_PEOPLE_PERCENT", 5))  # of cases in doubt; an office may lay down its own
FREE_SEARCH_MINUTES = 30  # how long an allowed free search is shown to who asked for it
SUPPLEMENT_DAYS = 15  # calendar days a citizen has to answer
INQUIRY_REMIND_DAYS = 5  # working days after a reminder until the next falls due: the portal's own habit
FEEDBACK_DAYS = 5  # working days to answer feedback (phản ánh, kiến nghị): the portal's own promise
DRAFT_KEPT_DAYS = 90
LAW_REREAD_SECONDS = 60  # how often a process asks whether rows of the law were added

# --- Asking another deployment, and being asked (docs/adr/0010, docs/lookups.md) ----------------------------------
LLTP_CENTRAL_URL = env.text("LLTP_CENTRAL_URL", "").rstrip("/")
LLTP_CENTRAL_KEY = env.secret("LLTP_CENTRAL_KEY", "") if LLTP_ROLE in {"worker", "command"} else ""
LLTP_CENTRAL_PINNED_KEYS = env.words("LLTP_CENTRAL_PINNED_KEYS")
LLTP_CENTRAL_CA_FILE = env.text("LLTP_CENTRAL_CA_FILE", "")
LLTP_CENTRAL_CLIENT_CERTIFICATE_FILE = env.text("LLTP_CENTRAL_CLIENT_CERTIFICATE_FILE", "")
LLTP_CENTRAL_CLIENT_KEY_FILE = env.text("LLTP_CENTRAL_CLIENT_KEY_FILE", "")
# Only the worker asks, so only the worker has to have the key.
_may_ask = LLTP_CENTRAL_URL and (LLTP_CENTRAL_KEY or LLTP_ROLE != "worker") and 1 <= len(LLTP_CENTRAL_PINNED_KEYS) <= 2
if LLTP_REGISTRY_BACKEND == "records.remote.HttpCentral" and not _may_ask:
    raise ImproperlyConfigured("HttpCentral needs LLTP_CENTRAL_URL, _KEY and one or two _PINNED_KEYS.")
if LLTP_CENTRAL_URL and not DEMO and not LLTP_CENTRAL_URL.startswith("https://"):
    raise ImproperlyConfigured("LLTP_CENTRAL_URL must begin with https://: people's data travel to it.")
# Only web answers offices, so only web is given the key that signs the answers; empty: this deployment serves nobody.
LLTP_CENTRAL_SIGNING_KEY_FILE = env.text("LLTP_CENTRAL_SIGNING_KEY_FILE", "") if LLTP_ROLE == "web" else ""
CIRCUIT_FAILURES = 5  # answers in a row that could not be believed before the far side is left alone
CIRCUIT_SECONDS = _pace(30)  # how long; then one process tries
LOOKUP_CLOCK_SKEW = timedelta(minutes=5)  # how far an office's clock may be off when it asks
# Days after issue on which the person is asked for again; nothing: never.
REASK_DAYS = env.days("REASK_DAYS", "1,3,7,14,30")
REASK_PATIENCE = _pace(3600)  # seconds until such a question is put again where it was not answered

# --- Paying the fee (docs/adr/0007) -----------------------------------------------------------------------------------
PAYMENT_DAYS = int(env.number("PAYMENT_DAYS", 10))  # calendar days to pay in; then the request lapses
PAYMENT_REMINDER_DAYS = 3  # the message before that
PAYMENT_TRANSFER_DAYS = 4  # a transfer made on the last day may stand on a statement so much later
PAYMENT_ORDER_MINUTES = 30  # how long an order at the platform may be paid
PAYMENT_FIRST_QUERY = _pace(60)  # seconds: when the platform is first asked about an order nobody told us of
# Empty: paying online is not offered.
PAYMENT_PLATFORM_URL = env.text("PAYMENT_PLATFORM_URL", "").rstrip("/")
PAYMENT_PARTNER_CODE = env.text("PAYMENT_PARTNER_CODE", "LLTP")
PAYMENT_SECRET = env.secret("PAYMENT_SECRET", "")
if PAYMENT_PLATFORM_URL and len(PAYMENT_SECRET) < 32:
    raise ImproperlyConfigured("PAYMENT_PLATFORM_URL needs a PAYMENT_SECRET of at least 32 characters.")
if PAYMENT_PLATFORM_URL and not DEMO and not PAYMENT_PLATFORM_URL.startswith("https://"):
    raise ImproperlyConfigured("PAYMENT_PLATFORM_URL must begin with https://.")
# Empty: bank transfer is not offered.
PAYMENT_ACCOUNTS_FILE = env.text(
    "PAYMENT_ACCOUNTS_FILE", str(BASE_DIR / "requests" / "payments" / "demo_accounts.csv") if DEMO else ""
)

REDIS_URL = env.secret("REDIS_URL", "redis://127.0.0.1:6379/0" if DEMO else None)
CELERY_BROKER_URL = REDIS_URL
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 200
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 20
CELERY_WORKER_ENABLE_SOFT_SHUTDOWN_ON_IDLE = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_SOFT_TIME_LIMIT = _limit(20)
CELERY_TASK_TIME_LIMIT = _limit(25)
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = TIME_ZONE
CELERY_TASK_ROUTES = {"requests.tasks.sign_certificate": {"queue": "signing"}}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_VISIBILITY_TIMEOUT = 300
if LLTP_ROLE in {"worker", "signer", "beat"}:
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "visibility_timeout": 300,
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
        "socket_timeout": 5,
        "socket_connect_timeout": 3,
        "socket_keepalive": True,
        "health_check_interval": 10,
    }
else:
    # A page must not wait for a dead broker: the sweeper rings again anyway.
    CELERY_BROKER_CONNECTION_TIMEOUT = 0.5
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "visibility_timeout": 300,
        "socket_timeout": 0.8,
        "socket_connect_timeout": 0.5,
        "max_retries": 0,
        "interval_start": 0,
        "interval_step": 0,
        "interval_max": 0,
    }
CELERY_TASK_PUBLISH_RETRY = False

# --- Signing ------------------------------------------------------------------------------------------------------
# Only the signer's process is given the key; the others know the certificate, to check what was signed.
SIGNING_KEY_FILE = env.text("SIGNING_KEY_FILE", "") if LLTP_ROLE in {"signer", "command"} else ""
SIGNING_CERTIFICATE_FILE = env.text("SIGNING_CERTIFICATE_FILE", str(LLTP_HOME / "keys" / "signer.crt"))
SIGNING_TRUST_FILE = env.text("SIGNING_TRUST_FILE", str(LLTP_HOME / "keys" / "ca.crt"))

# --- Mail and logs ------------------------------------------------------------------------------------------------
# On one's own machine a letter is a file: people's addresses do not belong into a log.
EMAIL_BACKEND = env.text(
    "EMAIL_BACKEND",
    "django.core.mail.backends.filebased.EmailBackend" if DEMO else "django.core.mail.backends.smtp.EmailBackend",
)
EMAIL_FILE_PATH = str(LLTP_HOME / "mail")
EMAIL_HOST = env.text("EMAIL_HOST", "localhost")
EMAIL_PORT = int(env.number("EMAIL_PORT", 25))
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = env.secret("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = env.text("EMAIL_USE_TLS", "no") == "yes"
EMAIL_TIMEOUT = TALK_SECONDS / 2
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", "khong-tra-loi@vi-du.example")
# The ways out of the house, in the order in which they are tried; all but e-mail need the provider.
MESSAGE_CHANNELS = env.words("MESSAGE_CHANNELS", "email,sms")
if unknown := set(MESSAGE_CHANNELS) - {"email", "sms", "zalo"}:
    raise ImproperlyConfigured(f"MESSAGE_CHANNELS knows email, sms and zalo, not {', '.join(sorted(unknown))}.")
# From and to which hour of the day in Viet Nam nothing is sent; equal hours: sent at any time.
MESSAGE_QUIET_HOURS = env.hours("MESSAGE_QUIET_HOURS", "21-7")
MESSAGE_PROVIDER_URL = env.text("MESSAGE_PROVIDER_URL", "").rstrip("/")
MESSAGE_PROVIDER_KEY = env.secret("MESSAGE_PROVIDER_KEY", "")
if not DEMO and MESSAGE_PROVIDER_URL and not MESSAGE_PROVIDER_URL.startswith("https://"):
    raise ImproperlyConfigured("MESSAGE_PROVIDER_URL must begin with https://: phone numbers travel to it.")
LOGGING = logs.as_json_lines(env.text("LOG_LEVEL", "INFO"))
