#!/usr/bin/env python
"""Run a command of WineBox."""

import os
import sys

from winebox.environment import SettingsError
from winebox.keys import prepare_keyless_command


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "winebox.settings")
    from django.core.management import execute_from_command_line

    try:
        prepare_keyless_command(sys.argv)
        execute_from_command_line(sys.argv)
    except SettingsError as problem:
        print(problem, file=sys.stderr)
        sys.exit(1)


if __name__ == "__main__":
    main()
