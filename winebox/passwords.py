"""Rules about passwords that Django does not bring."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import ngettext


class MaximumLengthValidator:
    """Refuses very long passwords, whose hashing could be used to keep the server busy."""

    def __init__(self, max_length: int = 128) -> None:
        self.max_length = max_length

    def validate(self, password: str, user: Any = None) -> None:
        if len(password) > self.max_length:
            raise ValidationError(self.get_help_text(), code="password_too_long")

    def get_help_text(self) -> str:
        return ngettext(
            "Your password may have at most %(max)d character.",
            "Your password may have at most %(max)d characters.",
            self.max_length,
        ) % {"max": self.max_length}
