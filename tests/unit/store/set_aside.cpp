// The quarantine, and who of it may take the place of a document that is gone.
#include "traitsync/store/set_aside.hpp"

#include <boost/test/unit_test.hpp>

#include "steps_of_sqlite.hpp"
#include "support/temp_dir.hpp"
#include "traitsync/store/catalogue.hpp"
#include "traitsync/store/session.hpp"

namespace {

using namespace traitsync;
using namespace traitsync::store;

struct a_store_and_its_quarantine {
    test::temp_dir folder;
    std::unique_ptr<session> s;

    a_store_and_its_quarantine() {
        auto db = database::open((folder / "store.db").string());
        BOOST_REQUIRE(db.has_value());
        s = std::make_unique<session>(std::move(*db));
    }
    void put(std::string doc_id, std::string const& user_id, std::string reason = "duplicate_user_id",
             profile_kind kind = profile_kind::user) {
        s->set_aside.put({.kind = kind,
                          .doc_id = std::move(doc_id),
                          .reason = std::move(reason),
                          .detail = {},
                          .raw = R"({"user_id":")" + user_id + R"("})",
                          .first_seen = 1,
                          .last_seen = 1,
                          .pass = 1});
    }
    std::string other_of(std::string const& user_id) {
        return s->set_aside.duplicate_of(store::profile_kind::user, user_id).value_or("none");
    }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(documents_set_aside, a_store_and_its_quarantine)

BOOST_AUTO_TEST_CASE(another_document_of_a_user_is_found_as_long_as_it_is_set_aside_for_that) {
    BOOST_TEST(other_of("ada") == "none");
    put("doc1", "ada");
    put("doc2", "bob", "too_large");
    put("doc3", "eve", "duplicate_company_id", profile_kind::company);
    BOOST_TEST(other_of("ada") == "doc1");
    BOOST_TEST(other_of("bob") == "none");
    BOOST_TEST(other_of("eve") == "none");
    put("doc4", "ada");
    s->set_aside.drop(profile_kind::user, "doc1");
    BOOST_TEST(other_of("ada") == "doc4");
    put("doc4", "ada", "too_large");
    BOOST_TEST(other_of("ada") == "none");
    put("doc2", "bob");
    put("doc2", "bill");
    BOOST_TEST(other_of("bob") == "none", "it states another id now");
    BOOST_TEST(other_of("bill") == "doc2");
    BOOST_TEST(s->set_aside.drop_unseen(profile_kind::user, 2, 1), "some at a time");
    BOOST_TEST(!s->set_aside.drop_unseen(profile_kind::user, 2, 9));
    BOOST_TEST(other_of("bill") == "none");
}

BOOST_AUTO_TEST_CASE(what_was_rolled_back_is_not_remembered) {
    put("doc1", "ada");
    BOOST_TEST(other_of("ada") == "doc1");
    {
        session::transaction const undone{*s};
        put("doc2", "bob");
        s->set_aside.drop(profile_kind::user, "doc1");
        BOOST_TEST(other_of("bob") == "doc2");
    }
    BOOST_TEST(other_of("bob") == "none");
    BOOST_TEST(other_of("ada") == "doc1");
}

BOOST_AUTO_TEST_CASE(one_among_many_is_found_without_reading_the_others) {
    {
        session::transaction tx{*s};
        for (int i = 0; i < 3'000; ++i) put("doc" + std::to_string(i), "user" + std::to_string(i));
        tx.commit();
    }
    test::steps_of_sqlite const counted{s->file().connection()};
    for (auto const* const n : {"7", "1500", "2999"})
        BOOST_TEST(other_of(std::string{"user"} + n) == std::string{"doc"} + n);
    BOOST_TEST(other_of("nobody") == "none");
    s->set_aside.drop(profile_kind::user, "doc7");
    BOOST_TEST(other_of("user7") == "none");
    catalogue all{s->file().connection()};
    BOOST_TEST(all.quarantine_of(profile_kind::user, "", "user8")->doc_id == "doc8");
    BOOST_TEST(!all.quarantine_of(profile_kind::user, "", "nobody").has_value());
    BOOST_TEST(counted.count() < 20);
}

BOOST_AUTO_TEST_SUITE_END()
