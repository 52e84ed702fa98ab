// Stores that earlier programs left: brought up by the real binary, which goes on with what waits in them and sends
// nothing for what did not change. tests/stores/README.md says how they are made.

#include "operator.hpp"
#include "store_text.hpp"
#include "traitsync/store/database.hpp"

namespace {
using namespace traitsync;
using namespace std::chrono_literals;
using test::text_at;

std::filesystem::path stores() { return std::filesystem::path{TS_SOURCE_DIR} / "tests/stores"; }

struct old_store : test::operated {
    static constexpr std::int64_t then = 1'777'000'000'000;  // when the documents were changed

    old_store() {
        clock = then;
        environment["TRAITSYNC_SEGMENT_CONCURRENCY"] = "1";
        environment["TRAITSYNC_TRAITS_BRAKE_MIN"] = "2";
        environment["TRAITSYNC_TRAITS_BRAKE_PERCENT"] = "20";
        environment["TRAITSYNC_STORE_HISTORY_DAYS"] = "36500";
    }
    void plan(int i, std::string const& name) {
        put(i,
            fmt::format(
                R"(,"company_id":"acme","email":"u{}@example.com","last_seen_time":"2026-04-01T00:00:00Z","metadata":{{"plan":"{}"}})",
                i, name));
    }
    // What Moesif said at first, and what it says since.
    void first_documents() {
        moesif.put_company("acme", R"({"company_id":"acme","name":"Acme","metadata":{"tier":1}})", ++clock);
        for (int i = 0; i < 12; ++i) plan(i, "first");
        moesif.put_user("bad", R"(["no object"])", ++clock);
    }
    void later_documents() {
        moesif.remove_user(user_key(11));
        for (int i = 1; i < 8; ++i) plan(i, "second");
        plan(8, "third");
        plan(9, "fourth");
    }
    void load(std::string const& name) const { test::store_from_text((folder / "store.db").string(), stores() / name); }
    std::vector<std::string> ids(std::string const& states) const {
        SQLite::Database db{(folder / "store.db").string(), SQLite::OPEN_READONLY};
        if (!db.tableExists("messages")) return {};
        std::vector<std::string> out;
        SQLite::Statement s{db, "SELECT lower(hex(id)) FROM messages WHERE state IN (" + states + ") ORDER BY no"};
        while (s.executeStep()) {
            auto text = s.getColumn(0).getString();
            for (auto const at : {8, 13, 18, 23}) text.insert(static_cast<std::size_t>(at), "-");
            out.push_back(text);
        }
        return out;
    }
    bool arrived(std::string const& id) const {
        for (auto const& user : segment.user_ids()) {
            for (auto const& m : segment.messages_of(user)) {
                if (m.message_id == id && m.accepted > 0) return true;
            }
        }
        return false;
    }
};

boost::test_tools::assertion_result wants_a_new_one(boost::unit_test::test_unit_id) {
    return std::getenv("TRAITSYNC_WRITE_STORE") != nullptr;
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(old_stores, old_store)

// Not a test: writes the store of the present version, where that was asked for because a migration was added.
BOOST_AUTO_TEST_CASE(write_the_present_one, *boost::unit_test::precondition(wants_a_new_one)) {
    environment["TRAITSYNC_TRAITS_BRAKE_PERCENT"] = "0";
    first_documents();
    start();
    settle();
    segment.set_refuse([](std::string_view user, std::string_view) { return user == "user00001"; });
    moesif.remove_user(user_key(11));
    plan(1, "second");
    pull("full");
    eventually("dead", [&] { return queue("dead") == 1 && queue("offered") == 0; });
    stop();
    environment["TRAITSYNC_TRAITS_BRAKE_PERCENT"] = "20";
    start();
    for (int i = 2; i < 8; ++i) plan(i, "second");
    pull("full");
    eventually("held", [&] { return queue("held") > 0 && queue("waiting") == 0 && queue("offered") == 0; });
    demo::segment_faults hanging;
    hanging.hang = 1;
    segment.set_faults(hanging);
    plan(9, "third");
    pull("full");
    eventually("offered", [&] { return queue("offered") == 1; });
    plan(8, "third");
    plan(9, "fourth");
    pull("full");
    eventually("waiting", [&] { return queue("waiting") == 2; });
    service->kill();
    BOOST_TEST(ids("0").size() == 2U);
    auto const version = number("SELECT user_version FROM pragma_user_version");
    test::text_from_store((folder / "store.db").string(), stores() / fmt::format("{:04}.sql", version),
                          static_cast<int>(version));
    // The earlier forms, of the same rows, where there are none yet.
    for (auto earlier = static_cast<int>(version) - 1; earlier > 0; --earlier) {
        auto const file = stores() / fmt::format("{:04}.sql", earlier);
        if (!std::filesystem::exists(file)) test::text_from_store((folder / "store.db").string(), file, earlier);
    }
}

BOOST_AUTO_TEST_CASE(each_goes_on_with_its_messages_and_sends_nothing_for_what_did_not_change) {
    first_documents();
    later_documents();
    std::size_t seen = 0;
    for (auto const& entry : std::filesystem::directory_iterator{stores()}) {
        if (entry.path().extension() != ".sql") continue;
        ++seen;
        BOOST_TEST_CONTEXT(entry.path().filename()) {
            load(entry.path().filename());
            auto const has_queue = !ids("0").empty();
            auto const open = ids("0, 1");
            auto const held = ids("4");
            auto const known = number("SELECT count(*) FROM users WHERE gone_at IS NULL");
            auto const frozen = has_queue ? number("SELECT count(*) FROM bodies") : 0;
            environment["TRAITSYNC_TRAITS_BRAKE_PERCENT"] = has_queue ? "20" : "0";
            auto const ended = once();
            BOOST_TEST(ended.errors.find("migrat") == std::string::npos, ended.errors);
            BOOST_TEST(ended.state.code == (held.empty() ? 0 : 1), ended.errors);
            // Those whose messages an old form did not know yet are compared with nothing; the others are silent.
            auto const sent = segment.counts();
            if (has_queue) {
                BOOST_TEST(frozen > 0);
                BOOST_TEST(sent.distinct_messages == open.size());
                for (auto const& id : open) BOOST_TEST(arrived(id), id);
                start();
                BOOST_TEST(queue("held") == static_cast<std::int64_t>(held.size()));
                BOOST_TEST(queue("dead") == 1);
                BOOST_TEST(text_at(get("/v1/profiles/user00011"), "state") == "gone");
                BOOST_TEST(get("/v1/quarantine").at("items").as_array().size() == 1U);
                BOOST_TEST(get("/v1/profiles?q=u3@example").at("items").as_array().size() == 1U);
                post("/v1/brake/release", "", 200);
                BOOST_TEST(segment.wait_for(20s, [&](demo::segment_counts const& c) {
                    return c.distinct_messages >= open.size() + held.size();
                }));
                for (auto const& id : held) BOOST_TEST(arrived(id), id);
                BOOST_TEST(segment.counts().distinct_messages == open.size() + held.size());
                post("/v1/dead-letters/retry", R"({"all":true})", 200);
                eventually("retried", [&] { return trait_of(1, "metadata") == R"({"plan":"second"})"; });
                BOOST_TEST(segment.counts().distinct_messages == open.size() + held.size() + 1);
                stop();
            } else {
                BOOST_TEST(known > 1);
                BOOST_TEST(static_cast<std::int64_t>(sent.distinct_messages) == 11 - known);
            }
            BOOST_TEST(store::database::quick_check((folder / "store.db").string()).value().empty());
            BOOST_TEST(segment.violations().empty());
            for (auto const* file : {"store.db", "store.db-wal", "store.db-shm", "store.db.lock"})
                std::filesystem::remove(folder / file);
            segment.forget();
        }
    }
    BOOST_TEST(seen == static_cast<std::size_t>(store::database::newest_schema_version()),
               "one of each form; see tests/stores/README.md");
}

BOOST_AUTO_TEST_SUITE_END()
