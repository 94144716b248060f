"""Photos in S3: the protocol spoken over HTTP with a server that knows it."""

from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import boto3
import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone
from moto.server import ThreadedMotoServer
from PIL import Image
from pytest_django import Settings

from cellar.labels import store
from cellar.models import Label
from tests.accounts.factories import make_user, signed_in
from tests.cellar.factories import make_wine
from tests.cellar.views.photos import upload
from winebox.environment import SettingsError
from winebox.photo_store import store_config
from winebox.s3 import S3Photos

pytestmark = [pytest.mark.once, pytest.mark.django_db]

BUCKET, PREFIX = "cellar", "winebox/photos"
KEYS = {"access_key_id": "A", "secret_access_key": "B", "region": "eu-west-1"}


class Service:
    def __init__(self) -> None:
        self.server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        self.server.start()
        self._stopped = False
        host, port = self.server.get_host_and_port()
        self.endpoint = f"http://{host}:{port}"
        # All servers of a process share one memory.
        urlopen(Request(f"{self.endpoint}/moto-api/reset", method="POST")).close()
        self.client: Any = boto3.client(
            "s3", region_name="eu-west-1", endpoint_url=self.endpoint, aws_access_key_id="A", aws_secret_access_key="B"
        )
        self.client.create_bucket(Bucket=BUCKET, CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})

    def stop(self) -> None:
        """Stop it, unless it was stopped before."""
        if not self._stopped:
            self._stopped = True
            self.server.stop()

    def names(self) -> list[str]:
        return [entry["Key"] for entry in self.client.list_objects_v2(Bucket=BUCKET).get("Contents", [])]


@pytest.fixture
def s3(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    service = Service()
    # How boto3 is told of another service than Amazon's.
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", service.endpoint)
    config = store_config(f"s3://{BUCKET}/{PREFIX}", tmp_path, **KEYS)
    settings.STORAGES = {**settings.STORAGES, "default": config}
    yield service
    service.client.close()
    service.stop()


@pytest.fixture
def member() -> Client:
    client = signed_in(make_user())
    client.raise_request_exception = False
    return client


def add_photo(member: Client) -> tuple[int, Label | None]:
    wine = make_wine()
    response = member.post(f"/wines/{wine.pk}/photos/add/", {"kind": "front", "photo": upload()})
    return response.status_code, wine.labels.first()


def test_a_photo_lies_in_the_bucket_below_the_prefix(s3: Service, member: Client) -> None:
    status, label = add_photo(member)
    assert (status, isinstance(default_storage._wrapped, S3Photos)) == (302, True)  # type: ignore[attr-defined]
    assert label
    assert s3.names() == [
        f"{PREFIX}/labels/{label.name[:2]}/{label.name}-{size}.jpg" for size in sorted(store.VARIANTS)
    ]


def test_it_is_private_and_handed_out_by_our_page_to_who_is_signed_in(s3: Service, member: Client) -> None:
    _status, label = add_photo(member)
    assert label
    for key in s3.names():
        grants = s3.client.get_object_acl(Bucket=BUCKET, Key=key)["Grants"]
        assert not [grant for grant in grants if grant["Grantee"].get("URI")]
    url = f"/labels/{label.pk}/small/"
    response = member.get(url)
    assert Image.open(BytesIO(response.getvalue())).format == "JPEG"
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert Client().get(url).status_code == 302


def test_what_is_removed_leaves_the_bucket(s3: Service, member: Client) -> None:
    _status, label = add_photo(member)
    assert label
    member.post(f"/labels/{label.pk}/remove/")
    assert s3.names() == []


def test_a_photo_that_is_gone_is_missing_and_no_failure(s3: Service, member: Client) -> None:
    _status, label = add_photo(member)
    assert label
    for key in s3.names():
        s3.client.delete_object(Bucket=BUCKET, Key=key)
    assert member.get(f"/labels/{label.pk}/small/").status_code == 404


def test_abandoned_photos_are_found_there(s3: Service, member: Client) -> None:
    _status, label = add_photo(member)
    assert label
    assert store.names(older_than=timezone.now() + timedelta(minutes=1)) == [label.name]
    assert store.names(older_than=timezone.now() - timedelta(days=1)) == []


def test_while_the_service_is_away_pages_say_so_and_nothing_is_half_saved(s3: Service, member: Client) -> None:
    _status, label = add_photo(member)
    assert label
    s3.stop()
    shown = member.get(f"/labels/{label.pk}/small/")
    assert shown.status_code == 503
    assert b"keeps the photos does not answer" in shown.content
    status, unsaved = add_photo(member)
    assert (status, unsaved) == (503, None)
    assert member.get("/wines/").status_code == 200


def test_without_an_address_photos_lie_in_the_folder(tmp_path: Path) -> None:
    assert store_config("", tmp_path, **KEYS)["OPTIONS"]["location"] == tmp_path


def test_half_a_key_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="belong together"):
        store_config("s3://cellar", tmp_path, access_key_id="A", secret_access_key="", region="")
