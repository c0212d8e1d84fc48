#pragma once
#include <cmath>
#include <cstring>

#include "cases.h"

// Tensors of bfloat16: the upper half of a float32.

inline uint16_t* HalvesOf(const TF_Tensor& tensor) { return static_cast<uint16_t*>(tensor.data.get()); }

inline float Widen(uint16_t half) {
  const uint32_t bits = static_cast<uint32_t>(half) << 16;
  float x;
  std::memcpy(&x, &bits, sizeof x);
  return x;
}

/** Numbers that bfloat16 has, a half of [-1, 1). */
inline TF_Tensor FiniteHalves(std::mt19937& random, const std::vector<int64_t>& shape) {
  const TF_Tensor tensor = NewTensor(TF_BFLOAT16, shape);
  std::uniform_real_distribution<float> number(-1, 1);
  for (int64_t i = 0; i < TF_TensorElementCount(&tensor); ++i) {
    const float x = number(random);
    uint32_t bits;
    std::memcpy(&bits, &x, sizeof bits);
    HalvesOf(tensor)[i] = static_cast<uint16_t>(bits >> 16);
  }
  return tensor;
}

/** The nearest number with 8 bits of mantissa, by arithmetic alone; ties to even. */
inline double Rounded(double x) {
  if (x == 0 || !std::isfinite(x)) return x;
  int exponent;
  std::frexp(x, &exponent);
  return std::ldexp(std::nearbyint(std::ldexp(x, 8 - exponent)), exponent - 8);
}
