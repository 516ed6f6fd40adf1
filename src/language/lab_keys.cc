#include "language/lab_keys.hh"

#include <sodium.h>

#include <initializer_list>

namespace hopyard::language {
namespace {

/// BLAKE2b (RFC 7693) of the words with a NUL after each.
template <class Key>
Key derived(std::initializer_list<std::string_view> words) {
  Key key{};
  crypto_generichash_state state;
  crypto_generichash_init(&state, nullptr, 0, key.size());
  for (const std::string_view word : words) {
    crypto_generichash_update(&state, reinterpret_cast<const unsigned char*>(word.data()), word.size());
    const unsigned char end = 0;
    crypto_generichash_update(&state, &end, 1);
  }
  crypto_generichash_final(&state, key.data(), key.size());
  return key;
}

/// As X25519 wants it.
net::Key256 clamped(net::Key256 key) {
  key[0] &= 248U;
  key[31] = static_cast<std::uint8_t>((key[31] & 127U) | 64U);
  return key;
}

}  // namespace

net::Key256 wireguard_key(std::string_view lab, std::string_view node, std::string_view interface) {
  return clamped(derived<net::Key256>({"hopyard wireguard", lab, node, interface}));
}

net::Key256 machine_key(std::string_view secret, std::string_view lab, std::string_view machine) {
  return clamped(derived<net::Key256>({"hopyard machine", secret, lab, machine}));
}

net::Key256 public_key(const net::Key256& private_key) {
  net::Key256 key{};
  (void)crypto_scalarmult_base(key.data(), private_key.data());
  return key;
}

net::Key128 macsec_key(std::string_view lab, std::string_view node, std::string_view interface) {
  return derived<net::Key128>({"hopyard macsec", lab, node, interface});
}

}  // namespace hopyard::language
