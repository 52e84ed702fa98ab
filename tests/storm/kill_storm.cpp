// The process dies at any instruction, profiles keep changing, both services misbehave: nothing is lost, no id
// changes its content, no change is offered under two ids, the order of each user's messages holds.
// TRAITSYNC_STORM_ROUNDS says how many times it is killed (20).
#include <boost/test/unit_test.hpp>

#include <cstdlib>
#include <map>
#include <random>
#include <thread>

#include "support/process.hpp"
#include "support/temp_dir.hpp"
#include "traitsync/demo/moesif_service.hpp"
#include "traitsync/demo/population.hpp"
#include "traitsync/demo/segment_service.hpp"
#include "traitsync/profile/mapper.hpp"

namespace {

using namespace traitsync;
using namespace std::chrono_literals;
using profile::mapped_trait;
using profile::trait;
using profile::trait_at;
using profile::trait_count;

constexpr std::size_t user_count = 150;
constexpr std::string_view token = "storm-token-0123456789";
constexpr std::string_view write_key = "storm0write0key0storm0write0key0";

int rounds() {
    auto const* text = std::getenv("TRAITSYNC_STORM_ROUNDS");
    return text ? std::max(1, std::atoi(text)) : 20;
}

// Nothing rides, so that every change must arrive.
config::trait_settings all_sent() {
    config::trait_settings s;
    for (auto const& path : config::riding_by_default()) s.policies[path] = config::policy::send;
    return s;
}

demo::moesif_options source_options() {
    demo::moesif_options o;
    o.token = token;
    o.faults.requests_per_minute = 0;
    return o;
}

demo::segment_options sink_options() {
    demo::segment_options o;
    o.write_key = write_key;
    return o;
}

struct storm {
    test::temp_dir folder;
    demo::population people{{.seed = 11, .users = user_count, .newest = system_clock().wall()}};
    demo::moesif_service moesif{source_options()};
    demo::segment_service segment{sink_options()};
    std::mt19937_64 random{20261124};
    profile::rules rules{all_sent()};
    profile::mapper mapper{rules};

    storm() {
        for (std::size_t i = 0; i < people.companies(); ++i) put_company(i);
        for (std::size_t i = 0; i < people.users(); ++i) put_user(i);
    }
    void put_user(std::size_t i) {
        auto d = people.user(i);
        moesif.put_user(d.id, d.source, d.modified);
    }
    void put_company(std::size_t i) {
        auto d = people.company(i);
        moesif.put_company(d.id, d.source, d.modified);
    }
    void change_some() {
        for (int n = 0; n < 6; ++n) {
            auto const i = people.any_user();
            people.change_user(i, system_clock().wall());
            put_user(i);
        }
        if (random() % 3 == 0) {
            auto const i = people.any_company();
            people.change_company(i, system_clock().wall());
            put_company(i);
        }
    }
    void misbehave(bool on, std::uint64_t seed) {
        demo::moesif_faults from;
        from.requests_per_minute = 0;
        demo::segment_faults to;
        from.seed = to.seed = seed;
        if (on) {
            from.throttled = from.server_error = from.cut_before_answer = from.cut_in_body = from.timed_out = 0.03;
            from.hang = 0.01;
            from.hang_for = 1s;
            to.throttled = to.server_error = to.unavailable = 0.04;
            to.reset_before_reading = to.answer_lost = 0.08;
            to.hang = 0.02;
            to.hang_for = 1s;
        }
        moesif.set_faults(from);
        segment.set_faults(to);
    }
    test::process start() {
        test::process_options o;
        o.program = TS_BINARY;
        o.arguments = {"run"};
        o.errors = folder / "log";
        o.output = folder / "out";
        o.environment = {{"PATH", "/usr/bin:/bin"},
                         {"TRAITSYNC_MOESIF_URL", moesif.url()},
                         {"TRAITSYNC_MOESIF_TOKEN", std::string{token}},
                         {"TRAITSYNC_MOESIF_INTERVAL", "1s"},
                         {"TRAITSYNC_MOESIF_PAGE_SIZE", "20"},
                         {"TRAITSYNC_MOESIF_FULL_INTERVAL", "10s"},
                         {"TRAITSYNC_MOESIF_REQUESTS_PER_MINUTE", "0"},
                         {"TRAITSYNC_SEGMENT_URL", segment.url()},
                         {"TRAITSYNC_SEGMENT_WRITE_KEY", std::string{write_key}},
                         {"TRAITSYNC_SEGMENT_BATCH_SIZE", "15"},
                         {"TRAITSYNC_SEGMENT_RATE_LIMIT", "0"},
                         {"TRAITSYNC_STORE_PATH", (folder / "store.db").string()},
                         {"TRAITSYNC_STORE_MIN_FREE", "0"},
                         {"TRAITSYNC_ADMIN_LISTEN", "127.0.0.1:0"},
                         {"TRAITSYNC_TRAITS_BRAKE_PERCENT", "0"},
                         {"TRAITSYNC_TRAITS_POLICY",
                          "lastSeenTime=send,modifiedTime=send,last24HourAggResults=send,userAgent=send,"
                          "company.lastSeenTime=send,company.modifiedTime=send,company.ipAddress=send"}};
        return test::process{std::move(o)};
    }

    // What Segment must hold of a user in the end: an oracle apart from the engine. Trait name to hash.
    std::map<std::string, std::uint64_t> wanted(std::size_t i) {
        auto const d = people.user(i);
        profile::mapped_user u;
        BOOST_REQUIRE((mapper.map_user(d.id, d.source, u).what == profile::verdict::mapped));
        std::map<std::string, std::uint64_t> all;
        for (std::size_t t = 0; t < trait_count; ++t) {
            if (u.traits[t].state == mapped_trait::form::value) all[std::string{profile::name_of(trait_at(t))}] = u.traits[t].full;
        }
        if (!u.company_id) return all;
        auto company = profile::company_of_id(*u.company_id, rules);
        bool documented = false;
        for (std::size_t c = 0; c < people.companies() && !documented; ++c) {
            if (people.company_key(c) != *u.company_id) continue;
            auto const cd = people.company(c);
            BOOST_REQUIRE((mapper.map_company(cd.id, cd.source, company).what == profile::verdict::mapped));
            documented = true;
        }
        if (u.has_embedded_company &&
            (!documented || (u.embedded.modified_millis &&
                             (!company.modified_millis || *u.embedded.modified_millis > *company.modified_millis)))) {
            company = u.embedded;
        }
        all["company"] = company.full;
        return all;
    }
    // Empty when Segment's picture of the user is true, else the first difference.
    std::string difference(std::size_t i) {
        auto const held = segment.state_of(people.user_id(i));
        if (!held) return people.user_id(i) + " never arrived";
        auto const want = wanted(i);
        for (std::size_t t = 0; t < trait_count; ++t) {
            std::string const name{profile::name_of(trait_at(t))};
            auto const there = held->find(name);
            auto const has = there != held->end() && there->second != "null";
            auto const expected = want.find(name);
            if (has != (expected != want.end())) return people.user_id(i) + ": " + name + (has ? " is still there" : " is missing");
            if (has && profile::hashes_of(there->second, trait_at(t), rules).full != expected->second) {
                return people.user_id(i) + ": " + name + " is " + there->second;
            }
        }
        return {};
    }
    std::string first_difference() {
        for (std::size_t i = 0; i < user_count; ++i) {
            if (auto text = difference(i); !text.empty()) return text;
        }
        return {};
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(kill_storm)

BOOST_FIXTURE_TEST_CASE(killed_at_random_moments_it_loses_nothing_changes_no_id_and_keeps_the_order, storm) {
    auto const total = rounds();
    for (int round = 0; round < total; ++round) {
        misbehave(true, static_cast<std::uint64_t>(round) + 1);
        auto child = start();
        // The moment of death is the test's input, not a wait for something.
        auto const life = std::chrono::milliseconds{20 + random() % 900};
        auto const end = std::chrono::steady_clock::now() + life;
        while (std::chrono::steady_clock::now() < end) {
            change_some();
            std::this_thread::sleep_for(std::min<std::chrono::nanoseconds>(60ms, end - std::chrono::steady_clock::now()));
        }
        BOOST_REQUIRE_MESSAGE(child.running(), "it ended by itself in round " << round << ": " << child.errors());
        child.kill();
    }
    misbehave(false, 1);
    auto child = start();
    auto const limit = std::chrono::steady_clock::now() + 90s;
    auto left = first_difference();
    while (!left.empty() && std::chrono::steady_clock::now() < limit) {
        BOOST_REQUIRE_MESSAGE(child.running(), child.errors());
        auto const seen = segment.counts().requests;
        segment.wait_for(2s, [&](demo::segment_counts const& c) { return c.requests > seen; });
        left = first_difference();
    }
    BOOST_TEST(left.empty(), "every user's state at Segment is the mapped state of Moesif: " << left);
    auto const ended = child.stop();
    BOOST_REQUIRE(ended);
    BOOST_TEST(ended->clean());

    auto const counts = segment.counts();
    for (auto const& v : segment.violations()) BOOST_ERROR(v);
    BOOST_TEST(counts.unchanged_messages == 0U, "no change was offered under two ids");
    BOOST_TEST(counts.dropped_messages == 0U);
    BOOST_TEST(counts.distinct_messages >= user_count);
    BOOST_TEST_MESSAGE(total << " kills, " << counts.distinct_messages << " messages, " << counts.repeats << " repeats under their own id");

    // Secrets stay secret, whatever happened.
    for (auto const* file : {"log", "out"}) {
        std::ifstream in{folder / file};
        std::string const text{std::istreambuf_iterator<char>{in}, {}};
        BOOST_TEST(text.find(token) == std::string::npos);
        BOOST_TEST(text.find(write_key) == std::string::npos);
    }
}

BOOST_AUTO_TEST_SUITE_END()
