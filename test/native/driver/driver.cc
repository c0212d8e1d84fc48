// Runs every op of src/native/kernels on small inputs of many shapes, and checks what it gives against plain loops. Built with
// a sanitizer it ends with an error at the first finding; else it prints what ran, as JSON.
#include <atomic>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <thread>

#include "cases.h"
#include "parallel.h"
#include "variants.h"

namespace {

std::atomic<int64_t> calls{0};

/** Threads that call ops at the same time, as several workers of Node do. */
constexpr int kCallers = 3;

[[noreturn]] void Fail(const std::string& op, const std::string& message) {
  std::fprintf(stderr, "%s: %s\n", op.c_str(), message.c_str());
  std::exit(1);
}

TF_OpKernelContext Run(const std::string& op, const std::vector<TF_Tensor>& inputs) {
  ++calls;
  TF_OpKernelContext context{inputs, {}, {}};
  Kernels().at(op)(nullptr, &context);
  return context;
}

void RunCases(uint32_t seed) {
  for (const auto& [op, run] : Cases()) {
    std::mt19937 random(seed);
    run(random);
  }
}

}  // namespace

std::map<std::string, Case>& Cases() {
  static std::map<std::string, Case> cases;
  return cases;
}

TF_Tensor Floats(std::mt19937& random, const std::vector<int64_t>& shape) {
  const TF_Tensor tensor = NewTensor(TF_FLOAT, shape);
  std::uniform_real_distribution<float> number(-1, 1);
  for (int64_t i = 0; i < TF_TensorElementCount(&tensor); ++i) FloatsOf(tensor)[i] = number(random);
  return tensor;
}

TF_Tensor Ints(const std::vector<int64_t>& shape, const std::vector<int32_t>& values) {
  const TF_Tensor tensor = NewTensor(TF_INT32, shape);
  for (size_t i = 0; i < values.size(); ++i) static_cast<int32_t*>(tensor.data.get())[i] = values[i];
  return tensor;
}

std::vector<TF_Tensor> Call(const std::string& op, const std::vector<TF_Tensor>& inputs) {
  const TF_OpKernelContext context = Run(op, inputs);
  if (context.status.code != TF_OK) Fail(op, context.status.message);
  return context.outputs;
}

void Refused(const std::string& op, const std::vector<TF_Tensor>& inputs) {
  if (Run(op, inputs).status.message.empty()) Fail(op, "takes what it must refuse");
}

void Expect(const std::string& op, const TF_Tensor& found, const std::vector<double>& expected) {
  if (TF_TensorElementCount(&found) != static_cast<int64_t>(expected.size())) Fail(op, "gives another number of values");
  for (size_t i = 0; i < expected.size(); ++i) {
    const double value = FloatsOf(found)[i];
    if (!(std::abs(value - expected[i]) <= 1e-4 * (1 + std::abs(expected[i])))) {
      Fail(op, "gives " + std::to_string(value) + " where " + std::to_string(expected[i]) + " is right");
    }
  }
}

int main() {
  for (const auto& [op, kernel] : Kernels()) {
    // An op that only says which version of the others there is, and counts up.
    if (op.rfind("AutofisOps", 0) == 0) AddCase(op.c_str(), [name = op](std::mt19937&) { Call(name, {}); });
    if (Cases().count(op) == 0) Fail(op, "has no case: add one to test/native/driver");
  }
  for (const std::string& variant : Variants()) {
    UseVariant(variant);
    RunCases(1);
    std::vector<std::thread> callers;
    for (int i = 0; i < kCallers; ++i) callers.emplace_back([i] { RunCases(2 + i); });
    for (std::thread& caller : callers) caller.join();
  }
  std::string names;
  for (const std::string& variant : Variants()) names += (names.empty() ? "\"" : ", \"") + variant + "\"";
  std::printf("{\"ops\": %zu, \"calls\": %lld, \"threads\": %d, \"callers\": %d, \"variants\": [%s]}\n", Kernels().size(),
      static_cast<long long>(calls), autofis::Threads(), kCallers, names.c_str());
}
