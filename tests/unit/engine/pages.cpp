// What a page and the companies of a pass make of the store.
#include "reading.hpp"

#include <SQLiteCpp/Database.h>

#include "../../../src/engine/pass_book.hpp"

namespace {

using namespace traitsync;
using store::pass_kind;
using store::pass_stage;

struct towns : test::reading {
    static std::string company(int i, std::string const& tier) {
        return fmt::format(R"({{"_id":"c{0:04}","_source":{{"company_id":"c{0:04}","metadata":{{"tier":"{1}"}},)"
                           R"("modified_time":"2026-11-01T00:00:00.000"}},"sort":["c{0:04}"]}})",
                           i, tier);
    }
    static std::string member(int i, int of_company) {
        return fmt::format(R"({{"_id":"u{0:05}","_source":{{"user_id":"u{0:05}","company_id":"c{1:04}",)"
                           R"("modified_time":"2026-11-01T00:00:00.000"}},"sort":["u{0:05}"]}})",
                           i, of_company);
    }
    // So many steps it took; each is a transaction.
    int compare_members(store::pass_row& pass) {
        int steps = 0;
        for (bool more = true; more; ++steps) {
            auto const done = rules.compare_company_users(s, pass, ++now);
            BOOST_REQUIRE_MESSAGE(done.has_value(), done.error().what);
            more = *done;
        }
        return steps;
    }
    // Companies of so many members; each company changes, and each member hears of it.
    int steps_for(std::vector<int> const& sizes) {
        std::vector<std::string> before, after, members;
        for (int i = 0; i < static_cast<int>(sizes.size()); ++i) {
            before.push_back(company(i, "a"));
            after.push_back(company(i, "b"));
            for (int k = 0; k < sizes[static_cast<std::size_t>(i)]; ++k) {
                members.push_back(member(static_cast<int>(members.size()), i));
            }
        }
        pass(pass_kind::full, before, pass_stage::companies);
        pass(pass_kind::full, members);
        auto changed = pass(pass_kind::incremental, after, pass_stage::companies);
        BOOST_TEST(changed.changed == static_cast<std::int64_t>(sizes.size()));
        auto const steps = compare_members(changed);
        // Nobody's row had to be walked over for a company that is not theirs.
        BOOST_TEST(s.meta.integer("company_members_to").value() == static_cast<std::int64_t>(members.size()));
        for (std::size_t i = 0; i < members.size(); ++i) {
            auto const user = s.profiles.user_by_id(fmt::format("u{:05}", i));
            BOOST_REQUIRE(user.has_value());
            auto a = s.accounts.load(user->no, user->user_id, false);
            BOOST_REQUIRE(a.pending() != nullptr);
            BOOST_REQUIRE(a.slots[profile::index_of(profile::trait::company)].differs());
        }
        BOOST_TEST(changed.queued == static_cast<std::int64_t>(members.size()));
        return steps;
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(pages_of_documents, towns)

// Reference: of one `_id` that a run shows twice the last one counts where its modified_time is not older.
BOOST_AUTO_TEST_CASE(the_older_copy_of_a_document_does_not_count_wherever_it_stands) {
    auto const newest = [](std::vector<std::pair<std::string, int>> const& copies) {
        towns t;
        std::vector<std::string> documents;
        for (auto const& [name, minute] : copies) documents.push_back(document("a", name, minute));
        documents.push_back(document("b", "Bob", 1));
        t.pass(pass_kind::full, documents);
        BOOST_TEST(t.name_of("b") == "\"Bob\"");
        return t.name_of("a");
    };
    BOOST_TEST(newest({{"New", 9}, {"Old", 3}}) == "\"New\"");
    BOOST_TEST(newest({{"Old", 3}, {"New", 9}}) == "\"New\"");
    BOOST_TEST(newest({{"First", 3}, {"Second", 3}}) == "\"Second\"");
    BOOST_TEST(newest({{"New", 9}, {"Old", 1}, {"Less old", 5}}) == "\"New\"");
}

BOOST_AUTO_TEST_CASE(the_older_copy_does_not_count_pages_later_either) {
    pass(pass_kind::full, {document("a", "New", 9), document("b", "Bob", 1), document("a", "Old", 3)});
    BOOST_TEST(name_of("a") == "\"New\"");
}

BOOST_AUTO_TEST_CASE(a_document_that_is_good_again_with_the_same_bytes_leaves_the_quarantine) {
    auto const good = document("a", "Ada", 1);
    pass(pass_kind::incremental, {good});
    pass(pass_kind::incremental, {R"({"_id":"a","_source":[1],"sort":[1]})"});
    BOOST_REQUIRE(s.set_aside.count() == 1);
    pass(pass_kind::incremental, {good});
    BOOST_TEST(s.set_aside.count() == 0);
    auto const tier = company(1, "a");
    pass(pass_kind::incremental, {tier}, pass_stage::companies);
    pass(pass_kind::incremental, {R"({"_id":"c0001","_source":[1],"sort":[1]})"}, pass_stage::companies);
    BOOST_REQUIRE(s.set_aside.count() == 1);
    pass(pass_kind::incremental, {tier}, pass_stage::companies);
    BOOST_TEST(s.set_aside.count() == 0);
}

BOOST_AUTO_TEST_CASE(a_page_that_is_repeated_on_a_full_disk_does_not_move_the_brake) {
    auto const people = [](int from, int to) {
        std::vector<std::string> documents;
        for (int i = from; i < to; ++i)
            documents.push_back(document(fmt::format("u{:03}", i), std::string(3000, 'n'), 1));
        return documents;
    };
    first_sync = true;
    pass(pass_kind::full, people(0, 20));
    first_sync = false;
    store::pass_row row{.kind = pass_kind::full, .stage = pass_stage::users, .started = ++now};
    {
        store::session::transaction tx{s};
        row.no = s.passes.add(row);
        tx.commit();
    }
    auto const body = fmt::format(R"({{"took":1,"timed_out":false,"hits":{{"total":{},"hits":[{}]}}}})", 20,
                                  fmt::join(people(20, 40), ","));
    auto const page = moesif::split_page(body).value();
    auto& db = s.file().connection();
    auto const pages = db.execAndGet("PRAGMA page_count").getInt();
    db.exec(fmt::format("PRAGMA max_page_count = {}", pages));
    for (int i = 0; i < 20; ++i) {
        auto again = row;
        BOOST_CHECK_THROW(rules.page(s, again, page, ++now).has_value(), SQLite::Exception);
    }
    db.exec("PRAGMA max_page_count = 1000000");
    BOOST_REQUIRE(rules.page(s, row, page, ++now).has_value());
    BOOST_TEST(row.brake_closed);
}

BOOST_AUTO_TEST_CASE(what_the_operator_released_is_not_held_again_by_the_pass_that_still_reads) {
    auto const people = [](int from, int to) {
        std::vector<std::string> documents;
        for (int i = from; i < to; ++i) documents.push_back(document(fmt::format("u{:03}", i), "Ada", 1));
        return fmt::format(R"({{"took":1,"timed_out":false,"hits":{{"total":60,"hits":[{}]}}}})",
                           fmt::join(documents, ","));
    };
    auto const held = [this] { return s.accounts.counts()[diff::message_state::held]; };
    first_sync = true;
    pass(pass_kind::full, {document("u000", "Eve", 1), document("u001", "Eve", 1), document("u002", "Eve", 1),
                           document("u003", "Eve", 1), document("u004", "Eve", 1), document("u005", "Eve", 1)});
    store::pass_row row{.kind = pass_kind::full, .stage = pass_stage::users, .started = ++now};
    {
        store::session::transaction tx{s};
        row.no = s.passes.add(row);
        tx.commit();
    }
    auto const first = people(0, 30);
    BOOST_REQUIRE(rules.page(s, row, moesif::split_page(first).value(), ++now).has_value());
    BOOST_REQUIRE(row.brake_closed);
    BOOST_REQUIRE(held() > 0);
    {
        store::session::transaction tx{s};
        s.outbox.release_held(1000, rules.diff_rules());
        engine::note_release(s);
        tx.commit();
    }
    auto const second = people(30, 60);
    BOOST_REQUIRE(rules.page(s, row, moesif::split_page(second).value(), ++now).has_value());
    BOOST_TEST(held() == 0);
    for (std::optional<engine::settling> next{engine::settling{}}; next;)
        next = engine::settle_pass_messages(s, row, *next).value();
    BOOST_TEST(held() == 0);
    auto& db = s.file().connection();
    BOOST_TEST(db.execAndGet("SELECT count(*) FROM messages WHERE state = 0 AND wait = 0").getInt() == 60);
}

BOOST_AUTO_TEST_CASE(a_document_that_is_set_back_counts_in_the_next_pass) {
    pass(pass_kind::full, {document("a", "New", 9)});
    pass(pass_kind::full, {document("a", "Old", 3)});
    BOOST_TEST(name_of("a") == "\"Old\"");
}

BOOST_AUTO_TEST_CASE(members_of_small_companies_that_change_share_a_transaction) {
    BOOST_TEST(steps_for(std::vector<int>(60, 2)) == 1);
}

BOOST_AUTO_TEST_CASE(members_of_large_companies_that_change_are_compared_some_at_a_time) {
    BOOST_TEST(steps_for({3, 1'200, 0, 2}) == 3);
}

BOOST_AUTO_TEST_CASE(companies_without_members_do_not_fill_a_transaction_without_end) {
    BOOST_TEST(steps_for(std::vector<int>(1'100, 0)) == 3);
}

BOOST_AUTO_TEST_SUITE_END()
