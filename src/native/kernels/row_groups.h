#pragma once
#include <cstdint>
#include <memory>
#include <vector>

namespace autofis {

/** The different rows that one thread updates, and for each the places where a list names it. */
struct Part {
  std::vector<int32_t> rows;
  /** Row u occurs at occurrences[begin[u] .. begin[u + 1]), in the list's order. */
  std::vector<int32_t> begin, occurrences;
};

/** A list of rows, grouped: one part a thread. */
struct Groups {
  std::vector<int32_t> list;
  std::vector<Part> parts;
};

/** The list's groups. Tables of one model mostly read the same rows in turn: the groups of the last list are kept. */
std::shared_ptr<const Groups> GroupsOf(const int32_t* list, int64_t count);

}  // namespace autofis
