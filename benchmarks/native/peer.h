// The protocol of a peer: one request a line on standard input (words separated by tabs), one JSON object a line on standard output.

#pragma once

#include <atomic>
#include <chrono>
#include <cstdio>
#include <exception>
#include <fstream>
#include <functional>
#include <iostream>
#include <map>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace peer {

using Words = std::vector<std::string>;
/** Answers a request with the inside of a JSON object, e.g. `"ms":12.5`. */
using Command = std::function<std::string(const Words&)>;

inline Words split(const std::string& line) {
  Words words;
  size_t from = 0;
  for (size_t tab; (tab = line.find('\t', from)) != std::string::npos; from = tab + 1) words.push_back(line.substr(from, tab - from));
  words.push_back(line.substr(from));
  return words;
}

inline size_t number(const std::string& word) { return std::stoull(word); }

inline std::string escape(const std::string& text) {
  std::string out;
  for (char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c < ' ' ? ' ' : c;
  }
  return out;
}

/** Answers requests until standard input ends. The first word names the command, the others are its arguments. */
inline int serve(const std::map<std::string, Command>& commands) {
  std::string line;
  while (std::getline(std::cin, line)) {
    Words words = split(line);
    auto command = commands.find(words[0]);
    words.erase(words.begin());
    std::string answer;
    try {
      if (command == commands.end()) throw std::runtime_error("there is no command of this name");
      answer = command->second(words);
    } catch (const std::exception& error) {
      answer = "\"error\":\"" + escape(error.what()) + "\"";
    }
    std::printf("{%s}\n", answer.c_str());
    std::fflush(stdout);
  }
  return 0;
}

inline double milliseconds() {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/** The time that `work` takes, as an answer. */
template <class Work>
std::string timed(Work&& work) {
  double began = milliseconds();
  work();
  return "\"ms\":" + std::to_string(milliseconds() - began);
}

/** A file of nothing but float32 numbers. */
inline std::vector<float> readFloats(const std::string& path) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  if (!file) throw std::runtime_error("cannot read " + path);
  std::vector<float> numbers(size_t(file.tellg()) / sizeof(float));
  file.seekg(0);
  file.read(reinterpret_cast<char*>(numbers.data()), std::streamsize(numbers.size() * sizeof(float)));
  return numbers;
}

/** Writes the ids found, int32, `k` a query, −1 where there was none. */
inline void writeIds(const std::string& path, const std::vector<int32_t>& ids) {
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<const char*>(ids.data()), std::streamsize(ids.size() * sizeof(int32_t)));
  if (!file) throw std::runtime_error("cannot write " + path);
}

/** Runs `work(thread)` on so many threads at once. */
template <class Work>
void onThreads(unsigned count, Work&& work) {
  std::vector<std::thread> threads;
  for (unsigned i = 1; i < count; i++) threads.emplace_back([&work, i] { work(i); });
  work(0u);
  for (auto& thread : threads) thread.join();
}

/** Lets every thread go on when all have come; by turning, as sleeping would be what is measured. */
class Meeting {
 public:
  explicit Meeting(unsigned threads) : threads_(threads) {}
  void wait() {
    size_t round = round_.load();
    if (waiting_.fetch_add(1) + 1 == threads_) {
      waiting_ = 0;
      round_.fetch_add(1);
    } else {
      while (round_.load() == round) std::this_thread::yield();
    }
  }

 private:
  const unsigned threads_;
  std::atomic<unsigned> waiting_{0};
  std::atomic<size_t> round_{0};
};

}  // namespace peer
