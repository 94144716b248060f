"""The application, as a WSGI server calls it."""

import os

from django.core.wsgi import get_wsgi_application

from winebox.encoding import in_utf_8

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "winebox.settings")

application = in_utf_8(get_wsgi_application())
