#pragma once
// What a storm blows on: changing profiles in a Moesif and a Segment that misbehave, the real binary between them, and
// an oracle that tells what Segment must hold in the end.

#include <boost/test/unit_test.hpp>

#include <map>
#include <random>

#include "support/process.hpp"
#include "support/program.hpp"
#include "support/temp_dir.hpp"
#include "traitsync/demo/moesif_service.hpp"
#include "traitsync/demo/population.hpp"
#include "traitsync/demo/segment_service.hpp"
#include "traitsync/profile/mapper.hpp"

namespace traitsync::test {

using namespace std::chrono_literals;
using profile::mapped_trait;
using profile::trait;
using profile::trait_at;
using profile::trait_count;

constexpr std::string_view token = "storm-token-0123456789";
constexpr std::string_view write_key = "storm0write0key0storm0write0key0";
constexpr std::string_view admin_token = "storm-admin-token-0123456789";

// Nothing rides, so that every change must arrive.
inline config::trait_settings all_sent() {
    config::trait_settings s;
    for (auto const& path : config::riding_by_default()) s.policies[path] = config::policy::send;
    return s;
}

inline demo::moesif_options source_options() {
    demo::moesif_options o;
    o.token = token;
    o.faults.requests_per_minute = 0;
    return o;
}

inline demo::segment_options sink_options() {
    demo::segment_options o;
    o.write_key = write_key;
    return o;
}

struct storm {
    temp_dir folder;
    demo::population people;
    demo::moesif_service moesif{source_options()};
    demo::segment_service segment{sink_options()};
    std::mt19937_64 random{20261124};
    profile::rules rules{all_sent()};
    profile::mapper mapper{rules};

    explicit storm(std::size_t users = 150) : people{{.seed = 11, .users = users, .newest = system_clock().wall()}} {
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
    process start(std::map<std::string, std::string> const& more = {}) {
        process_options o;
        o.program = program_or(TS_BINARY);
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
                         {"TRAITSYNC_ADMIN_TOKEN", std::string{admin_token}},
                         {"TRAITSYNC_TRAITS_BRAKE_PERCENT", "0"},
                         {"TRAITSYNC_TRAITS_POLICY",
                          "lastSeenTime=send,modifiedTime=send,last24HourAggResults=send,userAgent=send,"
                          "company.lastSeenTime=send,company.modifiedTime=send,company.ipAddress=send"}};
        for (auto const& [name, value] : more) o.environment[name] = value;
        return process{std::move(o)};
    }

    // What Segment must hold of a user in the end: an oracle apart from the engine. Trait name to hash.
    std::map<std::string, std::uint64_t> wanted(std::size_t i) {
        auto const d = people.user(i);
        profile::mapped_user u;
        BOOST_REQUIRE((mapper.map_user(d.id, d.source, u).what == profile::verdict::mapped));
        std::map<std::string, std::uint64_t> all;
        for (std::size_t t = 0; t < trait_count; ++t) {
            if (u.traits[t].state == mapped_trait::form::value)
                all[std::string{profile::name_of(trait_at(t))}] = u.traits[t].full;
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
            if (has != (expected != want.end()))
                return people.user_id(i) + ": " + name + (has ? " is still there" : " is missing");
            if (has && profile::hashes_of(there->second, trait_at(t), rules).full != expected->second) {
                return people.user_id(i) + ": " + name + " is " + there->second;
            }
        }
        return {};
    }
    std::string first_difference() {
        for (std::size_t i = 0; i < people.users(); ++i) {
            if (auto text = difference(i); !text.empty()) return text;
        }
        return {};
    }
    // Waits until Segment's picture is true; the first difference that is left at the limit.
    std::string calm_down(process& child, std::chrono::seconds limit) {
        auto const end = std::chrono::steady_clock::now() + limit;
        auto left = first_difference();
        while (!left.empty() && std::chrono::steady_clock::now() < end) {
            BOOST_REQUIRE_MESSAGE(child.running(), child.errors());
            auto const seen = segment.counts().requests;
            segment.wait_for(2s, [&](demo::segment_counts const& c) { return c.requests > seen; });
            left = first_difference();
        }
        return left;
    }
    // What holds after any storm: nothing was sent twice, out of order or in two forms. An operator's replays send what
    // Segment has.
    void check_what_segment_saw(bool with_replays = false) {
        auto const counts = segment.counts();
        for (auto const& v : segment.violations()) BOOST_ERROR(v);
        if (!with_replays) BOOST_TEST(counts.unchanged_messages == 0U, "no change was offered under two ids");
        BOOST_TEST(counts.dropped_messages == 0U);
        BOOST_TEST(counts.distinct_messages >= people.users());
        BOOST_TEST(!counts.overflowed);
    }
    // Secrets stay secret, whatever happened.
    void check_that_no_secret_was_printed() const {
        for (auto const* file : {"log", "out"}) {
            std::ifstream in{folder / file};
            std::string const text{std::istreambuf_iterator<char>{in}, {}};
            for (auto const secret : {token, write_key, admin_token})
                BOOST_TEST(text.find(secret) == std::string::npos);
        }
    }
};

}  // namespace traitsync::test
