#include "op.h"

namespace autofis {
namespace {

// Read by scripts/native.mjs out of the built addon: whether it was built from the sources that lie here.
extern "C" __attribute__((visibility("default"), used))
const char autofis_sources[] = "tfjs-autofis-sources:" AUTOFIS_SOURCES;

void Nothing(void*, TF_OpKernelContext*) {}

// This op exists where the addon has this version of the ops: count up when an op's inputs, outputs or meaning change,
// here and in src/native/kernel_ops.ts.
const bool registered = Register("AutofisOps10", {}, {}, Nothing);

}  // namespace
}  // namespace autofis
