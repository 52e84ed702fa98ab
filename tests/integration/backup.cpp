// A copy made while the service writes, and what follows from going back to it.

#include <sys/stat.h>

#include <atomic>

#include "operator.hpp"
#include "traitsync/store/database.hpp"

namespace {
using namespace traitsync;
using namespace std::chrono_literals;

struct backed_up : test::operated {
    backed_up() { environment["TRAITSYNC_MOESIF_INTERVAL"] = "100ms"; }
    void back_up(std::string const& name) const {
        auto const done = test::run(options({"backup", (folder / name).string()}));
        BOOST_REQUIRE_MESSAGE(done.state.code == 0, done.errors);
    }
    // As docs/backup.md describes it.
    void restore(std::string const& name) const {
        for (auto const* rest : {"store.db-wal", "store.db-shm"}) std::filesystem::remove(folder / rest);
        std::filesystem::rename(folder / name, folder / "store.db");
    }
    std::string text_of_waiting() const {
        auto const list = get("/v1/messages?state=waiting");
        auto const& items = list.at("items").as_array();
        BOOST_REQUIRE(items.size() == 1U);
        return test::text_at(items[0], "message_id");
    }
    // The copy alone, read as the program would.
    std::int64_t in_copy(std::string const& name, std::string const& query) const {
        SQLite::Database db{(folder / name).string(), SQLite::OPEN_READONLY};
        return db.execAndGet(query).getInt64();
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(backup, backed_up)

BOOST_AUTO_TEST_CASE(a_copy_goes_to_the_file_that_was_named_whatever_the_name_is) {
    put_users(3, "x");
    start();
    settle();
    for (std::string const name : {"file:copy.db", ":memory:"}) {
        auto beside = options({"backup", name});
        beside.directory = folder / "copies";
        std::filesystem::create_directories(beside.directory);
        auto const done = test::run(std::move(beside));
        BOOST_REQUIRE_MESSAGE(done.state.code == 0, done.errors);
        BOOST_TEST(in_copy("copies/" + name, "SELECT count(*) FROM users") == 3);
        std::filesystem::remove(folder / "copies" / name);
        BOOST_TEST(std::filesystem::is_empty(folder / "copies"), "and nowhere else");
    }
    stop();
}

BOOST_AUTO_TEST_CASE(copies_made_while_everything_is_written_are_whole_each_of_one_moment) {
    put_users(300, "0");
    start();
    settle();
    std::atomic<bool> stopping = false;
    std::thread changes{[&] {
        for (int round = 1; !stopping; ++round) put_users(300, std::to_string(round));
    }};
    std::thread questions{[&] {
        while (!stopping) api->get("/v1/profiles?limit=500");
    }};
    std::vector<std::string> const names{"one.db", "two.db", "three.db"};
    auto sent = segment.counts().distinct_messages;
    for (auto const& name : names) {
        back_up(name);
        // Writing went on meanwhile, and goes on.
        BOOST_TEST(segment.wait_for(20s, [&](demo::segment_counts const& c) { return c.distinct_messages > sent; }));
        sent = segment.counts().distinct_messages;
    }
    stopping = true;
    changes.join();
    questions.join();
    settle();
    stop();
    for (auto const& name : names) {
        BOOST_TEST_CONTEXT(name) {
            BOOST_TEST(store::database::quick_check((folder / name).string()).value().empty());
            BOOST_TEST(in_copy(name, "SELECT count(*) FROM users") == 300);
            // Of one moment: what is offered has its bytes, what waits its source.
            BOOST_TEST(
                in_copy(name, "SELECT count(*) FROM messages WHERE state = 1 AND no NOT IN (SELECT no FROM bodies)") ==
                0);
            BOOST_TEST(in_copy(name, "SELECT count(*) FROM messages WHERE user_no NOT IN (SELECT no FROM users)") == 0);
            struct stat info {};
            ::stat((folder / name).c_str(), &info);
            BOOST_TEST((info.st_mode & 0777) == 0600U);
            // It is a store: the program goes on from it to the present state.
            auto from_copy = options({"run", "--once"});
            from_copy.environment["TRAITSYNC_STORE_PATH"] = (folder / name).string();
            auto const ended = test::run(std::move(from_copy));
            BOOST_TEST(ended.state.code == 0, ended.errors);
        }
    }
    for (int i = 0; i < 300; i += 50) BOOST_TEST(trait_of(i, "metadata") == trait_of(299, "metadata"));
}

BOOST_AUTO_TEST_CASE(after_going_back_only_what_was_acknowledged_since_is_sent_twice) {
    put_users(50, "first");
    start();
    settle();
    // One message is on its way while the copy is made: its answer comes later.
    demo::segment_faults slow;
    slow.slow = 1;
    slow.slow_for = 3s;
    segment.set_faults(slow);
    put(0, R"(,"email":"u0@example.com","metadata":{"plan":"on its way"})");
    BOOST_REQUIRE(segment.wait_for(20s, [](demo::segment_counts const& c) { return c.distinct_messages == 51U; }));
    back_up("copy.db");
    BOOST_TEST(in_copy("copy.db", "SELECT count(*) FROM messages WHERE state = 1") == 1);
    segment.set_faults({});
    settle();
    // Since the copy: ten users change, one of them twice, three are new, one was never seen by the copy to change
    // back.
    for (int i = 10; i < 20; ++i)
        put(i, fmt::format(R"(,"email":"u{}@example.com","metadata":{{"plan":"second"}})", i));
    for (int i = 50; i < 53; ++i) put(i, R"(,"email":"new@example.com")");
    pull();
    settle();
    put(10, R"(,"email":"u10@example.com","metadata":{"plan":"third"})");
    pull();
    settle();
    auto const before = segment.counts();
    auto const since_copy = before.distinct_messages - 51;
    BOOST_TEST(since_copy == 14U);
    stop();
    restore("copy.db");
    start();
    pull();
    settle();
    auto const after = segment.counts();
    // Under its own id and with its own bytes: what was on its way. Under new ids: at most what was acknowledged since,
    // here one message for each user that differs from the copy.
    BOOST_TEST(after.repeats - before.repeats == 1U);
    BOOST_TEST(after.distinct_messages - before.distinct_messages == 13U);
    BOOST_TEST(after.distinct_messages - before.distinct_messages <= since_copy);
    BOOST_TEST(after.unchanged_messages - before.unchanged_messages == 13U, "values that Segment had already");
    BOOST_TEST(trait_of(0, "metadata") == R"({"plan":"on its way"})");
    BOOST_TEST(trait_of(10, "metadata") == R"({"plan":"third"})");
    BOOST_TEST(trait_of(11, "metadata") == R"({"plan":"second"})");
    for (int i : {0, 10, 11, 50}) {
        auto const messages = segment.messages_of(user_key(i));
        for (std::size_t m = 1; m < messages.size(); ++m)
            BOOST_TEST(messages[m - 1].message_id < messages[m].message_id);
    }
    BOOST_TEST(segment.violations().empty());
    // And that was all.
    pull("full");
    settle();
    BOOST_TEST(segment.counts().distinct_messages == after.distinct_messages);
}

BOOST_AUTO_TEST_CASE(a_backup_overwrites_nothing_and_leaves_no_half_copy) {
    put_users(3, "x");
    once_well();
    folder.write("there.db", "mine");
    auto const refused = test::run(options({"backup", (folder / "there.db").string()}));
    BOOST_TEST(refused.state.code == 4);
    BOOST_TEST(refused.errors.find("exists already") != std::string::npos, refused.errors);
    std::ifstream file{folder / "there.db"};
    BOOST_TEST((std::string{std::istreambuf_iterator<char>{file}, {}} == "mine"));
    BOOST_TEST(test::run(options({"backup", ""})).state.code == 2);
    auto full = options({"backup", (folder / "small.db").string()});
    full.max_file_bytes = 32'768;
    auto const failed = test::run(std::move(full));
    BOOST_TEST(failed.state.code == 1);
    BOOST_TEST(failed.errors.find("the copy failed") != std::string::npos, failed.errors);
    BOOST_TEST(!std::filesystem::exists(folder / "small.db"));
    BOOST_TEST(!std::filesystem::exists(folder / "small.db.partial"));
    auto const nowhere = test::run(options({"backup", (folder / "no/such/copy.db").string()}));
    BOOST_TEST(nowhere.state.code == 1);
    BOOST_TEST(nowhere.errors.find("cannot write") != std::string::npos, nowhere.errors);
    BOOST_TEST(nowhere.errors.find("No such file or directory") != std::string::npos, nowhere.errors);
}

BOOST_AUTO_TEST_CASE(a_store_that_a_failed_restore_left_empty_is_no_new_one) {
    put_users(3, "x");
    once_well();
    std::filesystem::resize_file(folder / "store.db", 0);
    auto const refused = once();
    BOOST_TEST(refused.state.code == 1);
    BOOST_TEST(refused.errors.find("held data before") != std::string::npos, refused.errors);
    BOOST_TEST(test::run(options({"check"})).state.code == 1);
    BOOST_TEST(segment.counts().distinct_messages == 3U);
    BOOST_TEST(std::filesystem::file_size(folder / "store.db") == 0U);
    // What a crash at the making leaves is no store yet.
    std::filesystem::remove(folder / "store.db.lock");
    auto const looked_at = test::run(options({"check"}));
    BOOST_TEST(looked_at.state.code == 0);
    BOOST_TEST(looked_at.output.find("will be made at the first start") != std::string::npos, looked_at.output);
}

BOOST_AUTO_TEST_CASE(what_waits_in_a_copy_goes_under_another_id_than_its_original_gave_it) {
    enum class way { by_backup, by_hand_elsewhere, by_hand_into_the_same_file };
    for (auto const how : {way::by_backup, way::by_hand_elsewhere, way::by_hand_into_the_same_file}) {
        auto const by_hand = how != way::by_backup;
        auto const store = folder / fmt::format("store{}.db", static_cast<int>(how));
        auto const place = how == way::by_hand_elsewhere ? folder / "elsewhere.db" : store;
        environment["TRAITSYNC_STORE_PATH"] = store.string();
        put(1, R"(,"name":"Ada")");
        put(2, R"(,"name":"Bob")");
        start();
        settle();
        post("/v1/pause", R"({"scope":"deliver"})", 200);
        put(1, R"(,"name":"Eve")");
        pull();
        BOOST_REQUIRE(queue("waiting") == 1);
        auto const waits = text_of_waiting();
        if (by_hand) {
            stop();
            std::filesystem::copy_file(store, folder / "copy.db");
            start();
        } else {
            back_up("copy.db");
        }
        post("/v1/resume", R"({"scope":"all"})", 200);
        eventually("sent", [&] { return trait_of(1, "name") == "\"Eve\""; });
        put(1, R"(,"name":"Flo")");
        eventually("sent", [&] { return trait_of(1, "name") == "\"Flo\""; });
        put(1, R"(,"name":"Gil")");
        stop();
        // Into the very file: the copy itself says that it is one, or the lock beside it tells.
        std::filesystem::copy_file(folder / "copy.db", place, std::filesystem::copy_options::overwrite_existing);
        environment["TRAITSYNC_STORE_PATH"] = place.string();
        for (auto const* rest : {"-wal", "-shm"}) std::filesystem::remove(store.string() + rest);
        start();
        BOOST_TEST(service->wait_for_errors("store_copied"));
        BOOST_TEST(text_of_waiting() != waits);
        BOOST_TEST(text_of_waiting() > waits);
        pull();
        post("/v1/resume", R"({"scope":"all"})", 200);
        eventually("sent", [&] { return trait_of(1, "name") == "\"Gil\""; });
        restart();
        BOOST_TEST(service->errors().find("store_copied") == std::string::npos);
        for (auto const& wrong : segment.violations()) BOOST_ERROR(wrong);
        stop();
        std::filesystem::remove(folder / "copy.db");
    }
}

BOOST_AUTO_TEST_CASE(what_is_no_store_of_this_version_is_not_copied) {
    start();
    stop();
    std::filesystem::copy_file(folder / "store.db", folder / "kept.db");
    auto const refused = [&](std::string const& sql, int code, std::string const& words) {
        std::filesystem::copy_file(folder / "kept.db", folder / "store.db",
                                   std::filesystem::copy_options::overwrite_existing);
        {
            SQLite::Database db{(folder / "store.db").string(), SQLite::OPEN_READWRITE};
            db.exec(sql);
        }
        auto const done = test::run(options({"backup", (folder / "copy.db").string()}));
        BOOST_TEST(done.state.code == code, done.errors);
        BOOST_TEST(done.errors.find(words) != std::string::npos, done.errors);
        BOOST_TEST(!std::filesystem::exists(folder / "copy.db"));
        BOOST_TEST(!std::filesystem::exists(folder / "copy.db.partial"));
    };
    refused("PRAGMA user_version = 99", 4, "99");
    refused("PRAGMA application_id = 7", 1, "another program");
}

BOOST_AUTO_TEST_SUITE_END()
