#include <boost/test/unit_test.hpp>

#include "support.hpp"

using namespace traitsync::config;
using namespace traitsync::config::test;

namespace {

std::vector<std::string> problems_with(std::string const& lines) {
    return problems_of(load_text("[traits.policy]\n" + lines));
}

std::map<std::string, policy> policies_of(std::string const& lines, std::map<std::string, std::string> more = {}) {
    auto const r = load_text("[traits.policy]\n" + lines, std::move(more));
    BOOST_REQUIRE(r.has_value());
    return r->values.traits.policies;
}

}  // namespace

BOOST_AUTO_TEST_SUITE(policies)

BOOST_AUTO_TEST_CASE(a_quoted_path_and_a_dotted_key_mean_the_same) {
    for (auto const* lines :
         {"\"metadata.plan.tier\" = \"never\"\n", "metadata.plan.tier = \"never\"\n",
          "metadata = { plan = { tier = \"never\" } }\n", "[traits.policy.metadata.plan]\ntier = \"never\"\n",
          "[traits.policy.metadata]\n\"plan.tier\" = \"never\"\n"}) {
        auto const all = policies_of(lines);
        BOOST_TEST(all.size() == 8U);
        BOOST_TEST((all.at("metadata.plan.tier") == policy::never));
    }
}

BOOST_AUTO_TEST_CASE(every_policy_is_read) {
    auto const all = policies_of(
        "name = \"send\"\ncampaign = \"ride\"\nclearbit = \"never\"\nusername = \"hash\"\n"
        "email = \"always\"\n\"context.ip\" = \"never\"\n\"context.location.city\" = \"send\"\n"
        "company.metadata.x = \"hash\"\n");
    BOOST_TEST((all.at("name") == policy::send));
    BOOST_TEST((all.at("campaign") == policy::ride));
    BOOST_TEST((all.at("clearbit") == policy::never));
    BOOST_TEST((all.at("username") == policy::hash));
    BOOST_TEST((all.at("email") == policy::always));
    BOOST_TEST((all.at("context.ip") == policy::never));
    BOOST_TEST((all.at("context.location.city") == policy::send));
    BOOST_TEST((all.at("company.metadata.x") == policy::hash));
    BOOST_TEST(all.size() == 15U);
}

BOOST_AUTO_TEST_CASE(a_default_ride_gives_way_to_the_operator) {
    auto const all = policies_of("lastSeenTime = \"send\"\n\"company.ipAddress\" = \"never\"\n");
    BOOST_TEST((all.at("lastSeenTime") == policy::send));
    BOOST_TEST((all.at("company.ipAddress") == policy::never));
    BOOST_TEST((all.at("company.lastSeenTime") == policy::ride));
    BOOST_TEST(all.size() == 7U);
}

BOOST_AUTO_TEST_CASE(a_hidden_company_is_not_brought_back_by_the_default_rides_of_its_members) {
    for (auto const* lines : {"company = \"never\"\n", "company = \"hash\"\n"}) {
        auto const all = policies_of(lines);
        BOOST_TEST(all.count("company.lastSeenTime") == 0U);
        BOOST_TEST(all.count("company.ipAddress") == 0U);
        BOOST_TEST(all.size() == 5U);
    }
    BOOST_TEST(policies_of("company = \"always\"\n").size() == 8U);
}

BOOST_AUTO_TEST_CASE(the_environment_overrides_single_paths) {
    auto const r = load_text("[traits.policy]\nemail = \"send\"\nname = \"never\"\n",
                             {{"TRAITSYNC_TRAITS_POLICY", " email=hash, metadata.plan = never ,"}});
    BOOST_REQUIRE(r.has_value());
    auto const& all = r->values.traits.policies;
    BOOST_TEST((all.at("email") == policy::hash));
    BOOST_TEST((all.at("name") == policy::never));
    BOOST_TEST((all.at("metadata.plan") == policy::never));
    BOOST_TEST(r->origins.at("traits.policy.email") == "environment");
    BOOST_TEST(r->origins.at("traits.policy.name").ends_with("t.toml:3"));
}

BOOST_AUTO_TEST_CASE(a_path_that_does_not_exist_is_told_with_the_nearest_one) {
    struct row {
        char const* lines;
        char const* problem;
    };
    for (auto const& [lines, text] : std::initializer_list<row>{
             {"Email = \"never\"\n", "t.toml:2:1: traits.policy: there is no trait Email; did you mean email?"},
             {"created_at = \"never\"\n",
              "t.toml:2:1: traits.policy: there is no trait created_at; did you mean createdAt?"},
             {"lastseentime = \"send\"\n",
              "t.toml:2:1: traits.policy: there is no trait lastseentime; did you mean lastSeenTime?"},
             {"phone = \"never\"\n", "t.toml:2:1: traits.policy: there is no trait phone"},
             {"\"email.domain\" = \"never\"\n", "t.toml:2:1: traits.policy: email is one value; nothing lies below it"},
             {"company.ipaddress = \"never\"\n",
              "t.toml:2:9: traits.policy: there is no company.ipaddress; did you mean company.ipAddress?"},
             {"\"context.location.lattitude\" = \"never\"\n",
              "t.toml:2:1: traits.policy: there is no context.location.lattitude; did you mean "
              "context.location.latitude?"},
             {"\"context.location.city.name\" = \"never\"\n",
              "t.toml:2:1: traits.policy: context.location.city is one value; nothing lies below it"},
             {"company.created.at = \"never\"\n",
              "t.toml:2:17: traits.policy: company.created is one value; nothing lies below it"},
             {"\"metadata..plan\" = \"never\"\n",
              "t.toml:2:1: traits.policy: \"metadata..plan\" is not a path: names with single dots between them"},
             {"\"\" = \"never\"\n",
              "t.toml:2:1: traits.policy: \"\" is not a path: names with single dots between them"},
             {"context = \"never\"\n",
              "t.toml:2:1: traits.policy: context takes policies for its members: context.ip, context.location, "
              "context.timezone, context.userAgent"},
             {"context.active = \"never\"\n", "t.toml:2:9: traits.policy: there is no context.active"},
             {"\"context.ip.v4\" = \"never\"\n",
              "t.toml:2:1: traits.policy: context.ip is one value; nothing lies below it"},
         }) {
        BOOST_TEST(problems_with(lines) == std::vector<std::string>{text}, boost::test_tools::per_element());
    }
}

BOOST_AUTO_TEST_CASE(a_policy_that_does_not_exist_or_does_not_fit_is_told) {
    struct row {
        char const* lines;
        char const* problem;
    };
    for (auto const& [lines, text] : std::initializer_list<row>{
             {"email = \"nevr\"\n",
              "t.toml:2:9: the policy of email must be send, ride, never, hash or always, not \"nevr\"; did you mean "
              "never?"},
             {"email = false\n",
              "t.toml:2:9: the policy of email must be send, ride, never, hash or always, not true or false"},
             {"metadata = {}\n",
              "t.toml:2:12: the policy of metadata must be send, ride, never, hash or always, not a table"},
             {"id = \"hash\"\n",
              "t.toml:2:6: traits.policy: id must be known: it is the userId that Segment files everything under"},
             {"id = \"never\"\n",
              "t.toml:2:6: traits.policy: id must be known: it is the userId that Segment files everything under"},
             {"company.id = \"never\"\n",
              "t.toml:2:14: traits.policy: company.id must be known: it links users to their company"},
             {"context.ip = \"hash\"\n",
              "t.toml:2:14: traits.policy: context.ip takes send or never: context never causes a message by itself"},
             {"context.location = \"ride\"\n",
              "t.toml:2:20: traits.policy: context.location takes send or never: context never causes a message by "
              "itself"},
             {"\"metadata.plan\" = \"never\"\nmetadata.plan = \"never\"\n",
              "t.toml:3:10: traits.policy: metadata.plan is set twice"},
         }) {
        BOOST_TEST(problems_with(lines) == std::vector<std::string>{text}, boost::test_tools::per_element());
    }
    BOOST_TEST(problems_of(load_text("", {{"TRAITSYNC_TRAITS_POLICY", "email,id=hash"}})) ==
                   (std::vector<std::string>{"TRAITSYNC_TRAITS_POLICY: \"email\" is not path=policy",
                                             "TRAITSYNC_TRAITS_POLICY: traits.policy: id must be known: it is the "
                                             "userId that Segment files everything under"}),
               boost::test_tools::per_element());
}

BOOST_AUTO_TEST_SUITE_END()
