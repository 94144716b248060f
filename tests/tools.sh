#!/bin/sh
# Usage: tools.sh PROGRAM PACKAGE: install the Debian package (or several, in one argument) unless the program is there,
# by its name or its path.
# Where that is not possible it says so; the tests that need the program then say that they did not run.
program=$1 package=$2

is_there() { command -v "$program" >/dev/null 2>&1 || ls $program >/dev/null 2>&1; }

is_there && exit 0
if command -v apt-get >/dev/null 2>&1 && [ "$(id -u)" = 0 ]; then
    echo "Installing $package for the tests"
    export DEBIAN_FRONTEND=noninteractive
    { apt-get update && apt-get install -y --no-install-recommends $package; } >/tmp/winebox-tools.log 2>&1 ||
        tail -n 3 /tmp/winebox-tools.log
fi
is_there || echo "$package is not installed and could not be: install it to run the tests that need it."
