// Every kernel walks some rows of cells. `compute` (written from the plan) makes one cell and hands its answers on, one after another.

__device__ __forceinline__ bool is_number(double value) {
  return (__double2hiint(value) & 0x7ff00000) != 0x7ff00000;
}

struct Job {
  const long long* sizes;
  const double *tables, *outer_tables, *inner_tables;
  double* scratch;  // of this thread: a number every 32, for a warp's lanes lie beside each other
  long long rows, width, first, outer_stride, inner_stride;

  __device__ __forceinline__ Job(const long long* sizes, const double* tables, double* slots)
      : sizes(sizes), tables(tables), outer_tables(tables + sizes[OUTER]), inner_tables(tables + sizes[INNER]),
        scratch(slots + ((long long)blockIdx.x * THREADS + (threadIdx.x & ~31u)) * SLOTS + (threadIdx.x & 31u)), rows(sizes[ROWS]),
        width(sizes[WIDTH]), first(sizes[FIRST]), outer_stride(sizes[OUTER_STRIDE]), inner_stride(sizes[INNER_STRIDE]) {}

  __device__ __forceinline__ const double* outer(long long k, long long row) const { return outer_tables + k * outer_stride + row; }
  __device__ __forceinline__ const double* inner(long long k, long long column) const { return inner_tables + k * inner_stride + column; }
  __device__ __forceinline__ const double* mixed(long long k, long long row, long long column) const {
    return tables + sizes[MIXED + k] + sizes[sizes[STARTS] + k * outer_stride + row] + column;
  }

  // The same, of which the compiler does not know that it is: it may not compute hundreds of places once and hold them for every cell.
  __device__ __forceinline__ Job renewed() const {
    Job job = *this;
    job.outer_stride = unknown(outer_stride), job.inner_stride = unknown(inner_stride);
    return job;
  }
  template <class Value>
  __device__ __forceinline__ static Value unknown(Value value) {
    asm volatile("" : "+l"(value));
    return value;
  }

  // Plans of many operations read and keep by these only: the compiler may not hold what they read in registers until it is read again.
  __device__ __forceinline__ static double look(const double* place) {
    double value;
    asm volatile("ld.global.f64 %0, [%1];" : "=d"(value) : "l"(place) : "memory");
    return value;
  }
  __device__ __forceinline__ double take(int slot) const { return look(scratch + slot * 32); }
  __device__ __forceinline__ void keep(int slot, double value) const {
    asm volatile("st.global.f64 [%0], %1;" : : "l"(scratch + slot * 32), "d"(value) : "memory");
  }
};

// COMPUTE
// A block takes as many columns as it has threads and some rows one after another: a thread reads what its column brings once.
template <class Use>
__device__ __forceinline__ void walk(const Job& job, Use use) {
  const long long parts = (job.width + THREADS - 1) / THREADS, bands = (job.rows + BAND - 1) / BAND;
  for (long long strip = blockIdx.x; strip < parts * bands; strip += gridDim.x) {
    const long long band = strip / parts, column = (strip - band * parts) * THREADS + threadIdx.x;
    if (column >= job.width) continue;
    double along[ALONG + 1];
#pragma unroll
    for (int k = 0; k < ALONG; ++k) along[k] = __ldg(job.inner(k, column));
    const long long last = (band + 1) * BAND < job.rows ? (band + 1) * BAND : job.rows;
#pragma unroll 1
    for (long long row = band * BAND; row < last; ++row) {
      const long long at = row * job.width + column;
      compute(job, along, job.first + row, column, [&](int answer, double value) { use(at, answer, value); });
    }
  }
}

// What the threads of a block have, joined two by two in a fixed order.
template <class Part, class Join>
__device__ __forceinline__ Part gathered(const Part& mine, Join join) {
  __shared__ Part parts[THREADS];
  parts[threadIdx.x] = mine;
  __syncthreads();
  for (int half = THREADS / 2; half > 0; half /= 2) {
    if (threadIdx.x < half) parts[threadIdx.x] = join(parts[threadIdx.x], parts[threadIdx.x + half]);
    __syncthreads();
  }
  return parts[0];
}

__device__ __forceinline__ void flag(long long* counts, unsigned long long flaws) {
  if (flaws) atomicOr((unsigned long long*)counts, flaws);
}

__device__ __forceinline__ void add(long long* count, long long more) {
  if (more) atomicAdd((unsigned long long*)count, (unsigned long long)more);
}
