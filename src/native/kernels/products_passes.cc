#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "instructions.h"
#include "products.h"

namespace autofis {

namespace baseline {
constexpr int kChains = 2;
#include "vector.inc"
#include "transpose.inc"
#include "products_passes.inc"
}

#ifdef AUTOFIS_VARIANTS
#pragma GCC push_options
#pragma GCC target("avx2,fma")
namespace avx2 {
constexpr int kChains = 4;
#include "vector.inc"
#include "transpose.inc"
#include "products_passes.inc"
}
#pragma GCC pop_options
#pragma GCC push_options
#pragma GCC target("avx512f,avx512vl,avx512dq,avx2,fma,prefer-vector-width=512")
namespace avx512 {
constexpr int kChains = 8;
#include "vector.inc"
#include "transpose.inc"
#include "products_passes.inc"
}
#pragma GCC pop_options
#endif

const Passes& BestPasses() {
#ifdef AUTOFIS_VARIANTS
  if (HasAvx512()) return avx512::passes;
  if (HasAvx2()) return avx2::passes;
#endif
  return baseline::passes;
}

}  // namespace autofis
