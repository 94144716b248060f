"""Photos in S3: private objects, which only the server reads; loaded only where they are kept there."""

from datetime import datetime
from typing import IO, Any

from boto3.exceptions import Boto3Error
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from storages.backends.s3 import S3Storage

from winebox.photo_store import STEP_SECONDS, answering


class S3Photos(S3Storage):  # type: ignore[misc]
    """Gives up soon, and says in one way that the service is away; that a photo is missing is something else."""

    def get_default_settings(self) -> dict[str, Any]:
        patience = Config(
            connect_timeout=STEP_SECONDS,
            read_timeout=STEP_SECONDS,
            retries={"total_max_attempts": 2},
            signature_version="s3v4",
        )
        return {**super().get_default_settings(), "client_config": patience, "default_acl": None}

    def _open(self, name: str, mode: str = "rb") -> Any:
        with answering(Boto3Error, BotoCoreError, ClientError):
            return super()._open(name, mode)

    def _save(self, name: str, content: IO[bytes]) -> str:
        with answering(Boto3Error, BotoCoreError, ClientError):
            return str(super()._save(name, content))

    def delete(self, name: str) -> None:
        with answering(Boto3Error, BotoCoreError, ClientError):
            super().delete(name)

    def exists(self, name: str) -> bool:
        with answering(Boto3Error, BotoCoreError, ClientError):
            return bool(super().exists(name))

    def listdir(self, name: str) -> tuple[list[str], list[str]]:
        with answering(Boto3Error, BotoCoreError, ClientError):
            folders, files = super().listdir(name)
            return folders, files

    def get_modified_time(self, name: str) -> datetime:
        with answering(Boto3Error, BotoCoreError, ClientError):
            moment: datetime = super().get_modified_time(name)
            return moment
