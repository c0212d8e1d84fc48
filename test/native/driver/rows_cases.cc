#include <cmath>
#include <cstring>

#include "cases.h"

namespace {

/** A list of rows, with repetitions, of a table [size, ...]. */
TF_Tensor Rows(std::mt19937& random, int64_t count, int64_t size) {
  std::vector<int32_t> rows(count);
  for (int32_t& row : rows) row = static_cast<int32_t>(random() % size);
  return Ints({count}, rows);
}

/** Tables and lists: none, few and many rows, widths around a line of the cache, one row named again and again. */
template <class Body>
void ForEachTable(std::mt19937& random, Body&& body) {
  for (int64_t size : {1, 3, 1000}) {
    for (int64_t width : {1, 5, 16, 33}) {
      for (int64_t count : {0, 1, 2, 19, 500}) body(size, width, Rows(random, count, size));
    }
  }
}

int32_t RowAt(const TF_Tensor& rows, int64_t i) { return static_cast<int32_t*>(rows.data.get())[i]; }

const AddCase gather("AutofisGatherRows", [](std::mt19937& random) {
  ForEachTable(random, [&](int64_t size, int64_t width, const TF_Tensor& rows) {
    const TF_Tensor table = Floats(random, {size, width});
    std::vector<double> expected;
    for (int64_t i = 0; i < rows.shape[0]; ++i) {
      for (int64_t k = 0; k < width; ++k) expected.push_back(FloatsOf(table)[RowAt(rows, i) * width + k]);
    }
    const TF_Tensor column{TF_INT32, {rows.shape[0], 1}, rows.data}, cube{TF_FLOAT, {size, 1, width}, table.data};
    for (const auto& inputs : std::vector<std::vector<TF_Tensor>>{{table, rows}, {table, column}, {cube, column}}) {
      Expect("AutofisGatherRows", Call("AutofisGatherRows", inputs)[0], expected);
    }
  });
  for (int32_t row : {-1, 3, INT32_MAX, INT32_MIN}) Refused("AutofisGatherRows", {Floats(random, {3, 2}), Ints({2}, {0, row})});
  Refused("AutofisGatherRows", {Floats(random, {0, 2}), Ints({1}, {0})});
});

const AddCase shift("AutofisShiftRows", [](std::mt19937& random) {
  for (int64_t batch : {0, 1, 33}) {
    for (int64_t columns : {1, 5, 40}) {
      const TF_Tensor ids = Rows(random, batch * columns, 1000), starts = Rows(random, columns, 1000);
      const TF_Tensor matrix{TF_INT32, {batch, columns}, ids.data};
      const TF_Tensor found = Call("AutofisShiftRows", {matrix, starts})[0];
      const TF_Tensor asFloats = NewTensor(TF_FLOAT, found.shape);
      std::vector<double> expected;
      for (int64_t i = 0; i < batch * columns; ++i) {
        FloatsOf(asFloats)[i] = static_cast<float>(RowAt(found, i));
        expected.push_back(RowAt(ids, i) + RowAt(starts, i % columns));
      }
      Expect("AutofisShiftRows", asFloats, expected);
    }
  }
  Refused("AutofisShiftRows", {Ints({2}, {0, 1}), Ints({2}, {0, 1})});
  Refused("AutofisShiftRows", {Ints({1, 2}, {0, 1}), Ints({1}, {0})});
});

const AddCase adam("AutofisAdamRows", [](std::mt19937& random) {
  const float beta1 = 0.9f, beta2 = 0.99f, rate = 0.1f, epsilon = 1e-3f;
  const TF_Tensor step = NewTensor(TF_FLOAT, {4});
  const float constants[] = {beta1, beta2, rate, epsilon};
  std::memcpy(step.data.get(), constants, sizeof(constants));
  ForEachTable(random, [&](int64_t size, int64_t width, const TF_Tensor& rows) {
    const TF_Tensor w = Floats(random, {size, width}), m = Floats(random, {size, width}), v = Floats(random, {size, width}),
                    gradient = Floats(random, {rows.shape[0], width});
    for (int64_t i = 0; i < size * width; ++i) FloatsOf(v)[i] = std::abs(FloatsOf(v)[i]);
    std::vector<double> sums(size * width), expected(FloatsOf(w), FloatsOf(w) + size * width);
    std::vector<bool> touched(size);
    for (int64_t i = 0; i < rows.shape[0]; ++i) {
      touched[RowAt(rows, i)] = true;
      for (int64_t k = 0; k < width; ++k) sums[RowAt(rows, i) * width + k] += FloatsOf(gradient)[i * width + k];
    }
    for (int64_t i = 0; i < size * width; ++i) {
      if (!touched[i / width]) continue;
      const double mean = beta1 * FloatsOf(m)[i] + (1 - beta1) * sums[i];
      const double square = beta2 * FloatsOf(v)[i] + (1 - beta2) * sums[i] * sums[i];
      expected[i] -= rate * mean / (std::sqrt(square) + epsilon);
    }
    // Twice from the same start: the second step finds the list's groups kept from the first.
    for (int again = 0; again < 2; ++again) {
      const TF_Tensor changed = Copy(w);
      Call("AutofisAdamRows", {changed, Copy(m), Copy(v), rows, gradient, step});
      Expect("AutofisAdamRows", changed, expected);
    }
  });
  const TF_Tensor table = Floats(random, {3, 2}), list = Ints({1}, {0}), one = Floats(random, {1, 2});
  for (int32_t row : {-1, 3, INT32_MAX, INT32_MIN}) Refused("AutofisAdamRows", {table, table, table, Ints({1}, {row}), one, step});
  Refused("AutofisAdamRows", {table, Floats(random, {2, 2}), table, list, one, step});
  Refused("AutofisAdamRows", {table, table, Floats(random, {2, 2}), list, one, step});
  Refused("AutofisAdamRows", {table, table, table, list, Floats(random, {2, 2}), step});
});

const AddCase huge_pages("AutofisHugePages", [](std::mt19937& random) {
  for (int64_t size : {0, 1, 1000, 3 << 20}) {
    const TF_Tensor table = NewTensor(TF_FLOAT, {size});
    for (int64_t i = 0; i < size; ++i) FloatsOf(table)[i] = static_cast<float>(i % 7);
    Call("AutofisHugePages", {table});
    std::vector<double> expected(size);
    for (int64_t i = 0; i < size; ++i) expected[i] = static_cast<double>(i % 7);
    Expect("AutofisHugePages", table, expected);
  }
});

}  // namespace
