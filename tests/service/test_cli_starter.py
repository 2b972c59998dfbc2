"""The starter file loads and quotes as it is, and names every field."""

import json
import tomllib

from economics.tables import TABLES
from service.cli.starter import starter


def test_the_starter_file_quotes(rackrate, tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(rackrate("schema", "--example").out)
    found, reference = (json.loads(rackrate("quote", name, "--json").out)["quantities"] for name in (path, "reference-project"))
    assert found == reference


def test_it_names_every_field_with_its_meaning():
    text = starter()
    for records in TABLES.values():
        for record in records:
            for field in record.__struct_fields__:
                line = next(line for line in text.splitlines() if line.removeprefix("# ").startswith(f"{field} ="))
                assert "  # " in line or "# " in line.partition("=")[2], line


def test_defaults_are_written_out_and_bounds_are_said():
    stated = tomllib.loads(starter())
    assert stated["finance"]["loss_limit_fraction"] == 1.0
    assert "at least 0, at most 1\n" in starter()
    assert '"end" or "mid"' in starter()
