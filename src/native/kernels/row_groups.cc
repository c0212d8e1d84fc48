#include "row_groups.h"

#include <algorithm>
#include <mutex>

#include "parallel.h"

namespace autofis {
namespace {

uint32_t Hash(int32_t row) {
  const uint32_t h = static_cast<uint32_t>(row) * 0x9E3779B1u;
  return h ^ (h >> 15);
}

/** Groups the given places of a list by row, by open addressing in a table that is at most half full. */
Part GroupPlaces(const int32_t* list, const std::vector<int32_t>& places) {
  Part part;
  size_t size = 16;
  while (size < 2 * places.size()) size *= 2;
  const uint32_t mask = static_cast<uint32_t>(size - 1);
  std::vector<int32_t> slots(size, -1), of(places.size());
  part.begin.push_back(0);
  for (size_t k = 0; k < places.size(); ++k) {
    const int32_t row = list[places[k]];
    uint32_t at = Hash(row) & mask;
    while (slots[at] >= 0 && part.rows[slots[at]] != row) at = (at + 1) & mask;
    if (slots[at] < 0) {
      slots[at] = static_cast<int32_t>(part.rows.size());
      part.rows.push_back(row);
      part.begin.push_back(0);
    }
    of[k] = slots[at];
    ++part.begin[of[k] + 1];
  }
  for (size_t u = 0; u < part.rows.size(); ++u) part.begin[u + 1] += part.begin[u];
  part.occurrences.resize(places.size());
  std::vector<int32_t> next(part.begin.begin(), part.begin.end());
  for (size_t k = 0; k < places.size(); ++k) part.occurrences[next[of[k]]++] = places[k];
  return part;
}

std::shared_ptr<const Groups> Group(const int32_t* list, int64_t count) {
  auto groups = std::make_shared<Groups>();
  groups->list.assign(list, list + count);
  const int threads = Threads();
  groups->parts.resize(threads);
  Parallel(threads, [&](int thread) {
    std::vector<int32_t> places(count);
    int64_t n = 0;
    for (int64_t i = 0; i < count; ++i) {
      // Written always, counted if it is this thread's: a branch here would be guessed wrong half the time.
      places[n] = static_cast<int32_t>(i);
      n += (static_cast<uint64_t>(Hash(list[i])) * threads >> 32) == static_cast<uint64_t>(thread);
    }
    places.resize(n);
    groups->parts[thread] = GroupPlaces(list, places);
  });
  return groups;
}

}  // namespace

std::shared_ptr<const Groups> GroupsOf(const int32_t* list, int64_t count) {
  static std::mutex mutex;
  static std::shared_ptr<const Groups> last;
  {
    std::lock_guard<std::mutex> lock(mutex);
    if (last && std::equal(last->list.begin(), last->list.end(), list, list + count)) return last;
  }
  const std::shared_ptr<const Groups> groups = Group(list, count);
  std::lock_guard<std::mutex> lock(mutex);
  return last = groups;
}

}  // namespace autofis
