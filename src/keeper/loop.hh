#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include "base/error.hh"

namespace hopyard::keeper {

/// Waits for many descriptors at once, in one thread (Boost.Asio).
class Loop {
 public:
  /// Needs descriptors of its own: fails where there are none left.
  [[nodiscard]] static Result<Loop> open();
  Loop(Loop&& other) noexcept;
  Loop& operator=(Loop&& other) = delete;
  ~Loop();

  struct Impl;
  struct WatchImpl;

  /// While it lives, its descriptor is watched. May be destroyed by its own callback.
  class Watch {
   public:
    Watch() = default;
    explicit Watch(std::shared_ptr<WatchImpl> impl);
    Watch(Watch&& other) noexcept;
    Watch& operator=(Watch&& other) noexcept;
    ~Watch();

   private:
    std::shared_ptr<WatchImpl> impl_;
  };

  enum class For : std::uint8_t { Reading, Writing };
  /// @p callback runs whenever @p descriptor can be read from (or has ended), or written to. The descriptor
  /// stays the caller's. Fails where there are no resources for it.
  [[nodiscard]] Result<Watch> watch(int descriptor, For what, std::function<void()> callback);
  /// @p callback runs once, @p delay from now.
  [[nodiscard]] Watch after(std::chrono::milliseconds delay, std::function<void()> callback);

  /// Runs callbacks until stop() is called.
  void run();
  void stop();

 private:
  explicit Loop(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace hopyard::keeper
