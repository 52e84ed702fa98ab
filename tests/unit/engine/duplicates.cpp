// Several documents of one user id: which of them counts, and what becomes of the user when one of them goes.
#include "reading.hpp"
#include "traitsync/store/removal.hpp"

namespace {

using namespace traitsync;
using store::pass_kind;
using store::pass_stage;
using store::profile_kind;

struct sharing : test::reading {
    using reading::reading;
    // A document of Ada's; without a time where the minute is negative.
    static std::string of_ada(std::string const& doc, std::string const& name, int minute) {
        auto const time = minute < 0 ? "" : fmt::format(R"(,"modified_time":"2026-11-01T00:{:02}:00.000")", minute);
        return fmt::format(R"({{"_id":"{0}","_source":{{"user_id":"ada","name":"{1}"{2}}},"sort":["{0}"]}})", doc, name,
                           time);
    }
    static std::string unusable(std::string const& doc) {
        return fmt::format(R"({{"_id":"{0}","_source":{{"user_id":"ada","x":{1}{2}}},"sort":["{0}"]}})", doc,
                           std::string(70, '['), std::string(70, ']'));
    }
    // Which document is to be read by its id now.
    std::string asked() {
        auto const row = s.passes.next_missing(profile_kind::company, "");
        return row ? row->doc_id : "none";
    }
    bool answers(std::string const& doc, std::string const& body) {
        auto const row = s.passes.next_missing(profile_kind::company, "");
        BOOST_REQUIRE((row && row->doc_id == doc));
        auto const done = body.empty() ? rules.gone(s, *row, false, ++now) : rules.found(s, *row, body, ++now);
        BOOST_REQUIRE_MESSAGE(done.has_value(), done.error().what);
        return *done;
    }
    void is_gone(std::string const& doc) { answers(doc, ""); }
    std::string document_of_ada() { return s.profiles.user_by_id("ada")->doc_id.value_or("none"); }
};

// Of a text that cannot be mapped nothing is kept then.
struct hiding : sharing {
    hiding() : sharing{{.policies = {{"email", config::policy::never}}}} {}
};

struct riding : sharing {
    riding() : sharing{{.policies = {{"company.lastSeenTime", config::policy::ride}}}} {}
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(documents_of_one_user, sharing)

BOOST_AUTO_TEST_CASE(a_user_stays_while_a_document_that_cannot_be_used_tells_of_them) {
    pass(pass_kind::full, {of_ada("d1", "New", 9), of_ada("d2", "Old", 5)});
    pass(pass_kind::incremental, {unusable("d1")});
    BOOST_REQUIRE(document_of_ada() == "d2");
    answers("d2", of_ada("d2", "Old", 5));
    pass(pass_kind::full, {unusable("d1")});
    is_gone("d2");
    BOOST_TEST(name_of("ada") == "\"Old\"");
    BOOST_TEST(s.set_aside.count() == 1);
    answers("d1", unusable("d1"));
    BOOST_TEST(name_of("ada") == "\"Old\"");
    BOOST_TEST(asked() == "none");
    pass(pass_kind::full, {unusable("d1")});
    BOOST_TEST(asked() == "none");
    pass(pass_kind::full, {of_ada("d1", "Good", 11)});
    BOOST_TEST(name_of("ada") == "\"Good\"");
    BOOST_TEST(s.set_aside.count() == 0);
    pass(pass_kind::full, {});
    is_gone("d1");
    BOOST_TEST(name_of("ada") == "gone");
}

BOOST_FIXTURE_TEST_CASE(a_user_is_gone_once_each_document_of_theirs_is, hiding) {
    pass(pass_kind::full, {of_ada("d1", "New", 9), of_ada("d2", "Old", 5)});
    pass(pass_kind::incremental, {unusable("d1")});
    is_gone("d2");
    BOOST_TEST(name_of("ada") == "\"New\"");
    is_gone("d1");
    BOOST_TEST(name_of("ada") == "gone");
    BOOST_TEST(s.set_aside.count() == 0);
    BOOST_TEST(asked() == "none");
}

BOOST_AUTO_TEST_CASE(a_document_that_is_good_again_counts_before_an_older_one_that_was_not_read_yet) {
    auto const newer = of_ada("d1", "New", 9), older = of_ada("d2", "Old", 5), oldest = of_ada("d3", "Oldest", 1);
    pass(pass_kind::full, {newer, older, oldest});
    pass(pass_kind::incremental, {unusable("d1")});
    BOOST_REQUIRE(document_of_ada() == "d2");
    pass(pass_kind::incremental, {oldest});
    BOOST_TEST(document_of_ada() == "d2");
    pass(pass_kind::incremental, {newer});
    BOOST_TEST(document_of_ada() == "d1");
    answers("d2", older);
    BOOST_TEST(name_of("ada") == "\"New\"");
    BOOST_TEST(s.set_aside.count() == 2);
}

BOOST_AUTO_TEST_CASE(so_does_one_that_tells_no_time) {
    auto const first = of_ada("d1", "First", -1), second = of_ada("d2", "Second", -1);
    pass(pass_kind::full, {first, second});
    pass(pass_kind::incremental, {unusable("d1")});
    pass(pass_kind::incremental, {first});
    answers("d2", second);
    BOOST_TEST(name_of("ada") == "\"First\"");
}

BOOST_AUTO_TEST_CASE(the_newest_of_those_set_aside_takes_over_in_whatever_order_they_were_read) {
    for (bool const newest_first : {false, true}) {
        sharing t;
        auto const middle = of_ada("d2", "Middle", 5), oldest = of_ada("d3", "Oldest", 1);
        t.pass(pass_kind::full, {of_ada("d1", "New", 9), newest_first ? middle : oldest});
        t.pass(pass_kind::full, {of_ada("d1", "New", 9), middle, oldest});
        t.pass(pass_kind::incremental, {unusable("d1")});
        BOOST_TEST(t.document_of_ada() == "d2");
    }
}

BOOST_AUTO_TEST_CASE(a_document_that_states_no_id_but_its_own_takes_over_too) {
    std::string const own = R"({"_id":"ada","_source":{"name":"Own","modified_time":"2026-11-01T00:01:00.000"},)"
                            R"("sort":["ada"]})";
    pass(pass_kind::full, {own});
    pass(pass_kind::full, {own, of_ada("d1", "New", 9)});
    BOOST_REQUIRE(document_of_ada() == "d1");
    BOOST_TEST(s.set_aside.duplicate_of(profile_kind::user, "ada").value_or("none") == "ada");
    pass(pass_kind::incremental, {unusable("d1")});
    answers("ada", own);
    BOOST_TEST(name_of("ada") == "\"Own\"");
    BOOST_TEST(document_of_ada() == "ada");
}

BOOST_FIXTURE_TEST_CASE(what_is_set_aside_goes_with_the_person_whatever_is_left_of_its_text, hiding) {
    pass(pass_kind::full, {unusable("d1")});
    store::session::transaction tx{s};
    BOOST_TEST(store::forget_person(s, "ada", ++now).quarantined == 1);
    BOOST_TEST(s.forgotten.has_document("d1"));
    BOOST_TEST(s.set_aside.count() == 0);
    tx.commit();
}

BOOST_AUTO_TEST_CASE(whom_an_answer_displaces_is_asked_for_once) {
    pass(pass_kind::full, {of_ada("d1", "First", 1)});
    pass(pass_kind::incremental, {of_ada("d2", "Second", 2)});
    // Both have moved on since they were stored.
    answers("d1", of_ada("d1", "First", 3));
    BOOST_TEST(name_of("ada") == "\"First\"");
    answers("d2", of_ada("d2", "Second", 4));
    BOOST_TEST(name_of("ada") == "\"Second\"");
    BOOST_TEST(asked() == "none", "two that go on moving would be asked for without end");
}

BOOST_FIXTURE_TEST_CASE(a_company_is_back_with_riding_members_alone_and_under_another_document, riding) {
    auto const company = [](char const* doc, int minute) {
        return fmt::format(R"({{"_id":"{0}","_source":{{"company_id":"acme","name":"Acme","last_seen_time":)"
                           R"("2026-11-01T00:{1:02}:00.000"}},"sort":["{0}"]}})",
                           doc, minute);
    };
    auto const stage = pass_stage::companies;
    pass(pass_kind::full, {company("c1", 1)}, stage);
    pass(pass_kind::full, {}, stage);
    is_gone("c1");
    BOOST_REQUIRE(s.companies.by_id("acme")->gone_at.has_value());
    pass(pass_kind::full, {company("c1", 2)}, stage);
    BOOST_TEST(!s.companies.by_id("acme")->gone_at.has_value());
    pass(pass_kind::full, {}, stage);
    is_gone("c1");
    pass(pass_kind::full, {company("c2", 3)}, stage);
    BOOST_TEST(s.companies.by_id("acme")->doc_id.value_or("none") == "c2");
}

BOOST_AUTO_TEST_SUITE_END()

namespace {

struct two_companies : sharing {
    static std::string states(std::string const& doc, std::string const& id, std::string const& tier, int minute) {
        return fmt::format(R"({{"_id":"{0}","_source":{{"company_id":"{1}","metadata":{{"tier":"{2}"}},)"
                           R"("modified_time":"2026-11-01T00:{3:02}:00.000"}},"sort":["{0}"]}})",
                           doc, id, tier, minute);
    }
    static std::string without_use(std::string const& doc, std::string const& id) {
        return fmt::format(R"({{"_id":"{0}","_source":{{"company_id":"{1}","x":{2}{3}}},"sort":["{0}"]}})", doc, id,
                           std::string(70, '['), std::string(70, ']'));
    }
    std::string document_of(std::string const& id) { return s.companies.by_id(id)->doc_id.value_or("none"); }
    std::string tier_of(std::string const& id) {
        auto const text = s.companies.value_text(s.companies.by_id(id)->value_no);
        auto const at = text.find(R"("tier":")") + 8;
        return text.substr(at, text.find('"', at) - at);
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(documents_of_one_company, two_companies)

BOOST_AUTO_TEST_CASE(another_one_is_read_when_the_one_that_counts_states_another_id) {
    pass(pass_kind::full, {states("c1", "x", "gold", 9), states("c2", "x", "tin", 5)}, pass_stage::companies);
    BOOST_TEST(document_of("x") == "c1");
    pass(pass_kind::incremental, {states("c1", "y", "gold", 10)}, pass_stage::companies);
    answers("c2", states("c2", "x", "tin", 5));
    BOOST_TEST(document_of("x") == "c2");
    BOOST_TEST(document_of("y") == "c1");
    BOOST_TEST(s.set_aside.count() == 0);
    BOOST_TEST(asked() == "none");
}

BOOST_AUTO_TEST_CASE(one_whose_stored_time_may_be_behind_is_read_when_it_loses) {
    pass(pass_kind::full, {states("c1", "x", "gold", 0)}, pass_stage::companies);
    // It has minute 9 by now, by riding values alone.
    pass(pass_kind::incremental, {states("c2", "x", "tin", 5)}, pass_stage::companies);
    BOOST_TEST(document_of("x") == "c2");
    answers("c1", states("c1", "x", "gold", 9));
    BOOST_TEST(document_of("x") == "c1");
    // Whom that displaced is asked for in turn, and loses.
    answers("c2", states("c2", "x", "tin", 5));
    BOOST_TEST(document_of("x") == "c1");
    BOOST_TEST(asked() == "none");
}

BOOST_AUTO_TEST_CASE(another_one_is_read_when_the_one_that_counts_cannot_be_used) {
    auto const newer = states("c1", "x", "gold", 9), older = states("c2", "x", "tin", 5);
    pass(pass_kind::full, {newer, older}, pass_stage::companies);
    pass(pass_kind::incremental, {without_use("c1", "x")}, pass_stage::companies);
    BOOST_TEST(tier_of("x") == "gold", "until the other one was read the company stays as known");
    answers("c2", older);
    BOOST_TEST(tier_of("x") == "tin");
    BOOST_TEST(asked() == "none");
    pass(pass_kind::incremental, {newer}, pass_stage::companies);
    BOOST_TEST(tier_of("x") == "gold");
    BOOST_TEST(document_of("x") == "c1");
}

BOOST_AUTO_TEST_CASE(one_that_is_good_again_counts_before_an_older_one_that_was_not_read_yet) {
    auto const newer = states("c1", "x", "gold", 9), older = states("c2", "x", "tin", 5);
    pass(pass_kind::full, {newer, older}, pass_stage::companies);
    pass(pass_kind::incremental, {without_use("c1", "x")}, pass_stage::companies);
    BOOST_REQUIRE(document_of("x") == "c2");
    pass(pass_kind::incremental, {newer}, pass_stage::companies);
    answers("c2", older);
    BOOST_TEST(document_of("x") == "c1");
    BOOST_TEST(tier_of("x") == "gold");
}

BOOST_AUTO_TEST_CASE(a_company_is_there_while_a_document_that_cannot_be_used_tells_of_it) {
    pass(pass_kind::full, {states("c1", "x", "gold", 9), states("c2", "x", "tin", 5)}, pass_stage::companies);
    pass(pass_kind::incremental, {without_use("c1", "x")}, pass_stage::companies);
    is_gone("c2");
    BOOST_TEST(!s.companies.by_id("x")->gone_at.has_value());
    answers("c1", without_use("c1", "x"));
    BOOST_TEST(tier_of("x") == "gold");
    BOOST_TEST(asked() == "none");
    pass(pass_kind::full, {}, pass_stage::companies);
    is_gone("c1");
    BOOST_TEST(s.companies.by_id("x")->gone_at.has_value());
}

BOOST_AUTO_TEST_SUITE_END()
