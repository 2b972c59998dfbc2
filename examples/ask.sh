#!/bin/sh
# Questions to a server, as any program may ask them. Start one with: rackrate serve
#   sh ask.sh
#   RACKRATE_URL=https://rackrate.example.org RACKRATE_KEY=... sh ask.sh
set -eu
url="${RACKRATE_URL:-http://127.0.0.1:8000}"

# ask PATH [JSON]: the answer to a question; what is wrong with it on a failure, and its exit code.
ask() {
    echo "== $1"
    curl --silent --show-error --fail-with-body --max-time 60 "$url$1" \
        ${RACKRATE_KEY:+-H "Authorization: Bearer $RACKRATE_KEY"} \
        -H 'Content-Type: application/json' ${2:+--data "$2"}
    echo
}

ask /health/ready

# The cost of an hour of a shipped scenario.
ask /v1/quotes '{"scenario": "nvl72-neocloud", "targets": ["cost_usd_per_gpu_hour"]}'

# The utilisation at which its NPV is 0.
ask /v1/solve '{
  "scenario": "nvl72-neocloud",
  "target": "npv_usd_per_rack", "value": 0, "unknown": "utilisation"
}'

# The five best of 90 cells.
ask /v1/sweeps '{
  "scenario": "nvl72-neocloud",
  "axes": [
    {"kind": "linspace", "field": "utilisation", "start": 0.5, "stop": 0.95, "count": 10},
    {"kind": "linspace", "field": "rental_price_usd_per_gpu_hour",
     "start": 2, "stop": 6, "count": 9}
  ],
  "targets": ["npv_usd_per_rack"],
  "reduce": {"kind": "top", "count": 5}
}'

# Two racks side by side, and what makes the difference.
ask /v1/comparisons '{"scenarios": ["gb200-nvl72", "gb300-nvl72"], "targets": ["npv_usd_per_rack"]}'

# A row of the catalog with the source of each figure.
ask /v1/catalog/accelerators/gb300-nvl72
