#include <sys/mman.h>

#include <cstring>
#include <memory>

#include "adam.h"
#include "instructions.h"
#include "op.h"
#include "parallel.h"
#include "row_groups.h"

namespace autofis {
namespace {

/** Numbers in a line of the processor's caches. */
constexpr int64_t kLine = 16;

/** w, m, v and the gradient of a step of Adam on rows of `width` numbers. */
struct Step {
  float *w, *m, *v;
  const float* gradient;
  int64_t width;
  AdamStep constants;
};

AUTOFIS_CLONES("avx512f", "avx2", "default")
void AdamRows(const Step& step, const Part& part, float* __restrict g) {
  const int64_t width = step.width;
  const int64_t count = static_cast<int64_t>(part.rows.size());
  const int32_t* const last = part.occurrences.data() + part.occurrences.size();
  for (int64_t u = 0; u < count; ++u) {
    if (u + 8 < count) {
      const int64_t ahead = part.rows[u + 8] * width;
      for (int64_t j = 0; j < width; j += kLine) {
        __builtin_prefetch(step.w + ahead + j, 1);
        __builtin_prefetch(step.m + ahead + j, 1);
        __builtin_prefetch(step.v + ahead + j, 1);
      }
    }
    const int32_t *at = part.occurrences.data() + part.begin[u], *end = part.occurrences.data() + part.begin[u + 1];
    for (int64_t j = 0; j < width; ++j) g[j] = 0;
    for (; at < end; ++at) {
      if (last - at > 16) {
        for (int64_t j = 0; j < width; j += kLine) __builtin_prefetch(step.gradient + at[16] * width + j);
      }
      const float* next = step.gradient + *at * width;
      for (int64_t j = 0; j < width; ++j) g[j] += next[j];
    }
    const int64_t row = part.rows[u] * width;
    AdamRule(step.w + row, step.m + row, step.v + row, g, width, step.constants);
  }
}

/**
 * A step of Adam in place on the rows that occur in `rows`, of any shape, with repetitions, of w, m, v [V, ...]:
 *   g = sum of gradient [...rows.shape, ...] over a row's occurrences,
 *   m += (g - m)(1 - beta1),  v += (g^2 - v)(1 - beta2),  w -= rate m / (sqrt(v) + epsilon),
 * with step = [beta1, beta2, rate, epsilon]. Each row belongs to one thread, which adds its gradients in their order.
 */
void AdamRowsOp(void*, TF_OpKernelContext* context) {
  Run run(context);
  TF_Tensor *table = run.Input(0), *moment1 = run.Input(1), *moment2 = run.Input(2);
  TF_Tensor *list = run.Input(3), *gradients = run.Input(4);
  const int64_t count = TF_TensorElementCount(list), size = TF_Dim(table, 0);
  const int64_t width = size == 0 ? 0 : TF_TensorElementCount(table) / size;
  if (!run.Require(
          TF_TensorElementCount(moment1) == TF_TensorElementCount(table) &&
          TF_TensorElementCount(moment2) == TF_TensorElementCount(table) &&
          TF_TensorElementCount(gradients) == count * width,
          "AutofisAdamRows", "w, m and v must be of one shape [V, ...] and the gradient [...rows, ...]")) {
    return;
  }
  const int32_t* rows = Data<int32_t>(list);
  for (int64_t i = 0; i < count; ++i) {
    if (!run.Require(rows[i] >= 0 && rows[i] < size, "AutofisAdamRows", "a row is out of range")) return;
  }
  const Step step = {Data<float>(table), Data<float>(moment1), Data<float>(moment2), Data<float>(gradients), width,
                     StepOf(Data<float>(run.Input(5)))};
  const std::shared_ptr<const Groups> groups = GroupsOf(rows, count);
  Parallel(static_cast<int>(groups->parts.size()), [&](int part) {
    std::vector<float> sum(width);
    AdamRows(step, groups->parts[part], sum.data());
  });
}

/** Rows of any shape of a table [V, ...] as [...rows.shape, ...]. While some are copied the next ones are fetched. */
void GatherRowsOp(void*, TF_OpKernelContext* context) {
  Run run(context);
  TF_Tensor *table = run.Input(0), *list = run.Input(1);
  const int64_t count = TF_TensorElementCount(list), size = TF_Dim(table, 0);
  const int64_t width = size == 0 ? 0 : TF_TensorElementCount(table) / size;
  const int32_t* rows = Data<int32_t>(list);
  for (int64_t i = 0; i < count; ++i) {
    if (!run.Require(rows[i] >= 0 && rows[i] < size, "AutofisGatherRows", "a row is out of range")) return;
  }
  const float* from = Data<float>(table);
  std::vector<int64_t> shape = ShapeOf(list);
  for (int axis = 1; axis < TF_NumDims(table); ++axis) shape.push_back(TF_Dim(table, axis));
  float* to = run.Floats(0, shape);
  const int parts = 4 * Threads();
  Parallel(parts, [&](int part) {
    const int64_t end = Begin(count, parts, part + 1);
    for (int64_t i = Begin(count, parts, part); i < end; ++i) {
      if (i + 16 < end) __builtin_prefetch(from + rows[i + 16] * width);
      std::memcpy(to + i * width, from + rows[i] * width, 4 * width);
    }
  });
}

/** ids [B, C] + starts [C] to each row. */
void ShiftRowsOp(void*, TF_OpKernelContext* context) {
  Run run(context);
  TF_Tensor *ids = run.Input(0), *starts = run.Input(1);
  const bool fits = TF_NumDims(ids) == 2 && TF_TensorElementCount(starts) == TF_Dim(ids, 1);
  if (!run.Require(fits, "AutofisShiftRows", "ids [B, C] and a start for each column are needed")) return;
  const int64_t batch = TF_Dim(ids, 0), columns = TF_Dim(ids, 1);
  const int32_t *from = Data<int32_t>(ids), *start = Data<int32_t>(starts);
  int32_t* to = run.Output<int32_t>(0, TF_INT32, {batch, columns});
  for (int64_t b = 0; b < batch; ++b, from += columns, to += columns) {
    for (int64_t c = 0; c < columns; ++c) to[c] = from[c] + start[c];
  }
}

constexpr uintptr_t kHugePage = 2 << 20;

/** MADV_COLLAPSE, which older headers lack. */
constexpr int kCollapse = 25;

/**
 * Asks the system to hold a table's memory in huge pages. Rows are read and written in no order, and with pages of
 * 4 KB nearly each one costs a walk through the page tables. A request: where it is not granted, all works as before.
 */
void HugePagesOp(void*, TF_OpKernelContext* context) {
  Run run(context);
  TF_Tensor* table = run.Input(0);
  const uintptr_t start = reinterpret_cast<uintptr_t>(TF_TensorData(table)), end = start + TF_TensorByteSize(table);
  const uintptr_t first = (start + kHugePage - 1) / kHugePage * kHugePage, last = end / kHugePage * kHugePage;
  if (first >= last) return;
  void* const pages = reinterpret_cast<void*>(first);
  madvise(pages, last - first, MADV_HUGEPAGE);
  // The memory has been written to, so its pages are there: since Linux 6.1 they can be joined at once.
  madvise(pages, last - first, kCollapse);
}

const bool registered =
    Register("AutofisAdamRows",
        {"w: float", "m: float", "v: float", "rows: int32", "gradient: float", "step: float"},
        {}, AdamRowsOp) &&
    Register("AutofisGatherRows", {"table: float", "rows: int32"}, {"values: float"}, GatherRowsOp) &&
    Register("AutofisShiftRows", {"ids: int32", "starts: int32"}, {"rows: int32"}, ShiftRowsOp) &&
    Register("AutofisHugePages", {"table: float"}, {}, HugePagesOp);

}  // namespace
}  // namespace autofis
