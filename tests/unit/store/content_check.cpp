// Bytes that SQLite reads without complaint and nobody wrote.
#include "queue_fixture.hpp"

#include "traitsync/core/error.hpp"
#include "traitsync/store/codec.hpp"
#include "traitsync/store/rest_text.hpp"
#include "traitsync/store/store_thread.hpp"

using namespace traitsync;
using namespace traitsync::test;

namespace {

struct two_people : queue_fixture {
    two_people() {
        wants("ann", trait::email, "\"a\"");
        wants("bob", trait::email, "\"b\"");
    }
    std::string found() {
        auto const path = s->file().path();
        s.reset();
        return database::quick_check(path).value();
    }
    void exec(char const* sql) { s->file().connection().exec(sql); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(content_check, two_people)

BOOST_AUTO_TEST_CASE(what_was_written_is_sound) { BOOST_TEST(found() == ""); }

BOOST_AUTO_TEST_CASE(a_document_that_nobody_wrote_is_named) {
    exec("UPDATE sources SET data = CAST(substr(data, 1, 3) || x'7f' AS BLOB) WHERE no = 2");
    BOOST_TEST(found() == "the stored document of user number 2 is damaged");
}

BOOST_AUTO_TEST_CASE(a_packed_document_that_nobody_packed_is_named) {
    std::string rest, data;
    auto const text = R"({"user_id":"ann","metadata":{"plan":")" + std::string(300, 'x') + R"("}})";
    pack_rest(rest, text);
    rest.pop_back();
    encode_source(data, {.texts = {}, .context = {}, .rest = rest});
    {
        SQLite::Statement write{s->file().connection(), "UPDATE sources SET data = ? WHERE no = 1"};
        write.bind(1, data.data(), static_cast<int>(data.size()));
        write.exec();
    }
    BOOST_TEST(found() == "the stored document of user number 1 is damaged");
}

BOOST_AUTO_TEST_CASE(a_ledger_that_nobody_wrote_is_named) {
    exec("UPDATE ledgers SET data = substr(data, 1, length(data) - 1) WHERE no = 1");
    BOOST_TEST(found() == "what is stored of the traits of user number 1 is damaged");
}

BOOST_AUTO_TEST_CASE(whoever_needs_it_hears_of_a_damaged_store_and_not_of_a_bug) {
    exec("UPDATE ledgers SET data = x'ff' WHERE no = 1");
    try {
        s->accounts.load(1);
        BOOST_FAIL("a ledger of an unknown version was read");
    } catch (...) {
        auto const e = error_of_exception(std::current_exception());
        BOOST_TEST((e.kind == fault::storage));
        BOOST_TEST(e.what.starts_with("the store is damaged: a ledger of an unknown version"), e.what);
    }
}

BOOST_AUTO_TEST_SUITE_END()
