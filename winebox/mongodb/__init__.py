"""What MongoDB needs of its own: primary keys of its kind, and migrations that make them."""
