// What a replay puts into the queue and what it gives to delivery.
#include "../../../src/engine/replay_loop.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <set>

#include "operated.hpp"

namespace {

using namespace traitsync;
using namespace traitsync::test;

struct replayed : operated {
    engine::replay_loop feeding{*context};
    bool ended = false;

    replayed() {
        want(30, "a");
        BOOST_REQUIRE(deliver(100) == 30U);
        boost::asio::co_spawn(loop, feeding.run(), [this](std::exception_ptr thrown) {
            ended = true;
            if (thrown) std::rethrow_exception(thrown);
        });
    }
    ~replayed() {
        context->stopping = true;
        context->replay_wake.notify();
        loop.restart();
        while (!ended) loop.run_one();
    }
};

// Nothing goes meanwhile.
struct replayed_aside : replayed {
    replayed_aside() { context->pause_deliver(time.wall()); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(while_nothing_is_delivered_a_replay_feeds_the_queue, replayed_aside)

BOOST_AUTO_TEST_CASE(two_batches_ahead_of_what_is_acknowledged) {
    replay(30);
    eventually([&] { return count(message_state::waiting) == 10; });
    want(30, "c");
    BOOST_TEST(count(message_state::waiting) == 30, "a change and what a replay asks of the user are one message");
}

BOOST_AUTO_TEST_CASE(a_cancelled_one_takes_back_what_waits_and_no_ordinary_change) {
    auto const started = replay(30);
    eventually([&] { return count(message_state::waiting) == 10; });
    want(2, "b");
    BOOST_TEST((outcome_of(operate->cancel_replay(started.no)).value().state == replay_state::cancelled));
    eventually([&] { return count(message_state::waiting) == 2; });
    BOOST_TEST(deliver(100) == 2U);
    BOOST_TEST(count(message_state::waiting) == 0);
}

BOOST_AUTO_TEST_CASE(what_waits_goes_first_when_delivery_goes_on_and_each_once) {
    auto const started = replay(30);
    eventually([&] { return count(message_state::waiting) == 10; });
    context->pause_deliver({});
    std::vector<std::string> sent;
    eventually([&] {
        std::ranges::copy(delivered(7), std::back_inserter(sent));
        return row_of(started.no).state == replay_state::done;
    });
    BOOST_TEST(sent.size() == 30U);
    BOOST_TEST(std::ranges::is_sorted(sent), "in the order of the replay's users");
    std::ranges::sort(sent);
    BOOST_TEST((std::ranges::unique(sent).begin() == sent.end()), "nobody twice");
    BOOST_TEST(row_of(started.no).done == 30);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(delivery_takes_a_replays_messages_as_it_goes, replayed)

BOOST_AUTO_TEST_CASE(each_once_and_none_waits) {
    auto const started = replay(30);
    std::set<std::string> users;
    std::size_t sent = 0;
    for (std::size_t const expected : {7, 7, 7, 7, 2, 0}) {
        auto const now = delivered(7);
        BOOST_TEST(now.size() == expected);
        BOOST_TEST(count(message_state::waiting) == 0);
        users.insert(now.begin(), now.end());
        sent += now.size();
    }
    BOOST_TEST(users.size() == 30U);
    BOOST_TEST(sent == 30U);
    eventually([&] { return row_of(started.no).state == replay_state::done; });
    BOOST_TEST(row_of(started.no).done == 30);
    BOOST_TEST(row_of(started.no).messages == 30);
    BOOST_TEST(deliver(100) == 0U, "nobody twice");
}

BOOST_AUTO_TEST_CASE(an_ordinary_change_goes_first_and_of_the_next_users_together_with_it) {
    auto const started = replay(30);
    BOOST_REQUIRE(deliver(5) == 5U);
    want(30, "c");
    context->replay_wake.notify();
    auto const claims = [](store::session& s) -> result<std::int64_t> { return s.replays.count_open(); };
    eventually([&] { return in_store(claims) == 10; });
    BOOST_TEST(count(message_state::waiting) == 30, "of two batches of users the replay has joined what waits");
    auto const next = delivered(3);
    BOOST_TEST(next == (std::vector<std::string>{"user000", "user001", "user002"}), boost::test_tools::per_element());
    std::size_t more = 0;
    eventually([&] {
        more += deliver(100);
        return row_of(started.no).state == replay_state::done;
    });
    BOOST_TEST(more >= 27U);
    BOOST_TEST(more <= 27U + 15U, "only whom the replay had not reached may be sent again");
    BOOST_TEST(row_of(started.no).done == 30);
}

BOOST_AUTO_TEST_CASE(what_the_brake_holds_goes_with_the_replay_in_one_message) {
    want(8, "b");
    in_store([](store::session& s) -> result<bool> {
        store::session::transaction tx{s};
        s.outbox.hold_pass(1, 100);
        tx.commit();
        return true;
    });
    BOOST_REQUIRE(count(message_state::held) == 8);
    auto const started = replay(10);
    auto const claims = [](store::session& s) -> result<std::int64_t> { return s.replays.count_open(); };
    eventually([&] { return in_store(claims) == 10; });
    in_store([this](store::session& s) -> result<bool> {
        store::session::transaction tx{s};
        s.outbox.release_held(100, context->rules.diff_rules());
        tx.commit();
        return true;
    });
    auto const sent = delivered(100);
    BOOST_TEST(sent.size() == 10U);
    BOOST_TEST(std::set(sent.begin(), sent.end()).size() == 10U);
    eventually([&] { return row_of(started.no).state == replay_state::done; });
    BOOST_TEST(deliver(100) == 0U);
}

// Many held messages that a replay has claimed.
struct with_many_held : replayed {
    // After another step of the replay, which else comes a second later.
    std::int64_t claims() {
        context->replay_wake.notify();
        return in_store([](store::session& s) -> result<std::int64_t> { return s.replays.count_open(); });
    }
    with_many_held() {
        want(1100, "b");
        in_store([this](store::session& s) -> result<bool> {
            settings.segment.batch_size = 25;
            store::session::transaction tx{s};
            s.outbox.hold_pass(1, 2000);
            tx.commit();
            return true;
        });
        BOOST_REQUIRE(count(message_state::held) == 1100);
    }
};

BOOST_FIXTURE_TEST_CASE(a_replay_goes_past_what_is_held_but_not_past_any_number_of_it, with_many_held) {
    replay(1100);
    eventually([&] { return claims() >= 1000; });
    for (int steps = 0; steps < 5; ++steps) BOOST_TEST(claims() == 1000);
}

BOOST_FIXTURE_TEST_CASE(delivery_claims_no_more_of_what_is_held_than_that, with_many_held) {
    replay(1100);
    auto const taken = [&](std::int64_t most_held) {
        return in_store([=, this](store::session& s) -> result<std::int64_t> {
            store::session::transaction tx{s};
            one_part writer;
            engine::take_for_delivery(s, 100, 475'000, writer, {context->rules.diff_rules()}, context->now(), {},
                                      most_held);
            tx.commit();
            return s.replays.count_open();
        });
    };
    for (int i = 0; i < 10; ++i) taken(300);
    auto const claimed = taken(300);
    BOOST_TEST(claimed >= 300);
    BOOST_TEST(claimed < 400, "the last one that may took a hundred at once");
    BOOST_TEST(taken(1200) == claimed + 100);
}

BOOST_FIXTURE_TEST_CASE(what_a_cancelled_one_has_claimed_is_taken_back_some_at_a_time, with_many_held) {
    auto const started = replay(600);
    eventually([&] { return claims() == 600; });
    in_store([this, no = started.no](store::session& s) -> result<bool> {
        s.replays.end(no, replay_state::cancelled, context->now());
        for (auto const left : {100, 0}) {
            store::session::transaction tx{s};
            one_part writer;
            auto const taken =
                engine::take_for_delivery(s, 100, 475'000, writer, {context->rules.diff_rules()}, context->now());
            BOOST_TEST(taken.messages.empty());
            BOOST_TEST(taken.more == (left > 0));
            BOOST_TEST(s.replays.count_open() == left);
            tx.commit();
        }
        return true;
    });
    BOOST_TEST(count(message_state::held) == 1100);
}

BOOST_AUTO_TEST_CASE(one_whose_change_is_on_its_way_follows_its_answer) {
    replay(30);
    want(3, "b");
    in_store([this](store::session& s) -> result<bool> {
        store::session::transaction tx{s};
        one_part writer;
        auto const taken =
            engine::take_for_delivery(s, 4, 475'000, writer, {context->rules.diff_rules()}, context->now());
        BOOST_TEST(taken.messages.size() == 4U, "three changes, and the first of the replay whom nothing holds up");
        BOOST_TEST(taken.messages.back().body == "user003");
        tx.commit();
        return true;
    });
    BOOST_TEST(count(message_state::waiting) == 3, "behind those that are offered");
    BOOST_TEST(count(message_state::offered) == 4);
}

BOOST_AUTO_TEST_CASE(a_cancelled_one_gives_no_more) {
    auto const started = replay(30);
    BOOST_REQUIRE(deliver(5) == 5U);
    BOOST_REQUIRE(outcome_of(operate->cancel_replay(started.no)).has_value());
    BOOST_TEST(deliver(100) == 0U);
    BOOST_TEST(count(message_state::waiting) == 0);
}

// In one step, so that nothing else can have taken its claims back before.
BOOST_AUTO_TEST_CASE(what_a_cancelled_one_has_claimed_is_not_taken_any_more) {
    context->pause_deliver(context->time.wall());
    auto const started = replay(30);
    auto const claims = [](store::session& s) -> result<std::int64_t> { return s.replays.count_open(); };
    eventually([&] { return in_store(claims) == 10; });
    in_store([this, no = started.no](store::session& s) -> result<bool> {
        store::session::transaction tx{s};
        s.replays.end(no, replay_state::cancelled, context->now());
        one_part writer;
        auto const taken =
            engine::take_for_delivery(s, 100, 475'000, writer, {context->rules.diff_rules()}, context->now());
        BOOST_TEST(taken.messages.size() == 0U);
        tx.commit();
        return true;
    });
    BOOST_TEST(count(message_state::waiting) == 0);
}

BOOST_AUTO_TEST_CASE(those_who_asked_first_are_served_first) {
    auto const first = replay(30);
    auto const second = replay(10);
    std::size_t sent = 0;
    eventually([&] {
        sent += deliver(5);
        return row_of(first.no).state == replay_state::done;
    });
    BOOST_TEST(sent >= 30U);
    eventually([&] {
        sent += deliver(5);
        return row_of(second.no).state == replay_state::done;
    });
    BOOST_TEST(sent == 40U);
}

BOOST_AUTO_TEST_CASE(one_without_room_in_the_batch_comes_with_the_next) {
    auto const started = replay(30);
    // Each body is a name of seven bytes and its comma.
    auto const begun = delivered(100, 3 * 8);
    BOOST_TEST(begun == (std::vector<std::string>{"user000", "user001", "user002"}), boost::test_tools::per_element());
    BOOST_TEST(more);
    auto const next = delivered(100, 2 * 8);
    BOOST_TEST(next == (std::vector<std::string>{"user003", "user004"}), boost::test_tools::per_element());
    BOOST_TEST(deliver(100) == 25U);
    eventually([&] { return row_of(started.no).state == replay_state::done; });
    BOOST_TEST(row_of(started.no).done == 30);
}

BOOST_AUTO_TEST_CASE(who_is_gone_or_unknown_is_passed_over_and_the_replay_ends) {
    in_store([](store::session& s) -> result<bool> {
        store::session::transaction tx{s};
        for (std::int64_t const no : {1, 4, 30}) {
            auto const before = *s.profiles.user(no);
            auto gone = before;
            gone.gone_at = 5;
            s.profiles.update(gone, before);
        }
        tx.commit();
        return true;
    });
    auto const started = replay(33);  // three more than there are
    auto const sent = delivered(100);
    BOOST_TEST(sent.size() == 27U);
    BOOST_TEST(sent.front() == "user001");
    eventually([&] { return row_of(started.no).state == replay_state::done; });
    BOOST_TEST(row_of(started.no).done == 27);
}

BOOST_AUTO_TEST_CASE(its_claim_on_a_message_is_known_until_the_answer_whatever_comes_meanwhile) {
    auto const started = replay(3);
    auto const offered = in_store([this](store::session& s) -> result<std::vector<std::int64_t>> {
        store::session::transaction tx{s};
        one_part writer;
        auto const taken =
            engine::take_for_delivery(s, 100, 475'000, writer, {context->rules.diff_rules()}, context->now());
        tx.commit();
        std::vector<std::int64_t> rows;
        for (auto const& m : taken.messages) rows.push_back(m.row);
        return rows;
    });
    BOOST_REQUIRE(offered.size() == 3U);
    auto const open = [&] {
        return in_store([no = started.no](store::session& s) -> result<std::array<std::int64_t, 3>> {
            auto const claims = s.replays.count_claims(no);
            return std::array{s.replays.count_open(), claims.open, claims.moving};
        });
    };
    BOOST_TEST(open() == (std::array<std::int64_t, 3>{3, 3, 3}), boost::test_tools::per_element());
    want(1, "b");  // the first user's next message waits for the answer
    in_store([&](store::session& s) -> result<bool> {
        auto const a = s.accounts.load(1);
        BOOST_REQUIRE(a.open.size() == 2U);
        BOOST_REQUIRE(a.open.front().marks.size() == 1U);
        BOOST_TEST(a.open.front().marks.front().replay == started.no);
        BOOST_TEST((a.open.front().marks.front().traits == a.open.front().traits));
        BOOST_TEST(a.open.back().marks.empty());
        return true;
    });
    BOOST_TEST(open() == (std::array<std::int64_t, 3>{3, 3, 3}), boost::test_tools::per_element());
    in_store([&](store::session& s) -> result<bool> {
        store::session::transaction tx{s};
        store::death const dead{.row = offered[1], .reason = diff::dead_reason::refused, .answer = "400"};
        s.outbox.settle(std::array{offered[0], offered[2]}, std::array{dead}, context->now());
        tx.commit();
        return true;
    });
    BOOST_TEST(open() == (std::array<std::int64_t, 3>{0, 0, 0}), boost::test_tools::per_element());
    BOOST_TEST(row_of(started.no).done == 3);
    // A dead letter that is sent again is the operator's, not the replay's.
    BOOST_TEST(outcome_of(operate->retry_dead({.all = true})).value() == 1);
    BOOST_TEST(deliver(100) == 2U, "it and the change that waited");
    BOOST_TEST(row_of(started.no).done == 3);
    context->replay_wake.notify();
    eventually([&] { return row_of(started.no).state == replay_state::done; });
}

BOOST_AUTO_TEST_CASE(again_and_again_few_answers_stand_in_rows_at_a_time) {
    std::size_t most = 0;
    for (int i = 0; i < 12; ++i) {
        auto const started = replay(3);
        BOOST_REQUIRE(deliver(100) == 3U);
        eventually([&] { return row_of(started.no).state == replay_state::done; });
        BOOST_TEST(row_of(started.no).done == 3);
        auto const a = in_store([](store::session& s) -> result<diff::account> { return s.accounts.load(1); });
        auto const& email = a[profile::trait::email];
        BOOST_TEST(a.open.empty());
        BOOST_TEST((email.acknowledged.same(email.wanted) && email.baseline.same(email.wanted)));
        most = std::max(most, a.noted.size());
    }
    BOOST_TEST(most == 5U);
}

BOOST_AUTO_TEST_CASE(a_refused_one_is_a_dead_letter_and_counts_as_done) {
    auto const started = replay(10);
    BOOST_TEST(deliver(100, "no") == 10U);
    BOOST_TEST(count(message_state::dead) == 10);
    eventually([&] { return row_of(started.no).state == replay_state::done; });
    BOOST_TEST(row_of(started.no).done == 10);
}

BOOST_AUTO_TEST_SUITE_END()
