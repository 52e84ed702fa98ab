#include "traitsync/admin/token.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "traitsync/core/private_file.hpp"
#include "traitsync/core/sha256.hpp"

namespace traitsync::admin {
namespace {

constexpr std::size_t longest_token = 4096;

struct descriptor {
    int number = -1;
    ~descriptor() {
        if (number >= 0) ::close(number);
    }
};

result<secret> read_token(std::string const& path) {
    descriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
    if (file.number < 0) return error{fault::storage, fmt::format("cannot read {}: {}", path, std::strerror(errno))};
    std::array<char, longest_token> buffer{};
    auto const length = ::read(file.number, buffer.data(), buffer.size());
    if (length < 0) return error{fault::storage, fmt::format("cannot read {}: {}", path, std::strerror(errno))};
    std::string text{buffer.data(), static_cast<std::size_t>(length)};
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
    if (text.empty()) return error{fault::storage, fmt::format("{} is empty: remove it, then a new one is made", path)};
    return secret{std::move(text)};
}

// Written whole under another name first: a crash between leaves no half secret.
result<secret> settle_file(std::string const& path, std::string_view what) {
    if (::access(path.c_str(), F_OK) == 0) return read_token(path);
    auto const text = random_hex(32);
    auto const half = path + ".new";
    {
        ::unlink(half.c_str());
        descriptor file{make_private_file(half)};
        auto const line = text + "\n";
        if (file.number < 0 || ::write(file.number, line.data(), line.size()) != static_cast<ssize_t>(line.size()) ||
            ::fsync(file.number) != 0) {
            return error{fault::storage,
                         fmt::format("cannot write the {} to {}: {}", what, half, std::strerror(errno))};
        }
    }
    if (::rename(half.c_str(), path.c_str()) != 0) {
        return error{fault::storage, fmt::format("cannot write the {} to {}: {}", what, path, std::strerror(errno))};
    }
    return secret{text};
}

std::string beside_store(config::settings const& s, char const* name) {
    return (std::filesystem::path{s.store.path}.parent_path() / name).string();
}

}  // namespace

std::string token_file(config::settings const& s) { return beside_store(s, "admin.token"); }

result<secret> find_token(config::settings const& s) {
    if (!s.admin.token.empty()) return s.admin.token;
    return read_token(token_file(s));
}

result<secret> settle_token(config::settings const& s) {
    if (!s.admin.token.empty()) return s.admin.token;
    return settle_file(token_file(s), "admin token");
}

result<secret> settle_alert_secret(config::settings const& s) {
    if (!s.alerts.secret.empty()) return s.alerts.secret;
    return settle_file(beside_store(s, "alerts.secret"), "secret of the alerts");
}

}  // namespace traitsync::admin
