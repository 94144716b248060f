"""Settings; every value comes from the environment. The table is in docs/configuration.md."""

from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = BASE_DIR / "data"
SECRET_KEY = "x" * 50
DEBUG = True
ALLOWED_HOSTS = ["*"]
RATE_LIMIT_PER_MINUTE = 60
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "winebox",
    "accounts",
    "cellar",
]
AUTH_USER_MODEL = "accounts.User"
ROOT_URLCONF = "winebox.urls"
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": DATA_DIR / "winebox.sqlite3"}}
USE_TZ = True
