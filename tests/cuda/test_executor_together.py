"""Threads that work together: sums in a tree, shuffles, votes, atomic updates, shared memory."""

import math

import numpy as np
import pytest
from outcomes import Fault
from trial import ENTRY, constant, cuda, run, same

REDUCTION = (
    ENTRY
    + """(const double* a, double* out, long long n) {
  extern __shared__ double part[];
  double sum = 0;
  for (long long i = blockIdx.x * (long long)blockDim.x + threadIdx.x; i < n;
    i += (long long)gridDim.x * blockDim.x) sum += a[i];
  part[threadIdx.x] = sum;
  __syncthreads();
  for (unsigned half = blockDim.x / 2; half; half /= 2) {
    if (threadIdx.x < half) part[threadIdx.x] += part[threadIdx.x + half];
    __syncthreads();
  }
  if (!threadIdx.x) out[blockIdx.x] = part[0];
}"""
)


@pytest.mark.parametrize("options", [{}, {"backwards": True}, {"threads_at_once": 1}])
def test_sums_in_a_tree(options):
    values, out = constant(np.random.default_rng(5).normal(size=3001)), np.zeros(6)
    counts = run(
        cuda(REDUCTION), values, out, 3001, grid=6, block=128, shared_bytes=1024, **options
    )
    sums = np.zeros(768)
    for start in range(0, 3001, 768):
        sums[: min(768, 3001 - start)] += values[start : start + 768]
    sums = sums.reshape(6, 128)
    while sums.shape[1] > 1:
        sums = sums[:, : sums.shape[1] // 2] + sums[:, sums.shape[1] // 2 :]
    assert same(out, sums[:, 0].copy())
    assert counts.barriers == 768 * 8


def test_shuffles():
    source = (
        ENTRY
        + """(const double* a, double* out) {
      double x = a[threadIdx.x], s = x; unsigned all = 0xffffffffu;
        double* o = out + 6 * threadIdx.x;
      for (int d = 16; d; d /= 2) s += __shfl_xor_sync(all, s, d);
      o[0] = s; o[1] = __shfl_sync(all, x, 5); o[2] = __shfl_up_sync(all, x, 3);
        o[3] = __shfl_down_sync(all, x, 2);
      o[4] = __shfl_sync(all, x, threadIdx.x * 7, 8); o[5] = __shfl_down_sync(all, x, 3, 16); }"""
    )
    values, out = np.random.default_rng(9).normal(size=96), np.zeros((96, 6))
    counts = run(cuda(source), constant(values), out, block=96)
    assert counts.shuffles == 96 * 2 * 10
    lane, rows = np.arange(32), values.reshape(3, 32)
    sums = rows
    for distance in (16, 8, 4, 2, 1):
        sums = sums + sums[:, lane ^ distance]
    sources = [
        np.full(32, 5),
        np.where(lane >= 3, lane - 3, lane),
        np.where(lane < 30, lane + 2, lane),
        lane // 8 * 8 + lane * 7 % 8,
    ]
    sources.append(np.where(lane % 16 < 13, lane + 3, lane))
    assert same(
        out.reshape(3, 32, 6), np.stack([sums, *(rows[:, source] for source in sources)], axis=2)
    )


def test_shuffles_of_a_part_of_the_threads():
    source = (
        ENTRY
        + """(unsigned* out) {
      unsigned t = threadIdx.x, x = 100 + t;
      if (t >= 40) return;
      if (t % 32 < 8) x = __shfl_sync(0xffu, x, t + 1, 8);
        else if (t < 32) x = __shfl_xor_sync(0xffffff00u, x, 16 | 8);
      out[t] = x; }"""
    )
    out = np.zeros(40, np.uint32)
    expected = [100 + (t // 8 * 8 + (t + 1) % 8 if t % 32 < 8 else t ^ 24) for t in range(40)]
    with pytest.raises(Fault, match=r"absent lane.*it reads lane 0"):
        run(cuda(source), out, block=48)
    run(cuda(source.replace("16 | 8", "t < 16 ? 0 : 8")), out, block=48)
    assert out.tolist() == [
        number if t % 32 < 8 else 100 + (t if t < 16 else t ^ 8)
        for t, number in enumerate(expected)
    ]


def test_votes():
    source = (
        ENTRY
        + """(const int* a, unsigned* out) {
      unsigned all = 0xffffffffu, t = threadIdx.x; int x = a[t]; unsigned* o = out + 5 * t;
      o[0] = __ballot_sync(all, x > 1); o[1] = __any_sync(all, x > 2);
        o[2] = __all_sync(all, x > 0); o[3] = __popc(o[0]); __syncwarp();
      o[4] = x > 1 ? __popc(__activemask()) : 0; }"""
    )
    values = np.array([1 + (t * t) % (2 if t < 32 else 3) for t in range(64)])
    out = np.zeros((64, 5), np.uint32)
    run(cuda(source), constant(values, np.int32), out, block=64)
    for t, row in enumerate(out.tolist()):
        warp = values[t // 32 * 32 :][:32].tolist()
        ballot = sum((x > 1) << lane for lane, x in enumerate(warp))
        assert row == [
            ballot,
            any(x > 2 for x in warp),
            all(x > 0 for x in warp),
            ballot.bit_count(),
            ballot.bit_count() * (values[t] > 1),
        ]


def test_atomic_updates():
    source = (
        ENTRY
        + """(const double* a, unsigned long long* sums, unsigned* seen, int* extremes, unsigned*
          tickets, double* least, long long n) {
      __shared__ unsigned negative; if (!threadIdx.x) negative = 0; __syncthreads();
      for (long long i = blockIdx.x * (long long)blockDim.x + threadIdx.x; i < n;
        i += (long long)gridDim.x * blockDim.x) {
        if (a[i] < 0) atomicAdd(&negative, 1u);
        atomicAdd(sums + i % 3, (unsigned long long)i); atomicOr(seen, 1u << (i % 20));
        atomicMin(extremes, (int)(a[i] * 100)); atomicMax(extremes + 1, (int)(a[i] * 100));
          tickets[i] = atomicAdd(seen + 1, 1u);
        unsigned long long* at = (unsigned long long*)least; unsigned long long old = *at, before;
        do {
          before = old; if (__longlong_as_double(before) <= a[i]) break;
          old = atomicCAS(at, before, __double_as_longlong(a[i]));
        } while (old != before);
      }
      __syncthreads(); if (!threadIdx.x) atomicAdd(sums + 3, (unsigned long long)negative); }"""
    )
    values = np.random.default_rng(11).normal(size=1000)
    sums, seen, extremes = np.zeros(4, np.uint64), np.zeros(2, np.uint32), np.zeros(2, np.int32)
    tickets, least = np.zeros(1000, np.uint32), np.array([math.inf])
    counts = run(
        cuda(source),
        constant(values),
        sums,
        seen,
        extremes,
        tickets,
        least,
        1000,
        grid=4,
        block=64,
        threads_at_once=128,
    )
    assert sums.tolist() == [sum(range(k, 1000, 3)) for k in range(3)] + [int((values < 0).sum())]
    assert seen.tolist() == [2**20 - 1, 1000]
    assert extremes.tolist() == [int(values.min() * 100), int(values.max() * 100)]
    assert sorted(tickets.tolist()) == list(range(1000))
    assert least[0] == values.min()
    assert counts.atomics >= 5 * 1000 + (values < 0).sum()


def test_generic_addresses():
    source = (
        ENTRY
        + """(double* out, int k) {
      __shared__ double own[32]; __shared__ double* at; own[threadIdx.x] = threadIdx.x;
      if (!threadIdx.x) at = k ? own : out; __syncthreads();
      out[threadIdx.x + 64] = at[threadIdx.x];
      double* mine = threadIdx.x % 2 ? own + threadIdx.x : out + threadIdx.x;
        out[32 + threadIdx.x] = *mine; }"""
    )
    out = np.arange(100.0, 196.0)
    run(cuda(source), out, 1)
    assert out[64:].tolist() == list(range(32))
    assert out[32:64].tolist() == [t if t % 2 else 100.0 + t for t in range(32)]
