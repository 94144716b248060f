"""Bringing a cellar in: decode → detect → parse → plan → apply; each format is a module in `formats`."""
