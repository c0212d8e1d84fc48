#include "variants.h"

#include "products.h"

// The passes themselves, with their choice among instruction sets out of the way: here all of them are to run.
#define BestPasses ChosenByProcessor
#include "products_passes.cc"
#undef BestPasses

namespace {

const autofis::Passes* passes = &autofis::baseline::passes;

}  // namespace

std::vector<std::string> Variants() {
  std::vector<std::string> names = {"baseline"};
#ifdef AUTOFIS_VARIANTS
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) names.push_back("avx2");
  if (&autofis::ChosenByProcessor() == &autofis::avx512::passes) names.push_back("avx512");
#endif
  return names;
}

void UseVariant(const std::string& name) {
  passes = &autofis::baseline::passes;
#ifdef AUTOFIS_VARIANTS
  if (name == "avx2") passes = &autofis::avx2::passes;
  if (name == "avx512") passes = &autofis::avx512::passes;
#endif
}

namespace autofis {

const Passes& BestPasses() { return *passes; }

}  // namespace autofis
