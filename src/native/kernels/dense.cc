#include "dense.h"

#include "op.h"

// The products of dense layers, each with what follows it, so that its result is written once.

namespace autofis {
namespace {

/** x [R, C], transposed where asked for, as a factor of R or C rows. */
struct Side {
  Side(TF_Tensor* x, bool transposed)
      : rows(TF_Dim(x, transposed ? 1 : 0)),
        columns(TF_Dim(x, transposed ? 0 : 1)),
        factor{Data<float>(x), TF_Dim(x, 1), transposed} {}

  int64_t rows, columns;
  Factor factor;
};

/** a b; false where their shapes do not fit. */
bool MakeProduct(Run& run, const char* op, TF_Tensor* a, bool transposeA, TF_Tensor* b, bool transposeB, Product* out) {
  const bool areMatrices = TF_NumDims(a) == 2 && TF_NumDims(b) == 2;
  if (!run.Require(areMatrices, op, "two matrices are needed")) return false;
  const Side left(a, transposeA), right(b, transposeB);
  if (!run.Require(left.columns == right.rows, op, "the inner sizes of the matrices differ")) return false;
  if (!run.Require(left.columns > 0, op, "the inner size must not be 0")) return false;
  *out = {left.factor, right.factor, left.rows, left.columns, right.columns, nullptr, nullptr, nullptr};
  return true;
}

void Compute(Run& run, Product& product) {
  product.result = run.Floats(0, {product.rows, product.columns});
  if (product.rows > 0 && product.columns > 0) BestMultiply()(product);
}

/** a [R, K] b [K, C], either transposed. */
template <bool transposeA, bool transposeB>
void ProductOp(void*, TF_OpKernelContext* context) {
  Run run(context);
  Product product;
  if (MakeProduct(run, "AutofisProduct", run.Input(0), transposeA, run.Input(1), transposeB, &product)) {
    Compute(run, product);
  }
}

/** max(x [R, K] w [K, C] + bias [C], 0). */
void ReluLayerOp(void*, TF_OpKernelContext* context) {
  Run run(context);
  Product product;
  if (!MakeProduct(run, "AutofisReluLayer", run.Input(0), false, run.Input(1), false, &product)) return;
  TF_Tensor* bias = run.Input(2);
  const bool fits = TF_TensorElementCount(bias) == product.columns;
  if (!run.Require(fits, "AutofisReluLayer", "a bias for each column is needed")) return;
  product.bias = Data<float>(bias);
  Compute(run, product);
}

/** dy [R, K] times the transpose of w [C, K] where relu's result y [R, C] is above 0, else 0. */
void ReluGradientOp(void*, TF_OpKernelContext* context) {
  Run run(context);
  Product product;
  if (!MakeProduct(run, "AutofisReluLayerGradient", run.Input(0), false, run.Input(1), true, &product)) return;
  TF_Tensor* y = run.Input(2);
  const bool fits = TF_TensorElementCount(y) == product.rows * product.columns;
  if (!run.Require(fits, "AutofisReluLayerGradient", "y must have the shape of the product")) return;
  product.positive = Data<float>(y);
  Compute(run, product);
}

void Nothing(void*, TF_OpKernelContext*) {}

const bool registered =
    Register("AutofisProductNN", {"a: float", "b: float"}, {"c: float"}, ProductOp<false, false>) &&
    Register("AutofisProductTN", {"a: float", "b: float"}, {"c: float"}, ProductOp<true, false>) &&
    Register("AutofisProductNT", {"a: float", "b: float"}, {"c: float"}, ProductOp<false, true>) &&
    Register("AutofisProductTT", {"a: float", "b: float"}, {"c: float"}, ProductOp<true, true>) &&
    Register("AutofisReluLayer", {"x: float", "w: float", "bias: float"}, {"y: float"}, ReluLayerOp) &&
    Register("AutofisReluLayerGradient", {"dy: float", "w: float", "y: float"}, {"dx: float"}, ReluGradientOp) &&
    // Where this op exists, the others are faster than TensorFlow's.
    (!MultipliesFast() || Register("AutofisFastProducts", {}, {}, Nothing));

}  // namespace
}  // namespace autofis
