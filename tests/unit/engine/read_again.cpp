// What is read again, and what one reading must leave for the next one to see.
#include "../../../src/engine/pass_book.hpp"
#include "reading.hpp"
#include "traitsync/store/removal.hpp"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>

namespace {

using namespace traitsync;
using store::pass_kind;
using store::pass_stage;
using test::reading;

// `minute` of its modification time; none where it is negative.
std::string company(std::string const& tier, int minute) {
    auto const time = minute < 0 ? "" : fmt::format(R"(,"modified_time":"2026-11-01T00:{:02}:00.000")", minute);
    return fmt::format(R"({{"_id":"c","_source":{{"company_id":"c","metadata":{{"tier":"{}"}}{}}},"sort":["c"]}})",
                       tier, time);
}

std::string member(std::string const& id, std::string const& more = "") {
    return fmt::format(R"({{"_id":"{0}","_source":{{"user_id":"{0}","company_id":"c"{1},)"
                       R"("modified_time":"2026-11-01T00:00:00.000"}},"sort":["{0}"]}})",
                       id, more);
}

bool holds(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

struct read_again : reading {
    using reading::reading;
    void compare(store::pass_row& pass) {
        for (bool more = true; more;) {
            auto const done = rules.compare_company_users(s, pass, ++now);
            BOOST_REQUIRE_MESSAGE(done.has_value(), done.error().what);
            more = *done;
        }
    }
    store::source_view view_of(std::string const& id) {
        auto const source = s.profiles.source(s.profiles.user_by_id(id)->no);
        kept = source->data;
        return store::decode_source(kept);
    }
    std::string company_of(std::string const& id) {
        auto const text = view_of(id).texts[profile::index_of(profile::trait::company)];
        auto const reference = store::referred_value(text);
        return reference ? s.companies.value_text(*reference) : std::string{text};
    }
    std::int64_t waiting() { return s.accounts.counts()[diff::message_state::waiting]; }
    std::string kept;
};

struct adopting : read_again {
    adopting() : read_again{{.first_sync = config::first_sync::adopt}} {}
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(what_is_read_again, read_again)

BOOST_AUTO_TEST_CASE(a_company_whose_time_falls_behind_the_one_a_user_embeds_gives_way_to_it) {
    auto const ada = member("ada", R"(,"company":{"company_id":"c","metadata":{"tier":"embedded"},)"
                                   R"("modified_time":"2026-11-01T00:03:00.000"})");
    pass(pass_kind::full, {company("own", 5)}, pass_stage::companies);
    pass(pass_kind::full, {ada});
    BOOST_REQUIRE(holds(company_of("ada"), "own"));
    auto back = pass(pass_kind::full, {company("older", 2)}, pass_stage::companies);
    compare(back);
    pass(pass_kind::full, {ada});
    BOOST_TEST(holds(company_of("ada"), "embedded"), company_of("ada"));
}

BOOST_AUTO_TEST_CASE(a_company_without_a_time_counts_before_the_one_a_user_embeds) {
    auto const ada = member("ada", R"(,"company":{"company_id":"c","metadata":{"tier":"embedded"},)"
                                   R"("modified_time":"2026-11-01T00:03:00.000"})");
    pass(pass_kind::full, {company("own", -1)}, pass_stage::companies);
    pass(pass_kind::full, {ada});
    BOOST_TEST(holds(company_of("ada"), "own"), company_of("ada"));
    // With a time that is older it gives way, and with a newer one not.
    for (auto const& [minute, expected] : {std::pair{2, "embedded"}, {5, "own"}, {-1, "own"}, {1, "embedded"}}) {
        auto next = pass(pass_kind::full, {company("own", minute)}, pass_stage::companies);
        compare(next);
        pass(pass_kind::full, {ada});
        BOOST_TEST(holds(company_of("ada"), expected), minute << ": " << company_of("ada"));
    }
}

BOOST_AUTO_TEST_CASE(what_a_user_embeds_counts_again_as_soon_as_its_time_alone_is_the_newer_one) {
    auto const ada = [](int minute) {
        return member("ada", fmt::format(R"(,"company":{{"company_id":"c","metadata":{{"tier":"embedded"}},)"
                                         R"("modified_time":"2026-11-01T00:{:02}:00.000"}})",
                                         minute));
    };
    pass(pass_kind::full, {company("own", 5)}, pass_stage::companies);
    pass(pass_kind::full, {ada(3)});
    BOOST_REQUIRE(holds(company_of("ada"), "own"));
    pass(pass_kind::incremental, {ada(7)});
    BOOST_TEST(holds(company_of("ada"), "embedded"), company_of("ada"));
    // It moves on, which is not worth storing, and the document follows it with something else but not as far.
    pass(pass_kind::incremental, {ada(9)});
    auto next = pass(pass_kind::incremental, {company("later", 8)}, pass_stage::companies);
    compare(next);
    pass(pass_kind::incremental, {ada(9)});
    BOOST_TEST(holds(company_of("ada"), "embedded"), company_of("ada"));
    // And back.
    pass(pass_kind::incremental, {ada(6)});
    BOOST_TEST(holds(company_of("ada"), "later"), company_of("ada"));
}

BOOST_AUTO_TEST_CASE(a_hit_that_has_nothing_but_its_id_says_nothing_of_anybody) {
    pass(pass_kind::full, {document("ada", "Ada", 1)});
    pass(pass_kind::full, {company("own", 1)}, pass_stage::companies);
    auto const waited = waiting();
    pass(pass_kind::full, {R"({"_id":"ada","sort":["ada"]})"});
    pass(pass_kind::full, {R"({"_id":"c","sort":["c"]})"}, pass_stage::companies);
    pass(pass_kind::full, {R"({"_id":"ada","_source":{ },"sort":["ada"]})"});
    BOOST_TEST(name_of("ada") == "\"Ada\"");
    BOOST_TEST(waiting() == waited);
    BOOST_TEST(s.set_aside.count() == 2);
    // Its own id makes it a document.
    pass(pass_kind::full, {R"({"_id":"ada","user_id":"ada","name":"Eve","sort":["ada"]})"});
    BOOST_TEST(name_of("ada") == "\"Eve\"");
    BOOST_TEST(s.set_aside.count() == 1);
    pass(pass_kind::full, {R"({"_id":"ada","name":"Ada","sort":["ada"]})"});
    BOOST_TEST(name_of("ada") == "\"Ada\"", "a flat one may have no other id");
}

BOOST_AUTO_TEST_CASE(a_document_of_a_forgotten_person_that_cannot_be_used_is_not_kept_either) {
    auto const forget = [this](std::string const& id) {
        store::session::transaction tx{s};
        auto const done = store::forget_person(s, id, ++now);
        tx.commit();
        return done.quarantined;
    };
    std::string const deep = std::string(70, '[') + std::string(70, ']');
    auto const of = [&](std::string const& doc, std::string const& id) {
        return fmt::format(R"({{"_id":"{0}","_source":{{"user_id":{1},"x":{2}}},"sort":["{0}"]}})", doc, id, deep);
    };
    pass(pass_kind::full, {of("d1", "12345"), of("d2", "\"bob\"")});
    BOOST_REQUIRE(s.set_aside.count() == 2);
    BOOST_TEST(forget("12345") == 1, "a number is an id too");
    BOOST_TEST(forget("eve") == 0);
    BOOST_TEST(s.set_aside.count() == 1);
    auto const again = pass(pass_kind::full, {of("d1", "12345"), of("d2", "\"bob\""), of("d3", "\"eve\"")});
    BOOST_TEST(again.forgotten == 2);
    BOOST_TEST(s.set_aside.count() == 1);
}

BOOST_AUTO_TEST_CASE(pages_by_another_key_that_go_back_in_the_order_of_ids_are_read) {
    store::pass_row row{.kind = pass_kind::full, .stage = pass_stage::users, .fallback_key = true, .started = ++now};
    {
        store::session::transaction tx{s};
        row.no = s.passes.add(row);
        tx.commit();
    }
    read_page(row, {document("b", "Bob", 1), document("z", "Zoe", 1)});
    read_page(row, {document("c", "Cid", 1), document("d", "Dan", 1)});
    BOOST_TEST(name_of("d") == "\"Dan\"");
    BOOST_TEST(!row.ordered);
}

BOOST_AUTO_TEST_CASE(pages_by_the_profile_s_own_id_show_who_is_gone_as_those_by_document_do) {
    auto const of = [](std::string const& doc, std::string const& id, std::string const& name) {
        return fmt::format(R"({{"_id":"{0}","_source":{{"user_id":"{1}","name":"{2}"}},"sort":["{1}"]}})", doc, id,
                           name);
    };
    auto const read = [&](std::vector<std::vector<std::string>> const& pages) {
        store::pass_row row{
            .kind = pass_kind::full, .stage = pass_stage::users, .fallback_key = true, .started = ++now};
        {
            store::session::transaction tx{s};
            row.no = s.passes.add(row);
            tx.commit();
        }
        for (auto const& documents : pages) read_page(row, documents);
        BOOST_TEST(row.ordered);
        for (std::optional<std::string> after{row.last_key}; after;) after = rules.note_missing(s, row, *after).value();
        auto& db = s.file().connection();
        std::string missing;
        SQLite::Statement find{db, "SELECT doc_id FROM missing ORDER BY doc_id"};
        while (find.executeStep()) missing += find.getColumn(0).getString() + " ";
        db.exec("DELETE FROM missing");
        return missing;
    };
    // In the order of documents: 5 ada, 4 bob, 3 cid, 2 dan, 1 eve.
    auto const ada = of("5", "ada", "A"), bob = of("4", "bob", "B"), cid = of("3", "cid", "C"),
               dan = of("2", "dan", "D"), eve = of("1", "eve", "E");
    BOOST_TEST(read({{ada, bob}, {cid, dan}, {eve}}) == "");
    BOOST_TEST(read({{ada, bob}, {cid, dan}, {eve}}) == "");
    BOOST_TEST(read({{ada}, {cid, dan}}) == "1 4 ");
    BOOST_TEST(read({{bob, cid}, {eve}}) == "2 5 ");
    // Another document of the same id, which is not the one that counts, is no sign of that one.
    BOOST_TEST(read({{ada, bob}, {cid, of("6", "dan", "D")}, {eve}}) == "2 ");
}

BOOST_AUTO_TEST_CASE(a_context_that_changes_alone_is_stored_where_the_bytes_are_not_known) {
    auto const at = [](char const* address) { return member("ada", fmt::format(R"(,"ip_address":"{}")", address)); };
    pass(pass_kind::full, {at("10.0.0.1")});
    BOOST_REQUIRE(holds(view_of("ada").context, "10.0.0.1"));
    {
        // As a pass over the store for other policies leaves it.
        store::session::transaction tx{s};
        auto row = *s.profiles.document("ada");
        row.raw.clear();
        s.profiles.put_document("ada", row);
        tx.commit();
    }
    pass(pass_kind::full, {at("10.0.0.2")});
    BOOST_TEST(holds(view_of("ada").context, "10.0.0.2"), view_of("ada").context);
}

BOOST_AUTO_TEST_CASE(a_company_that_rides_and_changes_where_a_user_embeds_it_is_read_where_the_bytes_are_not_known) {
    engine::ingest riding{{.policies = {{"company", config::policy::ride}}}};
    BOOST_REQUIRE(riding.prepare(s).has_value());
    auto const read = [&](char const* tier) {
        auto const hit =
            fmt::format(R"({{"_id":"ada","_source":{{"user_id":"ada","company_id":"c","company":{{"company_id":"c",)"
                        R"("metadata":{{"tier":"{}"}}}}}},"sort":["ada"]}})",
                        tier);
        store::pass_row row{.kind = pass_kind::full, .stage = pass_stage::users, .started = ++now};
        {
            store::session::transaction tx{s};
            row.no = s.passes.add(row);
            tx.commit();
        }
        auto const body = fmt::format(R"({{"hits":{{"hits":[{}]}}}})", hit);
        auto const page = moesif::split_page(body);
        BOOST_REQUIRE(page.has_value());
        BOOST_REQUIRE(riding.page(s, row, *page, ++now).has_value());
    };
    read("old");
    {
        // As a pass over the store for other policies leaves it.
        store::session::transaction tx{s};
        auto row = *s.profiles.document("ada");
        row.raw.clear();
        s.profiles.put_document("ada", row);
        tx.commit();
    }
    read("new");
    BOOST_TEST(holds(company_of("ada"), "new"), company_of("ada"));
}

BOOST_FIXTURE_TEST_CASE(companies_that_change_before_a_first_pass_is_whole_are_adopted_too, adopting) {
    first_sync = true;
    pass(pass_kind::full, {company("a", 1)}, pass_stage::companies);
    pass(pass_kind::full, {member("ada"), member("bob")});
    auto again = pass(pass_kind::full, {company("b", 2)}, pass_stage::companies);
    compare(again);
    BOOST_TEST(waiting() == 0);
    BOOST_TEST(holds(company_of("ada"), "\"b\""));
    first_sync = false;
    auto later = pass(pass_kind::incremental, {company("c", 3)}, pass_stage::companies);
    compare(later);
    BOOST_TEST(waiting() == 2);
}

BOOST_FIXTURE_TEST_CASE(the_brake_watches_another_first_pass_over_those_whom_the_one_before_has_told_of, adopting) {
    auto const people = [](int from, int to, std::string const& name) {
        std::vector<std::string> documents;
        for (int i = from; i < to; ++i) documents.push_back(document(fmt::format("u{:03}", i), name, 1));
        return documents;
    };
    first_sync = true;
    pass(pass_kind::full, people(0, 20, "Ada"));
    engine::ingest sending{{.brake_min = 5}};
    BOOST_REQUIRE(sending.prepare(s).has_value());
    auto const read = [&](std::vector<std::string> const& documents) {
        store::pass_row row{.kind = pass_kind::full, .stage = pass_stage::users, .first_sync = true, .started = ++now};
        {
            store::session::transaction tx{s};
            row.no = s.passes.add(row);
            tx.commit();
        }
        auto const body = fmt::format(R"({{"took":1,"timed_out":false,"hits":{{"total":1,"hits":[{}]}}}})",
                                      fmt::join(documents, ","));
        auto const page = moesif::split_page(body);
        BOOST_REQUIRE(page.has_value());
        BOOST_REQUIRE(sending.page(s, row, *page, ++now).has_value());
        return row;
    };
    BOOST_TEST(!read(people(20, 60, "Eve")).brake_closed, "nobody was told of these before");
    BOOST_TEST(waiting() == 40);
    BOOST_TEST(!read(people(0, 5, "Bob")).brake_closed);
    auto both = people(0, 20, "Cid");
    std::ranges::copy(people(200, 240, "New"), std::back_inserter(both));
    auto const closed = read(both);
    BOOST_TEST(closed.brake_closed);
    for (std::optional<engine::settling> next{engine::settling{}}; next;)
        next = engine::settle_pass_messages(s, closed, *next).value();
    BOOST_TEST(s.accounts.counts()[diff::message_state::held] == 20);
    auto& db = s.file().connection();
    BOOST_TEST(db.execAndGet("SELECT count(*) FROM messages WHERE state = 0 AND wait = 0").getInt() == 80);
}

BOOST_AUTO_TEST_SUITE_END()
