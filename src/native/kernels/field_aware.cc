#include <algorithm>
#include <vector>

#include "instructions.h"
#include "op.h"
#include "parallel.h"

namespace autofis {
namespace {

/** Field-aware embeddings E [B, P, 2, d], whose products are x_bp = <E_bp0, E_bp1>. */
struct Pairs {
  const float* e;
  int64_t batch, count, d;
};

bool Read(Run& run, const char* op, Pairs& pairs) {
  TF_Tensor* e = run.Input(0);
  if (!run.Require(TF_NumDims(e) == 4 && TF_Dim(e, 2) == 2, op, "embeddings [B, P, 2, d] are needed")) return false;
  pairs = {Data<float>(e), TF_Dim(e, 0), TF_Dim(e, 1), TF_Dim(e, 3)};
  return true;
}

/** Calls body(b) for every row of the batch. */
template <class Body>
void ForEachRow(int64_t batch, Body&& body) {
  const int parts = static_cast<int>(std::min<int64_t>(batch, 4 * Threads()));
  Parallel(parts, [&](int part) {
    for (int64_t b = Begin(batch, parts, part), end = Begin(batch, parts, part + 1); b < end; ++b) body(b);
  });
}

/** x of one row. A constant size makes each product a few instructions. */
template <int size>
inline __attribute__((always_inline)) void Products(
    const float* __restrict e, int64_t count, int64_t any, float* __restrict x) {
  const int64_t d = size > 0 ? size : any;
  for (int64_t p = 0; p < count; ++p, e += 2 * d) {
    float sum = 0;
    for (int64_t j = 0; j < d; ++j) sum += e[j] * e[d + j];
    x[p] = sum;
  }
}

/** dE of one row, for given dx: each side's is dx times the other side. */
template <int size>
inline __attribute__((always_inline)) void Exchange(
    const float* __restrict e, const float* __restrict dx, int64_t count, int64_t any, float* __restrict gradient) {
  const int64_t d = size > 0 ? size : any;
  for (int64_t p = 0; p < count; ++p, e += 2 * d, gradient += 2 * d) {
    const float g = dx[p];
    for (int64_t j = 0; j < d; ++j) gradient[j] = g * e[d + j];
    for (int64_t j = 0; j < d; ++j) gradient[d + j] = g * e[j];
  }
}

AUTOFIS_CLONES("avx512f", "avx2", "default")
void ProductsOf(const float* e, int64_t count, int64_t d, float* x) {
  if (d == 4) return Products<4>(e, count, d, x);
  if (d == 8) return Products<8>(e, count, d, x);
  if (d == 16) return Products<16>(e, count, d, x);
  Products<0>(e, count, d, x);
}

AUTOFIS_CLONES("avx512f", "avx2", "default")
void ExchangeOf(const float* e, const float* dx, int64_t count, int64_t d, float* gradient) {
  if (d == 4) return Exchange<4>(e, dx, count, d, gradient);
  if (d == 8) return Exchange<8>(e, dx, count, d, gradient);
  if (d == 16) return Exchange<16>(e, dx, count, d, gradient);
  Exchange<0>(e, dx, count, d, gradient);
}

AUTOFIS_CLONES("avx512f", "avx2", "default")
void Upstream(
    const float* x, const float* w, float u, const float* q, const float* r, int64_t count, float* __restrict dx) {
  for (int64_t p = 0; p < count; ++p) dx[p] = w[p] * u - q[p] * x[p] + r[p];
}

AUTOFIS_CLONES("avx512f", "avx2", "default")
void AddMoments(
    const float* x, const float* shift, int64_t count, double* __restrict sums, double* __restrict squares) {
  for (int64_t p = 0; p < count; ++p) {
    const double off = static_cast<double>(x[p]) - shift[p];
    sums[p] += off;
    squares[p] += off * off;
  }
}

/** x [B, P]. */
void ProductsOp(void*, TF_OpKernelContext* context) {
  Run run(context);
  Pairs pairs;
  if (!Read(run, "AutofisFieldAwareProducts", pairs)) return;
  float* x = run.Floats(0, {pairs.batch, pairs.count});
  ForEachRow(pairs.batch, [&](int64_t b) {
    ProductsOf(pairs.e + b * pairs.count * 2 * pairs.d, pairs.count, pairs.d, x + b * pairs.count);
  });
}

/** mean [P] and (population) variance [P] of the columns of x [B, P], taken about the first row's values. */
void ColumnMomentsOp(void*, TF_OpKernelContext* context) {
  Run run(context);
  TF_Tensor* input = run.Input(0);
  if (!run.Require(TF_NumDims(input) == 2, "AutofisColumnMoments", "columns [B, P] are needed")) return;
  const int64_t batch = TF_Dim(input, 0), count = TF_Dim(input, 1);
  const float* x = Data<float>(input);
  float *mean = run.Floats(0, {count}), *variance = run.Floats(1, {count});
  const int parts = static_cast<int>(std::max<int64_t>(1, std::min<int64_t>(batch, 4 * Threads())));
  std::vector<double> sums(static_cast<int64_t>(parts) * 2 * count);
  Parallel(parts, [&](int part) {
    double* own = sums.data() + static_cast<int64_t>(part) * 2 * count;
    for (int64_t b = Begin(batch, parts, part), end = Begin(batch, parts, part + 1); b < end; ++b) {
      AddMoments(x + b * count, x, count, own, own + count);
    }
  });
  for (int64_t p = 0; p < count; ++p) {
    double sum = 0, squares = 0;
    for (int part = 0; part < parts; ++part) {
      sum += sums[static_cast<int64_t>(part) * 2 * count + p];
      squares += sums[(static_cast<int64_t>(part) * 2 + 1) * count + p];
    }
    const double centre = sum / batch;
    mean[p] = static_cast<float>((batch > 0 ? x[p] : 0) + centre);
    variance[p] = static_cast<float>(std::max(0.0, squares / batch - centre * centre));
  }
}

/** dE [B, P, 2, d] of dx_bp = w_p u_b - q_p x_bp + r_p, with x [B, P] and u [B, 1]. */
void PullBackOp(void*, TF_OpKernelContext* context) {
  Run run(context);
  Pairs pairs;
  const char* op = "AutofisFieldAwarePullBack";
  if (!Read(run, op, pairs)) return;
  TF_Tensor *x = run.Input(1), *w = run.Input(2), *u = run.Input(3), *q = run.Input(4), *r = run.Input(5);
  const int64_t count = pairs.count;
  if (!run.Require(
          TF_TensorElementCount(x) == pairs.batch * count && TF_TensorElementCount(u) == pairs.batch &&
          TF_TensorElementCount(w) == count && TF_TensorElementCount(q) == count && TF_TensorElementCount(r) == count,
          op, "x [B, P], u [B, 1] and w, q, r [P] are needed")) {
    return;
  }
  float* gradient = run.Floats(0, {pairs.batch, count, 2, pairs.d});
  ForEachRow(pairs.batch, [&](int64_t b) {
    thread_local std::vector<float> dx;
    dx.resize(count);
    const float* const row = Data<float>(x) + b * count;
    Upstream(row, Data<float>(w), Data<float>(u)[b], Data<float>(q), Data<float>(r), count, dx.data());
    const int64_t at = b * count * 2 * pairs.d;
    ExchangeOf(pairs.e + at, dx.data(), count, pairs.d, gradient + at);
  });
}

/** dE [B, P, 2, d] of dx [B, P]. */
void ProductsGradientOp(void*, TF_OpKernelContext* context) {
  Run run(context);
  Pairs pairs;
  const char* op = "AutofisFieldAwareGradient";
  if (!Read(run, op, pairs)) return;
  TF_Tensor* dx = run.Input(1);
  if (!run.Require(TF_TensorElementCount(dx) == pairs.batch * pairs.count, op, "dx [B, P] is needed")) return;
  float* gradient = run.Floats(0, {pairs.batch, pairs.count, 2, pairs.d});
  ForEachRow(pairs.batch, [&](int64_t b) {
    const int64_t at = b * pairs.count * 2 * pairs.d;
    ExchangeOf(pairs.e + at, Data<float>(dx) + b * pairs.count, pairs.count, pairs.d, gradient + at);
  });
}

const bool registered =
    Register("AutofisFieldAwareProducts", {"embeddings: float"}, {"x: float"}, ProductsOp) &&
    Register("AutofisColumnMoments", {"x: float"}, {"mean: float", "variance: float"}, ColumnMomentsOp) &&
    Register("AutofisFieldAwarePullBack",
        {"embeddings: float", "x: float", "w: float", "u: float", "q: float", "r: float"},
        {"gradient: float"}, PullBackOp) &&
    Register("AutofisFieldAwareGradient", {"embeddings: float", "dx: float"}, {"gradient: float"}, ProductsGradientOp);

}  // namespace
}  // namespace autofis
