"""Numbers to coordinates for SVG. Percentages are text, so that no language puts a comma in them."""
