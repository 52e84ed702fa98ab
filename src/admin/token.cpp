#include "traitsync/admin/token.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "traitsync/config/token_text.hpp"
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
    std::array<char, longest_token + 1> buffer{};
    auto const length = ::read(file.number, buffer.data(), buffer.size());
    if (length < 0) return error{fault::storage, fmt::format("cannot read {}: {}", path, std::strerror(errno))};
    std::string text{buffer.data(), static_cast<std::size_t>(length)};
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
    auto wrong = config::unusable_token(text);
    if (text.empty()) wrong = "is empty";
    if (static_cast<std::size_t>(length) > longest_token) wrong = "is too long";
    if (wrong) {
        return error{fault::invalid, fmt::format("{} {}, so it cannot be used: remove the file, then the next start "
                                                 "makes a new one, or configure another",
                                                 path, *wrong)};
    }
    return secret{std::move(text)};
}

// What it holds was made long enough, and the file for its owner alone: who edits it may change both.
std::vector<std::string> doubts_of(std::string const& path, secret const& value) {
    std::vector<std::string> doubts;
    if (value.reveal().size() < config::short_token) {
        doubts.push_back(fmt::format("{} has fewer than {} characters and can be guessed", path, config::short_token));
    }
    struct stat info {};
    if (::stat(path.c_str(), &info) != 0 || (info.st_mode & 077U) == 0) return doubts;
    auto const mended = ::chmod(path.c_str(), S_IRUSR | S_IWUSR) == 0;
    doubts.push_back(
        fmt::format("{} could be used by others (mode {:04o}){}", path, info.st_mode & 07777U,
                    mended ? "; it is 0600 now. Remove it before a start to get a new one" : ": make it 0600"));
    return doubts;
}

// Written whole under another name first: a crash between leaves no half secret.
result<settled_secret> settle_file(std::string const& path, std::string_view what) {
    if (::access(path.c_str(), F_OK) == 0) {
        auto found = read_token(path);
        if (!found) return std::move(found).error();
        auto doubts = doubts_of(path, *found);
        return settled_secret{std::move(*found), std::move(doubts)};
    }
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
    if (::rename(half.c_str(), path.c_str()) != 0 || !sync_name(path)) {
        return error{fault::storage, fmt::format("cannot write the {} to {}: {}", what, path, std::strerror(errno))};
    }
    return settled_secret{secret{text}, {}};
}

// One that is no better than the viewer's would let every viewer do everything. (Where it is configured, the
// configuration was checked.)
result<secret> apart_from_viewer(result<secret> found, config::settings const& s) {
    if (found && found->reveal() == s.admin.viewer_token.reveal()) {
        return error{fault::invalid, fmt::format("admin.viewer_token is the same as the admin token in {}, so a viewer "
                                                 "could do everything: give viewers another one",
                                                 token_file(s))};
    }
    return found;
}

std::string beside_store(config::settings const& s, char const* name) {
    return (std::filesystem::path{s.store.path}.parent_path() / name).string();
}

}  // namespace

std::string token_file(config::settings const& s) { return beside_store(s, "admin.token"); }

result<secret> find_token(config::settings const& s) {
    if (!s.admin.token.empty()) return s.admin.token;
    return apart_from_viewer(read_token(token_file(s)), s);
}

result<settled_secret> settle_token(config::settings const& s) {
    if (!s.admin.token.empty()) return settled_secret{s.admin.token, {}};
    auto settled = settle_file(token_file(s), "admin token");
    if (!settled) return settled;
    auto apart = apart_from_viewer(settled->value, s);
    if (!apart) return std::move(apart).error();
    return settled;
}

result<settled_secret> settle_alert_secret(config::settings const& s) {
    if (!s.alerts.secret.empty()) return settled_secret{s.alerts.secret, {}};
    return settle_file(beside_store(s, "alerts.secret"), "secret of the alerts");
}

}  // namespace traitsync::admin
