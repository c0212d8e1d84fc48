#pragma once
#include <cstdint>
#include <vector>

namespace autofis {

/** Rows of a batch that are computed side by side, one in each lane. */
constexpr int kLanes = 16;

/** Interactions that share all fields but the last; its fields are right[begin .. end). */
struct Group {
  const int32_t* prefix;
  int begin, end;
};

/** The interactions of a layer: P combinations of `order` fields; those with the same prefix follow each other. */
struct Interactions {
  int order, count;
  std::vector<Group> groups;
  std::vector<int32_t> right;
};

/** A batch of embeddings, E [B, m, d], and the rows [begin, end) of it that one thread computes. */
struct Rows {
  const float* embeddings;
  int m, d;
  int64_t begin, end;
};

/**
 * The passes over all products x_bp = sum_d e_i e_j (e_k) of a range of rows; none of them stores x. One set of
 * functions for each instruction set of the processor.
 */
struct Passes {
  /** sums[p] += x - shift_p and squares[p] += (x - shift_p)^2 over the rows. */
  void (*moments)(const Rows&, const Interactions&, const float* shift, double* sums, double* squares);
  /** y_b = sum_p w_p x_bp. */
  void (*weighted_sum)(const Rows&, const Interactions&, const float* w, float* y);
  /** sums[p] += sum_b g_b x_bp. */
  void (*correlate)(const Rows&, const Interactions&, const float* g, double* sums);
  /** dE of sum_bp dx_bp x_bp with dx_bp = w_p u_b - q_p x_bp + r_p. */
  void (*pull_back)(
      const Rows&, const Interactions&, const float* w, const float* u, const float* q, const float* r,
      float* gradient);
  /** x [B, P] itself. */
  void (*list)(const Rows&, const Interactions&, float* x);
  /** dE of given dx [B, P]. */
  void (*pull_back_list)(const Rows&, const Interactions&, const float* dx, float* gradient);
};

/** The passes for this processor. */
const Passes& BestPasses();

}  // namespace autofis
