#include <algorithm>
#include <cmath>

#include "op.h"

// What the gates of a layer and their optimizer compute of vectors, each as one op: a vector has a few hundred numbers,
// and calling an op takes longer than computing it.

namespace autofis {
namespace {

/** Check that inputs [begin, end) have as many numbers as the first; fail the op otherwise. */
bool AreAlike(Run& run, const char* op, int begin, int end) {
  const int64_t count = TF_TensorElementCount(run.Input(0));
  for (int i = begin; i < end; ++i) {
    if (!run.Require(TF_TensorElementCount(run.Input(i)) == count, op, "vectors have different sizes")) return false;
  }
  return true;
}

/** gates, mean, variance [P], epsilon [1] -> s = 1 / sqrt(variance + epsilon) and w = gates s [P], sum_p w_p mean_p. */
void ScalesOp(void*, TF_OpKernelContext* context) {
  Run run(context);
  if (!AreAlike(run, "AutofisGateScales", 1, 3)) return;
  const int64_t count = TF_TensorElementCount(run.Input(0));
  const float *gates = Data<float>(run.Input(0)), *mean = Data<float>(run.Input(1)),
              *variance = Data<float>(run.Input(2));
  const float epsilon = Data<float>(run.Input(3))[0];
  float *s = run.Floats(0, {count}), *w = run.Floats(1, {count});
  double shift = 0;
  for (int64_t p = 0; p < count; ++p) {
    s[p] = 1 / std::sqrt(variance[p] + epsilon);
    w[p] = gates[p] * s[p];
    shift += static_cast<double>(w[p]) * mean[p];
  }
  run.Floats(2, {})[0] = static_cast<float>(shift);
}

/**
 * mean, s, w, sums [P], dy [B, 1] -> dalpha_p = s_p (sums_p - mean_p sum_b dy_b), u_b = dy_b - mean(dy),
 * q = w s dalpha / B, r = q mean.
 */
void SlopesOp(void*, TF_OpKernelContext* context) {
  Run run(context);
  if (!AreAlike(run, "AutofisGateSlopes", 1, 4)) return;
  TF_Tensor* const upstream = run.Input(4);
  const int64_t count = TF_TensorElementCount(run.Input(0)), batch = TF_TensorElementCount(upstream);
  const float *mean = Data<float>(run.Input(0)), *s = Data<float>(run.Input(1)), *w = Data<float>(run.Input(2)),
              *sums = Data<float>(run.Input(3)), *dy = Data<float>(upstream);
  float *dalpha = run.Floats(0, {count}), *u = run.Floats(1, {batch, 1}), *q = run.Floats(2, {count}),
        *r = run.Floats(3, {count});
  double sum = 0;
  for (int64_t b = 0; b < batch; ++b) sum += dy[b];
  const float total = static_cast<float>(sum), size = static_cast<float>(batch);
  for (int64_t b = 0; b < batch; ++b) u[b] = dy[b] - total / size;
  for (int64_t p = 0; p < count; ++p) {
    dalpha[p] = s[p] * (sums[p] - mean[p] * total);
    q[p] = w[p] * s[p] * dalpha[p] / size;
    r[p] = q[p] * mean[p];
  }
}

/** mean, variance [P], steps [], a batch's [P], momentum [1] -> moved to the batch's by max(1 - momentum, 1 / t). */
void MovedOp(void*, TF_OpKernelContext* context) {
  Run run(context);
  if (!AreAlike(run, "AutofisMoved", 1, 2) || !AreAlike(run, "AutofisMoved", 3, 5)) return;
  const int64_t count = TF_TensorElementCount(run.Input(0));
  const float steps = Data<float>(run.Input(2))[0] + 1, momentum = Data<float>(run.Input(5))[0];
  const float rate = std::max(1 / steps, 1 - momentum);
  for (int i = 0; i < 2; ++i) {
    const float *from = Data<float>(run.Input(i)), *to = Data<float>(run.Input(3 + i));
    float* const moved = run.Floats(i, {count});
    for (int64_t p = 0; p < count; ++p) moved[p] = from[p] + rate * (to[p] - from[p]);
  }
  run.Floats(2, {})[0] = steps;
}

/** v and gradient of any shape, gamma and threshold [2] -> v - gamma gradient, and its soft threshold. */
void GrdaOp(void*, TF_OpKernelContext* context) {
  Run run(context);
  if (!AreAlike(run, "AutofisGrda", 1, 2)) return;
  const int64_t count = TF_TensorElementCount(run.Input(0));
  const float *v = Data<float>(run.Input(0)), *gradient = Data<float>(run.Input(1)),
              *constants = Data<float>(run.Input(2));
  float *next = run.FloatsLike(0, run.Input(0)), *weights = run.FloatsLike(1, run.Input(0));
  for (int64_t p = 0; p < count; ++p) {
    next[p] = v[p] - gradient[p] * constants[0];
    // A NaN stays.
    const float beyond = std::fabs(next[p]) - constants[1];
    weights[p] = beyond <= 0 ? 0 : std::copysign(beyond, next[p]);
  }
}

const bool registered =
    Register("AutofisGateScales", {"gates: float", "mean: float", "variance: float", "epsilon: float"},
        {"s: float", "w: float", "shift: float"}, ScalesOp) &&
    Register("AutofisGateSlopes", {"mean: float", "s: float", "w: float", "sums: float", "dy: float"},
        {"dalpha: float", "u: float", "q: float", "r: float"}, SlopesOp) &&
    Register("AutofisMoved",
        {"mean: float", "variance: float", "steps: float", "batch_mean: float", "batch_variance: float",
            "momentum: float"},
        {"mean_moved: float", "variance_moved: float", "steps_moved: float"}, MovedOp) &&
    Register("AutofisGrda", {"v: float", "gradient: float", "constants: float"},
        {"next: float", "weights: float"}, GrdaOp);

}  // namespace
}  // namespace autofis
