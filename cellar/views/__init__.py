"""The pages of the cellar, one file for each thing they are about."""
