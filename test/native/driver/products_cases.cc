#include <algorithm>
#include <numeric>

#include "cases.h"

namespace {

/** E [B, m, d], interactions and the products x [B, P] that follow. */
struct Problem {
  int64_t batch, m, d;
  std::vector<std::vector<int32_t>> interactions;
  TF_Tensor e, list;
  std::vector<double> x;

  int64_t count() const { return static_cast<int64_t>(interactions.size()); }
  double At(int64_t b, int32_t field, int64_t k) const { return FloatsOf(e)[(b * m + field) * d + k]; }

  /** The product over an interaction's fields but the one at `left_out`. */
  double Product(int64_t b, const std::vector<int32_t>& fields, int64_t k, int left_out = -1) const {
    double product = 1;
    for (int f = 0; f < static_cast<int>(fields.size()); ++f) {
      if (f != left_out) product *= At(b, fields[f], k);
    }
    return product;
  }

  /** dE of dx [B, P]. */
  std::vector<double> PulledBack(const std::vector<double>& dx) const {
    std::vector<double> gradient(batch * m * d);
    for (int64_t b = 0; b < batch; ++b) {
      for (int64_t p = 0; p < count(); ++p) {
        for (int f = 0; f < static_cast<int>(interactions[p].size()); ++f) {
          for (int64_t k = 0; k < d; ++k) {
            gradient[(b * m + interactions[p][f]) * d + k] += dx[b * count() + p] * Product(b, interactions[p], k, f);
          }
        }
      }
    }
    return gradient;
  }
};

/** Some of all combinations of `order` out of m fields, in canonical order. */
std::vector<std::vector<int32_t>> Choose(std::mt19937& random, int m, int order, bool all) {
  std::vector<std::vector<int32_t>> chosen;
  std::vector<int32_t> fields(order);
  std::iota(fields.begin(), fields.end(), 0);
  for (;;) {
    if (all || random() % 3 == 0) chosen.push_back(fields);
    int f = order - 1;
    while (f >= 0 && fields[f] == m - order + f) --f;
    if (f < 0) break;
    ++fields[f];
    for (int g = f + 1; g < order; ++g) fields[g] = fields[g - 1] + 1;
  }
  return chosen;
}

Problem NewProblem(std::mt19937& random, int64_t batch, int m, int64_t d, int order, bool all) {
  Problem problem{batch, m, d, Choose(random, m, order, all), Floats(random, {batch, m, d}), {}, {}};
  std::vector<int32_t> flat;
  for (const auto& fields : problem.interactions) flat.insert(flat.end(), fields.begin(), fields.end());
  problem.list = Ints({problem.count(), order}, flat);
  for (int64_t b = 0; b < batch; ++b) {
    for (const auto& fields : problem.interactions) {
      double x = 0;
      for (int64_t k = 0; k < d; ++k) x += problem.Product(b, fields, k);
      problem.x.push_back(x);
    }
  }
  return problem;
}

/** Batches around the 16 rows that are computed side by side, dimensions around vectors, and more rows than threads take at once. */
template <class Body>
void ForEachProblem(std::mt19937& random, Body&& body) {
  for (int order : {2, 3, 4}) {
    for (int64_t batch : {0, 1, 15, 16, 17, 100}) {
      for (int64_t d : {1, 3, 4, 8, 13, 16}) {
        for (int m : {order, 6}) body(NewProblem(random, batch, m, d, order, true));
        body(NewProblem(random, batch, 7, d, order, false));
      }
    }
  }
  body(NewProblem(random, 1000, 5, 4, 2, true));
}

/** What all of these ops must refuse, before the inputs that each has of its own. */
void RefuseWrongInputs(std::mt19937& random, const std::string& op, const std::vector<TF_Tensor>& rest) {
  const auto refused = [&](const TF_Tensor& e, const TF_Tensor& list) {
    std::vector<TF_Tensor> inputs = {e, list};
    inputs.insert(inputs.end(), rest.begin(), rest.end());
    Refused(op, inputs);
  };
  const TF_Tensor e = Floats(random, {2, 3, 4});
  refused(Floats(random, {2, 12}), Ints({1, 2}, {0, 1}));
  refused(e, Ints({2}, {0, 1}));
  refused(e, Ints({2, 1}, {0, 1}));
  for (int32_t field : {-1, 3, INT32_MAX, INT32_MIN}) refused(e, Ints({1, 2}, {0, field}));
}

std::vector<double> Values(const TF_Tensor& tensor) {
  return std::vector<double>(FloatsOf(tensor), FloatsOf(tensor) + TF_TensorElementCount(&tensor));
}

const AddCase products("AutofisProducts", [](std::mt19937& random) {
  ForEachProblem(random, [](const Problem& problem) {
    Expect("AutofisProducts", Call("AutofisProducts", {problem.e, problem.list})[0], problem.x);
  });
  RefuseWrongInputs(random, "AutofisProducts", {});
});

const AddCase moments("AutofisMoments", [](std::mt19937& random) {
  ForEachProblem(random, [](const Problem& problem) {
    const std::vector<TF_Tensor> found = Call("AutofisMoments", {problem.e, problem.list});
    if (problem.batch == 0) return;
    std::vector<double> mean(problem.count()), variance(problem.count());
    for (size_t i = 0; i < problem.x.size(); ++i) mean[i % problem.count()] += problem.x[i] / problem.batch;
    for (size_t i = 0; i < problem.x.size(); ++i) {
      const double off = problem.x[i] - mean[i % problem.count()];
      variance[i % problem.count()] += off * off / problem.batch;
    }
    Expect("AutofisMoments", found[0], mean);
    Expect("AutofisMoments", found[1], variance);
  });
  RefuseWrongInputs(random, "AutofisMoments", {});
});

const AddCase weighted_sum("AutofisWeightedSum", [](std::mt19937& random) {
  ForEachProblem(random, [&](const Problem& problem) {
    const TF_Tensor w = Floats(random, {problem.count()});
    std::vector<double> y(problem.batch);
    for (size_t i = 0; i < problem.x.size(); ++i) y[i / problem.count()] += FloatsOf(w)[i % problem.count()] * problem.x[i];
    Expect("AutofisWeightedSum", Call("AutofisWeightedSum", {problem.e, problem.list, w})[0], y);
  });
  RefuseWrongInputs(random, "AutofisWeightedSum", {Floats(random, {1})});
});

const AddCase correlate("AutofisCorrelate", [](std::mt19937& random) {
  ForEachProblem(random, [&](const Problem& problem) {
    const TF_Tensor g = Floats(random, {problem.batch, 1});
    std::vector<double> sums(problem.count());
    for (size_t i = 0; i < problem.x.size(); ++i) sums[i % problem.count()] += FloatsOf(g)[i / problem.count()] * problem.x[i];
    Expect("AutofisCorrelate", Call("AutofisCorrelate", {problem.e, problem.list, g})[0], sums);
  });
  RefuseWrongInputs(random, "AutofisCorrelate", {Floats(random, {2, 1})});
});

const AddCase pull_back("AutofisPullBack", [](std::mt19937& random) {
  ForEachProblem(random, [&](const Problem& problem) {
    const int64_t count = problem.count();
    const TF_Tensor w = Floats(random, {count}), u = Floats(random, {problem.batch, 1}), q = Floats(random, {count}),
                    r = Floats(random, {count});
    std::vector<double> dx(problem.x.size());
    for (size_t i = 0; i < dx.size(); ++i) {
      const int64_t p = i % count;
      dx[i] = FloatsOf(w)[p] * FloatsOf(u)[i / count] - FloatsOf(q)[p] * problem.x[i] + FloatsOf(r)[p];
    }
    Expect("AutofisPullBack", Call("AutofisPullBack", {problem.e, problem.list, w, u, q, r})[0], problem.PulledBack(dx));
  });
  const TF_Tensor one = Floats(random, {1});
  RefuseWrongInputs(random, "AutofisPullBack", {one, Floats(random, {2, 1}), one, one});
});

const AddCase gradient("AutofisProductsGradient", [](std::mt19937& random) {
  ForEachProblem(random, [&](const Problem& problem) {
    const TF_Tensor dx = Floats(random, {problem.batch, problem.count()});
    Expect("AutofisProductsGradient", Call("AutofisProductsGradient", {problem.e, problem.list, dx})[0],
        problem.PulledBack(Values(dx)));
  });
  RefuseWrongInputs(random, "AutofisProductsGradient", {Floats(random, {2, 1})});
});

}  // namespace
