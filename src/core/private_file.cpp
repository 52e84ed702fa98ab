#include "traitsync/core/private_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

namespace traitsync {

int make_private_file(std::string const& path) {
    auto const file = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (file < 0) return -1;
    auto const parent = std::filesystem::path{path}.parent_path();
    struct stat folder {};
    if (::geteuid() == 0 && ::stat(parent.empty() ? "." : parent.c_str(), &folder) == 0 &&
        ::fchown(file, folder.st_uid, folder.st_gid) != 0) {
        // A file system without owners, or a container that does not know this one: then it stays root's.
    }
    if (::fchmod(file, 0600) == 0) return file;
    auto const why = errno;
    ::close(file);
    ::unlink(path.c_str());
    errno = why;
    return -1;
}

bool sync_name(std::string const& path) {
    auto const parent = std::filesystem::path{path}.parent_path();
    auto const folder = ::open(parent.empty() ? "." : parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) return true;
    auto const synced = ::fsync(folder) == 0 || errno == EINVAL;
    auto const why = errno;
    ::close(folder);
    errno = why;
    return synced;
}

}  // namespace traitsync
