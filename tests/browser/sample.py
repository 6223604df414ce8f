"""The mails that the looks of the pages are judged by: what people write on a usual day, and what somebody writes to break a page.

Each stands under the name of its page. A page that looks different for a new kind of mail gets a line here.
"""

import base64
from dataclasses import dataclass, field
from functools import partial

from tests.aws.conftest import PostOffice
from tests.unit.pages.letters import thread_of, written

Verdicts = dict[str, str]

NEWSLETTER = (
    "<style>td{padding:24px}</style><body bgcolor='#eeeeee'><table width='600' align='center' bgcolor='#ffffff'>"
    "<tr><td bgcolor='#12395e'><font color='#ffffff'>Kiln &amp; Clay Weekly</font></td></tr>"
    "<tr><td><h1>Five quiet blues</h1><img src='https://images.example/wash.png' width='500' height='140' alt='A wash'>"
    "<p>Begin with the thin wash, and let it dry for a day.</p><a href='https://shop.example/'>Read on</a></td></tr></table></body>"
)
ANSWER = (
    "Morning both,\n\nthe third shelf came out even, front to back. See https://werkstatt.example/log?id=3.\n\n"
    "- Cone 10 down at 03:20\n- Damper at one third\n\nPhotos are attached.\n\n-- \nJonas\nWerkstatt Lindenhof\n\n"
    "On Sun, 22 Nov 2026 at 19:04, Ines Okafor wrote:\n> Could it be the bentonite?\n>> Shelf two is still patchy.\n"
)
PIXEL = base64.b64decode("R0lGODlhAQABAIAAAP///wAAACH5BAEAAAAALAAAAAABAAEAAAICRAEAOw==")
LONG_NAME = f'"{"X" * 300}" <{"a" * 60}.{"b" * 60}@{"c" * 60}.example>'
RIGHT_TO_LEFT = "Invoice \u202egpj.exe\u202c \u200f\u2067\u200b\u200d\ufeff from us"
LONG_FILE = f"{'long name ' * 20}.pdf"


@dataclass(slots=True)
class Sample:
    """The ids of what was delivered, by the names of their pages."""

    threads: dict[str, str] = field(default_factory=dict)
    messages: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, message_id: str) -> None:
        self.messages[name], self.threads[name] = message_id, thread_of(message_id)


def letters() -> dict[str, tuple[bytes, Verdicts]]:
    """Each mail by the name of its page, with SES's verdicts where they differ from a pass. Oldest first."""
    return {name: (raw, {}) for name, raw in (usual_letters() | odd_letters()).items()} | judged_letters()


def usual_letters() -> dict[str, bytes]:
    to_me = partial(written, to="me@postamt.localhost")
    weber, okafor = "Jonas Weber <jonas@werkstatt.example>", "Ines Okafor <ines@okafor.example>"
    subject, files = (
        "Glaze tests: the copper red finally holds",
        {"kiln-log.csv": b"a,b\n" * 5000, "shelf-3.jpg": b"\xff\xd8\xff\xe0" * 900},
    )
    return {
        "thread-1": to_me("shelf-1", sender=weber, subject=subject, text="Shelf two is still patchy, the soak is too short."),
        "thread-2": to_me("shelf-2", sender=okafor, subject=f"Re: {subject}", text="Could it be the bentonite?", answers="shelf-1"),
        "thread": to_me("shelf-3", sender=weber, subject=f"Re: {subject}", text=ANSWER, answers="shelf-1", files=files),
        "newsletter": to_me("blues", sender="Kiln & Clay Weekly <news@kiln.example>", subject="Five quiet blues", html=NEWSLETTER),
        "german": to_me(
            "rates",
            sender="Stadtwerke Leipzig <info@stadtwerke.example>",
            subject="Ihre Abschlagszahlung ändert sich zum 1. Januar",
            text="Guten Tag Frau Lindqvist,\n\nab dem 1. Januar beträgt Ihr Abschlag 84 Euro.",
            headers={"Content-Language": "de"},
        ),
        "inline": to_me("wash", subject="The wash", html='<p>Here it is: <img src="cid:wash.gif" alt=""></p>', inline={"wash.gif": PIXEL}),
        "list": to_me("list", subject="Potters' digest", headers={"List-Unsubscribe": "<mailto:leave@lists.example>"}),
        **{f"long-thread-{n}": to_me(f"long-{n}", subject="Eight letters", answers="long-0" if n else None) for n in range(8)},
    }


def odd_letters() -> dict[str, bytes]:
    many = ", ".join(f"someone.with.a.name.{n}@example.org" for n in range(40))
    return {
        "long": written("odd-long", sender=LONG_NAME, subject="S" * 300, text="W" * 3000, files={LONG_FILE: b"%PDF"}),
        "emoji": written("odd-emoji", sender=f"{'🎉' * 150} <party@example.org>", subject="🎉👩‍👩‍👧‍👦" * 60, text="🎉" * 400),
        "arabic": written(
            "odd-arabic", sender="مكتب البريد <post@example.com>", subject="مرحبا \u202e\u200b بالعالم", text="هذه رسالة قصيرة"
        ),
        "marks": written("odd-marks", sender=f'"{RIGHT_TO_LEFT}" <marks@example.org>', subject=RIGHT_TO_LEFT, text=RIGHT_TO_LEFT),
        "stacked": written("odd-stacked", sender=f"{'Z̃̂́̆̊' * 40} <stacked@example.org>", subject="Z̃̂́̆̊" * 60, text="Z̃̂́̆̊" * 40),
        "many": written("odd-many", subject="To many", to=many),
        "nothing": written("odd-nothing", subject="", text=""),
        "pre": written("odd-pre", subject="Wide", html=f"<table width='2000'><tr><td><pre>{'wide ' * 200}</pre></td></tr></table>"),
    }


def judged_letters() -> dict[str, tuple[bytes, Verdicts]]:
    files = {"refund.pdf": b"%PDF"}
    return {
        "spoof": (
            written("fake", sender='"postamt.localhost" <it@evil.example>', subject="Your mailbox will be closed"),
            {"dmarc": "FAIL"},
        ),
        "junk": (written("junk", subject="You have won", files=files), {"spam": "FAIL"}),
        "infected": (written("virus", subject="Your refund", files=files), {"virus": "FAIL"}),
    }


def deliver_sample(office: PostOffice) -> Sample:
    on_their_way = {name: office.hand_over(raw, **verdicts) for name, (raw, verdicts) in letters().items()}
    sample = Sample()
    for name, message_id in on_their_way.items():
        sample.add(name, office.wait_for_row(message_id))
    return sample
