"""The formats that are recognised: one module for each kind of file, each with a `FORMATS` of its own."""
