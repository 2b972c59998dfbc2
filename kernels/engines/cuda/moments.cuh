// Of each block: count, least, greatest, mean, sum of squared deviations of the answer. `counts[0]`: whether some value is no number.
struct Moments {
  double count, least, greatest, mean, squares;
};

// Source: Chan, Golub, LeVeque 1979.
__device__ Moments joined(const Moments& a, const Moments& b) {
  if (a.count == 0.0 || b.count == 0.0) return a.count == 0.0 ? b : a;
  const double count = a.count + b.count, shift = b.mean - a.mean, part = b.count / count;
  return {count, b.least < a.least ? b.least : a.least, b.greatest > a.greatest ? b.greatest : a.greatest, a.mean + shift * part,
          a.squares + b.squares + shift * shift * a.count * part};
}

extern "C" __global__ void __launch_bounds__(THREADS, BLOCKS) moments(ARGUMENTS) {
  const Job job(sizes, tables, slots);
  bool flawed = false;
  long long count = 0;
  double origin = 0.0, least = 0.0, greatest = 0.0, sum = 0.0, squares = 0.0;  // sums of what is beyond the thread's first value
  walk(job, [&](long long, int, double value) {
    if (!is_number(value)) {
      flawed = true;
      return;
    }
    if (count++ == 0) origin = least = greatest = value;
    const double beyond = value - origin;
    least = value < least ? value : least;
    greatest = value > greatest ? value : greatest;
    sum += beyond;
    squares += beyond * beyond;
  });
  const double number = (double)count, share = count ? sum / number : 0.0;
  const Moments mine = {number, least, greatest, origin + share, squares - sum * share};
  const Moments all = gathered(mine, [](const Moments& a, const Moments& b) { return joined(a, b); });
  if (threadIdx.x == 0) {
    double* out = outs + 5ll * blockIdx.x;
    out[0] = all.count, out[1] = all.least, out[2] = all.greatest, out[3] = all.mean, out[4] = all.squares;
  }
  flag(counts, flawed);
}
