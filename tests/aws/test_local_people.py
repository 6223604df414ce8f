"""People and preferences over the real roads: the indexer writes whom the mailbox met, the web role asks, and keeps its settings."""

import pytest

from mailbox.message.address import Address
from mailbox.message.authentication import Acquaintance
from mailbox.store import conversations, people, preferences
from tests.aws.conftest import PostOffice, as_web
from tests.unit.in_memory import mail

SENDER = Address("Jonas", "jonas@people.example")


def test_a_second_mail_comes_from_somebody_known(post_office: PostOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = [post_office.deliver(mail(n, sender=f"Jonas <{SENDER.addr_spec}>")) for n in (71, 72)]
    with as_web(post_office, monkeypatch):
        messages = [message for id in ids if (message := conversations.find_message(id))]
        first, second = sorted(messages, key=people.mark)
        assert people.acquaintance(first, SENDER) == Acquaintance()
        assert people.acquaintance(second, SENDER) == Acquaintance(earlier=True)


def test_the_web_role_keeps_settings(post_office: PostOffice, monkeypatch: pytest.MonkeyPatch) -> None:
    with as_web(post_office, monkeypatch):
        assert preferences.trust_sender(SENDER.addr_spec)
        assert preferences.trusted_senders() == (SENDER.addr_spec,)
        preferences.distrust_sender(SENDER.addr_spec)
        how = preferences.Reading(theme="dark")
        preferences.keep(how)
        assert preferences.reading() == how
        preferences.keep(preferences.Reading())
