#pragma once
#include <cmath>
#include <cstdint>

namespace autofis {

/** The constants of a step of Adam. */
struct AdamStep {
  float beta1, beta2, rate, epsilon;
};

/** Read the constants in the order in which ops take them. */
inline AdamStep StepOf(const float* constants) { return {constants[0], constants[1], constants[2], constants[3]}; }

/** m += (g - m)(1 - beta1),  v += (g^2 - v)(1 - beta2),  w -= rate m / (sqrt(v) + epsilon) for `count` numbers. */
inline __attribute__((always_inline)) void AdamRule(
    float* __restrict w, float* __restrict m, float* __restrict v, const float* __restrict g, int64_t count,
    const AdamStep& step) {
  for (int64_t j = 0; j < count; ++j) {
    m[j] += (g[j] - m[j]) * (1 - step.beta1);
    v[j] += (g[j] * g[j] - v[j]) * (1 - step.beta2);
    w[j] -= step.rate * m[j] / (std::sqrt(v[j]) + step.epsilon);
  }
}

/** Apply AdamRule, compiled for the best instructions that the processor has. */
void Update(float* w, float* m, float* v, const float* g, int64_t count, const AdamStep& step);

}  // namespace autofis
