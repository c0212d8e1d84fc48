#include <algorithm>
#include <cstring>
#include <vector>

#include "adam.h"
#include "op.h"
#include "parallel.h"
#include "row_groups.h"

namespace autofis {
namespace {

/**
 * Rows of a table [R, d] that are looked up in blocks: starts[b, c] is the first of lengths[c] consecutive rows, and
 * the k-th row of all of b's blocks goes to position places[k] of its S.
 */
struct Blocks {
  const int32_t *starts, *lengths, *places;
  int64_t batch, columns, count, d;
  /** The number of rows in the blocks before each column's. */
  std::vector<int64_t> first;
};

/** Reads the inputs `starts`, `lengths` and `places`, from `at` on, for a table [R, d]. */
bool Read(Run& run, const char* op, TF_Tensor* table, int at, Blocks& blocks) {
  TF_Tensor *starts = run.Input(at), *lengths = run.Input(at + 1), *places = run.Input(at + 2);
  const int64_t rows = TF_NumDims(table) == 2 ? TF_Dim(table, 0) : 0;
  blocks.columns = TF_TensorElementCount(lengths);
  blocks.count = TF_TensorElementCount(places);
  if (!run.Require(TF_NumDims(table) == 2 && TF_NumDims(starts) == 2 && TF_Dim(starts, 1) == blocks.columns, op,
          "a table [R, d] and starts [B, C] with a length for each of C columns are needed")) {
    return false;
  }
  blocks.batch = TF_Dim(starts, 0);
  blocks.d = TF_Dim(table, 1);
  blocks.starts = Data<int32_t>(starts);
  blocks.lengths = Data<int32_t>(lengths);
  blocks.places = Data<int32_t>(places);
  int64_t total = 0;
  for (int64_t c = 0; c < blocks.columns; ++c) {
    if (!run.Require(blocks.lengths[c] >= 0, op, "a length is negative")) return false;
    blocks.first.push_back(total);
    total += blocks.lengths[c];
  }
  if (!run.Require(total == blocks.count, op, "every row of the blocks needs a place")) return false;
  for (int64_t k = 0; k < total; ++k) {
    if (!run.Require(blocks.places[k] >= 0 && blocks.places[k] < total, op, "a place is out of range")) return false;
  }
  for (int64_t i = 0; i < blocks.batch * blocks.columns; ++i) {
    const int64_t start = blocks.starts[i], length = blocks.lengths[i % blocks.columns];
    if (!run.Require(start >= 0 && start + length <= rows, op, "a row is out of range")) return false;
  }
  return true;
}

/** One block to its places, `size` numbers a row; a constant size makes the copies a few instructions. */
template <int size>
void Scatter(const Blocks& blocks, int64_t c, const float* from, float* to) {
  const int64_t d = size > 0 ? size : blocks.d;
  const int32_t* place = blocks.places + blocks.first[c];
  for (int k = 0; k < blocks.lengths[c]; ++k) std::memcpy(to + place[k] * d, from + k * d, d * sizeof(float));
}

/** Adds the rows at one block's places up. */
template <int size>
void Gather(const Blocks& blocks, int64_t c, const float* __restrict from, float* __restrict sum) {
  const int64_t d = size > 0 ? size : blocks.d;
  const int32_t* place = blocks.places + blocks.first[c];
  for (int k = 0; k < blocks.lengths[c]; ++k) {
    for (int64_t j = 0; j < d; ++j) sum[k * d + j] += from[place[k] * d + j];
  }
}

/** The function for a number of values a row. */
template <class F>
F Sized(int64_t d, F four, F eight, F sixteen, F any) {
  return d == 4 ? four : d == 8 ? eight : d == 16 ? sixteen : any;
}

/** Asks for the memory of a block before it is read. */
void Prefetch(const float* from, int64_t count) {
  for (int64_t j = 0; j < count; j += 16) __builtin_prefetch(from + j);
}

/** The blocks of a table [R, d], each row at its place: [B, S, d]. */
void GatherBlocksOp(void*, TF_OpKernelContext* context) {
  Run run(context);
  TF_Tensor* table = run.Input(0);
  Blocks blocks;
  if (!Read(run, "AutofisGatherBlocks", table, 1, blocks)) return;
  const float* from = Data<float>(table);
  float* to = run.Floats(0, {blocks.batch, blocks.count, blocks.d});
  const auto scatter = Sized(blocks.d, Scatter<4>, Scatter<8>, Scatter<16>, Scatter<0>);
  const int parts = 4 * Threads();
  Parallel(parts, [&](int part) {
    const int64_t end = Begin(blocks.batch, parts, part + 1) * blocks.columns;
    for (int64_t i = Begin(blocks.batch, parts, part) * blocks.columns; i < end; ++i) {
      if (i + 4 < end) {
        Prefetch(from + blocks.starts[i + 4] * blocks.d, blocks.lengths[(i + 4) % blocks.columns] * blocks.d);
      }
      float* const row = to + i / blocks.columns * blocks.count * blocks.d;
      scatter(blocks, i % blocks.columns, from + blocks.starts[i] * blocks.d, row);
    }
  });
}

/**
 * A step of Adam, as AutofisAdamRows, in place on the blocks of w, m, v [R, d] that a batch looked up: gradient
 * [B, S, d] has each row at its place. Blocks with the same start are the same.
 */
void AdamBlocksOp(void*, TF_OpKernelContext* context) {
  Run run(context);
  TF_Tensor *table = run.Input(0), *moment1 = run.Input(1), *moment2 = run.Input(2), *gradients = run.Input(6);
  Blocks blocks;
  if (!Read(run, "AutofisAdamBlocks", table, 3, blocks)) return;
  const int64_t size = TF_TensorElementCount(table);
  if (!run.Require(
          TF_TensorElementCount(moment1) == size && TF_TensorElementCount(moment2) == size &&
          TF_TensorElementCount(gradients) == blocks.batch * blocks.count * blocks.d,
          "AutofisAdamBlocks", "w, m and v must be of one shape [R, d] and the gradient [B, S, d]")) {
    return;
  }
  const AdamStep step = StepOf(Data<float>(run.Input(7)));
  float *w = Data<float>(table), *m = Data<float>(moment1), *v = Data<float>(moment2);
  const float* gradient = Data<float>(gradients);
  const auto gather = Sized(blocks.d, Gather<4>, Gather<8>, Gather<16>, Gather<0>);
  int64_t longest = 0;
  for (int64_t c = 0; c < blocks.columns; ++c) longest = std::max<int64_t>(longest, blocks.lengths[c]);
  const std::shared_ptr<const Groups> groups = GroupsOf(blocks.starts, blocks.batch * blocks.columns);
  Parallel(static_cast<int>(groups->parts.size()), [&](int thread) {
    const Part& part = groups->parts[thread];
    std::vector<float> sum(longest * blocks.d);
    for (size_t u = 0; u < part.rows.size(); ++u) {
      const int32_t *at = part.occurrences.data() + part.begin[u], *end = part.occurrences.data() + part.begin[u + 1];
      const int64_t count = blocks.lengths[*at % blocks.columns] * blocks.d, row = part.rows[u] * blocks.d;
      for (const float* memory : {w + row, m + row, v + row}) Prefetch(memory, count);
      std::fill(sum.begin(), sum.begin() + count, 0.0f);
      for (; at < end; ++at) {
        const float* const of = gradient + *at / blocks.columns * blocks.count * blocks.d;
        gather(blocks, *at % blocks.columns, of, sum.data());
      }
      Update(w + row, m + row, v + row, sum.data(), count, step);
    }
  });
}

const bool registered =
    Register("AutofisGatherBlocks",
        {"table: float", "starts: int32", "lengths: int32", "places: int32"},
        {"values: float"}, GatherBlocksOp) &&
    Register("AutofisAdamBlocks",
        {"w: float", "m: float", "v: float", "starts: int32", "lengths: int32", "places: int32", "gradient: float",
         "step: float"},
        {}, AdamBlocksOp);

}  // namespace
}  // namespace autofis
