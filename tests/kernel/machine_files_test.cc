#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <functional>

#include "keeper/machine_files.hh"
#include "sys/file.hh"

namespace hopyard::keeper {
namespace {

/// What @p say returns in a child whose root is an empty file system with users of its own.
std::string in_fresh_root(const std::function<std::string()>& say) {
  std::array<int, 2> ends{};
  EXPECT_EQ(::pipe(ends.data()), 0);
  const pid_t child = ::fork();
  if (child == 0) {
    std::string words = "no root";
    std::string folder = "/tmp/hopyard-test-XXXXXX";
    if (::unshare(CLONE_NEWNS) == 0 && ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0 &&
        ::mount("t", "/tmp", "tmpfs", 0, nullptr) == 0 && ::mkdtemp(folder.data()) != nullptr &&
        ::chroot(folder.c_str()) == 0 && ::chdir("/") == 0 && ::mkdir("/etc", 0755) == 0 &&
        sys::write_file(sys::here(), "/etc/passwd", "root:x:0:0::/:\nfrr:x:104:106::/:\n") &&
        sys::write_file(sys::here(), "/etc/group", "frr:x:106:\nfrrvty:x:107:frr\n")) {
      ::umask(0);
      words = say();
    }
    static_cast<void>(sys::write_all(ends[1], words, "pipe"));
    ::_exit(0);
  }
  ::close(ends[1]);
  std::string words;
  std::array<char, 512> piece{};
  for (ssize_t count = 0; (count = ::read(ends[0], piece.data(), piece.size())) > 0;)
    words.append(piece.data(), static_cast<std::size_t>(count));
  ::close(ends[0]);
  ::waitpid(child, nullptr, 0);
  return words;
}

/// "1775 104:107" of a path.
std::string look(const char* path) {
  struct stat status {};
  if (::lstat(path, &status) != 0) return "none";
  return fmt::format("{:o} {}:{}", status.st_mode & 07777U, status.st_uid, status.st_gid);
}

TEST(MachineFiles, FoldersAndFilesWithTheirOwners) {
  const std::string said = in_fresh_root([] {
    net::Machine machine;
    machine.folders = {{"/run/frr", 01775, "frr", "frrvty"}, {"/var/log/deep/down", 0750, "", "frr"}};
    machine.files = {{"/etc/frr/frr.conf", "hostname r1\n", 0640, "frr", "frr"},
                     {"/bin/x", "", 04755, "frr", ""}};
    if (const auto written = write_given(machine); !written) return written.error().text();
    return fmt::format("{}, {}, {}, {}, {}", look("/run/frr"), look("/var/log/deep"),
                       look("/var/log/deep/down"), look("/etc/frr/frr.conf"), look("/bin/x"));
  });
  EXPECT_EQ(said, "1775 104:107, 755 0:0, 750 0:106, 640 104:106, 4755 104:0");
}

TEST(MachineFiles, AUserThatIsNotThereIsAnError) {
  const std::string said = in_fresh_root([] {
    net::Machine machine;
    machine.folders = {{"/run/bird", 0755, "bird", ""}};
    return write_given(machine).error().text();
  });
  EXPECT_EQ(said,
            "give /run/bird to user bird: /etc/passwd has no such line\n"
            "  the user comes with the package of the program that wants it");
}

TEST(MachineFiles, AFileTakesALinksPlace) {
  const std::string said = in_fresh_root([]() -> std::string {
    if (!sys::make_link("/etc/passwd", sys::here(), "/etc/link")) return "no link";
    net::Machine machine;
    machine.files = {{"/etc/link", "mine", 0600, "", ""}};
    if (const auto written = write_given(machine); !written) return written.error().text();
    return look("/etc/link") + ' ' + sys::read_file(sys::here(), "/etc/link").value_or("");
  });
  EXPECT_EQ(said, "600 0:0 mine");
}

}  // namespace
}  // namespace hopyard::keeper
