// Each row of the life of a message, by name.
#include "one_user.hpp"

using namespace traitsync;
using namespace traitsync::diff;
using namespace traitsync::diff::test;

BOOST_AUTO_TEST_SUITE(life_of_a_message)

BOOST_AUTO_TEST_CASE(a_change_makes_one_waiting_message_with_the_changed_trait_only) {
    user u;
    u.synced(trait::email, "\"a\"");
    u.wants(trait::name, value("\"Ada\""));
    BOOST_TEST(u.waiting().bits() == set({trait::name}).bits());
    BOOST_TEST(u.a.open.size() == 1U);
}

BOOST_AUTO_TEST_CASE(newer_changes_merge_and_keep_id_and_place) {
    user u;
    u.wants(trait::name, value("\"Ada\""));
    auto const id = u.a.pending()->id;
    u.wants(trait::email, value("\"a\""));
    BOOST_TEST((u.a.pending()->id == id));
    BOOST_TEST(u.waiting().size() == 2);
}

BOOST_AUTO_TEST_CASE(a_waiting_trait_that_is_back_at_its_baseline_leaves_the_message) {
    user u;
    u.synced(trait::email, "\"a\"");
    u.wants(trait::email, value("\"b\""));
    u.wants(trait::name, value("\"Ada\""));
    u.wants(trait::email, value("\"a\""));
    BOOST_TEST(u.waiting().bits() == set({trait::name}).bits());
}

BOOST_AUTO_TEST_CASE(a_message_left_without_a_change_is_removed) {
    user u;
    u.synced(trait::email, "\"a\"");
    u.wants(trait::email, value("\"b\""));
    u.wants(trait::email, value("\"a\""));
    BOOST_TEST(u.a.pending() == nullptr);
}

BOOST_AUTO_TEST_CASE(offering_freezes_and_moves_the_baseline_and_later_changes_build_the_next_message) {
    user u;
    u.wants(trait::email, value("\"a\""));
    auto const first = u.offer().id;
    BOOST_TEST((u.a[trait::email].baseline.same(u.a[trait::email].wanted)));
    u.wants(trait::email, value("\"b\""));
    auto* next = u.a.pending();
    BOOST_REQUIRE(next);
    BOOST_TEST((first < next->id));
    BOOST_TEST(next->wait == wait_behind);
    u.answer_ok();
    BOOST_TEST(u.a.pending()->wait == 0);
    BOOST_TEST(u.a[trait::email].text_of(u.a[trait::email].acknowledged) == "\"a\"");
}

BOOST_AUTO_TEST_CASE(acknowledgement_sets_what_segment_has_taken) {
    user u;
    u.synced(trait::email, "\"a\"");
    auto const& s = u.a[trait::email];
    BOOST_TEST(s.acknowledged.same(s.wanted));
    BOOST_TEST(s.acknowledged_at > 0);
    BOOST_TEST(u.a.open.empty());
}

BOOST_AUTO_TEST_CASE(a_refused_value_is_not_queued_again_by_itself_but_any_other_value_is) {
    user u;
    u.synced(trait::email, "\"a\"");
    u.wants(trait::email, value("\"bad\""));
    u.offer();
    u.answer_no();
    refresh(u.a, u.r, u.at());
    BOOST_TEST(u.a.pending() == nullptr);
    u.wants(trait::email, value("\"a\""));
    BOOST_TEST(u.waiting().has(trait::email), "the acknowledged value is an ordinary change after a refusal");
}

BOOST_AUTO_TEST_CASE(the_next_message_may_go_after_a_death) {
    user u;
    u.wants(trait::email, value("\"bad\""));
    u.offer();
    u.wants(trait::name, value("\"Ada\""));
    BOOST_TEST(u.a.pending()->wait == wait_behind);
    u.answer_no();
    BOOST_TEST(u.a.pending()->wait == 0);
}

BOOST_AUTO_TEST_CASE(a_dead_message_is_superseded_once_newer_messages_carry_all_its_traits) {
    user u;
    u.wants(trait::email, value("\"bad\""));
    u.wants(trait::name, value("\"bad\""));
    u.offer();
    u.answer_no();
    u.wants(trait::email, value("\"good\""));
    u.offer();
    u.answer_ok();
    BOOST_TEST((u.dead().remaining == set({trait::name})));
    u.wants(trait::name, value("\"good\""));
    u.offer();
    u.answer_no();
    int dead = 0, superseded = 0;
    for (auto const& m : u.a.open) {
        dead += m.state == message_state::dead;
        superseded += m.state == message_state::superseded;
    }
    BOOST_TEST(dead == 1);
    BOOST_TEST(superseded == 1);
}

BOOST_AUTO_TEST_CASE(a_retried_dead_message_joins_waiting_with_present_values_although_equal) {
    user u;
    u.wants(trait::email, value("\"bad\""));
    u.offer();
    u.answer_no();
    retry_dead(u.a, u.dead(), u.r, {.now = u.now});
    BOOST_TEST(u.waiting().has(trait::email));
    refresh(u.a, u.r, u.at());
    BOOST_TEST(u.waiting().has(trait::email), "marked traits are not removed when equal");
    u.save();
    BOOST_TEST(u.a.open.size() == 1U);
}

BOOST_AUTO_TEST_CASE(a_discarded_dead_message_is_sent_again_only_when_the_value_changes) {
    user u;
    u.wants(trait::email, value("\"bad\""));
    u.offer();
    u.answer_no();
    discard_dead(u.a, u.dead(), u.now);
    u.save();
    refresh(u.a, u.r, u.at());
    BOOST_TEST(u.a.open.empty());
    u.wants(trait::email, value("\"other\""));
    BOOST_TEST(u.waiting().has(trait::email));
}

BOOST_AUTO_TEST_CASE(a_trait_that_disappeared_is_null_or_left_as_the_operator_says) {
    user u;
    u.synced(trait::email, "\"a\"");
    u.wants(trait::email, absent());
    BOOST_TEST(u.waiting().has(trait::email));
    BOOST_TEST(u.a[trait::email].text_of(u.a[trait::email].wanted) == "null");

    user keep;
    keep.r.on_remove = config::on_remove::ignore;
    keep.synced(trait::email, "\"a\"");
    keep.wants(trait::email, absent());
    BOOST_TEST(keep.a.pending() == nullptr);
    keep.wants(trait::email, value("\"b\""));
    keep.wants(trait::email, absent());
    BOOST_TEST(keep.a[trait::email].text_of(keep.a[trait::email].wanted) == "\"b\"", "it keeps its value in waiting");
    keep.wants(trait::email, null());
    BOOST_TEST(keep.a[trait::email].text_of(keep.a[trait::email].wanted) == "null", "an explicit null is a removal");
}

BOOST_AUTO_TEST_CASE(a_trait_that_was_never_sent_and_is_null_or_absent_sends_nothing) {
    user u;
    u.wants(trait::email, null());
    BOOST_TEST(u.a.pending() == nullptr);
    u.wants(trait::name, value("\"x\""));
    u.wants(trait::name, absent());
    BOOST_TEST(u.a.pending() == nullptr);
}

BOOST_AUTO_TEST_CASE(riding_traits_go_along_but_cause_nothing_until_their_interval_is_over) {
    user u;
    u.synced(trait::email, "\"a\"");
    u.wants(trait::last_seen_time, value("\"1\""));
    BOOST_TEST(u.a.pending() == nullptr);
    u.wants(trait::name, value("\"Ada\""));
    BOOST_TEST(u.waiting().bits() == set({trait::name, trait::last_seen_time}).bits());
    u.offer();
    u.answer_ok();
    u.save();
    u.wants(trait::last_seen_time, value("\"2\""));
    BOOST_TEST(u.a.pending() == nullptr);
    u.now += 49 * hour;
    auto const done = refresh(u.a, u.r, u.at());
    BOOST_TEST(u.waiting().bits() == set({trait::last_seen_time}).bits());
    BOOST_TEST(!done.caused, "the brake does not count what is due by its interval alone");
}

BOOST_AUTO_TEST_CASE(a_member_that_rides_waits_out_the_interval_as_a_whole_trait_does_but_not_the_company_s) {
    auto const with = [](std::string const& text, std::uint64_t trigger) {
        auto v = value(text);
        v.trigger = trigger;
        return v;
    };
    for (auto const t : {trait::metadata, trait::company}) {
        user u;
        want(u.a, t, with(R"({"plan":"x","seen":1})", 7), u.r);
        u.synced(trait::email, "\"a\"");
        u.wants(t, with(R"({"plan":"x","seen":2})", 7));
        BOOST_TEST(u.a.pending() == nullptr);
        u.now += 49 * hour;
        auto const done = refresh(u.a, u.r, u.at());
        BOOST_TEST((u.a.pending() != nullptr) == (t == trait::metadata));
        BOOST_TEST(!done.caused);
        BOOST_TEST(u.waiting().bits() == (t == trait::metadata ? set({t}) : trait_set{}).bits());
    }
}

BOOST_AUTO_TEST_CASE(due_times_are_spread_over_the_interval_and_never_early) {
    for (std::uint64_t spread : {0ULL, 1'000ULL, 80'000'000ULL, ~0ULL}) {
        user u;
        u.a.spread = spread;
        want(u.a, trait::last_seen_time, value("\"1\""), u.r);
        u.synced(trait::email, "\"a\"");
        BOOST_REQUIRE(u.a[trait::last_seen_time].offered_at > 0);
        want(u.a, trait::last_seen_time, value("\"2\""), u.r);
        auto const sent = u.a[trait::last_seen_time].offered_at;
        BOOST_TEST(!is_due(u.a, trait::last_seen_time, u.r, sent + 24 * hour));
        BOOST_TEST(is_due(u.a, trait::last_seen_time, u.r, sent + 48 * hour + 1));
        BOOST_TEST(!is_due(u.a, trait::last_seen_time, u.r, sent - 2 * hour), "the clock was set back a little");
    }
}

BOOST_AUTO_TEST_CASE(what_was_sent_while_the_clock_was_ahead_is_due_and_does_not_wait_for_that_time) {
    user u;
    u.now += 10'000 * hour;
    want(u.a, trait::last_seen_time, value("\"1\""), u.r);
    u.synced(trait::email, "\"a\"");
    want(u.a, trait::last_seen_time, value("\"2\""), u.r);
    auto const sent = u.a[trait::last_seen_time].offered_at;
    BOOST_TEST(is_due(u.a, trait::last_seen_time, u.r, t0 + 72 * hour));
    BOOST_TEST(!is_due(u.a, trait::last_seen_time, u.r, sent + hour));
}

BOOST_AUTO_TEST_CASE(always_traits_go_with_every_message_and_alone_cause_none) {
    user u;
    u.r.always = set({trait::email});
    u.synced(trait::email, "\"a\"");
    refresh(u.a, u.r, u.at());
    BOOST_TEST(u.a.pending() == nullptr);
    u.wants(trait::name, value("\"Ada\""));
    BOOST_TEST(u.waiting().bits() == set({trait::email, trait::name}).bits());
}

BOOST_AUTO_TEST_CASE(riding_members_alone_cause_no_message_but_the_object_goes_along) {
    user u;
    auto company = value("{\"id\":\"c\",\"lastSeenTime\":1}", 11);
    company.trigger = 5;
    u.wants(trait::company, company);
    u.offer();
    u.answer_ok();
    u.save();
    auto moved = value("{\"id\":\"c\",\"lastSeenTime\":2}", 12);
    moved.trigger = 5;
    u.wants(trait::company, moved);
    BOOST_TEST(u.a.pending() == nullptr);
    u.wants(trait::name, value("\"Ada\""));
    BOOST_TEST(u.waiting().bits() == set({trait::name, trait::company}).bits());
}

BOOST_AUTO_TEST_CASE(split_parts_are_frozen_together_and_go_one_after_the_other) {
    user u;
    u.wants(trait::name, value("\"Ada\""));
    u.wants(trait::email, value("\"a\""));
    u.wants(trait::metadata, value("{}"));
    std::array parts{set({trait::name}), set({trait::email})};
    std::array over{oversize_trait{trait::metadata, "metadata: 40,000 bytes"}};
    auto const frozen = freeze(u.a, parts, over, ++u.now);
    BOOST_REQUIRE(frozen.size() == 2U);
    auto const first = u.a.open[frozen[0]].id;
    auto const second = u.a.open[frozen[1]].id;
    BOOST_TEST((first < second));
    BOOST_TEST(u.a.open[frozen[0]].wait == 0);
    BOOST_TEST(u.a.open[frozen[1]].wait == wait_behind);
    BOOST_TEST((u.dead().reason == dead_reason::too_large));
    BOOST_TEST((second < u.dead().id));
    acknowledge(u.a, u.a.open[frozen[0]], ++u.now);
    BOOST_TEST(u.a.open[frozen[1]].wait == 0);
}

BOOST_AUTO_TEST_CASE(a_newer_too_large_value_replaces_the_older_row) {
    user u;
    std::array over{oversize_trait{trait::metadata, "metadata: 40,000 bytes"}};
    u.wants(trait::metadata, value("{1}"));
    freeze(u.a, {}, over, ++u.now);
    u.save();
    u.wants(trait::metadata, value("{2}"));
    freeze(u.a, {}, over, ++u.now);
    u.save();
    BOOST_TEST(u.a.open.size() == 1U);
    BOOST_TEST((u.dead().reason == dead_reason::too_large));
}

BOOST_AUTO_TEST_CASE(adopted_state_counts_as_known_and_only_later_changes_go) {
    user u;
    want(u.a, trait::email, value("\"a\""), u.r);
    adopt(u.a, u.now);
    refresh(u.a, u.r, u.at());
    BOOST_TEST(u.a.open.empty());
    u.wants(trait::email, value("\"b\""));
    BOOST_TEST(u.waiting().has(trait::email));
}

BOOST_AUTO_TEST_CASE(ids_and_timestamps_of_one_user_never_go_back_also_when_the_clock_does) {
    user u;
    u.synced(trait::email, "\"a\"");
    auto const id = *u.a.last_id;
    auto const stamp = u.a.last_timestamp;
    u.now -= 100 * hour;
    u.wants(trait::email, value("\"b\""));
    BOOST_TEST((id < u.a.pending()->id));
    BOOST_TEST(u.a.pending()->timestamp >= stamp);
}

BOOST_AUTO_TEST_SUITE_END()
