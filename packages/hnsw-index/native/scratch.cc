// Scratch and ScratchPool: see scratch.h.
#include "scratch.h"

#include <algorithm>

namespace cbir::hnsw {

void Scratch::begin(size_t nodes, size_t most) {
  if (marks_.size() < nodes) {
    marks_.assign(nodes + nodes / 4, 0);
    tag_ = 0;
  }
  if (links.size() < most + 1) links.resize(most + 1);
  if (fresh.size() < most + 1) fresh.resize(most + 1);
  if (++tag_ == 0) {
    std::fill(marks_.begin(), marks_.end(), uint8_t{0});
    tag_ = 1;
  }
}

ScratchPool::~ScratchPool() {
  for (auto& slot : free_) delete slot.load(std::memory_order_acquire);
}

Scratch* ScratchPool::take() {
  for (auto& slot : free_) {
    if (slot.load(std::memory_order_relaxed) == nullptr) continue;
    if (Scratch* found = slot.exchange(nullptr, std::memory_order_acquire)) return found;
  }
  return new Scratch();
}

void ScratchPool::giveBack(Scratch* scratch) {
  for (auto& slot : free_) {
    Scratch* none = nullptr;
    if (slot.compare_exchange_strong(none, scratch, std::memory_order_release, std::memory_order_relaxed)) return;
  }
  delete scratch;
}

}  // namespace cbir::hnsw
