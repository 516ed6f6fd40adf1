#include "keeper/loop.hh"

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/system/system_error.hpp>
#include <optional>

namespace hopyard::keeper {

namespace asio = boost::asio;

namespace {

// When the kernel has no memory for a moment.
constexpr std::chrono::milliseconds breath{50};

}  // namespace

struct Loop::Impl {
  asio::io_context context{1};
};

struct Loop::WatchImpl : std::enable_shared_from_this<WatchImpl> {
  std::function<void()> callback;
  std::optional<asio::posix::stream_descriptor> descriptor;
  std::optional<asio::steady_timer> timer;
  asio::posix::stream_descriptor::wait_type what = asio::posix::stream_descriptor::wait_read;
  bool ended = false;

  // Each waiting holds the object, so that a callback may end the watch that it was called by.
  void wait() {
    descriptor->async_wait(what, [self = shared_from_this()](const boost::system::error_code& error) {
      if (self->ended) return;
      if (error) return self->wait_later();
      self->callback();
      if (!self->ended) self->wait();
    });
  }

  void wait_later() {
    if (!timer) timer.emplace(descriptor->get_executor());
    timer->expires_after(breath);
    timer->async_wait([self = shared_from_this()](const boost::system::error_code& error) {
      if (!self->ended && !error) self->wait();
    });
  }

  void end() {
    ended = true;
    if (descriptor) static_cast<void>(descriptor->release());  // cancels, and leaves it open
    boost::system::error_code ignored;
    if (timer) timer->cancel(ignored);
  }
};

Loop::Watch::Watch(std::shared_ptr<WatchImpl> impl) : impl_(std::move(impl)) {}
Loop::Watch::Watch(Watch&& other) noexcept = default;
Loop::Watch& Loop::Watch::operator=(Watch&& other) noexcept {
  if (this != &other) {
    if (impl_) impl_->end();
    impl_ = std::move(other.impl_);
  }
  return *this;
}
Loop::Watch::~Watch() {
  if (impl_) impl_->end();
}

Loop::Loop(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Loop::Loop(Loop&& other) noexcept = default;
Loop::~Loop() = default;

Result<Loop> Loop::open() {
  try {
    auto impl = std::make_unique<Impl>();
    const asio::steady_timer first(impl->context);  // epoll is made with what is first to need it
    return Loop(std::move(impl));
  } catch (const boost::system::system_error& error) {  // what Asio says it by
    return failure("open what waits for events", "", error.code().value());
  }
}

Result<Loop::Watch> Loop::watch(int descriptor, For what, std::function<void()> callback) {
  auto impl = std::make_shared<WatchImpl>();
  impl->callback = std::move(callback);
  if (what == For::Writing) impl->what = asio::posix::stream_descriptor::wait_write;
  boost::system::error_code refused;
  impl->descriptor.emplace(impl_->context);
  if (impl->descriptor->assign(descriptor, refused); refused)
    return failure("watch a descriptor", "", refused.value());
  impl->wait();
  return Watch(std::move(impl));
}

Loop::Watch Loop::after(std::chrono::milliseconds delay, std::function<void()> callback) {
  auto impl = std::make_shared<WatchImpl>();
  impl->callback = std::move(callback);
  impl->timer.emplace(impl_->context, delay);
  impl->timer->async_wait([impl](const boost::system::error_code& error) {
    if (!impl->ended && !error) impl->callback();
  });
  return Watch(std::move(impl));
}

void Loop::run() {
  const auto busy = asio::make_work_guard(impl_->context);
  impl_->context.run();
}
void Loop::stop() {
  impl_->context.stop();
}

}  // namespace hopyard::keeper
