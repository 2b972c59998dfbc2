// What memory alone costs: every thread stores, or copies the second half of what there is over the first. `sizes[0]`: how many numbers.
extern "C" __global__ void __launch_bounds__(THREADS) stores(ARGUMENTS) {
  const long long size = sizes[0], stride = (long long)gridDim.x * THREADS;
  for (long long at = (long long)blockIdx.x * THREADS + threadIdx.x; at < size; at += stride) outs[at] = (double)at;
}

extern "C" __global__ void __launch_bounds__(THREADS) copies(ARGUMENTS) {
  const long long half = sizes[0] / 2, stride = (long long)gridDim.x * THREADS;
  for (long long at = (long long)blockIdx.x * THREADS + threadIdx.x; at < half; at += stride) outs[at] = outs[half + at];
}
