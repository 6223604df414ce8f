"""`kill -9` in the middle of a thousand deliveries. `make bench` does the same with ten thousand."""

from pathlib import Path

from benchmarks.delivery import deliver_and_kill


def test_every_message_that_got_its_250_is_listed_exactly_once(tmp_path: Path) -> None:
    report = deliver_and_kill(1_000, tmp_path / "state")
    assert report.lost == []
    assert report.twice == []
    assert report.listed == report.accepted
    assert report.accepted > 900
    assert 400 < report.accepted_before < 600
