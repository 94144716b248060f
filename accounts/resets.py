"""A forgotten password: a link to set a new one, by mail or from the owner's hand."""

from django.urls import reverse

from accounts import access_links, lockout, mails, people, security
from accounts.access_links import Purpose
from accounts.models import Role, User, normalise_email
from winebox import letters
from winebox.databases import settled


def ask(*, email: str) -> None:
    """Mail a link to whoever has this address; where nobody has it, do the same work and mail nothing."""
    email = normalise_email(email)
    person = User.objects.filter(email=email, is_active=True).exclude(role=Role.HELPER).first()
    token = access_links.make(purpose=Purpose.RESET, person=person, email=email)
    letter = mails.reset(to=email, url=letters.address_of(path_of(token)))
    kind = security.Kind.LINK_CREATED if person else security.Kind.LINK_REFUSED
    security.record(kind=kind, subject=person or email, detail="reset" if person else "reset: nobody's address")
    if person:
        letters.post(letter)


def make(*, person: User, actor: User | None) -> str:
    """Return the secret of a link for somebody who gets no mail."""
    token = access_links.make(purpose=Purpose.RESET, person=person, email=person.email, made_by=actor)
    security.record(kind=security.Kind.LINK_CREATED, actor=actor, subject=person, detail="reset")
    return token


def path_of(token: str) -> str:
    return reverse("reset", args=[token])


@settled
def reset(*, token: str, password: str) -> User:
    """Set a password that has passed the rules; every session ends, and a lockout, too."""
    link = access_links.find(token, purpose=Purpose.RESET)
    person = link.person
    assert person is not None  # noqa: S101  (find() refuses a link of nobody)
    with access_links.using(link):
        people.change_password(person=person, password=password, actor=person)
    lockout.forget_failures(person)
    security.record(kind=security.Kind.LINK_USED, actor=person, subject=person, detail="reset")
    return person
