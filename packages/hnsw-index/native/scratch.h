// Scratch: what one search needs beside the graph, kept from search to search. ScratchPool hands it out without a lock.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "block_memory.h"

namespace cbir::hnsw {

/// A node in the beam. `expanded`: its links were followed.
struct Candidate {
  float key;
  uint32_t node : 30;
  uint32_t expanded : 1;
  uint32_t allowed : 1;
};

/// Nodes are numbered in 30 bits.
constexpr size_t maxNodes = (size_t{1} << 30) - 1;

class Scratch {
 public:
  std::vector<Candidate> beam;   // by ascending key
  std::vector<uint32_t> links;   // copy of a list, where it must be read under a lock
  std::vector<uint32_t> fresh;   // nodes of a list that were not visited before
  std::vector<uint8_t> codes;    // of the query
  BlockMemory row;               // the query as a row of the space

  /// Makes all of `nodes` unvisited, and room for lists of `links`. @throws std::bad_alloc
  void begin(size_t nodes, size_t links);
  /// The marks of the visited: those equal to tag().
  uint8_t* marks() { return marks_.data(); }
  uint8_t tag() const { return tag_; }

 private:
  std::vector<uint8_t> marks_;
  uint8_t tag_ = 0;
};

class ScratchPool {
 public:
  ~ScratchPool();

  /// Belongs to the caller until it goes out of scope.
  class Loan {
   public:
    explicit Loan(ScratchPool& pool) : pool_(pool), scratch_(pool.take()) {}
    ~Loan() { pool_.giveBack(scratch_); }
    Loan(const Loan&) = delete;
    Loan& operator=(const Loan&) = delete;
    Scratch& operator*() const { return *scratch_; }
    Scratch* operator->() const { return scratch_; }

   private:
    ScratchPool& pool_;
    Scratch* scratch_;
  };

 private:
  Scratch* take();
  void giveBack(Scratch* scratch);

  std::array<std::atomic<Scratch*>, 32> free_{};
};

}  // namespace cbir::hnsw
