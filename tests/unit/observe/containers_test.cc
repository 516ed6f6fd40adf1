#include "observe/containers.hh"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "tests/unit/folder.hh"

namespace hopyard::observe {
namespace {

const std::string web_id(64, 'a');
const std::string db_id = std::string(63, 'b') + "0";

/// A procfs made of files, with a machine's processes in it.
class Containers : public testing::Test {
 protected:
  struct Made {
    int pid;
    int parent;
    std::string comm;
    std::string cmdline;  // words that end with NUL each
    int inner = 0;        // 0 for the same number
    std::string cgroup = "0::/\n";
  };

  void process(const Made& made) {
    const auto folder = folder_.path() / "proc" / std::to_string(made.pid);
    std::filesystem::create_directories(folder);
    write(folder / "stat",
          fmt::format("{} ({}) S {} 1 1 0 -1 0 1 2 3 4 150 50 7 8 20 0 1 0 100 2703360 25 184467 1\n",
                      made.pid, made.comm, made.parent));
    const std::string inner = made.inner == 0 ? "" : fmt::format("\t{}", made.inner);
    write(folder / "status", fmt::format("Name:\t{}\nNSpid:\t{}{}\n", made.comm, made.pid, inner));
    write(folder / "cmdline", made.cmdline);
    write(folder / "cgroup", made.cgroup);
  }

  void docker_file(const std::string& id, const std::string& text) {
    const auto folder = folder_.path() / "docker" / id;
    std::filesystem::create_directories(folder);
    write(folder / "config.v2.json", text);
  }

  [[nodiscard]] ContainerPlaces places() const {
    return {folder_.path() / "proc", folder_.path() / "docker"};
  }

  [[nodiscard]] std::string found(const std::string& name) const {
    const auto container = find_container(name, places());
    return container ? fmt::format("{} {}", spelled(*container), container->pid) : container.error().text();
  }

  void SetUp() override { std::filesystem::create_directories(folder_.path() / "proc"); }

 private:
  static void write(const std::filesystem::path& path, const std::string& text) {
    std::ofstream(path, std::ios::binary) << text;
  }
  Folder folder_;
};

std::string words(std::initializer_list<std::string_view> list) {
  std::string text;
  for (const std::string_view word : list) (text += word) += '\0';
  return text;
}

std::string conmon(std::string_view id, std::string_view session, std::string_view name,
                   std::string_view program) {
  return words({"/usr/bin/conmon", "--api-version", "1", "-c", id, "-u", session, "-n", name,
                "--exit-command", program, "--exit-command-arg", "", "--exit-command-arg", "cleanup"});
}

TEST_F(Containers, OfLxcAreTheChildrenOfTheirMonitors) {
  process({20, 1, "lxc-start", words({"[lxc monitor] /var/lib/lxc c1"})});
  process({21, 20, "init", words({"init"}), 1});
  process({22, 21, "syslogd", words({"/bin/syslogd"}), 4});
  EXPECT_EQ(found("lxc:c1"), "lxc:c1 21");
  EXPECT_EQ(found("c1"), "lxc:c1 21");
}

TEST_F(Containers, OfLxcMayBeKeptInAFolderWithASpaceInItsName) {
  process({20, 1, "lxc-start", words({"[lxc monitor] /srv/my labs c1"})});
  process({21, 20, "init", words({"init"}), 1});
  EXPECT_EQ(found("lxc:c1"), "lxc:c1 21");
}

TEST_F(Containers, OfLxdHaveMonitorsOfLxcInAFolderOfTheirOwn) {
  process({20, 1, "lxd", words({"[lxc monitor] /var/snap/lxd/common/lxd/containers c1"})});
  process({21, 20, "systemd", words({"/sbin/init"}), 1});
  EXPECT_EQ(found("c1"), "lxd:c1 21");
  EXPECT_EQ(found("lxc:c1"), "find container lxc:c1: none of that name runs\n  running: lxd:c1");
}

TEST_F(Containers, OfPodmanStandUnderConmon) {
  process({30, 1, "conmon", conmon(web_id, web_id, "web", "/usr/bin/podman")});
  process({31, 30, "nginx", words({"nginx"}), 1});
  process({32, 1, "conmon", conmon(web_id, db_id, "web", "/usr/bin/podman")});  // of podman exec
  process({33, 32, "sh", words({"sh"}), 9});
  process({34, 1, "conmon", conmon(db_id, db_id, "k8s_db", "/usr/bin/crio")});
  process({35, 34, "db", words({"db"}), 1});
  EXPECT_EQ(found("podman:web"), "podman:web 31");
  EXPECT_EQ(found("aaaaaaaa"), "podman:web 31");
  EXPECT_EQ(found("k8s_db"), "find container k8s_db: none of that name runs\n  running: podman:web");
}

TEST_F(Containers, OfDockerAreKnownByTheirControlGroups) {
  const std::string group = fmt::format("0::/system.slice/docker-{}.scope\n", web_id);
  process({40, 1, "containerd-shim", words({"/usr/bin/containerd-shim-runc-v2"})});
  process({41, 40, "sh", words({"sh"}), 12, group});  // of docker exec
  process({42, 40, "nginx", words({"nginx"}), 1, group});
  process({43, 42, "nginx", words({"nginx: worker"}), 7, group});
  docker_file(web_id, R"({"Name": "/web", "State": {"Pid": 42}})");
  EXPECT_EQ(found("docker:web"), "docker:web 42");
  EXPECT_EQ(found(web_id), "docker:web 42");
  EXPECT_EQ(found("docker:aaaaaaaaaaaa"), "docker:web 42");
  EXPECT_EQ(found("docker:aaaa"),
            "find container docker:aaaa: none of that name runs\n  running: docker:web");
}

TEST_F(Containers, OfDockerHaveTheirIdForANameWhereTheirFileCannotBeRead) {
  process({42, 40, "nginx", words({"nginx"}), 1, fmt::format("4:memory:/docker/{}\n0::/\n", web_id)});
  EXPECT_EQ(found("docker:" + web_id), fmt::format("docker:{} 42", web_id));
  for (const char* text :
       {"", "[", "[]", "{}", R"({"Name": 1, "State": []})", R"({"State": {"Pid": "x"}})"}) {
    docker_file(web_id, text);
    EXPECT_EQ(found("docker:" + web_id), fmt::format("docker:{} 42", web_id)) << text;
  }
}

TEST_F(Containers, OfDockerMayShareThePidNamespaceOfTheHost) {
  const std::string group = fmt::format("0::/docker/{}\n", web_id);
  process({41, 40, "sh", words({"sh"}), 0, group});
  process({42, 40, "nginx", words({"nginx"}), 0, group});
  docker_file(web_id, R"({"Name": "/web", "State": {"Pid": 42}})");
  EXPECT_EQ(found("web"), "docker:web 42");
}

TEST_F(Containers, AnOldFileOfDockersDoesNotNameAStranger) {
  process({42, 40, "nginx", words({"nginx"}), 1, fmt::format("0::/docker/{}\n", web_id)});
  process({77, 1, "other", words({"other"})});
  docker_file(web_id, R"({"Name": "/web", "State": {"Pid": 77}})");
  EXPECT_EQ(found("web"), "docker:web 42");
}

TEST_F(Containers, OfNspawnAreNamedByOptionsOrFolders) {
  process({50, 1, "systemd-nspawn", words({"systemd-nspawn", "--quiet", "--machine=m1", "-b"})});
  process({51, 50, "systemd", words({"/sbin/init"}), 1});
  process({52, 1, "systemd-nspawn", words({"systemd-nspawn", "-D", "/srv/m2/"})});
  process({53, 52, "sh", words({"sh"}), 1});
  process({54, 1, "systemd-nspawn", words({"systemd-nspawn", "-i", "/srv/m3.raw"})});
  process({55, 54, "sh", words({"sh"}), 1});
  EXPECT_EQ(found("nspawn:m1"), "nspawn:m1 51");
  EXPECT_EQ(found("m2"), "nspawn:m2 53");
  EXPECT_EQ(found("m3"), "nspawn:m3 55");
}

TEST_F(Containers, InsideOfOtherContainersAreLeftOut) {
  process({20, 10, "lxc-start", words({"[lxc monitor] /var/lib/lxc inner"}), 12});
  process({21, 20, "init", words({"init"}), 1});
  EXPECT_EQ(found("inner"),
            "find container inner: none of that name runs\n"
            "  no container of LXC, LXD, Docker, Podman or systemd-nspawn runs here");
}

TEST_F(Containers, OfOneNameAreListed) {
  process({20, 1, "lxc-start", words({"[lxc monitor] /var/lib/lxc c1"})});
  process({21, 20, "init", words({"init"}), 1});
  process({50, 1, "systemd-nspawn", words({"systemd-nspawn", "--machine", "c1"})});
  process({51, 50, "init", words({"init"}), 1});
  EXPECT_EQ(found("c1"),
            "find container c1: 2 have that name: lxc:c1 (pid:21), nspawn:c1 (pid:51)\n"
            "  write which one is meant: kind:name, or pid:number");
  EXPECT_EQ(found("nspawn:c1"), "nspawn:c1 51");
}

TEST_F(Containers, MonitorsWhoseContainerHasEndedHaveNone) {
  process({20, 1, "lxc-start", words({"[lxc monitor] /var/lib/lxc c1"})});
  EXPECT_THAT(*list_containers(places()), testing::IsEmpty());
}

TEST_F(Containers, ArePlainProcessesToo) {
  process({1995, 1, "sleep", words({"sleep"})});
  EXPECT_EQ(found("pid:1995"), "pid:1995 1995");
  EXPECT_EQ(found("pid:1996"), "find process 1996: there is none");
  EXPECT_EQ(found("pid:-1"), "find process -1: this is no number of a process\n  write it as pid:1995");
  EXPECT_EQ(found("pid:12x"), "find process 12x: this is no number of a process\n  write it as pid:1995");
  EXPECT_EQ(found("jail:c1"),
            "find container jail:c1: there is no kind of container 'jail'\n"
            "  there are lxc, lxd, docker, podman, nspawn and pid");
}

}  // namespace
}  // namespace hopyard::observe
