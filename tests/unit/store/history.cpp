// What messages' rows say of their own, until the history is trimmed.
#include "queue_fixture.hpp"
#include "steps_of_sqlite.hpp"

using namespace traitsync;
using namespace traitsync::test;

BOOST_FIXTURE_TEST_SUITE(history, queue_fixture)

// The ledger as it is stored, byte by byte.
BOOST_AUTO_TEST_CASE(an_offer_and_its_answer_stand_in_the_row_alone_until_the_row_goes) {
    wants("ann", trait::email, "\"a\"");
    auto const no = s->profiles.user_by_id("ann")->no;
    auto const ledger = [&] {
        return s->file()
            .connection()
            .execAndGet("SELECT hex(data) FROM ledgers WHERE no = " + std::to_string(no))
            .getString();
    };
    auto const state = [&] {
        auto const a = s->accounts.load(no, "ann", false);
        auto const& slot = a[trait::email];
        return std::pair{slot.baseline.same(slot.wanted), slot.acknowledged.same(slot.wanted)};
    };
    auto const before = ledger();
    now += 1000;
    auto const messages = offer();
    auto const offered_at = now;
    BOOST_TEST_REQUIRE(messages.size() == 1U);
    BOOST_TEST(ledger() == before);
    open();
    BOOST_TEST((state() == std::pair{true, false}));
    now += 1000;
    acknowledge(messages.front().row);
    auto const acknowledged_at = now;
    BOOST_TEST(ledger() == before);
    BOOST_TEST((state() == std::pair{true, true}));
    auto const seen = s->accounts.load(no, "ann", false);
    BOOST_TEST(seen[trait::email].offered_at == offered_at);
    BOOST_TEST(seen[trait::email].acknowledged_at == acknowledged_at);
    {
        session::transaction tx{*s};
        s->outbox.trim_history(now + 1, 0, 100);
        tx.commit();
    }
    BOOST_TEST(ledger() != before);
    open();
    BOOST_TEST((state() == std::pair{true, true}));
    auto const kept = s->accounts.load(no, "ann", false);
    BOOST_TEST((kept.last_id == seen.last_id && kept.last_timestamp == seen.last_timestamp));
    BOOST_TEST(kept[trait::email].acknowledged_at == acknowledged_at);
    // A value that comes meanwhile is compared with what was offered.
    wants("ann", trait::email, "\"b\"");
    offer();
    wants("ann", trait::email, "\"c\"");
    wants("ann", trait::email, "\"b\"");
    BOOST_TEST(s->accounts.load(no, "ann", false).open.size() == 1U);
    BOOST_TEST((state() == std::pair{true, false}));
}

BOOST_AUTO_TEST_CASE(answers_of_repeated_replays_stand_in_rows_and_few_of_them_at_a_time) {
    wants("ann", trait::email, "\"a\"");
    auto const no = s->profiles.user_by_id("ann")->no;
    acknowledge(offer().front().row);
    std::size_t most = 0, rewritten = 0;
    for (std::int64_t replay = 1; replay <= 12; ++replay) {
        {
            session::transaction tx{*s};
            BOOST_TEST_REQUIRE(s->outbox.mark(no, replay, profile::trait_set::all(), rules, ++now));
            tx.commit();
        }
        auto const messages = offer();
        auto const offered_at = now;
        BOOST_TEST_REQUIRE(messages.size() == 1U);
        acknowledge(messages.front().row);
        auto const a = s->accounts.load(no);
        auto const& email = a[trait::email];
        BOOST_TEST(email.offered_at == offered_at);
        BOOST_TEST(email.acknowledged_at == now);
        BOOST_TEST((email.acknowledged.same(email.wanted) && a.open.empty()));
        most = std::max(most, a.noted.size());
        rewritten += a.noted.size() == 1;
    }
    BOOST_TEST(most == 5U);
    BOOST_TEST(rewritten >= 2U);
    auto const before = s->accounts.load(no);
    {
        session::transaction tx{*s};
        s->outbox.trim_history(now + 1, 0, 100);
        tx.commit();
    }
    BOOST_TEST(s->outbox.history_bytes() == 0);
    open();
    auto const after = s->accounts.load(no);
    BOOST_TEST((after.last_id == before.last_id && after.last_timestamp == before.last_timestamp));
    BOOST_TEST(after[trait::email].acknowledged_at == before[trait::email].acknowledged_at);
    BOOST_TEST((after[trait::email].acknowledged_in == before[trait::email].acknowledged_in));
}

BOOST_AUTO_TEST_CASE(offered_messages_are_found_until_the_last_of_their_batch_is_answered) {
    for (int i = 0; i < 6; ++i) wants("user" + std::to_string(i), trait::email, "\"a\"");
    auto const runs = [&] { return s->file().connection().execAndGet("SELECT count(*) FROM offered_runs").getInt(); };
    auto const messages = offer(4);
    BOOST_TEST(runs() == 1);
    for (std::size_t i = 0; i < 3; ++i) acknowledge(messages[i].row);
    open();
    BOOST_TEST(runs() == 1);
    BOOST_TEST(s->outbox.unanswered(0, 10).size() == 1U);
    BOOST_TEST(count(message_state::offered) == 1);
    acknowledge(messages[3].row);
    BOOST_TEST(runs() == 0);
    // A change between two messages: their numbers are not consecutive.
    wants("user4", trait::email, "\"b\"");
    {
        session::transaction tx{*s};
        s->outbox.hold_pass(1, 1);
        tx.commit();
    }
    BOOST_TEST(offer().size() == 1U);
    open();
    BOOST_TEST(s->outbox.unanswered(0, 10).size() == 1U);
}

BOOST_AUTO_TEST_CASE(history_is_trimmed_by_age_and_by_size_and_open_messages_stay) {
    for (int i = 0; i < 10; ++i) wants("user" + std::to_string(i), trait::email, "\"a\"");
    auto const messages = offer();
    for (int i = 0; i < 8; ++i) acknowledge(messages[static_cast<std::size_t>(i)].row);
    auto const all = s->outbox.history_bytes();
    session::transaction tx{*s};
    BOOST_TEST(!s->outbox.trim_history(t0, all, 100));
    BOOST_TEST(s->outbox.history_bytes() == all);
    s->outbox.trim_history(t0, all / 2, 100);
    BOOST_TEST(s->outbox.history_bytes() <= all / 2 + all / 5);  // two are offered still
    s->outbox.trim_history(now + 1, all, 100);
    BOOST_TEST(s->outbox.unanswered(0, 10).size() == 2U);
    BOOST_TEST(s->outbox.history_bytes() > 0);
    tx.commit();
}

BOOST_AUTO_TEST_CASE(old_dead_letters_are_not_read_each_second_to_find_nothing_to_trim) {
    auto& db = s->file().connection();
    wants("ada", trait::email, "\"a\"");
    db.exec(
        "WITH RECURSIVE n (i) AS (VALUES (10) UNION ALL SELECT i + 1 FROM n WHERE i < 5000) INSERT INTO messages "
        "SELECT i, "
        "randomblob(16), 1, 3, 0, 1, 0, 0, 0, 1, 1, 1, i, 1, 1, 0, 0, '', 0 FROM n");
    db.exec(
        "INSERT INTO messages SELECT 9000, randomblob(16), 1, 2, 0, 1, 0, 0, 0, 1, 1, 1, 9000000, 1, 1, 0, 0, '', 0");
    auto const trim = [&](std::int64_t before) {
        steps_of_sqlite const counted{db};
        session::transaction tx{*s};
        s->outbox.trim_history(before, 1'000'000, 100);
        tx.commit();
        return counted.count();
    };
    auto const left = [&] { return db.execAndGet("SELECT count(*) FROM messages WHERE state = 2").getInt(); };
    auto const first = trim(8'000'000);
    BOOST_TEST(trim(8'001'000) * 20 < first);
    BOOST_TEST(trim(8'059'000) * 20 < first);
    trim(8'990'000);
    BOOST_TEST(left() == 1);
    trim(9'000'001);
    BOOST_TEST(left() == 0);
    // A clock that goes back is no reason to keep what is older than it.
    db.exec(
        "INSERT INTO messages SELECT 9000, randomblob(16), 1, 2, 0, 1, 0, 0, 0, 1, 1, 1, 9000000, 1, 1, 0, 0, '', 0");
    trim(8'500'000);
    db.exec(
        "INSERT INTO messages SELECT 9001, randomblob(16), 1, 2, 0, 1, 0, 0, 0, 1, 1, 1, 8400000, 1, 1, 0, 0, '', 0");
    trim(8'561'000);
    BOOST_TEST(left() == 1);
}

BOOST_AUTO_TEST_CASE(open_dead_letters_leave_the_history_its_room) {
    for (auto const dead : {3, 700}) {  // all measured, and reckoned from some
        BOOST_TEST_CONTEXT(dead << " dead letters") {
            auto const name = [&](int i) { return std::to_string(dead) + "-" + std::to_string(i); };
            for (int i = 0; i < dead; ++i) wants(name(i), trait::email, "\"" + std::string(900, 'x') + "\"");
            std::vector<death> refused;
            for (auto some = offer(); !some.empty(); some = offer()) {
                for (auto const& m : some) refused.push_back({.row = m.row, .reason = {}, .answer = "400"});
            }
            BOOST_REQUIRE(refused.size() == static_cast<std::size_t>(dead));
            {
                session::transaction tx{*s};
                s->outbox.settle({}, refused, ++now);
                tx.commit();
            }
            auto const theirs = s->outbox.history_bytes();
            for (int i = 0; i < 100; ++i) wants(name(dead + i), trait::email, "\"a\"");
            for (auto const& m : offer(100)) acknowledge(m.row);
            auto const history = s->outbox.history_bytes() - theirs;
            session::transaction tx{*s};
            s->outbox.trim_history(t0, history * 2, 100);
            BOOST_TEST(s->outbox.history_bytes() == theirs + history);
            s->outbox.trim_history(t0, history / 2, 100);
            auto const left = s->outbox.history_bytes() - theirs;
            BOOST_TEST(left <= history / 2 + theirs / 100);
            BOOST_TEST(left >= history / 2 - theirs / 100 - 100);
            for (auto const& d : refused) s->outbox.discard_dead(d.row, now);
            s->outbox.trim_history(now + 1, 0, 1000);
            BOOST_TEST(s->outbox.history_bytes() == 0);
            tx.commit();
        }
    }
}

BOOST_AUTO_TEST_CASE(what_is_offered_leaves_the_history_its_room) {
    for (int i = 0; i < 50; ++i) wants("taken" + std::to_string(i), trait::email, "\"a\"");
    for (auto const& m : offer()) acknowledge(m.row);
    auto const history = s->outbox.history_bytes();
    for (int i = 0; i < 50; ++i) wants("sent" + std::to_string(i), trait::email, "\"" + std::string(900, 'x') + "\"");
    BOOST_TEST(offer().size() == 50U);
    auto const all = s->outbox.history_bytes();
    session::transaction tx{*s};
    s->outbox.trim_history(t0, history * 2, 100);
    BOOST_TEST(s->outbox.history_bytes() == all);
    s->outbox.trim_history(t0, history / 2, 100);
    BOOST_TEST(s->outbox.history_bytes() < all - history / 3);
    BOOST_TEST(s->outbox.history_bytes() > all - history);
    tx.commit();
}

BOOST_AUTO_TEST_CASE(one_from_amid_the_queue_is_offered_as_those_from_its_front) {
    for (int i = 0; i < 9; ++i) wants("user" + std::to_string(i), trait::email, "\"a\"");
    auto const take = [&](double place) {
        session::transaction tx{*s};
        auto const row = s->outbox.row_before(place);
        BOOST_REQUIRE(row.has_value());
        auto taken = s->outbox.offer_behind(*row, 1, 475'000, writer, {rules}, ++now);
        tx.commit();
        BOOST_REQUIRE(taken.messages.size() == 1U);
        return std::pair{taken.messages.front().body.substr(0, 5), taken.more};
    };
    BOOST_TEST((take(0) == std::pair{std::string{"user0"}, true}));
    BOOST_TEST((take(0.5) == std::pair{std::string{"user4"}, true}));
    BOOST_TEST((take(0.999) == std::pair{std::string{"user7"}, true}));
    BOOST_TEST((take(0.999) == std::pair{std::string{"user8"}, true}));
    open();
    BOOST_TEST(s->outbox.unanswered(0, 10).size() == 4U);
    auto const rest = offer();
    BOOST_TEST(rest.size() == 5U);
    BOOST_TEST(rest.front().body.starts_with("user1:"));
    BOOST_TEST(!s->outbox.row_before(0.5).has_value());
}

BOOST_AUTO_TEST_CASE(offers_written_together_say_what_each_would_say_by_itself) {
    for (int i = 0; i < 7; ++i) wants("user" + std::to_string(i), trait::email, "\"" + std::to_string(i) + "\"");
    wants("user3", trait::name, "\"half\"");  // its message is cut in two, amid the others
    wants("user5", trait::username, "\"x\"");
    auto const messages = offer();
    auto const offered_at = now;
    BOOST_REQUIRE(messages.size() == 7U);
    open();
    BOOST_TEST(count(message_state::offered) == 8);
    BOOST_TEST(count(message_state::waiting) == 0);
    for (std::size_t i = 0; i < messages.size(); ++i) {
        BOOST_TEST_CONTEXT("user " << i) {
            auto const a = s->accounts.load(s->profiles.user_by_id("user" + std::to_string(i))->no);
            BOOST_REQUIRE(a.open.size() == (i == 3 ? 2U : 1U));
            auto const& m = a.open.front();
            BOOST_TEST(m.row == messages[i].row);
            BOOST_TEST((m.state == message_state::offered));
            BOOST_TEST(m.wait == 0);
            BOOST_TEST(m.due.empty());
            BOOST_TEST(m.first_offered == offered_at);
            BOOST_TEST(m.traits.has(trait::email));
            BOOST_TEST(m.traits.size() == (i == 5 ? 2 : 1));
            BOOST_TEST(a[trait::email].offered_at == offered_at);
            BOOST_TEST((a[trait::email].baseline.same(a[trait::email].wanted)));
            BOOST_TEST(s->accounts.body(m.row).value() == messages[i].body);
        }
    }
    BOOST_TEST(messages[5].body == "user5:email=\"5\";username=\"x\";");
}

BOOST_AUTO_TEST_CASE(of_rows_in_a_row_only_the_closed_ones_are_trimmed_and_what_they_said_is_kept) {
    for (int i = 0; i < 8; ++i) wants("user" + std::to_string(i), trait::email, "\"a\"");
    auto const messages = offer();
    BOOST_REQUIRE(messages.size() == 8U);
    {
        session::transaction tx{*s};
        std::array const taken{messages[0].row, messages[1].row, messages[2].row, messages[5].row, messages[7].row};
        death const refused{.row = messages[3].row, .reason = diff::dead_reason::refused, .answer = "400"};
        s->outbox.settle(taken, std::array{refused}, ++now);
        tx.commit();
    }
    {
        session::transaction tx{*s};
        s->outbox.trim_history(now + 1, 0, 100);
        tx.commit();
    }
    open();
    BOOST_TEST(count(message_state::dead) == 1);
    BOOST_TEST(count(message_state::offered) == 2);
    for (std::size_t i = 0; i < messages.size(); ++i) {
        auto const open_still = i == 3 || i == 4 || i == 6;
        BOOST_TEST(s->accounts.body(messages[i].row).has_value() == open_still);
        BOOST_TEST(s->accounts.user_of_message(messages[i].row).has_value() == open_still);
        auto const a = s->accounts.load(s->profiles.user_by_id("user" + std::to_string(i))->no);
        BOOST_TEST(a.open.size() == (open_still ? 1U : 0U));
        BOOST_TEST(a[trait::email].acknowledged.same(a[trait::email].wanted) == !open_still);
    }
    auto const left = s->file().connection().execAndGet("SELECT sum(bytes) FROM message_texts").getInt64();
    BOOST_TEST(s->outbox.history_bytes() == left);
}

BOOST_AUTO_TEST_SUITE_END()
