"""The forms of the cellar."""
