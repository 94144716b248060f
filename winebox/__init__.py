"""The project: settings, databases, middleware, access, logs, checks; knows no wine and no people."""

VERSION = "0.1.0"
