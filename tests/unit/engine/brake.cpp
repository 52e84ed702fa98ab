// What the brake counts, and whom it lets go.
#include "reading.hpp"

namespace {

using namespace traitsync;
using store::pass_kind;
using store::pass_stage;
using store::profile_kind;

struct braked : test::reading {
    using reading::reading;

    static std::string renamed(int i) {
        return fmt::format(R"({{"_id":"u{0:03}","_source":{{"user_id":"new{0}","name":"Ada"}},"sort":["u{0:03}"]}})",
                           i);
    }
    static std::vector<std::string> people(int from, int to, std::string const& name) {
        std::vector<std::string> documents;
        for (int i = from; i < to; ++i) documents.push_back(document(fmt::format("u{:03}", i), name, 1));
        return documents;
    }
    // The first pass of a store, and all that it queued is what Segment has.
    void know(std::vector<std::string> const& documents) {
        first_sync = true;
        pass(pass_kind::full, documents);
        first_sync = false;
        store::session::transaction tx{s};
        for (auto const no : s.profiles.users_after(0, 1000)) {
            auto a = s.accounts.load(no);
            store::set_wanted_texts(a, s.profiles.source(no)->data);
            diff::adopt(a, ++now);
            diff::refresh(a, rules.diff_rules(), {.now = now});
            s.accounts.save(a);
        }
        tx.commit();
        BOOST_REQUIRE(messages("state = 0") == 0);
    }
    void close(store::pass_row& row) { BOOST_REQUIRE(engine::close_pass(s, row, {}, settings, ++now).has_value()); }
    store::missing_row next_missing() {
        auto const found = s.passes.next_missing(profile_kind::company, "");
        BOOST_REQUIRE(found.has_value());
        return *found;
    }
};

struct nulling : braked {
    nulling() : braked{{.on_delete = config::on_delete::null, .brake_min = 5}} {}
};

constexpr auto at_the_gate = "state = 0 AND wait & 8";

}  // namespace

BOOST_FIXTURE_TEST_SUITE(the_brake, braked)

BOOST_AUTO_TEST_CASE(counts_renamed_users_against_those_who_are_not_gone_and_not_twice) {
    know(people(0, 20, "Ada"));
    auto row = begun();
    for (int i = 0; i < 6; ++i) read_page(row, {renamed(i)});
    BOOST_TEST(!row.brake_closed, "six of twenty are thirty in a hundred");
    read_page(row, {renamed(6)});
    BOOST_TEST(row.brake_closed);
    BOOST_TEST(s.profiles.live_users() == 20);
}

BOOST_AUTO_TEST_CASE(lets_no_more_messages_go_than_brake_min_however_few_users_they_are_of) {
    auto const member = [](int i, char const* name) {
        return fmt::format(R"({{"_id":"u{0:03}","_source":{{"user_id":"u{0:03}","name":"{1}","company_id":"c"}},)"
                           R"("sort":["u{0:03}"]}})",
                           i, name);
    };
    auto const company = [](char const* tier) {
        return fmt::format(R"({{"_id":"c","_source":{{"company_id":"c","metadata":{{"tier":"{}"}}}},"sort":["c"]}})",
                           tier);
    };
    auto all = people(4, 30, "Ada");
    for (int i = 3; i >= 0; --i) all.insert(all.begin(), member(i, "Ada"));
    pass(pass_kind::full, {company("old")}, pass_stage::companies);
    know(all);
    auto row = begun(pass_kind::full, pass_stage::companies);
    read_page(row, {company("new")});
    while (rules.compare_company_users(s, row, ++now).value()) {
    }
    BOOST_REQUIRE(row.counted == 4);
    BOOST_REQUIRE(messages(at_the_gate) == 0);
    BOOST_REQUIRE(engine::turn_to_users(s, row).has_value());
    // As if these had been sent meanwhile: a message more each, of users who count already.
    read_page(row, {member(0, "Eve")});
    BOOST_TEST(row.counted == 4);
    BOOST_REQUIRE(messages(at_the_gate) == 0);
    read_page(row, people(10, 11, "Eve"));
    BOOST_TEST(messages(at_the_gate) == 1);
}

BOOST_AUTO_TEST_CASE(holds_at_its_end_what_a_pass_over_the_store_changed_once_more_meanwhile) {
    know(people(0, 100, "Ada"));
    auto full = begun();
    for (int i = 0; i < 31; ++i) read_page(full, people(i, i + 1, "Eve"));
    BOOST_REQUIRE(full.brake_closed);
    BOOST_REQUIRE(messages(at_the_gate) == 16);  // more than are held in one transaction
    // Other policies: that pass goes first, and changes most of the same users.
    auto rediff = begun(pass_kind::rediff);
    for (int i = 1; i < 31; ++i) read_page(rediff, people(i, i + 1, "Bob"));
    BOOST_REQUIRE(!rediff.brake_closed);
    settle(rediff);
    BOOST_TEST(messages("state = 0 AND wait = 0") == 0, "the brake is closed on what they stand for");
    settle(full);
    BOOST_TEST(messages("state = 4") == 31);
}

BOOST_AUTO_TEST_CASE(holds_what_it_closed_on_also_where_it_had_waited_for_another_pass) {
    know(people(0, 100, "Ada"));
    auto full = begun();
    for (int i = 0; i < 29; ++i) read_page(full, people(i, i + 1, "Eve"));
    BOOST_REQUIRE(!full.brake_closed);
    BOOST_REQUIRE(messages(at_the_gate) == 24);
    auto rediff = begun(pass_kind::rediff);
    for (int i = 0; i < 31; ++i) read_page(rediff, people(i, i + 1, "Bob"));
    BOOST_REQUIRE(rediff.brake_closed);
    settle(rediff);
    close(rediff);
    settle(full);
    close(full);
    BOOST_TEST(messages("state = 0") == 0);
    BOOST_TEST(messages("state = 4") == 31);
}

BOOST_AUTO_TEST_CASE(is_waited_for_by_what_a_pass_over_the_store_changed_once_more_meanwhile) {
    know(people(0, 100, "Ada"));
    auto full = begun();
    for (int i = 0; i < 20; ++i) read_page(full, people(i, i + 1, "Eve"));
    BOOST_REQUIRE(messages(at_the_gate) == 15);
    auto rediff = begun(pass_kind::rediff);
    for (int i = 10; i < 30; ++i) read_page(rediff, people(i, i + 1, "Bob"));
    settle(rediff);
    close(rediff);
    BOOST_TEST(messages(at_the_gate) == 15, "those of the pass that goes on");
    BOOST_TEST(messages("state = 0 AND wait = 0") == 15);
    settle(full);
    close(full);
    BOOST_TEST(messages("state = 0 AND wait = 0") == 30);
}

BOOST_FIXTURE_TEST_CASE(is_not_lifted_by_a_pass_that_failed_and_follows_a_release_all_the_same, nulling) {
    know(people(0, 20, "Ada"));
    auto row = pass(pass_kind::full, people(0, 10, "Ada"));
    row.ended.reset();
    close(row);
    BOOST_REQUIRE(engine::holds_gone(s, next_missing()));
    while (s.passes.count_missing() > 2) {
        auto const one = next_missing();
        s.passes.remove_missing(one.kind, one.doc_id);
    }
    auto failed = begun();
    BOOST_REQUIRE(engine::close_pass(s, failed, "refused", settings, ++now).has_value());
    auto const missing = next_missing();
    BOOST_REQUIRE(engine::holds_gone(s, missing));
    BOOST_REQUIRE(rules.gone(s, missing, true, ++now).has_value());
    store::session::transaction tx{s};
    engine::note_released_rows(s, s.outbox.release_held(100, rules.diff_rules()).of_passes);
    tx.commit();
    BOOST_TEST(!engine::holds_gone(s, next_missing()));
}

BOOST_AUTO_TEST_CASE(leaves_nothing_at_a_gate_that_was_opened_just_before_a_release) {
    know(people(0, 40, "Ada"));
    auto closed = begun(pass_kind::incremental);
    read_page(closed, people(0, 13, "Eve"));
    settle(closed);
    close(closed);
    BOOST_REQUIRE(messages("state = 4") == 13);
    // Another one, which changes what is held too, and is no cause to hold anything by itself.
    auto other = begun(pass_kind::incremental);
    for (int i = 20; i < 26; ++i) read_page(other, people(i, i + 1, "Eve"));
    read_page(other, people(0, 2, "Bob"));
    BOOST_REQUIRE(!other.brake_closed);
    settle(other);
    {
        store::session::transaction tx{s};
        s.outbox.release_held(100, rules.diff_rules(), engine::passes_at_the_gate(s));
        tx.commit();
    }
    close(other);
    BOOST_TEST(messages("state = 0 AND wait = 0") == 19);
}

BOOST_AUTO_TEST_CASE(does_not_count_a_first_sync_whose_newer_documents_of_the_same_users_come_later) {
    first_sync = true;
    auto row = begun();
    row.first_sync = true;
    read_page(row, people(0, 20, "Ada"));
    {
        // What was queued is on its way.
        store::session::transaction tx{s};
        for (auto const no : s.profiles.users_after(0, 1000)) {
            auto a = s.accounts.load(no);
            store::set_wanted_texts(a, s.profiles.source(no)->data);
            diff::adopt(a, ++now);
            s.accounts.save(a);
        }
        tx.commit();
    }
    std::vector<std::string> newer;
    for (int i = 0; i < 20; ++i) {
        newer.push_back(fmt::format(
            R"({{"_id":"v{0:03}","_source":{{"user_id":"u{0:03}","name":"Eve","modified_time":"2026-11-02"}},)"
            R"("sort":["v{0:03}"]}})",
            i));
    }
    read_page(row, newer);
    BOOST_TEST(name_of("u007") == "\"Eve\"");
    BOOST_TEST(row.counted == 0);
    BOOST_TEST(!row.brake_closed);
}

BOOST_FIXTURE_TEST_CASE(adds_whom_a_pass_does_not_show_to_whom_it_changes, nulling) {
    know(people(0, 20, "Ada"));
    auto documents = people(0, 4, "Eve");
    std::ranges::copy(people(4, 17, "Ada"), std::back_inserter(documents));
    auto row = pass(pass_kind::full, documents);
    BOOST_REQUIRE(row.counted == 4);
    BOOST_REQUIRE(s.passes.count_missing() == 3);
    row.ended.reset();
    close(row);
    BOOST_TEST(engine::holds_gone(s, next_missing()), "seven of twenty are more than thirty in a hundred");
}

BOOST_FIXTURE_TEST_CASE(is_closed_on_whom_its_pass_did_not_show_as_well, nulling) {
    know(people(0, 20, "Ada"));
    auto documents = people(0, 9, "Eve");
    std::ranges::copy(people(9, 18, "Ada"), std::back_inserter(documents));
    auto row = pass(pass_kind::full, documents);
    BOOST_REQUIRE(row.brake_closed);
    settle(row);
    row.ended.reset();
    close(row);
    auto const held = messages("state = 4");
    BOOST_REQUIRE(held == 9);
    // One is gone, one is still there and changed.
    auto const first = next_missing();
    BOOST_REQUIRE(rules.gone(s, first, engine::holds_gone(s, first), ++now).has_value());
    auto const second = next_missing();
    BOOST_REQUIRE(rules.found(s, second, document(second.doc_id, "Eve", 2), ++now).has_value());
    BOOST_TEST(messages("state = 4") == 11);
    BOOST_TEST(messages("state = 0") == 0);
}

BOOST_FIXTURE_TEST_CASE(keeps_whom_one_pass_did_not_show_when_what_another_one_queued_is_released, nulling) {
    know(people(0, 20, "Ada"));
    auto changed = begun(pass_kind::incremental);
    read_page(changed, people(0, 9, "Eve"));
    settle(changed);
    close(changed);
    auto row = pass(pass_kind::full, people(0, 9, "Eve"));
    row.ended.reset();
    close(row);
    auto const missing = next_missing();
    BOOST_REQUIRE(engine::holds_gone(s, missing));
    auto const release = [this] {
        store::session::transaction tx{s};
        auto const released = s.outbox.release_held(100, rules.diff_rules());
        engine::note_release(s);
        engine::note_released_rows(s, released.of_passes);
        tx.commit();
    };
    release();
    BOOST_TEST(engine::holds_gone(s, missing), "nobody was asked about these");
    BOOST_REQUIRE(rules.gone(s, missing, true, ++now).has_value());
    release();
    BOOST_TEST(!engine::holds_gone(s, next_missing()));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(a_first_pass_that_adopts, braked)

BOOST_AUTO_TEST_CASE(leaves_nothing_to_send_of_what_an_earlier_one_had_queued) {
    first_sync = true;
    pass(pass_kind::full, people(0, 3, "Ada"));
    BOOST_REQUIRE(messages("state = 0") == 3);
    engine::ingest adopting{{.first_sync = config::first_sync::adopt, .brake_min = 5}};
    BOOST_REQUIRE(adopting.prepare(s).has_value());
    auto row = begun();
    row.first_sync = true;
    auto const body = fmt::format(R"({{"hits":{{"hits":[{}]}}}})", fmt::join(people(0, 3, "Eve"), ","));
    BOOST_REQUIRE(adopting.page(s, row, moesif::split_page(body).value(), ++now).has_value());
    BOOST_TEST(messages("state = 0") == 0);
    BOOST_TEST(name_of("u001") == "\"Eve\"");
}

BOOST_AUTO_TEST_CASE(takes_nothing_for_known_once_all_is_to_be_sent_to_another_source) {
    first_sync = true;
    engine::ingest adopting{{.first_sync = config::first_sync::adopt, .brake_min = 5}};
    BOOST_REQUIRE(adopting.prepare(s).has_value());
    auto row = begun();
    row.first_sync = true;
    auto const read = [&](std::vector<std::string> const& documents) {
        auto const body = fmt::format(R"({{"hits":{{"hits":[{}]}}}})", fmt::join(documents, ","));
        BOOST_REQUIRE(adopting.page(s, row, moesif::split_page(body).value(), ++now).has_value());
    };
    read(people(0, 3, "Ada"));
    BOOST_REQUIRE(messages("state = 0") == 0);
    engine::end_adopting(s);
    read(people(3, 6, "Ada"));
    BOOST_TEST(messages("state = 0") == 3);
}

BOOST_AUTO_TEST_SUITE_END()
