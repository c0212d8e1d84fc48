#include <algorithm>
#include <cmath>

#include "op.h"
#include "parallel.h"

namespace autofis {
namespace {

/** Numbers from which on several threads are faster than one. */
constexpr int64_t kManyNumbers = 1 << 13;

/**
 * Probabilities p and labels y [N], the least and the largest probability that counts [2] -> the binary cross-entropies
 * -y log(p) - (1 - y) log(1 - p), and their slopes (p - y) / (p (1 - p)), 0 where p does not count.
 */
void CrossEntropyOp(void*, TF_OpKernelContext* context) {
  Run run(context);
  TF_Tensor *probabilities = run.Input(0), *labels = run.Input(1);
  const int64_t count = TF_TensorElementCount(probabilities);
  if (!run.Require(TF_TensorElementCount(labels) == count, "AutofisCrossEntropy", "a label for each is needed")) return;
  const float *p = Data<float>(probabilities), *y = Data<float>(labels), *bounds = Data<float>(run.Input(2));
  float *losses = run.FloatsLike(0, probabilities), *slopes = run.FloatsLike(1, probabilities);
  const int parts = count < kManyNumbers ? 1 : Threads();
  Parallel(parts, [&](int part) {
    for (int64_t i = Begin(count, parts, part); i < Begin(count, parts, part + 1); ++i) {
      // A NaN stays: it is the first operand.
      const float inside = std::min(std::max(p[i], bounds[0]), bounds[1]);
      const float other = std::log1p(-inside);
      losses[i] = -(other + y[i] * (std::log(inside) - other));
      slopes[i] = (inside - y[i]) / (inside * (1 - inside)) * static_cast<float>(inside == p[i]);
    }
  });
}

const bool registered = Register("AutofisCrossEntropy", {"probabilities: float", "labels: float", "bounds: float"},
    {"losses: float", "slopes: float"}, CrossEntropyOp);

}  // namespace
}  // namespace autofis
