"""One way to write a day, everywhere: "4 May 2024", short enough for a phone and the same on both sides of an ocean."""

DATE_FORMAT = SHORT_DATE_FORMAT = "j M Y"
DATETIME_FORMAT = SHORT_DATETIME_FORMAT = "j M Y, H:i"
TIME_FORMAT = "H:i"
