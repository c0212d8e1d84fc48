#include "stand_in.h"

#include <cstdlib>

struct TF_OpDefinitionBuilder {};

struct TF_KernelBuilder {
  std::string op;
  Compute compute;
};

std::map<std::string, Compute>& Kernels() {
  static std::map<std::string, Compute> kernels;
  return kernels;
}

TF_Tensor NewTensor(TF_DataType type, const std::vector<int64_t>& shape) {
  TF_Tensor tensor{type, shape, nullptr};
  const size_t bytes = TF_TensorByteSize(&tensor);
  // Without numbers there is no memory: TensorFlow, too, may give a null pointer.
  if (bytes > 0) tensor.data = std::shared_ptr<void>(std::malloc(bytes), std::free);
  return tensor;
}

TF_Status* TF_NewStatus() { return new TF_Status; }
void TF_DeleteStatus(TF_Status* status) { delete status; }
void TF_SetStatus(TF_Status* status, TF_Code code, const char* message) { *status = {code, message}; }
TF_Code TF_GetCode(const TF_Status* status) { return status->code; }
const char* TF_Message(const TF_Status* status) { return status->message.c_str(); }

int TF_NumInputs(TF_OpKernelContext* context) { return static_cast<int>(context->inputs.size()); }

void TF_GetInput(TF_OpKernelContext* context, int i, TF_Tensor** tensor, TF_Status*) {
  *tensor = new TF_Tensor(context->inputs.at(i));
}

TF_Tensor* TF_AllocateOutput(
    TF_OpKernelContext* context, int i, TF_DataType type, const int64_t* shape, int rank, size_t, TF_Status*) {
  if (static_cast<int>(context->outputs.size()) <= i) context->outputs.resize(i + 1);
  context->outputs[i] = NewTensor(type, std::vector<int64_t>(shape, shape + rank));
  return new TF_Tensor(context->outputs[i]);
}

void TF_OpKernelContext_Failure(TF_OpKernelContext* context, TF_Status* status) { context->status = *status; }

void TF_DeleteTensor(TF_Tensor* tensor) { delete tensor; }
TF_DataType TF_TensorType(const TF_Tensor* tensor) { return tensor->type; }
int TF_NumDims(const TF_Tensor* tensor) { return static_cast<int>(tensor->shape.size()); }
int64_t TF_Dim(const TF_Tensor* tensor, int i) { return tensor->shape.at(i); }

int64_t TF_TensorElementCount(const TF_Tensor* tensor) {
  int64_t count = 1;
  for (int64_t size : tensor->shape) count *= size;
  return count;
}

size_t TF_TensorByteSize(const TF_Tensor* tensor) {
  return (tensor->type == TF_BFLOAT16 ? 2 : 4) * static_cast<size_t>(TF_TensorElementCount(tensor));
}
void* TF_TensorData(const TF_Tensor* tensor) { return tensor->data.get(); }

TF_OpDefinitionBuilder* TF_NewOpDefinitionBuilder(const char*) { return new TF_OpDefinitionBuilder; }
void TF_OpDefinitionBuilderAddAttr(TF_OpDefinitionBuilder*, const char*) {}
void TF_OpDefinitionBuilderAddInput(TF_OpDefinitionBuilder*, const char*) {}
void TF_OpDefinitionBuilderAddOutput(TF_OpDefinitionBuilder*, const char*) {}
void TF_OpDefinitionBuilderSetIsStateful(TF_OpDefinitionBuilder*, bool) {}
void TF_RegisterOpDefinition(TF_OpDefinitionBuilder* op, TF_Status*) { delete op; }

TF_KernelBuilder* TF_NewKernelBuilder(
    const char* op, const char*, void* (*)(TF_OpKernelConstruction*), Compute compute, void (*)(void*)) {
  return new TF_KernelBuilder{op, compute};
}

void TF_RegisterKernelBuilder(const char*, TF_KernelBuilder* kernel, TF_Status*) {
  Kernels()[kernel->op] = kernel->compute;
  delete kernel;
}
