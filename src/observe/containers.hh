#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hh"

/// Containers of other programs that run on this machine, found in procfs without asking those programs.
namespace hopyard::observe {

enum class ContainerKind : std::uint8_t { Lxc, Lxd, Docker, Podman, Nspawn, Pid };

/// A container that runs, or any process that stands for its namespaces.
struct Container {
  ContainerKind kind = ContainerKind::Pid;
  std::string name;  ///< "c1"; of a Docker container whose name cannot be read its id; of Pid the number
  std::string id;    ///< of Docker and Podman, 64 hexadecimal digits; else empty
  pid_t pid = 0;     ///< of its first process, as the caller's procfs counts
};

/// "lxc", "lxd", "docker", "podman", "nspawn", "pid": what stands before the colon.
[[nodiscard]] std::string_view word(ContainerKind kind);
/// "lxc:c1"
[[nodiscard]] std::string spelled(const Container& container);

/// Where to look; tests look elsewhere.
struct ContainerPlaces {
  std::string proc = "/proc";
  std::string docker = "/var/lib/docker/containers";  ///< where Docker writes down the names
};

/// All containers of LXC, LXD, Docker, Podman and systemd-nspawn that run, by kind and name. Those that run
/// inside of other containers are left out, and so are what users other than root and the caller say are
/// monitors. An error where one that may be there could not be looked at.
[[nodiscard]] Result<std::vector<Container>> list_containers(const ContainerPlaces& places = {});

/// The container that @p name means: "lxc:c1", "lxd:c1", "docker:web", "podman:web" (or the beginning of the
/// id, eight digits at least), "nspawn:m1", "pid:1995", or a bare word that is looked for in all kinds but
/// pid. An error when none runs under that name, when several do (they are listed), or when the kind is none.
[[nodiscard]] Result<Container> find_container(std::string_view name, const ContainerPlaces& places = {});

}  // namespace hopyard::observe
