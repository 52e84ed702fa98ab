#include "fragile_disk.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <stdexcept>

namespace traitsync::test {
namespace {

constexpr std::size_t sector = 512;

fragile_disk* inserted = nullptr;
sqlite3_vfs* beneath = nullptr;  // for time, sleep and chance

struct open_file {
    sqlite3_file base;
    std::string* name;
    std::vector<std::unique_ptr<char[]>>* shared;  // the log's index, which no power cut outlives
};

open_file& of(sqlite3_file* f) { return *reinterpret_cast<open_file*>(f); }

void apply(disk_image& files, disk_event const& e, std::size_t bytes) {
    using kind = disk_event::kind;
    if (e.what == kind::sync) return;
    if (e.what == kind::remove) {
        files.erase(e.file);
        return;
    }
    auto& content = files[e.file];
    if (e.what == kind::truncate) content.resize(static_cast<std::size_t>(e.at));
    if (e.what != kind::write) return;
    auto const end = static_cast<std::size_t>(e.at) + bytes;
    if (content.size() < end) content.resize(end);
    content.replace(static_cast<std::size_t>(e.at), bytes, e.bytes, 0, bytes);
}

int close_file(sqlite3_file* f) {
    delete of(f).name;
    delete of(f).shared;
    return SQLITE_OK;
}

int read_file(sqlite3_file* f, void* to, int size, sqlite3_int64 at) {
    if (auto const code = inserted->failure(false)) return *code == SQLITE_FULL ? SQLITE_IOERR_READ : *code;
    auto const* const content = inserted->find(*of(f).name);
    auto const have = content == nullptr ? sqlite3_int64{0} : static_cast<sqlite3_int64>(content->size()) - at;
    auto const got = std::clamp<sqlite3_int64>(have, 0, size);
    if (got > 0) std::memcpy(to, content->data() + at, static_cast<std::size_t>(got));
    if (got == size) return SQLITE_OK;
    std::memset(static_cast<char*>(to) + got, 0, static_cast<std::size_t>(size - got));
    return SQLITE_IOERR_SHORT_READ;
}

int change(disk_event event) {
    if (auto const code = inserted->failure(true)) {
        // A full disk takes what it can.
        if (event.what == disk_event::kind::write && event.bytes.size() > sector) {
            event.bytes.resize(sector);
            inserted->note(std::move(event));
        }
        return *code;
    }
    inserted->note(std::move(event));
    return SQLITE_OK;
}

int write_file(sqlite3_file* f, void const* from, int size, sqlite3_int64 at) {
    return change(
        {disk_event::kind::write, *of(f).name, at, {static_cast<char const*>(from), static_cast<std::size_t>(size)}});
}
int truncate_file(sqlite3_file* f, sqlite3_int64 size) {
    return change({disk_event::kind::truncate, *of(f).name, size, {}});
}
int sync_file(sqlite3_file* f, int) {
    if (auto const code = inserted->failure(true)) return *code == SQLITE_FULL ? SQLITE_IOERR_FSYNC : *code;
    inserted->note({disk_event::kind::sync, *of(f).name, 0, {}});
    return SQLITE_OK;
}
int size_of_file(sqlite3_file* f, sqlite3_int64* size) {
    auto const* const content = inserted->find(*of(f).name);
    *size = content == nullptr ? 0 : static_cast<sqlite3_int64>(content->size());
    return SQLITE_OK;
}
int lock_file(sqlite3_file*, int) { return SQLITE_OK; }
int is_reserved(sqlite3_file*, int* yes) {
    *yes = 0;
    return SQLITE_OK;
}
int control(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }
int sector_size(sqlite3_file*) { return 4096; }
int characteristics(sqlite3_file*) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; }  // as SQLite takes Linux to be

int map_shared(sqlite3_file* f, int region, int size, int extend, void volatile** to) {
    auto& all = *of(f).shared;
    while (all.size() <= static_cast<std::size_t>(region)) {
        if (extend == 0) {
            *to = nullptr;
            return SQLITE_OK;
        }
        all.push_back(std::make_unique<char[]>(static_cast<std::size_t>(size)));
    }
    *to = all[static_cast<std::size_t>(region)].get();
    return SQLITE_OK;
}
int lock_shared(sqlite3_file*, int, int, int) { return SQLITE_OK; }
void barrier(sqlite3_file*) {}
int unmap_shared(sqlite3_file* f, int) {
    of(f).shared->clear();
    return SQLITE_OK;
}

sqlite3_io_methods const methods = [] {
    sqlite3_io_methods m{};
    m.iVersion = 2;
    m.xClose = close_file;
    m.xRead = read_file;
    m.xWrite = write_file;
    m.xTruncate = truncate_file;
    m.xSync = sync_file;
    m.xFileSize = size_of_file;
    m.xLock = lock_file;
    m.xUnlock = lock_file;
    m.xCheckReservedLock = is_reserved;
    m.xFileControl = control;
    m.xSectorSize = sector_size;
    m.xDeviceCharacteristics = characteristics;
    m.xShmMap = map_shared;
    m.xShmLock = lock_shared;
    m.xShmBarrier = barrier;
    m.xShmUnmap = unmap_shared;
    return m;
}();

int open_named(sqlite3_vfs*, char const* name, sqlite3_file* f, int flags, int* out) {
    static int unnamed = 0;
    auto& file = of(f);
    file.base.pMethods = nullptr;
    std::string const text = name != nullptr ? std::string{name} : "temporary-" + std::to_string(++unnamed);
    if ((flags & SQLITE_OPEN_CREATE) == 0 && inserted->find(text) == nullptr) return SQLITE_CANTOPEN;
    if (inserted->find(text) == nullptr) inserted->files()[text];
    file.name = new std::string{text};
    file.shared = new std::vector<std::unique_ptr<char[]>>;
    file.base.pMethods = &methods;
    if (out != nullptr) *out = flags;
    return SQLITE_OK;
}
// Without a sync of the folder the file may be there again after a power cut.
int remove_named(sqlite3_vfs*, char const* name, int sync_folder) {
    if (inserted->find(name) == nullptr) return SQLITE_IOERR_DELETE_NOENT;
    auto const code = change({disk_event::kind::remove, name, 0, {}});
    if (code == SQLITE_OK && sync_folder != 0) inserted->note({disk_event::kind::sync, name, 0, {}});
    return code;
}
int has_named(sqlite3_vfs*, char const* name, int, int* yes) {
    *yes = inserted->find(name) != nullptr ? 1 : 0;
    return SQLITE_OK;
}
int whole_name(sqlite3_vfs*, char const* name, int size, char* to) {
    sqlite3_snprintf(size, to, "%s", name);
    return SQLITE_OK;
}

sqlite3_vfs* functions() {
    static sqlite3_vfs* const vfs = [] {
        sqlite3_config(SQLITE_CONFIG_MULTITHREAD);
        beneath = sqlite3_vfs_find(nullptr);
        static sqlite3_vfs v{};
        v.iVersion = 2;
        v.szOsFile = sizeof(open_file);
        v.mxPathname = 512;
        v.zName = "fragile";
        v.xOpen = open_named;
        v.xDelete = remove_named;
        v.xAccess = has_named;
        v.xFullPathname = whole_name;
        v.xRandomness = [](sqlite3_vfs*, int n, char* to) { return beneath->xRandomness(beneath, n, to); };
        v.xSleep = [](sqlite3_vfs*, int n) { return n; };
        v.xCurrentTime = [](sqlite3_vfs*, double* t) { return beneath->xCurrentTime(beneath, t); };
        v.xCurrentTimeInt64 = [](sqlite3_vfs*, sqlite3_int64* t) { return beneath->xCurrentTimeInt64(beneath, t); };
        v.xGetLastError = [](sqlite3_vfs*, int, char*) { return 0; };
        return &v;
    }();
    return vfs;
}

}  // namespace

fragile_disk::fragile_disk() {
    if (inserted != nullptr) throw std::logic_error{"one fragile disk at a time"};
    inserted = this;
    sqlite3_vfs_register(functions(), 1);
}
fragile_disk::~fragile_disk() {
    sqlite3_vfs_unregister(functions());
    inserted = nullptr;
}

void fragile_disk::insert(disk_image image) {
    files_ = std::move(image);
    events_.clear();
    heal();
    has_failed_ = false;
    calls_ = 0;
}

void fragile_disk::fail(std::int64_t number, std::int64_t calls, int code, bool writes_only) {
    calls_ = 0;
    failing_from_ = number;
    failing_calls_ = calls;
    code_ = code;
    writes_only_ = writes_only;
    has_failed_ = false;
}

std::optional<int> fragile_disk::failure(bool is_write) {
    if (failing_from_ < 0 || (writes_only_ && !is_write)) return std::nullopt;
    ++calls_;
    if (calls_ < failing_from_ || (failing_calls_ >= 0 && calls_ >= failing_from_ + failing_calls_))
        return std::nullopt;
    has_failed_ = true;
    return code_;
}

void fragile_disk::note(disk_event event) {
    apply(files_, event, event.bytes.size());
    if (recording_) events_.push_back(std::move(event));
}

std::string* fragile_disk::find(std::string const& name) {
    auto const found = files_.find(name);
    return found == files_.end() ? nullptr : &found->second;
}

void power_cut::take(disk_event const& event) {
    auto& waiting = unsynced_[event.file];
    if (event.what != disk_event::kind::sync) {
        waiting.push_back(event);
        return;
    }
    for (auto const& e : waiting) apply(durable_, e, e.bytes.size());
    waiting.clear();
}

disk_image power_cut::image(rest how, std::mt19937_64& random) const {
    auto files = durable_;
    if (how == rest::nothing) return files;
    for (auto const& [name, events] : unsynced_) {
        for (auto const& e : events) {
            auto bytes = e.bytes.size();
            if (how == rest::some) {
                if (random() % 3 == 0) continue;  // never reached the disk
                // Torn: whole sectors of it did.
                if (random() % 4 == 0 && bytes > sector) bytes = (1 + random() % (bytes / sector)) * sector;
            }
            apply(files, e, std::min(bytes, e.bytes.size()));
        }
    }
    return files;
}

}  // namespace traitsync::test
