#include <cmath>
#include <cstring>

#include "cases.h"

namespace {

const AddCase adam("AutofisAdam", [](std::mt19937& random) {
  const float beta1 = 0.9f, beta2 = 0.99f, rate = 0.1f, epsilon = 1e-3f;
  const TF_Tensor step = NewTensor(TF_FLOAT, {4});
  const float constants[] = {beta1, beta2, rate, epsilon};
  std::memcpy(step.data.get(), constants, sizeof(constants));
  // Weights of less than a piece, of several, and without numbers.
  const std::vector<std::vector<int64_t>> shapes = {{1}, {0, 3}, {130, 257}, {1025}, {1 << 14}};
  std::vector<TF_Tensor> inputs;
  for (int part = 0; part < 4; ++part) {
    for (const auto& shape : shapes) inputs.push_back(Floats(random, shape));
  }
  const size_t count = shapes.size();
  std::vector<std::vector<double>> moved(count), means(count), squares(count);
  for (size_t i = 0; i < count; ++i) {
    const float *w = FloatsOf(inputs[i]), *m = FloatsOf(inputs[count + i]), *g = FloatsOf(inputs[3 * count + i]);
    float* const v = FloatsOf(inputs[2 * count + i]);
    for (int64_t k = 0; k < TF_TensorElementCount(&inputs[i]); ++k) {
      v[k] = std::abs(v[k]);
      means[i].push_back(beta1 * m[k] + (1 - beta1) * g[k]);
      squares[i].push_back(beta2 * v[k] + (1 - beta2) * g[k] * g[k]);
      moved[i].push_back(w[k] - rate * means[i].back() / (std::sqrt(squares[i].back()) + epsilon));
    }
  }
  std::vector<TF_Tensor> given;
  for (const TF_Tensor& each : inputs) given.push_back(Copy(each));
  given.push_back(step);
  const std::vector<TF_Tensor> found = Call("AutofisAdam", given);
  for (size_t i = 0; i < count; ++i) {
    Expect("AutofisAdam", found[i], moved[i]);
    Expect("AutofisAdam", given[count + i], means[i]);
    Expect("AutofisAdam", given[2 * count + i], squares[i]);
    Expect("AutofisAdam", given[i], std::vector<double>(FloatsOf(inputs[i]), FloatsOf(inputs[i]) + moved[i].size()));
  }
  const TF_Tensor two = Floats(random, {2}), three = Floats(random, {3});
  Refused("AutofisAdam", {two, three, two, two, step});
  Refused("AutofisAdam", {two, two, three, two, step});
  Refused("AutofisAdam", {two, two, two, three, step});
});

}  // namespace
