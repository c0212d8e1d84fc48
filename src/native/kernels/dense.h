#pragma once
#include <cstdint>

namespace autofis {

/** A factor of a product as it lies in memory, or its transpose. */
struct Factor {
  const float* numbers;
  int64_t stride;
  bool transposed;
};

/** [rows, columns] = left [rows, depth] right [depth, columns], and what is done to it before it is stored. */
struct Product {
  Factor left, right;
  int64_t rows, depth, columns;
  /** Null, or [columns]: the result is max(product + bias, 0). */
  const float* bias;
  /** Null, or [rows, columns]: the result is 0 where this is not above 0. */
  const float* positive;
  float* result;
};

/** Each number of a result is the sum of its products in one order, whatever the threads. */
using Multiply = void (*)(const Product&);

/** By the widest instructions that the processor has. */
Multiply BestMultiply();

/** Whether these are wide enough to be faster than TensorFlow's products. */
bool MultipliesFast();

}  // namespace autofis
