#include "keeper/root.hh"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sys/mount.hh"

namespace hopyard::keeper {
namespace {

using testing::ElementsAre;

constexpr const char* usual =
    "21 27 0:20 / /sys rw,nosuid shared:7 - sysfs sysfs rw\n"
    "22 27 0:21 / /proc rw,nosuid shared:12 - proc proc rw\n"
    "27 1 8:2 / / rw,relatime shared:1 - ext4 /dev/sda2 rw\n"
    "30 27 0:26 / /run rw shared:5 - tmpfs tmpfs rw,mode=755\n"
    "40 27 8:4 / /var rw shared:30 - xfs /dev/sda4 rw\n"
    "41 27 8:3 / /home rw shared:29 master:3 - ext4 /dev/sda3 rw\n"
    "42 40 8:5 /sub /var/lib/my\\040data rw - btrfs /dev/sda5 rw,subvol=/sub\n"
    "43 27 7:1 / /snap/core/1 ro - ext4 /dev/loop1 ro\n"
    "44 40 0:50 / /var/lib/docker/overlay2/x/merged rw - overlay overlay rw\n"
    "45 27 0:60 / /mnt/share rw - nfs4 server:/share rw\n"
    "46 27 8:1 / /boot/efi rw - vfat /dev/sda1 rw\n"
    "47 27 8:3 / /home rw - ext4 /dev/sda3 rw\n"
    "48 27 8:6 / /runner rw - ext4 /dev/sda6 rw\n";

TEST(FileSystems, AreThoseOnDisksWithoutTheMachinery) {
  EXPECT_THAT(node_file_systems(usual), ElementsAre("/home", "/runner", "/var", "/var/lib/my data"));
}

TEST(FileSystems, OfGarbageAreNone) {
  EXPECT_THAT(node_file_systems(""), testing::IsEmpty());
  EXPECT_THAT(node_file_systems("x\n1 2 3\n\n 1 2 3 4 5 6\n"), testing::IsEmpty());
}

TEST(Mountinfo, TellsTheFieldsApart) {
  const auto mounts = sys::parse_mountinfo(usual);
  ASSERT_EQ(mounts.size(), 13U);
  EXPECT_EQ(mounts[6].point, "/var/lib/my data");
  EXPECT_EQ(mounts[6].root, "/sub");
  EXPECT_EQ(mounts[6].type, "btrfs");
  EXPECT_EQ(mounts[6].options, "rw,subvol=/sub");
}

}  // namespace
}  // namespace hopyard::keeper
