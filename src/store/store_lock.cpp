#include "store_lock.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <string_view>

#include "traitsync/core/private_file.hpp"

namespace traitsync::store {
namespace {

constexpr std::string_view memory = "holds a store\n";

std::string name_of_lock(std::string const& store) { return store + ".lock"; }

struct lock_text {
    std::string pid = "unknown";
    bool store = false;
};

// "123\n", and below it what it remembers.
lock_text read(int descriptor) {
    std::array<char, 64> bytes{};
    auto const length = ::pread(descriptor, bytes.data(), bytes.size(), 0);
    std::string_view const text{bytes.data(), length > 0 ? static_cast<std::size_t>(length) : 0};
    auto const line = text.find('\n');
    lock_text read;
    if (line != std::string_view::npos && line > 0) read.pid = text.substr(0, line);
    read.store = line != std::string_view::npos && text.substr(line + 1) == memory;
    return read;
}

// Where it cannot be written the lock holds all the same; only what others learn from it gets poorer.
void write(int descriptor, bool store) {
    auto const text = fmt::format("{}\n{}", ::getpid(), store ? memory : "");
    auto const length = static_cast<ssize_t>(text.size());
    if (::pwrite(descriptor, text.data(), text.size(), 0) != length || ::ftruncate(descriptor, length) != 0) return;
}

}  // namespace

store_lock::~store_lock() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

result<void> store_lock::take(std::string const& store) {
    auto const name = name_of_lock(store);
    descriptor_ = make_private_file(name);
    if (descriptor_ < 0 && errno == EEXIST) descriptor_ = ::open(name.c_str(), O_RDWR | O_NOFOLLOW | O_CLOEXEC);
    if (descriptor_ < 0) {
        return error{fault::storage, fmt::format("cannot open {}: {}; the directory of store.path must exist and be "
                                                 "writable for this user",
                                                 name, std::strerror(errno))};
    }
    auto const found = read(descriptor_);
    if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
        return error{fault::conflict,
                     fmt::format("the store {} is in use by process {}: stop that one first, or set another store.path",
                                 store, found.pid)};
    }
    // Who removes the store wants a new one.
    std::error_code unknown;
    write(descriptor_, found.store && std::filesystem::exists(store, unknown));
    return {};
}

void store_lock::remember_store() const { write(descriptor_, true); }

bool is_locked(std::string const& store) {
    auto const descriptor = ::open(name_of_lock(store).c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0) return false;
    auto const taken = ::flock(descriptor, LOCK_SH | LOCK_NB) != 0;
    ::close(descriptor);
    return taken;
}

result<void> check_not_lost(std::string const& store) {
    std::error_code absent;
    auto const size = std::filesystem::file_size(store, absent);
    if (!absent && size > 0) return {};
    auto const what = absent ? "gone" : "empty";
    std::error_code no_log;
    auto const log = store + "-wal";
    if (auto const logged = std::filesystem::file_size(log, no_log); !no_log && logged > 0) {
        return error{fault::storage,
                     fmt::format("the store {} is {}, but its log {} is not: the log alone is of no use. Nothing was "
                                 "touched; put the file back, or move the log away and restore a backup. Without both "
                                 "a new store is made, and may send every profile again",
                                 store, what, log)};
    }
    if (absent) return {};
    auto const descriptor = ::open(name_of_lock(store).c_str(), O_RDONLY | O_CLOEXEC);
    auto const remembered = descriptor >= 0 && read(descriptor).store;
    if (descriptor >= 0) ::close(descriptor);
    if (!remembered) return {};
    return error{fault::storage,
                 fmt::format("the store {} is empty, though it held data before: it was cut off, perhaps "
                             "by a copy onto a full disk. It was not touched; restore a backup, or "
                             "remove it: then a new one is made, and may send every profile again",
                             store)};
}

}  // namespace traitsync::store
