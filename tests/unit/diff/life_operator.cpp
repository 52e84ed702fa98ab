// The rows in which the brake, an operator or a removal has a hand.
#include "one_user.hpp"

using namespace traitsync;
using namespace traitsync::diff;
using namespace traitsync::diff::test;

BOOST_AUTO_TEST_SUITE(life_in_other_hands)

BOOST_AUTO_TEST_CASE(held_messages_take_newer_changes_and_go_after_release) {
    user u;
    u.synced(trait::email, "\"a\"");
    u.wants(trait::email, value("\"b\""));
    hold(u.a);
    u.wants(trait::name, value("\"Ada\""));
    BOOST_TEST((u.a.pending()->state == message_state::held));
    BOOST_TEST(u.a.open.size() == 1U, "at most one of waiting and held");
    release_held(u.a, u.r);
    BOOST_TEST((u.a.pending()->state == message_state::waiting));
    BOOST_TEST(u.waiting().size() == 2);
}

BOOST_AUTO_TEST_CASE(what_is_released_stays_at_the_gate_of_a_pass_that_may_still_close_the_brake) {
    for (bool const is_over : {false, true}) {
        user u;
        u.synced(trait::email, "\"a\"");
        u.wants(trait::email, value("\"b\""));
        hold(u.a);
        want(u.a, trait::email, value("\"c\""), u.r);
        refresh(u.a, u.r, {.now = ++u.now, .pass = 7, .wait = wait_gate, .causes = true});
        BOOST_TEST((u.a.pending()->state == message_state::held));
        release_held(u.a, u.r, is_over ? std::vector<std::int64_t>{} : std::vector<std::int64_t>{6, 7});
        BOOST_TEST((u.a.pending()->state == message_state::waiting));
        BOOST_TEST(u.a.pending()->wait == (is_over ? 0 : wait_gate));
    }
}

BOOST_AUTO_TEST_CASE(a_pass_neither_holds_nor_counts_what_waited_before_and_did_not_change) {
    user u;
    u.synced(trait::email, "\"a\"");
    u.wants(trait::email, value("\"b\""));
    auto const step = [&](std::int64_t pass, bool causes) {
        return refresh(u.a, u.r, {.now = ++u.now, .pass = pass, .wait = wait_gate, .hold = true, .causes = causes});
    };
    auto met = step(2, false);
    BOOST_TEST((!met.queued && !met.caused));
    BOOST_TEST((u.a.pending()->state == message_state::waiting));
    BOOST_TEST(u.a.pending()->pass == 1);
    BOOST_TEST(u.a.pending()->wait == 0);
    met = step(3, true);
    BOOST_TEST((met.queued && met.caused));
    BOOST_TEST((u.a.pending()->state == message_state::held));
    BOOST_TEST(u.a.pending()->pass == 3);
}

BOOST_AUTO_TEST_CASE(a_message_that_a_pass_makes_is_the_pass_s_whatever_made_it_due) {
    user u;
    u.synced(trait::email, "\"a\"");
    ++u.now;
    want(u.a, trait::email, value("\"b\""), u.r);
    auto const made = refresh(u.a, u.r, {.now = u.now, .pass = 2, .hold = true, .causes = false});
    BOOST_TEST((made.queued && made.caused));
    BOOST_TEST((u.a.pending()->state == message_state::held));
}

BOOST_AUTO_TEST_CASE(a_company_that_came_lets_a_message_go_that_nothing_else_changes) {
    user u;
    want(u.a, trait::email, value("\"a\""), u.r);
    refresh(u.a, u.r, {.now = u.now, .pass = 1, .wait = wait_company});
    BOOST_TEST(u.a.pending()->wait == wait_company);
    refresh(u.a, u.r, {.now = u.now, .pass = 1, .causes = false});
    BOOST_TEST(u.a.pending()->wait == 0);
}

BOOST_AUTO_TEST_CASE(a_discarded_held_message_moves_the_baseline) {
    user u;
    u.synced(trait::email, "\"a\"");
    u.wants(trait::email, value("\"b\""));
    hold(u.a);
    discard_held(u.a, u.r, u.now);
    u.save();
    refresh(u.a, u.r, u.at());
    BOOST_TEST(u.a.open.empty());
    BOOST_TEST(u.a[trait::email].text_of(u.a[trait::email].acknowledged) == "\"a\"");
    u.wants(trait::email, value("\"a\""));
    BOOST_TEST(u.waiting().has(trait::email), "send what changes from there");
}

BOOST_AUTO_TEST_CASE(discarding_a_held_message_does_not_change_what_an_offered_one_acknowledges) {
    user u;
    u.wants(trait::email, value("\"a\""));
    u.offer();
    u.wants(trait::email, value("\"b\""));
    hold(u.a);
    discard_held(u.a, u.r, u.now);
    u.answer_ok();
    BOOST_TEST(u.a[trait::email].text_of(u.a[trait::email].acknowledged) == "\"a\"");
    BOOST_TEST(u.a[trait::email].text_of(u.a[trait::email].baseline) == "\"b\"");
}

BOOST_AUTO_TEST_CASE(a_replay_sends_present_values_follows_changes_and_cancel_removes_only_its_own_marks) {
    user u;
    u.synced(trait::email, "\"a\"");
    u.synced(trait::name, "\"Ada\"");
    BOOST_TEST(mark_for_replay(u.a, 7, trait_set::all(), u.r, {.now = u.now}));
    BOOST_TEST(u.waiting().size() == 2);
    u.wants(trait::name, value("\"Eve\""));
    BOOST_TEST(u.waiting().size() == 2);
    cancel_replay(u.a, 7, u.r, {.now = u.now});
    BOOST_TEST(u.waiting().bits() == set({trait::name}).bits());
}

BOOST_AUTO_TEST_CASE(what_waits_of_a_gone_profile_is_parked_and_goes_when_it_is_back) {
    user u;
    u.wants(trait::email, value("\"a\""));
    leave(u.a, u.r, u.at());
    BOOST_TEST(u.a.pending()->wait == wait_parked);
    come_back(u.a);
    BOOST_TEST(u.a.pending()->wait == 0);
}

BOOST_AUTO_TEST_CASE(a_dead_letter_that_is_retried_while_a_policy_keeps_a_trait_out_is_made_up_for_later) {
    user u;
    u.synced(trait::name, "\"Ada\"");
    u.wants(trait::name, value("\"Eve\""));
    u.wants(trait::email, value("\"a\""));
    u.offer();
    u.answer_no();
    for (auto const t : {trait::name, trait::email}) exclude(u.a, t);
    retry_dead(u.a, u.dead(), u.r, {.now = ++u.now});
    u.save();
    BOOST_TEST(u.a.open.empty());
    BOOST_TEST(u.a[trait::name].text_of(u.a[trait::name].acknowledged) == "\"Ada\"");
    u.wants(trait::name, value("\"Eve\""));
    u.wants(trait::email, value("\"a\""));
    BOOST_TEST(u.waiting().bits() == set({trait::name, trait::email}).bits());
}

BOOST_AUTO_TEST_CASE(what_a_policy_keeps_out_while_a_retry_waits_is_made_up_for_later) {
    user u;
    u.synced(trait::name, "\"Ada\"");
    u.wants(trait::name, value("\"Eve\""));
    u.offer();
    u.answer_no();
    retry_dead(u.a, u.dead(), u.r, {.now = ++u.now});
    u.save();
    exclude(u.a, trait::name);
    refresh(u.a, u.r, {.now = ++u.now});
    u.save();
    BOOST_TEST(u.a.open.empty());
    u.wants(trait::name, value("\"Eve\""));
    BOOST_TEST(u.waiting().bits() == set({trait::name}).bits());
}

BOOST_AUTO_TEST_CASE(what_segment_may_have_taken_is_put_right_whatever_a_policy_did_to_its_retry) {
    // Back at the acknowledged value, another one, gone: each is sent, for the dead one may stand at Segment.
    for (auto const& [next, sent] : {std::pair{value("\"Ada\""), "\"Ada\""},
                                     {value("\"Bob\""), "\"Bob\""},
                                     {value("\"Eve\""), "\"Eve\""},
                                     {absent(), "null"}}) {
        for (bool const was_hidden : {false, true}) {
            for (bool const had_one : {false, true}) {
                user u;
                if (had_one) u.synced(trait::name, "\"Ada\"");
                u.wants(trait::name, value("\"Eve\""));
                u.offer();
                u.answer_no();
                if (was_hidden) exclude(u.a, trait::name);
                retry_dead(u.a, u.dead(), u.r, {.now = ++u.now});
                u.save();
                if (!was_hidden) exclude(u.a, trait::name);
                refresh(u.a, u.r, {.now = ++u.now});
                u.save();
                BOOST_REQUIRE(u.a.open.empty());
                u.wants(trait::name, next);
                BOOST_TEST(u.waiting().bits() == set({trait::name}).bits());
                u.offer();
                BOOST_TEST(u.a[trait::name].text_of(u.a[trait::name].baseline) == sent);
                u.answer_ok();
                u.save();
                u.wants(trait::name, next);
                BOOST_TEST(u.a.open.empty(), "once");
            }
        }
    }
}

BOOST_AUTO_TEST_CASE(a_value_that_is_on_its_way_counts_as_offered_whatever_retry_waits_behind_it) {
    user u;
    for (auto const* name : {"\"Eve\"", "\"Bob\""}) {
        u.wants(trait::name, value(name));
        u.offer();
        u.answer_no();
    }
    std::vector<message_id> refused;
    for (auto const& m : u.a.open) refused.push_back(m.id);
    for (auto const& id : refused) {
        auto const dead = std::ranges::find(u.a.open, id, &message::id);
        BOOST_REQUIRE((dead != u.a.open.end()));
        if (dead->state == message_state::dead) retry_dead(u.a, *dead, u.r, {.now = ++u.now});
        u.save();
        if (u.a.pending() && !u.a.has_offered()) u.offer();
    }
    u.wants(trait::name, value("\"Bob\""));
    mark_for_replay(u.a, 0, set({trait::name}), u.r, {.now = ++u.now});
    BOOST_REQUIRE(u.a.has_offered());
    BOOST_REQUIRE(u.a.pending());
    exclude(u.a, trait::name);
    BOOST_TEST(u.a[trait::name].text_of(u.a[trait::name].baseline) == "\"Bob\"");
}

BOOST_AUTO_TEST_CASE(with_on_delete_null_the_nulls_of_a_gone_profile_go_when_they_are_released_or_retried) {
    user u;
    u.r.on_delete = config::on_delete::null;
    u.synced(trait::email, "\"a\"");
    leave(u.a, u.r, u.at());
    hold(u.a);
    release_held(u.a, u.r);
    BOOST_TEST((u.a.pending()->state == message_state::waiting));
    BOOST_TEST(u.a.pending()->wait == 0);
    u.offer();
    u.answer_no();
    retry_dead(u.a, u.dead(), u.r, {.now = ++u.now});
    BOOST_REQUIRE(u.a.pending());
    BOOST_TEST(u.a.pending()->wait == 0);
    BOOST_TEST(u.waiting().bits() == set({trait::email}).bits());
}

BOOST_AUTO_TEST_CASE(values_of_a_gone_profile_stay_parked_whatever_is_released_or_retried) {
    for (auto const after : {config::on_delete::ignore, config::on_delete::null}) {
        user u;
        u.synced(trait::name, "\"Ada\"");
        u.wants(trait::email, value("\"a\""));
        u.offer();
        u.answer_no();
        u.wants(trait::name, value("\"Eve\""));
        hold(u.a);
        leave(u.a, u.r, u.at());
        u.r.on_delete = after;
        release_held(u.a, u.r);
        BOOST_TEST(u.a.pending()->wait == wait_parked);
        retry_dead(u.a, u.dead(), u.r, {.now = ++u.now});
        BOOST_TEST(u.a.pending()->wait == wait_parked);
        come_back(u.a);
        BOOST_TEST(u.a.pending()->wait == 0);
        BOOST_TEST(u.waiting().bits() == set({trait::name, trait::email}).bits());
    }
}

BOOST_AUTO_TEST_CASE(with_on_delete_null_a_gone_profile_sends_null_for_every_trait_that_was_sent) {
    user u;
    u.r.on_delete = config::on_delete::null;
    u.synced(trait::email, "\"a\"");
    u.wants(trait::name, value("\"never sent\""));
    leave(u.a, u.r, u.at());
    BOOST_TEST(u.waiting().bits() == set({trait::email}).bits());
    BOOST_TEST(u.a.pending()->wait == 0);
    BOOST_TEST((u.a[trait::email].wanted.state == known::form::null));
}

BOOST_AUTO_TEST_CASE(after_another_destination_who_is_gone_waits_for_nothing_and_gets_everything_on_return) {
    for (bool const has_message : {false, true}) {
        user u;
        u.synced(trait::email, "\"a\"");
        if (has_message) u.wants(trait::name, value("\"Ada\""));
        leave(u.a, u.r, u.at());
        forget_destination(u.a, u.r, {.now = u.now});
        u.save();
        BOOST_TEST(u.a.open.empty());
        come_back(u.a);
        u.wants(trait::name, value("\"Ada\""));
        BOOST_TEST(u.waiting().bits() == set({trait::email, trait::name}).bits());
    }
}

BOOST_AUTO_TEST_CASE(after_another_destination_everything_wanted_is_sent_anew) {
    user u;
    u.synced(trait::email, "\"a\"");
    u.wants(trait::name, value("\"Ada\""));
    u.offer();
    forget_destination(u.a, u.r, {.now = u.now});
    u.save();
    BOOST_TEST(u.waiting().size() == 2);
    BOOST_TEST(u.a.open.size() == 1U);
    BOOST_TEST((u.a[trait::email].acknowledged.state == known::form::none));
}

BOOST_AUTO_TEST_SUITE_END()
