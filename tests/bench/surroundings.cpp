#include "surroundings.hpp"

#include <SQLiteCpp/Database.h>
#include <fmt/core.h>

#include <algorithm>
#include <stdexcept>

namespace traitsync::bench {
namespace {

demo::moesif_options unlimited() {
    demo::moesif_options o;
    o.faults.requests_per_minute = 0;
    return o;
}

demo::segment_options uncounted() {
    demo::segment_options o;
    o.record = demo::recording::off;
    return o;
}

}  // namespace

surroundings::surroundings(std::size_t profiles, std::filesystem::path folder)
    : folder_{std::move(folder)},
      people_{{.users = profiles, .companies = profiles / 100 + 1, .odd_share = 0.0}},
      moesif_{unlimited()},
      segment_{uncounted()} {
    show_source();
}

void surroundings::show_source() {
    moesif_.set_generated_users(demo::generated_users(people_));
    moesif_.set_generated_companies(demo::generated_companies(people_));
}

std::size_t surroundings::profile_bytes() const {
    std::size_t bytes = 0;
    auto const sampled = std::min<std::size_t>(1000, profiles());
    for (std::size_t i = 0; i < sampled; ++i) bytes += people_.user(i).source.size();
    return bytes / sampled;
}

std::size_t surroundings::change(std::size_t every) {
    std::size_t count = 0;
    for (std::size_t i = 0; i < profiles(); i += every, ++count) {
        people_.change_user(i, demo::change_kind::trait, from_millis(1'780'000'000'000 + ++clock_));
    }
    show_source();
    return count;
}

void surroundings::expect(std::string const& stage, std::size_t messages) {
    auto const now = segment_.counts().messages;
    if (now - taken_ != messages) {
        throw std::runtime_error{
            fmt::format("{}: Segment took {} messages where {} were due", stage, now - taken_, messages)};
    }
    taken_ = now;
}

bool surroundings::wait_for(std::size_t messages, std::chrono::milliseconds limit) const {
    return segment_.wait_for(limit, [due = taken_ + messages](auto const& now) { return now.messages >= due; });
}

void surroundings::remove_store() const {
    for (auto const* suffix : {"", "-wal", "-shm", ".lock"}) std::filesystem::remove(store() + suffix);
}

std::int64_t surroundings::store_bytes() const {
    SQLite::Database file{store(), SQLite::OPEN_READONLY};
    return file.execAndGet("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size").getInt64();
}

std::map<std::string, std::string> surroundings::environment(std::string const& moesif) const {
    return {{"PATH", "/usr/bin:/bin"},
            {"TRAITSYNC_MOESIF_URL", moesif.empty() ? moesif_.url() : moesif},
            {"TRAITSYNC_MOESIF_TOKEN", unlimited().token},
            {"TRAITSYNC_MOESIF_PAGE_SIZE", "1000"},
            {"TRAITSYNC_MOESIF_REQUESTS_PER_MINUTE", "0"},
            {"TRAITSYNC_MOESIF_INTERVAL", "24h"},  // every pass is asked for
            {"TRAITSYNC_SEGMENT_URL", segment_.url()},
            {"TRAITSYNC_SEGMENT_WRITE_KEY", std::string(32, 'a')},
            {"TRAITSYNC_SEGMENT_RATE_LIMIT", "0"},
            {"TRAITSYNC_SEGMENT_BATCH_SIZE", "2500"},
            {"TRAITSYNC_TRAITS_BRAKE_PERCENT", "0"},
            {"TRAITSYNC_STORE_PATH", store()},
            {"TRAITSYNC_STORE_MIN_FREE", "0"},
            {"TRAITSYNC_ADMIN_LISTEN", "127.0.0.1:0"},
            {"TRAITSYNC_ADMIN_TOKEN", admin_token}};
}

}  // namespace traitsync::bench
