#include "traitsync/store/retention.hpp"

#include <SQLiteCpp/Database.h>
#include <fmt/core.h>
#include <boost/test/unit_test.hpp>

#include <algorithm>
#include <filesystem>

#include "support/temp_dir.hpp"
#include "traitsync/store/removal.hpp"

namespace {

using namespace traitsync;
constexpr std::int64_t day = 24LL * 3600 * 1000;

}  // namespace

BOOST_AUTO_TEST_SUITE(retention)

BOOST_AUTO_TEST_CASE(a_year_of_passes_and_gone_profiles_keeps_its_size_and_open_messages_keep_their_profile) {
    test::temp_dir folder;
    auto const path = (folder / "store.db").string();
    store::session s{*store::database::open(path)};
    auto& db = s.file().connection();
    std::int64_t after_two_months = 0;
    // One that left on the first day with a dead letter.
    db.exec("INSERT INTO users (no, user_id, gone_at, seen_at) VALUES (1, 'open', 1, 1)");
    db.exec(
        "INSERT INTO messages (id, user_no, state, wait, traits, due, remaining, marked, created, timestamp, "
        "first_offered, settled, pass, attempts, next_attempt, reason, answer) VALUES (zeroblob(16), 1, 3, 0, 1, 0, 1, "
        "0, "
        "1, 1, 1, 1, 1, 1, 0, 1, 'no')");
    for (std::int64_t today = 1; today <= 365; ++today) {
        auto const now = today * day;
        {
            store::session::transaction tx{s};
            for (int i = 0; i < 100; ++i) {
                db.exec(fmt::format(
                    "INSERT INTO passes (kind, stage, first_sync, search_after, last_key, ordered, fallback_key, "
                    "started, ended) VALUES ('{}', 'done', 0, '', '', 1, 0, {}, {})",
                    i == 0 && today == 1 ? "full" : "incremental", now, now + i));
                db.exec(fmt::format("INSERT INTO users (user_id, gone_at, seen_at) VALUES ('u{}-{}', {}, 1)", today, i,
                                    now));
                db.exec(
                    "INSERT INTO ledgers (no, counted_pass, data) VALUES ((SELECT max(no) FROM users), 0, "
                    "zeroblob(2000))");
            }
            tx.commit();
        }
        s.profiles.recount();
        auto const before = now - 30 * day;
        for (bool more = true; more;) {
            store::session::transaction tx{s};
            auto const gone = store::trim_gone(s, before, 50);
            auto const passes = store::trim_passes(s, before, 200);
            more = gone || passes;
            tx.commit();
        }
        if (today == 60) {
            BOOST_TEST(s.file().empty_log());
            after_two_months = static_cast<std::int64_t>(std::filesystem::file_size(path));
        }
    }
    BOOST_TEST(db.execAndGet("SELECT count(*) FROM users").getInt() == 31 * 100 + 1);
    BOOST_TEST(db.execAndGet("SELECT count(*) FROM passes").getInt() == 31 * 100 + 1, "the only full pass stays");
    BOOST_TEST(db.execAndGet("SELECT count(*) FROM ledgers").getInt() == 31 * 100);
    BOOST_TEST(s.profiles.user_by_id("open").has_value());
    BOOST_TEST(s.file().empty_log());
    BOOST_TEST(static_cast<std::int64_t>(std::filesystem::file_size(path)) <= after_two_months * 11 / 10);
    // Nothing new comes: the space goes back in steps.
    {
        store::session::transaction tx{s};
        while (store::trim_gone(s, 400 * day, 50)) {
        }
        tx.commit();
    }
    auto left = s.file().free_pages();
    BOOST_REQUIRE(left > 100);
    BOOST_TEST(s.file().shrink(50) == left - 50);
    while (s.file().shrink(50) > 0) {
    }
    BOOST_TEST(s.file().empty_log());
    BOOST_TEST(static_cast<std::int64_t>(std::filesystem::file_size(path)) < after_two_months / 2);
    s.file().close_cleanly();
}

namespace {

// The walk to its end.
template <class Bound>
int steps(store::session& s, Bound bound) {
    store::size_walk walk;
    for (int n = 1;; ++n) {
        store::session::transaction tx{s};
        auto const more = bound(walk);
        tx.commit();
        if (!more) return n;
    }
}

}  // namespace

BOOST_AUTO_TEST_CASE(quarantine_and_ended_replays_are_bounded_by_size_and_the_newest_stay) {
    test::temp_dir folder;
    store::session s{*store::database::open((folder / "store.db").string())};
    auto& db = s.file().connection();
    db.exec("BEGIN");
    for (int i = 1; i <= 100; ++i) {
        db.exec(fmt::format(
            "INSERT INTO quarantine (kind, doc_id, reason, detail, raw, first_seen, last_seen, pass) VALUES "
            "(1, 'd{}', 'r', 'd', hex(zeroblob(5000)), 1, 1, 1)",
            i));
        db.exec(fmt::format(
            "INSERT INTO replays (state, selector, traits, created, after_user_no, profiles, messages, bytes, "
            "done) VALUES ({}, hex(zeroblob(5000)), 1, 1, 0, 1, 1, 1, 1)",
            i == 3 ? 0 : 1));
    }
    db.exec("COMMIT");
    s.set_aside.recount();
    BOOST_TEST(steps(s, [&](auto& w) { return store::bound_quarantine(s, w, 250'000, 30); }) == 4);
    BOOST_TEST(db.execAndGet("SELECT count(*) || ' ' || min(no) FROM quarantine").getString() == "25 76");
    BOOST_TEST(s.set_aside.count() == 25);
    BOOST_TEST(steps(s, [&](auto& w) { return store::bound_replays(s, w, 250'000, 30); }) == 4);
    BOOST_TEST(db.execAndGet("SELECT count(*) || ' ' || min(no) FROM replays").getString() == "26 3",
               "the running one stays");
    // One that is larger than all that may be kept is still shown.
    steps(s, [&](auto& w) { return store::bound_quarantine(s, w, 100, 30); });
    BOOST_TEST(db.execAndGet("SELECT count(*) || ' ' || min(no) FROM quarantine").getString() == "1 100");
}

BOOST_AUTO_TEST_CASE(a_document_in_quarantine_loses_its_text_for_want_of_room_but_its_user_is_still_known_by_it) {
    test::temp_dir folder;
    store::session s{*store::database::open((folder / "store.db").string())};
    store::session::transaction tx{s};
    for (int i = 1; i <= 20; ++i) {
        s.set_aside.put({.kind = store::profile_kind::user,
                         .doc_id = fmt::format("d{}", i),
                         .reason = std::string{i <= 10 ? store::duplicate_user_id : "too_deep"},
                         .detail = "another one is newer",
                         .raw = fmt::format(R"({{"_id":"d{0}","_source":{{"user_id":"u{0}","pad":"{1}"}}}})", i,
                                            std::string(5000, 'x')),
                         .first_seen = 1,
                         .last_seen = 1,
                         .pass = 1});
    }
    tx.commit();
    steps(s, [&](auto& w) { return store::bound_quarantine(s, w, 10'000, 7); });
    BOOST_TEST(s.set_aside.count() == 20);
    auto const rows = s.set_aside.list(100);
    BOOST_TEST(std::ranges::count_if(rows, [](auto const& q) { return !q.raw.empty(); }) == 1);
    BOOST_TEST((s.set_aside.duplicate_of(store::profile_kind::user, "u3") == "d3"));
    BOOST_TEST((s.set_aside.any_of(store::profile_kind::user, "u13") == "d13"));
    // The next full pass shows it again, or not.
    store::session::transaction next{s};
    BOOST_TEST(!s.set_aside.drop_unseen(store::profile_kind::user, 2, 100));
    next.commit();
    BOOST_TEST(s.set_aside.count() == 0);
}

BOOST_AUTO_TEST_CASE(passes_whose_messages_are_held_outlive_their_age) {
    test::temp_dir folder;
    store::session s{*store::database::open((folder / "store.db").string())};
    auto& db = s.file().connection();
    for (int i = 1; i <= 9; ++i) {
        db.exec(
            "INSERT INTO passes (kind, stage, first_sync, search_after, last_key, ordered, fallback_key, started, "
            "ended) VALUES ('incremental', 'done', 0, '', '', 1, 0, 1, 2)");
    }
    db.exec("INSERT INTO users (no, user_id, seen_at) VALUES (1, 'held', 1)");
    db.exec(
        "INSERT INTO messages (id, user_no, state, wait, traits, due, remaining, marked, created, timestamp, "
        "first_offered, settled, pass, attempts, next_attempt, reason, answer) VALUES (zeroblob(16), 1, 4, 0, 1, 0, "
        "1, 0, 1, 1, 0, 0, 5, 0, 0, 0, '')");
    auto const trim = [&] {
        store::session::transaction tx{s};
        while (store::trim_passes(s, 10, 2)) {
        }
        tx.commit();
        return db.execAndGet("SELECT group_concat(no) FROM passes").getString();
    };
    BOOST_TEST(trim() == "5,6,7,8,9", "the API names the pass that is to blame");
    db.exec("DELETE FROM messages");
    BOOST_TEST(trim() == "9");
}

BOOST_AUTO_TEST_CASE(gone_profiles_are_bounded_by_size_but_for_those_with_messages) {
    test::temp_dir folder;
    store::session s{*store::database::open((folder / "store.db").string())};
    auto& db = s.file().connection();
    db.exec("BEGIN");
    for (int i = 1; i <= 100; ++i) {
        db.exec(fmt::format("INSERT INTO users (no, user_id, gone_at, seen_at) VALUES ({0}, 'u{0}', {1}, 1)", i,
                            5 + i / 2));
        db.exec(fmt::format("INSERT INTO ledgers (no, counted_pass, data) VALUES ({}, 0, zeroblob(10000))", i));
    }
    for (auto const& [user, state] : {std::pair{1, 3}, std::pair{2, 2}}) {
        db.exec(fmt::format(
            "INSERT INTO messages (id, user_no, state, wait, traits, due, remaining, marked, created, timestamp, "
            "first_offered, settled, pass, attempts, next_attempt, reason, answer, closed) VALUES (randomblob(16), {}, "
            "{}, 0, 1, 0, 1, 0, 1, 1, 1, 1, 1, 1, 0, 1, 'no', {})",
            user, state, state == 2 ? 1 : 0));
    }
    db.exec("COMMIT");
    s.profiles.recount();
    // At most seven removals a step.
    BOOST_TEST(steps(s, [&](auto& w) { return store::bound_gone(s, w, 250'000, 30, 7); }) > 10);
    BOOST_TEST(db.execAndGet("SELECT count(*) FROM users").getInt() == 27);
    BOOST_TEST(db.execAndGet("SELECT min(no) FROM users WHERE no > 2").getInt() == 76);
    BOOST_TEST(s.profiles.user_by_id("u1").has_value());
    BOOST_TEST(s.profiles.user_by_id("u2").has_value());
}

BOOST_AUTO_TEST_CASE(previews_and_passes_are_bounded_by_number) {
    test::temp_dir folder;
    store::session s{*store::database::open((folder / "store.db").string())};
    auto& db = s.file().connection();
    db.exec("BEGIN");
    for (int i = 0; i < 130; ++i) {
        db.exec(fmt::format("INSERT INTO previews VALUES ('t{0}', {0}, '{{}}', 1, 1, 1)", i));
        db.exec(fmt::format("INSERT INTO user_sets VALUES ('preview:t{}', 0, x'01')", i));
    }
    for (int i = 0; i < 50'400; ++i) {
        db.exec(
            fmt::format("INSERT INTO passes (kind, stage, first_sync, search_after, last_key, ordered, fallback_key, "
                        "started, ended) "
                        "VALUES ('{}', 'done', 0, '', '', 1, 0, 1, 1)",
                        i == 0 ? "full" : "incremental"));
    }
    db.exec("COMMIT");
    s.replays.trim(1000, 0);
    BOOST_TEST(db.execAndGet("SELECT count(*) FROM previews").getInt() == 130, "one rule, and one place that keeps it");
    int n = 0;
    for (bool more = true; more; ++n) {
        store::session::transaction tx{s};
        more = store::bound_counts(s, 1000, 100);
        tx.commit();
    }
    BOOST_TEST(n > 3);
    BOOST_TEST(db.execAndGet("SELECT count(*) FROM previews").getInt() == 100);
    BOOST_TEST(db.execAndGet("SELECT count(*) FROM user_sets").getInt() == 100);
    BOOST_TEST(db.execAndGet("SELECT min(created) FROM previews").getInt() == 30);
    BOOST_TEST(db.execAndGet("SELECT count(*) FROM passes").getInt() == 50'002, "and the only full one");
    constexpr std::int64_t day = 24LL * 3600 * 1000;
    store::session::transaction tx{s};
    BOOST_TEST(store::bound_counts(s, day + 120, 60), "those of more than a day, some at a time");
    BOOST_TEST(store::bound_counts(s, day + 120, 60) == false);
    BOOST_TEST(db.execAndGet("SELECT min(created) FROM previews").getInt() == 120);
    BOOST_TEST(db.execAndGet("SELECT count(*) FROM user_sets").getInt() == 10);
    tx.commit();
}

BOOST_AUTO_TEST_CASE(a_long_reader_lets_the_log_grow_only_while_it_reads_and_nobody_waits_for_it) {
    test::temp_dir folder;
    auto const path = (folder / "store.db").string();
    store::session s{*store::database::open(path)};
    auto& db = s.file().connection();
    auto const write = [&](int mib) {
        for (int i = 0; i < mib; ++i)
            db.exec("INSERT INTO ledgers (no, counted_pass, data) VALUES (NULL, 0, zeroblob(1048576))");
    };
    {
        SQLite::Database reader{path, SQLite::OPEN_READONLY};
        reader.exec("BEGIN");
        reader.execAndGet("SELECT count(*) FROM users");
        write(110);
        BOOST_TEST(s.file().log_bytes() > std::int64_t{100} << 20);
        auto const begun = std::chrono::steady_clock::now();
        BOOST_TEST(!s.file().empty_log(std::chrono::milliseconds{20}));
        BOOST_TEST((std::chrono::steady_clock::now() - begun < std::chrono::seconds{3}));
    }
    BOOST_TEST(s.file().empty_log(std::chrono::milliseconds{20}));
    BOOST_TEST(s.file().log_bytes() == 0);
    // By itself it stays near 64 MB.
    write(200);
    BOOST_TEST(s.file().log_bytes() < std::int64_t{80} << 20);
}

BOOST_AUTO_TEST_SUITE_END()
