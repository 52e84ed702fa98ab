#include "traitsync/store/retention.hpp"

#include <SQLiteCpp/Database.h>
#include <fmt/core.h>
#include <boost/test/unit_test.hpp>

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
    store::session s{std::move(*store::database::open(path))};
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
                db.exec("INSERT INTO ledgers VALUES ((SELECT max(no) FROM users), 0, zeroblob(2000))");
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

BOOST_AUTO_TEST_SUITE_END()
