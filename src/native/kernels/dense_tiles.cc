#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "dense.h"
#include "instructions.h"
#include "parallel.h"

namespace autofis {

namespace dense_baseline {
constexpr int kLanes = 4, kRows = 4, kVectors = 2;
#include "vector.inc"
#include "dense_tiles.inc"
}

#ifdef AUTOFIS_VARIANTS
#pragma GCC push_options
#pragma GCC target("avx2,fma")
namespace dense_avx2 {
constexpr int kLanes = 8, kRows = 6, kVectors = 2;
#include "vector.inc"
#include "dense_tiles.inc"
}
#pragma GCC pop_options
#pragma GCC push_options
#pragma GCC target("avx512f,avx512vl,avx512dq,avx2,fma,prefer-vector-width=512")
namespace dense_avx512 {
constexpr int kLanes = 16, kRows = 6, kVectors = 4;
#include "vector.inc"
#include "dense_tiles.inc"
}
#pragma GCC pop_options
#endif

Multiply BestMultiply() {
#ifdef AUTOFIS_AMX
  if (HasAmx()) return MultiplyByAmx;
#endif
#ifdef AUTOFIS_VARIANTS
  if (HasAvx512()) return dense_avx512::MultiplyTiles;
  if (HasAvx2()) return dense_avx2::MultiplyTiles;
#endif
  return dense_baseline::MultiplyTiles;
}

bool MultipliesFast() { return BestMultiply() != dense_baseline::MultiplyTiles; }

}  // namespace autofis
