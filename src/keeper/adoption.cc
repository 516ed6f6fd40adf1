#include "keeper/adoption.hh"

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>

#include "observe/containers.hh"
#include "sys/file.hh"
#include "sys/netns.hh"
#include "sys/process.hh"
#include "sys/users.hh"

namespace hopyard::keeper {
namespace {

Result<Adoption> adopt_host(const std::string& name) {
  HOPYARD_TAKE(netns, sys::current_netns());
  HOPYARD_TAKE(inode, sys::inode_of(netns.get()));
  return Adoption{{name, 0, inode}, std::move(netns), {}, false};
}

Result<Adoption> adopt_container(const std::string& name) {
  HOPYARD_TAKE(container, observe::find_container(name));
  HOPYARD_TAKE(process, sys::pidfd_open(container.pid));
  HOPYARD_TAKE(netns, sys::open_at(sys::here(), fmt::format("/proc/{}/ns/net", container.pid), O_RDONLY));
  HOPYARD_TAKE(inode, sys::inode_of(netns.get()));
  return Adoption{{name, container.pid, inode},
                  std::move(netns),
                  std::move(process),
                  !sys::shares_namespace(container.pid, "user")};
}

}  // namespace

Result<Adoptions> Adoptions::find(const net::Desired& desired) {
  Adoptions found;
  for (const net::Namespace& ns : desired.namespaces) {
    if (ns.adopted.empty() || found.of(ns.adopted) != nullptr) continue;
    const bool host = ns.adopted == net::host_namespace;
    auto adoption = host ? adopt_host(ns.adopted) : adopt_container(ns.adopted);
    if (!adoption) return pass_on(std::move(adoption));
    for (const Adoption& other : found.all_)
      if (other.place.inode == adoption->place.inode)
        return refusal(fmt::format("take {} into the lab", ns.adopted),
                       fmt::format("it has the network namespace of {}", other.place.of),
                       "one namespace is one node");
    found.all_.push_back(std::move(*adoption));
  }
  return found;
}

const Adoption* Adoptions::of(const std::string& adopted) const {
  const auto found = std::ranges::find(all_, adopted, [](const Adoption& one) { return one.place.of; });
  return adopted.empty() || found == all_.end() ? nullptr : &*found;
}

std::vector<int> Adoptions::descriptors() const {
  std::vector<int> all;
  for (const Adoption& one : all_) {
    all.push_back(one.netns.get());
    if (one.process) all.push_back(one.process.get());
  }
  return all;
}

std::vector<kernel::RealKernel::Door> Adoptions::doors() const {
  std::vector<kernel::RealKernel::Door> doors;
  doors.reserve(all_.size());
  for (const Adoption& one : all_) doors.push_back({one.place, one.netns.get()});
  return doors;
}

Result<sys::Fd> Adoptions::find_again(const kernel::Place& place) const {
  const Adoption* adoption = of(place.of);
  if (adoption == nullptr) return sys::Fd();
  const int copy = ::fcntl(adoption->netns.get(), F_DUPFD_CLOEXEC, 0);
  if (copy < 0) return failure("copy a descriptor", "", errno);
  return sys::Fd(copy);
}

bool undo_changes(const Claim& claim, const Adoptions& adoptions) {
  if (adoptions.empty()) return true;
  const auto runtime = sys::open_folder(claim.runtime(), ".");
  if (!runtime || !sys::lock(runtime->get())) return false;
  return kernel::undo_changes(claim.folder(), runtime->get(),
                              [&](const kernel::Place& place) { return adoptions.find_again(place); })
      .has_value();
}

}  // namespace hopyard::keeper
