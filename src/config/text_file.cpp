#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <system_error>

#include "assignment.hpp"
#include "traitsync/config/units.hpp"

namespace traitsync::config {
namespace {

error wrong(std::string what) { return {fault::storage, std::move(what)}; }
error wrong(std::string const& what, int code) { return wrong(what + ": " + std::generic_category().message(code)); }

struct open_file {
    int descriptor;
    ~open_file() {
        if (descriptor >= 0) ::close(descriptor);
    }
};

}  // namespace

result<std::string> read_text_file(std::string const& path, std::size_t limit) {
    if (path.find('\0') != std::string::npos) return wrong("the path holds a zero byte");
    open_file const file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY)};
    if (file.descriptor < 0) {
        auto const code = errno;
        return code == ENOENT ? wrong("does not exist") : wrong("cannot be opened", code);
    }
    struct stat status {};
    if (::fstat(file.descriptor, &status) == 0 && S_ISDIR(status.st_mode)) {
        return wrong("is a folder, not a file");
    }
    std::string text;
    std::array<char, 65536> buffer;
    while (text.size() <= limit) {
        auto const n = ::read(file.descriptor, buffer.data(), buffer.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return wrong("cannot be read", errno);
        if (n == 0) return text;
        text.append(buffer.data(), static_cast<std::size_t>(n));
    }
    return wrong("is larger than " + format_size(static_cast<std::int64_t>(limit)));
}

}  // namespace traitsync::config
