#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <string>
#include <string_view>

#include "sys/fd.hh"
#include "sys/file.hh"

/// A folder of the fuzzer's own, gone with it, for readers that open their files themselves.
class ScratchFolder {
 public:
  /// @param folders what is in it, paths with their parents.
  explicit ScratchFolder(std::initializer_list<std::string> folders) {
    std::string pattern = (std::filesystem::temp_directory_path() / "hopyard-fuzz-XXXXXX").string();
    if (::mkdtemp(pattern.data()) == nullptr) std::abort();
    path_ = pattern;
    for (const std::string& name : folders) std::filesystem::create_directories(path_ + '/' + name);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  ~ScratchFolder() { std::filesystem::remove_all(path_); }

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] hopyard::sys::Fd open(const std::string& name) const {
    auto folder = hopyard::sys::open_folder(hopyard::sys::here(), path_ + '/' + name);
    if (!folder) std::abort();
    return std::move(*folder);
  }
  void write(const std::string& name, std::string_view text) const {
    std::ofstream(path_ + '/' + name, std::ios::binary) << text;
  }

 private:
  std::string path_;
};
