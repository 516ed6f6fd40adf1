#include "kernel/nftables.hh"

#include <dlfcn.h>
#include <nftables/libnftables.h>

#include <cerrno>

namespace hopyard::kernel {
namespace {

constexpr const char* library = "libnftables.so.1";

}  // namespace

struct Nftables::Calls {
  explicit Calls(void* opened) : handle(opened) {}

  /// @return whether the library has them all.
  bool find() {
    return find(context_new, "nft_ctx_new") && find(context_free, "nft_ctx_free") &&
           find(buffer_output, "nft_ctx_buffer_output") && find(buffer_error, "nft_ctx_buffer_error") &&
           find(error_text, "nft_ctx_get_error_buffer") && find(run, "nft_run_cmd_from_buffer");
  }

  void* handle;
  decltype(&::nft_ctx_new) context_new = nullptr;
  decltype(&::nft_ctx_free) context_free = nullptr;
  decltype(&::nft_ctx_buffer_output) buffer_output = nullptr;
  decltype(&::nft_ctx_buffer_error) buffer_error = nullptr;
  decltype(&::nft_ctx_get_error_buffer) error_text = nullptr;
  decltype(&::nft_run_cmd_from_buffer) run = nullptr;

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
  // A context belongs to the namespace that it was made in.
  const std::unique_ptr<nft_ctx, decltype(&::nft_ctx_free)> context(calls_->context_new(NFT_CTX_DEFAULT),
                                                                    calls_->context_free);
  if (!context) return failure("load a ruleset", "", ENOMEM);
  if (calls_->buffer_output(context.get()) != 0 || calls_->buffer_error(context.get()) != 0)
    return failure("load a ruleset", "", ENOMEM);
  if (calls_->run(context.get(), ruleset.c_str()) == 0) return {};
  std::string words = calls_->error_text(context.get());
  while (!words.empty() && words.back() == '\n') words.pop_back();
  return refusal("load a ruleset", std::move(words));
}

}  // namespace hopyard::kernel
