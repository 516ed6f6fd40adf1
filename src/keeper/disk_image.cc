#include "keeper/disk_image.hh"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>

#include <cstdlib>
#include <memory>

#include "sys/file.hh"

namespace hopyard::keeper {
namespace {

using Archive = std::unique_ptr<archive, decltype(&::archive_write_free)>;
using Entry = std::unique_ptr<archive_entry, decltype(&::archive_entry_free)>;

Error refused(archive* from, const std::string& path) {
  const char* words = ::archive_error_string(from);
  return {"write the disk", path, ::archive_errno(from), words == nullptr ? "" : words, ""};
}

Result<> add(archive* to, const net::File& file, const std::string& path) {
  const Entry entry(::archive_entry_new(), ::archive_entry_free);
  ::archive_entry_set_pathname(entry.get(), file.path.c_str());
  ::archive_entry_set_filetype(entry.get(), AE_IFREG);
  ::archive_entry_set_perm(entry.get(), file.mode);
  ::archive_entry_set_size(entry.get(), static_cast<la_int64_t>(file.content.size()));
  ::archive_entry_set_mtime(entry.get(), 0, 0);
  if (::archive_write_header(to, entry.get()) != ARCHIVE_OK) return std::unexpected(refused(to, path));
  const auto written = ::archive_write_data(to, file.content.data(), file.content.size());
  if (written != static_cast<la_ssize_t>(file.content.size())) return std::unexpected(refused(to, path));
  return {};
}

}  // namespace

Result<> write_disk_image(const net::DiskImage& image) {
  ::unsetenv("TMPDIR");  // libarchive would write there first: a folder of the person's, which the node need
                         // not have
  HOPYARD_TAKE(file, sys::open_at(sys::here(), image.path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW, 0600));
  const Archive writer(::archive_write_new(), ::archive_write_free);
  const std::string options = "iso9660:volume-id=" + image.label;
  if (::archive_write_set_format_iso9660(writer.get()) != ARCHIVE_OK ||
      ::archive_write_set_options(writer.get(), options.c_str()) != ARCHIVE_OK ||
      ::archive_write_open_fd(writer.get(), file.get()) != ARCHIVE_OK)
    return std::unexpected(refused(writer.get(), image.path));
  for (const net::File& one : image.files) HOPYARD_TRY(add(writer.get(), one, image.path));
  if (::archive_write_close(writer.get()) != ARCHIVE_OK)
    return std::unexpected(refused(writer.get(), image.path));
  return {};
}

}  // namespace hopyard::keeper
