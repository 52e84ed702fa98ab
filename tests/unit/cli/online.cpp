#include <boost/test/unit_test.hpp>

#include "../../../src/cli/exit.hpp"
#include "support.hpp"
#include "traitsync/demo/moesif_service.hpp"
#include "traitsync/demo/segment_service.hpp"

using namespace traitsync;
using namespace traitsync::cli;
using namespace traitsync::cli::test;

namespace {

// Both services on loopback, and settings that fit them.
struct services {
    services() {
        settings.moesif.url = moesif.url();
        settings.moesif.token = secret{"demo-token"};
        settings.moesif.timeout = std::chrono::seconds{10};
        settings.segment.url = segment.url();
        settings.segment.write_key = secret{"a-write-key"};
        settings.segment.timeout = std::chrono::seconds{10};
    }
    int check() { return check_online(settings, console.c); }
    void set(demo::moesif_faults faults) { moesif.set_faults(faults); }

    demo::moesif_service moesif;
    demo::segment_service segment;
    config::settings settings;
    memory_console console;
};

bool has(std::string const& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace

BOOST_FIXTURE_TEST_SUITE(check_online_command, services)

BOOST_AUTO_TEST_CASE(two_good_services_are_code_0_and_nothing_was_sent) {
    BOOST_TEST(check() == exit_done);
    auto const out = console.out.str();
    BOOST_TEST(has(out, "Moesif users: can be read at " + settings.moesif.url + "\n"), out);
    BOOST_TEST(has(out, "Moesif companies: can be read at "), out);
    BOOST_TEST(has(out, "Segment: " + settings.segment.url + " answers, over plain http\n"), out);
    BOOST_TEST(has(out, "the write key is not proved"), out);
    BOOST_TEST(console.err.str() == "");
    BOOST_TEST(segment.counts().requests == 0U);
    BOOST_TEST(segment.counts().messages == 0U);
    BOOST_TEST(moesif.counts().user_searches == 1U);
    BOOST_TEST(moesif.counts().company_searches == 1U);
}

BOOST_AUTO_TEST_CASE(a_wrong_token_is_code_4_and_not_printed) {
    settings.moesif.token = secret{"wrong-token"};
    BOOST_TEST(check() == exit_refused);
    BOOST_TEST(has(console.err.str(), "traitsync: Moesif users: 401: moesif.token is not accepted."),
               console.err.str());
    BOOST_TEST(!has(console.err.str(), "wrong-token"));
}

BOOST_AUTO_TEST_CASE(a_missing_scope_is_named_by_the_search_that_fails) {
    set({.no_company_scope = true});
    BOOST_TEST(check() == exit_refused);
    BOOST_TEST(console.err.str() == "traitsync: Moesif companies: 401: the token lacks the scope read:companies\n");
    BOOST_TEST(has(console.out.str(), "Moesif users: can be read"));
}

BOOST_AUTO_TEST_CASE(a_missing_user_scope_is_named_too) {
    set({.no_user_scope = true});
    BOOST_TEST(check() == exit_refused);
    BOOST_TEST(console.err.str() == "traitsync: Moesif users: 401: the token lacks the scope read:users\n");
}

BOOST_AUTO_TEST_CASE(a_wrong_path_is_code_3_and_shows_what_was_tried) {
    settings.moesif.url += "/elsewhere";
    BOOST_TEST(check() == exit_unreachable);
    BOOST_TEST(has(console.err.str(), "Moesif answered 404"), console.err.str());
    BOOST_TEST(has(console.err.str(),
                   "looked at moesif.url " + settings.moesif.url + " with the path " + settings.moesif.users_path),
               console.err.str());
}

BOOST_AUTO_TEST_CASE(a_page_that_is_not_moesif_is_code_3) {
    set({.html_body = 1});
    BOOST_TEST(check() == exit_unreachable);
    BOOST_TEST(has(console.err.str(), "not Moesif's Management API"), console.err.str());
}

BOOST_AUTO_TEST_CASE(a_port_where_nothing_listens_is_code_3) {
    moesif.stop();
    segment.stop();
    BOOST_TEST(check() == exit_unreachable);
    auto const err = console.err.str();
    BOOST_TEST(has(err, "traitsync: Moesif users: "), err);
    BOOST_TEST(has(err, "traitsync: Segment: "), err);
    BOOST_TEST(has(err, "nothing listens there"), err);
}

BOOST_AUTO_TEST_CASE(a_service_that_does_not_speak_tls_is_told_by_its_certificate) {
    settings.segment.url = "https" + settings.segment.url.substr(4);
    BOOST_TEST(check() == exit_unreachable);
    BOOST_TEST(has(console.err.str(), "traitsync: Segment: "), console.err.str());
    BOOST_TEST(!has(console.out.str(), "certificate is good"));
}

BOOST_AUTO_TEST_SUITE_END()
