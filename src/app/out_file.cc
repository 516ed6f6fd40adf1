#include "app/out_file.hh"

#include <fcntl.h>

#include "sys/file.hh"

namespace hopyard::app {

Result<OutFile> OutFile::create(const std::string& path) {
  HOPYARD_TAKE(file, sys::open_at(sys::here(), path, O_WRONLY | O_CREAT | O_TRUNC, 0666));
  return OutFile(std::move(file), path);
}

Result<> OutFile::write(std::string_view text) const {
  return sys::write_all(file_.get(), text, path_);
}

}  // namespace hopyard::app
