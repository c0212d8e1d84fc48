#include "variants.h"

#include "products.h"

// The passes and products themselves, with their choice among instruction sets out of the way: here all of them are to
// run.
#define BestPasses PassesOfProcessor
#define BestMultiply MultiplyOfProcessor
#include "dense_tiles.cc"
#include "products_passes.cc"
#undef BestPasses
#undef BestMultiply

namespace {

const autofis::Passes* passes = &autofis::baseline::passes;
autofis::Multiply multiply = autofis::dense_baseline::MultiplyTiles;

}  // namespace

std::vector<std::string> Variants() {
  std::vector<std::string> names = {"baseline"};
#ifdef AUTOFIS_VARIANTS
  if (autofis::HasAvx2()) names.push_back("avx2");
  if (autofis::HasAvx512()) names.push_back("avx512");
#endif
#ifdef AUTOFIS_AMX
  if (autofis::HasAmx()) names.push_back("amx");
#endif
  return names;
}

void UseVariant(const std::string& name) {
  passes = &autofis::baseline::passes;
  multiply = autofis::dense_baseline::MultiplyTiles;
#ifdef AUTOFIS_VARIANTS
  if (name == "avx2") {
    passes = &autofis::avx2::passes;
    multiply = autofis::dense_avx2::MultiplyTiles;
  }
  if (name == "avx512") {
    passes = &autofis::avx512::passes;
    multiply = autofis::dense_avx512::MultiplyTiles;
  }
#endif
#ifdef AUTOFIS_AMX
  if (name == "amx") multiply = autofis::MultiplyByAmx;
#endif
}

namespace autofis {

const Passes& BestPasses() { return *passes; }
Multiply BestMultiply() { return multiply; }

}  // namespace autofis
