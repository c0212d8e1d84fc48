#pragma once
#include <cstdint>
#include <cstring>
#include <functional>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "stand_in.h"

/** The case of one op: calls it as often as it takes, with right and with wrong inputs, by Call and Refused. */
using Case = std::function<void(std::mt19937&)>;

/** The cases by op. Each file of cases adds its own; the driver fails for a registered op without one. */
std::map<std::string, Case>& Cases();

struct AddCase {
  AddCase(const char* op, Case run) { Cases()[op] = std::move(run); }
};

/** Numbers from [-1, 1). */
TF_Tensor Floats(std::mt19937& random, const std::vector<int64_t>& shape);
TF_Tensor Ints(const std::vector<int64_t>& shape, const std::vector<int32_t>& values);

inline float* FloatsOf(const TF_Tensor& tensor) { return static_cast<float*>(tensor.data.get()); }

/** The same numbers in memory of their own. */
inline TF_Tensor Copy(const TF_Tensor& tensor) {
  const TF_Tensor copy = NewTensor(tensor.type, tensor.shape);
  // Without numbers there is no memory to copy.
  if (TF_TensorByteSize(&tensor) > 0) std::memcpy(copy.data.get(), tensor.data.get(), TF_TensorByteSize(&tensor));
  return copy;
}

/** Runs an op, which must succeed. */
std::vector<TF_Tensor> Call(const std::string& op, const std::vector<TF_Tensor>& inputs);

/** Runs an op, which must fail with a message. */
void Refused(const std::string& op, const std::vector<TF_Tensor>& inputs);

/** Ends the program unless all numbers are close to the expected ones. */
void Expect(const std::string& op, const TF_Tensor& found, const std::vector<double>& expected);
