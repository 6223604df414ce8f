"""What speaks against the sender of a message, what does not, and what is said of who vouches for it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailbox.message.authentication import Acquaintance, Authentication, authenticate
from mailbox.message.links import DeceptiveLink
from mailbox.message.parse import parse
from tests.mails import mail

OWN = ("example.com",)
PROVEN = {"spf": "PASS", "dkim": "PASS", "dmarc": "PASS"}
UNPROVEN = {"spf": "GRAY", "dkim": "GRAY", "dmarc": "GRAY"}
FAILED = {"spf": "FAIL", "dkim": "FAIL", "dmarc": "FAIL"}
STRANGER = Acquaintance()
CORRESPONDENT = Acquaintance(earlier=True, written_to=True)


def judged(
    *lines: str, verdicts: dict[str, str] | None = PROVEN, acquaintance: Acquaintance = STRANGER, own: tuple[str, ...] = OWN
) -> Authentication:
    raw = "\n".join([*lines, "To: me@example.com", "", "Hello."]).encode()
    return authenticate(parse(raw), verdicts, own_domains=own, acquaintance=acquaintance)


def grave(authentication: Authentication) -> list[str]:
    return [reason.kind for reason in authentication.reasons if reason.grave]


def quiet(authentication: Authentication) -> list[str]:
    return [reason.kind for reason in authentication.reasons if not reason.grave]


def test_it_works() -> None:
    found = judged("From: Ann Lee <ann@example.org>")
    assert (found.reasons, found.is_doubtful, found.known) == ((), False, False)


def test_a_mail_that_fails_dmarc_is_doubtful() -> None:
    found = judged("From: Ann Lee <ann@example.org>", verdicts=FAILED, acquaintance=CORRESPONDENT)
    assert grave(found) == ["dmarc"]
    assert found.reasons[0].words == "example.org does not vouch for it: the sender did not pass DMARC."


@pytest.mark.parametrize("word", ["GRAY", "PROCESSING_FAILED", "DISABLED", ""])
def test_a_domain_that_says_nothing_is_no_reason(word: str) -> None:
    assert judged("From: ann@example.org", verdicts={"dmarc": word}).reasons == ()


def test_mail_nothing_speaks_for_from_a_domain_that_anybody_may_name_is_quietly_said() -> None:
    unsigned = {"spf": "FAIL", "dkim": "GRAY", "dmarc": "GRAY"}
    found = judged("From: Ann Lee <ann@example.org>", verdicts=unsigned, acquaintance=CORRESPONDENT)
    assert (grave(found), quiet(found)) == ([], ["unproven"])
    assert judged("From: Ann Lee <ann@example.org>", verdicts={**unsigned, "dmarc": "PASS"}).reasons == ()
    assert judged("From: Ann Lee <ann@example.org>", verdicts={**unsigned, "spf": "PASS"}).reasons == ()


@pytest.mark.parametrize("verdicts", [UNPROVEN, {}, {"spf": "PASS", "dkim": "PASS"}])
def test_the_owners_domain_must_be_proven(verdicts: dict[str, str]) -> None:
    for sender in ("boss@example.com", "boss@EXAMPLE.com.", "it@mail.example.com"):
        assert grave(judged(f"From: {sender}", verdicts=verdicts)) == ["own-domain"]


def test_a_mail_of_the_owners_domain_is_proven_by_dmarc_or_by_its_signature() -> None:
    signed = mail("received-by-ses").replace(b"example.org", b"example.com")
    assert judged("From: boss@example.com").reasons == ()
    verdicts = {"dkim": "PASS", "dmarc": "GRAY"}
    assert authenticate(parse(signed), verdicts, own_domains=OWN, acquaintance=STRANGER).reasons == ()
    assert grave(authenticate(parse(signed), {**verdicts, "dkim": "FAIL"}, own_domains=OWN, acquaintance=STRANGER)) == ["own-domain"]


def test_a_mail_that_ses_did_not_receive_is_not_called_unproven() -> None:
    assert judged("From: me@example.com", verdicts=None).reasons == ()


@pytest.mark.parametrize(
    "sender",
    [
        '"alice@bank.example" <bob@evil.example>',
        "alice@bank.example <bob@evil.example>",
        '"Bank <alice@bank.example>" <bob@evil.example>',
        '"alice＠bank.example" <bob@evil.example>',
        '"al\u200bice@bank.example" <bob@evil.example>',
        '"(alice@bank.example)" <bob@evil.example>',
    ],
)
def test_a_name_that_is_another_address_is_doubtful(sender: str) -> None:
    found = judged(f"From: {sender}")
    assert grave(found) == ["name-address"]
    assert found.reasons[0].claimed == "bank.example"


def test_a_name_that_only_mentions_an_address_is_worth_a_word() -> None:
    found = judged('From: "ann@example.org via Papers" <share@papers.example>')
    assert (grave(found), quiet(found)) == ([], ["name-address"])


@pytest.mark.parametrize(
    "sender", ['"ann@example.org" <ann@mail.example.org>', '"Ann @ home" <ann@example.org>', '"@ann" <ann@example.org>']
)
def test_a_name_of_the_same_owner_or_without_an_address_is_no_reason(sender: str) -> None:
    assert judged(f"From: {sender}").reasons == ()


@pytest.mark.parametrize("name", ["Example.com Support", "boss@example.com", "ехаmple.com", "Mail of examp1e.com"])
def test_the_owners_domain_in_the_name_of_somebody_else_is_doubtful(name: str) -> None:
    found = judged(f'From: "{name}" <help@evil.example>')
    assert found.reasons[0].kind == "own-name"
    assert found.reasons[0].claimed == "example.com"


def test_the_owners_own_servers_may_use_the_owners_name() -> None:
    assert judged('From: "example.com backup" <root@mail.example.com>').reasons == ()
    assert judged('From: "ann@example.org" <form@example.com>', "Reply-To: ann@example.org").reasons == ()


def test_an_answer_that_would_go_elsewhere_is_doubtful() -> None:
    found = judged("From: Bank <service@bank.example>", "Reply-To: bank@evil.example")
    assert grave(found) == ["reply-to"]
    assert found.reasons[0].words == "Your answer would go to bank@evil.example, not to bank.example."


@pytest.mark.parametrize(
    "lines",
    [
        ("From: ann@example.org", "Reply-To: ann@mail.example.org"),
        ("From: ann@example.org", "Reply-To: me@example.com"),
        ("From: ann@example.org", "Reply-To: list@lists.example", "Cc: list@lists.example"),
        ("From: shop@brand.example", "Reply-To: care@brand.com"),
        ("From: shop@brand.example", "Reply-To: care+17@brand.helpdesk.example"),
        ("From: news@brand.example", "Reply-To: news@reply.example", "List-Unsubscribe: <https://brand.example/>"),
        ("From: ann@example.org", "Reply-To: list@lists.example", "List-Id: <list.lists.example>"),
        ("From: noreply@shop.example", "Reply-To: seller@market.example"),
        ("From: a@shop.example", "Reply-To: seller@market.example", "Auto-Submitted: auto-generated"),
        ("From: a@shop.example", "Reply-To: seller@market.example", "Precedence: bulk"),
        ("From: ann@example.org", "Reply-To: Ann"),
    ],
)
def test_answers_that_ordinarily_go_elsewhere_are_no_reason(lines: tuple[str, ...]) -> None:
    assert judged(*lines).reasons == ()


def test_another_ending_or_a_service_is_not_expected_of_a_sender_who_is_not_proven() -> None:
    for answer in ("care@brand.com", "care@brand.helpdesk.example"):
        assert grave(judged("From: shop@brand.example", f"Reply-To: {answer}", verdicts=UNPROVEN)) == ["reply-to"]


def test_a_list_by_its_own_word_alone_is_still_worth_a_word() -> None:
    lines = ("From: service@bank.example", "Reply-To: bank@evil.example", "List-Id: <x.bank.example>")
    found = judged(*lines, verdicts=UNPROVEN)
    assert (grave(found), quiet(found)) == ([], ["reply-to"])


@pytest.mark.parametrize("domain", ["examp1e.com", "exarnple.com", "exmaple.com", "example.com.evil.example", "example-com.example"])
def test_a_domain_like_the_owners_is_doubtful(domain: str) -> None:
    found = judged(f"From: boss@{domain}")
    assert grave(found) == ["lookalike"]
    assert found.reasons[0].words == f"{domain} looks like example.com, but is another domain."


def test_a_domain_like_that_of_somebody_known_by_the_same_name_is_doubtful() -> None:
    known = Acquaintance(namesakes=("ann@bakery.example",))
    assert grave(judged("From: Ann <ann@bakary.example>", acquaintance=known)) == ["lookalike"]


@pytest.mark.parametrize("sender", ["x@bаnk.example", "x@xn--bnk-6cd.example", "x@аррӏе.example"])
def test_a_domain_in_letters_that_imitate_others_is_doubtful(sender: str) -> None:
    assert grave(judged(f"From: {sender}")) == ["letters"]


@pytest.mark.parametrize("sender", ["x@bücher.example", "x@москва.example", "x@xn--80adxhks.example", "x@例えばabc.example"])
def test_a_domain_in_letters_that_belong_together_is_no_reason(sender: str) -> None:
    assert judged(f"From: {sender}").reasons == ()


def test_the_name_of_somebody_known_from_elsewhere_is_doubtful() -> None:
    known = Acquaintance(namesakes=("ann@bakery.example",))
    found = judged("From: Ann Lee <ann.lee@mail.example>", acquaintance=known)
    assert grave(found) == ["namesake"]
    assert found.reasons[0].words == "You know Ann Lee as ann@bakery.example, not as ann.lee@mail.example."


@pytest.mark.parametrize(
    ("sender", "acquaintance"),
    [
        ("Ann Lee <ann@mail.bakery.example>", Acquaintance(namesakes=("ann@bakery.example",))),
        ("Ann <ann@mail.example>", Acquaintance(namesakes=("ann@bakery.example",))),
        ("Ann Lee <ann@mail.example>", Acquaintance(earlier=True, written_to=True, namesakes=("ann@bakery.example",))),
    ],
)
def test_a_namesake_of_the_same_owner_of_one_word_or_written_to_is_no_reason(sender: str, acquaintance: Acquaintance) -> None:
    assert judged(f"From: {sender}", acquaintance=acquaintance).reasons == ()


def test_a_second_address_of_somebody_known_is_worth_a_word_once_mail_came_from_it() -> None:
    known = Acquaintance(earlier=True, namesakes=("ann@bakery.example",))
    found = judged("From: Ann Lee <ann.lee@mail.example>", acquaintance=known)
    assert (grave(found), quiet(found)) == ([], ["namesake"])


def test_a_name_without_an_address_counts_with_the_address_it_is_shown_with() -> None:
    known = Acquaintance(namesakes=("ann@bakery.example",))
    assert grave(judged("From: Ann Lee, <ann.lee@mail.example>", acquaintance=known)) == ["namesake"]


def test_a_service_that_writes_in_the_name_of_somebody_known_is_worth_a_word() -> None:
    known = Acquaintance(namesakes=("ann@bakery.example",))
    found = judged("From: Ann Lee <share@papers.example>", "List-Id: <papers>", acquaintance=known)
    assert (grave(found), quiet(found)) == ([], ["namesake"])


def test_several_senders_are_doubtful_and_all_named() -> None:
    for lines in (
        ("From: a@one.example", "From: b@one.example"),
        ("From: a@one.example, b@two.example",),
        ("From: a@one.example\\,<b@two.example>",),
    ):
        (reason,) = judged(*lines).reasons
        assert reason.grave
        assert "a@one.example, b@" in reason.words
    assert judged("From: a@one.example, b@one.example").reasons == ()


def test_a_route_in_which_programs_see_different_senders_is_doubtful() -> None:
    assert grave(judged("From: <@evil.example,@any.example:admin@bank.example>")) == ["authors"]


def test_a_mail_without_a_sender_is_worth_a_word() -> None:
    for line in ("Subject: x", "From: ", "From: somebody"):
        assert (grave(judged(line)), quiet(judged(line))) == ([], ["authors"])


def test_whom_the_owner_wrote_to_may_call_himself_as_he_likes_while_dmarc_does_not_fail() -> None:
    line = 'From: "example.com (bob@else.example)" <bob@exampel.com>'
    assert judged(line, acquaintance=CORRESPONDENT).reasons == ()
    assert {"dmarc", "own-name", "lookalike"} <= set(grave(judged(line, verdicts=FAILED, acquaintance=CORRESPONDENT)))


def test_mail_that_came_before_is_no_proof() -> None:
    assert grave(judged("From: boss@exampel.com", acquaintance=Acquaintance(earlier=True))) == ["lookalike"]


def test_a_link_that_lies_is_said_beside_other_reasons() -> None:
    parsed = parse(b"From: ann@example.org\n\nHello.")
    lie = DeceptiveLink("bank.example", "evil.example")
    found = authenticate(parsed, PROVEN, own_domains=OWN, acquaintance=STRANGER, deceptive_links=[lie])
    assert (found.is_doubtful, found.reasons[0].words) == (False, "A link names bank.example, but leads to evil.example.")


def test_who_vouches_for_a_mail_is_said_in_words() -> None:
    ses = parse(mail("received-by-ses"))
    passed = authenticate(ses, PROVEN, own_domains=OWN, acquaintance=STRANGER)
    assert passed.alignment == (
        "example.org vouches for it.",
        "It is signed by example.org.",
        "It was sent by a server of example.org.",
    )
    failed = authenticate(ses, {**FAILED, "dkim": "PASS"}, own_domains=OWN, acquaintance=STRANGER)
    assert failed.alignment[0] == "example.org does not vouch for it."
    assert failed.alignment[2] == "It was sent by a server that example.org does not allow."


def test_a_signature_of_another_owner_is_said_to_be_one() -> None:
    foreign = parse(mail("received-by-ses").replace(b"header.i=@example.org", b"header.i=@post.example"))
    found = authenticate(foreign, {"dkim": "PASS", "dmarc": "GRAY"}, own_domains=OWN, acquaintance=STRANGER)
    assert found.alignment == ("example.org does not say who may write in its name.", "It is signed by post.example, not by example.org.")


def test_lines_that_look_like_those_of_ses_are_believed_only_in_what_ses_received() -> None:
    found = authenticate(parse(mail("received-by-ses")), None, own_domains=OWN, acquaintance=STRANGER)
    assert (found.verdicts, found.alignment) == ({}, ())


def test_very_long_addresses_are_cut_at_their_front() -> None:
    found = judged(f"From: a@x.example, {'b' * 500}@{'c.' * 500}evil.example")
    assert found.reasons[0].words.endswith("evil.example.")
    assert len(found.reasons[0].words) < 400


def test_very_many_senders_are_doubtful() -> None:
    many = ", ".join(f"a{n}@bücher.example" for n in range(2_000))
    assert grave(judged(f"From: {many}", f"Reply-To: {many}")) == ["authors"]


@settings(max_examples=200, deadline=None)
@given(
    st.text(), st.text(), st.text(), st.dictionaries(st.sampled_from(["spf", "dkim", "dmarc"]), st.text()), st.lists(st.text(), max_size=3)
)
def test_whatever_it_says_it_is_judged(name: str, sender: str, answer: str, verdicts: dict[str, str], others: list[str]) -> None:
    raw = f"From: {name} <{sender}>\nReply-To: {answer}\n\n".encode("utf-8", "replace")
    known = Acquaintance(namesakes=tuple(others))
    assert authenticate(parse(raw), verdicts, own_domains=others, acquaintance=known).is_doubtful in (True, False)


CHECKED_AS_EVIL = mail("received-by-ses").replace(b"=fail header.from=example.org", b"=pass header.from=evil.example")


def test_checks_of_another_domain_than_the_one_shown_vouch_for_nobody() -> None:
    for author in ("<ann@example.org> a!", "Ann <ann@example.org>", "<ann@example.org"):
        raw = CHECKED_AS_EVIL.replace(b"From: Ann Author <ann@example.org>", f"From: {author}".encode())
        found = authenticate(parse(raw), PROVEN, own_domains=OWN, acquaintance=CORRESPONDENT)
        assert "checked-as" in grave(found)
        assert "Whether example.org vouches for it could not be checked." in found.alignment


def test_checks_of_a_subdomain_of_the_same_owner_are_his() -> None:
    raw = CHECKED_AS_EVIL.replace(b"header.from=evil.example", b"header.from=Mail.Example.ORG.")
    assert authenticate(parse(raw), PROVEN, own_domains=OWN, acquaintance=STRANGER).reasons == ()


@pytest.mark.parametrize(
    "author",
    [
        "<a@evil.example,boss@bank.example>",
        '"boss@bank.example"@evil.example',
        "<(boss@bank.example>)a@evil.example>",
        "<a@b.example@c.example>",
    ],
)
def test_an_address_that_programs_read_differently_is_doubtful(author: str) -> None:
    assert "authors" in grave(judged(f"From: {author}"))


@pytest.mark.parametrize("name", ["a!@bank.example", "boss@bank\u3002example", "#@bank.example"])
def test_an_address_of_odd_letters_is_an_address_in_a_name(name: str) -> None:
    assert grave(judged(f'From: "{name}" <bob@evil.example>')) == ["name-address"]
