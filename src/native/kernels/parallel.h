#pragma once
#include <cstdint>
#include <functional>

namespace autofis {

/** Return the number of threads for a kernel: the processors that this process may use, or TF_NUM_INTRAOP_THREADS. */
int Threads();

/**
 * Runs body(0), ..., body(parts - 1), each once, on the caller's thread and those of a pool that lives as long as the
 * process. Which thread runs which part is open, so a result depends on `parts` alone.
 */
void Parallel(int parts, const std::function<void(int)>& body);

/**
 * The part-th of `parts` almost equal pieces of 0 .. n-1: [Begin(part), Begin(part + 1)). Those that are larger by one
 * come first, so that all threads end at about the same time.
 */
inline int64_t Begin(int64_t n, int parts, int part) {
  const int64_t larger = n % parts;
  return n / parts * part + (part < larger ? part : larger);
}

}  // namespace autofis
