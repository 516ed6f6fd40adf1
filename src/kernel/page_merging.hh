#pragma once

#include <string>
#include <vector>

#include "base/error.hh"
#include "sys/fd.hh"

/// The kernel's page merging (KSM): memory pages of processes that asked for it, and that are equal, are kept
/// once. Source: Documentation/admin-guide/mm/ksm.rst, prctl(2).
namespace hopyard::kernel {

/// Where the switches are, and where it is noted who uses them. Others than the standard ones are for tests.
struct MergingPlaces {
  std::string switches = "/sys/kernel/mm/ksm";
  std::string folder = "/run";  ///< has the note while a lab merges
};

/// The note's name: a line for each switch, with its value before and the one that Hopyard gave it.
inline constexpr const char* merging_note = "hopyard.ksm";

/// Well when this kernel can merge what processes and all their children have.
[[nodiscard]] Result<> check_page_merging(const MergingPlaces& places = {});

/// What the calling process and its children will have in memory may be merged from now on. Their memory
/// gets a fixed layout, too (personality(2), ADDR_NO_RANDOMIZE): pages with addresses in them are equal only
/// if they lie at the same place.
[[nodiscard]] Result<> merge_own_pages();

/// A share in the host's page merging, which is one switch for the whole machine. It is on while anybody has
/// a share; who gives the last one back puts the switches back. A process that is killed gives its share
/// back, too, and then the next who looks puts them back: recover().
class PageMerging {
 public:
  /// No share.
  PageMerging() = default;
  PageMerging(PageMerging&&) = default;
  PageMerging& operator=(PageMerging&&) = default;
  ~PageMerging() { release(); }

  /// Switches merging on, unless it is on. Where the host has it on by itself, its pace is left as it is and
  /// the share is an empty one. A fork has the same share: it ends when both have let go or one released it.
  [[nodiscard]] static Result<PageMerging> hold(const MergingPlaces& places = {});
  /// Puts the switches back if those who had shares are all dead. Costs one system call where there is
  /// nothing to do.
  static void recover(const MergingPlaces& places = {});

  /// Lets go for this process alone: another has the share, too.
  void leave();
  /// Gives the share back. Needs no path: works from another root.
  void release();
  /// What must stay open for it.
  [[nodiscard]] std::vector<int> descriptors() const;

 private:
  PageMerging(sys::Fd switches, sys::Fd folder, sys::Fd note)
      : switches_(std::move(switches)), folder_(std::move(folder)), note_(std::move(note)) {}
  sys::Fd switches_;
  sys::Fd folder_;
  sys::Fd note_;  ///< locked for reading as long as the share lasts
};

}  // namespace hopyard::kernel
