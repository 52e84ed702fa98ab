// The queue on a real SQLite file: what diff/life decides survives closing and opening.
#include "traitsync/store/outbox.hpp"

#include "queue_fixture.hpp"
#include "steps_of_sqlite.hpp"

using namespace traitsync;
using namespace traitsync::test;

BOOST_FIXTURE_TEST_SUITE(messages_in_the_outbox, queue_fixture)

BOOST_AUTO_TEST_CASE(the_oldest_messages_are_offered_first_and_one_a_user) {
    wants("ada", trait::email, "\"a\"");
    wants("bob", trait::email, "\"b\"");
    wants("ada", trait::name, "\"Ada\"");
    auto const messages = offer();
    BOOST_REQUIRE(messages.size() == 2U);
    BOOST_TEST(messages[0].body == "ada:name=\"Ada\";email=\"a\";");
    wants("ada", trait::name, "\"Eve\"");
    BOOST_TEST(offer().empty());
    BOOST_TEST(count(message_state::waiting) == 1);
    BOOST_TEST(count(message_state::offered) == 2);
    acknowledge(messages[0].row);
    auto const next = offer();
    BOOST_REQUIRE(next.size() == 1U);
    BOOST_TEST(next[0].body == "ada:name=\"Eve\";");
}

BOOST_AUTO_TEST_CASE(what_was_offered_comes_back_with_the_same_bytes_after_a_restart) {
    wants("ada", trait::email, "\"a\"");
    auto const before = offer();
    wants("ada", trait::email, "\"b\"");
    open();
    BOOST_TEST(s->file().was_unclean());
    auto const after = s->outbox.unanswered(0, 10);
    BOOST_REQUIRE(after.size() == 1U);
    BOOST_TEST(after[0].row == before[0].row);
    BOOST_TEST(after[0].body == before[0].body);
    BOOST_TEST(offer().empty());
}

BOOST_AUTO_TEST_CASE(a_batch_takes_no_more_bytes_than_it_may) {
    for (int i = 0; i < 10; ++i) wants("user" + std::to_string(i), trait::email, "\"0123456789\"");
    auto const messages = offer(100, 60);
    BOOST_TEST(messages.size() == 2U);
    BOOST_TEST(count(message_state::waiting) == 8);
}

BOOST_AUTO_TEST_CASE(what_is_too_large_for_segment_does_not_fill_a_transaction_without_end) {
    for (int i = 0; i < 300; ++i) wants("user" + std::to_string(i), trait::metadata, "\"big\"");
    wants("last", trait::email, "\"a\"");
    int steps = 0;
    std::vector<std::string> gone;
    for (bool more = true; more; ++steps) {
        session::transaction tx{*s};
        auto const taken = s->outbox.offer(100, 475'000, writer, {rules}, ++now);
        tx.commit();
        for (auto const& m : taken.messages) gone.push_back(m.body);
        more = taken.more;
    }
    BOOST_TEST(steps == 3);
    BOOST_TEST(gone == std::vector<std::string>{"last:email=\"a\";"}, boost::test_tools::per_element());
    BOOST_TEST(count(message_state::dead) == 300);
}

BOOST_AUTO_TEST_CASE(what_only_goes_along_does_not_go_for_something_that_is_too_large) {
    rules.always.add(trait::email);
    rules.riding.add(trait::user_agent);
    rules.volatile_millis = 1000;
    wants("ada", trait::email, "\"a\"");
    wants("ada", trait::user_agent, "\"x\"");
    acknowledge(offer().at(0).row);
    auto const keep = [&] {
        session::transaction tx{*s};
        s->profiles.put_document("ada", {1, std::string(16, 'h'), 7});
        tx.commit();
    };
    keep();
    wants("ada", trait::user_agent, "\"y\"");
    wants("ada", trait::metadata, "\"big\"");
    BOOST_TEST(offer().empty());
    BOOST_TEST(count(message_state::dead) == 1);
    BOOST_TEST(s->profiles.document("ada")->raw.empty(), "the riding value is looked at again when it is due");
    // With something of its own it goes.
    wants("ada", trait::name, "\"Ada\"");
    BOOST_TEST(offer().at(0).body == "ada:name=\"Ada\";email=\"a\";userAgent=\"y\";");
}

BOOST_AUTO_TEST_CASE(what_goes_along_with_everything_and_is_too_large_has_one_dead_letter_for_each_of_its_values) {
    rules.always.add(trait::metadata);
    wants("ada", trait::metadata, "\"big\"");
    BOOST_TEST(offer().empty());
    BOOST_REQUIRE(count(message_state::dead) == 1);
    {
        session::transaction tx{*s};
        BOOST_REQUIRE(s->outbox.discard_dead(s->outbox.newest_dead_row(), ++now));
        tx.commit();
    }
    wants("ada", trait::name, "\"Ada\"");
    auto const went = offer();
    BOOST_REQUIRE(went.size() == 1U);
    BOOST_TEST(went[0].body == "ada:name=\"Ada\";");
    BOOST_TEST(count(message_state::dead) == 0);
    acknowledge(went[0].row);
    wants("ada", trait::metadata, "\"bigger\"");
    BOOST_TEST(offer().empty());
    BOOST_TEST(count(message_state::dead) == 1, "another value");
}

BOOST_AUTO_TEST_CASE(a_waiting_message_with_nothing_in_it_goes_away_instead_of_to_segment) {
    wants("ada", trait::email, "\"a\"");
    wants("bob", trait::email, "\"b\"");
    {
        // As a store is left in which the value was taken as known while a message of it waited.
        session::transaction tx{*s};
        auto a = s->accounts.load(1);
        set_wanted_texts(a, s->profiles.source(1)->data);
        diff::adopt(a, ++now);
        s->accounts.save(a);
        tx.commit();
    }
    BOOST_REQUIRE(count(message_state::waiting) == 2);
    auto const went = offer();
    BOOST_REQUIRE(went.size() == 1U);
    BOOST_TEST(went[0].body == "bob:email=\"b\";");
    BOOST_TEST(count(message_state::waiting) == 0);
}

BOOST_AUTO_TEST_CASE(a_riding_value_that_a_cancelled_replay_would_have_taken_along_is_looked_at_when_it_is_due) {
    rules.riding.add(trait::user_agent);
    rules.volatile_millis = 1'000'000;
    wants("ada", trait::email, "\"a\"");
    wants("ada", trait::user_agent, "\"x\"");
    acknowledge(offer().at(0).row);
    session::transaction tx{*s};
    BOOST_TEST(s->outbox.mark(1, 9, profile::trait_set::all(), rules, ++now));
    tx.commit();
    wants("ada", trait::user_agent, "\"y\"");
    session::transaction later{*s};
    s->profiles.put_document("ada", {1, std::string(16, 'h'), 7});
    s->outbox.unmark(1, 9, rules, ++now);
    later.commit();
    BOOST_TEST(count(message_state::waiting) == 0);
    BOOST_TEST(s->profiles.document("ada")->raw.empty());
}

BOOST_AUTO_TEST_CASE(the_parts_of_a_split_message_go_one_after_the_other_after_a_restart_too) {
    wants("ada", trait::email, "\"half\"");
    wants("ada", trait::name, "\"Ada\"");
    wants("ada", trait::metadata, "\"big\"");
    auto const first = offer();
    BOOST_REQUIRE(first.size() == 1U);
    BOOST_TEST(first[0].body == "ada:name=\"Ada\";");
    BOOST_TEST(count(message_state::dead) == 1);
    BOOST_TEST(count(message_state::offered) == 2);
    open();
    BOOST_TEST(s->outbox.unanswered(0, 10).size() == 1U);
    auto const second = acknowledge(first[0].row);
    BOOST_REQUIRE(second.size() == 1U);
    BOOST_TEST(second[0].body == "ada:email=\"half\";");
    acknowledge(second[0].row);
    BOOST_TEST(count(message_state::offered) == 0);
}

BOOST_AUTO_TEST_CASE(an_answer_that_comes_twice_changes_nothing) {
    wants("ada", trait::email, "\"a\"");
    auto const messages = offer();
    acknowledge(messages[0].row);
    acknowledge(messages[0].row);
    BOOST_TEST(count(message_state::offered) == 0);
    BOOST_TEST(!s->outbox.has_unsent());
}

BOOST_AUTO_TEST_CASE(a_rolled_back_step_leaves_no_trace) {
    wants("ada", trait::email, "\"a\"");
    {
        session::transaction tx{*s};
        BOOST_TEST(s->outbox.offer(10, 1000, writer, {rules}, now).messages.size() == 1U);
    }
    BOOST_TEST(count(message_state::waiting) == 1);
    BOOST_TEST(count(message_state::offered) == 0);
    BOOST_TEST(s->outbox.history_bytes() == 0);
}

BOOST_AUTO_TEST_CASE(a_held_pass_waits_over_a_restart_for_release_or_discard) {
    for (int i = 0; i < 5; ++i) wants("user" + std::to_string(i), trait::email, "\"a\"");
    {
        session::transaction tx{*s};
        for (std::optional<outbox::settling> next{outbox::settling{}}; next;)
            next = s->outbox.settle_pass(1, true, 2, *next);
        tx.commit();
    }
    BOOST_TEST(count(message_state::held) == 5);
    open();
    BOOST_TEST(offer().empty());
    {
        session::transaction tx{*s};
        s->outbox.release_held(2, rules);
        while (s->outbox.discard_held(2, rules, now)) {
        }
        tx.commit();
    }
    BOOST_TEST(count(message_state::held) == 0);
    BOOST_TEST(offer().size() == 2U);
    wants("user4", trait::name, "\"new\"");
    BOOST_TEST(offer().front().body == "user4:name=\"new\";");
}

// An outage may have left a million messages of earlier passes in the way.
BOOST_AUTO_TEST_CASE(the_end_of_a_pass_goes_through_the_queue_once) {
    auto& db = s->file().connection();
    wants("ada", trait::email, "\"a\"");
    db.exec(
        "WITH RECURSIVE n (i) AS (VALUES (100) UNION ALL SELECT i + 1 FROM n WHERE i < 5000) INSERT INTO messages "
        "SELECT i, "
        "randomblob(16), 1, 0, CASE i % 4 WHEN 0 THEN 8 WHEN 2 THEN 4 ELSE 0 END, 1, 0, 0, 0, 1, 1, 1, 0, "
        "CASE i % 50 WHEN 0 THEN 2 WHEN 1 THEN 2 ELSE 7 END, 1, 0, 0, '', 0 FROM n");
    session::transaction tx{*s};
    auto const steps_of = [&](std::int64_t pass, bool holds) {
        steps_of_sqlite const counted{db};
        for (std::optional<outbox::settling> next{outbox::settling{}}; next;)
            next = s->outbox.settle_pass(pass, holds, 10, *next);
        return counted.count();
    };
    auto const once = steps_of(999, true);
    BOOST_TEST(steps_of(2, true) < once * 5);
    BOOST_TEST(db.execAndGet("SELECT count(*) FROM messages WHERE pass = 2 AND state = 4").getInt() == 197);
    BOOST_TEST(db.execAndGet("SELECT count(*) FROM messages WHERE pass <> 2 AND state = 4").getInt() == 0);
    BOOST_TEST(steps_of(7, false) < once * 5);
    BOOST_TEST(db.execAndGet("SELECT count(*) FROM messages WHERE (wait & 8) <> 0 AND state = 0").getInt() == 0);
}

BOOST_AUTO_TEST_CASE(a_message_of_a_user_that_is_not_stored_is_an_error_and_not_passed_over) {
    wants("ann", trait::email, "\"a\"");
    s->file().connection().exec("DELETE FROM sources");
    BOOST_CHECK_THROW(offer(), damaged_content);
}

BOOST_AUTO_TEST_SUITE_END()
