#include "cases.h"

namespace {

/** Sizes around those of tiles, panels and slices. */
struct Sizes {
  int64_t rows, depth, columns;
};
const Sizes kSizes[] = {{1, 1, 1},    {3, 5, 7},     {8, 16, 48},  {9, 17, 49},   {33, 40, 96},
                        {70, 300, 29}, {5, 520, 113}, {0, 4, 3},    {4, 3, 0},     {850, 3, 20}};

/** A matrix of these numbers, or its transpose, as it lies in memory. */
TF_Tensor Lying(std::mt19937& random, int64_t rows, int64_t columns, bool transposed) {
  return transposed ? Floats(random, {columns, rows}) : Floats(random, {rows, columns});
}

double Number(const TF_Tensor& x, int64_t row, int64_t column, bool transposed) {
  return FloatsOf(x)[transposed ? column * x.shape[1] + row : row * x.shape[1] + column];
}

std::vector<double> Products(
    const Sizes& sizes, const TF_Tensor& a, bool transposeA, const TF_Tensor& b, bool transposeB) {
  std::vector<double> products;
  for (int64_t i = 0; i < sizes.rows; ++i) {
    for (int64_t j = 0; j < sizes.columns; ++j) {
      double sum = 0;
      for (int64_t k = 0; k < sizes.depth; ++k) sum += Number(a, i, k, transposeA) * Number(b, k, j, transposeB);
      products.push_back(sum);
    }
  }
  return products;
}

Case ProductCase(const std::string& op, bool transposeA, bool transposeB) {
  return [=](std::mt19937& random) {
    for (const Sizes& sizes : kSizes) {
      const TF_Tensor a = Lying(random, sizes.rows, sizes.depth, transposeA);
      const TF_Tensor b = Lying(random, sizes.depth, sizes.columns, transposeB);
      Expect(op, Call(op, {a, b})[0], Products(sizes, a, transposeA, b, transposeB));
    }
    Refused(op, {Floats(random, {6}), Floats(random, {6})});
    Refused(op, {Floats(random, {2, 3}), Floats(random, {5, 7})});
    Refused(op, {Lying(random, 2, 0, transposeA), Lying(random, 0, 2, transposeB)});
  };
}

const AddCase nn("AutofisProductNN", ProductCase("AutofisProductNN", false, false));
const AddCase tn("AutofisProductTN", ProductCase("AutofisProductTN", true, false));
const AddCase nt("AutofisProductNT", ProductCase("AutofisProductNT", false, true));
const AddCase tt("AutofisProductTT", ProductCase("AutofisProductTT", true, true));

const AddCase layer("AutofisReluLayer", [](std::mt19937& random) {
  for (const Sizes& sizes : kSizes) {
    const TF_Tensor x = Floats(random, {sizes.rows, sizes.depth}), w = Floats(random, {sizes.depth, sizes.columns});
    const TF_Tensor bias = Floats(random, {sizes.columns});
    std::vector<double> expected = Products(sizes, x, false, w, false);
    for (size_t i = 0; i < expected.size(); ++i) {
      const double sum = expected[i] + FloatsOf(bias)[i % sizes.columns];
      expected[i] = sum > 0 ? sum : 0;
    }
    Expect("AutofisReluLayer", Call("AutofisReluLayer", {x, w, bias})[0], expected);
  }
  Refused("AutofisReluLayer", {Floats(random, {2, 3}), Floats(random, {3, 4}), Floats(random, {3})});
});

const AddCase gradient("AutofisReluLayerGradient", [](std::mt19937& random) {
  for (const Sizes& sizes : kSizes) {
    const TF_Tensor dy = Floats(random, {sizes.rows, sizes.depth}), w = Floats(random, {sizes.columns, sizes.depth});
    const TF_Tensor y = Floats(random, {sizes.rows, sizes.columns});
    std::vector<double> expected = Products(sizes, dy, false, w, true);
    for (size_t i = 0; i < expected.size(); ++i) expected[i] = FloatsOf(y)[i] > 0 ? expected[i] : 0;
    Expect("AutofisReluLayerGradient", Call("AutofisReluLayerGradient", {dy, w, y})[0], expected);
  }
  Refused(
      "AutofisReluLayerGradient", {Floats(random, {2, 3}), Floats(random, {4, 3}), Floats(random, {2, 3})});
});

const AddCase fast("AutofisFastProducts", [](std::mt19937&) { Call("AutofisFastProducts", {}); });

}  // namespace
