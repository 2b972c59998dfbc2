"""At which prices and utilisations is a rack worth its capital? A grid as a frame and as a file."""

from pathlib import Path

import polars

import rackrate

GRID = Path(__file__).with_name("grid.toml")

# The file states the axes and a reduction; here all cells are wanted, so that is replaced.
table = rackrate.sweep(GRID, reduce={"kind": "cells"})
cells = rackrate.frame(table)
print(f"{cells.height} cells by {table.backend}, {table.why}")

# A cell without a value is null; the column of statuses says why.
five_years = cells.filter(polars.col("economic_life_years") == 5.0)
least = (
    five_years.filter(polars.col("npv_usd_per_rack") > 0.0)
    .group_by("rental_price_usd_per_gpu_hour")
    .agg(polars.col("utilisation").min().alias("least_utilisation"))
    .sort("rental_price_usd_per_gpu_hour")
)
print("The least utilisation of the grid at which the NPV of five years is above 0:")
print(least)

# Units and descriptions of the columns travel in the file's metadata.
rackrate.write(table, "grid.parquet", force=True)
print(polars.read_parquet("grid.parquet").select("npv_usd_per_rack", "irr_per_year").describe())
print(polars.read_parquet_metadata("grid.parquet")["columns"])
