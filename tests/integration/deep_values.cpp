// Profiles that are legal and unusual: as deep as a document may be, and with numbers that no machine type holds. Every
// command shows them, and with every digit.

#include "operator.hpp"

namespace {
using namespace traitsync;
using test::has;

// As deep as a document may be: its root, metadata, and 62 lists.
std::string const deepest = std::string(62, '[') + std::string(62, ']');
constexpr auto numbers = R"(123456789012345678901234567890,1e-400,-7e300,0.10)";
// Refused by many a reader of JSON, and by the Segment of these tests.
constexpr auto smallest = "1e-99999999999";

struct deep_users : test::operated {
    deep_users() {
        environment["TRAITSYNC_TRAITS_BRAKE_MIN"] = "3";
        environment["TRAITSYNC_TRAITS_BRAKE_PERCENT"] = "1";
    }
    void put_deep(int i, std::string const& plan) {
        put(i, fmt::format(R"(,"email":"u{}@example.com","metadata":{{"plan":"{}","n":[{}{}],"deep":{}}})", i, plan,
                           numbers, i == 1 ? std::string{","} + smallest : "", deepest));
    }
    std::string shown_by(std::vector<std::string> words) const {
        auto o = options(std::move(words));
        o.environment["TRAITSYNC_ADMIN_LISTEN"] = "127.0.0.1:" + std::to_string(api->port());
        auto const done = test::run(std::move(o));
        BOOST_TEST(done.state.code == 0, done.errors);
        return done.output;
    }
};
}  // namespace

BOOST_FIXTURE_TEST_SUITE(deep_and_odd_values, deep_users)

BOOST_AUTO_TEST_CASE(every_command_shows_them_with_every_digit) {
    for (int i = 0; i < 10; ++i) put_deep(i, "x");
    start();
    eventually("a dead letter", [&] { return queue("dead") == 1 && queue("offered") == 0 && queue("waiting") == 0; });
    for (int i = 2; i < 10; ++i) put_deep(i, "y");
    pull();
    eventually("the brake", [&] { return queue("held") > 0 && queue("offered") == 0 && queue("waiting") == 0; });

    for (auto const& words : std::vector<std::vector<std::string>>{{"explain", "user00000"},
                                                                   {"explain", "user00001"},
                                                                   {"explain", "user00000", "metadata"},
                                                                   {"replay", "--all", "--dry-run"},
                                                                   {"replay", "--user", "user00000", "--dry-run"}}) {
        auto const people = shown_by(words);
        BOOST_TEST(has(people, numbers), people);
        BOOST_TEST(has(people, deepest), people);
    }
    for (auto const& words :
         std::vector<std::vector<std::string>>{{"profiles", "user00000"}, {"brake"}, {"brake", "show"}}) {
        auto const people = shown_by(words);
        // Cut to a column.
        BOOST_TEST(has(people, R"("n":[123456789012345678901234567890,1e-)"), people);
    }
    BOOST_TEST(has(shown_by({"explain", "user00001"}), smallest));
    BOOST_TEST(has(shown_by({"replay", "--user", "user00001", "--dry-run"}), smallest));
    BOOST_TEST(has(shown_by({"dead"}), "user00001"));
    BOOST_TEST(has(shown_by({"profiles"}), "user00001"));
    BOOST_TEST(has(shown_by({"status"}), "10 users"));
    for (auto const* user : {"user00000", "user00001"}) {
        auto const path = std::string{"/v1/profiles/"} + user;
        BOOST_TEST(shown_by({"profiles", user, "--json"}) == api->get(path).body + "\n");
        BOOST_TEST(shown_by({"explain", user, "--json"}) == api->get(path + "/explain").body + "\n");
    }
    for (auto const& [path, words] : std::vector<std::pair<std::string, std::vector<std::string>>>{
             {"/v1/brake", {"brake"}}, {"/v1/dead-letters", {"dead"}}}) {
        auto machines = words;
        machines.emplace_back("--json");
        BOOST_TEST(shown_by(machines) == api->get(path).body + "\n", path);
    }
    BOOST_TEST(has(shown_by({"replay", "--all", "--dry-run", "--json"}), numbers));
    BOOST_TEST(has(shown_by({"replay", "--user", "user00000", "--yes", "--wait"}), "done"));
    BOOST_TEST(has(shown_by({"dead", "retry", "--all", "--json"}), "1"));
}

BOOST_AUTO_TEST_SUITE_END()
