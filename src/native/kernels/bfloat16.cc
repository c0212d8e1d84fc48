#include <cstring>
#include <vector>

#include "instructions.h"
#include "op.h"
#include "parallel.h"

// What lies between the matrix products of dense layers, on numbers that stay in bfloat16: the upper half of a
// float32. Sums are float32, and what is stored is rounded to the nearest, ties to even.

namespace autofis {
namespace {

inline float Widen(uint16_t half) {
  const uint32_t bits = static_cast<uint32_t>(half) << 16;
  float x;
  std::memcpy(&x, &bits, sizeof x);
  return x;
}

inline uint16_t Round(float x) {
  uint32_t bits;
  std::memcpy(&bits, &x, sizeof bits);
  const uint32_t rounded = (bits + 0x7fff + (bits >> 16 & 1)) >> 16;
  // Rounding may carry a NaN into infinity.
  const uint32_t nan = (bits & 0x7fffffff) > 0x7f800000;
  return static_cast<uint16_t>(nan ? bits >> 16 | 0x40 : rounded);
}

AUTOFIS_CLONES("avx2", "default")
void AddBias(const uint16_t* __restrict x, const float* __restrict bias, int64_t columns, uint16_t* __restrict y) {
  for (int64_t j = 0; j < columns; ++j) y[j] = Round(Widen(x[j]) + bias[j]);
}

/** Negative numbers, and -0, become 0; a NaN stays. */
AUTOFIS_CLONES("avx2", "default")
void Relu(const uint16_t* __restrict x, int64_t count, uint16_t* __restrict y) {
  for (int64_t i = 0; i < count; ++i) {
    const uint16_t negative = (x[i] >= 0x8000) & (x[i] <= 0xff80);
    y[i] = x[i] & static_cast<uint16_t>(negative - 1);
  }
}

/** y > 0 as integers: neither 0 nor negative nor a NaN, as in TensorFlow. */
AUTOFIS_CLONES("avx2", "default")
void ReluGradient(const uint16_t* __restrict dy, const uint16_t* __restrict y, int64_t count, uint16_t* __restrict dx) {
  for (int64_t i = 0; i < count; ++i) {
    const uint16_t positive = (y[i] > 0) & (y[i] <= 0x7f80);
    dx[i] = dy[i] & static_cast<uint16_t>(-positive);
  }
}

AUTOFIS_CLONES("avx2", "default")
void AddRow(const uint16_t* __restrict x, int64_t columns, float* __restrict sum) {
  for (int64_t j = 0; j < columns; ++j) sum[j] += Widen(x[j]);
}

/** A pass over [R, C] by several threads: body(first row, end). */
template <class Body>
void ForRows(int64_t rows, Body&& body) {
  const int parts = Threads();
  Parallel(parts, [&](int part) { body(Begin(rows, parts, part), Begin(rows, parts, part + 1)); });
}

bool IsMatrix(Run& run, const char* op, TF_Tensor* x) {
  return run.Require(TF_NumDims(x) == 2, op, "a matrix [R, C] is needed");
}

/** x [R, C] + bias [C] to each row. */
void BiasOp(void*, TF_OpKernelContext* context) {
  Run run(context);
  TF_Tensor *x = run.Input(0), *bias = run.Input(1);
  if (!IsMatrix(run, "AutofisHalfBias", x)) return;
  const int64_t rows = TF_Dim(x, 0), columns = TF_Dim(x, 1);
  const bool fits = TF_TensorElementCount(bias) == columns;
  if (!run.Require(fits, "AutofisHalfBias", "a bias for each column is needed")) return;
  const uint16_t* const from = Data<uint16_t>(x);
  const float* const b = Data<float>(bias);
  uint16_t* const to = run.Output<uint16_t>(0, TF_BFLOAT16, {rows, columns});
  ForRows(rows, [&](int64_t row, int64_t end) {
    for (; row < end; ++row) AddBias(from + row * columns, b, columns, to + row * columns);
  });
}

/** max(x, 0) of [R, C]. */
void ReluOp(void*, TF_OpKernelContext* context) {
  Run run(context);
  TF_Tensor* x = run.Input(0);
  if (!IsMatrix(run, "AutofisHalfRelu", x)) return;
  const int64_t rows = TF_Dim(x, 0), columns = TF_Dim(x, 1);
  const uint16_t* const from = Data<uint16_t>(x);
  uint16_t* const to = run.Output<uint16_t>(0, TF_BFLOAT16, {rows, columns});
  ForRows(rows, [&](int64_t row, int64_t end) {
    Relu(from + row * columns, (end - row) * columns, to + row * columns);
  });
}

/** dy where relu's result y is above 0, else 0: both [R, C]. */
void ReluGradientOp(void*, TF_OpKernelContext* context) {
  Run run(context);
  TF_Tensor *dy = run.Input(0), *y = run.Input(1);
  if (!IsMatrix(run, "AutofisHalfReluGradient", y)) return;
  const int64_t rows = TF_Dim(y, 0), columns = TF_Dim(y, 1);
  const bool fits = TF_TensorElementCount(dy) == rows * columns;
  if (!run.Require(fits, "AutofisHalfReluGradient", "dy must have the shape of y")) return;
  const uint16_t *const upstream = Data<uint16_t>(dy), *const value = Data<uint16_t>(y);
  uint16_t* const to = run.Output<uint16_t>(0, TF_BFLOAT16, {rows, columns});
  ForRows(rows, [&](int64_t row, int64_t end) {
    const int64_t at = row * columns;
    ReluGradient(upstream + at, value + at, (end - row) * columns, to + at);
  });
}

/** The sum of each column of [R, C], in float32: [C]. */
void ColumnSumsOp(void*, TF_OpKernelContext* context) {
  Run run(context);
  TF_Tensor* x = run.Input(0);
  if (!IsMatrix(run, "AutofisHalfColumnSums", x)) return;
  const int64_t rows = TF_Dim(x, 0), columns = TF_Dim(x, 1);
  const uint16_t* const from = Data<uint16_t>(x);
  float* const sums = run.Floats(0, {columns});
  const int parts = Threads();
  std::vector<float> each(parts * columns);
  Parallel(parts, [&](int part) {
    for (int64_t row = Begin(rows, parts, part); row < Begin(rows, parts, part + 1); ++row) {
      AddRow(from + row * columns, columns, each.data() + part * columns);
    }
  });
  for (int64_t j = 0; j < columns; ++j) {
    sums[j] = 0;
    for (int part = 0; part < parts; ++part) sums[j] += each[part * columns + j];
  }
}

const bool registered =
    Register("AutofisHalfBias", {"x: bfloat16", "bias: float"}, {"y: bfloat16"}, BiasOp) &&
    Register("AutofisHalfRelu", {"x: bfloat16"}, {"y: bfloat16"}, ReluOp) &&
    Register("AutofisHalfReluGradient", {"dy: bfloat16", "y: bfloat16"}, {"dx: bfloat16"}, ReluGradientOp) &&
    Register("AutofisHalfColumnSums", {"x: bfloat16"}, {"sums: float"}, ColumnSumsOp);

}  // namespace
}  // namespace autofis
