"""Ends with 0 when WineBox on this machine answers that it is well; for Docker, which asks every half a minute."""

import os
import sys
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

# WineBox answers under its own name only.
host = urlsplit(os.environ.get("WINEBOX_SITE_URL", "")).hostname or "localhost"
connection = HTTPConnection("127.0.0.1", int(os.environ.get("PORT", "8000")), timeout=5)
try:
    connection.request("GET", "/health/", headers={"Host": host})
    status = connection.getresponse().status
except (OSError, HTTPException) as problem:
    sys.exit(f"WineBox does not answer: {problem}")
finally:
    connection.close()
if status != 200:
    sys.exit(f"WineBox answers {status}.")
