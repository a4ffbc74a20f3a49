// A scan without Node: queries one after the other, each by a search in pieces that threads take, which wait for nothing but each other. What the scan itself
// takes.

#pragma once

#include <memory>

#include "peer.h"

namespace peer {

/** Answers `one`: threads, from, count, k. `start(query, k, threads)` gives the search of one query, a std::unique_ptr. */
template <class Start>
std::string oneByOne(const Words& words, Start&& start) {
  unsigned threads = unsigned(number(words[0]));
  size_t from = number(words[1]), count = number(words[2]), k = number(words[3]);
  Meeting begin(threads), end(threads);
  decltype(start(from, k, threads)) search;
  std::atomic<size_t> next(0), found(0);
  std::string answer = timed([&] {
    onThreads(threads, [&](unsigned thread) {
      for (size_t i = from; i < from + count; i++) {
        if (thread == 0) {
          search = start(i, k, threads);
          next = 0;
        }
        begin.wait();
        for (size_t piece; (piece = next.fetch_add(1)) < search->pieces();) search->run(piece, piece + 1, thread);
        end.wait();
        if (thread == 0) found += search->take().rows.size();
      }
    });
  });
  return answer + ",\"found\":" + std::to_string(found.load());
}

}  // namespace peer
