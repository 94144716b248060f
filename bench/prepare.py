"""Prepare a cellar for measuring: `python -m bench.prepare WINES BOTTLES LINES`; prints the key of a session."""

import os
import sys

import django


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "winebox.settings")
    django.setup()
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY, get_user_model
    from django.contrib.sessions.backends.db import SessionStore

    from bench.filling import fill

    wines, bottles, lines = (int(argument) for argument in sys.argv[1:])
    owner = get_user_model().objects.create_user(email="bench@example.org", password=None, role="owner")
    session = SessionStore()
    session[SESSION_KEY] = str(owner.pk)
    session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    session[HASH_SESSION_KEY] = owner.get_session_auth_hash()
    session.save()
    fill(wines=wines, bottles=bottles, lines=lines, actor_id=owner.pk)
    sys.stdout.write(f"{session.session_key}\n")


if __name__ == "__main__":
    main()
