#pragma once

#include <atomic>
#include <mutex>
#include <optional>

#include "engine/engine.hh"
#include "engine/schedule.hh"

namespace hopyard::engine {

/// One run of a whole plan. Namespaces are made in order; behind that, what each newly made one allows is
/// done: links, then the settings of namespaces whose links are complete. With two threads the first part
/// runs ahead of the second.
class Build {
 public:
  Build(const plan::Plan& plan, const net::Desired& desired, kernel::Kernel& kernel, const Options& options);
  /// To be called once.
  [[nodiscard]] Result<Namespaces> run();

 private:
  void create_all();
  /// All, with a thread that creates ahead. @return false, with nothing done, if there is no thread to be
  /// had.
  bool run_with_another();
  [[nodiscard]] bool create(std::uint32_t ns);
  void connect_all();
  [[nodiscard]] bool connect(std::uint32_t ns);
  [[nodiscard]] bool make_links(std::uint32_t ns);
  [[nodiscard]] bool settle(std::uint32_t ns);
  /// What comes when all is up.
  void end();
  [[nodiscard]] bool apply_range(std::span<const plan::Operation> stage, Range range,
                                 std::uint32_t first_number);
  [[nodiscard]] bool check(std::uint32_t ns, Result<> outcome);

  [[nodiscard]] bool await(std::uint32_t ns);
  [[nodiscard]] bool stopped();
  void publish(std::uint32_t count);
  void fail(Error error);
  void report();
  [[nodiscard]] const plan::Operation& numbered(std::uint32_t number, std::uint32_t ns) const;

  const plan::Plan& plan_;
  const net::Desired& desired_;
  kernel::Kernel& kernel_;
  const Options& options_;
  Schedule schedule_;
  Namespaces namespaces_;
  std::vector<std::uint32_t> open_links_;  // of each namespace: link operations still to be done
  Progress progress_;

  std::atomic<std::uint32_t> created_ =
      0;  // namespaces ready for the second part; the highest value tells it to stop
  std::atomic<bool> stop_ = false;
  std::mutex failure_mutex_;
  std::optional<Error> failure_;
};

}  // namespace hopyard::engine
