"""The shape of what Claude says about columns; loaded only when it is asked."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError, field_validator


class SaidColumn(BaseModel):
    model_config = ConfigDict(extra="ignore")

    column: int
    field: str


class SaidColumns(BaseModel):
    model_config = ConfigDict(extra="ignore")

    columns: list[SaidColumn]

    @field_validator("columns", mode="before")
    @classmethod
    def without_what_has_another_shape(cls, given: Any) -> Any:
        return [one for one in given if _has_the_shape(one)] if isinstance(given, list) else given

    def pairs(self) -> list[tuple[int, str]]:
        return [(one.column, one.field) for one in self.columns]


def _has_the_shape(given: Any) -> bool:
    try:
        SaidColumn.model_validate(given)
    except ValidationError:
        return False
    return True
