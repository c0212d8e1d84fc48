#include "dense.h"

#include <algorithm>
#include <string>
#include <vector>

#include "op.h"

// The products of dense layers, each with what follows it, so that its result is written once.

namespace autofis {

ColumnSums::ColumnSums(const Product& product, int parts)
    : product_(product), sums_(product.columnSums == nullptr ? 0 : parts * product.columns) {}

float* ColumnSums::Of(int part) { return sums_.empty() ? nullptr : sums_.data() + part * product_.columns; }

void ColumnSums::Add() {
  if (sums_.empty()) return;
  const size_t columns = product_.columns;
  std::copy_n(sums_.begin(), columns, product_.columnSums);
  for (size_t i = columns; i < sums_.size(); ++i) product_.columnSums[i % columns] += sums_[i];
}

namespace {

/** Names of a set of these ops, their multiplication, and the type of what layers and gradients return. */
struct Way {
  const char *product, *layer, *gradient, *sum;
  void (*multiply)(const Product&);
  TF_DataType type;
};

void MultiplySingle(const Product& product) { BestMultiply()(product); }

constexpr Way kSingle{"AutofisProduct", "AutofisReluLayer", "AutofisReluLayerGradient", "AutofisAddProduct",
    MultiplySingle, TF_FLOAT};

Numbers<const void> NumbersOf(TF_Tensor* x) { return {TF_TensorData(x), TF_TensorType(x) == TF_BFLOAT16}; }

/** A matrix [R, C], or a batch of one [1, R, C]. */
bool IsMatrix(TF_Tensor* x) { return TF_NumDims(x) == 2 || (TF_NumDims(x) == 3 && TF_Dim(x, 0) == 1); }

/** A matrix x, transposed where asked for, as a factor of R or C rows. */
struct Side {
  Side(TF_Tensor* x, bool transposed) {
    const int last = TF_NumDims(x) - 1;
    rows = TF_Dim(x, transposed ? last : last - 1);
    columns = TF_Dim(x, transposed ? last - 1 : last);
    factor = {NumbersOf(x), TF_Dim(x, last), transposed};
  }

  int64_t rows, columns;
  Factor factor;
};

/** a b; false where their shapes do not fit. */
bool MakeProduct(Run& run, const char* op, bool transposeA, bool transposeB, Product* out) {
  TF_Tensor *a = run.Input(0), *b = run.Input(1);
  if (!run.Require(IsMatrix(a) && IsMatrix(b), op, "two matrices are needed")) return false;
  const Side left(a, transposeA), right(b, transposeB);
  if (!run.Require(left.columns == right.rows, op, "the inner sizes of the matrices differ")) return false;
  if (!run.Require(left.columns > 0, op, "the inner size must not be 0")) return false;
  *out = {left.factor, right.factor, left.rows, left.columns, right.columns, nullptr, nullptr, nullptr, {}, nullptr};
  return true;
}

/** A result in the form of another matrix: of a batch of one where that is one. */
void Compute(Run& run, const Way& way, TF_DataType type, TF_Tensor* form, Product& product) {
  std::vector<int64_t> shape = {product.rows, product.columns};
  if (TF_NumDims(form) == 3) shape.insert(shape.begin(), 1);
  const bool isHalf = type == TF_BFLOAT16;
  void* const memory = isHalf ? static_cast<void*>(run.Output<Half>(0, type, shape)) : run.Floats(0, shape);
  product.result = {memory, isHalf};
  if (product.rows > 0 && product.columns > 0) way.multiply(product);
}

/** a [R, K] b [K, C], either transposed, in float32. */
template <const Way& way, bool transposeA, bool transposeB>
void ProductOp(void*, TF_OpKernelContext* context) {
  Run run(context);
  Product product;
  if (MakeProduct(run, way.product, transposeA, transposeB, &product)) {
    Compute(run, way, TF_FLOAT, run.Input(0), product);
  }
}

/** max(x [R, K] w [K, C] + bias [C], 0). */
template <const Way& way>
void ReluLayerOp(void*, TF_OpKernelContext* context) {
  Run run(context);
  Product product;
  if (!MakeProduct(run, way.layer, false, false, &product)) return;
  TF_Tensor* bias = run.Input(2);
  const bool fits = TF_TensorElementCount(bias) == product.columns;
  if (!run.Require(fits, way.layer, "a bias for each column is needed")) return;
  product.bias = Data<float>(bias);
  Compute(run, way, way.type, run.Input(0), product);
}

/**
 * dy [R, K] times the transpose of w [C, K] where relu's result y [R, C] is above 0, else 0, and the sums of its
 * columns: the gradient of a bias.
 */
template <const Way& way>
void ReluGradientOp(void*, TF_OpKernelContext* context) {
  Run run(context);
  Product product;
  if (!MakeProduct(run, way.gradient, false, true, &product)) return;
  TF_Tensor* y = run.Input(2);
  const bool fits = TF_TensorElementCount(y) == product.rows * product.columns;
  if (!run.Require(fits, way.gradient, "y must have the shape of the product")) return;
  product.positive = TF_TensorData(y);
  product.columnSums = run.Floats(1, {product.columns});
  if (product.rows == 0) std::fill_n(product.columnSums, product.columns, 0.0f);
  Compute(run, way, way.type, y, product);
}

/** x + dy [R, K] times the transpose of w [C, K], in the shape of x, which has R C numbers. */
template <const Way& way>
void AddProductOp(void*, TF_OpKernelContext* context) {
  Run run(context);
  Product product;
  if (!MakeProduct(run, way.sum, false, true, &product)) return;
  TF_Tensor* x = run.Input(2);
  const bool fits = TF_TensorElementCount(x) == product.rows * product.columns;
  if (!run.Require(fits, way.sum, "x must have as many numbers as the product")) return;
  product.addend = Data<float>(x);
  product.result = {run.FloatsLike(0, x), false};
  if (product.rows > 0 && product.columns > 0) way.multiply(product);
}

void Nothing(void*, TF_OpKernelContext*) {}

/** "name: type" of two factors, of what follows a product, and attributes that say the types of factors. */
struct Signature {
  const char *a, *b, *y, *result;
  std::initializer_list<const char*> attributes;
};

template <const Way& way>
bool RegisterAll(const Signature& types) {
  const auto product = [&](const char* which, ::autofis::Compute compute) {
    const std::string name = std::string(way.product) + which;
    return Register(name.c_str(), {types.a, types.b}, {"c: float"}, compute, types.attributes);
  };
  return product("NN", ProductOp<way, false, false>) && product("TN", ProductOp<way, true, false>) &&
         product("NT", ProductOp<way, false, true>) && product("TT", ProductOp<way, true, true>) &&
         Register(way.layer, {types.a, types.b, "bias: float"}, {types.result}, ReluLayerOp<way>, types.attributes) &&
         Register(way.gradient, {types.a, types.b, types.y}, {types.result, "sums: float"}, ReluGradientOp<way>,
                  types.attributes) &&
         Register(way.sum, {types.a, types.b, "x: float"}, {"sum: float"}, AddProductOp<way>, types.attributes);
}

const bool registered =
    RegisterAll<kSingle>({"a: float", "b: float", "y: float", "result: float", {}}) &&
    // Where this op exists, the others are faster than TensorFlow's.
    (!MultipliesFast() || Register("AutofisFastProducts", {}, {}, Nothing));

#ifdef AUTOFIS_AMX
constexpr Way kRounded{"AutofisHalfProduct", "AutofisHalfReluLayer", "AutofisHalfReluLayerGradient",
    "AutofisHalfAddProduct", MultiplyRounded, TF_BFLOAT16};

const bool registeredHalves =
    HasAmx() &&
    RegisterAll<kRounded>(
        {"a: A", "b: B", "y: bfloat16", "result: bfloat16", {"A: {float, bfloat16}", "B: {float, bfloat16}"}}) &&
    // Where this op exists, the others are there for factors that are rounded to bfloat16.
    Register("AutofisHalfProducts", {}, {}, Nothing);
#endif

}  // namespace
}  // namespace autofis
