#include <cmath>

#include "cases.h"

namespace {

TF_Tensor Numbers(const std::vector<float>& values) {
  const TF_Tensor tensor = NewTensor(TF_FLOAT, {static_cast<int64_t>(values.size())});
  for (size_t i = 0; i < values.size(); ++i) FloatsOf(tensor)[i] = values[i];
  return tensor;
}

/** Numbers above 0. */
TF_Tensor Positive(std::mt19937& random, int64_t count) {
  const TF_Tensor x = Floats(random, {count});
  for (int64_t i = 0; i < count; ++i) FloatsOf(x)[i] = std::abs(FloatsOf(x)[i]) + 0.1f;
  return x;
}

std::vector<double> From(int64_t count, const std::function<double(int64_t)>& value) {
  std::vector<double> values;
  for (int64_t i = 0; i < count; ++i) values.push_back(value(i));
  return values;
}

const AddCase scales("AutofisGateScales", [](std::mt19937& random) {
  for (int64_t count : {0, 1, 7, 40}) {
    const TF_Tensor gates = Floats(random, {count}), mean = Floats(random, {count}), variance = Positive(random, count);
    const auto found = Call("AutofisGateScales", {gates, mean, variance, Numbers({0.25f})});
    const auto s = [&](int64_t p) { return 1 / std::sqrt(FloatsOf(variance)[p] + 0.25); };
    const auto w = [&](int64_t p) { return FloatsOf(gates)[p] * s(p); };
    double shift = 0;
    for (int64_t p = 0; p < count; ++p) shift += w(p) * FloatsOf(mean)[p];
    Expect("AutofisGateScales", found[0], From(count, s));
    Expect("AutofisGateScales", found[1], From(count, w));
    Expect("AutofisGateScales", found[2], {shift});
  }
  const TF_Tensor three = Floats(random, {3}), two = Floats(random, {2});
  Refused("AutofisGateScales", {three, two, three, Numbers({1})});
  Refused("AutofisGateScales", {three, three, two, Numbers({1})});
});

const AddCase slopes("AutofisGateSlopes", [](std::mt19937& random) {
  for (int64_t count : {0, 1, 7, 40}) {
    for (int64_t batch : {1, 5, 33}) {
      const TF_Tensor mean = Floats(random, {count}), s = Positive(random, count), w = Floats(random, {count}),
                      sums = Floats(random, {count}), dy = Floats(random, {batch, 1});
      const auto found = Call("AutofisGateSlopes", {mean, s, w, sums, dy});
      double total = 0;
      for (int64_t b = 0; b < batch; ++b) total += FloatsOf(dy)[b];
      const auto dalpha = [&](int64_t p) {
        return FloatsOf(s)[p] * (FloatsOf(sums)[p] - FloatsOf(mean)[p] * total);
      };
      const auto q = [&](int64_t p) { return FloatsOf(w)[p] * FloatsOf(s)[p] * dalpha(p) / batch; };
      Expect("AutofisGateSlopes", found[0], From(count, dalpha));
      Expect("AutofisGateSlopes", found[1], From(batch, [&](int64_t b) { return FloatsOf(dy)[b] - total / batch; }));
      Expect("AutofisGateSlopes", found[2], From(count, q));
      Expect("AutofisGateSlopes", found[3], From(count, [&](int64_t p) { return q(p) * FloatsOf(mean)[p]; }));
    }
  }
  const TF_Tensor three = Floats(random, {3}), two = Floats(random, {2}), dy = Floats(random, {4, 1});
  Refused("AutofisGateSlopes", {three, two, three, three, dy});
  Refused("AutofisGateSlopes", {three, three, two, three, dy});
  Refused("AutofisGateSlopes", {three, three, three, two, dy});
});

const AddCase moved("AutofisMoved", [](std::mt19937& random) {
  for (int64_t count : {0, 1, 7, 40}) {
    for (float steps : {0.0f, 3.0f, 500.0f}) {
      const TF_Tensor mean = Floats(random, {count}), variance = Positive(random, count),
                      seen = Floats(random, {count}), spread = Positive(random, count);
      const auto found = Call("AutofisMoved", {mean, variance, Numbers({steps}), seen, spread, Numbers({0.9f})});
      const double rate = std::fmax(1 / (steps + 1.0), 0.1);
      const auto towards = [&](const TF_Tensor& from, const TF_Tensor& to) {
        return From(count, [&](int64_t p) { return FloatsOf(from)[p] + rate * (FloatsOf(to)[p] - FloatsOf(from)[p]); });
      };
      Expect("AutofisMoved", found[0], towards(mean, seen));
      Expect("AutofisMoved", found[1], towards(variance, spread));
      Expect("AutofisMoved", found[2], {steps + 1.0});
    }
  }
  const TF_Tensor three = Floats(random, {3}), two = Floats(random, {2}), one = Numbers({1});
  Refused("AutofisMoved", {three, two, one, three, three, one});
  Refused("AutofisMoved", {three, three, one, two, three, one});
  Refused("AutofisMoved", {three, three, one, three, two, one});
});

const AddCase grda("AutofisGrda", [](std::mt19937& random) {
  for (int64_t count : {0, 1, 7, 40}) {
    const TF_Tensor v = Floats(random, {count, 1}), gradient = Floats(random, {count, 1});
    const auto found = Call("AutofisGrda", {v, gradient, Numbers({0.5f, 0.25f})});
    const auto next = [&](int64_t p) { return FloatsOf(v)[p] - 0.5 * FloatsOf(gradient)[p]; };
    Expect("AutofisGrda", found[0], From(count, next));
    Expect("AutofisGrda", found[1], From(count, [&](int64_t p) {
      return std::copysign(std::fmax(std::abs(next(p)) - 0.25, 0), next(p));
    }));
  }
  Refused("AutofisGrda", {Floats(random, {3}), Floats(random, {2}), Numbers({1, 1})});
});

const AddCase cross_entropy("AutofisCrossEntropy", [](std::mt19937& random) {
  const double least = 0.125, most = 0.875;
  const TF_Tensor bounds = Numbers({0.125f, 0.875f});
  for (int64_t count : {0, 1, 40, 9000}) {
    const TF_Tensor p = Floats(random, {count, 1}), y = Floats(random, {count, 1});
    for (int64_t i = 0; i < count; ++i) FloatsOf(y)[i] = FloatsOf(y)[i] > 0;
    const auto inside = [&](int64_t i) { return std::fmin(std::fmax(FloatsOf(p)[i], least), most); };
    const auto found = Call("AutofisCrossEntropy", {p, y, bounds});
    Expect("AutofisCrossEntropy", found[0], From(count, [&](int64_t i) {
      return -std::log(FloatsOf(y)[i] == 1 ? inside(i) : 1 - inside(i));
    }));
    Expect("AutofisCrossEntropy", found[1], From(count, [&](int64_t i) {
      if (FloatsOf(p)[i] != inside(i)) return 0.0;
      return (inside(i) - FloatsOf(y)[i]) / (inside(i) * (1 - inside(i)));
    }));
  }
  Refused("AutofisCrossEntropy", {Floats(random, {3}), Floats(random, {2}), bounds});
});

}  // namespace
