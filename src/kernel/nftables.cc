#include "kernel/nftables.hh"

#include <dlfcn.h>
#include <linux/netlink.h>
#include <nftables/libnftables.h>
#include <sys/socket.h>

#include <cerrno>

#include "sys/fd.hh"
#include "sys/low_descriptors.hh"

namespace hopyard::kernel {
namespace {

constexpr const char* library = "libnftables.so.1";

/// libnftables ends the program when it gets no socket (netlink_init_error in its src/mnl.c).
Result<> check_room(const char* doing) {
  const sys::Fd socket(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_NETFILTER));
  if (!socket) return failure(doing, "", errno);
  return {};
}

}  // namespace

struct Nftables::Calls {
  explicit Calls(void* opened) : handle(opened) {}

  /// @return whether the library has them all.
  bool find() {
    return find(context_new, "nft_ctx_new") && find(context_free, "nft_ctx_free") &&
           find(buffer_output, "nft_ctx_buffer_output") && find(buffer_error, "nft_ctx_buffer_error") &&
           find(error_text, "nft_ctx_get_error_buffer") && find(run, "nft_run_cmd_from_buffer") &&
           find(output_text, "nft_ctx_get_output_buffer") && find(set_flags, "nft_ctx_output_set_flags");
  }

  void* handle;
  decltype(&::nft_ctx_new) context_new = nullptr;
  decltype(&::nft_ctx_free) context_free = nullptr;
  decltype(&::nft_ctx_buffer_output) buffer_output = nullptr;
  decltype(&::nft_ctx_buffer_error) buffer_error = nullptr;
  decltype(&::nft_ctx_get_error_buffer) error_text = nullptr;
  decltype(&::nft_run_cmd_from_buffer) run = nullptr;
  decltype(&::nft_ctx_get_output_buffer) output_text = nullptr;
  decltype(&::nft_ctx_output_set_flags) set_flags = nullptr;

 private:
  template <class Function>
  bool find(Function& function, const char* name) {
    function = reinterpret_cast<Function>(::dlsym(handle, name));
    return function != nullptr;
  }
};

Nftables::Nftables(std::unique_ptr<Calls> calls) : calls_(std::move(calls)) {}
Nftables::~Nftables() = default;

Result<std::unique_ptr<Nftables>> Nftables::load() {
  // It stays loaded: the next ruleset would only load it again.
  void* handle = ::dlopen(library, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (handle == nullptr)
    return refusal("load libnftables", ::dlerror(), "install it (Debian: the package libnftables1)");
  auto calls = std::make_unique<Calls>(handle);
  if (!calls->find())
    return refusal("load libnftables", std::string(library) + " lacks calls that Hopyard uses");
  return std::unique_ptr<Nftables>(new Nftables(std::move(calls)));
}

Result<> Nftables::run(const std::string& ruleset) const {
  // It waits for what the kernel says of a change by select(2), and ends the program where the number of its
  // socket is too high.
  Result<std::string> said;
  HOPYARD_TRY(sys::with_low_descriptors([&] { said = ask("load a ruleset", ruleset); }));
  if (!said) return pass_on(std::move(said));
  return {};
}

Result<std::string> Nftables::list() const {
  return ask("list the rulesets", "list ruleset");
}

Result<std::string> Nftables::ask(const char* doing, const std::string& words) const {
  HOPYARD_TRY(check_room(doing));
  // A context belongs to the namespace that it was made in.
  const std::unique_ptr<nft_ctx, decltype(&::nft_ctx_free)> context(calls_->context_new(NFT_CTX_DEFAULT),
                                                                    calls_->context_free);
  if (!context) return failure(doing, "", ENOMEM);
  if (calls_->buffer_output(context.get()) != 0 || calls_->buffer_error(context.get()) != 0)
    return failure(doing, "", ENOMEM);
  calls_->set_flags(context.get(), NFT_CTX_OUTPUT_STATELESS);
  if (calls_->run(context.get(), words.c_str()) == 0) return std::string(calls_->output_text(context.get()));
  std::string error = calls_->error_text(context.get());
  while (!error.empty() && error.back() == '\n') error.pop_back();
  return refusal(doing, std::move(error));
}

}  // namespace hopyard::kernel
