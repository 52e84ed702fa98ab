// The other end that documents tell of: the organisation of the Moesif token.
#include "../../../src/engine/organisation.hpp"

#include <boost/test/unit_test.hpp>

#include <SQLiteCpp/Database.h>

#include <string>

#include "support/temp_dir.hpp"

namespace {

using namespace traitsync;
using engine::note_organisation;
using engine::organisation_seen;

struct a_store {
    test::temp_dir folder;
    store::session session{store::database::open((folder / "store.db").string()).value()};

    organisation_seen note(std::string const& documents) { return note_page(documents, false); }
    organisation_seen note_page(std::string const& documents, bool read_whole) {
        auto const body = R"({"hits":{"hits":[)" + documents + "]}}";
        return note_organisation(session, moesif::split_page(body).value(), read_whole).value();
    }
    bool full_pass_is_due() { return session.meta.integer("full_wanted").value_or(0) != 0; }
};

std::string document(std::string const& members) { return R"({"_id":"a","_source":{"user_id":"a")" + members + "}}"; }

}  // namespace

BOOST_FIXTURE_TEST_SUITE(other_ends, a_store)

BOOST_AUTO_TEST_CASE(the_organisation_is_remembered_as_a_salted_hash_and_another_one_is_due_a_full_pass) {
    BOOST_TEST((note(document(R"(,"org_id":"177:3")")) == organisation_seen::same));
    auto const kept = session.meta.text("organisation").value();
    BOOST_TEST(kept.size() == 64U);
    BOOST_TEST(!session.meta.text("salt").value().empty());
    BOOST_TEST((note(document(R"(,"org_id":"177:3")")) == organisation_seen::same));
    BOOST_TEST(session.meta.text("organisation").value() == kept);
    BOOST_TEST(!full_pass_is_due());
    BOOST_TEST((note(document(R"(,"org_id":"178:4")")) == organisation_seen::another));
    BOOST_TEST(session.meta.text("organisation").value() != kept);
    BOOST_TEST(full_pass_is_due());
    BOOST_TEST((note(document(R"(,"org_id":"178:4")")) == organisation_seen::same));
    // A full pass that only begins reads it whole anyway.
    session.meta.remove("full_wanted");
    BOOST_TEST((note_page(document(R"(,"org_id":"179:5")"), true) == organisation_seen::another));
    BOOST_TEST(!full_pass_is_due());
}

BOOST_AUTO_TEST_CASE(what_documents_do_not_tell_is_not_remembered) {
    BOOST_TEST((note("") == organisation_seen::no_documents));
    for (std::string const members : {"", R"(,"org_id":5)", R"(,"org_id":"")", R"(,"metadata":{"org_id":"1:1"})"}) {
        BOOST_TEST((note(document(members)) == organisation_seen::untold), members);
    }
    BOOST_TEST(!session.meta.text("organisation").has_value());
    // The first document that tells it is enough.
    BOOST_TEST((note("7," + document("") + "," + document(R"(,"org_id":"1:1")")) == organisation_seen::same));
    BOOST_TEST(session.meta.text("organisation").has_value());
}

BOOST_AUTO_TEST_SUITE_END()
