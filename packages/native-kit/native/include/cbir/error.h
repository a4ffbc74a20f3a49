// Errors of native code. Each carries the code of a CbirError, which it becomes in JavaScript.
#pragma once

#include <stdexcept>
#include <string>

namespace cbir {

/// A deliberate error: what was wrong, what was expected, what to do.
class Error : public std::runtime_error {
 public:
  /// `code` is one of core's error codes, e.g. "CORRUPT_DATA", and must live as long as the program.
  Error(const char* code, const std::string& message) : std::runtime_error(message), code_(code) {}
  const char* code() const noexcept { return code_; }

 private:
  const char* code_;
};

/// Thrown by work that was asked to stop. Becomes ABORTED.
class Aborted : public Error {
 public:
  Aborted() : Error("ABORTED", "The call was aborted.") {}
};

}  // namespace cbir
