"""Importing catalogs: rows that scenarios can name, every other line told with its number, files
that are none refused whole.
"""

import tomllib
import zipfile

import pytest

from economics import Problem, quote, scenario
from economics.scenario import catalog
from service.files.price_lists import HEAD, import_prices, toml_of
from service.files.reading import FileProblem, scenario_tables

HEADER = (
    "InstanceType,AcceleratorName,AcceleratorCount,vCPUs,MemoryGiB,Price,Region,GpuInfo,SpotPrice\n"
)
SKY = (
    HEADER
    + "p5.48xlarge,H100,8,192,2048,98.32,us-east-1,\"{'Gpus': [{'Name': 'H100'}]}\",29.5\n"
    + "m5.large,,,2,8,0.096,us-east-1,,0.03\n"
    + "g5.xlarge,A10G,1,4,16,1.006,us-east-1,,0\n"
    + "free,H100,8,1,1,0,us-east-1,,\n"
    + "p5.48xlarge,H100,8,192,2048,98.32,us-east-1,,29.5\n"
    + "\n"
    + "p5.48xlarge,H100,8,192,2048,99.32,us-east-1,,\n"
    + "short,H100,8\n"
    + '"two\nlines",H100,0,1,1,5,us-east-1,,\n'
)
HUNT = """\
instance_name,location,price,cpu,memory,gpu_count,gpu_name,gpu_memory,spot,disk_size,gpu_vendor
a3,us,16,1,1,8,H100,80,False,,nvidia
"""


@pytest.fixture
def own(tmp_path, monkeypatch):
    folder = tmp_path / "own"
    monkeypatch.setenv(catalog.FOLDER, str(folder))
    return folder


def take(tmp_path, own, text, name="vms.csv", form=None, prefix="", output="rentals.toml"):
    path = tmp_path / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return import_prices(path, own / output, form, prefix, None, "2026-11-01")


def test_rows_and_every_other_line(tmp_path, own):
    found = take(tmp_path, own, SKY, prefix="aws")
    assert found.format == "skypilot"
    assert found.rows == (
        "aws-p5.48xlarge-us-east-1",
        "aws-p5.48xlarge-us-east-1-spot",
        "aws-g5.xlarge-us-east-1",
    )
    assert (found.hosts, found.repeated, found.unknown) == (1, 2, {"A10G": 1})
    assert (found.none_offered, found.placeholders, found.without_host) == (1, (), 0)
    assert [(one.line, one.reason) for one in found.bad] == [
        (5, "Price = '0': expected a number above 0"),
        (8, "aws-p5.48xlarge-us-east-1 has another price in line 2"),
        (9, "3 fields, where the first line has 9"),
        (11, "AcceleratorCount = '0': expected a number above 0"),
    ]
    assert (own / "rentals.toml").read_text() == toml_of(
        tomllib.loads((own / "rentals.toml").read_text())
    )


APART = """\
InstanceType,vCPUs,MemoryGiB,AcceleratorName,AcceleratorCount,GpuInfo,Region,AvailabilityZone,\
Price,SpotPrice
a2-ultragpu-2g,24,340,,,,us-east4,us-east4-c,2.5,0.9
a3-highgpu-8g,208,1872,,,,us-east4,us-east4-c,9.5,2.2
,,,A100-80GB,2,A100-80GB,us-east4,us-east4-c,7.9,0
,,,T4,1,T4,us-east4,us-east4-c,0.35,0.11
,,,tpu-v5p-8,1,tpu-v5p-8,us-east4,us-east4-c,16.8,
,,,tpu-v5p-16,1,tpu-v5p-16,us-east4,us-east4-c,7000,7000
,,,tpu-v5p-4096,1,tpu-v5p-4096,us-east4,us-east4-c,7000,
"""


def test_a_list_that_states_hosts_and_accelerators_apart(tmp_path, own):
    found = take(tmp_path, own, APART)
    rows = catalog.rows("rentals")
    prices = {
        name: rows[name]["revenue"]["rental_price_usd_per_gpu_hour"]["value"] for name in found.rows
    }
    assert prices == {"a2-ultragpu-2g-us-east4": 5.2, "tpu-v5p-8-us-east4": 4.2}
    source = rows["a2-ultragpu-2g-us-east4"]["revenue"]["rental_price_usd_per_gpu_hour"]["source"]
    assert source == "vms.csv, SkyPilot's catalog, lines 2 and 4"
    assert (found.hosts, found.without_host, found.none_offered, found.bad) == (1, 1, 1, ())
    assert [one.line for one in found.placeholders] == [7, 7, 8]


CHIPS = """\
InstanceType,vCPUs,MemoryGiB,AcceleratorName,AcceleratorCount,GpuInfo,Region,AvailabilityZone,\
Price,SpotPrice
a2-highgpu-1g,12,85,,,,us-central1,us-central1-a,0.74,0.30
a3-highgpu-8g,208,1872,,,,us-central1,us-central1-a,9.46,2.18
,,,A100,1,A100,us-central1,us-central1-a,2.93,1.17
,,,tpu-v6e-8,1,tpu-v6e-8,us-central1,us-central1-b,21.60,6.24
,,,tpu-v6e-1,1,tpu-v6e-1,asia-east1,asia-east1-c,700.0,700.0
"""


def test_a_gpu_costs_its_share_of_the_host_too_and_a_slice_its_chips(tmp_path, own):
    found = take(tmp_path, own, CHIPS)
    prices = [
        catalog.rows("rentals")[name]["revenue"]["rental_price_usd_per_gpu_hour"]["value"]
        for name in found.rows
    ]
    assert sorted(prices) == pytest.approx([0.78, 0.30 + 1.17, 2.70, 0.74 + 2.93])
    assert [one.line for one in found.placeholders] == [6, 6]
    assert found.bad == ()


def test_scenarios_name_them_and_carry_their_source(tmp_path, own):
    before = quote(scenario_tables("hgx-h100"))
    take(tmp_path, own, SKY)
    assert quote(scenario_tables("hgx-h100")).quantities == before.quantities
    tables = scenario_tables("hgx-h100")
    tables["revenue"]["market"] = "p5.48xlarge-us-east-1"
    sourced = scenario(tables)
    assert sourced.scenario.revenue.rental_price_usd_per_gpu_hour == 98.32 / 8
    source = sourced.sources["revenue.rental_price_usd_per_gpu_hour"]
    assert (source.source, source.as_of) == ("vms.csv, SkyPilot's catalog, line 2", "2026-11-01")
    answer = quote(tables)
    assert answer.catalog["rentals"] == catalog.version("rentals", "p5.48xlarge-us-east-1")
    assert "+" in answer.catalog["rentals"]


def test_a_stated_price_stands_above_the_row_and_that_is_told():
    tables = scenario_tables("hgx-h100")
    tables["revenue"] |= {"market": "h200-3-year", "rental_price_usd_per_gpu_hour": 2.0}
    assert "the price of h200-3-year (revenue.market) is not used" in " ".join(
        quote(tables).notices
    )
    del tables["revenue"]["rental_price_usd_per_gpu_hour"]
    assert quote(tables).notices == ()


def test_another_import_replaces_rows_of_the_same_name_and_keeps_others(tmp_path, own):
    take(tmp_path, own, SKY)
    found = take(
        tmp_path, own, HEADER + "p5.48xlarge,H100,8,,,80,us-east-1,,\nnew,H200,8,,,80,x,,\n"
    )
    assert found.replaced == ("p5.48xlarge-us-east-1",)
    rows = catalog.rows("rentals")
    assert (
        rows["p5.48xlarge-us-east-1"]["revenue"]["rental_price_usd_per_gpu_hour"]["value"] == 10.0
    )
    assert {"g5.xlarge-us-east-1", "new-x", "h100-3-year"} <= set(rows)


def test_gpuhunts_csv_and_zip(tmp_path, own):
    assert take(tmp_path, own, HUNT, name="lambda.csv").rows == ("lambda-a3-us",)
    with zipfile.ZipFile(tmp_path / "catalog.zip", "w") as archive:
        archive.writestr("aws.csv", HUNT)
        archive.writestr("gcp.csv", HUNT + "b,us,0,1,1,8,H100,80,False,,\n")
        archive.writestr("version", "1")
    found = import_prices(
        tmp_path / "catalog.zip", own / "rentals-zip.toml", None, "", "a survey", None
    )
    assert found.rows == ("aws-a3-us", "gcp-a3-us")
    assert [(one.file, one.line) for one in found.bad] == [("gcp.csv", 3)]
    assert (
        catalog.row("rentals", "aws-a3-us")["revenue"]["rental_price_usd_per_gpu_hour"]["source"]
        == "a survey, line 2"
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "line 1 lacks columns"),
        ("a,b\n1,2\n", "line 1 lacks columns of a catalog: expected InstanceType"),
        (HEADER.replace("vCPUs", "Price") + "\n", "a column's name stands twice"),
        (HEADER + '"open,H100,8\n', "is not valid CSV: line 2"),
        (HEADER + 'a"b,"x"y,8\n', "is not valid CSV: line 2"),
        (b"\xff\xfe" + HEADER.encode(), "is not UTF-8 text"),
        (b"PK\x05\x06" + bytes(18), "expected 1 to 1000 CSV files"),
    ],
)
def test_a_file_that_is_none_is_refused_whole(tmp_path, own, text, said):
    with pytest.raises(FileProblem, match=said):
        take(tmp_path, own, text)
    assert not own.exists()


def test_a_stated_format_must_fit(tmp_path, own):
    with pytest.raises(FileProblem, match="expected instance_name"):
        take(tmp_path, own, SKY, form="gpuhunt")
    with pytest.raises(FileProblem, match="cannot read"):
        import_prices(tmp_path / "none.csv", own / "rentals.toml", None, "", None, None)


def test_only_files_of_imports_are_written(tmp_path, own):
    own.mkdir()
    (own / "rentals.toml").write_text("[mine.revenue]\nrental_price_usd_per_gpu_hour = 3\n")
    with pytest.raises(
        FileProblem, match="was not written by an import: name another file with -o"
    ):
        take(tmp_path, own, SKY)
    with pytest.raises(FileProblem, match=r"ends in \.toml"):
        take(tmp_path, own, SKY, output="rentals.parquet")
    assert take(tmp_path, own, SKY, output="rentals-sky.toml").rows
    (own / "rentals-sky.toml").write_text(HEAD + "[")
    with pytest.raises(FileProblem, match="not valid TOML"):
        take(tmp_path, own, SKY, output="rentals-sky.toml")


def test_shipped_names_are_not_taken(tmp_path, own):
    found = take(tmp_path, own, HEADER + "h100-3-year,H100,8,,,80,,,\n")
    assert found.rows == ()
    assert "is the name of another row: give a --prefix" in found.bad[0].reason
    assert not own.exists()


def test_names_of_rows_in_other_files_are_not_taken(tmp_path, own):
    first = take(tmp_path, own, SKY)
    again = take(tmp_path, own, SKY, output="rentals-again.toml")
    assert again.rows == ()
    said = [(one.line, one.reason) for one in again.bad if "another row" in one.reason]
    assert said[:2] == [
        (2, f"{name} is the name of another row: give a --prefix") for name in first.rows[:2]
    ]
    assert set(first.rows) <= set(catalog.rows("rentals"))
    assert take(tmp_path, own, SKY, output="../apart.toml").rows == first.rows
    assert take(tmp_path, own, SKY, prefix="b", output="rentals-again.toml").rows == tuple(
        f"b-{name}" for name in first.rows
    )


@pytest.mark.parametrize(
    "kind", [zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
)
def test_zips_that_are_broken_are_refused_whole(tmp_path, own, kind):
    with zipfile.ZipFile(tmp_path / "good.zip", "w", kind) as archive:
        archive.writestr("aws.csv", HUNT * 50)
    whole = (tmp_path / "good.zip").read_bytes()
    for at in range(37, 90, 3):
        for broken in (
            whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :],
            whole[:at] + whole[at + 5 :],
        ):
            with pytest.raises(FileProblem, match=r"zip|deflate"):
                take(tmp_path, own, broken, name="broken.zip")
    assert not own.exists()


def test_texts_of_any_kind_are_written_as_toml(tmp_path, own):
    strange = HEADER.strip() + '\nx,"H100 ""\x7f\t\u00e9\U0001f600\\",8,,,80,r,,\n'
    take(tmp_path, own, strange)
    assert "\U0001f600" in catalog.row("rentals", "x-r")["description"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[", "expected a TOML file of catalog rows"),
        ("a = 1", "expected a table"),
        ("[h100-3-year]", "a name that no other row has"),
    ],
)
def test_files_of_ones_own_that_are_wrong_are_named(own, text, said):
    own.mkdir()
    (own / "rentals-mine.toml").write_text(text)
    with pytest.raises(Problem, match=said):
        catalog.rows("rentals")


def test_rows_of_ones_own_of_any_kind(own):
    own.mkdir()
    figure = 'electricity_price_usd_per_kwh = { value = 0.05, source = "bill", as_of = "2026" }'
    (own / "electricity.toml").write_text(f"[mine.power]\n{figure}\n")
    (own / "facilities.toml").write_text("[empty]\n")
    tables = {**scenario_tables("hgx-h100"), "power": {"tariff": "mine"}}
    assert scenario(tables).scenario.power.electricity_price_usd_per_kwh == 0.05
    with pytest.raises(Problem, match="a row of facilities with a table facility"):
        scenario({**tables, "facility": {"site": "empty"}})
