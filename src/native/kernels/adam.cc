#include "adam.h"

#include "instructions.h"

namespace autofis {

AUTOFIS_CLONES("avx512f", "avx2", "default")
void Update(float* w, float* m, float* v, const float* g, int64_t count, const AdamStep& step) {
  AdamRule(w, m, v, g, count, step);
}

}  // namespace autofis
