// The cells that reach `state[0]`: how many there are in `counts[1]`, of as many as there is room for the number of the cell in `counts`
// from 2 and its value in `outs`, in any order. `counts[0]`: whether some value is no number.
extern "C" __global__ void __launch_bounds__(THREADS, BLOCKS) candidates(ARGUMENTS) {
  const Job job(sizes, tables, slots);
  const double limit = state[0];
  const long long first = job.first * job.width;
  bool flawed = false;
  walk(job, [&](long long at, int, double value) {
    flawed |= !is_number(value);
    if (!(value RELATION limit)) return;
    const unsigned long long place = atomicAdd((unsigned long long*)counts + 1, 1ull);
    if (place < ROOM) {
      outs[place] = value;
      counts[2 + place] = first + at;
    }
  });
  flag(counts, flawed);
}
