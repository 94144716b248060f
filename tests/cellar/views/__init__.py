"""The pages of the cellar, one file for each."""
