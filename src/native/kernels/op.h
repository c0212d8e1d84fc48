#pragma once
#include <cstdint>
#include <initializer_list>
#include <string>
#include <vector>

#include "tensorflow/c/kernels.h"
#include "tensorflow/c/ops.h"
#include "tensorflow/c/tf_status.h"
#include "tensorflow/c/tf_tensor.h"

namespace autofis {

inline std::vector<int64_t> ShapeOf(TF_Tensor* tensor) {
  std::vector<int64_t> shape(TF_NumDims(tensor));
  for (size_t axis = 0; axis < shape.size(); ++axis) shape[axis] = TF_Dim(tensor, static_cast<int>(axis));
  return shape;
}

/** The inputs and outputs of one run of an op, by TensorFlow's C interface. */
class Run {
 public:
  explicit Run(TF_OpKernelContext* context) : context_(context), status_(TF_NewStatus()) {}
  Run(const Run&) = delete;
  Run& operator=(const Run&) = delete;
  ~Run() {
    for (TF_Tensor* tensor : tensors_) TF_DeleteTensor(tensor);
    TF_DeleteStatus(status_);
  }

  /** Return the number of inputs. */
  int Inputs() { return TF_NumInputs(context_); }

  /** The tensor at an input: its memory stays valid as long as this object. */
  TF_Tensor* Input(int i) {
    TF_Tensor* tensor = nullptr;
    TF_GetInput(context_, i, &tensor, status_);
    return Keep(tensor);
  }

  template <class T>
  T* Output(int i, TF_DataType type, const std::vector<int64_t>& shape) {
    int64_t size = sizeof(T);
    for (int64_t n : shape) size *= n;
    return static_cast<T*>(TF_TensorData(
        Keep(TF_AllocateOutput(context_, i, type, shape.data(), static_cast<int>(shape.size()), size, status_))));
  }

  float* Floats(int i, const std::vector<int64_t>& shape) { return Output<float>(i, TF_FLOAT, shape); }

  /** In the shape of another tensor. */
  float* FloatsLike(int i, TF_Tensor* form) { return Floats(i, ShapeOf(form)); }

  /** Fails the op with a message unless `condition` holds. The text is built only then: loops check every number. */
  bool Require(bool condition, const char* op, const char* message) {
    if (condition) return true;
    TF_SetStatus(status_, TF_INVALID_ARGUMENT, (std::string(op) + ": " + message).c_str());
    TF_OpKernelContext_Failure(context_, status_);
    return false;
  }

 private:
  TF_Tensor* Keep(TF_Tensor* tensor) {
    if (tensor != nullptr) tensors_.push_back(tensor);
    return tensor;
  }

  TF_OpKernelContext* context_;
  TF_Status* status_;
  std::vector<TF_Tensor*> tensors_;
};

template <class T>
T* Data(TF_Tensor* tensor) {
  return static_cast<T*>(TF_TensorData(tensor));
}

using Compute = void (*)(void*, TF_OpKernelContext*);

/**
 * Makes an op known to TensorFlow, as "name: type" of each input and output, with its kernel for the CPU; a type may be
 * an attribute, "name: {type, type}".
 */
bool Register(
    const char* name, std::initializer_list<const char*> inputs, std::initializer_list<const char*> outputs,
    Compute compute, std::initializer_list<const char*> attributes = {});

}  // namespace autofis
