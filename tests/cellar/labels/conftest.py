"""Claude, as far as tests go: a server on this machine."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.cellar.labels import messages_api
from tests.cellar.labels.messages_api import Service


@pytest.fixture
def service(settings: Any) -> Iterator[Service]:
    """Let Claude be a server of this test, with a key."""
    settings.ANTHROPIC_API_KEY = messages_api.KEY
    with messages_api.serving() as service:
        settings.ANTHROPIC_BASE_URL = service.url
        yield service
