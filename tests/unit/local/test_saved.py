"""Since when a post office must repair its index when it opens."""

import json
from pathlib import Path

import pytest

from local.environment import Office, office_of
from local.saved import owe_repair, repair_is_done


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """One that had mail and was saved at noon."""
    office = office_of({"POSTAMT_STATE": str(tmp_path)})
    (office.emulator / "s3" / "000000000000" / "postamt-local").mkdir(parents=True)
    save(office, 1_795_521_600.0)
    return office


def save(office: Office, until: float) -> None:
    folder = office.emulator / "state"
    folder.mkdir(exist_ok=True)
    (folder / "saved.json").write_text(json.dumps({"indexed_until": until}))


def test_it_works(office: Office) -> None:
    assert owe_repair(office) == "2026-11-24T11:59:00+00:00"


def test_a_new_post_office_owes_nothing(tmp_path: Path) -> None:
    assert owe_repair(office_of({"POSTAMT_STATE": str(tmp_path)})) is None


def test_mail_without_a_save_is_repaired_from_the_beginning(office: Office) -> None:
    (office.emulator / "state" / "saved.json").unlink()
    assert owe_repair(office) == "1970-01-01T00:00:00+00:00"


def test_a_repair_that_did_not_end_well_is_owed_though_the_table_was_saved_since(office: Office) -> None:
    owe_repair(office)
    save(office, 1_795_525_200.0)
    assert owe_repair(office) == "2026-11-24T11:59:00+00:00"
    repair_is_done(office)
    assert owe_repair(office) == "2026-11-24T12:59:00+00:00"


@pytest.mark.parametrize("torn", ["", '{"indexed', "[]", "{}", '{"indexed_until": null}'])
def test_what_a_power_cut_tore_is_repaired_from_the_beginning(office: Office, torn: str) -> None:
    (office.emulator / "state" / "saved.json").write_text(torn)
    assert owe_repair(office) == "1970-01-01T00:00:00+00:00"


def test_a_torn_note_of_what_is_owed_is_repaired_from_the_beginning(office: Office) -> None:
    (office.state / "repair").write_text("")
    assert owe_repair(office) == "1970-01-01T00:00:00+00:00"
