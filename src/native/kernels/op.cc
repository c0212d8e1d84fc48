#include "op.h"

#include <cstdio>

namespace autofis {

bool Register(
    const char* name, std::initializer_list<const char*> inputs, std::initializer_list<const char*> outputs,
    Compute compute, std::initializer_list<const char*> attributes) {
  TF_OpDefinitionBuilder* op = TF_NewOpDefinitionBuilder(name);
  for (const char* attribute : attributes) TF_OpDefinitionBuilderAddAttr(op, attribute);
  for (const char* input : inputs) TF_OpDefinitionBuilderAddInput(op, input);
  for (const char* output : outputs) TF_OpDefinitionBuilderAddOutput(op, output);
  // Nothing is known of what such an op does, so that TensorFlow neither drops nor merges it.
  TF_OpDefinitionBuilderSetIsStateful(op, true);
  TF_Status* status = TF_NewStatus();
  TF_RegisterOpDefinition(op, status);
  if (TF_GetCode(status) == TF_OK) {
    TF_KernelBuilder* kernel = TF_NewKernelBuilder(name, "CPU", nullptr, compute, nullptr);
    TF_RegisterKernelBuilder(name, kernel, status);
  }
  const bool ok = TF_GetCode(status) == TF_OK;
  if (!ok) std::fprintf(stderr, "tfjs-autofis: %s cannot be registered: %s\n", name, TF_Message(status));
  TF_DeleteStatus(status);
  return ok;
}

}  // namespace autofis
