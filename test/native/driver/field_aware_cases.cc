#include "cases.h"

namespace {

/** E [B, P, 2, d] and its products x [B, P]. */
struct Pairs {
  int64_t batch, count, d;
  TF_Tensor e;
  std::vector<double> x;

  double At(int64_t row, int side, int64_t k) const { return FloatsOf(e)[(row * 2 + side) * d + k]; }

  /** dE of dx [B, P]: each side's is dx times the other side. */
  std::vector<double> PulledBack(const std::vector<double>& dx) const {
    std::vector<double> gradient;
    for (int64_t row = 0; row < batch * count; ++row) {
      for (int side : {0, 1}) {
        for (int64_t k = 0; k < d; ++k) gradient.push_back(dx[row] * At(row, 1 - side, k));
      }
    }
    return gradient;
  }
};

/** The dimensions that have code of their own and others; no row, one row, and more rows than parts of the work. */
template <class Body>
void ForEachPairs(std::mt19937& random, Body&& body) {
  for (int64_t batch : {0, 1, 7, 100}) {
    for (int64_t count : {1, 6, 33}) {
      for (int64_t d : {1, 4, 5, 8, 16, 19}) {
        Pairs pairs{batch, count, d, Floats(random, {batch, count, 2, d}), {}};
        for (int64_t row = 0; row < batch * count; ++row) {
          double x = 0;
          for (int64_t k = 0; k < d; ++k) x += pairs.At(row, 0, k) * pairs.At(row, 1, k);
          pairs.x.push_back(x);
        }
        body(pairs);
      }
    }
  }
}

TF_Tensor Filled(const std::vector<int64_t>& shape, const std::vector<double>& values) {
  const TF_Tensor tensor = NewTensor(TF_FLOAT, shape);
  for (size_t i = 0; i < values.size(); ++i) FloatsOf(tensor)[i] = static_cast<float>(values[i]);
  return tensor;
}

const AddCase products("AutofisFieldAwareProducts", [](std::mt19937& random) {
  ForEachPairs(random, [](const Pairs& pairs) {
    Expect("AutofisFieldAwareProducts", Call("AutofisFieldAwareProducts", {pairs.e})[0], pairs.x);
  });
  Refused("AutofisFieldAwareProducts", {Floats(random, {2, 3, 4})});
  Refused("AutofisFieldAwareProducts", {Floats(random, {2, 3, 3, 4})});
});

const AddCase moments("AutofisColumnMoments", [](std::mt19937& random) {
  ForEachPairs(random, [](const Pairs& pairs) {
    const std::vector<TF_Tensor> found = Call("AutofisColumnMoments", {Filled({pairs.batch, pairs.count}, pairs.x)});
    if (pairs.batch == 0) return;
    std::vector<double> mean(pairs.count), variance(pairs.count);
    for (size_t i = 0; i < pairs.x.size(); ++i) mean[i % pairs.count] += pairs.x[i] / pairs.batch;
    for (size_t i = 0; i < pairs.x.size(); ++i) {
      const double off = pairs.x[i] - mean[i % pairs.count];
      variance[i % pairs.count] += off * off / pairs.batch;
    }
    Expect("AutofisColumnMoments", found[0], mean);
    Expect("AutofisColumnMoments", found[1], variance);
  });
  Refused("AutofisColumnMoments", {Floats(random, {6})});
});

const AddCase pull_back("AutofisFieldAwarePullBack", [](std::mt19937& random) {
  ForEachPairs(random, [&](const Pairs& pairs) {
    const int64_t count = pairs.count;
    const TF_Tensor w = Floats(random, {count}), u = Floats(random, {pairs.batch, 1}), q = Floats(random, {count}),
                    r = Floats(random, {count});
    std::vector<double> dx;
    for (size_t i = 0; i < pairs.x.size(); ++i) {
      const int64_t p = i % count;
      dx.push_back(FloatsOf(w)[p] * FloatsOf(u)[i / count] - FloatsOf(q)[p] * pairs.x[i] + FloatsOf(r)[p]);
    }
    const TF_Tensor x = Filled({pairs.batch, count}, pairs.x);
    Expect("AutofisFieldAwarePullBack", Call("AutofisFieldAwarePullBack", {pairs.e, x, w, u, q, r})[0], pairs.PulledBack(dx));
  });
  const TF_Tensor e = Floats(random, {2, 3, 2, 4}), x = Floats(random, {2, 3}), p = Floats(random, {3}), u = Floats(random, {2, 1}),
                  wrong = Floats(random, {4});
  Refused("AutofisFieldAwarePullBack", {Floats(random, {2, 3, 8}), x, p, u, p, p});
  Refused("AutofisFieldAwarePullBack", {e, wrong, p, u, p, p});
  Refused("AutofisFieldAwarePullBack", {e, x, wrong, u, p, p});
  Refused("AutofisFieldAwarePullBack", {e, x, p, wrong, p, p});
  Refused("AutofisFieldAwarePullBack", {e, x, p, u, wrong, p});
  Refused("AutofisFieldAwarePullBack", {e, x, p, u, p, wrong});
});

const AddCase gradient("AutofisFieldAwareGradient", [](std::mt19937& random) {
  ForEachPairs(random, [&](const Pairs& pairs) {
    const TF_Tensor dx = Floats(random, {pairs.batch, pairs.count});
    Expect("AutofisFieldAwareGradient", Call("AutofisFieldAwareGradient", {pairs.e, dx})[0],
        pairs.PulledBack(std::vector<double>(FloatsOf(dx), FloatsOf(dx) + pairs.batch * pairs.count)));
  });
  Refused("AutofisFieldAwareGradient", {Floats(random, {2, 3, 2, 4}), Floats(random, {2, 2})});
  Refused("AutofisFieldAwareGradient", {Floats(random, {2, 3, 4}), Floats(random, {2, 3})});
});

}  // namespace
