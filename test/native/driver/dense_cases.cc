#include <stdexcept>

#include "dense.h"

#include "halves.h"

namespace {

/** Sizes around those of tiles, panels and slices. */
struct Sizes {
  int64_t rows, depth, columns;
};
const Sizes kSizes[] = {{1, 1, 1},    {3, 5, 7},     {8, 16, 48},  {9, 17, 49},   {33, 40, 96},  {40, 2400, 5},
                        {70, 300, 29}, {5, 520, 113}, {0, 4, 3},    {4, 3, 0},     {850, 3, 20}};

using Make = TF_Tensor (*)(std::mt19937&, const std::vector<int64_t>&);

/** The numbers that a set of ops multiplies: float32, or bfloat16. */
struct Numbers {
  std::string prefix;
  /** A factor, and relu's result. */
  Make make, result;
  /** What is multiplied. */
  double (*at)(const TF_Tensor&, int64_t);
  /** Ends the program unless the results of relu and its gradient are close to the expected ones. */
  void (*expect)(const std::string&, const TF_Tensor&, const std::vector<double>&);
};

double FloatAt(const TF_Tensor& x, int64_t i) { return FloatsOf(x)[i]; }

const Numbers kFloats{"Autofis", Floats, Floats, FloatAt, Expect};

/** A matrix of these numbers, or its transpose, as it lies in memory. */
TF_Tensor Lying(const Numbers& numbers, std::mt19937& random, int64_t rows, int64_t columns, bool transposed) {
  return transposed ? numbers.make(random, {columns, rows}) : numbers.make(random, {rows, columns});
}

std::vector<double> Products(
    const Numbers& numbers, const Sizes& sizes, const TF_Tensor& a, bool transposeA, const TF_Tensor& b,
    bool transposeB) {
  const auto number = [&](const TF_Tensor& x, int64_t row, int64_t column, bool transposed) {
    return numbers.at(x, transposed ? column * x.shape[1] + row : row * x.shape[1] + column);
  };
  std::vector<double> products;
  for (int64_t i = 0; i < sizes.rows; ++i) {
    for (int64_t j = 0; j < sizes.columns; ++j) {
      double sum = 0;
      for (int64_t k = 0; k < sizes.depth; ++k) sum += number(a, i, k, transposeA) * number(b, k, j, transposeB);
      products.push_back(sum);
    }
  }
  return products;
}

void AddProduct(const Numbers& numbers, const std::string& which, bool transposeA, bool transposeB) {
  const std::string op = numbers.prefix + "Product" + which;
  AddCase(op.c_str(), [=](std::mt19937& random) {
    for (const Sizes& sizes : kSizes) {
      const TF_Tensor a = Lying(numbers, random, sizes.rows, sizes.depth, transposeA);
      const TF_Tensor b = Lying(numbers, random, sizes.depth, sizes.columns, transposeB);
      Expect(op, Call(op, {a, b})[0], Products(numbers, sizes, a, transposeA, b, transposeB));
    }
    Refused(op, {numbers.make(random, {6}), numbers.make(random, {6})});
    Refused(op, {numbers.make(random, {2, 3}), numbers.make(random, {5, 7})});
    Refused(op, {Lying(numbers, random, 2, 0, transposeA), Lying(numbers, random, 0, 2, transposeB)});
  });
}

void AddLayer(const Numbers& numbers) {
  const std::string op = numbers.prefix + "ReluLayer";
  AddCase(op.c_str(), [=](std::mt19937& random) {
    for (const Sizes& sizes : kSizes) {
      const TF_Tensor x = numbers.make(random, {sizes.rows, sizes.depth});
      const TF_Tensor w = numbers.make(random, {sizes.depth, sizes.columns}), bias = Floats(random, {sizes.columns});
      std::vector<double> expected = Products(numbers, sizes, x, false, w, false);
      for (size_t i = 0; i < expected.size(); ++i) {
        const double sum = expected[i] + FloatsOf(bias)[i % sizes.columns];
        expected[i] = sum > 0 ? sum : 0;
      }
      numbers.expect(op, Call(op, {x, w, bias})[0], expected);
    }
    Refused(op, {numbers.make(random, {2, 3}), numbers.make(random, {3, 4}), Floats(random, {3})});
  });
}

void AddGradient(const Numbers& numbers) {
  const std::string op = numbers.prefix + "ReluLayerGradient";
  AddCase(op.c_str(), [=](std::mt19937& random) {
    for (const Sizes& sizes : kSizes) {
      const TF_Tensor dy = numbers.make(random, {sizes.rows, sizes.depth});
      const TF_Tensor w = numbers.make(random, {sizes.columns, sizes.depth});
      const TF_Tensor y = numbers.result(random, {sizes.rows, sizes.columns});
      std::vector<double> expected = Products(numbers, sizes, dy, false, w, true);
      for (size_t i = 0; i < expected.size(); ++i) expected[i] = numbers.at(y, i) > 0 ? expected[i] : 0;
      std::vector<double> sums(sizes.columns);
      for (size_t i = 0; i < expected.size(); ++i) sums[i % sizes.columns] += expected[i];
      const std::vector<TF_Tensor> found = Call(op, {dy, w, y});
      numbers.expect(op, found[0], expected);
      Expect(op, found[1], sums);
    }
    Refused(op, {numbers.make(random, {2, 3}), numbers.make(random, {4, 3}), numbers.result(random, {2, 3})});
  });
}

void AddSum(const Numbers& numbers) {
  const std::string op = numbers.prefix + "AddProduct";
  AddCase(op.c_str(), [=](std::mt19937& random) {
    for (const Sizes& sizes : kSizes) {
      const TF_Tensor dy = numbers.make(random, {sizes.rows, sizes.depth});
      const TF_Tensor w = numbers.make(random, {sizes.columns, sizes.depth});
      const TF_Tensor x = Floats(random, {sizes.columns, 1, sizes.rows});
      std::vector<double> expected = Products(numbers, sizes, dy, false, w, true);
      for (size_t i = 0; i < expected.size(); ++i) expected[i] += FloatsOf(x)[i];
      const TF_Tensor found = Call(op, {dy, w, x})[0];
      if (found.shape != x.shape) throw std::runtime_error(op + ": the result has another shape than x");
      Expect(op, found, expected);
    }
    Refused(op, {numbers.make(random, {2, 3}), numbers.make(random, {4, 3}), Floats(random, {2, 3})});
  });
}

bool AddAll(const Numbers& numbers) {
  AddProduct(numbers, "NN", false, false);
  AddProduct(numbers, "TN", true, false);
  AddProduct(numbers, "NT", false, true);
  AddProduct(numbers, "TT", true, true);
  AddLayer(numbers);
  AddGradient(numbers);
  AddSum(numbers);
  return true;
}

const bool added = AddAll(kFloats);
const AddCase fast("AutofisFastProducts", [](std::mt19937&) { Call("AutofisFastProducts", {}); });

#ifdef AUTOFIS_AMX
/** Rounding to 8 bits changes a number by a 256th of itself at most. */
void ExpectRounded(const std::string& op, const TF_Tensor& found, const std::vector<double>& expected) {
  std::vector<double> beyond;
  for (size_t i = 0; i < expected.size(); ++i) {
    const double difference = std::abs(Widen(HalvesOf(found)[i]) - expected[i]);
    beyond.push_back(std::fmax(0, difference - std::abs(expected[i]) / 256));
  }
  const TF_Tensor none = NewTensor(TF_FLOAT, found.shape);
  for (size_t i = 0; i < expected.size(); ++i) FloatsOf(none)[i] = 0;
  Expect(op, none, beyond);
}

/** Either in bfloat16 already, or to be rounded. */
TF_Tensor EitherType(std::mt19937& random, const std::vector<int64_t>& shape) {
  return random() % 2 == 0 ? Floats(random, shape) : FiniteHalves(random, shape);
}

double RoundedAt(const TF_Tensor& x, int64_t i) {
  return x.type == TF_FLOAT ? Rounded(FloatsOf(x)[i]) : Widen(HalvesOf(x)[i]);
}

const Numbers kHalves{"AutofisHalf", EitherType, FiniteHalves, RoundedAt, ExpectRounded};

bool AddHalves() {
  const AddCase there("AutofisHalfProducts", [](std::mt19937&) { Call("AutofisHalfProducts", {}); });
  return AddAll(kHalves);
}

const bool addedHalves = autofis::HasAmx() && AddHalves();
#endif

}  // namespace
