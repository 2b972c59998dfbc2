// Type-checked against what openapi-typescript makes of the document: what may be left out of a
// question can be left out, and what is always in an answer need not be looked for.
import type { components, paths } from "./api";

type Schemas = components["schemas"];
type Post<Path extends "/v1/quotes" | "/v1/sweeps"> = paths[Path]["post"];
type Question = Post<"/v1/quotes">["requestBody"]["content"]["application/json"];
type Answer = Post<"/v1/quotes">["responses"][200]["content"]["application/json"];

export const shipped: Question = { scenario: "nvl72-neocloud" };

export const own: Question = {
  scenario: {
    hardware: {
      gpu_per_rack: 8,
      server_price_usd_per_rack: { value: 250_000, source: "an offer", as_of: "2026-11" },
    },
    revenue: { kind: "rental", utilisation: "70%" },
  },
  overrides: { finance: { wacc_per_year: 0.09 } },
  targets: ["cost_usd_per_gpu_hour", "book_value_usd_per_rack[3]"],
};

export const sweep: Schemas["SweepRequest"] = {
  scenario: "nvl72-neocloud",
  axes: [{ kind: "linspace", field: "utilisation", start: 0.5, stop: 1, count: 3 }],
  reduce: { kind: "summary" },
};

export function cost(answer: Answer): number | null {
  const found = answer.quantities["cost_usd_per_gpu_hour"];
  const version: string = answer.model_version;
  const status: Schemas["Status"] = found?.status ?? "undefined";
  return status === "ok" && version ? (found?.value ?? null) : null;
}

export function fields(problem: Schemas["ProblemDetails"]): string[] {
  return problem.type === "urn:rackrate:problem:bad-input"
    ? (problem.errors ?? []).map((one) => one.path)
    : [];
}
