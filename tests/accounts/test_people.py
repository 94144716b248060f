"""Rules about people that hold whatever happens at the same time"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import IntegrityError, connection

from accounts import invitations, people, setup
from accounts.models import Role, User
from tests.accounts.factories import make_invitation, make_owner, make_user

at_once = pytest.mark.django_db(transaction=True)


def together(*tasks: Callable[[], object]) -> list[bool]:
    """Run all at the same time, and return which of them succeeded."""

    def outcome(task: Callable[[], object]) -> bool:
        try:
            task()
        except (people.PersonError, invitations.InvitationError, setup.SetupClosedError):
            return False
        else:
            return True
        finally:
            connection.close()

    with ThreadPoolExecutor(len(tasks)) as pool:
        return list(pool.map(outcome, tasks))


@at_once
def test_two_owners_cannot_demote_each_other_at_once() -> None:
    ada, bea = make_owner(), make_owner()
    done = together(
        lambda: people.change_role(person=ada, role=Role.MEMBER, actor=bea),
        lambda: people.deactivate(person=bea, actor=ada),
    )
    assert sorted(done) == [False, True]
    assert User.objects.owners().count() == 1


@at_once
def test_an_invitation_accepted_many_times_at_once_lets_one_in() -> None:
    token = make_invitation(by=make_owner()).token
    done = together(
        *[lambda: invitations.accept(token=token, name="New", password="plain words in a row") for _ in range(4)]
    )
    assert sum(done) == 1
    assert User.objects.count() == 2


@at_once
def test_many_set_ups_at_once_create_one_owner() -> None:
    code = setup.setup_path().split("/")[2]

    def set_up(number: int) -> Callable[[], object]:
        return lambda: setup.create_first_owner(
            code=code, email=f"owner{number}@example.org", name="Ada", password="plain words in a row"
        )

    assert sum(together(*[set_up(number) for number in range(4)])) == 1
    assert User.objects.count() == 1


@pytest.mark.django_db
def test_an_address_belongs_to_one_person() -> None:
    make_user(email="ada@example.org")
    with pytest.raises(people.EmailTakenError):
        people.add(email=" ADA@example.org", name="Ada", role=Role.GUEST, password="plain words in a row")


@pytest.mark.django_db
def test_the_database_itself_refuses_a_second_person_with_an_address() -> None:
    make_user(email="ada@example.org")
    with pytest.raises(IntegrityError):
        make_user(email="ada@example.org")
