// Every answer of every cell; `counts[0]` has a bit for answers that are not numbers somewhere.
extern "C" __global__ void __launch_bounds__(THREADS, BLOCKS) fill(ARGUMENTS) {
  const Job job(sizes, tables, slots);
  const long long stride = sizes[ANSWER_STRIDE];
  unsigned long long flaws = 0;
  walk(job, [&](long long at, int answer, double value) {
    outs[answer * (BAND > 1 ? stride : Job::unknown(stride)) + at] = value;
    if (!is_number(value)) flaws |= 1ull << (answer & 63);
  });
  flag(counts, flaws);
}
