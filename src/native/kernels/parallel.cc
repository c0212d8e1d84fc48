#include "parallel.h"

#include <sched.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <thread>

namespace autofis {
namespace {

int CountThreads() {
  const char* wish = std::getenv("TF_NUM_INTRAOP_THREADS");
  if (wish != nullptr && std::atoi(wish) > 0) return std::atoi(wish);
  cpu_set_t allowed;
  if (sched_getaffinity(0, sizeof(allowed), &allowed) == 0) return std::max(1, CPU_COUNT(&allowed));
  return std::max(1u, std::thread::hardware_concurrency());
}

/** Threads - 1 workers that wait for a job; the caller of a job works too. */
class Pool {
 public:
  Pool() {
    for (int i = 1; i < Threads(); ++i) std::thread([this] { Work(); }).detach();
  }

  void Run(int parts, const std::function<void(int)>& body) {
    // One job at a time: a second caller, from another thread of Node, computes alone.
    std::unique_lock<std::mutex> job(job_, std::try_to_lock);
    if (!job.owns_lock()) {
      for (int part = 0; part < parts; ++part) body(part);
      return;
    }
    {
      std::lock_guard<std::mutex> lock(mutex_);
      body_ = &body;
      parts_ = parts;
      next_ = 0;
      pending_ = parts;
      ++number_;
    }
    start_.notify_all();
    Take(&body, parts, number_);
    std::unique_lock<std::mutex> lock(mutex_);
    done_.wait(lock, [this] { return pending_ == 0; });
    body_ = nullptr;
  }

 private:
  void Work() {
    uint64_t seen = 0;
    for (;;) {
      const std::function<void(int)>* body;
      int parts;
      {
        std::unique_lock<std::mutex> lock(mutex_);
        start_.wait(lock, [&] { return number_ != seen; });
        seen = number_;
        body = body_;
        parts = parts_;
      }
      Take(body, parts, seen);
    }
  }

  /** Computes parts of one job as long as there are any; a job that is over, or replaced, has none left. */
  void Take(const std::function<void(int)>* body, int parts, uint64_t number) {
    for (;;) {
      int part;
      {
        std::lock_guard<std::mutex> lock(mutex_);
        if (number_ != number || next_ >= parts) return;
        part = next_++;
      }
      (*body)(part);
      std::lock_guard<std::mutex> lock(mutex_);
      if (--pending_ == 0) done_.notify_one();
    }
  }

  std::mutex job_, mutex_;
  std::condition_variable start_, done_;
  const std::function<void(int)>* body_ = nullptr;
  int parts_ = 0, next_ = 0, pending_ = 0;
  uint64_t number_ = 0;
};

}  // namespace

int Threads() {
  static const int threads = CountThreads();
  return threads;
}

void Parallel(int parts, const std::function<void(int)>& body) {
  if (parts <= 1) {
    if (parts == 1) body(0);
    return;
  }
  // Never destroyed: its threads may still wait when the process ends.
  static Pool* const pool = new Pool();
  pool->Run(parts, body);
}

}  // namespace autofis
