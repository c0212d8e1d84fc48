#pragma once
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <vector>

// What the kernels use of TensorFlow's C interface, over tensors that end where their last number does: reading or writing
// past one is then an error that AddressSanitizer sees. TensorFlow itself would round sizes up, and cannot be instrumented here.

enum TF_DataType { TF_FLOAT = 1, TF_INT32 = 3, TF_BFLOAT16 = 14 };
enum TF_Code { TF_OK = 0, TF_INVALID_ARGUMENT = 3 };

struct TF_OpDefinitionBuilder;
struct TF_KernelBuilder;
struct TF_OpKernelConstruction;

struct TF_Status {
  TF_Code code = TF_OK;
  std::string message;
};

/** A handle; several may share one memory. */
struct TF_Tensor {
  TF_DataType type;
  std::vector<int64_t> shape;
  std::shared_ptr<void> data;
};

struct TF_OpKernelContext {
  std::vector<TF_Tensor> inputs, outputs;
  TF_Status status;
};

using Compute = void (*)(void*, TF_OpKernelContext*);

/** The kernels that the library has registered, by the names of their ops. */
std::map<std::string, Compute>& Kernels();

/** A tensor of numbers of 4 bytes, not filled. */
TF_Tensor NewTensor(TF_DataType type, const std::vector<int64_t>& shape);

TF_Status* TF_NewStatus();
void TF_DeleteStatus(TF_Status* status);
void TF_SetStatus(TF_Status* status, TF_Code code, const char* message);
TF_Code TF_GetCode(const TF_Status* status);
const char* TF_Message(const TF_Status* status);

int TF_NumInputs(TF_OpKernelContext* context);
void TF_GetInput(TF_OpKernelContext* context, int i, TF_Tensor** tensor, TF_Status* status);
TF_Tensor* TF_AllocateOutput(
    TF_OpKernelContext* context, int i, TF_DataType type, const int64_t* shape, int rank, size_t bytes, TF_Status* status);
void TF_OpKernelContext_Failure(TF_OpKernelContext* context, TF_Status* status);

void TF_DeleteTensor(TF_Tensor* tensor);
TF_DataType TF_TensorType(const TF_Tensor* tensor);
int TF_NumDims(const TF_Tensor* tensor);
int64_t TF_Dim(const TF_Tensor* tensor, int i);
int64_t TF_TensorElementCount(const TF_Tensor* tensor);
size_t TF_TensorByteSize(const TF_Tensor* tensor);
void* TF_TensorData(const TF_Tensor* tensor);

TF_OpDefinitionBuilder* TF_NewOpDefinitionBuilder(const char* name);
void TF_OpDefinitionBuilderAddAttr(TF_OpDefinitionBuilder* op, const char* attribute);
void TF_OpDefinitionBuilderAddInput(TF_OpDefinitionBuilder* op, const char* input);
void TF_OpDefinitionBuilderAddOutput(TF_OpDefinitionBuilder* op, const char* output);
void TF_OpDefinitionBuilderSetIsStateful(TF_OpDefinitionBuilder* op, bool is_stateful);
void TF_RegisterOpDefinition(TF_OpDefinitionBuilder* op, TF_Status* status);
TF_KernelBuilder* TF_NewKernelBuilder(
    const char* op, const char* device, void* (*create)(TF_OpKernelConstruction*), Compute compute, void (*destroy)(void*));
void TF_RegisterKernelBuilder(const char* name, TF_KernelBuilder* kernel, TF_Status* status);
