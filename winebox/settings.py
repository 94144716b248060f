"""Settings; every value comes from the environment. The table is in docs/configuration.md."""

from datetime import timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

from csp.constants import NONE, SELF

from winebox.engines import counters_config, database_config, engine_of
from winebox.environment import BASE_DIR, read_settings
from winebox.mail_service import CONSOLE, mail_config
from winebox.photo_store import store_config

env = read_settings()

# -- Where and how the site is reached ---------------------------------------------------------------------------------

SITE_URL: str = env["SITE_URL"]
SECURITY_CONTACT: str = env["SECURITY_CONTACT"]
SITE_HOST = urlsplit(SITE_URL).hostname or ""
IS_HTTPS = SITE_URL.startswith("https://")
ENFORCE_HTTPS = IS_HTTPS if env["ENFORCE_HTTPS"] is None else env["ENFORCE_HTTPS"]
# WineBox does not speak TLS itself, so where it is reached by HTTPS there is a proxy before it.
TRUSTED_PROXIES = int(IS_HTTPS) if env["TRUSTED_PROXIES"] is None else env["TRUSTED_PROXIES"]

DEBUG: bool = env["DEBUG"]
SECRET_KEY: str = env["SECRET_KEY"]
SECRET_KEY_FALLBACKS: list[str] = env["SECRET_KEY_FALLBACKS"]
ALLOWED_HOSTS: list[str] = [*([SITE_HOST] if SITE_HOST else ["localhost", "127.0.0.1", "[::1]"]), *env["ALLOWED_HOSTS"]]
CSRF_TRUSTED_ORIGINS: list[str] = [*([SITE_URL] if SITE_URL else []), *env["CSRF_TRUSTED_ORIGINS"]]

SECURE_SSL_REDIRECT = ENFORCE_HTTPS
SECURE_REDIRECT_EXEMPT = [r"^health/$"]
SECURE_SSL_HOST = urlsplit(SITE_URL).netloc or None
SECURE_HSTS_SECONDS = (31536000 if IS_HTTPS else 0) if env["HSTS_SECONDS"] is None else env["HSTS_SECONDS"]
SECURE_HSTS_INCLUDE_SUBDOMAINS: bool = env["HSTS_INCLUDE_SUBDOMAINS"]
SECURE_HSTS_PRELOAD: bool = env["HSTS_PRELOAD"]
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = IS_HTTPS or ENFORCE_HTTPS
# Browsers take a cookie named __Host-… only over HTTPS, for this host alone and the whole of it.
COOKIE_PREFIX = "__Host-" if SESSION_COOKIE_SECURE else ""
SESSION_COOKIE_NAME = f"{COOKIE_PREFIX}sessionid"
CSRF_COOKIE_NAME = f"{COOKIE_PREFIX}csrftoken"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"

# -- What the site is made of ------------------------------------------------------------------------------------------

ENGINE = engine_of(env["DATABASE_URL"])
ON_MONGODB = ENGINE == "mongodb"
# MongoDB makes its own kind of primary keys, so the apps with tables of their own need other configurations there.
INSTALLED_APPS = [
    "winebox.mongodb.apps.AdminConfig" if ON_MONGODB else "winebox.apps.AdminConfig",
    "winebox.mongodb.apps.AuthConfig" if ON_MONGODB else "django.contrib.auth",
    "winebox.mongodb.apps.ContentTypesConfig" if ON_MONGODB else "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.forms",
    "csp",
    "winebox.mongodb.apps.AxesConfig" if ON_MONGODB else "axes",
    "winebox.apps.WineBoxConfig",
    "accounts",
    "cellar",
]
MIGRATION_MODULES = (
    {app: f"winebox.mongodb.migrations.{app}" for app in ("admin", "auth", "axes", "contenttypes")}
    if ON_MONGODB
    else {}
)

MIDDLEWARE = [
    "winebox.middleware.RequestLogMiddleware",
    "winebox.middleware.SecurityHeadersMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "winebox.compression.CompressPagesMiddleware",
    "winebox.middleware.BodySizeMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "winebox.middleware.SlidingSessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "accounts.middleware.PeopleMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "winebox.middleware.WhoMayMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "winebox.middleware.ErrorPageMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "winebox.urls"
WSGI_APPLICATION = "winebox.wsgi.application"
# Called with the site's address when the server starts; what it returns is printed, line by line.
STARTUP_NOTICE = "accounts.setup.startup_notice"
# Called with the kind and the details of what belongs into the security log (see winebox.security_log).
SECURITY_LOG = "accounts.security.note"
SECURITY_LOG_NEWEST = "accounts.security.newest"
# Asks for the password again where a view says so (see winebox.access.sudo).
SUDO = "accounts.views.sudo.ask"
# Forms below these addresses hash passwords, or read labels; the server has few threads for each (see winebox.lanes).
SLOW_FORMS = (("/accounts/", "/setup/"), ("/wines/add/read/",))
# The page of what a helper is confined to, and the helper's own page of it; both take its id.
SCOPE_PAGE, HELPER_PAGE = "location", "location_help"
# What `clear_expired` calls; each removes what has had its time and returns how many, by name.
EXPIRY = [
    "accounts.expiry.clear",
    "cellar.labels.abandoned.clear",
    "cellar.claude.usage.clear",
    "cellar.imports.unfinished.clear",
    "winebox.counters.clear",
    "winebox.archive.uploads.clear",
]
# What each app says about its rows in a backup (`winebox.archive`).
ARCHIVE = ["accounts.archive.part", "cellar.archive.part"]

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "winebox.context_processors.appearance",
            ],
        },
    }
]
FORM_RENDERER = "winebox.forms.Renderer"

# -- What is kept ------------------------------------------------------------------------------------------------------

DATA_DIR = env["DATA_DIR"]
DATABASES = {"default": database_config(env["DATABASE_URL"], DATA_DIR)}
DEFAULT_AUTO_FIELD = "django_mongodb_backend.fields.ObjectIdAutoField" if ON_MONGODB else "django.db.models.AutoField"

STATIC_URL = "static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
PHOTO_DIR = DATA_DIR / "photos"
STORAGES: dict[str, dict[str, Any]] = {
    "default": store_config(
        env["MEDIA_URL"],
        PHOTO_DIR,
        access_key_id=env["AWS_ACCESS_KEY_ID"],
        secret_access_key=env["AWS_SECRET_ACCESS_KEY"],
        region=env["AWS_REGION"],
    ),
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "winebox.static_files.StaticFiles"
    },
}
WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = DEBUG
# A file under static/ is for everybody; that other sites may read it, too, is nothing we need.
WHITENOISE_ALLOW_ALL_ORIGINS = False

MAX_UPLOAD_BYTES: int = env["MAX_UPLOAD_MB"] * 1024 * 1024
# A file of wines that is brought in.
MAX_IMPORT_BYTES = 25 * 1024 * 1024
# A form carries the front and the back of a bottle, or files of wines, and its fields.
MAX_BODY_BYTES = max(2 * MAX_UPLOAD_BYTES, MAX_IMPORT_BYTES) + 1024 * 1024
# A backup with its photos, sent by an owner who has just given the password again (see `winebox.archive.uploads`).
MAX_RESTORE_BYTES = 4 * 1024 * 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o640

CACHES: dict[str, dict[str, Any]] = {
    # What may be forgotten and is quick to make anew; each process has its own.
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 100_000}},
    # Parts of pages, as they were drawn from the same values.
    "template_fragments": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "fragments",
        "OPTIONS": {"MAX_ENTRIES": 100},
    },
    # What limits count must outlive a restart and hold for all processes together.
    "limits": counters_config(env["REDIS_URL"]),
}

# -- People ------------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign_in"
PASSWORD_HASHERS = [
    "accounts.hashers.Argon2PasswordHasher",
    "accounts.hashers.PBKDF2PasswordHasher",
    "accounts.hashers.ScryptPasswordHasher",
]
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": "accounts.passwords.LengthValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
    {"NAME": "accounts.passwords.KnownValidator"},
    {"NAME": "accounts.passwords.SequenceValidator"},
    {"NAME": "accounts.passwords.VarietyValidator"},
    {"NAME": "accounts.passwords.SiteWordsValidator"},
]

SESSION_ENGINE = "accounts.session_store"
SESSION_COOKIE_AGE = env["SESSION_HOURS"] * 3600
MESSAGE_STORAGE = "django.contrib.messages.storage.cookie.CookieStorage"

AXES_HANDLER = "accounts.lockout.Handler"
AXES_FAILURE_LIMIT: int = env["LOCKOUT_FAILURES"]
AXES_COOLOFF_TIME = timedelta(minutes=env["LOCKOUT_MINUTES"])
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
# Otherwise somebody who keeps guessing would keep the owner out for ever.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_USERNAME_CALLABLE = "accounts.lockout.account_of"
AXES_CLIENT_IP_CALLABLE = "winebox.addresses.client_address"
AXES_LOCKOUT_CALLABLE = "accounts.views.sign_in.locked_out"
# The security log is kept by accounts; this would be a second one.
AXES_DISABLE_ACCESS_LOG = True
AXES_VERBOSE = False

RATELIMIT_USE_CACHE = "limits"
RATELIMIT_IP_META_KEY = "winebox.addresses.client_address"
RATE_LIMIT_PER_MINUTE: int = env["RATE_LIMIT_PER_MINUTE"]
AUTH_RATE_LIMIT_PER_MINUTE: int = env["AUTH_RATE_LIMIT_PER_MINUTE"]

# -- What browsers are told --------------------------------------------------------------------------------------------

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "manifest-src": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
        "report-uri": "/csp-report/",
    }
}
CSRF_FAILURE_VIEW = "winebox.errors.csrf_failure"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "strict-origin-when-cross-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"

# -- Language, time, money, mail ---------------------------------------------------------------------------------------

LANGUAGE_CODE: str = env["LANGUAGE"]
TIME_ZONE: str = env["TIME_ZONE"]
CURRENCY: str = env["CURRENCY"]
USE_TZ = USE_I18N = True
FORMAT_MODULE_PATH = ["winebox.formats"]

MAIL = mail_config(
    env["EMAIL_URL"],
    access_key_id=env["AWS_ACCESS_KEY_ID"],
    secret_access_key=env["AWS_SECRET_ACCESS_KEY"],
    region=env["AWS_REGION"],
)
globals().update(MAIL)
MAIL_IS_SENT = MAIL["EMAIL_BACKEND"] != CONSOLE
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env["EMAIL_FROM"]

# -- Other services ----------------------------------------------------------------------------------------------------

AWS_ACCESS_KEY_ID: str = env["AWS_ACCESS_KEY_ID"]
AWS_SECRET_ACCESS_KEY: str = env["AWS_SECRET_ACCESS_KEY"]
AWS_REGION: str = env["AWS_REGION"]
ANTHROPIC_API_KEY: str = env["ANTHROPIC_API_KEY"]
ANTHROPIC_MODEL: str = env["ANTHROPIC_MODEL"]
ANTHROPIC_BASE_URL: str = env["ANTHROPIC_BASE_URL"]
ANTHROPIC_PRICE: tuple[Decimal, Decimal] | None = env["ANTHROPIC_PRICE"]
# Seconds for an answer, with all tries.
ANTHROPIC_TIMEOUT = 30.0
SCANS_PER_DAY: int = env["SCANS_PER_DAY"]

# -- The log -----------------------------------------------------------------------------------------------------------

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"request": {"()": "winebox.logs.RequestFilter"}},
    "formatters": {
        "text": {"()": "winebox.logs.TextFormatter"},
        "json": {"()": "winebox.logs.JsonFormatter"},
    },
    "handlers": {
        "console": {"class": "logging.StreamHandler", "filters": ["request"], "formatter": env["LOG_FORMAT"]},
    },
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        # No mails to ADMINS. The one line per request is ours, so only what failed is told here as well.
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        "django.request": {"level": "ERROR"},
        "django.server": {"handlers": [], "level": "ERROR", "propagate": True},
        "django.utils.autoreload": {"level": "WARNING"},
        "axes": {"level": "WARNING"},
        "pymongo": {"level": "WARNING"},
        "botocore": {"level": "WARNING"},
        "anthropic": {"level": "WARNING"},
        "httpx2": {"level": "WARNING"},
        "waitress.queue": {"level": "ERROR"},
    },
}

# -- Checks that are wrong here, each with the reason ------------------------------------------------------------------

SILENCED_SYSTEM_CHECKS = [
    # "Not officially supported": django-ratelimit knows no cache that counts in the database. Ours hands out each
    # number once, with one conditional UPDATE; tests/winebox/test_counters.py races threads and processes for it.
    "django_ratelimit.W001",
    # HSTS preload binds the whole domain for years: the household decides that, with WINEBOX_HSTS_PRELOAD.
    "security.W021",
]
