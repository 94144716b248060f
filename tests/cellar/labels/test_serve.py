from contextlib import closing
from io import BytesIO

import pytest
from PIL import Image

from cellar.labels import store
from cellar.labels.sanitise import sanitise
from cellar.labels.serve import photo_response
from cellar.labels.store import PhotoMissing
from tests.cellar.labels.photos import LIMIT, bottle, encoded

# Sending a file ends a request, and that looks after the connection to the database.
pytestmark = pytest.mark.django_db


@pytest.fixture
def name() -> str:
    return store.save(sanitise(BytesIO(encoded(bottle())), max_bytes=LIMIT))


@pytest.mark.parametrize("variant", ["large", "medium", "small"])
def test_a_variant_is_sent_whole(name: str, variant: str) -> None:
    with closing(photo_response(name, variant)) as response:
        content = response.getvalue()
    assert Image.open(BytesIO(content)).format == "JPEG"
    assert response["Content-Length"] == str(len(content))


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("Content-Type", "image/jpeg"),
        ("Content-Disposition", 'inline; filename="label.jpg"'),
        ("X-Content-Type-Options", "nosniff"),
        ("Cache-Control", "private, max-age=31536000, immutable"),
        ("Content-Security-Policy", "default-src 'none'; sandbox"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
    ],
)
def test_a_photo_is_sent_so_that_it_can_only_be_a_picture(name: str, header: str, value: str) -> None:
    with closing(photo_response(name, "small")) as response:
        assert response[header] == value


def test_the_name_of_the_file_is_not_told(name: str) -> None:
    with closing(photo_response(name, "small")) as response:
        assert name not in str(response.headers)


def test_a_missing_photo_has_no_answer() -> None:
    with pytest.raises(PhotoMissing):
        photo_response("0" * 32, "large")
