#pragma once
// A Moesif, a Segment, a folder and the binary's environment: what each integration test starts from.

#include <SQLiteCpp/Database.h>
#include <fmt/core.h>
#include <boost/test/unit_test.hpp>

#include <fstream>

#include "support/process.hpp"
#include "support/program.hpp"
#include "support/temp_dir.hpp"
#include "traitsync/demo/moesif_service.hpp"
#include "traitsync/demo/segment_service.hpp"

namespace traitsync::test {

struct deployment {
    static constexpr auto token = "integration-token-0123456789";
    static constexpr auto write_key = "integrationkey0integrationkey000";

    temp_dir folder;
    demo::moesif_service moesif{[] {
        demo::moesif_options o;
        o.token = token;
        o.faults.requests_per_minute = 0;
        return o;
    }()};
    demo::segment_service segment{[] {
        demo::segment_options o;
        o.record = demo::recording::bodies;
        return o;
    }()};
    std::map<std::string, std::string> environment{
        {"PATH", "/usr/bin:/bin"},
        {"TRAITSYNC_MOESIF_URL", moesif.url()},
        {"TRAITSYNC_MOESIF_TOKEN", token},
        {"TRAITSYNC_MOESIF_INTERVAL", "1s"},
        {"TRAITSYNC_MOESIF_REQUESTS_PER_MINUTE", "0"},
        {"TRAITSYNC_SEGMENT_URL", segment.url()},
        {"TRAITSYNC_SEGMENT_WRITE_KEY", write_key},
        {"TRAITSYNC_SEGMENT_RATE_LIMIT", "0"},
        {"TRAITSYNC_STORE_PATH", (folder / "store.db").string()},
        {"TRAITSYNC_STORE_MIN_FREE", "0"},
        {"TRAITSYNC_ADMIN_LISTEN", "127.0.0.1:0"},
    };
    std::int64_t clock = to_millis(system_clock().wall());  // of the documents: each change is newer

    std::string user_key(int i) const { return fmt::format("user{:05}", i); }
    void put(int i, std::string const& members) {
        moesif.put_user(user_key(i), fmt::format(R"({{"user_id":"{}"{}}})", user_key(i), members), ++clock);
    }
    void put_users(int count, std::string const& plan) {
        for (int i = 0; i < count; ++i)
            put(i, fmt::format(R"(,"email":"u{}@example.com","metadata":{{"plan":"{}"}})", i, plan));
    }

    process_options options(std::vector<std::string> arguments) const {
        process_options o;
        o.program = program_or(TS_BINARY);
        o.arguments = std::move(arguments);
        o.environment = environment;
        return o;
    }
    finished once(std::vector<std::string> more = {}) {
        more.insert(more.begin(), {"run", "--once"});
        auto ended = run(options(std::move(more)));
        BOOST_TEST((ended.errors + ended.output).find(token) == std::string::npos, "the token was printed");
        BOOST_TEST((ended.errors + ended.output).find(write_key) == std::string::npos, "the write key was printed");
        return ended;
    }
    void once_well() {
        auto const ended = once();
        BOOST_REQUIRE_MESSAGE(ended.state.code == 0, ended.errors);
    }
    std::int64_t number(std::string const& query) const {
        SQLite::Database db{(folder / "store.db").string(), SQLite::OPEN_READONLY, 5000};
        return db.execAndGet(query).getInt64();
    }
    std::string trait_of(int i, std::string const& name) {
        auto const state = segment.state_of(user_key(i));
        if (!state || !state->contains(name)) return "";
        return state->at(name);
    }
};

}  // namespace traitsync::test
