// How many values lie in each of equal bins from `state[0]` to `state[1]`, `state[2]` bins a unit, the last one number `state[3]`: added to
// `counts` from 1. With few bins a block counts for itself first. `counts[0]`: whether some value is no number.
extern "C" __global__ void __launch_bounds__(THREADS, BLOCKS) bins(ARGUMENTS) {
  const Job job(sizes, tables, slots);
  const double low = state[0], high = state[1], scale = state[2];
  const long long last = (long long)state[3];
  bool flawed = false;
#if FEW_BINS
  __shared__ unsigned own[FEW_BINS];
  for (int k = threadIdx.x; k <= last; k += THREADS) own[k] = 0;
  __syncthreads();
#endif
  walk(job, [&](long long, int, double value) {
    flawed |= !is_number(value);
    if (!(value >= low && value <= high)) return;
    const long long scaled = (long long)((value - low) * scale), bin = scaled > last ? last : scaled;
#if FEW_BINS
    atomicAdd(own + bin, 1u);
#else
    add(counts + 1 + bin, 1);
#endif
  });
#if FEW_BINS
  __syncthreads();
  for (int k = threadIdx.x; k <= last; k += THREADS) add(counts + 1 + k, own[k]);
#endif
  flag(counts, flawed);
}
