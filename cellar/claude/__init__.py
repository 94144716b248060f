"""Claude, as every room asks it: within a limit a day, counted, and never trusted."""
