// A year of operation with a fast clock, and the calendar's rare days.

#include "shifted_clock.hpp"

namespace {
using namespace traitsync;
using namespace std::chrono_literals;
using test::number_at;
using test::shifted_clock;

struct calendar : shifted_clock {
    std::int64_t bytes() const {
        std::int64_t all = 0;
        for (auto const* name : {"store.db", "store.db-wal"}) {
            std::error_code none;
            auto const size = std::filesystem::file_size(folder / name, none);
            if (!none) all += static_cast<std::int64_t>(size);
        }
        return all;
    }
    // The documents change with the child's clock.
    void follow(std::chrono::hours shifted) { clock = to_millis(system_clock().wall() + shifted); }
    void put_at(int i, wall_time at, std::string const& members) {
        moesif.put_user(user_key(i), fmt::format(R"({{"user_id":"{}"{}}})", user_key(i), members), to_millis(at));
    }
    static std::string words(int n, std::size_t size) {
        std::string text;
        while (text.size() < size) text += fmt::format("{:x} ", n += 7919);
        return text;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(a_year, calendar, *boost::unit_test::precondition(test::preloads))

// 73 steps of five days: each changes half of the profiles, lets some go, brings bad documents, and asks for replays
// and previews. Kept without trimming it would be some 90 MB.
BOOST_AUTO_TEST_CASE(stays_within_the_configured_size_and_gives_space_back) {
    constexpr int people = 60;
    constexpr std::int64_t mib = 1 << 20;
    environment["TRAITSYNC_STORE_MAX_HISTORY"] = "2MiB";
    environment["TRAITSYNC_STORE_HISTORY_DAYS"] = "365";
    environment["TRAITSYNC_MOESIF_FULL_INTERVAL"] = "365d";
    environment["TRAITSYNC_TRAITS_BRAKE_PERCENT"] = "0";
    environment["TRAITSYNC_LOG_LEVEL"] = "info";
    start();
    settle();
    std::int64_t largest = 0, day = 0;
    std::size_t expected = 0;
    for (int step = 0; step < 73; ++step, day += 5) {
        auto const by = std::chrono::hours{24 * day};
        shift(by);
        follow(by);
        for (int i = 0; i < people / 2; ++i) {
            put(i, fmt::format(R"(,"metadata":{{"note":"{}"}})", words(step * 1000 + i, 28'000)));
        }
        put(1000 + step, fmt::format(R"(,"metadata":{{"note":"{}"}})", words(step, 20'000)));
        moesif.put_user(fmt::format("bad{}", step), fmt::format(R"(["no object","{}"])", words(step, 50'000)), ++clock);
        expected += people / 2 + 1;
        pull();
        BOOST_REQUIRE_MESSAGE(
            segment.wait_for(20s, [&](demo::segment_counts const& c) { return c.distinct_messages == expected; }),
            step << ": " << segment.counts().distinct_messages << " of " << expected << " "
                 << api->get("/v1/runs?limit=3").body << api->get("/v1/status").body);
        if (step % 10 == 5) {
            // Who came before has left by now.
            for (int i = 0; i < step; ++i) moesif.remove_user(user_key(1000 + i));
            pull("full");
            post("/v1/replays", fmt::format(R"({{"user_ids":["{}"]}})", user_key(0)), 202);
            ++expected;
            BOOST_REQUIRE(
                segment.wait_for(20s, [&](demo::segment_counts const& c) { return c.distinct_messages == expected; }));
        }
        post("/v1/replays", R"({"all":true,"dry_run":true})", 200);
        largest = std::max(largest, bytes());
    }
    // The log counts with what it may grow to (64 MiB and a transaction) before it is moved into the file; a year in
    // some seconds leaves the trimming, a step a second, behind.
    BOOST_TEST(largest < 128 * mib);
    // Trimming goes on in the background, a step a second; then the log is moved into the file.
    eventually("the history fits",
               [&] { return number("SELECT value FROM meta WHERE key = 'body_bytes'") <= 2 * mib; });
    eventually(
        "quarantine fits",
        [&] { return number("SELECT ifnull(sum(length(raw)), 0) FROM quarantine") <= mib / 2 + 50'100; }, 30s);
    BOOST_TEST(number("SELECT count(*) FROM quarantine") > 5);
    eventually(
        "previews fit", [&] { return number("SELECT count(*) FROM previews") <= 100; }, 30s);
    eventually(
        "space is given back",
        [&] {
            return number(
                       "SELECT freelist_count <= max(256, page_count / 8) FROM pragma_freelist_count, "
                       "pragma_page_count") == 1;
        },
        30s);
    BOOST_TEST(number_at(get("/v1/status").at("moesif"), "users") >= people / 2);
    BOOST_TEST(trait_of(3, "metadata").find(words(72'003, 28'000)) != std::string::npos);
    stop();
    // Two of history, two of profiles, parts of two for the rest, and four that may be free.
    BOOST_TEST(bytes() < 16 * mib);
    BOOST_TEST(segment.violations().empty());
}

BOOST_AUTO_TEST_CASE(run_once_counts_its_own_dead_letters_however_the_clock_is_set) {
    put_users(1, "x");
    shift(24h);
    segment.set_refuse([this](std::string_view, std::string_view) {
        shift(0s);
        return true;
    });
    BOOST_TEST(once().state.code == 1, "it was set back before the answer came");
    shift(24h);
    put_users(1, "y");
    segment.set_refuse([](std::string_view, std::string_view) { return true; });
    BOOST_TEST(once().state.code == 1);
    shift(0s);
    BOOST_TEST(once().state.code == 0, "older dead letters are no failure");
}

BOOST_AUTO_TEST_CASE(a_leap_day_and_the_turn_to_it_are_days_like_others) {
    environment["TRAITSYNC_MOESIF_INTERVAL"] = "1s";
    using namespace std::chrono;
    auto const leap_day = time_point_cast<milliseconds>(sys_days{2028y / February / 29});
    // The child's clock: two seconds before its midnight, and again before the next one.
    auto const until = [&](wall_time t) { return duration_cast<seconds>(t - traitsync::system_clock().wall()); };
    put_at(0, leap_day - 48h, R"(,"first_seen_time":"2024-02-29T12:00:00Z","metadata":{"plan":"x"})");
    shift(until(leap_day - 2s));
    start();
    settle();
    BOOST_TEST(trait_of(0, "firstSeenTime") == R"("2024-02-29T12:00:00.000Z")");
    eventually("the leap day",
               [&] { return member(api->get("/v1/status").body, "last_pass_at").starts_with("2028-02-29T00:0"); });
    put_at(
        0, leap_day + 1s,
        R"(,"first_seen_time":"2024-02-29T12:00:00Z","last_seen_time":"2028-02-29T00:00:01Z","metadata":{"plan":"y"})");
    eventually("sent", [&] { return trait_of(0, "metadata") == R"({"plan":"y"})"; });
    BOOST_TEST(trait_of(0, "lastSeenTime") == R"("2028-02-29T00:00:01.000Z")");
    BOOST_TEST(member(segment.messages_of(user_key(0)).back().body, "timestamp").starts_with("2028-02-29T00:"));
    shift(until(leap_day + 24h - 1s));
    put_at(0, leap_day + 24h - 1s, R"(,"first_seen_time":"2024-02-29T12:00:00Z","metadata":{"plan":"z"})");
    eventually("sent", [&] { return trait_of(0, "metadata") == R"({"plan":"z"})"; });
    eventually("the first of March",
               [&] { return member(api->get("/v1/status").body, "last_pass_at").starts_with("2028-03-01T"); });
    BOOST_TEST(segment.violations().empty());
    stop();
}

BOOST_AUTO_TEST_SUITE_END()
