#pragma once
#include <cstdint>
#include <vector>

#include "instructions.h"

namespace autofis {

/** bfloat16: the upper half of a float32. */
using Half = uint16_t;

/** Numbers in memory: float32, or bfloat16, which products by BestMultiply do not have. */
template <class Memory>
struct Numbers {
  Memory* memory;
  bool isHalf;
};

/** A factor of a product as it lies in memory, or its transpose. */
struct Factor {
  Numbers<const void> numbers;
  int64_t stride;
  bool transposed;
};

/** [rows, columns] = left [rows, depth] right [depth, columns], and what is done to it before it is stored. */
struct Product {
  Factor left, right;
  int64_t rows, depth, columns;
  /** Null, or [columns]: the result is max(product + bias, 0). */
  const float* bias;
  /** Null, or [rows, columns] of the result's type: the result is 0 where this is not above 0. */
  const void* positive;
  /** Null, or [rows, columns]: is added to the product. */
  const float* addend;
  Numbers<void> result;
  /** Null, or [columns]: becomes the sums of the result's columns, before these are rounded. */
  float* columnSums;
};

/** The sums of a result's columns: of each part of its rows by itself, until all are there. */
class ColumnSums {
 public:
  ColumnSums(const Product& product, int parts);
  /** [columns], 0 at first; null if nobody asks for them. */
  float* Of(int part);
  void Add();

 private:
  const Product& product_;
  std::vector<float> sums_;
};

/**
 * Each number of a result is the sum of its products in one order, whatever the threads; the sums of columns are added
 * up by parts, of which there are as many as the threads ask for.
 */
using Multiply = void (*)(const Product&);

/** By the widest instructions that the processor has, in float32. */
Multiply BestMultiply();

/** Tell whether these instructions are wide enough to beat TensorFlow's products. */
bool MultipliesFast();

#ifdef AUTOFIS_AMX
/** Tell whether the processor has tiles of matrices (AMX) with bfloat16 products, and the system allows their use. */
bool HasAmx();

/** By these tiles, each number of float32 as the sum of three in bfloat16. Sums are float32. */
void MultiplyByAmx(const Product& product);

/** By these tiles, factors rounded to bfloat16. Sums are float32. */
void MultiplyRounded(const Product& product);
#endif

}  // namespace autofis
