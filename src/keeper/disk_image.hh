#pragma once

#include "base/error.hh"
#include "net/desired.hh"

namespace hopyard::keeper {

/// Writes the image, which only the owner of the calling process may read (libarchive, archive_write(3)). The
/// files in it are dated 1970 and belong to root.
/// The folder that it goes to is there.
[[nodiscard]] Result<> write_disk_image(const net::DiskImage& image);

}  // namespace hopyard::keeper
