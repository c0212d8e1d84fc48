#include "products.h"

#include <algorithm>
#include <mutex>

#include "op.h"
#include "parallel.h"

namespace autofis {
namespace {

/** The two inputs that all of these ops begin with: embeddings [B, m, d] and interactions [P, order], sorted. */
struct Problem {
  Rows all;
  int64_t batch;
  Interactions interactions;
};

bool Read(Run& run, const char* op, Problem& problem) {
  TF_Tensor *e = run.Input(0), *list = run.Input(1);
  if (!run.Require(TF_NumDims(e) == 3 && TF_NumDims(list) == 2, op,
          "embeddings [B, m, d] and interactions [P, order] are needed")) {
    return false;
  }
  problem.batch = TF_Dim(e, 0);
  problem.all = {Data<float>(e), static_cast<int>(TF_Dim(e, 1)), static_cast<int>(TF_Dim(e, 2)), 0, problem.batch};
  Interactions& interactions = problem.interactions;
  interactions.count = static_cast<int>(TF_Dim(list, 0));
  interactions.order = static_cast<int>(TF_Dim(list, 1));
  const int order = interactions.order, m = problem.all.m;
  const int32_t* fields = Data<int32_t>(list);
  if (!run.Require(order >= 2, op, "an interaction has two fields or more")) return false;
  interactions.right.resize(interactions.count);
  for (int p = 0; p < interactions.count; ++p) {
    const int32_t* row = fields + static_cast<int64_t>(p) * order;
    for (int f = 0; f < order; ++f) {
      if (!run.Require(row[f] >= 0 && row[f] < m, op, "a field is out of range")) return false;
    }
    interactions.right[p] = row[order - 1];
    if (p == 0 || !std::equal(row, row + order - 1, interactions.groups.back().prefix)) {
      interactions.groups.push_back({row, p, p});
    }
    interactions.groups.back().end = p + 1;
  }
  return true;
}

/** Shares a thread: more than one, so that a thread that the system holds up leaves its work to the others. */
constexpr int kShares = 4;

/** Return the number of shares that a batch is split into. */
int Shares(const Problem& problem) {
  const int64_t blocks = (problem.batch + kLanes - 1) / kLanes;
  return static_cast<int>(std::min<int64_t>(kShares * Threads(), blocks));
}

/** Calls body(rows, share) for almost equal shares of the batch, whole blocks of lanes each. */
template <class Body>
void Share(const Problem& problem, Body&& body) {
  const int64_t blocks = (problem.batch + kLanes - 1) / kLanes;
  const int shares = Shares(problem);
  Parallel(shares, [&](int share) {
    Rows rows = problem.all;
    rows.begin = std::min(problem.batch, Begin(blocks, shares, share) * kLanes);
    rows.end = std::min(problem.batch, Begin(blocks, shares, share + 1) * kLanes);
    body(rows, share);
  });
}

/** The sums of all shares, added up in the order of the shares. */
std::vector<double> AddUp(const std::vector<double>& shares, int64_t size) {
  std::vector<double> sums(size);
  for (size_t i = 0; i < shares.size(); ++i) sums[i % size] += shares[i];
  return sums;
}

/** mean [P] and (population) variance [P] of each interaction's product over the batch. */
void MomentsOp(void*, TF_OpKernelContext* context) {
  Run run(context);
  Problem problem;
  if (!Read(run, "AutofisMoments", problem)) return;
  const int count = problem.interactions.count;
  const double batch = static_cast<double>(problem.batch);
  float *mean = run.Floats(0, {count}), *variance = run.Floats(1, {count});
  // Taken about the first row's value, since a variance far below the squared mean would else be lost in rounding.
  std::vector<float> shift(count);
  if (problem.batch > 0) {
    Rows first = problem.all;
    first.end = 1;
    BestPasses().list(first, problem.interactions, shift.data());
  }
  std::vector<double> sums(static_cast<int64_t>(Shares(problem)) * 2 * count);
  Share(problem, [&](const Rows& rows, int share) {
    double* s = sums.data() + static_cast<int64_t>(share) * 2 * count;
    BestPasses().moments(rows, problem.interactions, shift.data(), s, s + count);
  });
  const std::vector<double> total = AddUp(sums, 2 * count);
  for (int p = 0; p < count; ++p) {
    const double centre = total[p] / batch;
    mean[p] = static_cast<float>(shift[p] + centre);
    variance[p] = static_cast<float>(std::max(0.0, total[count + p] / batch - centre * centre));
  }
}

/** y [B, 1] of weights w [P]. */
void WeightedSumOp(void*, TF_OpKernelContext* context) {
  Run run(context);
  Problem problem;
  if (!Read(run, "AutofisWeightedSum", problem)) return;
  const float* w = Data<float>(run.Input(2));
  float* y = run.Floats(0, {problem.batch, 1});
  Share(problem, [&](const Rows& rows, int) { BestPasses().weighted_sum(rows, problem.interactions, w, y); });
}

/** sum_b g_b x_bp [P] of g [B, 1]. */
void CorrelateOp(void*, TF_OpKernelContext* context) {
  Run run(context);
  Problem problem;
  if (!Read(run, "AutofisCorrelate", problem)) return;
  const int count = problem.interactions.count;
  const float* g = Data<float>(run.Input(2));
  float* result = run.Floats(0, {count});
  std::vector<double> sums(static_cast<int64_t>(Shares(problem)) * count);
  Share(problem, [&](const Rows& rows, int share) {
    BestPasses().correlate(rows, problem.interactions, g, sums.data() + static_cast<int64_t>(share) * count);
  });
  const std::vector<double> total = AddUp(sums, count);
  std::copy(total.begin(), total.end(), result);
}

/** dE [B, m, d] of dx_bp = w_p u_b - q_p x_bp + r_p, with u [B, 1]. */
void PullBackOp(void*, TF_OpKernelContext* context) {
  Run run(context);
  Problem problem;
  if (!Read(run, "AutofisPullBack", problem)) return;
  const float *w = Data<float>(run.Input(2)), *u = Data<float>(run.Input(3)), *q = Data<float>(run.Input(4)),
              *r = Data<float>(run.Input(5));
  float* gradient = run.Floats(0, {problem.batch, problem.all.m, problem.all.d});
  Share(problem, [&](const Rows& rows, int) {
    BestPasses().pull_back(rows, problem.interactions, w, u, q, r, gradient);
  });
}

/** x [B, P]. */
void ProductsOp(void*, TF_OpKernelContext* context) {
  Run run(context);
  Problem problem;
  if (!Read(run, "AutofisProducts", problem)) return;
  float* x = run.Floats(0, {problem.batch, problem.interactions.count});
  Share(problem, [&](const Rows& rows, int) { BestPasses().list(rows, problem.interactions, x); });
}

/** dE [B, m, d] of dx [B, P]. */
void ProductsGradientOp(void*, TF_OpKernelContext* context) {
  Run run(context);
  Problem problem;
  if (!Read(run, "AutofisProductsGradient", problem)) return;
  const float* dx = Data<float>(run.Input(2));
  float* gradient = run.Floats(0, {problem.batch, problem.all.m, problem.all.d});
  Share(problem, [&](const Rows& rows, int) { BestPasses().pull_back_list(rows, problem.interactions, dx, gradient); });
}

const bool registered =
    Register("AutofisMoments", {"embeddings: float", "interactions: int32"},
        {"mean: float", "variance: float"}, MomentsOp) &&
    Register("AutofisWeightedSum", {"embeddings: float", "interactions: int32", "w: float"},
        {"y: float"}, WeightedSumOp) &&
    Register("AutofisCorrelate", {"embeddings: float", "interactions: int32", "g: float"},
        {"sums: float"}, CorrelateOp) &&
    Register("AutofisPullBack",
        {"embeddings: float", "interactions: int32", "w: float", "u: float", "q: float", "r: float"},
        {"gradient: float"}, PullBackOp) &&
    Register("AutofisProducts", {"embeddings: float", "interactions: int32"}, {"x: float"}, ProductsOp) &&
    Register("AutofisProductsGradient", {"embeddings: float", "interactions: int32", "dx: float"},
        {"gradient: float"}, ProductsGradientOp);

}  // namespace
}  // namespace autofis
