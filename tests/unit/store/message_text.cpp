// The bytes of messages as the store keeps them.
#include "queue_fixture.hpp"
#include "traitsync/core/error.hpp"

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
        "01A8060F230510F31232326233642D613030662D373561622D616231362D3039663462343064333064353A04924964223A22"
        "61646122F100094705FF0331312D33305430363A35363A32382E363837470500023C000E4A05FF02332D30365430343A3032"
        "3A32382E333136660406FF02392D30355431323A32323A33322E3632316604040A55007134302E3431355ACB010F66040007"
        "55005130352E37356604034D07D747757320506574726F7669C487570544677573404907366E65748804054E055C636D705F"
        "375305050D06A1383A33343A31332E30396E000F530502F603392D32325431383A34383A34382E3739325A670005EF043463"
        "372E880031636F6DF803058E040BC704336164739F0405C4048A6F7267616E696322DA0308C907197DC80205E60342456467"
        "65880303290103D4020249050B7C03DF3230332E302E3131332E32343380030341417573747D09068603036F09037F09127D"
        "75020B66037F4368696361676F28032B5030227D7D7D";
    s->file().connection().exec("UPDATE bodies SET packed = x'" + stored + "'");
    BOOST_TEST(s->accounts.body(row).value() == usual_message("ada"));
}

BOOST_AUTO_TEST_CASE(bytes_that_nobody_packed_are_not_believed) {
    wants("ada", trait::email, "\"a\"");
    auto const row = offer_usual().at(0).row;
    s->file().connection().exec("UPDATE bodies SET packed = substr(packed, 1, length(packed) - 9)");
    BOOST_CHECK_THROW(s->accounts.body(row), broken_invariant);
}

BOOST_AUTO_TEST_SUITE_END()
