"""An index from which SQLite searches without reading the wines themselves."""

from typing import Any

from django.db import migrations, models


class AddIndexOnSqlite(migrations.AddIndex):
    """Add an index where it can be: PostgreSQL takes no text of that length into one, and MongoDB would not use it."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        if schema_editor.connection.vendor == "sqlite":
            super().database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        if schema_editor.connection.vendor == "sqlite":
            super().database_backwards(app_label, schema_editor, from_state, to_state)


class Migration(migrations.Migration):
    dependencies = [("cellar", "0003_scan")]

    operations = [
        AddIndexOnSqlite(
            model_name="wine",
            index=models.Index(fields=["archived_at", "search_text", "id"], name="wine_searched"),
        )
    ]
