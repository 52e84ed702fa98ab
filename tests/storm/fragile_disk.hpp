#pragma once
// A disk in memory under SQLite. It remembers every write and every sync, so that what a power cut would leave at any
// moment can be told; it can fail and be full. One connection at a time: locks are not kept.

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace traitsync::test {

struct disk_event {
    enum class kind : std::uint8_t { write, truncate, remove, sync } what = kind::write;
    std::string file;
    std::int64_t at = 0;  // write: the offset; truncate: the size
    std::string bytes;
};

using disk_image = std::map<std::string, std::string>;

class fragile_disk {
public:
    fragile_disk();  // becomes SQLite's default while it lives
    ~fragile_disk();
    fragile_disk(fragile_disk const&) = delete;
    fragile_disk& operator=(fragile_disk const&) = delete;

    // What happened so far; recording can be left out for speed.
    std::vector<disk_event> const& events() const { return events_; }
    void record(bool on) { recording_ = on; }
    // Starts from these files, with nothing recorded and nothing failing.
    void insert(disk_image image);

    // From the n-th call on (reads, writes, truncations and syncs count) `calls` of them fail with this result code of
    // SQLite; -1 is for ever, until heal(). With `writes_only`, reads neither count nor fail.
    void fail(std::int64_t number, std::int64_t calls, int code, bool writes_only);
    void heal() { failing_from_ = -1; }
    bool has_failed() const { return has_failed_; }

    // --- for the functions under SQLite ---
    std::optional<int> failure(bool is_write);
    void note(disk_event event);
    std::string* find(std::string const& name);
    disk_image& files() { return files_; }

private:
    disk_image files_;
    std::vector<disk_event> events_;
    bool recording_ = true;
    std::int64_t calls_ = 0, failing_from_ = -1, failing_calls_ = 0;
    int code_ = 0;
    bool writes_only_ = false, has_failed_ = false;
};

// What stands on the disk after the first events when the power goes: what was synced, and of the rest as much as
// chance left.
class power_cut {
public:
    enum class rest : std::uint8_t { nothing, everything, some };  // of what was written and not synced

    void take(disk_event const& event);
    disk_image image(rest how, std::mt19937_64& random) const;

private:
    disk_image durable_;
    std::map<std::string, std::vector<disk_event>> unsynced_;
};

}  // namespace traitsync::test
