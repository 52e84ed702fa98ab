// A store that cannot be written, is damaged or newer, and a clock that jumps.

#include <sqlite3.h>

#include "shifted_clock.hpp"

namespace {
using namespace traitsync;
using namespace traitsync::test;
using namespace std::chrono_literals;
using test::operated;
using test::shifted_clock;
using test::text_at;

std::string bytes_of(std::filesystem::path const& path) {
    std::ifstream file{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(store_faults, operated)

BOOST_AUTO_TEST_CASE(a_full_disk_stops_reading_and_offering_says_so_and_it_goes_on_by_itself) {
    environment["TRAITSYNC_MOESIF_INTERVAL"] = "1s";
    put_users(30, "x");
    auto with_limit = options({"run"});
    with_limit.max_file_bytes = test::unlimited_bytes;
    start(std::move(with_limit));
    settle();
    auto const sent = segment.counts().requests;
    service->limit_files(16'384);
    put_users(30, "y");
    auto const full = [&] {
        auto const ready = api->get("/readyz");
        return ready.status == 503 && ready.body.find("store_fault") != std::string::npos;
    };
    eventually("not ready", full);
    auto const status = get("/v1/status");
    BOOST_TEST(text_at(status, "state") == "degraded");
    BOOST_TEST(text_at(status.at("reasons").at(0), "code") == "store_fault");
    // It reads the same page of the store's own work no further, and answers what it knows.
    auto const searches = moesif.counts().exchanges();
    BOOST_TEST(!moesif.wait_for(3s, [&](demo::moesif_counts const& c) { return c.exchanges() > searches + 1; }));
    BOOST_TEST(full(), "it does not say in between that it works");
    BOOST_TEST(get("/v1/profiles/user00001").at("acknowledged").at("metadata").at("plan").as_string() == "x");
    BOOST_TEST(segment.counts().requests == sent);
    // What an operator asks for is not promised either; the client is told when to ask again.
    auto const refused = api->post("/v1/pause", R"({"scope":"pull"})");
    BOOST_TEST(refused.status == 503, refused.body);
    BOOST_TEST(refused.headers.at("retry-after") == "2");
    BOOST_TEST(refused.headers.at("content-type") == "application/problem+json");
    BOOST_TEST(api->post("/v1/replays", R"({"all":true})").status == 503);
    service->limit_files({});
    eventually("delivered", [&] { return trait_of(29, "metadata") == R"({"plan":"y"})"; });
    eventually("running", [&] { return text_at(get("/v1/status"), "state") == "running"; });
    BOOST_TEST(api->get("/readyz").status == 200);
    BOOST_TEST(segment.counts().unchanged_messages == 0U);
    BOOST_TEST(segment.violations().empty());
    auto const log = service->errors();
    auto const first = log.find("\"event\":\"store_fault\"");
    BOOST_TEST(first != std::string::npos);
    BOOST_TEST(log.find("\"event\":\"store_fault\"", first + 1) == std::string::npos, "one line a change: " + log);
}

BOOST_AUTO_TEST_CASE(on_a_full_disk_the_room_of_the_log_is_used_again) {
    put_users(30, "x");
    auto with_limit = options({"run"});
    with_limit.max_file_bytes = test::unlimited_bytes;
    start(std::move(with_limit));
    settle();
    // Until the log is larger than the store that it belongs in.
    auto const log_bytes = [&] { return std::filesystem::file_size(folder / "store.db-wal"); };
    auto const store_bytes = [&] {
        return static_cast<std::uint64_t>(
            number("SELECT page_count * page_size FROM pragma_page_count, pragma_page_size"));
    };
    for (int round = 0; log_bytes() < 2 * store_bytes(); ++round) {
        put_users(30, std::to_string(round));
        pull();
        settle();
    }
    service->limit_files(log_bytes());
    auto const ask = [&] { return api->post("/v1/pull", R"({"kind":"incremental"})").status == 202; };
    int round = 0;
    eventually("full", [&] {
        put_users(30, "full" + std::to_string(++round));
        return ask() && has(service->errors(), "\"event\":\"store_fault\"");
    });
    put_users(30, "y");
    eventually("recovered", [&] { return has(service->errors(), "\"event\":\"store_recovered\""); });
    eventually("asked", ask);
    eventually("delivered", [&] { return trait_of(29, "metadata") == R"({"plan":"y"})"; });
}

BOOST_AUTO_TEST_CASE(a_disk_that_fills_while_answers_come_loses_no_acknowledgement) {
    put_users(40, "x");
    demo::segment_faults slow;
    slow.slow = 1;
    slow.slow_for = 1s;
    segment.set_faults(slow);
    auto with_limit = options({"run"});
    with_limit.max_file_bytes = test::unlimited_bytes;
    start(std::move(with_limit));
    BOOST_REQUIRE(segment.wait_for(20s, [](demo::segment_counts const& c) { return c.messages == 40U; }));
    service->limit_files(16'384);
    eventually("not ready", [&] { return api->get("/readyz").status == 503; });
    service->limit_files({});
    settle();
    BOOST_TEST(segment.counts().distinct_messages == 40U);
    BOOST_TEST(segment.counts().unchanged_messages == 0U);
    eventually("ready", [&] { return api->get("/readyz").status == 200; });
}

BOOST_AUTO_TEST_CASE(killed_and_started_again_on_a_full_disk_it_shows_what_it_knows_and_goes_on_when_there_is_room) {
    put_users(30, "x");
    start();
    settle();
    service->kill();
    // Room for the index of the log, and none for what would be appended to it.
    constexpr std::uint64_t limit = 40'000;
    BOOST_REQUIRE(std::filesystem::file_size(folder / "store.db-wal") > limit);
    put_users(30, "y");
    auto full = options({"run"});
    full.max_file_bytes = limit;
    start(std::move(full));
    BOOST_TEST(get("/v1/profiles/user00001").at("acknowledged").at("metadata").at("plan").as_string() == "x");
    eventually("not ready", [&] { return api->get("/readyz").status == 503; });
    BOOST_TEST(get("/v1/profiles/user00001").at("acknowledged").at("metadata").at("plan").as_string() == "x");
    service->kill();
    start();
    pull();
    settle();
    BOOST_TEST(trait_of(29, "metadata") == R"({"plan":"y"})");
    BOOST_TEST(segment.counts().distinct_messages == 60U);
    BOOST_TEST(segment.counts().unchanged_messages == 0U);
}

// A stop may come before the whole store was read; what a crash left is not known to be sound then.
BOOST_AUTO_TEST_CASE(a_check_that_is_owed_is_made_at_the_next_start_and_once) {
    put_users(2, "x");
    start();
    settle();
    service->kill();
    start();
    stop();
    auto const sound = "\"event\":\"store_sound\"";
    auto const owed = [&] { return number("SELECT count(*) FROM meta WHERE key = 'check_owed'"); };
    // The stop was quicker than the check, perhaps.
    SQLite::Database{(folder / "store.db").string(), SQLite::OPEN_READWRITE}.exec(
        "INSERT OR REPLACE INTO meta (key, value) VALUES ('check_owed', 1)");
    start();
    BOOST_TEST(service->wait_for_errors(sound));
    eventually("not owed any more", [&] { return owed() == 0; });
    restart();
    stop();
    BOOST_TEST(service->errors().find(sound) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(too_little_free_disk_pauses_pulling_with_words_and_delivery_goes_on) {
    environment["TRAITSYNC_STORE_MIN_FREE"] = "900TiB";
    put_users(3, "x");
    start();
    eventually("low disk", [&] {
        auto const status = get("/v1/status");
        auto const reasons = status.at("reasons").as_array();
        return !reasons.empty() && text_at(reasons[0], "code") == "low_disk" &&
               text_at(reasons[0], "detail").find("store.min_free") != std::string::npos;
    });
    BOOST_TEST(moesif.counts().exchanges() == 0U);
}

BOOST_AUTO_TEST_CASE(a_store_that_may_not_be_written_is_refused_with_words_and_stays_as_it_is) {
    std::filesystem::create_directory(folder / "sealed");
    environment["TRAITSYNC_STORE_PATH"] = (folder / "sealed/store.db").string();
    put_users(2, "x");
    BOOST_REQUIRE(once().state.code == 0);
    auto const before = bytes_of(folder / "sealed/store.db");
    using std::filesystem::perms;
    auto const seal = [&](perms file, perms dir) {
        for (auto const& entry : std::filesystem::directory_iterator{folder / "sealed"})
            permissions(entry.path(), file);
        permissions(folder / "sealed", dir);
    };
    seal(perms::owner_read, perms::owner_read | perms::owner_exec);
    for (auto const* command : {"run", "once"}) {
        auto sealed = options({"run"});
        if (std::string_view{command} == "once") sealed.arguments.push_back("--once");
        sealed.obey_modes = true;
        auto const ended = test::run(std::move(sealed));
        BOOST_TEST(ended.state.code == 1);
        BOOST_TEST(ended.errors.find("writable for this user") != std::string::npos, ended.errors);
    }
    seal(perms::owner_read | perms::owner_write, perms::owner_all);
    // Only the store itself may not be written.
    permissions(folder / "sealed/store.db", perms::owner_read);
    auto sealed = options({"run", "--once"});
    sealed.obey_modes = true;
    auto const ended = test::run(std::move(sealed));
    BOOST_TEST(ended.state.code == 1);
    BOOST_TEST(ended.errors.find("cannot be written") != std::string::npos, ended.errors);
    BOOST_TEST((bytes_of(folder / "sealed/store.db") == before));
}

BOOST_AUTO_TEST_CASE(once_waits_for_a_store_that_cannot_be_read_no_longer_than_for_anything_else) {
    put_users(3, "x");
    once_well();
    auto const root = number("SELECT rootpage FROM sqlite_master WHERE name = 'passes'");
    {
        std::fstream file{folder / "store.db", std::ios::in | std::ios::out | std::ios::binary};
        file.seekp((root - 1) * number("PRAGMA page_size"));
        file << std::string(4096, '\xff');
    }
    auto const ended = once({"--max-wait", "1s"});
    BOOST_TEST(ended.state.code == 1);
    BOOST_TEST(ended.errors.find("the store is damaged") != std::string::npos, ended.errors);
}

BOOST_AUTO_TEST_CASE(damaged_bytes_of_a_message_are_named_and_nothing_is_sent_for_them) {
    environment["TRAITSYNC_SEGMENT_URL"] = "http://127.0.0.1:1";
    put_users(3, "x");
    start();
    eventually("offered", [&] { return queue("offered") == 3; });
    service->kill();
    auto const store = (folder / "store.db").string();
    {
        // A bit of a letter: LZ4 unpacks it as if nothing had happened.
        SQLite::Database db{store, SQLite::OPEN_READWRITE};
        auto bytes = db.execAndGet("SELECT packed FROM bodies WHERE no = 2").getString();
        auto const at = bytes.find("00001");
        BOOST_REQUIRE(at != std::string::npos);
        bytes[at] = '1';
        SQLite::Statement write{db, "UPDATE bodies SET packed = ? WHERE no = 2"};
        write.bind(1, bytes.data(), static_cast<int>(bytes.size()));
        write.exec();
    }
    auto const checked = test::run(options({"check"}));
    BOOST_TEST(checked.state.code == 1);
    BOOST_TEST(checked.errors.find("the stored bytes of message number 2 are damaged") != std::string::npos,
               checked.errors);
    environment["TRAITSYNC_SEGMENT_URL"] = segment.url();
    start();
    eventually("said", [&] { return text_at(get("/v1/status"), "state") == "degraded"; });
    auto const reason = get("/v1/status").at("reasons").at(0);
    BOOST_TEST(text_at(reason, "code") == "store_fault");
    BOOST_TEST(text_at(reason, "detail").find("are damaged") != std::string::npos, text_at(reason, "detail"));
    BOOST_TEST(segment.counts().requests == 0U);
    BOOST_TEST(get("/v1/profiles/user00001").at("acknowledged").as_object().empty());
    stop();
}

BOOST_AUTO_TEST_CASE(a_damaged_document_or_ledger_is_named_and_the_service_goes_on_answering) {
    put_users(3, "x");
    once_well();
    auto const store = (folder / "store.db").string();
    SQLite::Database{store, SQLite::OPEN_READWRITE}.exec(
        "UPDATE sources SET data = CAST(substr(data, 1, 3) || x'7f' AS BLOB) WHERE no = 1;"
        "UPDATE ledgers SET data = substr(data, 1, 5) WHERE no = 2");
    auto const checked = test::run(options({"check"}));
    BOOST_TEST(checked.state.code == 1);
    BOOST_TEST(has(checked.errors, "the stored document of user number 1 is damaged"), checked.errors);
    put_users(3, "y");
    start();
    post("/v1/pull", "{\"kind\":\"full\"}", 202);
    eventually("said", [&] { return text_at(get("/v1/status"), "state") == "degraded"; });
    auto const reason = get("/v1/status").at("reasons").at(0);
    BOOST_TEST(text_at(reason, "code") == "store_fault");
    BOOST_TEST(has(text_at(reason, "detail"), "the store is damaged: "), text_at(reason, "detail"));
    auto const asked = api->get("/v1/profiles/user00001");
    BOOST_TEST(asked.status == 503);
    BOOST_TEST(has(asked.body, "damaged"), asked.body);
    BOOST_TEST(text_at(get("/v1/profiles/user00002"), "user_id") == "user00002");
    stop();
}

BOOST_AUTO_TEST_CASE(a_stop_leaves_a_store_that_was_found_damaged_as_it_is_and_the_next_start_finds_it_too) {
    put_users(3, "x");
    start();
    settle();
    service->kill();
    SQLite::Database{(folder / "store.db").string(), SQLite::OPEN_READWRITE}.exec(
        "UPDATE sources SET data = CAST(substr(data, 1, 3) || x'7f' AS BLOB) WHERE no = 1");
    for (int run = 0; run < 2; ++run) {
        BOOST_TEST_CONTEXT("start " << run) {
            start();
            BOOST_TEST(service->wait_for_errors("the stored document of user number 1 is damaged"));
            BOOST_TEST(has(service->errors(), "\"event\":\"recovered\""));
            stop();
            BOOST_TEST(std::filesystem::file_size(folder / "store.db-wal") > 0U);
            for (auto const* mark : {"open", "check_owed"})
                BOOST_TEST(number(fmt::format("SELECT count(*) FROM meta WHERE key = '{}'", mark)) == 1, mark);
        }
    }
}

BOOST_AUTO_TEST_CASE(a_store_that_is_refused_keeps_its_log_beside_it) {
    put_users(2, "x");
    once_well();
    std::filesystem::copy_file(folder / "store.db", folder / "kept.db");
    for (auto const* change :
         {"PRAGMA user_version = 77", "DROP TABLE users", "UPDATE migrations SET checksum = 'x'"}) {
        BOOST_TEST_CONTEXT(change) {
            std::filesystem::copy_file(folder / "kept.db", folder / "store.db",
                                       std::filesystem::copy_options::overwrite_existing);
            std::filesystem::remove(folder / "store.db-wal");
            {
                // Ends as a kill does.
                SQLite::Database db{(folder / "store.db").string(), SQLite::OPEN_READWRITE};
                sqlite3_db_config(db.getHandle(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
                db.exec(change);
            }
            auto const file = bytes_of(folder / "store.db");
            auto const log = bytes_of(folder / "store.db-wal");
            BOOST_REQUIRE(!log.empty());
            BOOST_TEST(once().state.code != 0);
            test::run(options({"check"}));
            test::run(options({"backup", (folder / "copy.db").string()}));
            BOOST_TEST((bytes_of(folder / "store.db") == file));
            BOOST_TEST((bytes_of(folder / "store.db-wal") == log));
        }
    }
}

BOOST_AUTO_TEST_CASE(damaged_and_newer_stores_keep_every_byte) {
    put_users(2, "x");
    once_well();
    auto broken = bytes_of(folder / "store.db");
    { SQLite::Database{(folder / "store.db").string(), SQLite::OPEN_READWRITE}.exec("PRAGMA user_version = 77"); }
    auto const whole = bytes_of(folder / "store.db");
    auto const newer = once();
    BOOST_TEST(newer.state.code == 4);
    BOOST_TEST(newer.errors.find("77") != std::string::npos);
    BOOST_TEST(newer.errors.find("this program knows") != std::string::npos, newer.errors);
    BOOST_TEST((bytes_of(folder / "store.db") == whole));
    // The schema's page: header intact, content not.
    broken.replace(200, 8000, std::string(8000, '\x5a'));
    folder.write("store.db", broken);
    auto const damaged = once();
    BOOST_TEST(damaged.state.code == 1);
    BOOST_TEST(damaged.errors.find("damaged") != std::string::npos, damaged.errors);
    BOOST_TEST(damaged.errors.find("store.db") != std::string::npos, damaged.errors);
    BOOST_TEST((bytes_of(folder / "store.db") == broken));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(jumping_clock, shifted_clock, *boost::unit_test::precondition(test::preloads))

BOOST_AUTO_TEST_CASE(ids_and_timestamps_of_a_user_never_go_back_when_the_clock_does) {
    environment["TRAITSYNC_MOESIF_INTERVAL"] = "1s";
    put_users(5, "v0");
    start();
    settle();
    int round = 0;
    for (auto const by : {-7h, 9h, -48h, 0h}) {
        shift(by);
        auto const plan = "v" + std::to_string(++round);
        put_users(5, plan);
        // Within seconds, whatever the clock said before.
        eventually(plan, [&] { return trait_of(4, "metadata") == R"({"plan":")" + plan + "\"}"; });
        settle();
    }
    std::string years;
    for (int i = 0; i < 5; ++i) {
        auto const messages = segment.messages_of(user_key(i));
        BOOST_REQUIRE(messages.size() == 5U);
        for (std::size_t m = 1; m < messages.size(); ++m) {
            BOOST_TEST(messages[m - 1].message_id < messages[m].message_id);
            BOOST_TEST(member(messages[m - 1].body, "timestamp") <= member(messages[m].body, "timestamp"));
        }
        // The jump forward was seen, else this proves nothing.
        BOOST_TEST(member(messages[1].body, "timestamp") < member(messages[2].body, "timestamp"));
    }
    BOOST_TEST(segment.violations().empty());
    BOOST_TEST(segment.counts().unchanged_messages == 0U);
}

BOOST_AUTO_TEST_SUITE_END()
