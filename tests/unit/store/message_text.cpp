// The bytes of messages as the store keeps them.
#include <SQLiteCpp/Exception.h>
#include <fmt/core.h>
#include <sqlite3.h>
#include "queue_fixture.hpp"

#include "traitsync/core/error.hpp"
#include "traitsync/store/store_thread.hpp"

using namespace traitsync;
using namespace traitsync::test;

namespace {

// As delivery/message writes them.
std::string usual_message(std::string const& user) {
    return R"({"type":"identify","messageId":"01a22b3d-a00f-75ab-ab16-09f4b40d30d5","userId":")" + user +
           R"(","timestamp":"2026-11-30T06:56:28.687Z","traits":{"id":")" + user +
           R"(","createdAt":"2026-03-06T04:02:28.316Z","modifiedTime":"2026-09-05T12:22:32.621Z","firstSeenTime":)"
           R"("2026-03-06T04:02:40.415Z","lastSeenTime":"2026-09-05T12:22:05.750Z","name":"Gus Petrović","email":)"
           R"("gus@example.net","company":{"id":"cmp_7","created":"2026-01-01T08:34:13.090Z","modifiedTime":)"
           R"("2026-09-22T18:48:48.792Z","companyDomain":"c7.example.com"},"campaign":{"utm_source":"ads","utm_medium":)"
           R"("organic"},"metadata":{"plan":"pro"},"userAgent":{"name":"Edge","os_name":"Windows"}},"context":{"ip":)"
           R"("203.0.113.243","location":{"city":"Austin","country":"United States"},"timezone":"America/Chicago",)"
           R"("active":false,"library":{"name":"traitsync","version":"0.1.0"}}})";
}

struct usual_writer final : message_writer {
    plan cut(draft const& d) override {
        plan p;
        for (auto const& [name, text] : d.traits) {
            if (p.parts.empty()) p.parts.emplace_back();
            p.parts.front().add(name);
        }
        return p;
    }
    void write(std::string& out, draft const& d, profile::trait_set, message_id const&) override {
        out += usual_message(std::string{d.user});
    }
};

struct texts : queue_fixture {
    usual_writer usual;

    std::vector<frozen> offer_usual() {
        session::transaction tx{*s};
        auto taken = s->outbox.offer(100, 475'000, usual, {rules}, ++now);
        tx.commit();
        return taken.messages;
    }
    std::int64_t number(std::string const& sql) { return s->file().connection().execAndGet(sql).getInt64(); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(message_text, texts)

BOOST_AUTO_TEST_CASE(what_was_offered_is_offered_again_byte_for_byte_and_takes_about_half) {
    for (int i = 0; i < 70; ++i) wants("user" + std::to_string(i), trait::email, "\"a\"");  // a run and a rest
    auto const offered = offer_usual();
    BOOST_REQUIRE(offered.size() == 70U);
    std::size_t bytes = 0;
    for (auto const& m : offered) bytes += m.body.size();
    open();
    auto const again = s->outbox.unanswered(0, 100);
    BOOST_REQUIRE(again.size() == offered.size());
    for (std::size_t i = 0; i < again.size(); ++i) {
        BOOST_TEST(again[i].body == offered[i].body);
        BOOST_TEST(s->accounts.body(offered[i].row).value() == offered[i].body);
    }
    auto const stored = number("SELECT sum(length(packed)) FROM bodies");
    BOOST_TEST(stored * 100 < static_cast<std::int64_t>(bytes) * 55);
    BOOST_TEST(s->outbox.history_bytes() == stored);
    BOOST_TEST(s->outbox.offered_bytes() == static_cast<std::int64_t>(bytes));  // what is still to be sent
}

BOOST_AUTO_TEST_CASE(a_part_that_is_offered_with_others_of_its_user_is_counted_as_it_is_stored) {
    wants("ada", trait::email, "\"half\"");
    wants("ada", trait::name, "\"" + std::string(500, 'n') + "\"");
    auto const offered = offer();
    BOOST_REQUIRE(offered.size() == 1U);
    auto const stored = number("SELECT sum(bytes) FROM message_texts");
    BOOST_TEST(stored < 300);
    BOOST_TEST(s->outbox.history_bytes() == stored);
    BOOST_TEST(s->accounts.body(offered[0].row).value() == offered[0].body);
}

BOOST_AUTO_TEST_CASE(messages_of_an_earlier_form_keep_their_bytes_and_are_trimmed_by_them) {
    wants("ada", trait::email, "\"a\"");
    wants("bob", trait::email, "\"b\"");
    auto const offered = offer_usual();
    auto const plain = usual_message("ada");
    {
        auto& db = s->file().connection();
        SQLite::Statement rewrite{db, "UPDATE bodies SET body = ?, packed = NULL WHERE no = ?"};
        rewrite.bind(1, plain);
        rewrite.bind(2, offered[0].row);
        rewrite.exec();
        db.exec("UPDATE meta SET value = (SELECT sum(bytes) FROM message_texts) WHERE key = 'body_bytes'");
    }
    open();
    auto const all = s->outbox.history_bytes();
    auto const packed = number("SELECT sum(length(packed)) FROM bodies");
    BOOST_TEST(all == packed + static_cast<std::int64_t>(plain.size()));
    BOOST_TEST(s->outbox.unanswered(0, 1).at(0).body == plain);
    acknowledge(offered[0].row);
    acknowledge(offered[1].row);
    session::transaction tx{*s};
    s->outbox.trim_history(t0, all - 1, 100);  // the oldest one is enough
    BOOST_TEST(s->outbox.history_bytes() == packed);
    s->outbox.trim_history(now + 1, all, 100);
    BOOST_TEST(s->outbox.history_bytes() == 0);
}

// What was packed by the first dictionary must stay readable for ever.
BOOST_AUTO_TEST_CASE(the_first_dictionary_has_not_changed) {
    wants("ada", trait::email, "\"a\"");
    auto const row = offer_usual().at(0).row;
    std::string const stored =
        "01A8060F230510F31232326233642D613030662D373561622D616231362D303966346234306433306435CC00924964223A22"
        "61646122F100094705FF0331312D33305430363A35363A32382E363837470500023C000E4A05FF02332D30365430343A3032"
        "3A32382E333136660406F90F392D30355431323A32323A33322E3632315A222C2266697273745365656E9104075500CF3430"
        "2E3431355A222C226C612A0000075500A330352E3735305A222C224D07F63047757320506574726F7669C487222C22656D61"
        "696C223A22677573406578616D706C652E6E6574222C22636F6D70616E79223A7B226964223A22636D705F37EF0005D40411"
        "31D404A1383A33343A31332E3039D4040FED0004F50232325431383A34383A34382E3739325A22D60305EF04286337D10701"
        "F803058E040BC7043C616473C4049A6F7267616E6963227D160507C907127DFC0103C80205E603A345646765222C226F735F"
        "290103D4020249050B7C03DF3230332E302E3131332E3234338003036941757374696E8603036F09037F09127D75020B6603"
        "7F4368696361676F28032B5030227D7D7D70859FE1";
    s->file().connection().exec("UPDATE bodies SET packed = x'" + stored + "'");
    BOOST_TEST(s->accounts.body(row).value() == usual_message("ada"));
}

// LZ4 alone finds no fault with most of these.
BOOST_AUTO_TEST_CASE(no_byte_of_a_stored_message_can_change_unnoticed) {
    wants("ada", trait::email, "\"a\"");
    auto const row = offer_usual().at(0).row;
    auto& db = s->file().connection();
    auto const whole = db.execAndGet("SELECT hex(packed) FROM bodies").getString();
    std::size_t noticed = 0;
    for (std::size_t at = 0; at < whole.size(); ++at) {
        auto other = whole;
        other[at] = other[at] == '0' ? '1' : '0';
        db.exec("UPDATE bodies SET packed = x'" + other + "'");
        try {
            // A match may be found at another place.
            BOOST_TEST(s->accounts.body(row).value() == usual_message("ada"), "byte " << at / 2);
        } catch (damaged_content const&) {
            ++noticed;
        }
    }
    BOOST_TEST(noticed * 10 > whole.size() * 9);
}

BOOST_AUTO_TEST_CASE(bytes_that_nobody_packed_are_not_believed) {
    wants("ada", trait::email, "\"a\"");
    auto const row = offer_usual().at(0).row;
    s->file().connection().exec("UPDATE bodies SET packed = substr(packed, 1, length(packed) - 9)");
    BOOST_CHECK_THROW(s->accounts.body(row), damaged_content);
    try {
        s->outbox.unanswered(0, 10);
        BOOST_FAIL("damaged bytes were handed out");
    } catch (damaged_content const&) {
        // As of a file that SQLite cannot read: the service stands still and says so, it does not end.
        auto const e = error_of_exception(std::current_exception());
        BOOST_TEST(e.what.starts_with("the store is damaged: the stored bytes of a message "), e.what);
    }
    s->end_reads();
    auto* const connection = s->file().connection().getHandle();
    for (auto* each = sqlite3_next_stmt(connection, nullptr); each; each = sqlite3_next_stmt(connection, each)) {
        BOOST_TEST(sqlite3_stmt_busy(each) == 0, sqlite3_sql(each));
    }
    auto const path = s->file().path();
    s.reset();
    BOOST_TEST(database::quick_check(path).value() ==
               fmt::format("the stored bytes of message number {} are damaged", row));
}

BOOST_AUTO_TEST_SUITE_END()
