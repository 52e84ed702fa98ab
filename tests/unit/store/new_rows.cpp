// Rows of new messages that are written some at a time.
#include <boost/test/unit_test.hpp>

#include "queue_fixture.hpp"

using namespace traitsync;
using namespace traitsync::store;
using profile::trait;

namespace {

struct page : test::queue_fixture {
    std::int64_t user(int i) {
        user_row row{.user_id = "user" + std::to_string(i), .seen_at = now};
        if (auto const known = s->profiles.user_by_id(row.user_id)) return known->no;
        row.no = s->profiles.add(row);
        s->profiles.put_source(row, 1, empty_source(), false);
        return row.no;
    }
    static std::string empty_source() {
        std::string bytes;
        encode_source(bytes, {});
        return bytes;
    }
    void change(std::int64_t no, std::string const& text, std::int64_t pass = 1) {
        auto a = s->accounts.load(no);
        profile::mapped_trait m;
        m.state = profile::mapped_trait::form::value;
        m.text = '"' + text + '"';
        m.full = m.trigger = std::hash<std::string>{}(text) | 1;
        diff::want(a, trait::email, m, rules);
        diff::refresh(a, rules, {.now = ++now, .pass = pass});
        s->accounts.save(a);
    }
    std::int64_t count(std::string const& condition) {
        return s->file().connection().execAndGet("SELECT count(*) FROM messages WHERE " + condition).getInt64();
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(new_rows)

BOOST_FIXTURE_TEST_CASE(all_are_written_in_order_whatever_their_number, page) {
    std::int64_t made = 0;
    for (int const users : {1, 7, 8, 9, 30}) {
        session::transaction tx{*s};
        accounts::together rows{s->accounts};
        for (int i = 0; i < users; ++i) change(user(static_cast<int>(made) + i), "a");
        rows.end();
        tx.commit();
        made += users;
        BOOST_TEST(count("state = 0") == made);
        BOOST_TEST(s->accounts.counts()[diff::message_state::waiting] == made);
    }
    BOOST_TEST(count("no = user_no") == made);
    BOOST_TEST(count("length(id) = 16 AND created > 0 AND created = timestamp AND answer = ''") == made);
}

BOOST_FIXTURE_TEST_CASE(a_user_met_again_in_the_same_page_has_one_message, page) {
    session::transaction tx{*s};
    accounts::together rows{s->accounts};
    for (auto const* text : {"a", "b", "c"}) {
        for (int i = 0; i < 5; ++i) change(user(i), text);
    }
    rows.end();
    tx.commit();
    BOOST_TEST(count("state = 0") == 5);
}

BOOST_FIXTURE_TEST_CASE(who_asks_by_another_way_finds_them, page) {
    session::transaction tx{*s};
    accounts::together rows{s->accounts};
    for (int i = 0; i < 3; ++i) change(user(i), "a", 7);
    BOOST_TEST(s->accounts.any_ready(0));
    change(user(3), "a", 7);
    s->outbox.hold_pass(7, 100);
    rows.end();
    tx.commit();
    BOOST_TEST(count("state = 4") == 4);
    BOOST_TEST(s->accounts.counts()[diff::message_state::held] == 4);
}

BOOST_FIXTURE_TEST_CASE(what_was_not_committed_leaves_nothing_behind, page) {
    wants("ada", trait::email, "a");
    auto const before = count("1");
    {
        session::transaction tx{*s};
        accounts::together rows{s->accounts};
        for (int i = 0; i < 11; ++i) change(user(i), "a");
    }
    BOOST_TEST(count("1") == before);
    BOOST_TEST(s->accounts.counts()[diff::message_state::waiting] == before);
    session::transaction tx{*s};
    change(user(0), "b");
    tx.commit();
    BOOST_TEST(count("1") == before + 1);
}

BOOST_FIXTURE_TEST_CASE(a_number_is_never_given_twice, page) {
    {
        session::transaction tx{*s};
        for (int i = 0; i < 3; ++i) change(user(i), "a");
        tx.commit();
    }
    auto const last = s->file().connection().execAndGet("SELECT max(no) FROM messages").getInt64();
    s->file().connection().exec("DELETE FROM messages WHERE no = " + std::to_string(last));
    session::transaction tx{*s};
    accounts::together rows{s->accounts};
    change(user(8), "b");
    rows.end();
    tx.commit();
    BOOST_TEST(s->file().connection().execAndGet("SELECT max(no) FROM messages").getInt64() == last + 1);
}

BOOST_AUTO_TEST_SUITE_END()
