// In how many cells the answer stands in a relation to `state[0]`: added to `counts[1]`. `counts[0]`: whether some value is no number.
extern "C" __global__ void __launch_bounds__(THREADS, BLOCKS) share(ARGUMENTS) {
  const Job job(sizes, tables, slots);
  const double level = state[0];
  bool flawed = false;
  long long met = 0;
  walk(job, [&](long long, int, double value) {
    flawed |= !is_number(value);
    met += value RELATION level;
  });
  const long long all = gathered(met, [](long long a, long long b) { return a + b; });
  if (threadIdx.x == 0) add(counts + 1, all);
  flag(counts, flawed);
}
