// Generated documents, changed again and again, through the whole way from page to message: what the messages make of
// an empty Segment is the mapped state, and no message carries what Segment already had. The expected state comes from
// the mapper alone; what is compared is canonical, so that 1.0 in place of 1 is no difference.
#include <set>
#include <vector>

#include "../profile/made_values.hpp"
#include "storm/town.hpp"
#include "traitsync/profile/mapper.hpp"

namespace {

using namespace traitsync;
using profile::trait;
using profile::trait_count;
using profile::test::made;

constexpr std::array plain_fields{"name",      "email",    "user_name", "created",        "first_seen_time",
                                  "campaign",  "clearbit", "metadata",  "last_seen_time", "last_24_hour_agg_results",
                                  "user_agent"};

// Hashes of the canonical form by trait, whole and without riding members; 0: missing or null.
using picture = std::array<profile::text_hashes, trait_count>;

struct generated {
    test::temp_dir folder;
    config::trait_settings settings = test::town::settings();
    profile::test::maker make;
    std::unique_ptr<test::town> town;
    std::unique_ptr<profile::rules> rules;
    std::map<std::string, std::map<std::string, made>> documents;  // `_id` to fields
    std::map<std::string, std::string> company_of;
    std::map<std::string, picture> at_segment;
    std::set<std::string> ids;
    std::size_t read = 0, messages = 0, traits = 0;

    explicit generated(unsigned seed) : make{seed} {}
    void open() {
        rules = std::make_unique<profile::rules>(settings);
        town = std::make_unique<test::town>((folder / "store.db").string(), settings);
        BOOST_REQUIRE(town->open());
    }

    made field(std::string const& name) {
        if (make.below(8) == 0) return {};  // null
        if (name == "created" || name == "first_seen_time" || name == "last_seen_time") {
            return {
                made::what::text, fmt::format("\"2026-0{}-1{}T10:00:00.000\"", 1 + make.below(9), make.below(9)), {}};
        }
        if (name == "campaign" || name == "clearbit" || name == "metadata" || name == "last_24_hour_agg_results")
            return make.object(3);
        static constexpr std::array texts{R"("Ada")", R"("Çağrı İ")", R"("\ud83d\ude80 \"quoted\" \\")", R"("")",
                                          R"("ada@example.com")"};
        return {made::what::text, texts[static_cast<std::size_t>(make.below(texts.size()))], {}};
    }
    void change_user(std::string const& id) {
        auto& fields = documents[id];
        for (int n = 1 + make.below(3); n > 0; --n) {
            std::string const name = plain_fields[static_cast<std::size_t>(make.below(plain_fields.size()))];
            auto const known = fields.find(name);
            if (known == fields.end()) {
                fields[name] = field(name);
            } else if (make.below(4) == 0) {
                fields.erase(known);
            } else if (known->second.children.empty()) {
                known->second = field(name);
            } else {
                std::vector<made*> leaves;
                make.collect(known->second, leaves);
                make.change(*leaves[static_cast<std::size_t>(make.below(static_cast<int>(leaves.size())))]);
            }
        }
        if (make.below(5) == 0) company_of[id] = make.below(3) == 0 ? "" : fmt::format("c{}", make.below(4));
    }
    // The order of members and the spelling of numbers differ from one writing to the next.
    void write_user(std::string const& id) {
        std::string text = fmt::format(R"({{"user_id":"{}")", id);
        if (!company_of[id].empty()) text += fmt::format(R"(,"company_id":"{}")", company_of[id]);
        for (auto const& [name, value] : documents[id])
            text += fmt::format(R"(,"{}":{})", name, make.written(value, true));
        town->users[id] = text + "}";
    }
    void write_company(int i) {
        auto const domain = fmt::format("d{}.example", make.below(3));
        town->companies[fmt::format("c{}", i)] =
            fmt::format(R"({{"company_id":"c{}","company_domain":"{}","metadata":{}}})", i, domain,
                        make.written(make.object(2), true));
    }

    picture wanted(std::string const& id) {
        profile::mapper m{*rules};
        profile::mapped_user user;
        BOOST_REQUIRE((m.map_user(id, town->users.at(id), user).what == profile::verdict::mapped));
        picture p{};
        for (std::size_t i = 0; i < trait_count; ++i) {
            if (user.traits[i].state == profile::mapped_trait::form::value)
                p[i] = {user.traits[i].full, user.traits[i].trigger};
        }
        if (!user.company_id) return p;
        auto const known = town->companies.find(*user.company_id);
        profile::mapped_company company = profile::company_of_id(*user.company_id, *rules);
        if (known != town->companies.end())
            BOOST_REQUIRE((m.map_company(known->first, known->second, company).what == profile::verdict::mapped));
        p[index_of(trait::company)] = {company.full, company.trigger};
        return p;
    }

    // What arrived since the last look, put into the pictures.
    void arrive() {
        while (read < town->segment.arrivals.size()) {
            auto const& arrival = town->segment.arrivals[read++];
            if (!ids.insert(arrival.id).second) continue;  // sent again for want of an answer
            ++messages;
            json::document d;
            BOOST_REQUIRE((d.parse(arrival.body) == json::parse_fault::none));
            auto& known = at_segment[arrival.user];
            for (auto const& member : d.root().find("traits")->members()) {
                auto const t = profile::trait_named(member.key);
                BOOST_REQUIRE(t.has_value());
                std::string text;
                json::append(text, member.val);
                auto const now = text == "null" ? profile::text_hashes{} : profile::hashes_of(text, *t, *rules);
                BOOST_TEST(known[index_of(*t)].full != now.full, name_of(*t)
                                                                     << " was at Segment already: " << arrival.body);
                known[index_of(*t)] = now;
                ++traits;
            }
        }
    }
    void compare(int round) {
        for (auto const& [id, text] : town->users) {
            auto const expected = wanted(id);
            for (std::size_t i = 0; i < trait_count; ++i) {
                if (rules->riding().has(profile::trait_at(i))) continue;  // may lag behind
                BOOST_TEST(at_segment[id][i].trigger == expected[i].trigger,
                           "round " << round << ", " << name_of(profile::trait_at(i)) << " of " << id << ": " << text);
            }
        }
    }

    void live(int people, int rounds) {
        open();
        for (int i = 0; i < 3; ++i) write_company(i);
        for (int round = 0; round < rounds; ++round) {
            for (int i = 0; i < people; ++i) {
                auto const id = fmt::format("user-{:02}", i);
                if (round == 0 || make.below(3) == 0) change_user(id);
                write_user(id);
            }
            if (make.below(3) == 0) write_company(make.below(4));
            BOOST_REQUIRE(town->pull());
            // In part at times, so that messages wait, and changes meet messages that are under way.
            if (make.below(3) == 0) {
                BOOST_REQUIRE(town->send(3));
                continue;
            }
            BOOST_REQUIRE(town->settle());
            BOOST_REQUIRE(town->deliver());
            arrive();
            compare(round);
        }
        BOOST_REQUIRE(town->settle());
        BOOST_REQUIRE(town->deliver());
        arrive();
        compare(rounds);
        BOOST_TEST(town->segment.wrong.empty());
        BOOST_TEST(messages > static_cast<std::size_t>(people));
        BOOST_TEST(traits > messages);
    }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(generated_documents)

BOOST_AUTO_TEST_CASE(the_messages_make_an_empty_segment_the_mapped_state_and_carry_nothing_it_had) {
    for (unsigned seed = 1; seed <= 4; ++seed) {
        BOOST_TEST_CONTEXT("seed " << seed) { generated{seed}.live(12, 20); }
    }
}

BOOST_AUTO_TEST_CASE(so_they_do_with_riding_traits_and_members) {
    for (unsigned seed = 11; seed <= 13; ++seed) {
        BOOST_TEST_CONTEXT("seed " << seed) {
            generated g{seed};
            for (auto const& path : config::riding_by_default()) g.settings.policies[path] = config::policy::ride;
            g.settings.policies["metadata.k1"] = config::policy::ride;
            g.live(12, 20);
        }
    }
}

BOOST_AUTO_TEST_CASE(so_they_do_with_hidden_and_hashed_traits) {
    for (unsigned seed = 21; seed <= 23; ++seed) {
        BOOST_TEST_CONTEXT("seed " << seed) {
            generated g{seed};
            g.settings.policies["email"] = config::policy::hash;
            g.settings.policies["metadata.k2"] = config::policy::never;
            g.settings.policies["campaign"] = config::policy::never;
            g.settings.policies["clearbit.k0"] = config::policy::hash;
            g.live(12, 20);
        }
    }
}

BOOST_AUTO_TEST_SUITE_END()
