#include <array>

#include "language/key.hh"

/// What a switch says of how it forwards.
namespace hopyard::language {
namespace {

constexpr std::array tree_keys{
    key(TreeKey::Priority, "priority", Type::Integer,
        "0 to 65535, the lowest becomes the root; 32768 if not given"),
    key(TreeKey::Hello, "hello", Type::Duration, "how often the root is heard of; 1s if not given"),
    key(TreeKey::ForwardDelay, "forward-delay", Type::Duration,
        "how long a port listens, and then learns; 4s if not given"),
    key(TreeKey::MaxAge, "max-age", Type::Duration, "how long the root may be silent; 6s if not given"),
};

}  // namespace

constinit const Object tree_object{"'stp'", tree_keys};

}  // namespace hopyard::language
