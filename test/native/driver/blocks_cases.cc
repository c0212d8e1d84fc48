#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>

#include "cases.h"

namespace {

/** A lookup in blocks: a column c has `sizes[c]` blocks of `lengths[c]` rows each, one after another in the table. */
struct Lookup {
  int64_t batch, d, rows = 0;
  std::vector<int32_t> starts, lengths, places;

  int64_t columns() const { return static_cast<int64_t>(lengths.size()); }
  int64_t count() const { return static_cast<int64_t>(places.size()); }

  TF_Tensor Starts() const { return Ints({batch, columns()}, starts); }
  TF_Tensor Lengths() const { return Ints({columns()}, lengths); }
  TF_Tensor Places() const { return Ints({count()}, places); }

  /** Calls body(row of the table, row of [B, S]) for every row that is looked up. */
  template <class Body>
  void ForEachRow(Body&& body) const {
    for (int64_t b = 0; b < batch; ++b) {
      int64_t k = 0;
      for (int64_t c = 0; c < columns(); ++c) {
        for (int32_t i = 0; i < lengths[c]; ++i, ++k) body(starts[b * columns() + c] + i, b * count() + places[k]);
      }
    }
  }
};

/** Rows of the widths that have code of their own and others; none, few and many rows of a batch; blocks of unequal lengths. */
template <class Body>
void ForEachLookup(std::mt19937& random, Body&& body) {
  const std::vector<int32_t> sizes = {3, 1, 40};
  for (int64_t batch : {0, 1, 5, 200}) {
    for (int64_t d : {1, 4, 7, 8, 16, 33}) {
      for (const std::vector<int32_t>& lengths : {std::vector<int32_t>{1}, {2, 3}, {5, 1, 4}}) {
        Lookup lookup{batch, d, 0, {}, lengths, {}};
        std::vector<int64_t> first;
        for (int64_t c = 0; c < lookup.columns(); ++c) {
          first.push_back(lookup.rows);
          lookup.rows += sizes[c] * lengths[c];
        }
        for (int64_t i = 0; i < batch * lookup.columns(); ++i) {
          const int64_t c = i % lookup.columns();
          lookup.starts.push_back(static_cast<int32_t>(first[c] + random() % sizes[c] * lengths[c]));
        }
        lookup.places.resize(std::accumulate(lengths.begin(), lengths.end(), 0));
        std::iota(lookup.places.begin(), lookup.places.end(), 0);
        std::shuffle(lookup.places.begin(), lookup.places.end(), random);
        body(lookup);
      }
    }
  }
}

/** Calls refused(starts, lengths, places) for lookups that do not fit a table [6, 2] and a batch of one row. */
template <class Body>
void ForEachWrongLookup(Body&& refused) {
  const TF_Tensor starts = Ints({1, 2}, {0, 2}), lengths = Ints({2}, {2, 1}), places = Ints({3}, {2, 0, 1});
  refused(Ints({2}, {0, 2}), lengths, places);
  refused(Ints({1, 1}, {0}), lengths, places);
  refused(starts, Ints({2}, {2, -1}), places);
  refused(starts, Ints({2}, {2, 2}), places);
  for (int32_t place : {-1, 3, INT32_MAX, INT32_MIN}) refused(starts, lengths, Ints({3}, {0, 1, place}));
  for (int32_t start : {-1, 5, INT32_MAX, INT32_MIN}) refused(Ints({1, 2}, {start, 2}), lengths, places);
}

const AddCase gather("AutofisGatherBlocks", [](std::mt19937& random) {
  ForEachLookup(random, [&](const Lookup& lookup) {
    const TF_Tensor table = Floats(random, {lookup.rows, lookup.d});
    std::vector<double> expected(lookup.batch * lookup.count() * lookup.d);
    lookup.ForEachRow([&](int64_t from, int64_t to) {
      for (int64_t k = 0; k < lookup.d; ++k) expected[to * lookup.d + k] = FloatsOf(table)[from * lookup.d + k];
    });
    Expect("AutofisGatherBlocks", Call("AutofisGatherBlocks", {table, lookup.Starts(), lookup.Lengths(), lookup.Places()})[0], expected);
  });
  ForEachWrongLookup([&](const TF_Tensor& starts, const TF_Tensor& lengths, const TF_Tensor& places) {
    Refused("AutofisGatherBlocks", {Floats(random, {6, 2}), starts, lengths, places});
  });
  Refused("AutofisGatherBlocks", {Floats(random, {12}), Ints({1, 1}, {0}), Ints({1}, {1}), Ints({1}, {0})});
});

const AddCase adam("AutofisAdamBlocks", [](std::mt19937& random) {
  const float beta1 = 0.9f, beta2 = 0.99f, rate = 0.1f, epsilon = 1e-3f;
  const TF_Tensor step = NewTensor(TF_FLOAT, {4});
  const float constants[] = {beta1, beta2, rate, epsilon};
  std::memcpy(step.data.get(), constants, sizeof(constants));
  ForEachLookup(random, [&](const Lookup& lookup) {
    const int64_t d = lookup.d, size = lookup.rows * d;
    const TF_Tensor w = Floats(random, {lookup.rows, d}), m = Floats(random, {lookup.rows, d}), v = Floats(random, {lookup.rows, d}),
                    gradient = Floats(random, {lookup.batch, lookup.count(), d});
    for (int64_t i = 0; i < size; ++i) FloatsOf(v)[i] = std::abs(FloatsOf(v)[i]);
    std::vector<double> sums(size), expected(FloatsOf(w), FloatsOf(w) + size);
    std::vector<bool> touched(lookup.rows);
    lookup.ForEachRow([&](int64_t row, int64_t from) {
      touched[row] = true;
      for (int64_t k = 0; k < d; ++k) sums[row * d + k] += FloatsOf(gradient)[from * d + k];
    });
    for (int64_t i = 0; i < size; ++i) {
      if (!touched[i / d]) continue;
      const double mean = beta1 * FloatsOf(m)[i] + (1 - beta1) * sums[i];
      const double square = beta2 * FloatsOf(v)[i] + (1 - beta2) * sums[i] * sums[i];
      expected[i] -= rate * mean / (std::sqrt(square) + epsilon);
    }
    Call("AutofisAdamBlocks", {w, m, v, lookup.Starts(), lookup.Lengths(), lookup.Places(), gradient, step});
    Expect("AutofisAdamBlocks", w, expected);
  });
  const TF_Tensor table = Floats(random, {6, 2}), gradient = Floats(random, {1, 3, 2}), wrong = Floats(random, {3, 2});
  ForEachWrongLookup([&](const TF_Tensor& starts, const TF_Tensor& lengths, const TF_Tensor& places) {
    Refused("AutofisAdamBlocks", {table, table, table, starts, lengths, places, gradient, step});
  });
  const TF_Tensor starts = Ints({1, 1}, {0}), lengths = Ints({1}, {3}), places = Ints({3}, {0, 1, 2});
  Refused("AutofisAdamBlocks", {table, wrong, table, starts, lengths, places, gradient, step});
  Refused("AutofisAdamBlocks", {table, table, wrong, starts, lengths, places, gradient, step});
  Refused("AutofisAdamBlocks", {table, table, table, starts, lengths, places, Floats(random, {1, 2, 2}), step});
});

}  // namespace
