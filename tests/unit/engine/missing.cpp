// A user that a full pass did not show is asked for by its id; what a pass reads meanwhile is newer than the answer.
#include "reading.hpp"

#include <SQLiteCpp/Database.h>

namespace {

using namespace traitsync;
using store::pass_kind;
using store::profile_kind;

struct asking : test::reading {
    // As in Moesif's own example.
    static std::string without_sort(std::string document) { return document.erase(document.rfind(",\"sort\"")) + "}"; }
    // A, B and C are known; a full pass did not show B, and it is asked for.
    store::missing_row asked_for_b() {
        pass(pass_kind::full, {document("a", "Ada", 1), document("b", "Bob", 1), document("c", "Cid", 1)});
        pass(pass_kind::full, {document("a", "Ada", 1), document("c", "Cid", 1)});
        auto const found = s.passes.next_missing(profile_kind::company, "");
        BOOST_REQUIRE(found.has_value());
        BOOST_REQUIRE(found->doc_id == "b");
        return *found;
    }
    std::string name_of_b() { return name_of("b"); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(missing_profiles, asking)

BOOST_AUTO_TEST_CASE(an_answer_that_comes_in_time_counts) {
    auto const asked = asked_for_b();
    BOOST_REQUIRE(rules.gone(s, asked, false, ++now).has_value());
    BOOST_TEST(name_of_b() == "gone");
    BOOST_TEST(s.passes.count_missing() == 0);
}

BOOST_AUTO_TEST_CASE(a_profile_that_a_pass_reads_meanwhile_is_neither_gone_nor_set_back) {
    for (auto const kind : {pass_kind::full, pass_kind::incremental}) {
        for (bool const changed : {false, true}) {
            auto const asked = asked_for_b();
            auto const name = changed ? "Bea" : "Bob";
            pass(kind, {document("a", "Ada", 1), document("b", name, changed ? 5 : 1), document("c", "Cid", 9)});
            BOOST_TEST(s.passes.count_missing() == 0);
            BOOST_REQUIRE(rules.gone(s, asked, false, ++now).has_value());
            BOOST_TEST(name_of_b() == fmt::format("\"{}\"", name));
            BOOST_REQUIRE(rules.found(s, asked, document("b", "Old", 0), ++now).has_value());
            BOOST_TEST(name_of_b() == fmt::format("\"{}\"", name));
        }
    }
}

BOOST_AUTO_TEST_CASE(a_profile_that_a_later_pass_misses_too_is_asked_for_again) {
    auto const asked = asked_for_b();
    pass(pass_kind::full, {document("a", "Ada", 1), document("c", "Cid", 1)});
    BOOST_REQUIRE(rules.gone(s, asked, false, ++now).has_value());
    BOOST_TEST(name_of_b() == "\"Bob\"");
    auto const again = s.passes.next_missing(profile_kind::company, "");
    BOOST_REQUIRE(again.has_value());
    BOOST_TEST(again->pass != asked.pass);
    BOOST_REQUIRE(rules.gone(s, *again, false, ++now).has_value());
    BOOST_TEST(name_of_b() == "gone");
}

BOOST_AUTO_TEST_CASE(a_company_that_was_made_anew_under_another_document_is_read_once_the_old_one_is_gone) {
    auto const company = [](char const* doc, char const* tier) {
        return fmt::format(
            R"({{"_id":"{0}","_source":{{"company_id":"acme","metadata":{{"tier":"{1}"}}}},"sort":["{0}"]}})", doc,
            tier);
    };
    auto const stage = store::pass_stage::companies;
    pass(pass_kind::full, {company("c1", "old")}, stage);
    pass(pass_kind::full, {company("c1", "old"), company("c2", "new")}, stage);
    BOOST_REQUIRE(s.set_aside.count() == 1);
    pass(pass_kind::full, {company("c2", "new")}, stage);
    auto asked = s.passes.next_missing(profile_kind::company, "");
    BOOST_REQUIRE((asked && asked->doc_id == "c1"));
    BOOST_TEST(rules.gone(s, *asked, false, ++now).value(), "there is another one to be asked for");
    asked = s.passes.next_missing(profile_kind::company, "");
    BOOST_REQUIRE((asked && asked->doc_id == "c2"));
    BOOST_REQUIRE(rules.found(s, *asked, company("c2", "new"), ++now).has_value());
    BOOST_TEST(s.set_aside.count() == 0);
    auto const row = s.companies.by_id("acme");
    BOOST_REQUIRE(row.has_value());
    BOOST_TEST(row->doc_id.value_or("") == "c2");
    BOOST_TEST(!row->gone_at.has_value());
    BOOST_TEST(s.companies.value_text(row->value_no).find("\"new\"") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_flat_answer_tells_of_the_company_that_only_quarantine_knew) {
    auto const company = [](char const* doc) {
        return fmt::format(R"({{"_id":"{0}","_source":{{"company_id":"acme"}},"sort":["{0}"]}})", doc);
    };
    auto const stage = store::pass_stage::companies;
    pass(pass_kind::full, {company("c1"), company("c2")}, stage);
    pass(pass_kind::full, {company("c2")}, stage);
    BOOST_REQUIRE(rules.gone(s, *s.passes.next_missing(profile_kind::company, ""), false, ++now).value());
    auto const asked = s.passes.next_missing(profile_kind::company, "");
    BOOST_REQUIRE((asked && asked->doc_id == "c2"));
    BOOST_REQUIRE(rules.found(s, *asked, R"({"company_id":"acme","name":"Acme"})", ++now).has_value());
    BOOST_TEST(s.companies.by_id("acme")->doc_id.value_or("") == "c2");
    BOOST_TEST(!rules.found(s, *asked, R"({"company_id":"other","name":"Acme"})", ++now).has_value());
}

BOOST_AUTO_TEST_CASE(an_answer_that_names_only_the_document_says_nothing_of_it) {
    auto const asked = asked_for_b();
    for (auto const* body : {R"({"_id":"b","found":false})", R"({"_id":"b","_source":null})"}) {
        auto const found = rules.found(s, asked, body, ++now);
        BOOST_REQUIRE(!found.has_value());
        BOOST_TEST(found.error().what.find("does not state that id") != std::string::npos, found.error().what);
    }
    BOOST_TEST(s.passes.count_missing() == 1);
    BOOST_TEST(name_of_b() == "\"Bob\"");
}

BOOST_AUTO_TEST_CASE(an_answer_that_is_no_document_of_its_own_leaves_the_profile_as_it_is) {
    auto const asked = asked_for_b();
    BOOST_REQUIRE(rules.found(s, asked, R"({"_id":"b","_source":[1]})", ++now).has_value());
    BOOST_TEST(name_of_b() == "\"Bob\"");
    BOOST_TEST(s.set_aside.count() == 1);
    BOOST_TEST(s.accounts.counts()[diff::message_state::waiting] == 3);
}

BOOST_AUTO_TEST_CASE(a_page_without_sort_that_ends_with_somebody_who_is_not_stored_leads_on_from_there) {
    {
        store::session::transaction tx{s};
        s.forgotten.add_document("c", "c", ++now);
        tx.commit();
    }
    auto const read =
        pass(pass_kind::incremental, {without_sort(document("b", "Bob", 1)), without_sort(document("c", "Cid", 2))});
    BOOST_TEST(read.search_after == R"([1793491320000,"c"])");
}

BOOST_AUTO_TEST_CASE(nulls_of_whom_an_earlier_pass_missed_stay_behind_the_gate_that_will_open) {
    settings.on_delete = config::on_delete::null;
    engine::ingest nulls{settings};
    BOOST_REQUIRE(nulls.prepare(s).has_value());
    pass(pass_kind::full, {document("b", "Bob", 1)});
    auto const b = s.profiles.user_by_id("b").value();
    {
        store::session::transaction tx{s};
        auto a = s.accounts.load(b.no, b.user_id, false);
        diff::adopt(a, ++now);
        s.accounts.save(a);
        tx.commit();
    }
    pass(pass_kind::incremental, {document("b", "Bea", 2)});
    auto const missed = pass(pass_kind::full, {});
    // The running pass changed the user's company meanwhile, and waits to know how many it changes.
    s.file().connection().exec("UPDATE messages SET wait = 8, pass = 9 WHERE state = 0");
    auto const asked = s.passes.next_missing(profile_kind::company, "");
    BOOST_REQUIRE(asked.has_value());
    BOOST_REQUIRE(asked->pass == missed.no);
    BOOST_REQUIRE(nulls.gone(s, *asked, false, ++now).has_value());
    auto& db = s.file().connection();
    BOOST_REQUIRE(db.execAndGet("SELECT count(*) FROM messages WHERE state = 0 AND wait = 8").getInt() == 1);
    s.outbox.settle_pass(9, false, 100, {});
    BOOST_TEST(db.execAndGet("SELECT count(*) FROM messages WHERE state = 0 AND wait = 0").getInt() == 1);
}

BOOST_AUTO_TEST_CASE(an_index_that_shows_nobody_is_noted_some_at_a_time) {
    s.file().connection().exec(
        "WITH RECURSIVE n (i) AS (VALUES (1) UNION ALL SELECT i + 1 FROM n WHERE i < 12000) INSERT INTO documents "
        "(doc_id, user_no, raw, content) SELECT printf('u%06d', i), i, x'', 0 FROM n");
    store::pass_row row{.no = 1, .kind = pass_kind::full, .stage = store::pass_stage::users};
    int steps = 0;
    for (std::optional<std::string> after{""}; after; ++steps) after = rules.note_missing(s, row, *after).value();
    BOOST_TEST(steps == 3);
    BOOST_TEST(s.passes.count_missing() == 12'000);
}

BOOST_AUTO_TEST_CASE(users_who_come_back_all_at_once_count_for_the_brake) {
    auto const all = [](std::string const& name) {
        std::vector<std::string> documents;
        for (int i = 10; i < 40; ++i) documents.push_back(document(fmt::format("u{}", i), name, 1));
        return documents;
    };
    pass(pass_kind::full, all("Ada"));
    {
        store::session::transaction tx{s};
        s.outbox.settle_pass(1, false, 100, {});
        tx.commit();
    }
    pass(pass_kind::full, {document("z", "the last one", 1)});
    while (auto const asked = s.passes.next_missing(profile_kind::company, ""))
        BOOST_REQUIRE(rules.gone(s, *asked, false, ++now).has_value());
    BOOST_REQUIRE(s.profiles.live_users() == 1);
    auto const back = pass(pass_kind::full, all("Eve"));
    BOOST_TEST(back.brake_closed);
    BOOST_TEST(s.accounts.counts()[diff::message_state::held] > 20);
}

BOOST_AUTO_TEST_SUITE_END()
