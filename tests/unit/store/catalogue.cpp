// Lists are read page by page through the reading connection: each row once, in order, from any place on.
#include "traitsync/store/catalogue.hpp"

#include <SQLiteCpp/Database.h>
#include <fmt/core.h>
#include <boost/test/unit_test.hpp>

#include "steps_of_sqlite.hpp"
#include "support/temp_dir.hpp"
#include "traitsync/store/reader.hpp"
#include "traitsync/store/session.hpp"

namespace {

using namespace traitsync;
using diff::message_state;
using store::catalogue;

constexpr int dead = static_cast<int>(message_state::dead);
constexpr int held = static_cast<int>(message_state::held);

struct shelves {
    test::temp_dir folder;
    std::string path = (folder / "store.db").string();
    store::session s{*store::database::open(path)};
    std::unique_ptr<store::reader> reader;

    void sql(std::string const& text) { s.file().connection().exec(text); }
    void user(int no, std::string const& id, std::string const& more = "NULL, NULL") {
        sql(fmt::format("INSERT INTO users (no, user_id, company_id, gone_at, seen_at) VALUES ({}, '{}', {}, 1)", no,
                        id, more));
    }
    void message(int no, int user_no, int state, int reason = 0) {
        sql(fmt::format(
            "INSERT INTO messages (no, id, user_no, state, wait, traits, due, remaining, marked, created, "
            "timestamp, first_offered, settled, pass, attempts, next_attempt, reason, answer, closed) VALUES "
            "({0}, CAST(printf('%016d', {0}) AS BLOB), {1}, {2}, 0, 1, 0, 1, 0, {0}, 1, 1, 1, 1, 1, 0, {3}, 'no', {4})",
            no, user_no, state, reason, state == 2 || state > 4 ? 1 : 0));
    }
    catalogue& look() {
        if (!reader) reader = *store::reader::open(path);
        return reader->catalogue;
    }
};

// Every row of a list that is read two at a time.
template <class Next, class Place>
std::string walked(Next next, Place from) {
    std::string seen;
    for (;;) {
        auto const rows = next(from);
        for (auto const& row : rows) {
            seen += fmt::format("{} ", row.user_no);
            from = row;
        }
        if (rows.size() < 2) return seen;
    }
}

std::string numbers(catalogue::some_messages const& found) {
    std::string seen;
    for (auto const& row : found.rows) seen += fmt::format("{} ", row.no);
    return seen + (found.more ? "and more" : "");
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(lists_for_people, shelves)

BOOST_AUTO_TEST_CASE(users_are_found_by_the_beginning_of_their_id_in_byte_order_and_each_once) {
    int no = 0;
    for (auto const* id : {"b", "ab", "a", "a%", "a_x", "aé", "A", "abc"}) user(++no, id);
    std::string seen;
    std::string after;
    for (bool more = true; more;) {
        auto const rows = look().users_by_id("a", after, 2);
        for (auto const& row : rows) seen += row.user_id + " ";
        more = rows.size() == 2;
        if (more) after = rows.back().user_id;
    }
    BOOST_TEST(seen == "a a% a_x ab abc aé ");
    BOOST_TEST(look().users_by_id("a%", "", 10).size() == 1U, "a wildcard of SQL is a letter like others");
    BOOST_TEST(look().users_by_id("zz", "", 10).empty());
}

BOOST_AUTO_TEST_CASE(gone_users_come_by_the_time_they_left_and_those_of_one_moment_are_not_lost_between_pages) {
    user(1, "present");
    for (int i = 2; i <= 6; ++i) user(i, fmt::format("u{}", i), i == 6 ? "NULL, 10" : "NULL, 20");
    auto const next = [&](catalogue::place const& from) { return look().gone_users(from, 2); };
    auto const rows = walked(next, catalogue::place{INT64_MIN, 0});
    BOOST_TEST(rows == "6 2 3 4 5 ");
}

BOOST_AUTO_TEST_CASE(users_of_a_company_and_of_messages_come_in_the_order_of_their_numbers) {
    for (int i = 1; i <= 5; ++i) user(i, fmt::format("u{}", i), i % 2 ? "'acme', NULL" : "'globex', NULL");
    auto const mine = look().users_of_company("acme", 0, 2);
    BOOST_TEST((mine == std::vector<std::int64_t>{1, 3}));
    BOOST_TEST((look().users_of_company("acme", 3, 2) == std::vector<std::int64_t>{5}));
    BOOST_TEST(look().users_of_company("acm", 0, 9).empty());
    for (int i = 1; i <= 5; ++i) message(10 + i, 6 - i, i == 3 ? held : dead, 1);
    message(20, 5, dead, 1);
    std::string seen;
    for (auto const& row : look().users_of_messages(message_state::dead, 0, 9))
        seen += fmt::format("{}:{} ", row.at, row.user_no);
    BOOST_TEST(seen == "11:5 12:4 14:2 15:1 20:5 ");
    BOOST_TEST((look().first_message(5, message_state::dead) == 11));
    BOOST_TEST(!look().first_message(5, message_state::held).has_value());
}

BOOST_AUTO_TEST_CASE(dead_letters_are_told_apart_by_reason_and_messages_come_newest_first) {
    user(1, "u");
    for (int i = 1; i <= 6; ++i) message(i, 1, dead, i % 2 ? 1 : 2);
    auto const refused = static_cast<diff::dead_reason>(1);
    BOOST_TEST(numbers(look().dead(refused, 0, 2, 9)) == "1 3 and more");
    BOOST_TEST(numbers(look().dead(refused, 3, 2, 9)) == "5 ");
    BOOST_TEST(numbers(look().dead({}, 4, 9, 9)) == "5 6 ");
    BOOST_TEST(numbers(look().messages({}, {}, 0, 3, 9)) == "6 5 4 and more");
    BOOST_TEST(numbers(look().messages(message_state::dead, 1, 4, 9, 9)) == "3 2 1 ");
    BOOST_TEST(numbers(look().messages(message_state::held, {}, 0, 9, 9)).empty());
    BOOST_TEST(numbers(look().messages({}, 2, 0, 9, 9)).empty());
    auto const one = look().message(std::int64_t{4});
    BOOST_REQUIRE(one.has_value());
    BOOST_TEST(look().message(one->id)->no == 4);
    BOOST_TEST(one->answer == "no");
}

BOOST_AUTO_TEST_CASE(what_is_rare_among_many_is_looked_for_a_bounded_way_and_from_there_on) {
    user(1, "u");
    message(1, 1, 2);
    message(2, 1, dead, 2);
    // Half of them wait, half were refused.
    message(3, 1, dead, 1);
    sql("WITH RECURSIVE up(i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM up WHERE i < 30000) INSERT INTO messages "
        "SELECT 10 + i, CAST(printf('%016d', 10 + i) AS BLOB), user_no, i % 2 * 3, 0, traits, due, remaining, marked, "
        "created, timestamp, first_offered, settled, pass, attempts, next_attempt, reason, answer, closed FROM "
        "messages "
        "JOIN up WHERE no = 3");
    message(40'000, 1, dead, 2);
    constexpr auto too_large = static_cast<diff::dead_reason>(2);
    catalogue own{s.file().connection()};
    {
        test::steps_of_sqlite const steps{s.file().connection()};
        auto const newest = own.messages(message_state::acknowledged, {}, 0, 9, 100);
        BOOST_TEST(numbers(newest) == "and more");
        BOOST_TEST(newest.looked == 100);
        BOOST_TEST(newest.last == 30'010 - 98);
        BOOST_TEST(numbers(own.dead(too_large, 0, 9, 100)) == "2 and more");
        BOOST_TEST(steps.count() < 200, steps.count());
    }
    auto const first = s.outbox.dead_rows(too_large, 0, INT64_MAX, 500);
    auto const second = s.outbox.dead_rows(too_large, first.after, INT64_MAX, 500);
    BOOST_TEST((first.more && first.rows == std::vector<std::int64_t>{2}));
    BOOST_TEST((!second.more && second.rows == std::vector<std::int64_t>{40'000}));
    catalogue::some_messages found{.more = true};
    for (int i = 0; i < 40 && found.more; ++i)
        found = own.messages(message_state::acknowledged, {}, found.last, 9, 1000);
    BOOST_TEST(numbers(found) == "1 ");
}

BOOST_AUTO_TEST_CASE(the_reading_connection_sees_what_was_committed_after_it_was_opened) {
    BOOST_TEST(look().users_after(0, 9).empty());
    user(1, "late");
    BOOST_TEST(look().users_after(0, 9).size() == 1U);
    BOOST_TEST(look().users_after(1, 9).empty());
}

BOOST_AUTO_TEST_SUITE_END()
