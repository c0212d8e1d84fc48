#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "products.h"

namespace autofis {

namespace baseline {
constexpr int kChains = 2;
#include "vector.inc"
#include "transpose.inc"
#include "products_passes.inc"
}

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define AUTOFIS_VARIANTS
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
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq")) {
    return avx512::passes;
  }
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return avx2::passes;
#endif
  return baseline::passes;
}

}  // namespace autofis
