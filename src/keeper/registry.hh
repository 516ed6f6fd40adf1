#pragma once

#include <string>
#include <vector>

#include "base/error.hh"
#include "sys/fd.hh"

namespace hopyard::keeper {

/// True for what can name a lab: letters, digits, '.', '_' and '-', not first one of the latter three; at
/// most 63 bytes.
[[nodiscard]] bool valid_lab_name(std::string_view name);

/// A lab's directory, held by the lock that says that the lab lives. A fork holds it too: it is free when
/// both have gone.
class Claim {
 public:
  Claim(Claim&& other) noexcept = default;
  Claim& operator=(Claim&&) = delete;
  /// Removes the directory, unless it was kept.
  ~Claim();

  [[nodiscard]] int folder() const { return folder_.get(); }
  [[nodiscard]] int runtime() const { return runtime_.get(); }
  /// The lab lives on without this process: only lets go.
  void keep() { folder_.reset(); }
  /// Removes the directory and what Hopyard put there. Needs no path, so that the keeper can do it from its
  /// own root.
  Result<> remove();

 private:
  friend class Registry;
  Claim(sys::Fd runtime, sys::Fd folder, std::string name, std::string leaf)
      : runtime_(std::move(runtime)),
        folder_(std::move(folder)),
        name_(std::move(name)),
        leaf_(std::move(leaf)) {}
  sys::Fd runtime_;  ///< the directory of all labs
  sys::Fd folder_;   ///< the lab's own, locked
  std::string name_;
  std::string
      leaf_;  ///< the directory of all labs is removed under this name when it is empty; empty to leave it
};

/// The directory of all labs that run on this machine, one directory each. A lab whose lock can be taken is
/// dead, and what it left is cleared. The lock of the directory itself is held while one looks, so that none
/// is taken for dead or alive by mistake.
class Registry {
 public:
  /// $HOPYARD_RUNTIME_DIR; else /run/hopyard for root, $XDG_RUNTIME_DIR/hopyard for others.
  [[nodiscard]] static Registry standard();
  /// @param path is made when a lab is claimed. @param removable is removed with its last lab.
  Registry(std::string path, bool removable) : path_(std::move(path)), removable_(removable) {}

  [[nodiscard]] const std::string& path() const { return path_; }
  /// The labs that live, sorted. Clears what dead ones left; of what cannot be cleared now the next command
  /// takes care.
  [[nodiscard]] Result<std::vector<std::string>> labs() const;
  /// The one lab that runs; an error when there is none or more than one.
  [[nodiscard]] Result<std::string> only_lab() const;
  /// Clears what a dead lab of this name has left, if anything.
  [[nodiscard]] Result<> bury(const std::string& name) const;
  /// Whether something that the lab has changed outside of itself is still to be put back.
  [[nodiscard]] Result<bool> has_changes(const std::string& name) const;
  /// Makes the lab's directory; "lab X is already running" when it lives.
  [[nodiscard]] Result<Claim> claim(const std::string& name) const;
  /// A connection to the lab's keeper; "no lab X is running" when there is none.
  [[nodiscard]] Result<sys::Fd> connect(const std::string& name) const;

 private:
  /// The folder of labs, once it is sure that nobody else has put it there.
  [[nodiscard]] Result<sys::Fd> open() const;
  /// The same; closed where there is none.
  [[nodiscard]] Result<sys::Fd> open_if_there() const;
  [[nodiscard]] Result<sys::Fd> locked(bool create) const;
  [[nodiscard]] std::string leaf() const;
  std::string path_;
  bool removable_;
};

}  // namespace hopyard::keeper
