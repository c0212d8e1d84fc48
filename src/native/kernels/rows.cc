#include <cmath>
#include <cstring>

#include "op.h"
#include "parallel.h"

namespace autofis {
namespace {

/** A set of row numbers that gives each its place in the order of appearance; open addressing, at most half full. */
class Places {
 public:
  explicit Places(int64_t most) {
    int64_t size = 16;
    while (size < 2 * most) size *= 2;
    mask_ = static_cast<uint32_t>(size - 1);
    slots_.assign(size, -1);
  }

  int Of(int32_t row) {
    for (uint32_t at = Hash(row) & mask_;; at = (at + 1) & mask_) {
      const int32_t place = slots_[at];
      if (place < 0) {
        slots_[at] = static_cast<int32_t>(rows.size());
        rows.push_back(row);
        return static_cast<int>(rows.size()) - 1;
      }
      if (rows[place] == row) return place;
    }
  }

  static uint32_t Hash(int32_t row) {
    uint32_t h = static_cast<uint32_t>(row) * 0x9E3779B1u;
    return h ^ (h >> 15);
  }

  std::vector<int32_t> rows;

 private:
  uint32_t mask_;
  std::vector<int32_t> slots_;
};

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
__attribute__((target_clones("avx512f", "avx2", "default")))
#endif
void AdamRow(
    float* __restrict w, float* __restrict m, float* __restrict v, const float* __restrict g, int64_t width,
    float beta1, float beta2, float rate, float epsilon) {
  for (int64_t j = 0; j < width; ++j) {
    m[j] += (g[j] - m[j]) * (1 - beta1);
    v[j] += (g[j] * g[j] - v[j]) * (1 - beta2);
    w[j] -= rate * m[j] / (std::sqrt(v[j]) + epsilon);
  }
}

/**
 * A step of Adam in place on the rows that occur in `rows` [N], with repetitions, of w, m, v [V, ...]:
 *   g = sum of gradient [N, ...] over a row's occurrences,
 *   m += (g - m)(1 - beta1),  v += (g^2 - v)(1 - beta2),  w -= rate m / (sqrt(v) + epsilon),
 * with step = [beta1, beta2, rate, epsilon]. Each row belongs to one thread, which adds its gradients in their order.
 */
void AdamRowsOp(void*, TF_OpKernelContext* context) {
  Run run(context);
  TF_Tensor *table = run.Input(0), *moment1 = run.Input(1), *moment2 = run.Input(2), *list = run.Input(3), *gradients = run.Input(4);
  const int64_t count = TF_TensorElementCount(list), size = TF_Dim(table, 0);
  const int64_t width = size == 0 ? 0 : TF_TensorElementCount(table) / size;
  if (!run.Require(
          TF_TensorElementCount(moment1) == TF_TensorElementCount(table) &&
          TF_TensorElementCount(moment2) == TF_TensorElementCount(table) && TF_TensorElementCount(gradients) == count * width,
          "AutofisAdamRows: w, m and v must be of one shape [V, ...] and the gradient [N, ...]")) {
    return;
  }
  float *w = Data<float>(table), *m = Data<float>(moment1), *v = Data<float>(moment2);
  const int32_t* rows = Data<int32_t>(list);
  const float *gradient = Data<float>(gradients), *step = Data<float>(run.Input(5));
  const float beta1 = step[0], beta2 = step[1], rate = step[2], epsilon = step[3];
  for (int64_t i = 0; i < count; ++i) {
    if (!run.Require(rows[i] >= 0 && rows[i] < size, "AutofisAdamRows: a row is out of range")) return;
  }
  const int threads = Threads();
  Parallel(threads, [&](int thread) {
    Places places(count);
    std::vector<float> sums;
    for (int64_t i = 0; i < count; ++i) {
      if (threads > 1 && static_cast<int>((Places::Hash(rows[i]) >> 16) % threads) != thread) continue;
      const int64_t at = places.Of(rows[i]) * width;
      const float* g = gradient + i * width;
      if (at == static_cast<int64_t>(sums.size())) {
        sums.insert(sums.end(), g, g + width);
        const int64_t row = rows[i] * width;
        // By the time the sums are known the row has come from memory, or is on its way.
        __builtin_prefetch(w + row, 1);
        __builtin_prefetch(m + row, 1);
        __builtin_prefetch(v + row, 1);
        continue;
      }
      float* sum = sums.data() + at;
      for (int64_t j = 0; j < width; ++j) sum[j] += g[j];
    }
    for (size_t u = 0; u < places.rows.size(); ++u) {
      if (u + 8 < places.rows.size()) {
        const int64_t ahead = places.rows[u + 8] * width;
        __builtin_prefetch(w + ahead, 1);
        __builtin_prefetch(m + ahead, 1);
        __builtin_prefetch(v + ahead, 1);
      }
      const int64_t row = places.rows[u] * width;
      AdamRow(w + row, m + row, v + row, sums.data() + u * width, width, beta1, beta2, rate, epsilon);
    }
  });
}

const bool registered = Register("AutofisAdamRows",
    {"w: float", "m: float", "v: float", "rows: int32", "gradient: float", "step: float"}, {}, AdamRowsOp);

}  // namespace
}  // namespace autofis
