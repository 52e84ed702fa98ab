#include "soundness.hpp"

#include <fcntl.h>
#include <fmt/core.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <bit>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "store_lock.hpp"

namespace traitsync::store {
namespace {

struct open_file {
    int descriptor = -1;
    explicit open_file(std::string const& path) : descriptor{::open(path.c_str(), O_RDONLY | O_CLOEXEC)} {}
    ~open_file() {
        if (descriptor >= 0) ::close(descriptor);
    }
    open_file(open_file const&) = delete;
    open_file& operator=(open_file const&) = delete;

    // False at the end of the file, and where it cannot be read.
    bool read(std::span<unsigned char> into) const {
        for (std::size_t done = 0; done < into.size();) {
            auto const got = ::read(descriptor, into.data() + done, into.size() - done);
            if (got < 0 && errno == EINTR) continue;
            if (got <= 0) return false;
            done += static_cast<std::size_t>(got);
        }
        return true;
    }
};

using bytes = std::span<unsigned char const>;

// SQLite's file format, "The Write-Ahead Log": numbers are big-endian, but checksums are made of words in the order
// that the magic number tells.
constexpr std::size_t log_header_bytes = 32;
constexpr std::size_t frame_header_bytes = 24;
constexpr std::uint32_t little_endian_magic = 0x377f0682;
constexpr std::uint32_t big_endian_magic = 0x377f0683;

std::uint32_t number_at(bytes b, std::size_t at) {
    std::uint32_t value = 0;
    std::memcpy(&value, b.data() + at, sizeof value);
    if constexpr (std::endian::native == std::endian::little) value = __builtin_bswap32(value);
    return value;
}

struct checksum {
    std::uint32_t a = 0, b = 0;

    static checksum stored(bytes from, std::size_t at) { return {number_at(from, at), number_at(from, at + 4)}; }
    void add(bytes over, bool swapped) {
        for (std::size_t i = 0; i + 8 <= over.size(); i += 8) {
            std::array<std::uint32_t, 2> words{};
            std::memcpy(words.data(), over.data() + i, 8);
            if (swapped) words = {__builtin_bswap32(words[0]), __builtin_bswap32(words[1])};
            a += words[0] + b;
            b += words[1] + a;
        }
    }
    bool operator==(checksum const&) const = default;
};

struct log_form {
    bool swapped = false;
    std::uint32_t page_bytes = 0;
    std::uint64_t salt = 0;
    checksum begin;
};

std::uint64_t salt_at(bytes b, std::size_t at) { return std::uint64_t{number_at(b, at)} << 32 | number_at(b, at + 4); }

// Nothing where SQLite would not read the log either.
std::optional<log_form> form_of(bytes header) {
    auto const magic = number_at(header, 0);
    if (magic != little_endian_magic && magic != big_endian_magic) return std::nullopt;
    log_form form;
    form.swapped = (magic == big_endian_magic) != (std::endian::native == std::endian::big);
    form.page_bytes = number_at(header, 8);
    if (!std::has_single_bit(form.page_bytes) || form.page_bytes < 512 || form.page_bytes > 65536) return std::nullopt;
    form.salt = salt_at(header, 16);
    form.begin.add(header.subspan(0, 24), form.swapped);
    if (form.begin != checksum::stored(header, 24)) return std::nullopt;
    return form;
}

std::string_view name_of_kind(mode_t mode) {
    if (S_ISDIR(mode)) return "a folder";
    if (S_ISFIFO(mode)) return "a pipe";
    if (S_ISSOCK(mode)) return "a socket";
    return "a device";
}

// Whether at least two transactions stand in one piece behind a break. A power cut leaves at most one there: each
// commit waits until the log is on the disk before the next one writes.
bool lost_behind_a_break(open_file const& file, log_form const& form) {
    std::vector<unsigned char> frame(frame_header_bytes + form.page_bytes);
    auto before = form.begin;
    bool broken = false;
    int commits = 0;  // in the present piece, behind the break
    while (file.read(frame)) {
        bytes const b{frame};
        if (salt_at(b, 8) != form.salt) return false;  // what the log held before it was begun anew
        auto sum = before;
        sum.add(b.subspan(0, 8), form.swapped);
        sum.add(b.subspan(frame_header_bytes), form.swapped);
        before = checksum::stored(b, 16);
        bool const follows = sum == before;
        if (!follows) {
            broken = true;
            commits = 0;
        } else if (broken && number_at(b, 4) != 0 && ++commits >= 2) {
            return true;
        }
    }
    return false;
}

}  // namespace

result<void> check_header(std::string const& path) {
    // Before it is opened: a pipe would wait for a writer, and a device may act on that alone.
    struct stat found {};
    if (::stat(path.c_str(), &found) == 0 && !S_ISREG(found.st_mode)) {
        return error{fault::storage, fmt::format("{} is {}, not a file: store.path must name a file, or what is not "
                                                 "there yet. It was not touched",
                                                 path, name_of_kind(found.st_mode))};
    }
    open_file const file{path};
    if (file.descriptor < 0) {
        if (errno == ENOENT) return {};
        return error{fault::storage, fmt::format("cannot read the store {}: {}", path, std::strerror(errno))};
    }
    std::array<char, 16> head{};
    auto const length = ::read(file.descriptor, head.data(), head.size());
    if (length == 0) return {};
    if (length != 16 || std::memcmp(head.data(), "SQLite format 3", 16) != 0) {
        return error{fault::storage,
                     fmt::format("{} is damaged or not a traitsync store: its header is not SQLite's. It was not "
                                 "touched; restore a backup or move it away",
                                 path)};
    }
    return {};
}

result<void> check_log(std::string const& path) {
    auto const name = path + "-wal";
    open_file const file{name};
    std::array<unsigned char, log_header_bytes> header{};
    if (file.descriptor < 0 || !file.read(header)) return {};
    auto const form = form_of(header);
    if (!form || !lost_behind_a_break(file, *form)) return {};
    return error{fault::storage,
                 fmt::format("the store is damaged: its log {} is broken before its end. It was not touched; restore a "
                             "backup, or move the log away to go on without what it holds",
                             name)};
}

bool has_log(std::string const& path) {
    // SQLite's own view of it, for which an empty file is none.
    auto* const files = sqlite3_vfs_find(nullptr);
    int found = 0;
    auto const looked = files->xAccess(files, (path + "-wal").c_str(), SQLITE_ACCESS_EXISTS, &found);
    return looked != SQLITE_OK || found != 0;
}

bool is_marked_as_made(SQLite::Database& db) {
    return db.execAndGet("SELECT count(*) FROM meta WHERE key = 'as_made'").getInt() != 0;
}

void forget_made(SQLite::Database& db) { db.exec("DELETE FROM meta WHERE key = 'as_made'"); }

void note_made(SQLite::Database& db) {
    db.exec("INSERT OR REPLACE INTO meta VALUES ('as_made', 1)");
    // Where the disk is too full for it the mark stays in the log, and tells nothing.
    sqlite3_wal_checkpoint_v2(db.getHandle(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
    forget_made(db);
}

result<void> check_log_not_lost(SQLite::Database& db, std::string const& path, bool had_log) {
    // A store of which nothing stands in the file yet has no mark: its making was killed, and went on in the log.
    auto const lost = db.tableExists("meta") ? !had_log && is_marked_as_made(db) : remembers_store(path);
    if (!lost) return {};
    return error{fault::storage,
                 fmt::format("the store {} has lost its log {}-wal, in which all stood that was done since the store "
                             "was made. It was not touched; put the log back beside it or restore a backup, or remove "
                             "the store: then a new one is made, and may send every profile again",
                             path, path)};
}

}  // namespace traitsync::store
