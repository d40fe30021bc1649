import json

import pytest

from app.settings import FILE, Settings, load, save


def test_what_was_chosen_is_there_after_a_restart(tmp_path):
    chosen = Settings().but(text_size="largest", brightness="dark")
    save(tmp_path / "device", chosen)
    assert load(tmp_path / "device") == chosen


def test_a_new_device_has_the_plain_look(tmp_path):
    assert load(tmp_path) == Settings()


@pytest.mark.parametrize("kept", ["", "{", "[]", '"x"', "null", "\x00"])
def test_a_damaged_file_gives_the_plain_look(tmp_path, kept):
    (tmp_path / FILE).write_text(kept)
    assert load(tmp_path) == Settings()


def test_unknown_values_and_names_are_left_out_and_known_ones_kept(tmp_path):
    kept = {"text_size": "huge", "brightness": "dark", "language": "xx", "name": "Mrs Orchid"}
    (tmp_path / FILE).write_text(json.dumps(kept))
    assert load(tmp_path) == Settings(brightness="dark")


def test_a_disk_that_does_not_take_them_leaves_the_old_ones(tmp_path):
    save(tmp_path, Settings(text_size="large"))
    (tmp_path / f"{FILE}.new").mkdir()
    with pytest.raises(OSError):
        save(tmp_path, Settings(text_size="largest"))
    assert load(tmp_path).text_size == "large"
