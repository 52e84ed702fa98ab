// A user that a full pass did not show is asked for by its id; what a pass reads meanwhile is newer than the answer.
#include <boost/test/unit_test.hpp>

#include <fmt/core.h>
#include <fmt/format.h>

#include "support/temp_dir.hpp"
#include "traitsync/engine/ingest.hpp"
#include "traitsync/moesif/page.hpp"
#include "traitsync/store/session.hpp"

namespace {

using namespace traitsync;
using store::pass_kind;
using store::profile_kind;

struct reading {
    test::temp_dir folder;
    store::session s{store::database::open((folder / "store.db").string()).value()};
    config::trait_settings settings{.brake_min = 5};
    engine::ingest rules{settings};
    std::int64_t now = 1'790'000'000'000;

    reading() { BOOST_REQUIRE(rules.prepare(s).has_value()); }

    static std::string document(std::string const& id, std::string const& name, int minute) {
        return fmt::format(
            R"({{"_id":"{0}","_source":{{"user_id":"{0}","name":"{1}","modified_time":"2026-11-01T00:{2:02}:00.000"}})"
            R"(,"sort":["{0}"]}})",
            id, name, minute);
    }
    // One page and the end of its pass.
    store::pass_row pass(pass_kind kind, std::vector<std::string> const& documents) {
        store::pass_row row{.kind = kind, .stage = store::pass_stage::users, .started = ++now};
        {
            store::session::transaction tx{s};
            row.no = s.passes.add(row);
            tx.commit();
        }
        auto const body = fmt::format(R"({{"took":1,"timed_out":false,"hits":{{"total":{},"hits":[{}]}}}})",
                                      documents.size(), fmt::join(documents, ","));
        auto const page = moesif::split_page(body);
        BOOST_REQUIRE(page.has_value());
        auto const read = rules.page(s, row, *page, ++now);
        BOOST_REQUIRE_MESSAGE(read.has_value(), read.error().what);
        if (kind == pass_kind::full) BOOST_REQUIRE(rules.note_missing_to_end(s, row).has_value());
        store::session::transaction tx{s};
        row.ended = ++now;
        s.passes.save(row);
        tx.commit();
        return row;
    }
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
    std::string name_of_b() {
        auto const user = s.profiles.user_by_id("b");
        if (!user || user->gone_at) return "gone";
        auto const source = s.profiles.source(user->no);
        BOOST_REQUIRE(source.has_value());
        auto const view = store::decode_source(source->data);
        return std::string{view.texts[profile::index_of(profile::trait::name)]};
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(missing_profiles, reading)

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

BOOST_AUTO_TEST_CASE(users_who_come_back_all_at_once_count_for_the_brake) {
    auto const all = [](std::string const& name) {
        std::vector<std::string> documents;
        for (int i = 10; i < 40; ++i) documents.push_back(document(fmt::format("u{}", i), name, 1));
        return documents;
    };
    pass(pass_kind::full, all("Ada"));
    {
        store::session::transaction tx{s};
        s.outbox.open_gate(1, 100);
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
