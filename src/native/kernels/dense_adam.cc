#include <algorithm>
#include <cstring>
#include <vector>

#include "adam.h"
#include "op.h"
#include "parallel.h"

namespace autofis {
namespace {

/** Numbers of a weight that a thread moves before it takes others, and those that it copies at a time. */
constexpr int64_t kPiece = 1 << 14, kCopied = 1 << 10;

/** A weight's values, moments and gradient, and its values after the step. */
struct Weight {
  const float* w;
  float *m, *v;
  const float* gradient;
  float* moved;
  int64_t size;
};

/** Numbers from `from` on, at most kPiece, of the weight-th weight. */
struct Piece {
  int64_t weight, from;
};

void Move(const Weight& weight, int64_t from, const AdamStep& step) {
  const int64_t end = std::min(weight.size, from + kPiece);
  for (int64_t at = from; at < end; at += kCopied) {
    const int64_t count = std::min(kCopied, end - at);
    std::memcpy(weight.moved + at, weight.w + at, count * sizeof(float));
    Update(weight.moved + at, weight.m + at, weight.v + at, weight.gradient + at, count, step);
  }
}

/**
 * A step of Adam on N whole weights at once: w, m, v and gradient of each, of one shape, and
 * step = [beta1, beta2, rate, epsilon] -> the new w. The memory of m and v changes, that of w does not: others may know
 * it.
 */
void AdamOp(void*, TF_OpKernelContext* context) {
  Run run(context);
  const int count = (run.Inputs() - 1) / 4;
  std::vector<Weight> weights;
  std::vector<Piece> pieces;
  for (int i = 0; i < count; ++i) {
    TF_Tensor *w = run.Input(i), *m = run.Input(count + i), *v = run.Input(2 * count + i);
    TF_Tensor* gradient = run.Input(3 * count + i);
    const int64_t size = TF_TensorElementCount(w);
    const bool fits = TF_TensorElementCount(m) == size && TF_TensorElementCount(v) == size &&
        TF_TensorElementCount(gradient) == size;
    if (!run.Require(fits, "AutofisAdam", "w, m, v and the gradient must be of one shape")) return;
    weights.push_back(
        {Data<float>(w), Data<float>(m), Data<float>(v), Data<float>(gradient), run.FloatsLike(i, w), size});
    for (int64_t from = 0; from < size; from += kPiece) pieces.push_back({i, from});
  }
  const AdamStep step = StepOf(Data<float>(run.Input(4 * count)));
  Parallel(static_cast<int>(pieces.size()), [&](int part) {
    const Piece& piece = pieces[part];
    Move(weights[piece.weight], piece.from, step);
  });
}

const bool registered = Register(
    "AutofisAdam", {"w: N * float", "m: N * float", "v: N * float", "gradient: N * float", "step: float"},
    {"moved: N * float"}, AdamOp, {"N: int >= 1"});

}  // namespace
}  // namespace autofis
