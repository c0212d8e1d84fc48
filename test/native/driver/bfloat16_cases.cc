#include "halves.h"

namespace {

/** Of which few are 0, -0, infinite or no numbers. */
TF_Tensor Halves(std::mt19937& random, const std::vector<int64_t>& shape) {
  static const uint16_t special[] = {0, 0x8000, 0x7f80, 0xff80, 0x7fc0, 0xffc1};
  const TF_Tensor tensor = FiniteHalves(random, shape);
  for (int64_t i = 0; i < TF_TensorElementCount(&tensor); ++i) {
    if (random() % 20 == 0) HalvesOf(tensor)[i] = special[random() % 6];
  }
  return tensor;
}

/** Ends the program unless the halves are exactly these numbers. */
void ExpectHalves(const std::string& op, const TF_Tensor& found, const std::vector<double>& expected) {
  std::vector<double> differences;
  for (int64_t i = 0; i < TF_TensorElementCount(&found); ++i) {
    const double value = Widen(HalvesOf(found)[i]);
    const bool same = value == expected[i] || (std::isnan(value) && std::isnan(expected[i]));
    differences.push_back(same ? 0 : 1);
  }
  const TF_Tensor none = NewTensor(TF_FLOAT, {static_cast<int64_t>(expected.size())});
  for (size_t i = 0; i < expected.size(); ++i) FloatsOf(none)[i] = 0;
  Expect(op, none, differences);
}

template <class Body>
void ForEachMatrix(std::mt19937& random, Body&& body) {
  for (int64_t rows : {0, 1, 3, 50}) {
    for (int64_t columns : {1, 7, 16, 33, 400}) body(Halves(random, {rows, columns}), rows, columns);
  }
}

const AddCase bias("AutofisHalfBias", [](std::mt19937& random) {
  ForEachMatrix(random, [&](const TF_Tensor& x, int64_t rows, int64_t columns) {
    const TF_Tensor b = Floats(random, {columns});
    std::vector<double> expected;
    for (int64_t i = 0; i < rows * columns; ++i) {
      expected.push_back(Rounded(Widen(HalvesOf(x)[i]) + FloatsOf(b)[i % columns]));
    }
    ExpectHalves("AutofisHalfBias", Call("AutofisHalfBias", {x, b})[0], expected);
  });
  Refused("AutofisHalfBias", {Halves(random, {6}), Floats(random, {6})});
  Refused("AutofisHalfBias", {Halves(random, {2, 3}), Floats(random, {2})});
});

const AddCase relu("AutofisHalfRelu", [](std::mt19937& random) {
  ForEachMatrix(random, [&](const TF_Tensor& x, int64_t rows, int64_t columns) {
    std::vector<double> expected;
    for (int64_t i = 0; i < rows * columns; ++i) {
      const double value = Widen(HalvesOf(x)[i]);
      expected.push_back(value <= 0 ? 0 : value);
    }
    ExpectHalves("AutofisHalfRelu", Call("AutofisHalfRelu", {x})[0], expected);
  });
  Refused("AutofisHalfRelu", {Halves(random, {6})});
});

const AddCase gradient("AutofisHalfReluGradient", [](std::mt19937& random) {
  ForEachMatrix(random, [&](const TF_Tensor& y, int64_t rows, int64_t columns) {
    const TF_Tensor dy = Halves(random, {rows, columns});
    std::vector<double> expected;
    for (int64_t i = 0; i < rows * columns; ++i) {
      expected.push_back(Widen(HalvesOf(y)[i]) > 0 ? Widen(HalvesOf(dy)[i]) : 0);
    }
    ExpectHalves("AutofisHalfReluGradient", Call("AutofisHalfReluGradient", {dy, y})[0], expected);
  });
  Refused("AutofisHalfReluGradient", {Halves(random, {6}), Halves(random, {6})});
  Refused("AutofisHalfReluGradient", {Halves(random, {2, 2}), Halves(random, {2, 3})});
});

const AddCase sums("AutofisHalfColumnSums", [](std::mt19937& random) {
  ForEachMatrix(random, [&](const TF_Tensor& x, int64_t rows, int64_t columns) {
    std::vector<double> expected(columns);
    for (int64_t i = 0; i < rows * columns; ++i) {
      uint16_t& half = HalvesOf(x)[i];
      // Sums of what is not finite have no digits to compare.
      if (!std::isfinite(Widen(half))) half = 0;
      expected[i % columns] += Widen(half);
    }
    Expect("AutofisHalfColumnSums", Call("AutofisHalfColumnSums", {x})[0], expected);
  });
  Refused("AutofisHalfColumnSums", {Halves(random, {6})});
});

}  // namespace
