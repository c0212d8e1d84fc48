#include "dense.h"

#ifdef AUTOFIS_AMX
#include <cpuid.h>
#include <immintrin.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>

#include "parallel.h"

// Products of matrices in the tiles of AMX: one instruction multiplies [16, 32] by [32, 16] numbers in bfloat16 and
// adds the result to [16, 16] sums in float32.
//
// A float32 is the sum of three numbers in bfloat16: the nearest one, the one nearest to what is left, and the rest. Of
// the nine products of two such sums the six largest are added, the smallest first; the other three together are at
// most its last digit. Numbers of more than 3.39e38, infinite ones included, give NaN; what is smaller than 1e-38
// counts as 0 (Henry, Tang and Heinecke, Leveraging the bfloat16 Artificial Intelligence Datatype For Higher-Precision
// Computations, 2019).

namespace autofis {

bool HasAmx() {
  // Linux gives the registers of tiles to a process that asks for them.
  constexpr long kAskForFeature = 0x1023, kTileData = 18;
  constexpr unsigned kBfloat16 = 1u << 22, kTile = 1u << 24;
  static const bool has = [] {
    unsigned a, b, c, features = 0;
    return HasAvx512() && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512bf16") &&
           __get_cpuid_count(7, 0, &a, &b, &c, &features) && (features & kBfloat16) && (features & kTile) &&
           syscall(SYS_arch_prctl, kAskForFeature, kTileData) == 0;
  }();
  return has;
}

#pragma GCC push_options
#pragma GCC target("avx512f,avx512vl,avx512dq,avx512bw,avx512bf16,amx-tile,amx-bf16,prefer-vector-width=512")
namespace amx {

constexpr int kLanes = 16;
#include "vector.inc"
#include "transpose.inc"

#include "dense_amx_panels.inc"

/** The shape of all eight registers: 0 to 3 hold sums, 4 and 5 the left factor, 6 and 7 the right one. */
struct alignas(64) Shapes {
  Shapes() {
    for (int i = 0; i < 8; ++i) {
      bytes[i] = kStep * sizeof(Half);
      rows[i] = kLines;
    }
  }

  uint8_t palette = 1, start = 0, reserved[14] = {};
  uint16_t bytes[16] = {};
  uint8_t rows[16] = {};
};

// The numbers of registers must be constants.
#define AUTOFIS_LEFT(term)                            \
  _tile_loadd(4, left + (term) * 2 * kTile, 64); \
  _tile_loadd(5, left + ((term) * 2 + 1) * kTile, 64)
#define AUTOFIS_RIGHT(term)                            \
  _tile_loadd(6, right + (term) * 2 * kTile, 64); \
  _tile_loadd(7, right + ((term) * 2 + 1) * kTile, 64)
#define AUTOFIS_MULTIPLY     \
  _tile_dpbf16ps(0, 4, 6);   \
  _tile_dpbf16ps(1, 4, 7);   \
  _tile_dpbf16ps(2, 5, 6);   \
  _tile_dpbf16ps(3, 5, 7)

/** Two panels of some steps -> sums [kPanel][kPanel]. */
template <int terms>
AUTOFIS_INLINE void Sum(const Half* left, const Half* right, int64_t steps, float* sums) {
  _tile_zero(0);
  _tile_zero(1);
  _tile_zero(2);
  _tile_zero(3);
  for (int64_t step = 0; step < steps; ++step, left += terms * 2 * kTile, right += terms * 2 * kTile) {
    AUTOFIS_RIGHT(0);
    if constexpr (terms == 3) {
      AUTOFIS_LEFT(2);
      AUTOFIS_MULTIPLY;
      AUTOFIS_LEFT(1);
      AUTOFIS_MULTIPLY;
      AUTOFIS_RIGHT(1);
      AUTOFIS_MULTIPLY;
      AUTOFIS_LEFT(0);
      AUTOFIS_MULTIPLY;
      AUTOFIS_RIGHT(2);
      AUTOFIS_MULTIPLY;
      AUTOFIS_RIGHT(0);
    } else {
      AUTOFIS_LEFT(0);
    }
    AUTOFIS_MULTIPLY;
  }
  constexpr int64_t stride = kPanel * sizeof(float);
  _tile_stored(0, sums, stride);
  _tile_stored(1, sums + kLines, stride);
  _tile_stored(2, sums + kLines * kPanel, stride);
  _tile_stored(3, sums + kLines * kPanel + kLines, stride);
}

AUTOFIS_INLINE __m512 Load(__mmask16 lanes, const float* from) { return _mm512_maskz_loadu_ps(lanes, from); }
AUTOFIS_INLINE __m512 Load(__mmask16 lanes, const Half* from) {
  return Widen(_mm256_maskz_loadu_epi16(lanes, from));
}
AUTOFIS_INLINE void Store(float* to, __mmask16 lanes, __m512 x) { _mm512_mask_storeu_ps(to, lanes, x); }
AUTOFIS_INLINE void Store(Half* to, __mmask16 lanes, __m512 x) {
  _mm256_mask_storeu_epi16(to, lanes, reinterpret_cast<__m256i>(_mm512_cvtneps_pbh(x)));
}

/** Tiles of all terms along the depth in slices of panels, of which two stay in the second cache. */
constexpr int64_t kSlice = 72;
/** Panels of a left block at most, which stay there as well. */
constexpr int64_t kBlock = 8;

/** Which slice of the depth sums are of. */
struct Slice {
  int64_t from, end;
  bool isFirst, isLast;
  /** Null, or [columns]: numbers of the result are added to it. */
  float* columnSums;
};

/** Sums [kPanel][kPanel] of a slice, the first at a row and a column; those of the slices before are in `before`. */
template <class Result>
void FinishAs(
    const Product& product, const Slice& slice, const float* sums, int64_t row, int64_t column, float* before) {
  Result* const result = static_cast<Result*>(product.result.memory);
  const Result* const positive = static_cast<const Result*>(product.positive);
  const int64_t columns = product.columns, rows = product.rows - row < kPanel ? product.rows - row : kPanel;
  const __m512 zero = _mm512_setzero_ps();
  __m512 totals[kPanel / kLanes] = {zero, zero};
  for (int64_t i = 0; i < rows; ++i) {
    for (int64_t j = 0; j < kPanel && column + j < columns; j += kLanes) {
      const __mmask16 lanes = First(columns - column - j);
      __m512 x = _mm512_load_ps(sums + i * kPanel + j);
      if (!slice.isFirst) x = _mm512_add_ps(x, Load(lanes, before + i * columns + j));
      if (!slice.isLast) {
        Store(before + i * columns + j, lanes, x);
        continue;
      }
      // A NaN stays, as in TensorFlow: it is the second operand.
      if (product.bias != nullptr) x = _mm512_max_ps(zero, _mm512_add_ps(x, Load(lanes, product.bias + column + j)));
      const int64_t at = (row + i) * columns + column + j;
      if (product.addend != nullptr) x = _mm512_add_ps(x, Load(lanes, product.addend + at));
      if (positive != nullptr) {
        x = _mm512_maskz_mov_ps(_mm512_cmp_ps_mask(Load(lanes, positive + at), zero, _CMP_GT_OQ), x);
      }
      totals[j / kLanes] = _mm512_add_ps(totals[j / kLanes], x);
      Store(result + at, lanes, x);
    }
  }
  if (slice.columnSums == nullptr) return;
  for (int64_t j = 0; j < kPanel && column + j < columns; j += kLanes) {
    const __mmask16 lanes = First(columns - column - j);
    float* const to = slice.columnSums + column + j;
    Store(to, lanes, _mm512_add_ps(totals[j / kLanes], Load(lanes, to)));
  }
}

inline void Finish(
    const Product& product, const Slice& slice, const float* sums, int64_t row, int64_t column, float* before) {
  if (product.result.isHalf) return FinishAs<Half>(product, slice, sums, row, column, before);
  FinishAs<float>(product, slice, sums, row, column, before);
}

inline Half* HalvesOf(const Vectors& memory) { return reinterpret_cast<Half*>(memory.get()); }

/** Panels [begin, end) of the left factor times all of the right one. */
template <int terms>
void MultiplyBlock(
    const Product& product, const Half* right, int64_t begin, int64_t end, int slices, float* columnSums) {
  constexpr int64_t size = kStepSize<terms>;
  const int64_t columns = product.columns, steps = (product.depth + kStep - 1) / kStep;
  const Vectors left((end - begin) * (steps / slices + 1) * size / kStep);
  // Sums of slices are kept in the result, or beside it where that is rounded.
  const bool isRounded = product.result.isHalf;
  const Vectors beside(isRounded && slices > 1 ? (end - begin) * kPanel * columns / kLanes + 1 : 1);
  float* const sumsOfSlices = isRounded ? reinterpret_cast<float*>(beside.get())
                                        : static_cast<float*>(product.result.memory) + begin * kPanel * columns;
  const Shapes shapes;
  _tile_loadconfig(&shapes);
  for (int s = 0; s < slices; ++s) {
    const bool isLast = s == slices - 1;
    const Slice slice{
        Begin(steps, slices, s), Begin(steps, slices, s + 1), s == 0, isLast, isLast ? columnSums : nullptr};
    const int64_t length = slice.end - slice.from;
    for (int64_t p = begin; p < end; ++p) {
      const Place place{p * kPanel, product.rows, 0, product.depth};
      Pack<terms, false>(product.left, place, slice.from, slice.end, HalvesOf(left) + (p - begin) * length * size);
    }
    for (int64_t column = 0; column < columns; column += kPanel) {
      const Half* const panel = right + (column / kPanel * steps + slice.from) * size;
      for (int64_t p = begin; p < end; ++p) {
        alignas(64) float sums[kPanel * kPanel];
        Sum<terms>(HalvesOf(left) + (p - begin) * length * size, panel, length, sums);
        Finish(product, slice, sums, p * kPanel, column, sumsOfSlices + (p - begin) * kPanel * columns + column);
      }
    }
  }
  _tile_release();
}

template <int terms>
void Multiply(const Product& product) {
  const int64_t panels = (product.rows + kPanel - 1) / kPanel, steps = (product.depth + kStep - 1) / kStep;
  const int64_t rightPanels = (product.columns + kPanel - 1) / kPanel;
  const int slices = static_cast<int>((steps * terms + kSlice - 1) / kSlice);
  const Vectors right(rightPanels * steps * kStepSize<terms> / kStep);
  Parallel(static_cast<int>(rightPanels), [&](int p) {
    const Place place{p * static_cast<int64_t>(kPanel), product.columns, 0, product.depth};
    Pack<terms, true>(product.right, place, 0, steps, HalvesOf(right) + p * steps * kStepSize<terms>);
  });
  // The same number of blocks for each thread.
  const int64_t share = kBlock * Threads(), blocks = (panels + share - 1) / share * Threads();
  const int parts = static_cast<int>(blocks < panels ? blocks : panels);
  ColumnSums sums(product, parts);
  Parallel(parts, [&](int part) {
    const int64_t begin = Begin(panels, parts, part), end = Begin(panels, parts, part + 1);
    MultiplyBlock<terms>(product, HalvesOf(right), begin, end, slices, sums.Of(part));
  });
  sums.Add();
}

}  // namespace amx
#pragma GCC pop_options

void MultiplyByAmx(const Product& product) { amx::Multiply<3>(product); }
void MultiplyRounded(const Product& product) { amx::Multiply<1>(product); }

}  // namespace autofis
#endif
