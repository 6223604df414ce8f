"""How long a call of AWS may take: behind a page little, because API Gateway gives up after 29 seconds, and a page that says what is wrong
must be there before that; at work in the background more, within what its Lambda has.

`POSTAMT_PATIENCE=page` is in the environment of the deployed web function alone. A laptop is slower than AWS, and nobody there gives up.
"""

from dataclasses import dataclass

from django.conf import settings


@dataclass(frozen=True, slots=True)
class Patience:
    connect: float  # seconds, as the next
    read: float  # without a byte
    attempts: int  # in all

    @property
    def worst(self) -> float:
        """Seconds until a call that hangs has failed. Between its attempts botocore waits at most 1, 2, 4 … seconds."""
        return self.attempts * (self.connect + self.read) + float(sum(2**n for n in range(self.attempts - 1)))


PAGE = Patience(connect=2, read=4, attempts=2)
WORK = Patience(connect=3, read=10, attempts=3)


def patience() -> Patience:
    return PAGE if settings.POSTAMT_PATIENCE == "page" else WORK
