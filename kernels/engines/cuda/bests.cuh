// The best value that each thread meets, in `outs`; not a number where it meets none.
extern "C" __global__ void __launch_bounds__(THREADS, BLOCKS) bests(ARGUMENTS) {
  const Job job(sizes, tables, slots);
  double best = __longlong_as_double(0x7ff8000000000000ll);
  walk(job, [&](long long, int, double value) {
    if (is_number(value) && !(best RELATION value)) best = value;
  });
  outs[(long long)blockIdx.x * THREADS + threadIdx.x] = best;
}
