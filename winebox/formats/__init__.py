"""How dates are written, by language; what is not said here Django says."""
