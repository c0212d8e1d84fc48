#pragma once

// Instruction sets that passes are compiled for beside the baseline, and whether the processor has them.

namespace autofis {

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define AUTOFIS_VARIANTS

inline bool HasAvx2() { return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"); }

inline bool HasAvx512() {
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq");
}

// GCC 11 is the first to know the tiles of AMX.
#if __GNUC__ >= 11 && defined(__linux__)
#define AUTOFIS_AMX
#endif
#endif

// Compiles a function for several targets. The choice among these is made before ThreadSanitizer, whose calls would be
// in it, has started.
#if defined(AUTOFIS_VARIANTS) && !defined(__SANITIZE_THREAD__)
#define AUTOFIS_CLONES(...) __attribute__((target_clones(__VA_ARGS__)))
#else
#define AUTOFIS_CLONES(...)
#endif

}  // namespace autofis
