// What an operator asks for.
#include <SQLiteCpp/Database.h>
#include <sqlite3.h>

#include "operated.hpp"

using namespace traitsync;
using namespace traitsync::test;

BOOST_FIXTURE_TEST_SUITE(what_an_operator_asks_for, operated)

BOOST_AUTO_TEST_CASE(a_pause_is_of_what_was_named_and_is_stored_with_the_answer) {
    BOOST_REQUIRE(outcome_of(operate->pause({.pull = true}, true)).has_value());
    BOOST_TEST(context->pull_paused());
    BOOST_TEST(!context->deliver_paused());
    auto const stored = [&](char const* key) {
        return in_store([key](store::session& s) -> result<bool> { return s.meta.integer(key).has_value(); });
    };
    BOOST_TEST(stored("pull_paused"));
    BOOST_TEST(!stored("deliver_paused"));
    is_refused(outcome_of(operate->pull(pass_kind::full)), fault::conflict);
    BOOST_REQUIRE(outcome_of(operate->pause({.pull = true, .deliver = true}, false)).has_value());
    BOOST_TEST(!stored("pull_paused"));
    BOOST_TEST(!context->pull_paused());
}

BOOST_AUTO_TEST_CASE(a_pause_tells_since_when_also_when_it_is_asked_for_again) {
    BOOST_REQUIRE(outcome_of(operate->pause({.deliver = true}, true)).has_value());
    auto const since = context->state.push.paused->since;
    auto const before = context->now();
    eventually([&] {
        BOOST_REQUIRE(outcome_of(operate->pause({.pull = true, .deliver = true}, true)).has_value());
        return context->now() > before + 2;
    });
    BOOST_TEST((context->state.push.paused->since == since));
    BOOST_TEST(in_store([](store::session& s) -> result<std::int64_t> {
                   return s.meta.integer("deliver_paused").value_or(0);
               }) == to_millis(since));
}

BOOST_AUTO_TEST_CASE(one_pass_waits_at_most_and_a_full_one_takes_its_place) {
    in_store([](store::session& s) -> result<int> {
        s.meta.set("first_sync_done", std::int64_t{1});
        return 0;
    });
    auto const first = outcome_of(operate->pull(pass_kind::incremental)).value();
    BOOST_TEST((first.kind == pass_kind::incremental));
    auto const again = outcome_of(operate->pull(pass_kind::incremental)).value();
    BOOST_TEST(again.no == first.no);
    auto const full = outcome_of(operate->pull(pass_kind::full)).value();
    BOOST_TEST((full.kind == pass_kind::full));
    auto const lesser = outcome_of(operate->pull(pass_kind::incremental)).value();
    BOOST_TEST((lesser.kind == pass_kind::full));
    BOOST_TEST(lesser.no == full.no);
    BOOST_TEST(in_store([](store::session& s) -> result<std::size_t> { return s.passes.latest(10).size(); }) == 1U);
}

BOOST_AUTO_TEST_CASE(dead_letters_are_settled_by_id_by_reason_or_all_in_steps_and_each_once) {
    constexpr int many = 450;  // more than two steps
    want(many, "a");
    BOOST_REQUIRE(deliver(1000, "no") == static_cast<std::size_t>(many));
    BOOST_TEST(count(message_state::dead) == many);
    message_id const nobody = *message_id::parse("00000000-0000-7000-8000-000000000000");
    BOOST_TEST(outcome_of(operate->discard_dead({.ids = {nobody}})).value() == 0);
    is_refused(outcome_of(operate->discard_dead({})), fault::invalid);
    BOOST_TEST(outcome_of(operate->retry_dead({.reason = diff::dead_reason::too_large})).value() == 0);
    BOOST_TEST(outcome_of(operate->retry_dead({.reason = diff::dead_reason::refused})).value() == many);
    BOOST_TEST(count(message_state::dead) == 0);
    BOOST_TEST(count(message_state::waiting) == many, "equal values are sent again");
    BOOST_TEST(context->state.numbers.waiting == many, "whoever asks for the status next is told");
    BOOST_TEST(outcome_of(operate->retry_dead({.all = true})).value() == 0);
    BOOST_REQUIRE(deliver(1000, "no") == static_cast<std::size_t>(many));
    BOOST_TEST(outcome_of(operate->discard_dead({.all = true})).value() == many);
    BOOST_TEST(count(message_state::waiting) == 0);
    BOOST_TEST(context->state.numbers.waiting == 0);
    BOOST_TEST(!context->state.dead_letters, "a reason that is gone is not told any more");
}

BOOST_AUTO_TEST_CASE(forgetting_a_person_survives_a_store_that_fails_in_the_middle) {
    want(2, "a");
    // What SQLite may not do to the pages that it frees.
    auto const deny = [&](char const* how) {
        in_store([how](store::session& s) -> result<int> {
            auto const says = [](void* denied, int, char const* what, char const* value, char const*, char const*) {
                auto const is_it = what != nullptr && value != nullptr && what == std::string_view{"secure_delete"};
                return is_it && std::string_view{static_cast<char const*>(denied)}.find(value) != std::string_view::npos
                           ? SQLITE_DENY
                           : SQLITE_OK;
            };
            auto* const handle = s.file().connection().getHandle();
            return sqlite3_set_authorizer(handle, *how == 0 ? nullptr : +says, const_cast<char*>(how));
        });
    };
    deny("ON, FAST");
    BOOST_TEST(outcome_of(operate->forget("user001")).has_error());
    deny("FAST");
    BOOST_TEST(outcome_of(operate->forget("user001")).value().removed.profile);
    deny("");
    BOOST_TEST(outcome_of(operate->forget("user000")).value().removed.profile);
}

BOOST_AUTO_TEST_CASE(a_replay_that_names_somebody_who_was_forgotten_meanwhile_is_not_stored) {
    BOOST_REQUIRE(outcome_of(operate->forget("user001")).has_value());
    store::replay_row order;
    order.selector = R"({"user_ids":["user000","user001"]})";
    auto const who = std::make_shared<store::user_set>();
    is_refused(outcome_of(operate->start_replay(order, who, {"user000", "user001"}, {})), fault::conflict);
    store::preview_row preview;
    preview.token = "t";
    preview.selector = order.selector;
    is_refused(outcome_of(operate->keep_preview(preview, who, {"user001"})), fault::conflict);
    BOOST_TEST(outcome_of(operate->keep_preview(preview, who, {"user000"})).has_value());
}

BOOST_AUTO_TEST_CASE(what_is_not_there_or_over_is_told_apart) {
    is_refused(outcome_of(operate->cancel_replay(7)), fault::invalid);
    auto const empty = replay(0);
    BOOST_TEST((empty.state == replay_state::done), "nobody to send to");
    is_refused(outcome_of(operate->cancel_replay(empty.no)), fault::conflict);
    is_refused(outcome_of(operate->settle_destination(engine::destination_choice::keep)), fault::conflict);
}

BOOST_AUTO_TEST_SUITE_END()
