"""A scan of an answer's headers in the manner of Mozilla's Observatory: what each fault costs, of 100 points."""

from collections.abc import Callable, Mapping

Headers = Mapping[str, str]


def policy_of(headers: Headers) -> dict[str, str]:
    parts = (part.strip().partition(" ") for part in headers.get("Content-Security-Policy", "").split(";"))
    return {name: value for name, _space, value in parts if name}


def _is_unsafe(headers: Headers) -> bool:
    policy = policy_of(headers)
    scripts = policy.get("script-src", policy.get("default-src", "*"))
    return any(word in scripts for word in ("unsafe-inline", "unsafe-eval", "*", "data:", "http:"))


def _is_framed(headers: Headers) -> bool:
    closed = headers.get("X-Frame-Options", "") in {"DENY", "SAMEORIGIN"} or "frame-ancestors" in policy_of(headers)
    return not closed


def _sends_forms_elsewhere(headers: Headers) -> bool:
    policy = policy_of(headers)
    return "sandbox" not in policy and policy.get("form-action") not in {"'self'", "'none'"}


def _moves_its_base(headers: Headers) -> bool:
    policy = policy_of(headers)
    return "sandbox" not in policy and policy.get("base-uri") != "'none'"


def _keeps_https(headers: Headers) -> bool:
    age = headers.get("Strict-Transport-Security", "").partition("max-age=")[2].partition(";")[0]
    return age.isdigit() and int(age) >= 15_768_000


def _has_bad_cookie(headers: Headers) -> bool:
    cookie = headers.get("Set-Cookie", "").lower()
    return bool(cookie) and not all(word in cookie for word in ("secure", "httponly", "samesite"))


# What is wrong, how to tell, and the points it costs there.
FAULTS: tuple[tuple[str, int, Callable[[Headers], bool]], ...] = (
    ("no content security policy", 25, lambda headers: not policy_of(headers)),
    ("a policy that lets scripts in", 20, _is_unsafe),
    ("default-src is not 'none'", 5, lambda headers: policy_of(headers).get("default-src") != "'none'"),
    ("forms may be sent elsewhere", 5, _sends_forms_elsewhere),
    ("the base may be changed", 5, _moves_its_base),
    ("may be framed", 20, _is_framed),
    ("no HSTS of six months", 20, lambda headers: not _keeps_https(headers)),
    ("types are guessed", 5, lambda headers: headers.get("X-Content-Type-Options") != "nosniff"),
    ("a cookie without its marks", 20, _has_bad_cookie),
    ("other sites may read", 50, lambda headers: "Access-Control-Allow-Origin" in headers),
    ("the referrer is told", 5, lambda headers: "unsafe-url" in headers.get("Referrer-Policy", "unsafe-url")),
    ("others may embed it", 5, lambda headers: headers.get("Cross-Origin-Resource-Policy") != "same-origin"),
    ("tells its product", 5, lambda headers: bool(headers.get("Server") or headers.get("X-Powered-By"))),
)  # fmt: skip


def scan(headers: Headers) -> dict[str, int]:
    """Return what is wrong with an answer, with the points it costs."""
    return {fault: points for fault, points, is_there in FAULTS if is_there(headers)}
