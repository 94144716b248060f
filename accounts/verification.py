"""A new e-mail address counts once a letter to it was opened."""

from django.urls import reverse

from accounts import access_links, mails, people, security
from accounts.access_links import Purpose
from accounts.models import AccessLink, User, normalise_email
from winebox import letters
from winebox.databases import settled
from winebox.letters import Delivery


def ask(*, person: User, email: str) -> Delivery:
    """Mail a link to the new address; an earlier one is dead."""
    email = normalise_email(email)
    if User.objects.filter(email=email).exists():
        raise people.EmailTakenError
    waiting = AccessLink.objects.filter(purpose=Purpose.EMAIL, person=person)
    waiting.revoke()
    token = access_links.make(purpose=Purpose.EMAIL, person=person, email=email)
    security.record(kind=security.Kind.LINK_CREATED, actor=person, subject=person, detail=f"email: {email}")
    url = letters.address_of(reverse("email_confirm", args=[token]))
    delivery = letters.send(mails.verification(to=email, name=str(person), url=url))
    if delivery is not Delivery.SENT:
        waiting.revoke()
    return delivery


@settled
def confirm(*, token: str) -> User:
    """Let the new address take the place of the old one; every session ends."""
    link = access_links.find(token, purpose=Purpose.EMAIL)
    person = link.person
    assert person is not None  # noqa: S101  (find() refuses a link of nobody)
    with access_links.using(link):
        people.change_email(person=person, email=link.email, actor=person)
    security.record(kind=security.Kind.LINK_USED, actor=person, subject=person, detail="email")
    return person
